-- ---
-- title: {it: Cronologia, en: Chronology}
-- description:
--   it: I fatti dei programmi in ordine di data, dall’Avviso del 20 maggio 2020 all’evento conclusivo del 2026, ognuno con la fonte che lo dice. È una scelta di fatti noti, non un elenco completo. Dove si conosce solo la data della notizia, la riga lo dichiara.
--   en: The facts of the programmes by date, from the call of 20 May 2020 to the closing event of 2026, each with the source that states it. It is a choice of known facts, not a full list. Where the only date known is that of the news, the row says so.
-- grain: {it: una riga per fatto, en: one row per fact}
-- key: [id_fatto]
-- columns:
--   id_fatto: {type: text, it: "Sigla del fatto, in ordine di data", en: "Id of the fact, by date"}
--   data: {type: date, it: Data del fatto (primo giorno del periodo), en: Date of the fact (first day of the period), required: true}
--   precisione_data: {type: text, it: "Quanto è precisa la data: giorno, mese o anno", en: "How precise the date is: day, month or year (giorno, mese, anno)", required: true}
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma, required: true}
--   fatto_it: {type: text, it: "Che cosa è accaduto, in italiano", en: "What happened, in Italian", required: true}
--   fatto_en: {type: text, it: "Che cosa è accaduto, in inglese", en: "What happened, in English", required: true}
--   data_della_notizia: {type: boolean, it: Vero se la data è quella della notizia e non del fatto, en: True if the date is that of the news and not of the fact, required: true}
--   id_fonte: {type: text, it: Fonte del fatto, en: Source of the fact, ref: fonti.id_fonte, required: true}
-- rows: {min: 55, max: 500}
-- checks:
--   - rule: "programma not in ('avviso-piccoli-comuni', 'piccoli', 'fast-piccoli-comuni') or data >= date '2020-05-20'"
--     it: Un fatto dell’Avviso o di una sua parte precede il 20 maggio 2020
--     en: A fact of the call or of one of its parts comes before 20 May 2020
-- keywords: {it: [cronologia, provvedimenti], en: [chronology, acts]}
-- themes: [GOVE]
-- date: data
-- ---
with
final as (
    select
        id_fatto,
        data,
        precisione_data,
        programma,
        fatto_it,
        fatto_en,
        data_della_notizia,
        id_fonte
    from staging.cronologia
)

select * from final
