-- ---
-- title: {it: Elenco delle operazioni, en: List of operations}
-- description:
--   it: "L’elenco delle operazioni che la legge vuole pubblicato, per programma e Fondo: chi è il beneficiario (il centro di competenza, non il comune che riceve l’aiuto), che cosa fa, quando, con quale spesa ammissibile e quale quota dell’Unione. Ci sono solo le operazioni complete; le altre sono contate una per una in operazioni_incomplete. Se l’amministrazione non ha consegnato l’elenco, il dataset è vuoto."
--   en: "The list of operations that the law wants published, by programme and Fund: who the beneficiary is (the competence centre, not the municipality that is helped), what it does, when, with which eligible expenditure and which Union share. Only complete operations are here; the others are counted one by one in operazioni_incomplete. If the administration has not delivered the list, the dataset is empty."
-- grain: {it: una riga per operazione, en: one row per operation}
-- key: [codice_operazione]
-- columns:
--   codice_operazione: {type: text, it: Codice operazione, en: Operation identifier}
--   programma: {type: text, it: Programma (PON o POC), en: Programme (PON or POC), required: true, allowed: [PON, POC]}
--   fondo: {type: text, it: "Fondo (FSE, FESR o FDR)", en: "Fund (FSE: ESF, FESR: ERDF, FDR: national)", required: true, allowed: [FSE, FESR, FDR]}
--   beneficiario_nome: {type: text, it: Nome del beneficiario, en: Beneficiary name, required: true}
--   beneficiario_codice_fiscale: {type: text, it: Codice fiscale del beneficiario, en: Beneficiary tax code, required: true}
--   operazione_nome: {type: text, it: Nome dell’operazione, en: Operation name, required: true}
--   operazione_sintesi: {type: text, it: Sintesi dell’operazione, en: Operation summary, required: true}
--   data_inizio: {type: date, it: Data di inizio dell’operazione, en: Operation start date, required: true}
--   data_fine: {type: date, it: Data di fine dell’operazione (anche prevista), en: Operation end date (also as expected), required: true}
--   spesa_ammissibile_totale: {type: "decimal(18,2)", it: Spesa ammissibile totale assegnata all’operazione, en: Total eligible expenditure allocated to the operation, unit: EUR, additive: true, required: true}
--   tasso_cofinanziamento_ue: {type: "decimal(5,2)", it: "Tasso di cofinanziamento dell’Unione (%), per asse prioritario", en: "Union co-financing rate (%), as per priority axis", unit: pct, additive: false, required: true}
--   asse: {type: text, it: Asse prioritario, en: Priority axis, required: true}
--   codice_postale: {type: text, it: Codice postale dell’operazione, en: Operation postcode}
--   codice_nuts: {type: text, it: Altro indicatore di localizzazione (NUTS), en: Other location indicator (NUTS), format: nuts}
--   paese: {type: text, it: Paese, en: Country, required: true, allowed: [Italia]}
--   categoria_intervento_codice: {type: text, it: Codice della categoria di intervento, en: Category of intervention code, required: true}
--   categoria_intervento_nome: {type: text, it: Denominazione della categoria di intervento, en: Name of category of intervention, required: true}
--   cup: {type: text, it: CUP, en: Unique project code (CUP), format: cup}
--   forma_sostegno: {type: text, it: Forma del sostegno (art. 67), en: Form of grant (Art. 67), required: true}
--   data_ultimo_aggiornamento_elenco: {type: date, it: Data dell’ultimo aggiornamento dell’elenco, en: Date of last update of the list of operations, required: true}
-- rows: {min: 0, max: 5000000}
-- list:
--   law: {it: "Reg. (UE) 1303/2013, art. 115, par. 2, e allegato XII, punto 1: un elenco per programma e per Fondo, in un foglio di dati che si può ordinare, cercare ed estrarre, aggiornato almeno ogni sei mesi", en: "Reg. (EU) 1303/2013, art. 115(2) and annex XII, point 1: a list by programme and by Fund, in a spreadsheet format that can be sorted, searched and extracted, updated at least every six months"}
--   english: list-of-operations
--   by: [programma, fondo]
--   incomplete: operazioni_incomplete
--   updated: data_ultimo_aggiornamento_elenco
-- checks:
--   - spesa_ammissibile_totale > 0
--   - data_fine >= data_inizio
--   - tasso_cofinanziamento_ue between 0 and 100
--   - rule: "codice_postale is not null or codice_nuts is not null"
--     it: Un’operazione non dice dov’è
--     en: An operation does not say where it is
--   - rule: "programma <> 'POC' or tasso_cofinanziamento_ue = 0"
--     it: Un’operazione del POC, che è denaro nazionale, ha una quota dell’Unione
--     en: An operation of the POC, which is national money, has a Union share
--   - rule: "regexp_matches(codice_operazione, '^[A-Z0-9][A-Z0-9._-]{2,39}$')"
--     severity: warning
--     it: Il codice dell’operazione ha minuscole, spazi o altri segni
--     en: The code of the operation has lower case, blanks or other signs
-- charts:
--   - {kind: bar, title: {it: "Spesa ammissibile per beneficiario, in euro", en: "Eligible expenditure by beneficiary, in euro"}, category: beneficiario_nome, value: spesa_ammissibile_totale, sort: value, limit: 10}
-- keywords: {it: [operazioni, beneficiari, elenco di legge, fondi strutturali], en: [operations, beneficiaries, list by law, structural funds]}
-- themes: [GOVE, ECON, REGI]
-- frequency: ANNUAL_2
-- date: data_ultimo_aggiornamento_elenco
-- ---
with
-- The list is as new as its last delivery.
aggiornamento as (
    select ultima_consegna
    from piccoli.freschezza
    where tabella = 'operazioni'
),

final as (
    select
        operazioni.id_operazione as codice_operazione,
        operazioni.programma_operativo as programma,
        operazioni.fondo,
        operazioni.beneficiario_nome,
        operazioni.beneficiario_codice_fiscale,
        operazioni.operazione_nome,
        operazioni.operazione_sintesi,
        operazioni.data_inizio,
        operazioni.data_fine,
        operazioni.spesa_ammissibile_eur as spesa_ammissibile_totale,
        operazioni.tasso_cofinanziamento_ue_pct as tasso_cofinanziamento_ue,
        operazioni.asse,
        operazioni.codice_postale,
        operazioni.codice_nuts,
        'Italia' as paese,
        operazioni.categoria_intervento_codice,
        operazioni.categoria_intervento_nome,
        operazioni.cup,
        operazioni.forma_sostegno,
        aggiornamento.ultima_consegna as data_ultimo_aggiornamento_elenco
    from staging.operazioni as operazioni
    cross join aggiornamento
    left join marts.operazioni_incomplete as incomplete on incomplete.riferimento = operazioni.id_operazione
    where incomplete.riferimento is null
)

select * from final
