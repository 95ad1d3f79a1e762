-- ---
-- title: {it: Ambiti delle evidenze, en: Areas of work of the evidence}
-- description:
--   it: Gli ambiti chiesti o seguiti secondo le evidenze, dove la fonte ne nomina il tema. I temi scritti liberamente, per esempio i tributi o le gare, sono ricondotti a uno degli ambiti dell’Avviso o di Fast; quelli di ITALIAE, che non ha ambiti, restano solo nelle evidenze.
--   en: The areas of work asked for or followed according to the evidence, where the source names the theme. Themes in free words, for instance local taxes or tenders, are traced to one of the areas of the call or of Fast; those of ITALIAE, which has no areas, stay in the evidence alone.
-- grain: {it: una riga per evidenza e ambito, en: one row per evidence and area of work}
-- key: [id_evidenza, ambito]
-- columns:
--   id_evidenza: {type: text, it: Evidenza, en: Evidence, ref: evidenze.id_evidenza}
--   ambito: {type: text, it: Ambito, en: Area of work, ref: ambiti.ambito}
--   nome_come_scritto: {type: text, it: "Tema con le parole della fonte, a volte abbreviate", en: "Theme in the words of the source, sometimes shortened", required: true}
-- rows: {min: 109, max: 5000}
-- keywords: {it: [ambiti, evidenze], en: [areas of work, evidence]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        id_evidenza,
        ambito,
        nome_come_scritto
    from staging.evidenze_ambiti
)

select * from final
