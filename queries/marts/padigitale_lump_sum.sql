-- ---
-- title: {it: Importi forfettari di PA digitale 2026 per classe di popolazione, en: Lump sums of PA digitale 2026 by population class}
-- description:
--   it: "Per ogni avviso e classe di popolazione l’importo che ricorre di più tra i comuni finanziati, quante candidature lo hanno e tra quali importi stanno tutte. Gli importi degli avvisi 1.1, 1.2, 1.3.1, 1.4.1, 1.4.3 e 1.4.4 dipendono anche dai servizi scelti: lì l’importo più frequente dice poco. Le classi sono quelle degli intervalli usati qui, con la popolazione legale del censimento 2011, non quelle di un atto."
--   en: "For each call and population class the amount that recurs most among the funded municipalities, how many applications have it and between which amounts all of them lie. The amounts of calls 1.1, 1.2, 1.3.1, 1.4.1, 1.4.3 and 1.4.4 also depend on the services chosen: there the most frequent amount says little. The classes are the ranges used here, with the legal population of the 2011 census, not those of an act."
-- grain: {it: una riga per avviso e classe, en: one row per call and class}
-- key: [codice_misura, avviso, classe_da]
-- columns:
--   codice_misura: {type: text, it: Codice della misura, en: Code of the measure}
--   avviso: {type: text, it: Avviso, en: Call}
--   classe_da: {type: integer, it: "Popolazione legale 2011, dal valore", en: "Legal population 2011, from", unit: abitanti, additive: false}
--   classe_a: {type: integer, it: "Popolazione legale 2011, fino al valore; vuoto: senza limite", en: "Legal population 2011, up to; empty: no limit", unit: abitanti, additive: false}
--   candidature: {type: bigint, it: Candidature di comuni riconosciuti, en: Applications of municipalities recognised, additive: true, required: true}
--   importo_piu_frequente_eur: {type: "decimal(18,2)", it: Importo che ricorre di più, en: Amount that recurs most, unit: EUR, additive: false, required: true}
--   candidature_con_importo: {type: bigint, it: Candidature con quell’importo, en: Applications with that amount, additive: true, required: true}
--   quota_pct: {type: "decimal(5,1)", it: Quota delle candidature con quell’importo, en: Share of the applications with that amount, unit: pct, additive: false, required: true}
--   importo_minimo_eur: {type: "decimal(18,2)", it: Importo più basso, en: Lowest amount, unit: EUR, additive: false, required: true}
--   importo_massimo_eur: {type: "decimal(18,2)", it: Importo più alto, en: Highest amount, unit: EUR, additive: false, required: true}
-- rows: {min: 0, max: 2000}
-- checks:
--   - candidature_con_importo <= candidature
-- sources: [PADIGITALE-OPENDATA]
-- keywords: {it: [PA digitale 2026, importi forfettari, PNRR], en: [PA digitale 2026, lump sums, PNRR]}
-- themes: [GOVE, ECON]
-- ---
with
classi as (
    select *
    from (values (0, 2500), (2501, 5000), (5001, 20000), (20001, 50000), (50001, 100000), (100001, 250000), (250001, null)) as c (classe_da, classe_a)
),

candidature as (
    select
        candidature.codice_misura,
        candidature.avviso,
        candidature.importo_eur,
        classi.classe_da,
        classi.classe_a
    from marts.padigitale_candidature as candidature
    inner join marts.comuni as comuni on comuni.codice_istat = candidature.codice_istat
    inner join classi on comuni.popolazione_legale_2011 between classi.classe_da and coalesce(classi.classe_a, 2147483647)
),

importi as (
    select
        codice_misura,
        avviso,
        classe_da,
        importo_eur,
        count(*) as quante
    from candidature
    group by codice_misura, avviso, classe_da, importo_eur
),

frequenti as (
    select *
    from importi
    qualify row_number() over (partition by codice_misura, avviso, classe_da order by quante desc, importo_eur) = 1
),

totali as (
    select
        codice_misura,
        avviso,
        classe_da,
        any_value(classe_a) as classe_a,
        count(*) as candidature,
        min(importo_eur) as minimo,
        max(importo_eur) as massimo
    from candidature
    group by codice_misura, avviso, classe_da
),

final as (
    select
        totali.codice_misura,
        totali.avviso,
        totali.classe_da,
        totali.classe_a,
        totali.candidature,
        frequenti.importo_eur as importo_piu_frequente_eur,
        frequenti.quante as candidature_con_importo,
        ((frequenti.quante * 1000 + totali.candidature // 2) // totali.candidature / 10)::decimal(5, 1) as quota_pct,
        totali.minimo as importo_minimo_eur,
        totali.massimo as importo_massimo_eur
    from totali
    inner join frequenti
        on
            frequenti.codice_misura = totali.codice_misura
            and frequenti.avviso = totali.avviso
            and frequenti.classe_da = totali.classe_da
)

select * from final
