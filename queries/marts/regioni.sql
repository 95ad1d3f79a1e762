-- ---
-- title: {it: Regioni e piccoli comuni, en: Regions and small municipalities}
-- description:
--   it: Le venti regioni con il numero dei comuni, dei piccoli comuni (fino a 5.000 residenti compresi) e la popolazione legale del censimento 2011, sui confini del 1° gennaio 2020.
--   en: The twenty regions with the number of municipalities, of small municipalities (up to 5,000 residents inclusive) and the legal population of the 2011 census, on the boundaries of 1 January 2020.
-- grain: {it: una riga per regione, en: one row per region}
-- key: [codice_regione]
-- columns:
--   codice_regione: {type: text, it: "Codice ISTAT della regione, due cifre", en: "ISTAT code of the region, two digits"}
--   denominazione: {type: text, it: "Nome della regione, con l’altra lingua dove è ufficiale", en: "Name of the region, with the other language where official", required: true}
--   slug: {type: text, it: Nome della regione negli indirizzi web, en: Name of the region in web addresses, required: true}
--   codice_nuts2: {type: text, it: "Codice NUTS 2; il Trentino-Alto Adige ne ha due, uno per provincia autonoma", en: "NUTS 2 code; Trentino-Alto Adige has two, one per autonomous province", required: true}
--   area_mappa: {type: text, it: Nome dell’area nella carta delle regioni del sito, en: Name of the area in the site’s map of the regions, required: true}
--   comuni: {type: integer, it: Comuni della regione al 1° gennaio 2020, en: Municipalities of the region on 1 January 2020, unit: comuni, additive: true, required: true}
--   piccoli_comuni: {type: integer, it: Comuni con non più di 5.000 residenti, en: "Municipalities of no more than 5,000 residents", unit: comuni, additive: true, required: true}
--   popolazione_legale_2011: {type: bigint, it: Residenti legali al censimento 2011, en: Legal residents at the 2011 census, unit: abitanti, additive: true, required: true}
--   popolazione_piccoli_comuni_2011: {type: bigint, it: "Residenti legali nei piccoli comuni, censimento 2011", en: "Legal residents in small municipalities, 2011 census", unit: abitanti, additive: true, required: true}
-- rows: {min: 20, max: 20}                     # the regions of Italy
-- checks:
--   - rule: piccoli_comuni between 1 and comuni
--     it: Una regione ha più piccoli comuni che comuni, o nessuno
--     en: A region has more small municipalities than municipalities, or none
--   - rule: popolazione_piccoli_comuni_2011 <= piccoli_comuni * 5000
--     it: I residenti dei piccoli comuni superano la soglia di 5.000 a comune
--     en: The residents of small municipalities exceed the ceiling of 5,000 each
-- charts:
--   - {kind: map, title: {it: Piccoli comuni per regione, en: Small municipalities by region}, area: codice_regione, value: piccoli_comuni}
--   - {kind: bar, title: {it: Residenti nei piccoli comuni per regione, en: Residents of small municipalities by region}, category: denominazione, value: popolazione_piccoli_comuni_2011, sort: value}
-- keywords: {it: [piccoli comuni, regioni, popolazione], en: [small municipalities, regions, population]}
-- themes: [GOVE, REGI]
-- sources: [ISTAT-COMUNI-2020]
-- ---
with
comuni as (
    select *
    from staging.comuni
),

conteggi as (
    select
        codice_regione,
        count(*)::integer as comuni,
        count(*) filter (where piccolo_comune)::integer as piccoli_comuni,
        sum(popolazione_legale_2011)::bigint as popolazione_legale_2011,
        sum(popolazione_legale_2011) filter (where piccolo_comune)::bigint as popolazione_piccoli_comuni_2011
    from comuni
    group by codice_regione
),

final as (
    select
        regioni.codice_regione,
        regioni.denominazione,
        regioni.slug,
        regioni.codice_nuts2,
        regioni.area_mappa,
        conteggi.comuni,
        conteggi.piccoli_comuni,
        conteggi.popolazione_legale_2011,
        conteggi.popolazione_piccoli_comuni_2011
    from staging.regioni as regioni
    left join conteggi on conteggi.codice_regione = regioni.codice_regione
)

select * from final
