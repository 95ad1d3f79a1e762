-- ---
-- title: {it: La dotazione dell’Avviso è la somma delle sue due parti, en: The budget of the call is the sum of its two parts}
-- description:
--   it: I 42 milioni del progetto complesso sono i 22 di P.I.C.C.O.L.I. più i 20 di Fast Piccoli Comuni.
--   en: The 42 million of the complex project are the 22 of P.I.C.C.O.L.I. plus the 20 of Fast Piccoli Comuni.
-- severity: error
-- ---
with
dotazioni as (
    select
        sum(dotazione_eur) filter (where programma = 'avviso-piccoli-comuni') as intero,
        sum(dotazione_eur) filter (where programma in ('piccoli', 'fast-piccoli-comuni')) as parti
    from marts.programmi
),

final as (
    select *
    from dotazioni
    where intero is distinct from parti
)

select * from final
