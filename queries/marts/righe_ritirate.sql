-- ---
-- title: {it: Righe ritirate, en: Rows withdrawn}
-- description:
--   it: "Le righe che una consegna intera non ha più e la precedente aveva, per chiave."
--   en: "The rows that a full delivery no longer has and its predecessor had, by key."
-- grain: {it: una riga per riga ritirata, en: one row per row withdrawn}
-- key: [tabella, file, chiave]
-- columns:
--   tabella: {type: text, it: Tabella, en: Table}
--   file: {type: text, it: Consegna che non ha più la riga, en: Delivery that no longer has the row}
--   chiave: {type: text, it: Chiave della riga, en: Key of the row}
--   ritirata_il: {type: date, it: Giorno della consegna, en: Day of the delivery, required: true}
-- rows: {min: 0, max: 100000000}
-- date: ritirata_il
-- keywords: {it: [consegne, righe ritirate], en: [deliveries, withdrawn rows]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        tabella,
        file,
        chiave,
        ritirata_il
    from piccoli.ritirate
)

select * from final
