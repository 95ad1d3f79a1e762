-- ---
-- title: {it: Codici dei comuni nel tempo, en: Codes of the municipalities over time}
-- description: {it: "Ogni codice ISTAT con i giorni in cui vale: quelli dell’elenco del 1° gennaio 2020, che è il primo giorno noto, e quelli nati dopo. valido_al è l’ultimo giorno, vuoto se il codice vale ancora", en: "Each ISTAT code with the days on which it is valid: those of the list of 1 January 2020, which is the first day known, and those born later. valido_al is the last day, empty if the code is still valid"}
-- key: [codice_istat, valido_dal]
-- columns:
--   codice_istat: {type: text, it: "Codice ISTAT del comune, sei cifre", en: "ISTAT code of the municipality, six digits"}
--   valido_dal: {type: date, it: Primo giorno noto in cui il codice vale, en: First day known on which the code is valid}
--   valido_al: {type: date, it: "Ultimo giorno in cui il codice vale; vuoto se vale ancora", en: "Last day on which the code is valid; empty if still valid"}
--   codice_istat_2020: {type: text, it: Codice del comune al 1° gennaio 2020; vuoto se è nato dall’unione di più comuni, en: Code of the municipality on 1 January 2020; empty if born of several municipalities}
--   codice_catastale: {type: text, it: Codice catastale; vuoto per i comuni nati da fusione dopo il 2020, en: Cadastral code; empty for municipalities born of a merger after 2020}
--   denominazione: {type: text, it: Nome in italiano, en: Name in Italian, required: true}
--   codice_provincia: {type: text, it: "Codice della provincia, tre cifre", en: "Code of the province, three digits", required: true}
--   codice_regione: {type: text, it: "Codice ISTAT della regione, due cifre", en: "ISTAT code of the region, two digits", required: true}
--   regione: {type: text, it: Regione, en: Region, required: true}
--   popolazione_legale_2011: {type: integer, it: "Residenti legali del censimento 2011, sommati per i comuni nati da fusione", en: "Legal residents of the 2011 census, added up for municipalities born of a merger", required: true}
--   eleggibile: {type: boolean, it: "Vero se non supera 5.000 residenti legali, o è nato dalla fusione di comuni che non li superano", en: "True if it has no more than 5,000 legal residents, or was born of a merger of municipalities that have no more", required: true}
-- checks:
--   - rule: "valido_al >= valido_dal"
--     it: Un codice finisce prima di cominciare
--     en: A code ends before it begins
--   - rule: "left(codice_istat, 3) = codice_provincia"
--     it: Il codice del comune non comincia con quello della provincia
--     en: The code of the municipality does not begin with that of its province
-- ---
with
comuni as (
    select *
    from staging.comuni
),

-- A change of name keeps the code: it says nothing on which codes are valid.
variazioni as (
    select *
    from staging.comuni_variazioni
    where tipo_variazione <> 'cambio_denominazione'
),

elenco as (
    select
        comuni.codice_istat,
        date '2020-01-01' as valido_dal,
        variazioni.data_variazione - 1 as valido_al,
        comuni.codice_istat as codice_istat_2020,
        comuni.codice_catastale,
        comuni.denominazione,
        comuni.codice_provincia,
        comuni.codice_regione,
        comuni.regione,
        comuni.popolazione_legale_2011,
        comuni.piccolo_comune as eleggibile
    from comuni
    left join variazioni on variazioni.codice_istat = comuni.codice_istat
),

-- Codes that were not in the list: of a comune in another province it keeps the cadastral code; of a merger it is not known here.
nuovi as (
    select
        variazioni.codice_istat_attuale as codice_istat,
        min(variazioni.data_variazione) as valido_dal,
        null::date as valido_al,
        case when count(*) = 1 then min(variazioni.codice_istat) end as codice_istat_2020,
        case when count(*) = 1 then min(comuni.codice_catastale) end as codice_catastale,
        min(variazioni.denominazione_attuale) as denominazione,
        min(variazioni.codice_provincia_attuale) as codice_provincia,
        min(variazioni.codice_regione_attuale) as codice_regione,
        min(variazioni.regione_attuale) as regione,
        sum(comuni.popolazione_legale_2011)::integer as popolazione_legale_2011,
        bool_and(comuni.piccolo_comune) as eleggibile
    from variazioni
    inner join comuni on comuni.codice_istat = variazioni.codice_istat
    anti join comuni as gia_presenti on gia_presenti.codice_istat = variazioni.codice_istat_attuale
    group by variazioni.codice_istat_attuale
),

final as (
    select * from elenco
    union all
    select * from nuovi
)

select * from final
