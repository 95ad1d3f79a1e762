-- ---
-- title: {it: Fabbisogni digitali, en: Digital needs}
-- description: {it: "I bisogni rilevati, di una domanda o di un laboratorio, con area e priorità", en: "The needs recorded, of an application or of a lab, with area and priority"}
-- source:
--   publisher: Formez PA
--   licence: CC-BY-4.0
--   attribution: "Fonte: Formez PA"
--   cadence: irregular
--   files: ["data/inbox/fabbisogni/*.{csv,xlsx}"]
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
--     id_fabbisogno: {type: text, it: Codice del fabbisogno, en: Code of the need, required: true, headers: [Codice fabbisogno, N. fabbisogno, Identificativo fabbisogno]}
--     id_domanda: {type: text, it: Codice della domanda, en: Code of the application, required: false, parent: domande.id_domanda, headers: [Codice domanda, N. domanda, Numero domanda, ID istanza, Codice istanza, Identificativo domanda]}
--     id_laboratorio: {type: text, it: Laboratorio in cui è rilevato, en: Lab in which it was recorded, parent: laboratori.id_laboratorio, headers: [Codice laboratorio, N. laboratorio, Identificativo laboratorio]}
--     codice_istat: {type: text, it: "Comune che lo esprime, se è uno", en: "Municipality that states it, if it is one", absent: true, format: codice_istat, pad: 6, in: comuni_codici.codice_istat, headers: [Codice comune, Cod. comune, Cod. ISTAT, ISTAT, Codice ISTAT comune, Codice comune ISTAT, Codice ISTAT ente, PRO_COM_T]}
--     fabbisogno: {type: text, it: "Il bisogno, in breve", en: "The need, in short", required: true, headers: [Descrizione, Descrizione fabbisogno, Bisogno, Esigenza]}
--     area: {type: text, it: Area tematica del bisogno, en: Theme area of the need, required: true, headers: [Area tematica, Area di bisogno, Tema, Categoria]}
--     priorita: {type: text, it: Quanto è urgente, en: How urgent it is, required: true, allowed: [alta, media, bassa], headers: [Livello di priorità, Urgenza, Grado di priorità]}
--   rows: {min: 1, max: 1000000}
-- key: [id_fabbisogno]
-- checks:
--   - rule: "(id_domanda is null) <> (id_laboratorio is null)"
--     severity: row
--     reason: origine_non_unica
--     column: id_domanda
--     it: "Un fabbisogno viene da una domanda o da un laboratorio, non da tutti e due né da nessuno: riempire una sola delle due colonne"
--     en: "A need comes from an application or from a lab, not from both nor from neither: fill in just one of the two columns"
-- ---
with
final as (
    select *
    from raw.fabbisogni
)

select * from final
