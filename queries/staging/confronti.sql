-- ---
-- title: {it: Gruppi di cifre che parlano della stessa cosa, en: Groups of figures that speak of the same thing}
-- description: {it: "I gruppi di cifre pubblicate da mettere a confronto e perché differiscono, nelle due lingue", en: "The groups of published figures to be compared and why they differ, in both languages"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/confronti.csv]
--   format: csv
--   columns:
--     confronto: {type: text, it: Sigla del confronto, en: Id of the comparison, required: true}
--     titolo_it: {type: text, it: Titolo in italiano, en: Title in Italian, required: true}
--     titolo_en: {type: text, it: Titolo in inglese, en: Title in English, required: true}
--     motivo_it: {type: text, it: "Perché le cifre differiscono, in italiano", en: "Why the figures differ, in Italian", required: true}
--     motivo_en: {type: text, it: "Perché le cifre differiscono, in inglese", en: "Why the figures differ, in English", required: true}
--   rows: {min: 31, max: 100}
-- key: [confronto]
-- ---
with
final as (
    select *
    from raw.confronti
)

select * from final
