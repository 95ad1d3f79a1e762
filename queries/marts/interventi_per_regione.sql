-- ---
-- title: {it: Interventi per regione, en: Interventions by region}
-- description:
--   it: "Quanti interventi dei Piani ci sono in ogni regione, a che punto sono, con quante giornate di lavoro previste e con quanti in ritardo. Gli annullati sono contati a parte e le loro giornate non ci sono. Se l’amministrazione non ha consegnato gli interventi, il dataset è vuoto."
--   en: "How many interventions of the plans there are in each region, how far they are, with how many days of work foreseen and how many late. Those cancelled are counted apart and their days are left out. If the administration has not delivered the interventions, the dataset is empty."
-- grain: {it: una riga per programma e regione, en: one row per programme and region}
-- key: [programma, codice_regione]
-- columns:
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   codice_regione: {type: text, it: Regione del capofila, en: Region of the leading municipality, ref: regioni.codice_regione}
--   regione: {type: text, it: Nome della regione, en: Name of the region, required: true}
--   interventi: {type: bigint, it: "Interventi, annullati compresi", en: "Interventions, those cancelled included", unit: interventi, additive: true, required: true}
--   previsti: {type: bigint, it: Non ancora cominciati, en: Not begun yet, unit: interventi, additive: true, required: true}
--   in_corso: {type: bigint, it: In corso, en: Under way, unit: interventi, additive: true, required: true}
--   conclusi: {type: bigint, it: Conclusi, en: Ended, unit: interventi, additive: true, required: true}
--   annullati: {type: bigint, it: Annullati, en: Cancelled, unit: interventi, additive: true, required: true}
--   conclusi_in_ritardo: {type: bigint, it: Conclusi dopo la fine prevista, en: Ended after the end foreseen, unit: interventi, additive: true, required: true}
--   aperti_oltre_la_fine: {type: bigint, it: "Previsti o in corso quando la fine prevista è già passata, al giorno della consegna", en: "Foreseen or under way when the end foreseen has already passed, on the day of delivery", unit: interventi, additive: true, required: true}
--   interventi_senza_giornate: {type: bigint, it: "Non annullati di cui non si sanno le giornate", en: "Not cancelled and without days of work stated", unit: interventi, additive: true, required: true}
--   giornate: {type: "decimal(18,2)", it: "Giornate di lavoro previste, senza gli annullati; vuoto se nessun intervento le dice", en: "Days of work foreseen, without those cancelled; empty if no intervention states them", unit: giornate, additive: true}
--   piani: {type: bigint, it: "Piani con almeno un intervento", en: "Plans with at least one intervention", unit: piani, additive: true, required: true}
-- rows: {min: 0, max: 100}                     # 5 programmes × 20 regions
-- checks:
--   - rule: previsti + in_corso + conclusi + annullati = interventi
--     it: Gli interventi per stato non fanno il totale
--     en: The interventions by state do not make the total
--   - conclusi_in_ritardo <= conclusi
--   - aperti_oltre_la_fine <= previsti + in_corso
-- charts:
--   - {kind: map, title: {it: Interventi dei Piani dell’Avviso, en: Interventions of the plans of the call}, area: codice_regione, value: interventi, where: "programma = 'avviso-piccoli-comuni'"}
-- keywords: {it: [interventi, regioni, giornate, avanzamento], en: [interventions, regions, days of work, progress]}
-- themes: [GOVE, REGI]
-- ---
with
final as (
    select
        interventi.programma,
        interventi.codice_regione,
        regioni.denominazione as regione,
        count(*) as interventi,
        count(*) filter (where interventi.stato = 'previsto') as previsti,
        count(*) filter (where interventi.stato = 'in_corso') as in_corso,
        count(*) filter (where interventi.stato = 'concluso') as conclusi,
        count(*) filter (where interventi.stato = 'annullato') as annullati,
        count(*) filter (where interventi.giorni_ritardo > 0) as conclusi_in_ritardo,
        count(interventi.giorni_oltre_la_fine) as aperti_oltre_la_fine,
        count(*) filter (where interventi.stato <> 'annullato' and interventi.giornate is null) as interventi_senza_giornate,
        (sum(interventi.giornate) filter (where interventi.stato <> 'annullato'))::decimal(18, 2) as giornate,
        count(distinct interventi.id_piano) as piani
    from marts.interventi as interventi
    inner join marts.regioni as regioni on regioni.codice_regione = interventi.codice_regione
    group by interventi.programma, interventi.codice_regione, regioni.denominazione
)

select * from final
