-- ---
-- title: {it: Abbinamenti scelti a mano, en: Matches chosen by hand}
-- description: {it: "I pochi nomi che la regola non riconosce da sola, con il comune scelto e il motivo della scelta", en: "The few names that the rule alone does not recognise, with the municipality chosen and the reason"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/evidenze_abbinamenti.csv]
--   format: csv
--   columns:
--     id_fonte: {type: text, it: Fonte della riga, en: Source of the row, required: true}
--     nome_come_scritto: {type: text, it: Nome come scritto, en: Name as written, required: true}
--     codice_istat: {type: text, it: Comune scelto, en: Municipality chosen, required: true, format: codice_istat}
--     motivo_it: {type: text, it: "Motivo, in italiano", en: "Reason, in Italian", required: true}
--     motivo_en: {type: text, it: "Motivo, in inglese", en: "Reason, in English", required: true}
--   rows: {min: 0, max: 500}
-- key: [id_fonte, nome_come_scritto]
-- ---
with
final as (
    select *
    from raw.evidenze_abbinamenti
)

select * from final
