-- ---
-- title: {it: Cifre discordanti stanno in un confronto, en: Contested figures are in a comparison}
-- description:
--   it: "Due valori diversi per lo stesso indicatore, lo stesso ambito e lo stesso programma devono stare tutti in uno stesso gruppo che spieghi la differenza."
--   en: "Two different values of the same indicator, scope and programme must all be in one group that explains the difference."
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
        and (count(*) filter (where confronto is null) > 0 or count(distinct confronto) > 1)
)

select * from final
