-- ---
-- title: {it: "LS-10: un Piano non supera il suo massimale", en: "LS-10: a plan does not exceed its ceiling"}
-- description:
--   it: "L’importo approvato supera il massimale scritto nella stessa riga: controllare il decreto e correggere uno dei due importi."
--   en: "The amount approved exceeds the ceiling written in the same row: see the decree and correct one of the two amounts."
-- severity: row
-- table: piani
-- column: importo_approvato_eur
-- ---
with
final as (
    select
        id_piano,
        importo_approvato_eur as importo_eur
    from staging.piani
    where importo_approvato_eur > importo_massimale_eur
)

select * from final
