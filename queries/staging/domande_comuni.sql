-- ---
-- title: {it: Comuni delle domande, en: Municipalities in the applications}
-- description: {it: "Quali comuni stanno in ogni domanda, capofila compreso, come l’amministrazione li consegna", en: "Which municipalities are in each application, the leading one included, as the administration delivers them"}
-- source:
--   publisher: Dipartimento della funzione pubblica
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento della funzione pubblica"
--   cadence: irregular
--   files: ["data/inbox/domande_comuni/*.{csv,xlsx}"]
--   optional: true
--   format: [csv, xlsx]
--   packed: [gzip, zip]
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
--     id_domanda: {type: text, it: Codice della domanda, en: Code of the application, required: true, parent: domande.id_domanda, headers: [Codice domanda, N. domanda, Numero domanda, ID istanza, Codice istanza, Identificativo domanda]}
--     codice_istat: {type: text, it: "Codice ISTAT del comune, valido il giorno della domanda, sei cifre", en: "ISTAT code of the municipality, valid on the day of the application, six digits", required: true, format: codice_istat, pad: 6, in: comuni_codici.codice_istat, headers: [Codice comune, Cod. comune, Cod. ISTAT, ISTAT, Codice ISTAT comune, Codice comune ISTAT, Codice ISTAT ente, PRO_COM_T]}
--     ruolo: {type: text, it: Se è il capofila o uno dei partecipanti, en: Whether it leads or takes part, absent: true, allowed: [capofila, partecipante], headers: [Ruolo comune, Ruolo nella domanda, Tipo partecipazione]}
--     denominazione: {type: text, it: Nome del comune, en: Name of the municipality, absent: true, headers: [Comune, Nome comune, Denominazione comune, Denominazione ente, Ente]}
--     popolazione: {type: integer, it: Residenti considerati per la soglia di 5.000, en: "Residents considered for the ceiling of 5,000", absent: true, headers: [Abitanti, Residenti, Popolazione residente, N. abitanti, Numero abitanti]}
--     data_popolazione: {type: date, it: Giorno a cui si riferiscono i residenti, en: Day that the residents refer to, absent: true, headers: [Data riferimento popolazione, Popolazione al, Data popolazione residente]}
--     nato_da_fusione: {type: boolean, it: Sì se il comune è nato dalla fusione di comuni fino a 5.000 residenti ciascuno, en: "Yes if the municipality was born of a merger of municipalities of up to 5,000 residents each", absent: true, headers: [Fusione, Comune nato da fusione, Da fusione]}
--   rows: {min: 1, max: 10000000}
-- key: [id_domanda, codice_istat]
-- checks:
--   - rule: "popolazione > 0"
--     severity: row
--     reason: popolazione_non_valida
--     column: popolazione
--     it: "La popolazione è zero o negativa: scrivere i residenti del comune, o lasciare vuota la cella"
--     en: "The population is zero or negative: write the residents of the municipality, or leave the cell empty"
-- ---
with
final as (
    select *
    from raw.domande_comuni
)

select * from final
