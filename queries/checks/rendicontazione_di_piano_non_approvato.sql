-- ---
-- title: {it: Si rendiconta solo un Piano approvato, en: Only an approved plan can be claimed for}
-- description:
--   it: "La spesa è rendicontata per un Piano che non è approvato, o prima del giorno in cui lo è: correggere il codice del Piano, il suo esito o la data."
--   en: "The spending is claimed for a plan that is not approved, or before the day it was: correct the code of the plan, its outcome or the date."
-- severity: row
-- table: rendicontazioni
-- column: id_piano
-- ---
with
final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.importo_eur
    from staging.rendicontazioni as rendicontazioni
    inner join staging.piani as piani on piani.id_piano = rendicontazioni.id_piano
    where
        rendicontazioni.stato <> 'prevista'
        and (
            piani.esito is distinct from 'approvato'
            or rendicontazioni.data_rendicontazione < piani.data_esito
        )
)

select * from final
