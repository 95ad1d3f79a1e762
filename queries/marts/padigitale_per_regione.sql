-- ---
-- title: {it: PA digitale 2026 per regione e misura, en: PA digitale 2026 by region and measure}
-- description:
--   it: "Per ogni regione e misura le candidature finanziate e gli importi forfettari, di tutti gli enti e dei soli comuni riconosciuti."
--   en: "For each region and measure the funded applications and the lump sums, of all bodies and of the municipalities recognised alone."
-- grain: {it: una riga per regione e misura, en: one row per region and measure}
-- key: [codice_regione, codice_misura]
-- columns:
--   codice_regione: {type: text, it: Regione, en: Region, ref: regioni.codice_regione}
--   regione: {type: text, it: Nome della regione, en: Name of the region, required: true}
--   codice_misura: {type: text, it: Codice della misura, en: Code of the measure}
--   candidature: {type: bigint, it: Candidature di tutti gli enti, en: Applications of all bodies, additive: true, required: true}
--   importo_eur: {type: "decimal(18,2)", it: Importo di tutte, en: Amount of all, unit: EUR, additive: true, required: true}
--   candidature_comuni: {type: bigint, it: Di cui di comuni riconosciuti, en: Of which of municipalities recognised, additive: true, required: true}
--   importo_comuni_eur: {type: "decimal(18,2)", it: Importo dei comuni riconosciuti, en: Amount of the municipalities recognised, unit: EUR, additive: true, required: true}
--   importo_comuni_erogato_eur: {type: "decimal(18,2)", it: Di cui erogato, en: Of which paid, unit: EUR, additive: true, required: true}
--   alla_data: {type: date, it: Giorno del file più recente tra quelli di tutti gli enti, en: Day of the latest file among those of all bodies, required: true}
--   alla_data_comuni: {type: date, it: "Giorno del file più recente dei comuni riconosciuti: lo stato dei loro importi è quello di allora", en: "Day of the latest file of the municipalities recognised: the state of their amounts is the one of then"}
-- rows: {min: 0, max: 1000}
-- checks:
--   - importo_comuni_eur <= importo_eur
--   - importo_comuni_erogato_eur <= importo_comuni_eur
-- charts:
--   - {kind: map, area: codice_regione, value: importo_comuni_eur, where: "codice_misura = '1.4.5'", title: {it: "Importo ai comuni per le notifiche digitali (1.4.5)", en: "Amount to municipalities for digital notices (1.4.5)"}}
-- sources: [PADIGITALE-OPENDATA]
-- keywords: {it: [PA digitale 2026, regioni, PNRR], en: [PA digitale 2026, regions, PNRR]}
-- themes: [GOVE, REGI]
-- ---
with
final as (
    select
        candidature.codice_regione,
        regioni.denominazione as regione,
        candidature.codice_misura,
        count(*) as candidature,
        sum(candidature.importo_eur)::decimal(18, 2) as importo_eur,
        count(candidature.codice_istat) as candidature_comuni,
        coalesce(sum(candidature.importo_eur) filter (where candidature.codice_istat is not null), 0)::decimal(18, 2) as importo_comuni_eur,
        coalesce(sum(candidature.importo_eur) filter (where candidature.codice_istat is not null and candidature.stato = 'E'), 0)::decimal(18, 2) as importo_comuni_erogato_eur,
        max(candidature.alla_data) as alla_data,
        max(candidature.alla_data) filter (where candidature.codice_istat is not null) as alla_data_comuni
    from marts.padigitale_candidature as candidature
    inner join marts.regioni as regioni on regioni.codice_regione = candidature.codice_regione
    group by candidature.codice_regione, regioni.denominazione, candidature.codice_misura
)

select * from final
