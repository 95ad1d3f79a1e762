-- ---
-- title: {it: "LS-10: i conti di un’operazione tornano", en: "LS-10: the sums of an operation match"}
-- description:
--   it: "Un’operazione ha un solo contributo pubblico, uguale in tutte le sue righe, e i suoi Piani approvati e le sue rendicontazioni, sommati al centesimo, non lo superano: ciò che avanza sono i suoi altri costi, che nessuna tabella consegna. Controllare contributo_pubblico_eur, id_operazione e gli importi."
--   en: "An operation has one public contribution, the same in all its rows, and its approved plans and its claims, added to the cent, do not exceed it: what is left are its other costs, which no table delivers. See contributo_pubblico_eur, id_operazione and the amounts."
-- severity: error
-- ---
with
operazioni as (
    select
        id_operazione,
        min(contributo_pubblico_eur) as contributo_minimo_eur,
        max(contributo_pubblico_eur) as contributo_massimo_eur,
        sum(importo_rendicontato_eur)::decimal(18, 2) as rendicontato_eur
    from marts.rendicontazioni
    where id_operazione is not null
    group by id_operazione
    having max(contributo_pubblico_eur) is not null
),

-- Which plans an operation has is told by its claims: each plan once.
piani_dell_operazione as (
    select distinct
        id_operazione,
        id_piano
    from marts.rendicontazioni
    where
        id_operazione is not null
        and id_piano is not null
),

approvati as (
    select
        piani_dell_operazione.id_operazione,
        sum(piani.importo_approvato_eur)::decimal(18, 2) as approvato_eur
    from piani_dell_operazione
    inner join marts.piani as piani on piani.id_piano = piani_dell_operazione.id_piano
    where piani.esito = 'approvato'
    group by piani_dell_operazione.id_operazione
),

final as (
    select
        operazioni.id_operazione,
        operazioni.contributo_minimo_eur,
        operazioni.contributo_massimo_eur,
        approvati.approvato_eur,
        operazioni.rendicontato_eur,
        greatest(
            operazioni.contributo_massimo_eur - operazioni.contributo_minimo_eur,
            operazioni.rendicontato_eur - operazioni.contributo_minimo_eur,
            approvati.approvato_eur - operazioni.contributo_minimo_eur
        )::decimal(18, 2) as importo_eur
    from operazioni
    left join approvati on approvati.id_operazione = operazioni.id_operazione
    where
        operazioni.contributo_minimo_eur <> operazioni.contributo_massimo_eur
        or operazioni.rendicontato_eur > operazioni.contributo_minimo_eur
        or approvati.approvato_eur > operazioni.contributo_minimo_eur
)

select * from final
