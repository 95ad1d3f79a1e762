-- ---
-- title: {it: Finestre per presentare domanda, en: Windows to apply}
-- description:
--   it: "I periodi in cui si poteva presentare domanda, come una fonte pubblica li dice o l’amministrazione li consegna, e quante domande vi sono arrivate. Contano le domande presentate tra l’apertura e la chiusura, qualunque finestra la domanda indichi. L’Avviso è rimasto aperto fino al 30 settembre 2021, ma una fonte pubblica non dice quante finestre ci siano state dopo la quinta. Dove le domande non sono state consegnate i conti sono vuoti."
--   en: "The periods in which one could apply, as a public source states them or the administration delivers them, and how many applications came in each. Applications made from the opening to the closing count, whichever window they name. The call stayed open until 30 September 2021, but no public source says how many windows there were after the fifth. Where the applications were not delivered the counts are empty."
-- grain: {it: una riga per programma e periodo, en: one row per programme and period}
-- key: [programma, apertura, chiusura]
-- columns:
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   apertura: {type: date, it: Primo giorno per presentare domanda, en: First day to apply}
--   chiusura: {type: date, it: Ultimo giorno per presentare domanda, en: Last day to apply}
--   finestra: {type: text, it: "Codice con cui l’amministrazione la consegna; vuoto se non l’ha consegnata", en: "Code under which the administration delivers it; empty if it has not"}
--   numero: {type: integer, it: "Numero d’ordine nelle fonti pubbliche; vuoto se nessuna la dice", en: "Order in the public sources; empty if none states it", additive: false}
--   domande: {type: bigint, it: Domande presentate nel periodo, en: Applications made in the period, unit: domande, additive: true}
--   ammesse: {type: bigint, it: Di cui ammesse, en: Of which admitted, unit: domande, additive: true}
--   respinte: {type: bigint, it: Di cui respinte, en: Of which rejected, unit: domande, additive: true}
--   senza_decisione: {type: bigint, it: "Di cui ancora in istruttoria, o senza una decisione consegnata", en: "Of which still under review, or without a decision delivered", unit: domande, additive: true}
--   comuni: {type: bigint, it: "Comuni diversi nelle domande del periodo; chi era respinto poteva ripresentarsi in un altro", en: "Different municipalities in the applications of the period; one that was rejected could apply again in another", unit: comuni, additive: false}
--   id_fonte: {type: text, it: "Fonte pubblica del periodo; vuota se lo dice solo l’amministrazione", en: "Public source of the period; empty if only the administration states it", ref: fonti.id_fonte}
-- rows: {min: 5, max: 1000}
-- checks:
--   - chiusura >= apertura
--   - rule: ammesse + respinte + senza_decisione = domande
--     it: Le domande per esito non fanno il totale
--     en: The applications by outcome do not make the total
--   - rule: finestra is not null or id_fonte is not null
--     it: Una finestra non ha né codice né fonte
--     en: A window has neither a code nor a source
-- charts:
--   - {kind: bar, title: {it: "Domande dell’Avviso per finestra, secondo il giorno di apertura", en: "Applications to the call by window, by day of opening"}, category: apertura, value: domande, where: "programma = 'avviso-piccoli-comuni'"}
-- keywords: {it: [finestre, avvisi, domande], en: [windows, calls, applications]}
-- themes: [GOVE]
-- date: chiusura
-- ---
with
consegnate as (
    select
        programma,
        apertura,
        chiusura,
        string_agg(finestra, '|' order by finestra) as finestra
    from staging.finestre
    group by programma, apertura, chiusura
),

finestre as (
    select
        coalesce(pubblicate.programma, consegnate.programma) as programma,
        coalesce(pubblicate.apertura, consegnate.apertura) as apertura,
        coalesce(pubblicate.chiusura, consegnate.chiusura) as chiusura,
        consegnate.finestra,
        pubblicate.finestra as numero,
        pubblicate.id_fonte
    from staging.finestre_pubblicate as pubblicate
    full outer join consegnate
        on consegnate.programma = pubblicate.programma
        and consegnate.apertura = pubblicate.apertura
        and consegnate.chiusura = pubblicate.chiusura
),

domande as (
    select
        finestre.programma,
        finestre.apertura,
        finestre.chiusura,
        count(*) as domande,
        count(*) filter (where domande.esito = 'ammessa') as ammesse,
        count(*) filter (where domande.esito = 'respinta') as respinte
    from finestre
    inner join marts.domande as domande
        on domande.programma = finestre.programma
        and domande.data_presentazione between finestre.apertura and finestre.chiusura
    group by finestre.programma, finestre.apertura, finestre.chiusura
),

comuni as (
    select
        finestre.programma,
        finestre.apertura,
        finestre.chiusura,
        count(distinct coalesce(partecipanti.codice_istat, partecipanti.codice_istat_domanda)) as comuni
    from finestre
    inner join marts.domande_comuni as partecipanti
        on partecipanti.programma = finestre.programma
        and partecipanti.data_presentazione between finestre.apertura and finestre.chiusura
    group by finestre.programma, finestre.apertura, finestre.chiusura
),

-- Of these programmes a window without applications had none; of the others nothing is known.
programmi_consegnati as (
    select distinct programma
    from marts.domande
),

final as (
    select
        finestre.programma,
        finestre.apertura,
        finestre.chiusura,
        finestre.finestra,
        finestre.numero,
        case when programmi_consegnati.programma is not null then coalesce(domande.domande, 0) end as domande,
        case when programmi_consegnati.programma is not null then coalesce(domande.ammesse, 0) end as ammesse,
        case when programmi_consegnati.programma is not null then coalesce(domande.respinte, 0) end as respinte,
        case when programmi_consegnati.programma is not null then coalesce(domande.domande - domande.ammesse - domande.respinte, 0) end as senza_decisione,
        case when programmi_consegnati.programma is not null then coalesce(comuni.comuni, 0) end as comuni,
        finestre.id_fonte
    from finestre
    left join programmi_consegnati on programmi_consegnati.programma = finestre.programma
    left join domande
        on domande.programma = finestre.programma
        and domande.apertura = finestre.apertura
        and domande.chiusura = finestre.chiusura
    left join comuni
        on comuni.programma = finestre.programma
        and comuni.apertura = finestre.apertura
        and comuni.chiusura = finestre.chiusura
)

select * from final
