-- ---
-- title: {it: Lo stesso output non è chiesto a due programmi, en: The same output is not claimed from two programmes}
-- description:
--   it: "Lo stesso output dello stesso comune è rendicontato a due programmi ma non ancora pagato da entrambi: fermare uno dei due pagamenti o, se gli output sono diversi, scriverli in modo che si distinguano. Un comune in due programmi con output diversi è normale."
--   en: "The same output of the same municipality is claimed from two programmes but not yet paid by both: stop one of the two payments or, if the outputs differ, write them so that they can be told apart. A municipality in two programmes with different outputs is normal."
-- severity: warning
-- ---
with
per_programma as (
    select
        id_gruppo,
        codice_comune,
        programma,
        sum(importo_rendicontato_eur)::decimal(18, 2) as rendicontato_eur
    from marts.doppio_finanziamento
    where not pagato_due_volte
    group by id_gruppo, codice_comune, programma
),

final as (
    select
        id_gruppo,
        codice_comune,
        string_agg(programma, ', ' order by programma) as programmi,
        (sum(rendicontato_eur) - max(rendicontato_eur))::decimal(18, 2) as importo_eur
    from per_programma
    group by id_gruppo, codice_comune
)

select * from final
