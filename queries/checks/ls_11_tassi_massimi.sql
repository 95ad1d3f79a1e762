-- ---
-- title: {it: "LS-11: un tasso forfettario non supera il suo massimo", en: "LS-11: a flat rate does not exceed its greatest value"}
-- description:
--   it: "Il tasso supera il massimo del regolamento: 25 per cento dei costi diretti o 15 del personale per i costi indiretti, 20 per il personale sugli altri costi diretti, 40 per gli altri costi sul personale. Correggere il tasso o tipo_tasso."
--   en: "The rate exceeds that of the regulation: 25 per cent of direct costs or 15 of staff for indirect costs, 20 for staff on other direct costs, 40 for other costs on staff. Correct the rate or tipo_tasso."
-- severity: row
-- table: rendicontazioni
-- column: tasso_pct
-- ---
with
-- Reg. (EU) 1303/2013, art. 68, 68a and 68b; without its kind a rate can't exceed the greatest of them.
final as (
    select
        id_rendicontazione,
        importo_eur
    from staging.rendicontazioni
    where
        forma_sostegno = 'tasso_forfettario'
        and tasso_pct > case tipo_tasso
            when 'indiretti-su-diretti' then 25
            when 'indiretti-su-personale' then 15
            when 'personale-su-altri-diretti' then 20
            else 40
        end
)

select * from final
