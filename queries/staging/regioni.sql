-- ---
-- title: {it: Regioni italiane, en: Italian regions}
-- description: {it: "Le venti regioni con il codice ISTAT, il nome per gli indirizzi del sito e l’area della carta", en: "The twenty regions with their ISTAT code, the name for the site’s addresses and the area of the map"}
-- source:
--   publisher: ISTAT
--   url: https://www.istat.it/it/archivio/6789
--   licence: CC-BY-3.0-IT
--   attribution: "Fonte: ISTAT, codici delle regioni"
--   cadence: never
--   received: 2026-11-22
--   files: [data/seeds/regioni.csv]
--   format: csv
--   columns:
--     codice_regione: {type: text, it: "Codice ISTAT della regione, due cifre", en: "ISTAT code of the region, two digits", required: true}
--     denominazione: {type: text, it: Nome della regione, en: Name of the region, required: true}
--     slug: {type: text, it: Nome per gli indirizzi web, en: Name for web addresses, required: true}
--     codice_nuts2: {type: text, it: Codice NUTS 2, en: NUTS 2 code, required: true}
--     area_mappa: {type: text, it: "Area nella carta @svg-maps/italy", en: "Area in the map @svg-maps/italy", required: true}
--   rows: {min: 20, max: 20}
-- key: [codice_regione]
-- ---
with
final as (
    select *
    from raw.regioni
)

select * from final
