-- ---
-- title: {it: Cronologia dei programmi, en: Chronology of the programmes}
-- description: {it: "I fatti dei programmi in ordine di data, ognuno con la fonte, scritti di nuovo in italiano e in inglese", en: "The facts of the programmes by date, each with its source, written anew in Italian and English"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/cronologia.csv]
--   format: csv
--   columns:
--     id_fatto: {type: text, it: "Sigla del fatto, in ordine di data", en: "Id of the fact, by date", required: true}
--     data: {type: date, it: Data del fatto (primo giorno del periodo), en: Date of the fact (first day of the period), required: true}
--     precisione_data: {type: text, it: Precisione di data, en: Precision of data, allowed: [giorno, mese, anno]}
--     programma: {type: text, it: Programma, en: Programme, required: true}
--     fatto_it: {type: text, it: "Il fatto, in italiano", en: "The fact, in Italian", required: true}
--     fatto_en: {type: text, it: "Il fatto, in inglese", en: "The fact, in English", required: true}
--     data_della_notizia: {type: boolean, it: Vero se la data è quella della notizia e non del fatto, en: True if the date is that of the news and not of the fact, required: true}
--     id_fonte: {type: text, it: Fonte della riga, en: Source of the row, required: true}
--   rows: {min: 55, max: 300}
-- key: [id_fatto]
-- ---
with
final as (
    select *
    from raw.cronologia
)

select * from final
