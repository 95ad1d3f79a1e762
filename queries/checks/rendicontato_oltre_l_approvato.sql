-- ---
-- title: {it: "Pagato, certificato, rendicontato e approvato di un Piano sono in ordine", en: "What is paid, certified, claimed and approved of a plan is in order"}
-- description:
--   it: "La somma delle rendicontazioni di un Piano, anche se ognuna ci sta, non supera il suo importo approvato, e non è certificato più di quanto è rendicontato né pagato più di quanto è certificato: cercare una rendicontazione scritta due volte con codici diversi, o il Piano sbagliato."
--   en: "The sum of the claims of a plan, even if each one fits, does not exceed its approved amount, nor is more certified than claimed or paid than certified: look for a claim written twice under different codes, or the wrong plan."
-- severity: error
-- ---
with
somme as (
    select
        id_piano,
        sum(importo_rendicontato_eur)::decimal(18, 2) as rendicontato_eur,
        coalesce(sum(importo_certificato_eur), 0)::decimal(18, 2) as certificato_eur,
        coalesce(sum(importo_pagato_eur), 0)::decimal(18, 2) as pagato_eur
    from marts.rendicontazioni
    where id_piano is not null
    group by id_piano
),

final as (
    select
        somme.id_piano,
        piani.importo_approvato_eur,
        somme.rendicontato_eur,
        somme.certificato_eur,
        somme.pagato_eur,
        greatest(
            somme.rendicontato_eur - coalesce(piani.importo_approvato_eur, 0),
            somme.certificato_eur - somme.rendicontato_eur,
            somme.pagato_eur - somme.certificato_eur
        )::decimal(18, 2) as importo_eur
    from somme
    inner join marts.piani as piani on piani.id_piano = somme.id_piano
    where
        somme.rendicontato_eur > coalesce(piani.importo_approvato_eur, 0)
        or somme.certificato_eur > somme.rendicontato_eur
        or somme.pagato_eur > somme.certificato_eur
)

select * from final
