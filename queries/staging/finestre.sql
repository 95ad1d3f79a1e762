-- ---
-- title: {it: Finestre degli avvisi, en: Windows of the calls}
-- description: {it: "I periodi in cui si poteva presentare domanda, come l’amministrazione li consegna", en: "The periods in which one could apply, as the administration delivers them"}
-- source:
--   publisher: Dipartimento della funzione pubblica
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento della funzione pubblica"
--   cadence: irregular
--   files: ["data/inbox/finestre/*.{csv,xlsx}"]
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
--     finestra: {type: text, it: Codice della finestra, en: Code of the window, required: true, headers: [Codice finestra, ID finestra, Finestra temporale, Sportello, Periodo di presentazione]}
--     avviso: {type: text, it: Codice o nome dell’avviso, en: Code or name of the call, required: true, headers: [Codice avviso, ID avviso, Nome avviso, Bando]}
--     programma: {type: text, it: Programma dell’avviso, en: Programme of the call, required: true, allowed: [avviso-piccoli-comuni, piccoli, fast-piccoli-comuni, italiae], headers: [Progetto, Linea, Codice programma]}
--     apertura: {type: date, it: Primo giorno per presentare domanda, en: First day to apply, required: true, headers: [Data apertura, Data di apertura, Dal, Inizio finestra, Data inizio]}
--     chiusura: {type: date, it: Ultimo giorno per presentare domanda, en: Last day to apply, required: true, headers: [Data chiusura, Data di chiusura, Al, Fine finestra, Data fine, Scadenza]}
--     atto: {type: text, it: "Atto che fissa o sposta la finestra, con il protocollo", en: "Act that sets or moves the window, with its registry number", absent: true, headers: [Provvedimento, Atto di riferimento, Protocollo]}
--   rows: {min: 1, max: 1000}
-- key: [finestra]
-- checks:
--   - rule: "chiusura >= apertura"
--     severity: row
--     reason: date_non_in_ordine
--     column: chiusura
--     it: "La chiusura della finestra viene prima dell’apertura: controllare quale delle due date è sbagliata e correggerla"
--     en: "The closing of the window comes before its opening: see which of the two dates is wrong and correct it"
-- ---
with
final as (
    select *
    from raw.finestre
)

select * from final
