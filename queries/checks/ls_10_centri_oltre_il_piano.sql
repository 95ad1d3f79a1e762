-- ---
-- title: {it: "LS-10: le parti dei centri di competenza stanno nel loro Piano", en: "LS-10: the parts of the competence centres fit their plan"}
-- description:
--   it: "La somma delle parti dei centri di competenza di un Piano approvato supera il suo importo approvato, al centesimo: cercare un centro scritto due volte con nomi diversi, o correggere gli importi."
--   en: "The sum of the parts of the competence centres of an approved plan exceeds its approved amount, to the cent: look for a centre written twice under different names, or correct the amounts."
-- severity: error
-- ---
with
final as (
    select
        id_piano,
        max(importo_piano_approvato_eur) as importo_piano_approvato_eur,
        (sum(importo_eur) - max(importo_piano_approvato_eur))::decimal(18, 2) as importo_eur
    from marts.piani_centri
    where importo_piano_approvato_eur is not null
    group by id_piano
    having sum(importo_eur) > max(importo_piano_approvato_eur)
)

select * from final
