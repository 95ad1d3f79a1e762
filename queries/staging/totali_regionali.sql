-- ---
-- title: {it: Totali pubblicati per regione, en: Totals published by region}
-- description: {it: Quale cifra pubblicata vale come totale di una regione in un programma e quale la precede, en: Which published figure counts as the total of a region in a programme and which one comes before it}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/totali_regionali.csv]
--   format: csv
--   columns:
--     codice_regione: {type: text, it: "Codice ISTAT della regione, due cifre", en: "ISTAT code of the region, two digits", required: true}
--     programma: {type: text, it: Programma, en: Programme, required: true}
--     id_cifra: {type: text, it: Cifra che vale come totale, en: Figure that counts as the total, required: true}
--     id_cifra_precedente: {type: text, it: Cifra precedente, en: Earlier figure}
--   rows: {min: 4, max: 100}
-- key: [codice_regione, programma]
-- ---
with
final as (
    select *
    from raw.totali_regionali
)

select * from final
