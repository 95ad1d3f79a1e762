-- ---
-- title: {it: "LS-13: una somma forfettaria non ha fatture", en: "LS-13: a lump sum has no invoices"}
-- description:
--   it: "Di una somma forfettaria si controlla l’output, non la spesa: numero_fattura e quietanza_f24 devono restare vuoti. Togliere gli estremi, o correggere la forma in costi reali."
--   en: "Of a lump sum the output is checked, not the spending: numero_fattura and quietanza_f24 must stay empty. Take the references out, or correct the form to real costs."
-- severity: row
-- table: rendicontazioni
-- column: numero_fattura
-- ---
with
final as (
    select
        id_rendicontazione,
        importo_eur
    from staging.rendicontazioni
    where
        forma_sostegno = 'somma_forfettaria'
        and (
            numero_fattura is not null
            or quietanza_f24 is not null
        )
)

select * from final
