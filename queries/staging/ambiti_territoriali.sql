-- ---
-- title: {it: Ambiti delle cifre pubblicate, en: Scopes of the published figures}
-- description: {it: "I territori e gli insiemi a cui si riferiscono le cifre pubblicate, come la fonte li scrive e in inglese; i nomi propri restano com’erano", en: "The territories and sets that the published figures refer to, as the source writes them and in English; proper names stay as they were"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-24
--   files: [data/seeds/ambiti_territoriali.csv]
--   format: csv
--   columns:
--     ambito_territoriale: {type: text, it: Ambito come la fonte lo scrive, en: Scope as the source writes it, required: true}
--     ambito_territoriale_en: {type: text, it: Ambito in inglese, en: Scope in English, required: true}
--   rows: {min: 31, max: 300}
-- key: [ambito_territoriale]
-- ---
with
final as (
    select *
    from raw.ambiti_territoriali
)

select * from final
