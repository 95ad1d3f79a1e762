-- ---
-- title: {it: Domande, en: Applications}
-- description:
--   it: "Il percorso di ogni domanda: chi la presenta, quando e in che forma, quanti comuni riunisce, come e in quanti giorni è decisa, a che punto è il suo Piano. Il protocollo e la motivazione non si pubblicano, perché possono contenere nomi di persone. Se l’amministrazione non ha consegnato le domande, il dataset è vuoto."
--   en: "The path of each application: who makes it, when and in which form, how many municipalities it brings together, how and in how many days it is decided, how far its plan has come. The registry number and the reasons given are not published, because they may hold names of persons. If the administration has not delivered the applications, the dataset is empty."
-- grain: {it: una riga per domanda, en: one row per application}
-- key: [id_domanda]
-- columns:
--   id_domanda: {type: text, it: Domanda, en: Application}
--   programma: {type: text, it: Programma a cui si chiede di partecipare, en: Programme applied to, ref: programmi.programma, required: true}
--   finestra: {type: text, it: "Finestra in cui è presentata, dove è indicata", en: "Window in which it was made, where stated"}
--   data_presentazione: {type: date, it: Giorno in cui è presentata, en: Day on which it was made, required: true}
--   forma: {type: text, it: "Singola, aggregata o di un’unione", en: "Alone (singola), with others (aggregata) or as a union (unione)", required: true}
--   codice_istat_capofila: {type: text, it: "Comune che la presenta, con il codice del 2020; vuoto per un comune nato dopo dalla fusione di più comuni", en: "Municipality that makes it, by its code of 2020; empty for one born later of the merger of several", ref: comuni.codice_istat}
--   comune_capofila: {type: text, it: Nome del comune che la presenta, en: Name of the municipality that makes it, required: true}
--   codice_regione: {type: text, it: Regione del capofila, en: Region of the leading municipality, ref: regioni.codice_regione, required: true}
--   ambiti: {type: text, it: "Ambiti scelti, separati da |", en: "Areas of work chosen, separated by |", required: true}
--   comuni: {type: bigint, it: "Comuni della domanda, capofila compreso; un comune può stare in più domande", en: "Municipalities in the application, the leading one included; a municipality can be in several applications", unit: comuni, additive: false, required: true}
--   piccoli_comuni: {type: bigint, it: Di cui piccoli comuni, en: Of which small municipalities, unit: comuni, additive: false, required: true}
--   esito: {type: text, it: "Decisione più recente: ammessa, respinta o in_istruttoria; vuoto se non ne è stata consegnata una", en: "Latest decision: admitted (ammessa), rejected (respinta) or under review (in_istruttoria); empty if none was delivered"}
--   data_esito: {type: date, it: "Giorno in cui è ammessa o respinta; vuoto se è ancora in istruttoria", en: "Day on which it was admitted or rejected; empty while under review"}
--   giorni_istruttoria: {type: bigint, it: "Giorni dalla domanda alla decisione; vuoto se non è decisa", en: "Days from the application to the decision; empty if not decided", unit: giorni, additive: false}
--   piani: {type: bigint, it: Piani di intervento nati dalla domanda, en: Intervention plans that came of the application, unit: piani, additive: true, required: true}
--   stato_piano: {type: text, it: "Punto più avanzato a cui è un suo Piano: approvato, in_valutazione, rinviato, da_presentare o respinto; vuoto senza Piani", en: "Furthest point that a plan of it has reached: approved (approvato), under evaluation (in_valutazione), sent back (rinviato), still to be presented (da_presentare) or rejected (respinto); empty without plans"}
-- rows: {min: 0, max: 1000000}
-- checks:
--   - rule: piccoli_comuni <= comuni
--     it: Più piccoli comuni che comuni
--     en: More small municipalities than municipalities
--   - rule: giorni_istruttoria >= 0
--     it: La decisione viene prima della domanda
--     en: The decision comes before the application
--   - rule: "forma <> 'singola' or comuni = 1"
--     severity: warning
--     it: "Una domanda singola ha più comuni: correggere la forma, o i comuni della domanda"
--     en: "An application made alone has several municipalities: correct the form, or the municipalities of the application"
--   - rule: "(stato_piano is null) = (piani = 0)"
--     it: Una domanda con un Piano non dice a che punto è
--     en: An application with a plan does not say how far it has come
-- keywords: {it: [domande, istruttoria, ambiti], en: [applications, review, areas of work]}
-- themes: [GOVE]
-- date: data_presentazione
-- ---
with
contati as (
    select
        id_domanda,
        count(*) as comuni,
        count(*) filter (where piccolo_comune) as piccoli_comuni
    from marts.domande_comuni
    group by id_domanda
),

-- The furthest of several plans: one rejected and another still to come means that one is to come.
piani as (
    select
        id_domanda,
        count(*) as piani,
        case
            when bool_or(esito = 'approvato') then 'approvato'
            when bool_or(esito = 'in_valutazione' or (esito is null and data_presentazione is not null)) then 'in_valutazione'
            when bool_or(esito = 'rinviato') then 'rinviato'
            when bool_or(data_presentazione is null) then 'da_presentare'
            else 'respinto'
        end as stato_piano
    from staging.piani
    group by id_domanda
),

final as (
    select
        domande.id_domanda,
        domande.programma,
        domande.finestra,
        domande.data_presentazione,
        domande.forma,
        capofila.codice_istat as codice_istat_capofila,
        capofila.comune as comune_capofila,
        capofila.codice_regione,
        domande.ambiti,
        contati.comuni,
        contati.piccoli_comuni,
        capofila.esito,
        capofila.data_esito,
        capofila.data_esito - domande.data_presentazione as giorni_istruttoria,
        coalesce(piani.piani, 0) as piani,
        piani.stato_piano
    from staging.domande as domande
    inner join marts.domande_comuni as capofila
        on capofila.id_domanda = domande.id_domanda
        and capofila.capofila
    inner join contati on contati.id_domanda = domande.id_domanda
    left join piani on piani.id_domanda = domande.id_domanda
)

select * from final
