-- ---
-- title: {it: Finestre note dalle fonti pubbliche, en: Windows known from public sources}
-- description: {it: "I periodi per presentare domanda che una fonte pubblica dice, gli stessi della cronologia", en: "The periods to apply that a public source states, the same as in the chronology"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-24
--   files: [data/seeds/finestre_pubblicate.csv]
--   format: csv
--   columns:
--     programma: {type: text, it: Programma, en: Programme, required: true}
--     finestra: {type: integer, it: Numero d’ordine della finestra, en: Order of the window, required: true}
--     apertura: {type: date, it: Primo giorno per presentare domanda, en: First day to apply, required: true}
--     chiusura: {type: date, it: Ultimo giorno per presentare domanda, en: Last day to apply, required: true}
--     id_fatto: {type: text, it: Fatto della cronologia che la dice, en: Fact of the chronology that states it, required: true}
--     id_fonte: {type: text, it: Fonte della riga, en: Source of the row, required: true}
--   rows: {min: 5, max: 100}
-- key: [programma, finestra]
-- checks:
--   - rule: "chiusura >= apertura"
--     it: Una finestra si chiude prima di aprirsi
--     en: A window closes before it opens
-- ---
with
final as (
    select *
    from raw.finestre_pubblicate
)

select * from final
