-- ---
-- title: {it: Non si approva più di quanto c’è, en: No more is approved than there is}
-- description:
--   it: "L’importo approvato, rendicontato, certificato o pagato di un programma supera la sua dotazione (42 milioni in tutto, 22 di P.I.C.C.O.L.I. e 20 di Fast): cercare un importo con la virgola sbagliata o un decreto ripetuto, o aggiornare la dotazione se un atto l’ha cambiata."
--   en: "The amount approved, claimed, certified or paid of a programme exceeds its budget (42 million in all, 22 for P.I.C.C.O.L.I. and 20 for Fast): look for an amount with the decimal sign misplaced or a decree repeated, or update the budget if an act has changed it."
-- severity: error
-- ---
with
final as (
    select
        programma,
        misura,
        dotazione_eur,
        importo_eur as importo_misura_eur,
        (importo_eur - dotazione_eur)::decimal(18, 2) as importo_eur
    from marts.capienza
    where importo_eur > dotazione_eur
)

select * from final
