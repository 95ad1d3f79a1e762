-- ---
-- title: {it: Passi dell’imbuto nazionale, en: Steps of the national funnel}
-- description: {it: "Quali indicatori sono passi del percorso dalla domanda al piano, in che ordine e con quale avvertenza", en: "Which indicators are steps on the way from application to plan, in which order and with which caution"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/imbuto_fasi.csv]
--   format: csv
--   columns:
--     indicatore: {type: text, it: Indicatore, en: Indicator, required: true}
--     ordine: {type: integer, it: Ordine del passo, en: Order of the step, required: true}
--     fase: {type: text, it: Passo, en: Step, required: true}
--     fase_it: {type: text, it: "Passo, in italiano", en: "Step, in Italian", required: true}
--     fase_en: {type: text, it: "Passo, in inglese", en: "Step, in English", required: true}
--     nota_it: {type: text, it: "Avvertenza, in italiano", en: "Caution, in Italian", required: true}
--     nota_en: {type: text, it: "Avvertenza, in inglese", en: "Caution, in English", required: true}
--   rows: {min: 20, max: 100}
-- key: [indicatore]
-- ---
with
final as (
    select *
    from raw.imbuto_fasi
)

select * from final
