-- ---
-- title: {it: Ogni fonte si riconosce dalla sua etichetta, en: Every source can be told by its label}
-- description:
--   it: "Due fonti non possono avere la stessa etichetta, in italiano o in inglese: chi legge non saprebbe quale è."
--   en: "Two sources cannot have the same label, in Italian or in English: a reader could not tell which is which."
-- severity: error
-- ---
with
etichette as (
    select etichetta_it as etichetta from marts.fonti
    union all
    select etichetta_en as etichetta from marts.fonti
    where etichetta_en <> etichetta_it
),

final as (
    select
        etichetta,
        count(*) as fonti
    from etichette
    group by etichetta
    having count(*) > 1
)

select * from final
