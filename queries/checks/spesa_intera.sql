-- ---
-- title: {it: La spesa per regione e per comune è tutta la spesa, en: Spending by region and by municipality is the whole spending}
-- description:
--   it: "Per ogni programma la somma delle regioni, con la riga senza regione, è quanto è rendicontato, e la somma dei comuni è la parte delle righe che ne indicano uno: se non lo è, una riga sta in due posti o in nessuno."
--   en: "For each programme the sum of the regions, with the row without region, is what was claimed, and the sum of the municipalities is the part of the rows that name one: if it is not, a row is in two places or in none."
-- severity: error
-- ---
with
righe as (
    select
        programma,
        sum(importo_rendicontato_eur) as rendicontato_eur,
        coalesce(sum(importo_rendicontato_eur) filter (where codice_istat_output is not null), 0) as dei_comuni_eur
    from marts.rendicontazioni
    group by programma
),

regioni as (
    select
        programma,
        sum(importo_rendicontato_eur) as rendicontato_eur
    from marts.spesa_per_regione
    group by programma
),

comuni as (
    select
        programma,
        sum(importo_rendicontato_eur) as rendicontato_eur
    from marts.spesa_per_comune
    group by programma
),

programmi as (
    select programma from righe
    union
    select programma from regioni
    union
    select programma from comuni
),

differenze as (
    select
        programmi.programma,
        (coalesce(regioni.rendicontato_eur, 0) - coalesce(righe.rendicontato_eur, 0))::decimal(18, 2) as differenza_regioni_eur,
        (coalesce(comuni.rendicontato_eur, 0) - coalesce(righe.dei_comuni_eur, 0))::decimal(18, 2) as differenza_comuni_eur
    from programmi
    left join righe on righe.programma = programmi.programma
    left join regioni on regioni.programma = programmi.programma
    left join comuni on comuni.programma = programmi.programma
),

final as (
    select
        programma,
        differenza_regioni_eur,
        differenza_comuni_eur,
        greatest(abs(differenza_regioni_eur), abs(differenza_comuni_eur)) as importo_eur
    from differenze
    where
        differenza_regioni_eur <> 0
        or differenza_comuni_eur <> 0
)

select * from final
