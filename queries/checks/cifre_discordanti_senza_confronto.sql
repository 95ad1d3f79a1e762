-- ---
-- title: {it: Cifre discordanti stanno in un confronto, en: Contested figures are in a comparison}
-- description:
--   it: "Due valori diversi per lo stesso indicatore, lo stesso ambito e la stessa linea di lavoro devono stare in un gruppo che spieghi la differenza."
--   en: "Two different values of the same indicator, scope and line of work must be in a group that explains the difference."
-- severity: warning
-- ---
with
final as (
    select
        programma,
        indicatore,
        ambito_territoriale,
        count(distinct valore) as valori
    from marts.cifre_ufficiali
    group by
        programma,
        indicatore,
        ambito_territoriale
    having
        count(distinct valore) > 1
        and count(*) filter (where confronto is null) > 0
)

select * from final
