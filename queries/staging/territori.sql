-- ---
-- title: {it: Territori come le fonti li scrivono, en: Territories as the sources write them}
-- description: {it: A quale regione e provincia corrisponde ogni indicazione di territorio scritta nelle evidenze, en: Which region and province each indication of territory written in the evidence corresponds to}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/territori.csv]
--   format: csv
--   columns:
--     territorio_come_scritto: {type: text, it: Territorio come scritto, en: Territory as written, required: true}
--     codice_regione: {type: text, it: "Codice ISTAT della regione, due cifre", en: "ISTAT code of the region, two digits", required: true}
--     codice_provincia: {type: text, it: "Codice della provincia, se la indica", en: "Code of the province, where it states one"}
--   rows: {min: 35, max: 500}
-- key: [territorio_come_scritto]
-- ---
with
final as (
    select *
    from raw.territori
)

select * from final
