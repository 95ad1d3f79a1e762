-- ---
-- title: {it: Una rendicontazione non supera il suo Piano, en: A claim does not exceed its plan}
-- description:
--   it: "Questa sola riga rendiconta più di quanto è approvato per il Piano: controllare l’importo, la virgola dei decimali e il codice del Piano."
--   en: "This row alone claims more than was approved for the plan: see the amount, its decimal comma and the code of the plan."
-- severity: row
-- table: rendicontazioni
-- column: importo_eur
-- ---
with
final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.importo_eur
    from staging.rendicontazioni as rendicontazioni
    inner join staging.piani as piani on piani.id_piano = rendicontazioni.id_piano
    where rendicontazioni.importo_eur > piani.importo_approvato_eur
)

select * from final
