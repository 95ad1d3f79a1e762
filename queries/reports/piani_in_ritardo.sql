-- ---
-- title: {it: Piani in ritardo, en: Late plans}
-- description:
--   it: "I Piani presentati oltre 60 giorni dall’ammissione della domanda, e quelli non ancora presentati la cui scadenza è passata, con i giorni di ritardo alla data scelta. Chi non ha ancora presentato il Piano conta fino a quel giorno."
--   en: "The plans presented more than 60 days after the admission of the application, and those not yet presented whose deadline has passed, with the days of delay on the date chosen. A plan not yet presented counts up to that day."
-- params:
--   regione:
--     type: text
--     optional: true
--     it: Regione del capofila; senza, tutte
--     en: Region of the leading municipality; without it, all
--     values: select codice_regione, denominazione, slug from marts.regioni order by codice_regione
--   programma:
--     type: text
--     optional: true
--     it: Programma; senza, tutti
--     en: Programme; without it, all
--     values: select programma, denominazione from marts.programmi order by programma
--   alla_data:
--     type: date
--     optional: true
--     it: Giorno a cui contare il ritardo; senza, quello dell’ultima consegna dei Piani
--     en: Day on which to count the delay; without it, that of the last delivery of the plans
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [id_piano]
-- columns:
--   id_piano: {type: text, it: Piano, en: Plan}
--   regione: {type: text, it: Regione, en: Region}
--   comune_capofila: {type: text, it: Comune capofila, en: Leading municipality}
--   programma: {type: text, it: Programma, en: Programme}
--   comuni: {type: bigint, unit: comuni, additive: false, it: Comuni, en: Municipalities}
--   data_ammissione: {type: date, it: Ammessa il, en: Admitted on}
--   data_scadenza: {type: date, it: Da presentare entro, en: To be presented by}
--   data_presentazione: {type: date, it: Presentato il, en: Presented on}
--   giorni_ritardo: {type: bigint, unit: giorni, additive: false, it: Giorni di ritardo, en: Days late}
--   stato: {type: text, it: Stato del Piano, en: State of the plan}
-- charts:
--   - {kind: bar, title: {it: "I ritardi più lunghi, in giorni", en: "The longest delays, in days"}, category: id_piano, value: giorni_ritardo, limit: 20}
-- ---
with
giorno as (
    select coalesce($alla_data::date, max(ricevuta_il)) as alla_data
    from marts.consegne
    where tabella = 'piani'
),

piani as (
    select
        piani.*,
        domande.comune_capofila,
        regioni.denominazione as regione,
        -- The sixtieth day counts from the admission, whatever deadline was written.
        coalesce(piani.data_ammissione + 60, piani.data_scadenza) as ultimo_giorno
    from marts.piani as piani
    inner join marts.domande as domande on domande.id_domanda = piani.id_domanda
    inner join marts.regioni as regioni on regioni.codice_regione = piani.codice_regione
    where
        ($regione is null or piani.codice_regione = $regione)
        and ($programma is null or piani.programma = $programma)
),

final as (
    select
        piani.id_piano,
        piani.regione,
        piani.comune_capofila,
        coalesce(programmi.denominazione, piani.programma) as programma,
        piani.comuni,
        piani.data_ammissione,
        piani.ultimo_giorno as data_scadenza,
        case when piani.data_presentazione <= giorno.alla_data then piani.data_presentazione end as data_presentazione,
        least(coalesce(piani.data_presentazione, giorno.alla_data), giorno.alla_data) - piani.ultimo_giorno as giorni_ritardo,
        case
            when piani.data_presentazione is null or piani.data_presentazione > giorno.alla_data then case when $lingua = 'en' then 'to be presented' else 'da presentare' end
            when $lingua = 'en' then coalesce(map {'in_valutazione': 'under evaluation', 'approvato': 'approved', 'rinviato': 'sent back', 'respinto': 'rejected'}[piani.esito], piani.esito, 'presented')
            else coalesce(replace(piani.esito, '_', ' '), 'presentato')
        end as stato
    from piani
    cross join giorno
    left join marts.programmi as programmi on programmi.programma = piani.programma
    where least(coalesce(piani.data_presentazione, giorno.alla_data), giorno.alla_data) > piani.ultimo_giorno
)

select * from final
order by giorni_ritardo desc, id_piano
