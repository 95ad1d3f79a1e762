-- ---
-- title: {it: La cronologia è in ordine di data, en: The chronology is in order of date}
-- description:
--   it: "Le sigle dei fatti seguono le date: un fatto aggiunto va messo al suo posto, non in fondo."
--   en: "The ids of the facts follow the dates: a fact added goes in its place, not at the end."
-- severity: error
-- ---
with
fatti as (
    select
        id_fatto,
        data,
        lag(data) over (order by id_fatto) as data_precedente
    from marts.cronologia
),

final as (
    select *
    from fatti
    where data < data_precedente
)

select * from final
