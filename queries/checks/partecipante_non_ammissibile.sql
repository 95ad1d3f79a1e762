-- ---
-- title: {it: Una domanda ammessa ha solo piccoli comuni, en: An admitted application has small municipalities only}
-- description:
--   it: "La domanda è ammessa ma un suo comune supera 5.000 residenti e non risulta nato da una fusione di piccoli comuni: correggere l’esito, il codice del comune o i residenti; se è nato da una fusione, scrivere sì in nato_da_fusione."
--   en: "The application is admitted but one of its municipalities has more than 5,000 residents and is not known to be born of a merger of small ones: correct the outcome, the code or the residents; if it was born of a merger, write sì in nato_da_fusione."
-- severity: error
-- ---
with
-- What is at stake is the approved money of the application’s plans.
piani as (
    select
        id_domanda,
        sum(importo_approvato_eur)::decimal(18, 2) as importo_eur
    from marts.piani
    where esito = 'approvato'
    group by id_domanda
),

final as (
    select
        partecipanti.id_domanda,
        partecipanti.codice_istat_domanda,
        partecipanti.comune,
        partecipanti.popolazione,
        piani.importo_eur
    from marts.domande_comuni as partecipanti
    left join piani on piani.id_domanda = partecipanti.id_domanda
    where
        partecipanti.esito = 'ammessa'
        and not partecipanti.piccolo_comune
)

select * from final
