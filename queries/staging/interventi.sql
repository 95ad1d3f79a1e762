-- ---
-- title: {it: Interventi dei Piani, en: Interventions of the plans}
-- description: {it: "Gli interventi previsti da ogni Piano, con ambito, contenitore, tema e calendario", en: "The interventions foreseen by each plan, with area of work, container, theme and calendar"}
-- source:
--   publisher: Dipartimento della funzione pubblica
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento della funzione pubblica"
--   cadence: irregular
--   files: ["data/inbox/interventi/*.{csv,xlsx}"]
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
--     id_intervento: {type: text, it: Codice dell’intervento, en: Code of the intervention, required: true, headers: [Codice intervento, N. intervento, Numero intervento, Identificativo intervento]}
--     id_piano: {type: text, it: Codice del Piano di intervento, en: Code of the intervention plan, required: true, parent: piani.id_piano, headers: [Codice piano, N. piano, Numero piano, Identificativo piano, ID piano di intervento]}
--     ambito: {type: text, it: Ambito dell’intervento, en: Area of work of the intervention, required: true, allowed: [smart-working, bilancio-contabilita-personale-tributi, acquisti-appalti, semplificazione-tempi-costi, gestione-associata-servizi, transizione-digitale, transizione-amministrativa, tecnologie-per-gli-atti], headers: [Ambito di intervento, Ambito intervento]}
--     contenitore: {type: text, it: "Contenitore: competenze, strumenti organizzativi o consulenza", en: "Container: skills, organisational tools or advice", required: true, allowed: [competenze, strumenti-organizzativi, consulenza-specialistica], headers: [Tipo intervento, Tipologia intervento, Contenitore intervento, Tipologia]}
--     tema: {type: text, it: Tema dell’intervento, en: Theme of the intervention, headers: [Titolo, Oggetto, Descrizione, Tema intervento, Titolo intervento]}
--     data_inizio_prevista: {type: date, it: Inizio previsto dal calendario del Piano, en: Start foreseen by the plan’s calendar, headers: [Inizio previsto, Data prevista inizio, Data inizio pianificata]}
--     data_fine_prevista: {type: date, it: Fine prevista dal calendario del Piano, en: End foreseen by the plan’s calendar, headers: [Fine prevista, Data prevista fine, Data fine pianificata]}
--     data_inizio: {type: date, it: Giorno in cui è cominciato, en: Day on which it began, absent: true, headers: [Inizio effettivo, Data inizio effettiva, Data avvio]}
--     data_fine: {type: date, it: Giorno in cui si è concluso; vuoto se è in corso, en: Day on which it ended; empty while under way, headers: [Fine effettiva, Data fine effettiva, Data conclusione]}
--     stato: {type: text, it: Stato dell’intervento, en: State of the intervention, required: true, allowed: [previsto, in_corso, concluso, annullato], headers: [Stato intervento, Stato avanzamento, Stato di attuazione]}
--     giornate: {type: "decimal(9,2)", it: Giornate di lavoro previste, en: Days of work foreseen, unit: giornate, absent: true, headers: [N. giornate, Numero giornate, Giornate uomo, Giornate previste, gg]}
--   rows: {min: 1, max: 10000000}
-- key: [id_intervento]
-- checks:
--   - rule: "data_fine_prevista >= data_inizio_prevista"
--     severity: row
--     reason: date_non_in_ordine
--     column: data_fine_prevista
--     it: "La fine prevista viene prima dell’inizio previsto: controllare quale delle due date è sbagliata e correggerla"
--     en: "The end foreseen comes before the start foreseen: see which of the two dates is wrong and correct it"
--   - rule: "data_fine >= data_inizio"
--     severity: row
--     reason: date_non_in_ordine
--     column: data_fine
--     it: "La fine viene prima dell’inizio: controllare quale delle due date è sbagliata e correggerla"
--     en: "The end comes before the start: see which of the two dates is wrong and correct it"
--   - rule: "giornate >= 0"
--     severity: row
--     reason: quantita_negativa
--     column: giornate
--     it: "Le giornate sono negative: scrivere il numero senza il segno meno"
--     en: "The days are negative: write the number without the minus sign"
--   - rule: "stato <> 'concluso' or data_fine is not null"
--     severity: row
--     reason: concluso_senza_data
--     column: data_fine
--     it: "L’intervento è concluso ma manca il giorno: scriverlo in data_fine, o cambiare lo stato"
--     en: "The intervention has ended but the day is missing: write it in data_fine, or change the state"
-- ---
with
final as (
    select *
    from raw.interventi
)

select * from final
