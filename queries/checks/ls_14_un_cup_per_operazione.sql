-- ---
-- title: {it: "LS-14: un’operazione ha un solo CUP", en: "LS-14: an operation has one CUP only"}
-- description:
--   it: "Le spese della stessa operazione portano CUP diversi: scrivere quello assegnato all’operazione, o correggere id_operazione. L’importo in gioco è quello delle righe dell’operazione."
--   en: "Spending of one operation carries different CUPs: write the one assigned to the operation, or correct id_operazione. The money at stake is that of the operation’s rows."
-- severity: error
-- ---
with
final as (
    select
        id_operazione,
        min(cup) as un_cup,
        max(cup) as altro_cup,
        sum(importo_eur)::decimal(18, 2) as importo_eur
    from marts.rendicontazioni
    where
        id_operazione is not null
        and cup is not null
    group by id_operazione
    having min(cup) <> max(cup)
)

select * from final
