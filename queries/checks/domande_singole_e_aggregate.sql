-- ---
-- title: {it: Domande singole e aggregate fanno le domande presentate, en: Single and aggregated applications make those received}
-- description:
--   it: "Le parti pubblicate da una fonte fanno il totale della stessa fonte: domande singole e aggregate, piani singoli e aggregati di un decreto."
--   en: "The parts published by a source make the total of that source: single and aggregated applications, single and aggregated plans of one decree."
-- severity: error
-- ---
with
domande as (
    select
        id_fonte,
        sum(valore) filter (where fase = 'domande_presentate')::bigint as totale,
        sum(valore) filter (where fase in ('domande_singole', 'domande_aggregate'))::bigint as parti
    from marts.imbuto_nazionale
    group by id_fonte
),

-- The split of a decree's plans is published by another source than its total: they meet on the decree's date.
piani as (
    select
        data_riferimento::text as id_fonte,
        sum(valore) filter (where fase = 'piani_ammessi_decreto')::bigint as totale,
        sum(valore) filter (where fase in ('piani_singoli_decreto', 'piani_aggregati_decreto'))::bigint as parti
    from marts.imbuto_nazionale
    where precisione_data_riferimento = 'giorno'
    group by data_riferimento
),

tutte as (
    select *
    from domande
    union all
    select *
    from piani
),

final as (
    select *
    from tutte
    where totale <> parti
)

select * from final
