-- ---
-- title: {it: Atti di concessione, en: Acts of grant}
-- description: {it: "Gli atti che concedono un vantaggio economico, uno per riga e beneficiario (d.lgs. 33/2013, artt. 26 e 27)", en: "The acts that grant an economic advantage, one per row and beneficiary (legislative decree 33/2013, arts. 26 and 27)"}
-- source:
--   publisher: Dipartimento della funzione pubblica
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento della funzione pubblica"
--   cadence: irregular
--   files: ["data/inbox/atti_concessione/*.{csv,xlsx}"]
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
--     id_concessione: {type: text, it: "Codice della concessione: un atto e un beneficiario", en: "Code of the grant: one act and one beneficiary", required: true, headers: [Codice concessione, N. concessione, Identificativo concessione]}
--     amministrazione_codice_ipa: {type: text, it: Codice IPA dell’amministrazione che concede, en: IPA code of the administration that grants, format: codice_ipa, headers: [Codice IPA, IPA, Cod. IPA]}
--     beneficiario_nome: {type: text, it: Nome dell’ente beneficiario, en: Name of the body that benefits, headers: [Beneficiario, Nome beneficiario, Denominazione beneficiario]}
--     beneficiario_codice_fiscale: {type: text, it: "Codice fiscale dell’ente, undici cifre", en: "Tax code of the body, eleven digits", format: codice_fiscale_ente, pad: 11, headers: [Codice fiscale, Dati fiscali, C.F., Codice fiscale beneficiario]}
--     importo_eur: {type: "decimal(18,2)", it: Importo del vantaggio economico, en: Amount of the economic advantage, unit: EUR, headers: [Importo, Importo (euro), Importo concesso]}
--     norma_titolo: {type: text, it: Norma o titolo a base dell’attribuzione, en: Rule or title on which it is granted, headers: [Norma, Titolo, Norma o titolo]}
--     ufficio_responsabile: {type: text, it: Ufficio responsabile del procedimento, en: Office responsible for the procedure, headers: [Ufficio]}
--     ruolo_responsabile: {type: text, it: "Ruolo del funzionario o dirigente responsabile, senza il nome", en: "Role of the official or manager responsible, without the name", headers: [Ruolo, Responsabile del procedimento, Funzionario o dirigente]}
--     nome_responsabile: {type: text, it: Nome del responsabile, en: Name of the person responsible, absent: true, personale: true, headers: [Nominativo, Nome del responsabile, Nominativo responsabile]}
--     modalita_individuazione: {type: text, it: Come è stato individuato il beneficiario, en: How the beneficiary was chosen, headers: [Modalità, Modalità di individuazione]}
--     link_progetto: {type: text, it: Indirizzo del progetto, en: Address of the project, format: url, headers: [Progetto, Link al progetto]}
--     link_atto: {type: text, it: Indirizzo dell’atto, en: Address of the act, format: url, headers: [Atto, Link all’atto]}
--     data_atto: {type: date, it: Data dell’atto, en: Date of the act, headers: [Data, Data del decreto]}
--     data_pubblicazione: {type: date, it: Data di pubblicazione dell’atto, en: Date on which the act was published, headers: [Pubblicato il, Data pubblicazione atto]}
--     cup: {type: text, it: "Codice unico di progetto, quindici caratteri", en: "Unique project code, fifteen characters", absent: true, format: cup, headers: [Codice CUP, Codice unico progetto, Codice unico di progetto]}
--   rows: {min: 1, max: 1000000}
-- key: [id_concessione]
-- checks:
--   - rule: "importo_eur > 0"
--     severity: row
--     reason: importo_negativo
--     column: importo_eur
--     it: "L’importo è zero o negativo: scrivere quanto l’atto concede, o lasciare vuota la cella se non è noto"
--     en: "The amount is zero or negative: write what the act grants, or leave the cell empty if it is not known"
--   - rule: "data_pubblicazione >= data_atto"
--     severity: row
--     reason: date_non_in_ordine
--     column: data_pubblicazione
--     it: "L’atto è pubblicato prima di esistere: controllare quale delle due date è sbagliata e correggerla"
--     en: "The act is published before it exists: see which of the two dates is wrong and correct it"
--   - rule: "regexp_matches(lower(ruolo_responsabile), '^(dirigent|direttor|direttric|funzionari|responsabil|capo|coordinator|coordinatric|segretari)')"
--     severity: row
--     reason: ruolo_non_riconosciuto
--     column: ruolo_responsabile
--     it: "Qui va il ruolo, mai il nome: dirigente, direttore, funzionario, responsabile, capo, coordinatore o segretario, poi di che cosa. Il nome, se serve all’ufficio, sta nella colonna nome_responsabile, che non è caricata"
--     en: "The role belongs here, never the name: dirigente, direttore, funzionario, responsabile, capo, coordinatore or segretario, then of what. The name, if the office needs it, stands in the column nome_responsabile, which is not loaded"
-- ---
with
final as (
    select *
    from raw.atti_concessione
)

select * from final
