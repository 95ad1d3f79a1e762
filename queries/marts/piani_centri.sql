-- ---
-- title: {it: Centri di competenza dei Piani, en: Competence centres of the plans}
-- description:
--   it: "Quale ente affianca il comune in ogni Piano e quale parte dell’importo realizza. Un Piano può avere più centri di competenza. Se l’amministrazione non ha consegnato i Piani, il dataset è vuoto."
--   en: "Which body supports the municipality in each plan and which part of the amount it carries out. A plan can have several competence centres. If the administration has not delivered the plans, the dataset is empty."
-- grain: {it: una riga per Piano e centro di competenza, en: one row per plan and competence centre}
-- key: [id_piano, centro_competenza]
-- columns:
--   id_piano: {type: text, it: Piano di intervento, en: Intervention plan, ref: piani.id_piano}
--   centro_competenza: {type: text, it: "Ente che affianca il comune, come l’amministrazione lo scrive", en: "Body that supports the municipality, as the administration writes it"}
--   codice_fiscale_centro: {type: text, it: "Codice fiscale dell’ente, undici cifre, dove è consegnato", en: "Tax code of the body, eleven digits, where delivered"}
--   programma: {type: text, it: Programma della domanda da cui nasce il Piano, en: Programme of the application the plan comes from, ref: programmi.programma, required: true}
--   codice_regione: {type: text, it: Regione del capofila, en: Region of the leading municipality, ref: regioni.codice_regione, required: true}
--   esito_piano: {type: text, it: "Valutazione del Piano: in_valutazione, approvato, rinviato o respinto; vuota se non è presentato", en: "Evaluation of the plan: under way (in_valutazione), approved (approvato), sent back (rinviato) or rejected (respinto); empty if not presented"}
--   importo_eur: {type: "decimal(18,2)", it: "Parte dell’importo che il centro realizza, anche se il Piano non è ancora approvato", en: "Part of the amount that the centre carries out, even where the plan is not approved yet", unit: EUR, additive: true, required: true}
--   importo_piano_approvato_eur: {type: "decimal(18,2)", it: "Importo approvato dell’intero Piano, ripetuto per ogni suo centro", en: "Approved amount of the whole plan, repeated for each of its centres", unit: EUR, additive: false}
--   centri_del_piano: {type: bigint, it: Centri di competenza del Piano, en: Competence centres of the plan, unit: centri, additive: false, required: true}
-- rows: {min: 0, max: 5000000}
-- checks:
--   - importo_eur >= 0
--   - rule: "importo_eur <= importo_piano_approvato_eur"
--     severity: warning
--     it: "La parte di un centro supera l’importo approvato del Piano: correggere uno dei due importi"
--     en: "The part of one centre exceeds the approved amount of the plan: correct one of the two amounts"
-- charts:
--   - {kind: bar, title: {it: "Importi dei Piani approvati per centro di competenza, in euro", en: "Amounts of the approved plans by competence centre, in euro"}, category: centro_competenza, value: importo_eur, where: "esito_piano = 'approvato'", sort: value, limit: 10}
-- keywords: {it: [centri di competenza, piani di intervento, importi], en: [competence centres, intervention plans, amounts]}
-- themes: [GOVE, ECON]
-- ---
with
contati as (
    select
        id_piano,
        count(*) as centri
    from staging.piani_centri
    group by id_piano
),

final as (
    select
        centri.id_piano,
        centri.centro_competenza,
        centri.codice_fiscale_centro,
        piani.programma,
        piani.codice_regione,
        piani.esito as esito_piano,
        centri.importo_eur,
        piani.importo_approvato_eur as importo_piano_approvato_eur,
        contati.centri as centri_del_piano
    from staging.piani_centri as centri
    inner join marts.piani as piani on piani.id_piano = centri.id_piano
    inner join contati on contati.id_piano = centri.id_piano
)

select * from final
