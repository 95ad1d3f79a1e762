-- ---
-- title: {it: Tipo di evidenza, en: Kinds of evidence}
-- description: {it: I nomi delle sei tipi di evidenza; solo «ammesso» prova un’ammissione al programma, en: "The names of the six kinds of evidence; only \"ammesso\" proves an admission to the programme"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/eventi.csv]
--   format: csv
--   columns:
--     evento: {type: text, it: Tipo di evidenza, en: Kind of evidence, required: true}
--     ordine: {type: integer, it: Ordine nel processo, en: Order in the process, required: true}
--     evento_it: {type: text, it: Nome in italiano, en: Name in Italian, required: true}
--     evento_en: {type: text, it: Nome in inglese, en: Name in English, required: true}
--     ammissione: {type: boolean, it: Prova un’ammissione, en: Proves an admission, required: true}
--   rows: {min: 6, max: 20}
-- key: [evento]
-- checks:
--   - rule: "ammissione = (evento = 'ammesso')"
--     it: Solo «ammesso» è un’ammissione
--     en: "Only \"ammesso\" is an admission"
-- ---
with
final as (
    select *
    from raw.eventi
)

select * from final
