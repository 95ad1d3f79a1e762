-- ---
-- title: {it: Operazioni che restano fuori dall’elenco, en: Operations that stay out of the list}
-- description:
--   it: "Le operazioni di cui si sa qualcosa, ma non tutto ciò che l’elenco di legge vuole: qui, per ognuna, ogni dato che manca. Non si completano per ipotesi. Finché l’amministrazione non consegna l’elenco ci sono le linee di lavoro finanziate dal PON o dal POC, con i dati che le fonti pubbliche non danno."
--   en: "The operations of which something is known, but not all that the list by law asks for: here, for each, every piece of data that is missing. Nothing is filled in by guess. Until the administration delivers the list, the lines of work financed by PON or POC are here, with the data that public sources do not give."
-- grain: {it: una riga per operazione e dato mancante, en: one row per operation and missing piece of data}
-- key: [riferimento, campo]
-- columns:
--   riferimento: {type: text, it: "Codice dell’operazione; della linea di lavoro, dove l’operazione non è stata consegnata", en: "Code of the operation; of the line of work, where the operation was not delivered"}
--   campo: {type: text, it: "Dato che manca: la colonna dell’elenco, o «operazione» se l’elenco non ne ha una riga buona", en: "What is missing: the column of the list, or operazione if the list has no good row of it"}
--   voce_allegato: {type: integer, it: "Voce dell’allegato XII; vuota per ciò che l’allegato non chiede da solo", en: "Item of annex XII; empty for what the annex does not ask for on its own", additive: false}
--   origine: {type: text, it: "Da dove si sa dell’operazione: consegnata, rendicontazioni, fonti-pubbliche", en: "How the operation is known: delivered (consegnata), plans and claims (rendicontazioni), public sources (fonti-pubbliche)", required: true}
--   operazione: {type: text, it: "Nome dell’operazione, dove è noto", en: "Name of the operation, where known"}
--   motivo_it: {type: text, it: "Perché resta fuori, in italiano", en: "Why it stays out, in Italian", required: true}
--   motivo_en: {type: text, it: "Perché resta fuori, in inglese", en: "Why it stays out, in English", required: true}
--   id_fonte: {type: text, it: "Fonte pubblica, dove è quella a dire dell’operazione", en: "Public source, where it is the one that tells of the operation", ref: fonti.id_fonte}
-- rows: {min: 0, max: 100000000}
-- keywords: {it: [operazioni, elenco di legge, dati mancanti], en: [operations, list by law, missing data]}
-- themes: [GOVE, ECON]
-- ---
with
campi as (
    select *
    from (values
        ('codice_operazione', null, 'Manca il codice dell’operazione', 'The code of the operation is missing'),
        ('operazione', null, 'L’operazione è nei Piani o nelle rendicontazioni, ma l’elenco consegnato non ne ha una riga buona: può essere in quarantena', 'The operation is in plans or claims, but the list delivered has no good row of it: it may be in quarantine'),
        ('programma', null, 'Non si sa se finanzia il PON o il POC', 'It is not known whether the PON or the POC finances it'),
        ('fondo', null, 'Manca il Fondo', 'The Fund is missing'),
        ('beneficiario_nome', 1, 'Manca il nome del beneficiario', 'The name of the beneficiary is missing'),
        ('beneficiario_codice_fiscale', 1, 'Manca il codice fiscale del beneficiario', 'The tax code of the beneficiary is missing'),
        ('operazione_nome', 2, 'Manca il nome dell’operazione, o non è di 3-255 caratteri', 'The name of the operation is missing, or is not of 3 to 255 characters'),
        ('operazione_sintesi', 3, 'Manca la sintesi, o non è di 30-2.000 caratteri', 'The summary is missing, or is not of 30 to 2,000 characters'),
        ('data_inizio', 4, 'Manca la data di inizio, o viene prima del 2014', 'The start date is missing, or comes before 2014'),
        ('data_fine', 5, 'Manca la data di fine, anche solo prevista', 'The end date, even if only expected, is missing'),
        ('spesa_ammissibile_totale', 6, 'Manca la spesa ammissibile totale', 'The total eligible expenditure is missing'),
        ('tasso_cofinanziamento_ue', 7, 'Manca il tasso di cofinanziamento dell’Unione', 'The Union co-financing rate is missing'),
        ('asse', 7, 'Manca l’asse prioritario', 'The priority axis is missing'),
        ('codice_postale o codice_nuts', 8, 'Mancano sia il CAP sia il codice NUTS', 'Both postcode and NUTS code are missing'),
        ('categoria_intervento_codice', 10, 'Manca il codice della categoria di intervento', 'The code of the category of intervention is missing'),
        ('categoria_intervento_nome', 10, 'Manca il nome della categoria di intervento', 'The name of the category of intervention is missing'),
        ('forma_sostegno', null, 'Manca la forma del sostegno', 'The form of support is missing')
    ) as elenco (campo, voce_allegato, motivo_it, motivo_en)
),

consegnate as (
    select
        id_operazione as riferimento,
        'consegnata' as origine,
        operazione_nome as operazione,
        null::varchar as id_fonte,
        unnest([
            case when programma_operativo is null then 'programma' end,
            case when fondo is null then 'fondo' end,
            case when coalesce(length(beneficiario_nome), 0) < 2 then 'beneficiario_nome' end,
            case when beneficiario_codice_fiscale is null then 'beneficiario_codice_fiscale' end,
            case when coalesce(length(operazione_nome), 0) not between 3 and 255 then 'operazione_nome' end,
            case when coalesce(length(operazione_sintesi), 0) not between 30 and 2000 then 'operazione_sintesi' end,
            case when coalesce(data_inizio < date '2014-01-01', true) then 'data_inizio' end,
            case when data_fine is null then 'data_fine' end,
            case when spesa_ammissibile_eur is null then 'spesa_ammissibile_totale' end,
            case when tasso_cofinanziamento_ue_pct is null then 'tasso_cofinanziamento_ue' end,
            case when asse is null then 'asse' end,
            case when codice_postale is null and codice_nuts is null then 'codice_postale o codice_nuts' end,
            case when categoria_intervento_codice is null then 'categoria_intervento_codice' end,
            case when categoria_intervento_nome is null then 'categoria_intervento_nome' end,
            case when forma_sostegno is null then 'forma_sostegno' end
        ]) as campo
    from staging.operazioni
),

-- An operation that plans or claims name was financed, whether or not the list has it.
nominate as (
    select id_operazione
    from staging.rendicontazioni
    where id_operazione is not null
    union
    select id_operazione
    from staging.piani
    where
        id_operazione is not null
        and esito = 'approvato'
),

solo_nominate as (
    select
        nominate.id_operazione as riferimento,
        'rendicontazioni' as origine,
        null::varchar as operazione,
        null::varchar as id_fonte,
        'operazione' as campo
    from nominate
    left join staging.operazioni as operazioni on operazioni.id_operazione = nominate.id_operazione
    where operazioni.id_operazione is null
),

-- What public sources say of the lines of work of which a competence centre is the beneficiary; the budget that they state is not the eligible expenditure.
linee as (
    select
        programma as riferimento,
        'fonti-pubbliche' as origine,
        denominazione as operazione,
        id_fonte,
        unnest([
            'codice_operazione',
            'programma',
            'fondo',
            'beneficiario_codice_fiscale',
            case when data_inizio is null or precisione_data_inizio <> 'giorno' then 'data_inizio' end,
            case when data_fine is null or precisione_data_fine <> 'giorno' then 'data_fine' end,
            'spesa_ammissibile_totale',
            'tasso_cofinanziamento_ue',
            'asse',
            'codice_postale o codice_nuts',
            'categoria_intervento_codice',
            'categoria_intervento_nome',
            'forma_sostegno'
        ]) as campo
    from marts.programmi
    where
        regexp_matches(fondo, '\bPON\b')
        and soggetto_attuatore <> titolare
        and (select count(*) from staging.operazioni) + (select count(*) from nominate) = 0
),

insieme as (
    select riferimento, campo, origine, operazione, id_fonte from consegnate
    union all
    select riferimento, campo, origine, operazione, id_fonte from solo_nominate
    union all
    select riferimento, campo, origine, operazione, id_fonte from linee
),

final as (
    select
        insieme.riferimento,
        insieme.campo,
        campi.voce_allegato,
        insieme.origine,
        insieme.operazione,
        campi.motivo_it,
        campi.motivo_en,
        insieme.id_fonte
    from insieme
    inner join campi on campi.campo = insieme.campo
)

select * from final
