-- ---
-- title: {it: "LS-01: il POC è denaro nazionale", en: "LS-01: the POC is national money"}
-- description:
--   it: "Una spesa del programma complementare (POC) è del fondo di rotazione (FDR) e senza quota dell’Unione: correggere fondo e tasso, o il programma operativo."
--   en: "Spending of the complementary programme (POC) belongs to the rotation fund (FDR) with no Union share: correct fund and rate, or the operational programme."
-- severity: row
-- table: rendicontazioni
-- column: fondo
-- ---
with
final as (
    select
        id_rendicontazione,
        importo_eur
    from staging.rendicontazioni
    where
        (programma_operativo = 'POC' and (fondo <> 'FDR' or tasso_cofinanziamento_ue_pct > 0))
        or (programma_operativo = 'PON' and fondo = 'FDR')
)

select * from final
