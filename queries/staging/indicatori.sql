-- ---
-- title: {it: Nomi degli indicatori, en: Names of the indicators}
-- description: {it: Il nome in italiano e in inglese di ogni indicatore delle cifre pubblicate, en: The Italian and English name of each indicator of the published figures}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/indicatori.csv]
--   format: csv
--   columns:
--     indicatore: {type: text, it: Indicatore, en: Indicator, required: true}
--     indicatore_it: {type: text, it: Nome in italiano, en: Name in Italian, required: true}
--     indicatore_en: {type: text, it: Nome in inglese, en: Name in English, required: true}
--   rows: {min: 98, max: 300}
-- key: [indicatore]
-- ---
with
final as (
    select *
    from raw.indicatori
)

select * from final
