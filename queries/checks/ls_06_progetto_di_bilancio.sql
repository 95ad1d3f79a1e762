-- ---
-- title: {it: "LS-06: il progetto di bilancio vale fino a 100.000 euro", en: "LS-06: a draft budget holds up to 100,000 euro"}
-- description:
--   it: "Il metodo di calcolo è il progetto di bilancio concordato (lettera aa), che vale solo per un sostegno pubblico fino a 100.000 euro: qui lo supera. Correggere il metodo o l’importo."
--   en: "The method of calculation is the agreed draft budget (letter aa), which holds only for public support of up to 100,000 euro: here it is more. Correct the method or the amount."
-- severity: row
-- table: rendicontazioni
-- column: metodo_calcolo
-- ---
with
final as (
    select
        id_rendicontazione,
        importo_eur
    from staging.rendicontazioni
    where
        metodo_calcolo = 'aa'
        and greatest(contributo_pubblico_eur, importo_eur) > 100000
)

select * from final
