-- ---
-- title: {it: Attività sul territorio, en: Activities on the territory}
-- description: {it: "Quello che Fast e ITALIAE fanno sul territorio, contato: facilitatori, help desk, laboratori, micro task force, piattaforma; mai persone", en: "What Fast and ITALIAE do on the territory, counted: facilitators, help desk, labs, micro task forces, platform; never people"}
-- source:
--   publisher: Formez PA
--   licence: CC-BY-4.0
--   attribution: "Fonte: Formez PA"
--   cadence: irregular
--   files: ["data/inbox/attivita/*.{csv,xlsx}"]
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
--     id_attivita: {type: text, it: Codice della riga di attività, en: Code of the row of activity, required: true, headers: [Codice attività, N. attività, Identificativo attività]}
--     programma: {type: text, it: Programma, en: Programme, required: true, allowed: [avviso-piccoli-comuni, piccoli, fast-piccoli-comuni, italiae], headers: [Progetto, Linea, Codice programma]}
--     ambito: {type: text, it: "Ambito, se ne ha uno", en: "Area of work, if it has one", allowed: [smart-working, bilancio-contabilita-personale-tributi, acquisti-appalti, semplificazione-tempi-costi, gestione-associata-servizi, transizione-digitale, transizione-amministrativa, tecnologie-per-gli-atti], headers: [Ambito di intervento, Ambito attività]}
--     tipo: {type: text, it: Tipo di attività, en: Kind of activity, required: true, allowed: [facilitatori, help-desk, laboratorio, micro-task-force, knowledge-management, formazione], headers: [Tipo attività, Tipologia attività, Attività, Tipologia]}
--     canale: {type: text, it: Canale dell’help desk, en: Channel of the help desk, absent: true, allowed: [telefono, posta-elettronica, piattaforma, in-presenza, videochiamata], headers: [Canale di contatto, Canale help desk]}
--     tema: {type: text, it: Tema, en: Theme, absent: true, headers: [Argomento, Oggetto, Tema attività]}
--     codice_istat: {type: text, it: "Comune in cui si svolge, se è uno", en: "Municipality where it takes place, if it is one", format: codice_istat, pad: 6, in: comuni_codici.codice_istat, on: periodo_dal, headers: [Codice comune, Cod. comune, Cod. ISTAT, ISTAT, Codice ISTAT comune, Codice comune ISTAT, Codice ISTAT ente, PRO_COM_T]}
--     area: {type: text, it: "Area, unione o territorio, se non è un comune", en: "Area, union or territory, if it is not one municipality", absent: true, headers: [Territorio, Area interna, Unione, Area territoriale]}
--     periodo_dal: {type: date, it: Primo giorno del periodo contato, en: First day of the period counted, required: true, headers: [Dal, Data inizio, Inizio periodo, Periodo dal giorno]}
--     periodo_al: {type: date, it: Ultimo giorno del periodo contato, en: Last day of the period counted, required: true, headers: [Al, Data fine, Fine periodo, Periodo al giorno]}
--     quantita: {type: "decimal(14,2)", it: Quanto si è contato, en: How much was counted, required: true, headers: [Numero, Valore, Totale, N.]}
--     unita: {type: text, it: Che cosa si è contato, en: What was counted, required: true, allowed: [facilitatori, richieste, laboratori, task force, accessi, documenti, ore, giornate, comuni], headers: [Unità di misura, UM]}
--   rows: {min: 1, max: 10000000}
-- key: [id_attivita]
-- checks:
--   - rule: "periodo_al >= periodo_dal"
--     severity: row
--     reason: date_non_in_ordine
--     column: periodo_al
--     it: "L’ultimo giorno del periodo viene prima del primo giorno: controllare quale delle due date è sbagliata e correggerla"
--     en: "The last day of the period comes before the first day: see which of the two dates is wrong and correct it"
--   - rule: "quantita >= 0"
--     severity: row
--     reason: quantita_negativa
--     column: quantita
--     it: "La quantità è negativa: scrivere il numero senza il segno meno"
--     en: "The quantity is negative: write the number without the minus sign"
-- ---
with
final as (
    select *
    from raw.attivita
)

select * from final
