-- ---
-- title: {it: Scadenze dei Piani, en: Deadlines of the plans}
-- description:
--   it: "Chi è ammesso ha 60 giorni per presentare il Piano: qui, domanda per domanda, il termine, se il Piano è presentato e con quanti giorni di anticipo o di ritardo. Una domanda ammessa senza Piano consegnato c’è lo stesso. I giorni di chi non ha ancora presentato si contano alla data dei dati: il fatto più recente delle tabelle consegnate, o l’ultima consegna dei Piani se viene prima; non a oggi. Se l’amministrazione non ha consegnato i dati, il dataset è vuoto."
--   en: "Who is admitted has 60 days to present a plan: here, application by application, the deadline, whether the plan was presented and by how many days early or late. An admitted application without a plan delivered is here all the same. Days of those yet to present are counted on the date of the data: the latest fact in the tables delivered, or the last delivery of plans if that comes first; not today. If the administration has not delivered the data, the dataset is empty."
-- grain: {it: "una riga per Piano, e per domanda ammessa senza Piano", en: "one row per plan, and per admitted application without a plan"}
-- key: [id_domanda, numero_piano]
-- columns:
--   id_domanda: {type: text, it: Domanda, en: Application, ref: domande.id_domanda}
--   numero_piano: {type: bigint, it: "Numero del Piano nella domanda, in ordine di codice; 0 se non ne è stato consegnato nessuno", en: "Number of the plan in the application, by code; 0 if none was delivered", additive: false}
--   id_piano: {type: text, it: Piano di intervento, en: Intervention plan, ref: piani.id_piano}
--   programma: {type: text, it: Programma della domanda, en: Programme of the application, ref: programmi.programma, required: true}
--   codice_regione: {type: text, it: Regione del capofila, en: Region of the leading municipality, ref: regioni.codice_regione, required: true}
--   comune_capofila: {type: text, it: Nome del comune che presenta la domanda, en: Name of the municipality that makes the application, required: true}
--   comuni: {type: bigint, it: Comuni della domanda, en: Municipalities in the application, unit: comuni, additive: false, required: true}
--   data_ammissione: {type: date, it: "Giorno in cui la domanda è ammessa; vuoto se non risulta ammessa", en: "Day on which the application was admitted; empty if it is not known to be"}
--   termine: {type: date, it: "Sessantesimo giorno dall’ammissione; senza di questa, la scadenza consegnata", en: "Sixtieth day from the admission; without it, the deadline delivered", required: true}
--   data_presentazione: {type: date, it: Giorno in cui il Piano è presentato; vuoto se non lo è ancora, en: Day on which the plan was presented; empty if not yet}
--   stato: {type: text, it: "presentato, presentato_in_ritardo, da_presentare (il termine non è passato) o scaduto (il termine è passato e il Piano non c’è)", en: "presented in time (presentato), presented late (presentato_in_ritardo), still to be presented (da_presentare) or expired without a plan (scaduto)", required: true}
--   giorni_rimasti: {type: bigint, it: "Giorni che restano alla data dei dati, per chi deve presentare", en: "Days left on the date of the data, for those still to present", unit: giorni, additive: false}
--   giorni_ritardo: {type: bigint, it: "Giorni di ritardo: alla presentazione o, per chi è scaduto, alla data dei dati", en: "Days late: at the presentation or, for those expired, on the date of the data", unit: giorni, additive: false}
--   data_osservazione: {type: date, it: Data dei dati, en: Date of the data, required: true}
-- rows: {min: 0, max: 2000000}
-- checks:
--   - rule: giorni_rimasti >= 0 and giorni_ritardo > 0
--     it: I giorni non vanno con lo stato
--     en: The days do not fit the state
--   - rule: "(giorni_rimasti is not null) = (stato = 'da_presentare') and (giorni_ritardo is not null) = (stato in ('scaduto', 'presentato_in_ritardo'))"
--     it: I giorni non vanno con lo stato
--     en: The days do not fit the state
-- keywords: {it: [scadenze, piani di intervento, 60 giorni], en: [deadlines, intervention plans, 60 days]}
-- themes: [GOVE]
-- date: termine
-- ---
with
-- The clock of the data: their latest fact, but nothing is known of the plans after their last delivery.
osservazione as (
    select least(max(ultimo_fatto), max(ultima_consegna) filter (where tabella = 'piani')) as data_osservazione
    from piccoli.freschezza
    where tabella in ('domande', 'istruttorie', 'piani', 'interventi', 'rendicontazioni')
),

piani as (
    select
        id_domanda,
        id_piano,
        row_number() over (partition by id_domanda order by id_piano) as numero_piano,
        data_scadenza,
        data_presentazione
    from marts.piani
),

termini as (
    select
        domande.id_domanda,
        coalesce(piani.numero_piano, 0) as numero_piano,
        piani.id_piano,
        domande.programma,
        domande.codice_regione,
        domande.comune_capofila,
        domande.comuni,
        case when domande.esito = 'ammessa' then domande.data_esito end as data_ammissione,
        piani.data_scadenza,
        piani.data_presentazione
    from marts.domande as domande
    left join piani on piani.id_domanda = domande.id_domanda
    where
        domande.esito = 'ammessa'
        or piani.data_scadenza is not null
),

stati as (
    select
        termini.*,
        coalesce(termini.data_ammissione + 60, termini.data_scadenza) as termine,
        osservazione.data_osservazione,
        case
            when termini.data_presentazione > termine then 'presentato_in_ritardo'
            when termini.data_presentazione is not null then 'presentato'
            when osservazione.data_osservazione > termine then 'scaduto'
            else 'da_presentare'
        end as stato
    from termini
    cross join osservazione
),

final as (
    select
        id_domanda,
        numero_piano,
        id_piano,
        programma,
        codice_regione,
        comune_capofila,
        comuni,
        data_ammissione,
        termine,
        data_presentazione,
        stato,
        case when stato = 'da_presentare' then termine - data_osservazione end as giorni_rimasti,
        case stato
            when 'presentato_in_ritardo' then data_presentazione - termine
            when 'scaduto' then data_osservazione - termine
        end as giorni_ritardo,
        data_osservazione
    from stati
)

select * from final
