-- ---
-- title: {it: "LS-04: fino al 1° agosto 2018 una somma forfettaria non supera 100.000 euro", en: "LS-04: until 1 August 2018 a lump sum does not exceed 100,000 euro"}
-- description:
--   it: "La decisione è anteriore al 2 agosto 2018, quando il Regolamento 2018/1046 ha tolto il tetto di 100.000 euro di contributo pubblico, e la somma lo supera: controllare data_decisione e importo."
--   en: "The decision is earlier than 2 August 2018, when Regulation 2018/1046 removed the ceiling of 100,000 euro of public contribution, and the sum exceeds it: see data_decisione and the amount."
-- severity: row
-- table: rendicontazioni
-- column: importo_eur
-- ---
with
final as (
    select
        id_rendicontazione,
        importo_eur
    from staging.rendicontazioni
    where
        forma_sostegno = 'somma_forfettaria'
        and data_decisione < date '2018-08-02'
        and greatest(importo_somma_eur, importo_eur) > 100000
)

select * from final
