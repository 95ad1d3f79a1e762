-- ---
-- title: {it: Righe in quarantena, en: Rows in quarantine}
-- description:
--   it: "Ogni cosa che non va nelle righe consegnate: in quale file, riga e colonna, perché e che cosa fare, da quando. I valori non si pubblicano: li ha solo chi lavora ai dati. Una riga con più errori compare più volte, con lo stesso importo."
--   en: "Each thing wrong in the rows delivered: in which file, row and column, why and what to do, since when. The values are not published: only those who work on the data have them. A row with several errors appears several times, with the same amount."
-- grain: {it: una riga per errore, en: one row per error}
-- key: [id_quarantena]
-- columns:
--   id_quarantena: {type: text, it: "Tabella, file, riga, colonna e motivo", en: "Table, file, row, column and reason"}
--   tabella: {type: text, it: Tabella consegnata, en: Table delivered, required: true}
--   file: {type: text, it: File, en: File, required: true}
--   file_sha256: {type: text, it: Impronta SHA-256 del file, en: SHA-256 hash of the file, required: true}
--   riga: {type: bigint, it: "Riga del file, o del foglio", en: "Line of the file, or row of the sheet", additive: false}
--   foglio: {type: text, it: Foglio, en: Sheet}
--   colonna: {type: text, it: "Colonna; vuota se è la riga intera", en: "Column; empty if it is the whole row"}
--   motivo: {type: text, it: Sigla del motivo, en: Short name of the reason, required: true}
--   messaggio_it: {type: text, it: Che cosa non va e che cosa fare, en: "What is wrong and what to do, in Italian", required: true}
--   messaggio_en: {type: text, it: "Che cosa non va e che cosa fare, in inglese", en: What is wrong and what to do, required: true}
--   importo_eur: {type: "decimal(18,2)", it: "Importo della riga, se si legge", en: "Amount of the row, where it can be read", unit: EUR, additive: false}
--   in_quarantena_dal: {type: date, it: Consegna da cui è in quarantena senza interruzione, en: Delivery since which it has been in quarantine without a break, required: true}
--   consegne: {type: bigint, it: In quante consegne di seguito, en: In how many deliveries in a row, additive: false, required: true}
-- rows: {min: 0, max: 100000000}
-- date: in_quarantena_dal
-- keywords: {it: [qualità dei dati, quarantena], en: [data quality, quarantine]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        id_quarantena,
        tabella,
        file,
        file_sha256,
        riga,
        foglio,
        colonna,
        motivo,
        messaggio_it,
        messaggio_en,
        importo_eur,
        in_quarantena_dal,
        consegne
    from piccoli.quarantena
)

select * from final
