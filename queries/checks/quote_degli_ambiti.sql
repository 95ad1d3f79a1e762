-- ---
-- title: {it: Le quote degli ambiti fanno cento, en: The shares of the thematic areas make a hundred}
-- description:
--   it: "Le quote delle scelte degli ambiti di una linea di lavoro, arrotondate dalla fonte, devono fare 100 con uno scarto di un punto, e ognuna essere una cifra pubblicata."
--   en: "The shares of choices of the areas of a line of work, rounded by the source, must make 100 within one point, and each must be a published figure."
-- severity: error
-- ---
with
quote as (
    select
        programma,
        sum(quota_scelte_pct) as somma,
        count(quota_scelte_pct) as quote
    from marts.ambiti
    group by programma
),

pubblicate as (
    select
        programma,
        count(*) as quote,
        sum(valore) as somma
    from marts.cifre_ufficiali
    where indicatore = 'quota_scelte_ambito'
    group by programma
),

final as (
    select
        quote.programma,
        quote.somma,
        pubblicate.somma as somma_pubblicata
    from quote
    left join pubblicate on pubblicate.programma = quote.programma
    where
        quote.quote > 0
        and (
            abs(quote.somma - 100) > 1
            or quote.quote is distinct from pubblicate.quote
            or quote.somma is distinct from pubblicate.somma
        )
)

select * from final
