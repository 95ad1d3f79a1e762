-- ---
-- title: {it: I piccoli comuni delle regioni fanno il totale nazionale, en: Small municipalities of the regions make the national total}
-- description:
--   it: La somma dei comuni e dei piccoli comuni delle regioni è uguale al numero dei comuni nell’elenco.
--   en: The sum of municipalities and small municipalities of the regions equals the number of municipalities in the list.
-- severity: error
-- ---
with
regioni as (
    select
        sum(comuni)::bigint as comuni,
        sum(piccoli_comuni)::bigint as piccoli_comuni,
        sum(popolazione_legale_2011)::bigint as popolazione
    from marts.regioni
),

comuni as (
    select
        count(*) as comuni,
        count(*) filter (where piccolo_comune) as piccoli_comuni,
        sum(popolazione_legale_2011)::bigint as popolazione
    from marts.comuni
),

final as (
    select
        regioni.comuni as comuni_regioni,
        comuni.comuni,
        regioni.piccoli_comuni as piccoli_regioni,
        comuni.piccoli_comuni
    from regioni
    cross join comuni
    where
        regioni.comuni <> comuni.comuni
        or regioni.piccoli_comuni <> comuni.piccoli_comuni
        or regioni.popolazione <> comuni.popolazione
)

select * from final
