-- ---
-- title: {it: Comuni delle domande, en: Municipalities in the applications}
-- description:
--   it: "Quali comuni stanno in ogni domanda, capofila compreso, con l’esito della domanda. Un comune può stare in più domande, perché chi era respinto poteva ripresentarsi: le righe contano partecipazioni, non comuni. L’esito è quello della decisione più recente. Se l’amministrazione non ha consegnato le domande, il dataset è vuoto."
--   en: "Which municipalities are in each application, the leading one included, with the outcome of the application. A municipality can be in several applications, because one that was rejected could apply again: the rows count participations, not municipalities. The outcome is that of the latest decision. If the administration has not delivered the applications, the dataset is empty."
-- grain: {it: una riga per domanda e comune, en: one row per application and municipality}
-- key: [id_domanda, codice_istat_domanda]
-- columns:
--   id_domanda: {type: text, it: Domanda, en: Application, ref: domande.id_domanda}
--   codice_istat_domanda: {type: text, it: Codice ISTAT del comune il giorno della domanda, en: ISTAT code of the municipality on the day of the application}
--   codice_istat: {type: text, it: "Comune, con il codice del 2020; vuoto per un comune nato dopo dalla fusione di più comuni", en: "Municipality, by its code of 2020; empty for one born later of the merger of several", ref: comuni.codice_istat}
--   comune: {type: text, it: Nome del comune nell’elenco ISTAT, en: Name of the municipality in the ISTAT list, required: true}
--   codice_regione: {type: text, it: Regione del comune, en: Region of the municipality, ref: regioni.codice_regione, required: true}
--   capofila: {type: boolean, it: "Vero per il comune che presenta la domanda, da solo o per gli altri", en: "True for the municipality that makes the application, alone or for the others", required: true}
--   popolazione: {type: integer, it: "Residenti scritti nella domanda, altrimenti quelli legali del 2011", en: "Residents written in the application, else the legal ones of 2011", unit: abitanti, additive: false, required: true}
--   piccolo_comune: {type: boolean, it: "Vero se quei residenti non superano 5.000, o se il comune è nato da una fusione di piccoli comuni", en: "True if those residents are no more than 5,000, or if the municipality was born of a merger of small ones", required: true}
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma, required: true}
--   forma: {type: text, it: "Domanda singola, aggregata o di un’unione", en: "Application alone (singola), with others (aggregata) or as a union (unione)", required: true}
--   data_presentazione: {type: date, it: Giorno della domanda, en: Day of the application, required: true}
--   esito: {type: text, it: "Esito della domanda: ammessa, respinta o in_istruttoria; vuoto se non ne è stato consegnato uno", en: "Outcome of the application: admitted (ammessa), rejected (respinta) or under review (in_istruttoria); empty if none was delivered"}
--   data_esito: {type: date, it: "Giorno in cui è ammessa o respinta; vuoto se è ancora in istruttoria", en: "Day on which it was admitted or rejected; empty while under review"}
-- rows: {min: 0, max: 10000000}
-- checks:
--   - rule: popolazione > 0
--     it: Un comune di una domanda è senza residenti
--     en: A municipality in an application has no residents
--   - rule: "(data_esito is not null) = coalesce(esito in ('ammessa', 'respinta'), false)"
--     it: Una domanda decisa è senza data, o una data è senza decisione
--     en: A decided application has no date, or a date has no decision
-- keywords: {it: [domande, comuni, capofila], en: [applications, municipalities]}
-- themes: [GOVE, REGI]
-- date: data_presentazione
-- ---
with
-- The one that makes the application is in it, whether or not its own row was delivered or is in quarantine.
partecipanti as (
    select
        domande.id_domanda,
        domande.codice_istat,
        true as capofila,
        coalesce(righe.popolazione, domande.popolazione) as popolazione,
        coalesce(righe.nato_da_fusione, false) or coalesce(domande.nato_da_fusione, false) as nato_da_fusione
    from staging.domande as domande
    left join staging.domande_comuni as righe
        on righe.id_domanda = domande.id_domanda
        and righe.codice_istat = domande.codice_istat
    union all
    select
        righe.id_domanda,
        righe.codice_istat,
        false as capofila,
        righe.popolazione,
        coalesce(righe.nato_da_fusione, false) as nato_da_fusione
    from staging.domande_comuni as righe
    inner join staging.domande as domande on domande.id_domanda = righe.id_domanda
    where righe.codice_istat <> domande.codice_istat
),

decisioni as (
    select *
    from staging.istruttorie
    qualify row_number() over (partition by id_domanda order by data_esito desc) = 1
),

-- Each code stands once in the registry of codes; the latest row would be the one to trust.
codici as (
    select *
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

final as (
    select
        partecipanti.id_domanda,
        partecipanti.codice_istat as codice_istat_domanda,
        comuni.codice_istat,
        codici.denominazione as comune,
        coalesce(comuni.codice_regione, codici.codice_regione) as codice_regione,
        partecipanti.capofila,
        coalesce(partecipanti.popolazione, codici.popolazione_legale_2011) as popolazione,
        partecipanti.nato_da_fusione or coalesce(partecipanti.popolazione <= 5000, codici.eleggibile) as piccolo_comune,
        domande.programma,
        domande.forma,
        domande.data_presentazione,
        decisioni.esito,
        case when decisioni.esito in ('ammessa', 'respinta') then decisioni.data_esito end as data_esito
    from partecipanti
    inner join staging.domande as domande on domande.id_domanda = partecipanti.id_domanda
    inner join codici on codici.codice_istat = partecipanti.codice_istat
    left join marts.comuni as comuni on comuni.codice_istat = codici.codice_istat_2020
    left join decisioni on decisioni.id_domanda = partecipanti.id_domanda
)

select * from final
