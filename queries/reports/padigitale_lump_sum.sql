-- ---
-- title: {it: Importi forfettari di PA digitale 2026, en: Lump sums of PA digitale 2026}
-- description:
--   it: "Per ogni misura di PA digitale 2026 le candidature finanziate ai comuni della regione scelta, gli importi forfettari e quanto ne è stato erogato."
--   en: "For each measure of PA digitale 2026 the applications funded to the municipalities of the region chosen, the lump sums and how much of them was paid."
-- params:
--   regione:
--     type: text
--     optional: true
--     it: Regione; senza, tutte
--     en: Region; without it, all
--     values: select codice_regione, denominazione, slug from marts.regioni order by codice_regione
-- key: [codice_misura]
-- columns:
--   codice_misura: {type: text, it: Codice, en: Code}
--   misura: {type: text, it: Misura, en: Measure}
--   candidature: {type: bigint, unit: candidature, additive: true, it: Candidature di comuni, en: Applications of municipalities}
--   importo_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Importo, en: Amount}
--   importo_erogato_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Erogato, en: Paid}
--   quota_erogata_pct: {type: "decimal(5,1)", unit: pct, additive: false, it: Erogato sull’importo, en: Paid of the amount}
--   alla_data: {type: date, it: File più recente, en: Latest file}
-- charts:
--   - {kind: bar, title: {it: Importo per misura, en: Amount by measure}, category: codice_misura, value: importo_eur}
-- ---
with
somme as (
    select
        codice_misura,
        sum(candidature_comuni)::bigint as candidature,
        sum(importo_comuni_eur)::decimal(18, 2) as importo_eur,
        sum(importo_comuni_erogato_eur)::decimal(18, 2) as importo_erogato_eur,
        max(alla_data_comuni) as alla_data
    from marts.padigitale_per_regione
    where $regione is null or codice_regione = $regione
    group by codice_misura
),

nomi as (
    select
        codice_misura,
        min(regexp_replace(misura, '^[0-9.]+ ', '')) as misura -- its name begins with the code
    from marts.padigitale_avvisi
    group by codice_misura
),

final as (
    select
        somme.codice_misura,
        nomi.misura,
        somme.candidature,
        somme.importo_eur,
        somme.importo_erogato_eur,
        -- In cents, so that no share passes through a float.
        case
            when somme.importo_eur > 0
                then ((((somme.importo_erogato_eur * 100)::hugeint * 1000 + (somme.importo_eur * 100)::hugeint // 2) // (somme.importo_eur * 100)::hugeint) * 0.1)::decimal(5, 1)
        end as quota_erogata_pct,
        somme.alla_data
    from somme
    left join nomi on nomi.codice_misura = somme.codice_misura
    where somme.candidature > 0
)

select * from final
order by codice_misura
