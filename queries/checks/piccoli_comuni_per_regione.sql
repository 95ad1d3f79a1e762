-- ---
-- title: {it: I piccoli comuni delle regioni fanno il totale nazionale, en: Small municipalities of the regions make the national total}
-- description:
--   it: La somma dei comuni, dei piccoli comuni e dei residenti delle regioni è uguale a quella che si conta sull’elenco.
--   en: The sum of municipalities, small municipalities and residents of the regions equals what is counted on the list.
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
        comuni.piccoli_comuni,
        regioni.popolazione as popolazione_regioni,
        comuni.popolazione
    from regioni
    cross join comuni
    where
        regioni.comuni is distinct from comuni.comuni
        or regioni.piccoli_comuni is distinct from comuni.piccoli_comuni
        or regioni.popolazione is distinct from comuni.popolazione
)

select * from final
