-- ---
-- title: {it: Lo stesso output non è pagato da due programmi, en: The same output is not paid by two programmes}
-- description:
--   it: "Due programmi hanno pagato lo stesso output dello stesso comune (art. 65, par. 11, del Reg. 1303/2013): rettificare una delle due rendicontazioni o, se gli output sono diversi, scriverli in modo che si distinguano. L’importo in gioco è ciò che si è pagato oltre il pagamento maggiore."
--   en: "Two programmes have paid for the same output of the same municipality (art. 65(11) of Reg. 1303/2013): correct one of the two claims or, if the outputs differ, write them so that they can be told apart. The money at stake is what was paid beyond the greatest payment."
-- severity: error
-- ---
with
-- The greatest that one programme paid for the output is the part not at stake.
per_programma as (
    select
        id_gruppo,
        codice_comune,
        programma,
        sum(importo_pagato_eur)::decimal(18, 2) as pagato_eur
    from marts.doppio_finanziamento
    where pagato_due_volte
    group by id_gruppo, codice_comune, programma
),

final as (
    select
        id_gruppo,
        codice_comune,
        string_agg(programma, ', ' order by programma) as programmi,
        (sum(pagato_eur) - max(pagato_eur))::decimal(18, 2) as importo_eur
    from per_programma
    group by id_gruppo, codice_comune
)

select * from final
