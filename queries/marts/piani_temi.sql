-- ---
-- title: {it: Temi dei piani di intervento noti, en: Themes of the intervention plans known}
-- description:
--   it: I temi del piano di intervento dei comuni di cui una fonte pubblica ne descrive il contenuto. Oggi è il solo Casale Cremasco-Vidolasco; gli altri piani non sono pubblici.
--   en: The themes of the intervention plan of the municipalities for which a public source describes the content. Today it is Casale Cremasco-Vidolasco alone; the other plans are not public.
-- grain: {it: una riga per tema del piano di un comune, en: one row per theme of a municipality’s plan}
-- key: [codice_istat, ordine]
-- columns:
--   codice_istat: {type: text, it: "Comune del piano, codice ISTAT 2020", en: "Municipality of the plan, ISTAT code of 2020", ref: comuni.codice_istat}
--   ordine: {type: integer, it: Ordine del tema nella fonte, en: Order of the theme in the source}
--   tema_it: {type: text, it: "Tema, in italiano", en: "Theme, in Italian", required: true}
--   tema_en: {type: text, it: "Tema, in inglese", en: "Theme, in English", required: true}
--   id_fonte: {type: text, it: Fonte del piano, en: Source of the plan, ref: fonti.id_fonte, required: true}
-- rows: {min: 8, max: 2000}
-- keywords: {it: [piani di intervento, temi], en: [intervention plans, themes]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        codice_istat,
        ordine,
        tema_it,
        tema_en,
        id_fonte
    from staging.piani_temi
)

select * from final
