-- ---
-- title: {it: Laboratori, en: Labs}
-- description: {it: "I laboratori per l’innovazione digitale: un evento, un giorno, un luogo, un’area o unione", en: "The labs for digital innovation: an event, a day, a place, an area or union"}
-- source:
--   publisher: Formez PA
--   licence: CC-BY-4.0
--   attribution: "Fonte: Formez PA"
--   cadence: irregular
--   files: ["data/inbox/laboratori/*.{csv,xlsx}"]
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
--     id_laboratorio: {type: text, it: Codice del laboratorio, en: Code of the lab, required: true, headers: [Codice laboratorio, N. laboratorio, Identificativo laboratorio]}
--     programma: {type: text, it: Programma, en: Programme, required: true, allowed: [avviso-piccoli-comuni, piccoli, fast-piccoli-comuni, italiae], headers: [Progetto, Linea, Codice programma]}
--     titolo: {type: text, it: Titolo del laboratorio, en: Title of the lab, required: true, headers: [Laboratorio, Nome laboratorio, Titolo laboratorio, Evento]}
--     data_laboratorio: {type: date, it: Giorno in cui si tiene, en: Day on which it takes place, required: true, headers: [Data, Data evento, Giorno, Data di svolgimento]}
--     luogo: {type: text, it: Luogo, en: Place, headers: [Sede, Località, Luogo di svolgimento]}
--     area: {type: text, it: "Area interna, unione o territorio a cui si rivolge", en: "Inner area, union or territory it is for", required: true, headers: [Territorio, Area interna, Unione, Area o unione, Area territoriale]}
--     modalita: {type: text, it: "Se si tiene in presenza, a distanza o in forma mista", en: "Whether in person, at a distance or both", absent: true, allowed: [presenza, distanza, mista], headers: [Modalità di svolgimento]}
--     partecipanti: {type: integer, it: Quanti hanno partecipato, en: How many took part, unit: partecipanti, absent: true, headers: [N. partecipanti, Numero partecipanti, Presenti]}
--   rows: {min: 1, max: 100000}
-- key: [id_laboratorio]
-- checks:
--   - rule: "partecipanti >= 0"
--     severity: row
--     reason: quantita_negativa
--     column: partecipanti
--     it: "I partecipanti sono negativi: scrivere il numero senza il segno meno"
--     en: "The participants are negative: write the number without the minus sign"
-- ---
with
final as (
    select *
    from raw.laboratori
)

select * from final
