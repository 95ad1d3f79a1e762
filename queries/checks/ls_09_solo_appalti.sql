-- ---
-- title: {it: "LS-09: un’operazione di soli appalti si rimborsa a costi reali", en: "LS-09: an operation of public contracts alone is reimbursed at real costs"}
-- description:
--   it: "L’operazione è realizzata solo con appalti: vi si applicano i costi reali o il finanziamento non collegato ai costi (art. 67, par. 4). Correggere la forma di sostegno o affidata_interamente."
--   en: "The operation is carried out by public contracts alone: real costs or financing not linked to costs apply (art. 67(4)). Correct the form of support or affidata_interamente."
-- severity: row
-- table: rendicontazioni
-- column: forma_sostegno
-- ---
with
final as (
    select
        id_rendicontazione,
        importo_eur
    from staging.rendicontazioni
    where
        affidata_interamente
        and forma_sostegno in ('costi_unitari', 'somma_forfettaria', 'tasso_forfettario')
)

select * from final
