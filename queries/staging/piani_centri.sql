-- ---
-- title: {it: Centri di competenza dei Piani, en: Competence centres of the plans}
-- description: {it: Quale centro di competenza affianca ogni Piano e con quale importo, en: Which competence centre supports each plan and with which amount}
-- source:
--   publisher: Dipartimento della funzione pubblica
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento della funzione pubblica"
--   cadence: irregular
--   files: ["data/inbox/piani_centri/*.{csv,xlsx}"]
--   optional: true
--   format: [csv, xlsx]
--   packed: [gzip, zip]
--   amount: importo_eur
--   dialect:
--     delimiter: [";", ",", "\t", "|"]
--     encoding: [utf-8, windows-1252, utf-16]
--     decimal: [",", "."]
--     date: [iso, italian, compact, serial]
--     "null": ["", "N/D", "n/d", "ND", "nd", "N.D.", "n.d.", "null", "NULL", "-"]
--     header_within: 20
--     unwrap: true
--     quotes: doubled
--   columns:
--     id_piano: {type: text, it: Codice del Piano di intervento, en: Code of the intervention plan, required: true, parent: piani.id_piano, headers: [Codice piano, N. piano, Numero piano, Identificativo piano, ID piano di intervento]}
--     centro_competenza: {type: text, it: Ente che affianca il comune, en: Body that supports the municipality, required: true, headers: [Centro, Nome centro, Centro di competenza nazionale, Denominazione centro, Soggetto attuatore]}
--     codice_fiscale_centro: {type: text, it: "Codice fiscale del centro, undici cifre", en: "Tax code of the centre, eleven digits", absent: true, format: codice_fiscale_ente, pad: 11, headers: [Codice fiscale, CF centro, C.F., Codice fiscale ente]}
--     importo_eur: {type: "decimal(18,2)", it: Parte dell’importo del Piano che il centro realizza, en: Part of the plan’s amount that the centre carries out, unit: EUR, required: true, headers: [Importo, Importo (euro), Quota, Importo centro, Importo assegnato]}
--   rows: {min: 1, max: 5000000}
-- key: [id_piano, centro_competenza]
-- checks:
--   - rule: "importo_eur >= 0"
--     severity: row
--     reason: importo_negativo
--     column: importo_eur
--     it: "L’importo è negativo: scrivere il valore senza il segno meno; una somma da togliere va in un’altra riga, rettificata"
--     en: "The amount is negative: write the value without the minus sign; money to be taken back belongs in another row, as a correction (rettificata)"
-- ---
with
final as (
    select *
    from raw.piani_centri
)

select * from final
