-- ---
-- title: {it: Interventi per ambito e tipo di aiuto, en: Interventions by area of work and kind of help}
-- description:
--   it: "Quanti interventi dei Piani ci sono per ambito e tipo di aiuto, a che punto sono, con quante giornate di lavoro previste e con quanti in ritardo. Gli annullati sono contati a parte e le loro giornate non ci sono. Se l’amministrazione non ha consegnato gli interventi, il dataset è vuoto."
--   en: "How many interventions of the plans there are by area of work and kind of help, how far they are, with how many days of work foreseen and how many late. Those cancelled are counted apart and their days are left out. If the administration has not delivered the interventions, the dataset is empty."
-- grain: {it: "una riga per programma, ambito e tipo di aiuto", en: "one row per programme, area of work and kind of help"}
-- key: [programma, ambito, contenitore]
-- columns:
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   ambito: {type: text, it: "Ambito: che cosa si vuole migliorare", en: "Area of work: what is to be improved", ref: ambiti.ambito}
--   contenitore: {type: text, it: "Tipo di aiuto: competenze (formazione), strumenti-organizzativi (modelli, manuali) o consulenza-specialistica", en: "Kind of help: skills (competenze), organisational tools (strumenti-organizzativi) or specialist advice (consulenza-specialistica)"}
--   interventi: {type: bigint, it: "Interventi, annullati compresi", en: "Interventions, those cancelled included", unit: interventi, additive: true, required: true}
--   previsti: {type: bigint, it: Non ancora cominciati, en: Not begun yet, unit: interventi, additive: true, required: true}
--   in_corso: {type: bigint, it: In corso, en: Under way, unit: interventi, additive: true, required: true}
--   conclusi: {type: bigint, it: Conclusi, en: Ended, unit: interventi, additive: true, required: true}
--   annullati: {type: bigint, it: Annullati, en: Cancelled, unit: interventi, additive: true, required: true}
--   conclusi_in_ritardo: {type: bigint, it: Conclusi dopo la fine prevista, en: Ended after the end foreseen, unit: interventi, additive: true, required: true}
--   aperti_oltre_la_fine: {type: bigint, it: "Previsti o in corso quando la fine prevista è già passata, al giorno della consegna", en: "Foreseen or under way when the end foreseen has already passed, on the day of delivery", unit: interventi, additive: true, required: true}
--   interventi_senza_giornate: {type: bigint, it: "Non annullati di cui non si sanno le giornate", en: "Not cancelled and without days of work stated", unit: interventi, additive: true, required: true}
--   giornate: {type: "decimal(18,2)", it: "Giornate di lavoro previste, senza gli annullati; vuoto se nessun intervento le dice", en: "Days of work foreseen, without those cancelled; empty if no intervention states them", unit: giornate, additive: true}
--   piani: {type: bigint, it: "Piani con almeno uno di questi interventi; lo stesso Piano può stare in più righe", en: "Plans with at least one of these interventions; the same plan can be in several rows", unit: piani, additive: false, required: true}
-- rows: {min: 0, max: 120}                     # 5 programmes × 8 areas of work × 3 kinds of help
-- checks:
--   - rule: previsti + in_corso + conclusi + annullati = interventi
--     it: Gli interventi per stato non fanno il totale
--     en: The interventions by state do not make the total
--   - conclusi_in_ritardo <= conclusi
--   - aperti_oltre_la_fine <= previsti + in_corso
-- charts:
--   - {kind: bar, title: {it: "Giornate previste per le competenze, per ambito", en: "Days foreseen for skills, by area of work"}, category: ambito, value: giornate, where: "programma = 'avviso-piccoli-comuni' and contenitore = 'competenze'", sort: value}
--   - {kind: bar, title: {it: "Giornate previste per gli strumenti organizzativi, per ambito", en: "Days foreseen for organisational tools, by area of work"}, category: ambito, value: giornate, where: "programma = 'avviso-piccoli-comuni' and contenitore = 'strumenti-organizzativi'", sort: value}
--   - {kind: bar, title: {it: "Giornate previste per la consulenza specialistica, per ambito", en: "Days foreseen for specialist advice, by area of work"}, category: ambito, value: giornate, where: "programma = 'avviso-piccoli-comuni' and contenitore = 'consulenza-specialistica'", sort: value}
-- keywords: {it: [interventi, ambiti, giornate, avanzamento], en: [interventions, areas of work, days of work, progress]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        interventi.programma,
        interventi.ambito,
        interventi.contenitore,
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
    group by interventi.programma, interventi.ambito, interventi.contenitore
)

select * from final
