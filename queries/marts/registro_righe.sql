-- ---
-- title: {it: Registro delle righe, en: Ledger of rows}
-- description:
--   it: "Per ogni file letto le righe e gli euro letti, caricati e in quarantena: la somma torna sempre, nessuna riga si perde. Un importo che non si legge conta come riga senza importo."
--   en: "For each file read the rows and euro read, loaded and in quarantine: the sum always holds, no row is lost. An amount that can’t be read counts as a row without an amount."
-- grain: {it: una riga per file e tabella, en: one row per file and table}
-- key: [tabella, file]
-- columns:
--   tabella: {type: text, it: Tabella, en: Table}
--   file: {type: text, it: File, en: File}
--   file_sha256: {type: text, it: Impronta SHA-256 del file, en: SHA-256 hash of the file, required: true}
--   righe_lette: {type: bigint, it: Righe lette, en: Rows read, unit: righe, additive: true, required: true}
--   righe_caricate: {type: bigint, it: Righe caricate, en: Rows loaded, unit: righe, additive: true, required: true}
--   righe_quarantena: {type: bigint, it: Righe in quarantena, en: Rows in quarantine, unit: righe, additive: true, required: true}
--   righe_padre_in_quarantena: {type: bigint, it: "Di cui giuste, ma la riga a cui appartengono è in quarantena", en: "Of which right, but the row that they belong to is in quarantine", unit: righe, additive: true, required: true}
--   righe_sostituite: {type: bigint, it: "Di quelle caricate, sostituite da una consegna parziale successiva", en: "Of those loaded, replaced by a later partial delivery", unit: righe, additive: true, required: true}
--   righe_riparate: {type: bigint, it: "Righe con un valore riscritto come il contratto dice (zeri iniziali, maiuscole)", en: "Rows with a value rewritten as the contract says (leading zeros, capitals)", unit: righe, additive: true, required: true}
--   righe_senza_importo: {type: bigint, it: Righe il cui importo manca o non si legge, en: Rows whose amount is missing or can’t be read, unit: righe, additive: true, required: true}
--   euro_letti_eur: {type: "decimal(18,2)", it: Euro letti; vuoto se la tabella non ha importi, en: Euro read; empty if the table has no amounts, unit: EUR, additive: false}
--   euro_caricati_eur: {type: "decimal(18,2)", it: Euro caricati, en: Euro loaded, unit: EUR, additive: false}
--   euro_quarantena_eur: {type: "decimal(18,2)", it: Euro in quarantena, en: Euro in quarantine, unit: EUR, additive: false}
-- rows: {min: 1, max: 1000000}
-- checks:
--   - rule: righe_lette = righe_caricate + righe_quarantena
--     it: Una riga letta non è né caricata né in quarantena
--     en: A row read is neither loaded nor in quarantine
--   - rule: euro_letti_eur = euro_caricati_eur + euro_quarantena_eur
--     it: Gli euro letti non sono quelli caricati più quelli in quarantena
--     en: The euro read are not those loaded plus those in quarantine
-- keywords: {it: [qualità dei dati, bilancio delle righe], en: [data quality, balance of the rows]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        tabella,
        file,
        file_sha256,
        righe_lette,
        righe_caricate,
        righe_quarantena,
        righe_padre_in_quarantena,
        righe_sostituite,
        righe_riparate,
        righe_senza_importo,
        euro_letti_eur,
        euro_caricati_eur,
        euro_quarantena_eur
    from piccoli.registro_righe
)

select * from final
