-- ---
-- title: {it: I conteggi delle evidenze per fonte e per comune tornano, en: The counts of evidence by source and by municipality match}
-- description:
--   it: La somma delle evidenze per fonte è il numero delle evidenze; la somma per comune è il numero di quelle abbinate.
--   en: The sum of evidence by source is the number of evidence rows; the sum by municipality is the number of those matched.
-- severity: error
-- ---
with
evidenze as (
    select
        count(*) as righe,
        count(codice_istat) as abbinate
    from marts.evidenze
),

fonti as (
    select sum(evidenze)::bigint as righe
    from marts.fonti
),

comuni as (
    select sum(evidenze)::bigint as abbinate
    from marts.comuni
),

final as (
    select
        evidenze.righe,
        fonti.righe as righe_per_fonte,
        evidenze.abbinate,
        comuni.abbinate as abbinate_per_comune
    from evidenze
    cross join fonti
    cross join comuni
    where
        evidenze.righe is distinct from fonti.righe
        or evidenze.abbinate is distinct from comuni.abbinate
)

select * from final
