-- ---
-- title: {it: Attività sul territorio, en: Activities on the territory}
-- description:
--   it: "Quello che Fast Piccoli Comuni e ITALIAE fanno per i comuni, contato anno per anno: giornate di facilitatori e di micro task force, richieste all’help desk, accessi alla piattaforma della conoscenza, laboratori. Si contano attività, mai persone. Una quantità con il suo periodo sta nell’anno in cui il periodo finisce. Quantità di unità diverse non si sommano. Se le amministrazioni non hanno consegnato le attività, il dataset è vuoto."
--   en: "What Fast Piccoli Comuni and ITALIAE do for the municipalities, counted year by year: days of facilitators and of micro task forces, requests to the help desk, accesses to the knowledge platform, labs. Activities are counted, never people. A quantity with its period stands in the year in which the period ends. Quantities of different units are not to be added. If the administrations have not delivered the activities, the dataset is empty."
-- grain: {it: "una riga per programma, ambito, tipo, anno e unità", en: "one row per programme, area of work, kind, year and unit"}
-- key: [programma, ambito, tipo, anno, unita]
-- columns:
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   ambito: {type: text, it: "Ambito dell’attività, oppure «nessuno» se non ne ha uno", en: "Area of work of the activity, or \"nessuno\" (none) if it has none"}
--   tipo: {type: text, it: "facilitatori, help-desk, laboratorio, micro-task-force, knowledge-management (piattaforma della conoscenza) o formazione", en: "Facilitators (facilitatori), help-desk, lab (laboratorio), micro-task-force, knowledge-management (knowledge platform) or training (formazione)"}
--   anno: {type: integer, it: Anno in cui finisce il periodo contato, en: Year in which the period counted ends, additive: false}
--   unita: {type: text, it: "Che cosa si conta: giornate, richieste, accessi, laboratori e altro", en: "What is counted: days (giornate), requests (richieste), accesses (accessi), labs (laboratori) and others"}
--   quantita: {type: "decimal(18,2)", it: "Quanto se n’è contato, nell’unità della riga", en: "How much was counted, in the unit of the row", additive: false, required: true}
--   righe: {type: bigint, it: Righe consegnate che fanno questa quantità, en: Rows delivered that make this quantity, unit: righe, additive: true, required: true}
--   comuni: {type: bigint, it: "Comuni diversi raggiunti; lo stesso comune può stare in più righe", en: "Different municipalities reached; the same one can be in several rows", unit: comuni, additive: false, required: true}
-- rows: {min: 0, max: 1000000}
-- checks:
--   - quantita >= 0
--   - rule: "tipo <> 'help-desk' or unita in ('richieste', 'ore', 'giornate')"
--     severity: warning
--     it: "L’help desk è contato in un’unità che non gli è propria: controllare il tipo o l’unità"
--     en: "The help desk is counted in a unit that is not its own: see the kind or the unit"
-- charts:
--   - {kind: bar, title: {it: "Fast: giornate di facilitatori, per anno", en: "Fast: days of facilitators, by year"}, category: anno, value: quantita, where: "programma = 'fast-piccoli-comuni' and ambito = 'transizione-digitale' and tipo = 'facilitatori' and unita = 'giornate'"}
--   - {kind: bar, title: {it: "Fast: giornate di micro task force, per anno", en: "Fast: days of micro task forces, by year"}, category: anno, value: quantita, where: "programma = 'fast-piccoli-comuni' and ambito = 'transizione-amministrativa' and tipo = 'micro-task-force' and unita = 'giornate'"}
-- keywords: {it: [attività, facilitatori, help desk, micro task force], en: [activities, facilitators, help desk, micro task forces]}
-- themes: [GOVE]
-- ---
with
codici as (
    select *
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

-- A comune that changed its code is one: it is counted by its code of 2020.
righe as (
    select
        attivita.programma,
        coalesce(attivita.ambito, 'nessuno') as ambito,
        attivita.tipo,
        year(attivita.periodo_al)::integer as anno,
        attivita.unita,
        attivita.quantita,
        coalesce(codici.codice_istat_2020, attivita.codice_istat) as codice_istat
    from staging.attivita as attivita
    left join codici on codici.codice_istat = attivita.codice_istat
),

final as (
    select
        righe.programma,
        righe.ambito,
        righe.tipo,
        righe.anno,
        righe.unita,
        sum(righe.quantita)::decimal(18, 2) as quantita,
        count(*) as righe,
        count(distinct righe.codice_istat) as comuni
    from righe
    group by righe.programma, righe.ambito, righe.tipo, righe.anno, righe.unita
)

select * from final
