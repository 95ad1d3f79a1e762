-- ---
-- title: {it: Comuni dei laboratori, en: Municipalities of the labs}
-- description: {it: "I comuni di ogni laboratorio, solo dove una fonte li nomina", en: "The municipalities of each lab, only where a source names them"}
-- source:
--   publisher: Formez PA
--   licence: CC-BY-4.0
--   attribution: "Fonte: Formez PA"
--   cadence: irregular
--   files: ["data/inbox/laboratori_comuni/*.{csv,xlsx}"]
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
--     id_laboratorio: {type: text, it: Codice del laboratorio, en: Code of the lab, required: true, parent: laboratori.id_laboratorio, headers: [Codice laboratorio, N. laboratorio, Identificativo laboratorio]}
--     codice_istat: {type: text, it: "Codice ISTAT del comune, sei cifre", en: "ISTAT code of the municipality, six digits", required: true, format: codice_istat, pad: 6, in: comuni_codici.codice_istat, headers: [Codice comune, Cod. comune, Cod. ISTAT, ISTAT, Codice ISTAT comune, Codice comune ISTAT, Codice ISTAT ente, PRO_COM_T]}
--     riferimento: {type: text, it: Elenco o atto che nomina il comune, en: List or act that names the municipality, absent: true, headers: [Fonte, Atto, Elenco]}
--   rows: {min: 1, max: 1000000}
-- key: [id_laboratorio, codice_istat]
-- ---
with
final as (
    select *
    from raw.laboratori_comuni
)

select * from final
