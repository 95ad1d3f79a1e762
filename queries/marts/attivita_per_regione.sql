-- ---
-- title: {it: Attività sul territorio per regione, en: Activities on the territory by region}
-- description:
--   it: "Le attività di Fast Piccoli Comuni e ITALIAE che si svolgono in un comune, contate per regione su tutto il periodo consegnato. Quelle di un’area o di tutta Italia, come l’help desk, non sono di una regione e non ci sono: stanno in attivita. Si contano attività, mai persone. Se le amministrazioni non hanno consegnato le attività, il dataset è vuoto."
--   en: "The activities of Fast Piccoli Comuni and ITALIAE that take place in a municipality, counted by region over the whole period delivered. Those of an area or of all of Italy, such as the help desk, belong to no region and are left out: they are in attivita. Activities are counted, never people. If the administrations have not delivered the activities, the dataset is empty."
-- grain: {it: "una riga per programma, ambito, tipo, unità e regione", en: "one row per programme, area of work, kind, unit and region"}
-- key: [programma, ambito, tipo, unita, codice_regione]
-- columns:
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   ambito: {type: text, it: "Ambito dell’attività, oppure «nessuno» se non ne ha uno", en: "Area of work of the activity, or \"nessuno\" (none) if it has none"}
--   tipo: {type: text, it: "facilitatori, help-desk, laboratorio, micro-task-force, knowledge-management (piattaforma della conoscenza) o formazione", en: "Facilitators (facilitatori), help-desk, lab (laboratorio), micro-task-force, knowledge-management (knowledge platform) or training (formazione)"}
--   unita: {type: text, it: "Che cosa si conta: giornate, richieste, accessi, laboratori e altro", en: "What is counted: days (giornate), requests (richieste), accesses (accessi), labs (laboratori) and others"}
--   codice_regione: {type: text, it: "Regione del comune, sui confini del 2020", en: "Region of the municipality, on the boundaries of 2020", ref: regioni.codice_regione}
--   regione: {type: text, it: Nome della regione, en: Name of the region, required: true}
--   quantita: {type: "decimal(18,2)", it: "Quanto se n’è contato, nell’unità della riga", en: "How much was counted, in the unit of the row", additive: false, required: true}
--   comuni: {type: bigint, it: "Comuni diversi raggiunti; lo stesso comune può stare in più righe", en: "Different municipalities reached; the same one can be in several rows", unit: comuni, additive: false, required: true}
--   periodo_dal: {type: date, it: Primo giorno contato, en: First day counted, required: true}
--   periodo_al: {type: date, it: Ultimo giorno contato, en: Last day counted, required: true}
-- rows: {min: 0, max: 100000}
-- checks:
--   - quantita >= 0
--   - comuni > 0
-- charts:
--   - {kind: map, title: {it: "Fast: comuni con giornate di facilitatori", en: "Fast: municipalities with days of facilitators"}, area: codice_regione, value: comuni, where: "programma = 'fast-piccoli-comuni' and ambito = 'transizione-digitale' and tipo = 'facilitatori' and unita = 'giornate'"}
--   - {kind: map, title: {it: "Fast: comuni con giornate di micro task force", en: "Fast: municipalities with days of micro task forces"}, area: codice_regione, value: comuni, where: "programma = 'fast-piccoli-comuni' and ambito = 'transizione-amministrativa' and tipo = 'micro-task-force' and unita = 'giornate'"}
-- keywords: {it: [attività, facilitatori, micro task force, regioni], en: [activities, facilitators, micro task forces, regions]}
-- themes: [GOVE, REGI]
-- date: periodo_al
-- ---
with
codici as (
    select *
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

final as (
    select
        attivita.programma,
        coalesce(attivita.ambito, 'nessuno') as ambito,
        attivita.tipo,
        attivita.unita,
        regioni.codice_regione,
        regioni.denominazione as regione,
        sum(attivita.quantita)::decimal(18, 2) as quantita,
        count(distinct coalesce(codici.codice_istat_2020, codici.codice_istat)) as comuni,
        min(attivita.periodo_dal) as periodo_dal,
        max(attivita.periodo_al) as periodo_al
    from staging.attivita as attivita
    inner join codici on codici.codice_istat = attivita.codice_istat
    left join marts.comuni as comuni on comuni.codice_istat = codici.codice_istat_2020
    inner join marts.regioni as regioni on regioni.codice_regione = coalesce(comuni.codice_regione, codici.codice_regione)
    group by attivita.programma, coalesce(attivita.ambito, 'nessuno'), attivita.tipo, attivita.unita, regioni.codice_regione, regioni.denominazione
)

select * from final
