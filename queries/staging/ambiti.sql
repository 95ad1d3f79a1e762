-- ---
-- title: {it: Ambiti, en: Areas of work}
-- description: {it: "I cinque ambiti dell’Avviso e i tre di Fast, con la quota delle scelte dove è pubblicata", en: "The five areas of work of the call and the three of Fast, with the share of choices where published"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/ambiti.csv]
--   format: csv
--   columns:
--     ambito: {type: text, it: Ambito, en: Area of work, required: true}
--     programma: {type: text, it: Programma, en: Programme, required: true}
--     ordine: {type: integer, it: "Ordine di presentazione, non una chiave", en: "Order of presentation, not a key", required: true}
--     lettera: {type: text, it: "Lettera, solo per Fast", en: "Letter, for Fast only", allowed: [A, B, C]}
--     nome_it: {type: text, it: Nome in italiano, en: Name in Italian, required: true}
--     nome_en: {type: text, it: Nome in inglese, en: Name in English, required: true}
--     descrizione_it: {type: text, it: "Descrizione, in italiano", en: "Description, in Italian", required: true}
--     descrizione_en: {type: text, it: "Descrizione, in inglese", en: "Description, in English", required: true}
--     quota_scelte_pct: {type: "decimal(5,2)", it: Quota delle scelte, en: Share of choices, unit: pct, additive: false}
--     id_fonte_quota: {type: text, it: Fonte della quota, en: Source of the share}
--     id_fonte: {type: text, it: Fonte della riga, en: Source of the row, required: true}
--   rows: {min: 8, max: 20}
-- key: [ambito]
-- checks:
--   - (quota_scelte_pct is null) = (id_fonte_quota is null)
-- ---
with
final as (
    select *
    from raw.ambiti
)

select * from final
