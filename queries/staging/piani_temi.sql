-- ---
-- title: {it: Temi dei piani di intervento noti, en: Themes of the intervention plans known}
-- description: {it: "I temi dei piani di cui una fonte descrive il contenuto: per ora il solo Casale Cremasco-Vidolasco", en: "The themes of the plans whose content a source describes: for now Casale Cremasco-Vidolasco alone"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/piani_temi.csv]
--   format: csv
--   columns:
--     codice_istat: {type: text, it: "Codice ISTAT del comune, sei cifre", en: "ISTAT code of the municipality, six digits", required: true, format: codice_istat}
--     ordine: {type: integer, it: Ordine del tema, en: Order of the theme, required: true}
--     tema_it: {type: text, it: "Tema, in italiano", en: "Theme, in Italian", required: true}
--     tema_en: {type: text, it: "Tema, in inglese", en: "Theme, in English", required: true}
--     id_fonte: {type: text, it: Fonte della riga, en: Source of the row, required: true}
--   rows: {min: 8, max: 500}
-- key: [codice_istat, ordine]
-- ---
with
final as (
    select *
    from raw.piani_temi
)

select * from final
