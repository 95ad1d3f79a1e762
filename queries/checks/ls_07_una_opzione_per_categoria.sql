-- ---
-- title: {it: "LS-07: la stessa categoria di costo ha una sola opzione", en: "LS-07: one cost category has one option only"}
-- description:
--   it: "Per lo stesso progetto e la stessa categoria di costo ci sono rimborsi con due forme di sostegno diverse: è ammesso solo in fasi successive. Correggere la forma, la categoria o la fase; finché non è chiaro quale è giusta, restano fuori tutte."
--   en: "For the same project and the same cost category there are reimbursements with two different forms of support: this is allowed in successive stages only. Correct the form, the category or the stage; until it is clear which is right, all of them stay out."
-- severity: row
-- table: rendicontazioni
-- column: forma_sostegno
-- ---
with
rendicontazioni as (
    select
        *,
        coalesce(id_piano, id_operazione) as progetto,
        coalesce(fase, 0) as fase_o_zero
    from staging.rendicontazioni
    where categoria_costo is not null
),

doppie as (
    select
        progetto,
        categoria_costo,
        fase_o_zero
    from rendicontazioni
    where progetto is not null
    group by
        progetto,
        categoria_costo,
        fase_o_zero
    having count(distinct forma_sostegno) > 1
),

final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.importo_eur
    from rendicontazioni
    semi join doppie
        on doppie.progetto = rendicontazioni.progetto
        and doppie.categoria_costo = rendicontazioni.categoria_costo
        and doppie.fase_o_zero = rendicontazioni.fase_o_zero
)

select * from final
