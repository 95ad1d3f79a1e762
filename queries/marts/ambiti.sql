-- ---
-- title: {it: Ambiti, en: Areas of work}
-- description:
--   it: I cinque ambiti dell’Avviso, tra cui i comuni potevano scegliere, e i tre ambiti A, B e C di Fast Piccoli Comuni. Le fonti elencano i cinque in ordini diversi, perciò il numero d’ordine non è una chiave. Le quote delle scelte esistono solo per l’Avviso, a ottobre 2021.
--   en: The five areas of work of the call, among which municipalities could choose, and the three areas A, B and C of Fast Piccoli Comuni. Sources list the five in different orders, so the order number is not a key. Shares of choices exist for the call only, as of October 2021.
-- grain: {it: una riga per ambito, en: one row per area of work}
-- key: [ambito]
-- columns:
--   ambito: {type: text, it: Ambito, en: Area of work}
--   programma: {type: text, it: Programma che lo prevede, en: Programme that provides for it, ref: programmi.programma, required: true}
--   ordine: {type: integer, it: Ordine di presentazione, en: Order of presentation, required: true}
--   lettera: {type: text, it: "Lettera, solo per Fast", en: "Letter, for Fast only"}
--   nome_it: {type: text, it: Nome in italiano, en: Name in Italian, required: true}
--   nome_en: {type: text, it: Nome in inglese, en: Name in English, required: true}
--   descrizione_it: {type: text, it: "Di che cosa si occupa, in italiano", en: "What it is about, in Italian", required: true}
--   descrizione_en: {type: text, it: "Di che cosa si occupa, in inglese", en: "What it is about, in English", required: true}
--   quota_scelte_pct: {type: "decimal(5,2)", it: "Quota delle scelte dei comuni, pubblicata nell’ottobre 2021", en: "Share of the choices of municipalities, published in October 2021", unit: pct, additive: false}
--   id_fonte_quota: {type: text, it: Fonte della quota, en: Source of the share, ref: fonti.id_fonte}
--   id_fonte: {type: text, it: Fonte dell’ambito, en: Source of the area of work, ref: fonti.id_fonte, required: true}
-- rows: {min: 8, max: 20}
-- checks:
--   - rule: quota_scelte_pct between 0 and 100
--     it: Una quota è fuori da 0-100
--     en: A share is outside 0-100
-- charts:
--   - {kind: bar, title: {it: "Che cosa hanno chiesto i comuni: quota delle scelte per ambito", en: "What municipalities asked for: share of choices by area of work"}, category: nome_it, value: quota_scelte_pct, where: quota_scelte_pct is not null, sort: value}
-- keywords: {it: [ambiti, smart working, appalti], en: [areas of work, smart working, public contracts]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        ambito,
        programma,
        ordine,
        lettera,
        nome_it,
        nome_en,
        descrizione_it,
        descrizione_en,
        quota_scelte_pct,
        id_fonte_quota,
        id_fonte
    from staging.ambiti
)

select * from final
