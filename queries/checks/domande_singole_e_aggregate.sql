-- ---
-- title: {it: Le parti fanno il totale che le fonti pubblicano, en: The parts make the total that the sources publish}
-- description:
--   it: "Domande singole e aggregate fanno le domande presentate secondo la stessa fonte; piani singoli e aggregati fanno i piani ammessi dal decreto dello stesso giorno. Dove i conti di una fonte non tornano, lo si dice e non si corregge."
--   en: "Single and aggregated applications make those received according to the same source; single and aggregated plans make those admitted by the decree of the same day. Where a source’s own sums do not match, this is stated and not mended."
-- severity: warning
-- ---
with
domande as (
    select
        id_fonte as insieme,
        data_riferimento,
        max(valore) filter (where fase = 'domande_presentate') as totale,
        max(valore) filter (where fase = 'domande_singole') as singole,
        max(valore) filter (where fase = 'domande_aggregate') as aggregate
    from marts.imbuto_nazionale
    group by
        id_fonte,
        data_riferimento
),

-- The split of a decree's plans is published by another source than its total: they meet on the decree's date.
piani as (
    select
        'decreto' as insieme,
        data_riferimento,
        max(valore) filter (where fase = 'piani_ammessi_decreto') as totale,
        max(valore) filter (where fase = 'piani_singoli_decreto') as singole,
        max(valore) filter (where fase = 'piani_aggregati_decreto') as aggregate
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

-- A sum with a part that nobody publishes is null, and not a violation.
final as (
    select *
    from tutte
    where totale <> singole + aggregate
)

select * from final
