-- ---
-- title: {it: Istruttorie, en: Decisions on applications}
-- description: {it: "Le decisioni sulle domande, una per riga; una domanda può averne più di una, in date diverse", en: "The decisions on applications, one per row; an application can have more than one, on different dates"}
-- source:
--   publisher: Dipartimento della funzione pubblica
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento della funzione pubblica"
--   cadence: irregular
--   files: ["data/inbox/istruttorie/*.{csv,xlsx}"]
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
--     data_esito: {type: date, it: "Giorno della decisione; per una domanda in istruttoria, il giorno della presa in carico", en: "Day of the decision; for an application under review, the day it was taken up", required: true, headers: [Data decisione, Data istruttoria, Data provvedimento, Data dell’esito, Data comunicazione esito, Data ammissione]}
--     esito: {type: text, it: Come si è decisa la domanda, en: How the application was decided, required: true, allowed: [ammessa, respinta, in_istruttoria], headers: [Esito istruttoria, Stato domanda, Stato istruttoria, Decisione, Stato]}
--     protocollo: {type: text, it: Protocollo della decisione, en: Registry number of the decision, absent: true, headers: [Prot., N. protocollo, Numero protocollo, Protocollo esito, Decreto]}
--     motivazione: {type: text, it: Perché la domanda è respinta, en: Why the application was rejected, absent: true, headers: [Motivo, Motivo esclusione, Motivazione esito, Causa di esclusione]}
--   rows: {min: 1, max: 1000000}
-- key: [id_domanda, data_esito]
-- ---
with
final as (
    select *
    from raw.istruttorie
)

select * from final
