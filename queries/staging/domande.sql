-- ---
-- title: {it: Domande, en: Applications}
-- description: {it: "Le manifestazioni di interesse presentate dai comuni, una per riga, come l’amministrazione le consegna", en: "The applications made by municipalities, one per row, as the administration delivers them"}
-- source:
--   publisher: Dipartimento della funzione pubblica
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento della funzione pubblica"
--   cadence: irregular
--   files: ["data/inbox/domande/*.{csv,xlsx}"]
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
--     id_domanda: {type: text, it: Codice della domanda, en: Code of the application, required: true, headers: [Codice domanda, N. domanda, Numero domanda, ID istanza, Codice istanza, Identificativo domanda]}
--     programma: {type: text, it: Programma a cui si chiede di partecipare, en: Programme applied to, required: true, allowed: [avviso-piccoli-comuni, piccoli, fast-piccoli-comuni, italiae], headers: [Progetto, Linea, Codice programma]}
--     finestra: {type: text, it: Finestra in cui la domanda è presentata, en: Window in which the application was made, absent: true, parent: finestre.finestra, headers: [Codice finestra, ID finestra, Finestra temporale, Sportello, Periodo di presentazione]}
--     data_presentazione: {type: date, it: Giorno in cui la domanda è presentata, en: Day on which the application was made, required: true, headers: [Data domanda, Data di presentazione, Data presentazione domanda, Data invio, Presentata il, Data istanza]}
--     protocollo: {type: text, it: Numero di protocollo della domanda, en: Registry number of the application, absent: true, headers: [Prot., N. protocollo, Numero protocollo, Protocollo domanda]}
--     forma: {type: text, it: "Se il comune si presenta da solo, con altri o come unione", en: "Whether the municipality applies alone, with others or as a union", required: true, allowed: [singola, aggregata, unione], headers: [Forma di partecipazione, Tipo domanda, Tipologia domanda, Modalità di partecipazione, Tipologia]}
--     codice_istat: {type: text, it: "Codice ISTAT del comune che presenta la domanda, o del capofila, sei cifre", en: "ISTAT code of the municipality that applies, or of the leading one, six digits", required: true, format: codice_istat, pad: 6, in: comuni_codici.codice_istat, on: data_presentazione, headers: [Codice comune, Cod. comune, Cod. ISTAT, ISTAT, Codice ISTAT comune, Codice comune ISTAT, Codice ISTAT ente, Codice ISTAT capofila, Codice comune capofila, Codice ISTAT comune capofila, Codice ISTAT del comune capofila, PRO_COM_T]}
--     codice_catastale: {type: text, it: Codice catastale dello stesso comune, en: Cadastral code of the same municipality, absent: true, format: codice_catastale, in: comuni_codici.codice_catastale, headers: [Cod. catastale, Belfiore, Codice Belfiore]}
--     codice_ipa: {type: text, it: Codice IPA dell’ente, en: IPA code of the body, absent: true, format: codice_ipa, headers: [IPA, Cod. IPA, Codice amministrazione IPA]}
--     codice_fiscale_ente: {type: text, it: "Codice fiscale dell’ente, undici cifre", en: "Tax code of the body, eleven digits", absent: true, format: codice_fiscale_ente, pad: 11, headers: [Codice fiscale, CF ente, C.F., Codice fiscale comune]}
--     denominazione: {type: text, it: Nome dell’ente, en: Name of the body, absent: true, headers: [Comune, Nome comune, Denominazione comune, Denominazione ente, Ente, Comune capofila, Ente capofila, Ente rappresentante]}
--     popolazione: {type: integer, it: Residenti considerati per la soglia di 5.000, en: "Residents considered for the ceiling of 5,000", additive: false, absent: true, headers: [Abitanti, Residenti, Popolazione residente, N. abitanti, Numero abitanti]}
--     nato_da_fusione: {type: boolean, it: Sì se il comune è nato dalla fusione di comuni fino a 5.000 residenti ciascuno, en: "Yes if the municipality was born of a merger of municipalities of up to 5,000 residents each", absent: true, headers: [Fusione, Comune nato da fusione, Da fusione]}
--     ambiti: {type: text, it: "Ambiti scelti, separati da |", en: "Areas of work chosen, separated by |", required: true, list: "|", allowed: [smart-working, bilancio-contabilita-personale-tributi, acquisti-appalti, semplificazione-tempi-costi, gestione-associata-servizi, transizione-digitale, transizione-amministrativa, tecnologie-per-gli-atti], headers: [Ambito, Ambiti di intervento, Ambito di intervento, Ambiti scelti, Ambiti richiesti]}
--   rows: {min: 1, max: 1000000}
-- key: [id_domanda]
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
    from raw.domande
)

select * from final
