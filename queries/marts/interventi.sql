-- ---
-- title: {it: Interventi dei Piani, en: Interventions of the plans}
-- description:
--   it: "Gli interventi previsti da ogni Piano: in quale ambito, di che tipo, quando dovevano svolgersi e quando si sono svolti, con quante giornate di lavoro. Il ritardo di un intervento concluso si conta sulla fine prevista; quello di un intervento ancora aperto è solo il ritardo accumulato fino al giorno della consegna, e sta in una colonna a parte. Il tema scritto dall’ufficio non si pubblica, perché è un testo libero e può contenere nomi di persone. Se l’amministrazione non ha consegnato gli interventi, il dataset è vuoto."
--   en: "The interventions foreseen by each plan: in which area of work, of which kind, when they were to take place and when they did, with how many days of work. The delay of an intervention that has ended is counted from the end foreseen; that of one still open is only the delay up to the day of delivery, and stands in a column of its own. The theme written by the office is not published, because it is free text and may hold names of persons. If the administration has not delivered the interventions, the dataset is empty."
-- grain: {it: una riga per intervento, en: one row per intervention}
-- key: [id_intervento]
-- columns:
--   id_intervento: {type: text, it: Intervento, en: Intervention}
--   id_piano: {type: text, it: Piano di cui fa parte, en: Plan it belongs to, ref: piani.id_piano, required: true}
--   programma: {type: text, it: Programma della domanda da cui nasce il Piano, en: Programme of the application the plan comes from, ref: programmi.programma, required: true}
--   codice_regione: {type: text, it: Regione del capofila, en: Region of the leading municipality, ref: regioni.codice_regione, required: true}
--   ambito: {type: text, it: "Ambito: che cosa si vuole migliorare", en: "Area of work: what is to be improved", ref: ambiti.ambito, required: true}
--   contenitore: {type: text, it: "Tipo di aiuto: competenze (formazione), strumenti-organizzativi (modelli, manuali) o consulenza-specialistica", en: "Kind of help: skills (competenze), organisational tools (strumenti-organizzativi) or specialist advice (consulenza-specialistica)", required: true}
--   stato: {type: text, it: "previsto, in_corso, concluso o annullato", en: "Foreseen (previsto), under way (in_corso), ended (concluso) or cancelled (annullato)", required: true}
--   data_inizio_prevista: {type: date, it: Inizio nel calendario del Piano, en: Start in the calendar of the plan}
--   data_fine_prevista: {type: date, it: Fine nel calendario del Piano, en: End in the calendar of the plan}
--   data_inizio: {type: date, it: Giorno in cui è cominciato; vuoto se non è comunicato, en: Day on which it began; empty if not reported}
--   data_fine: {type: date, it: Giorno in cui si è concluso; vuoto se non lo è ancora, en: Day on which it ended; empty if not yet}
--   giornate: {type: "decimal(9,2)", it: Giornate di lavoro previste, en: Days of work foreseen, unit: giornate, additive: true}
--   giorni_ritardo: {type: bigint, it: "Per un intervento concluso, giorni dopo la fine prevista; negativo se è finito prima, vuoto se è aperto o annullato", en: "For an intervention that has ended, days after the end foreseen; negative if it ended earlier, empty if open or cancelled", unit: giorni, additive: false}
--   giorni_oltre_la_fine: {type: bigint, it: "Per un intervento previsto o in corso, giorni passati dalla fine prevista fino alla consegna dei dati: il ritardo può ancora crescere; vuoto se la fine prevista non è passata", en: "For an intervention foreseen or under way, days from the end foreseen to the delivery of the data: the delay may still grow; empty if the end foreseen has not passed", unit: giorni, additive: false}
-- rows: {min: 0, max: 10000000}
-- checks:
--   - giornate >= 0
--   - rule: "giorni_ritardo is null or giorni_oltre_la_fine is null"
--     it: Un intervento è insieme concluso e aperto
--     en: An intervention has both ended and is still open
--   - rule: "stato = 'concluso' or stato = 'annullato' or data_fine is null"
--     severity: warning
--     it: "L’intervento non è concluso ma ha il giorno della fine: correggere lo stato o togliere la data"
--     en: "The intervention has not ended but has a day of end: correct the state or take the date away"
--   - rule: "giorni_oltre_la_fine <= 365"
--     severity: warning
--     it: "Un intervento aperto ha passato la fine prevista da più di un anno: chiedere all’ufficio se è concluso o annullato"
--     en: "An open intervention is more than a year past the end foreseen: ask the office whether it has ended or was cancelled"
-- keywords: {it: [interventi, calendario, ritardi, giornate], en: [interventions, calendar, delays, days of work]}
-- themes: [GOVE]
-- date: data_fine
-- ---
with
-- Open interventions are late as of the day their list came, not as of the day somebody builds the site.
consegna as (
    select max(ricevuta_il) as giorno
    from marts.consegne
    where tabella = 'interventi' and tipo <> 'rifiutata'
),

final as (
    select
        interventi.id_intervento,
        interventi.id_piano,
        piani.programma,
        piani.codice_regione,
        interventi.ambito,
        interventi.contenitore,
        interventi.stato,
        interventi.data_inizio_prevista,
        interventi.data_fine_prevista,
        interventi.data_inizio,
        interventi.data_fine,
        interventi.giornate,
        case when interventi.stato = 'concluso' then interventi.data_fine - interventi.data_fine_prevista end as giorni_ritardo,
        case
            when interventi.stato in ('previsto', 'in_corso') and consegna.giorno > interventi.data_fine_prevista
                then consegna.giorno - interventi.data_fine_prevista
        end as giorni_oltre_la_fine
    from staging.interventi as interventi
    inner join marts.piani as piani on piani.id_piano = interventi.id_piano
    cross join consegna
)

select * from final
