-- ---
-- title: {it: "Nota: somme forfettarie oltre 100.000 euro", en: "Note: lump sums over 100,000 euro"}
-- description:
--   it: "Non è un errore: dal 2 agosto 2018 il Regolamento 2018/1046 ha tolto il tetto di 100.000 euro di contributo pubblico. Queste somme, decise da allora o senza il giorno della decisione, lo superano: se la decisione è anteriore scriverla in data_decisione, altrimenti non c’è nulla da fare."
--   en: "This is no error: since 2 August 2018 Regulation 2018/1046 has removed the ceiling of 100,000 euro of public contribution. These sums, decided since then or without the day of the decision, exceed it: if the decision is earlier write it in data_decisione, else there is nothing to do."
-- severity: warning
-- ---
with
final as (
    select
        id_rendicontazione,
        programma,
        data_decisione,
        importo_eur
    from marts.rendicontazioni
    where
        forma_sostegno = 'somma_forfettaria'
        and coalesce(data_decisione >= date '2018-08-02', true)
        and greatest(importo_somma_eur, importo_eur) > 100000
)

select * from final
