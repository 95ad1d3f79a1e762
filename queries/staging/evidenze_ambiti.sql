-- ---
-- title: {it: Ambiti nominati nelle evidenze, en: Areas of work named in the evidence}
-- description: {it: Gli ambiti dell’Avviso o di Fast a cui si riferiscono i temi scritti nelle evidenze, en: The areas of work of the call or of Fast that the themes written in the evidence refer to}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/evidenze_ambiti.csv]
--   format: csv
--   columns:
--     id_evidenza: {type: text, it: Evidenza, en: Evidence, required: true}
--     ambito: {type: text, it: Ambito, en: Area of work, required: true}
--     nome_come_scritto: {type: text, it: "Tema con le parole della fonte, a volte abbreviate", en: "Theme in the words of the source, sometimes shortened", required: true}
--   rows: {min: 109, max: 5000}
-- key: [id_evidenza, ambito]
-- ---
with
final as (
    select *
    from raw.evidenze_ambiti
)

select * from final
