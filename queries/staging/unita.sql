-- ---
-- title: {it: Unità di misura, en: Units of measure}
-- description: {it: "Le unità delle cifre pubblicate, come si scrivono in italiano e in inglese", en: "The units of the published figures, as written in Italian and in English"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/unita.csv]
--   format: csv
--   columns:
--     unita: {type: text, it: "Unità, in italiano", en: "Unit, in Italian", required: true}
--     unita_en: {type: text, it: "Unità, in inglese", en: "Unit, in English", required: true}
--   rows: {min: 37, max: 100}
-- key: [unita]
-- ---
with
final as (
    select *
    from raw.unita
)

select * from final
