-- ---
-- title: {it: Consegne, en: Deliveries}
-- description:
--   it: "I file consegnati dagli uffici o scaricati dalle fonti, quando, quali valgono, che cosa ciascuno ha di nuovo e che cosa non ha più. Una consegna intera prende il posto della precedente, una parziale la corregge riga per riga."
--   en: "The files delivered by the offices or fetched from the sources, when, which of them count, what each has that is new and what it no longer has. A full delivery takes the place of its predecessor, a partial one mends it row by row."
-- grain: {it: una riga per file consegnato, en: one row per file delivered}
-- key: [tabella, file, file_sha256]
-- columns:
--   tabella: {type: text, it: Tabella, en: Table}
--   file: {type: text, it: File, en: File}
--   file_sha256: {type: text, it: Impronta SHA-256 del file, en: SHA-256 hash of the file}
--   lotto: {type: text, it: "Nome comune ai file che si susseguono, senza data", en: "Name that files following each other share, without the date", required: true}
--   tipo: {type: text, it: "intera, parziale o rifiutata", en: "intera (full), parziale (partial) or rifiutata (refused)", required: true}
--   ricevuta_il: {type: date, it: Giorno in cui è arrivata, en: Day on which it came, required: true}
--   mittente: {type: text, it: Ufficio che l’ha consegnata, en: Office that delivered it}
--   righe: {type: bigint, it: Righe lette; vuoto se non conta, en: Rows read; empty if it does not count, unit: righe, additive: false}
--   superata: {type: boolean, it: Vero se una successiva ne ha preso il posto, en: True if a later one has taken its place, required: true}
--   righe_nuove: {type: bigint, it: Righe che la precedente non aveva, en: Rows that its predecessor did not have, unit: righe, additive: false}
--   righe_ritirate: {type: bigint, it: Righe della precedente che non ha più, en: Rows of its predecessor that it no longer has, unit: righe, additive: false}
-- rows: {min: 0, max: 1000000}
-- date: ricevuta_il
-- keywords: {it: [consegne, file ricevuti, provenienza], en: [deliveries, files received, provenance]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        tabella,
        file,
        file_sha256,
        lotto,
        tipo,
        ricevuta_il,
        mittente,
        righe,
        superata,
        righe_nuove,
        righe_ritirate
    from piccoli.consegne
)

select * from final
