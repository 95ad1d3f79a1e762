-- ---
-- title: {it: Le quote degli ambiti fanno cento, en: The shares of the areas of work make a hundred}
-- description:
--   it: "Le quote delle scelte degli ambiti di un programma, arrotondate dalla fonte, devono fare 100 con uno scarto di un punto, ed essere tante e dare la stessa somma delle cifre pubblicate dalla stessa fonte."
--   en: "The shares of choices of the areas of a programme, rounded by the source, must make 100 within one point, and be as many, with the same sum, as the figures published by the same source."
-- severity: error
-- ---
with
quote as (
    select
        programma,
        id_fonte_quota as id_fonte,
        sum(quota_scelte_pct) as somma,
        count(quota_scelte_pct) as quote
    from marts.ambiti
    where id_fonte_quota is not null
    group by
        programma,
        id_fonte_quota
),

pubblicate as (
    select
        programma,
        id_fonte,
        count(*) as quote,
        sum(valore) as somma
    from marts.cifre_ufficiali
    where indicatore = 'quota_scelte_ambito'
    group by
        programma,
        id_fonte
),

final as (
    select
        quote.programma,
        quote.somma,
        pubblicate.somma as somma_pubblicata
    from quote
    left join pubblicate
        on pubblicate.programma = quote.programma
        and pubblicate.id_fonte = quote.id_fonte
    where
        abs(quote.somma - 100) > 1
        or quote.quote is distinct from pubblicate.quote
        or quote.somma is distinct from pubblicate.somma
)

select * from final
