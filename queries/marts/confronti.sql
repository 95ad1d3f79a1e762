-- ---
-- title: {it: Cifre a confronto, en: Figures compared}
-- description:
--   it: I gruppi di cifre pubblicate che parlano della stessa cosa, messe l’una accanto all’altra, e il motivo per cui differiscono o coincidono. Nessuna è data per giusta a scapito delle altre.
--   en: The groups of published figures that speak of the same thing, set side by side, and the reason why they differ or agree. None is taken as right at the expense of the others.
-- grain: {it: una riga per gruppo di cifre, en: one row per group of figures}
-- key: [confronto]
-- columns:
--   confronto: {type: text, it: Gruppo di cifre, en: Group of figures}
--   titolo_it: {type: text, it: "Di che cosa parlano, in italiano", en: "What they speak of, in Italian", required: true}
--   titolo_en: {type: text, it: "Di che cosa parlano, in inglese", en: "What they speak of, in English", required: true}
--   motivo_it: {type: text, it: "Perché differiscono o coincidono, in italiano", en: "Why they differ or agree, in Italian", required: true}
--   motivo_en: {type: text, it: "Perché differiscono o coincidono, in inglese", en: "Why they differ or agree, in English", required: true}
--   cifre: {type: integer, it: Cifre del gruppo, en: Figures of the group, additive: true, required: true}
--   valore_minimo: {type: "decimal(18,2)", it: Valore più basso, en: Lowest value, additive: false, required: true}
--   valore_massimo: {type: "decimal(18,2)", it: Valore più alto, en: Highest value, additive: false, required: true}
--   unita_diverse: {type: boolean, it: "Vero se le cifre hanno unità diverse, quindi minimo e massimo non si confrontano", en: "True if the figures have different units, so lowest and highest are not comparable", required: true}
-- rows: {min: 31, max: 200}
-- checks:
--   - rule: cifre >= 2
--     it: Un confronto ha bisogno di almeno due cifre
--     en: A comparison needs at least two figures
-- keywords: {it: [confronti, cifre discordanti], en: [comparisons, contested figures]}
-- themes: [GOVE]
-- ---
with
cifre as (
    select
        confronto,
        count(*)::integer as cifre,
        min(valore) as valore_minimo,
        max(valore) as valore_massimo,
        count(distinct unita) > 1 as unita_diverse
    from staging.cifre_ufficiali
    where confronto is not null
    group by confronto
),

final as (
    select
        confronti.confronto,
        confronti.titolo_it,
        confronti.titolo_en,
        confronti.motivo_it,
        confronti.motivo_en,
        coalesce(cifre.cifre, 0) as cifre,
        cifre.valore_minimo,
        cifre.valore_massimo,
        cifre.unita_diverse
    from staging.confronti as confronti
    left join cifre on cifre.confronto = confronti.confronto
)

select * from final
