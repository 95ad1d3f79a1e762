-- ---
-- title: {it: Comuni italiani, en: Italian municipalities}
-- description:
--   it: I 7.904 comuni al 1° gennaio 2020, con popolazione legale 2011, coordinate della sede dove sono certe, il codice, il nome e la provincia di oggi e quante evidenze pubbliche li riguardano. Si usa il codice del 2020 perché è quello degli anni di cui le fonti parlano.
--   en: The 7,904 municipalities on 1 January 2020, with legal population 2011, coordinates of the seat where certain, the code, name and province of today and how much public evidence concerns them. The 2020 code is used because it is that of the years the sources speak of.
-- grain: {it: una riga per comune al 1° gennaio 2020, en: one row per municipality on 1 January 2020}
-- key: [codice_istat]
-- columns:
--   codice_istat: {type: text, it: "Codice ISTAT del comune nel 2020, sei cifre", en: "ISTAT code of the municipality in 2020, six digits"}
--   denominazione: {type: text, it: "Nome in italiano, come lo scrive ISTAT", en: "Name in Italian, as ISTAT writes it", required: true}
--   denominazione_altra_lingua: {type: text, it: "Nome in tedesco, francese, sloveno o altra lingua dove è ufficiale", en: "Name in German, French, Slovene or another language where official"}
--   codice_catastale: {type: text, it: "Codice catastale, che resta quando cambia la provincia", en: "Cadastral code, which stays when the province changes", required: true}
--   codice_provincia: {type: text, it: "Codice della provincia nel 2020, tre cifre", en: "Code of the province in 2020, three digits", required: true}
--   provincia: {type: text, it: Provincia o città metropolitana nel 2020, en: Province or metropolitan city in 2020, required: true}
--   sigla_provincia: {type: text, it: Sigla della provincia nel 2020, en: Two-letter abbreviation of the province in 2020, required: true}
--   codice_regione: {type: text, it: Regione nel 2020, en: Region in 2020, ref: regioni.codice_regione, required: true}
--   regione: {type: text, it: Nome della regione nel 2020, en: Name of the region in 2020, required: true}
--   codice_nuts3: {type: text, it: Codice NUTS 3 nell’elenco del 2020, en: NUTS 3 code in the list of 2020, required: true}
--   popolazione_legale_2011: {type: integer, it: "Residenti legali, censimento del 9 ottobre 2011", en: "Legal residents, census of 9 October 2011", unit: abitanti, additive: true, required: true}
--   piccolo_comune: {type: boolean, it: "Vero se non supera 5.000 residenti legali (legge 158/2017); la regola per i comuni nati da fusione non è applicata", en: "True if it has no more than 5,000 legal residents (law 158/2017); the rule for municipalities born of a merger is not applied", required: true}
--   latitudine: {type: "decimal(9,6)", it: "Latitudine della sede (WGS84); vuota se GeoNames non la dà con certezza", en: "Latitude of the seat (WGS84); empty where GeoNames does not give it with certainty"}
--   longitudine: {type: "decimal(9,6)", it: "Longitudine della sede (WGS84); vuota se GeoNames non la dà con certezza", en: "Longitude of the seat (WGS84); empty where GeoNames does not give it with certainty"}
--   codice_istat_attuale: {type: text, it: Codice ISTAT al 14 agosto 2026; dopo una fusione è quello del comune che è succeduto, en: ISTAT code on 14 August 2026; after a merger it is that of the municipality that succeeded, required: true}
--   denominazione_attuale: {type: text, it: Nome di oggi, en: Name of today, required: true}
--   codice_provincia_attuale: {type: text, it: Codice della provincia di oggi, en: Code of the province of today, required: true}
--   provincia_attuale: {type: text, it: Provincia o città metropolitana di oggi, en: Province or metropolitan city of today, required: true}
--   sigla_provincia_attuale: {type: text, it: Sigla della provincia di oggi, en: Two-letter abbreviation of the province of today, required: true}
--   codice_regione_attuale: {type: text, it: Regione di oggi, en: Region of today, ref: regioni.codice_regione, required: true}
--   regione_attuale: {type: text, it: Nome della regione di oggi, en: Name of the region of today, required: true}
--   tipo_variazione: {type: text, it: "Che cosa è cambiato dal 2020: nome, regione, fusione, incorporazione o riordino delle province; vuoto se niente", en: "What changed since 2020: name, region, merger, incorporation or redrawn provinces; empty if nothing"}
--   data_variazione: {type: date, it: Data del cambiamento; vuota se le fonti non la danno. In Sardegna è il giorno da cui ISTAT usa i nuovi codici, en: Date of the change; empty where the sources do not give it. In Sardinia it is the day since which ISTAT uses the new codes}
--   evidenze: {type: integer, it: Righe di evidenza pubblica sul comune, en: Rows of public evidence on the municipality, additive: true, required: true}
--   ammesso_nominato: {type: boolean, it: Vero se una fonte lo nomina come ammesso, en: True if a source names it as admitted, required: true}
-- rows: {min: 7904, max: 7904}                 # municipalities of Italy on 1 January 2020
-- checks:
--   - rule: "(tipo_variazione is null) = (codice_istat_attuale = codice_istat and denominazione_attuale = denominazione)"
--     it: Un comune cambiato non dice come, o uno uguale dice di essere cambiato
--     en: A changed municipality does not say how, or an unchanged one says that it changed
--   - rule: evidenze > 0 or not ammesso_nominato
--     it: Un comune è dato per ammesso senza un’evidenza
--     en: A municipality is shown as admitted without evidence
--   - rule: "left(codice_istat_attuale, 3) = codice_provincia_attuale"
--     it: Il codice attuale non comincia con quello della provincia attuale
--     en: The present code does not begin with that of the present province
-- keywords: {it: [comuni, codici ISTAT, popolazione], en: [municipalities, ISTAT codes, population]}
-- themes: [GOVE, REGI]
-- sources: [ISTAT-COMUNI-2020, ISTAT-SITUAS-2026, ISTAT-SOPPRESSI, GEONAMES]
-- ---
with
evidenze as (
    select
        codice_istat,
        count(*)::integer as evidenze,
        bool_or(ammissione) as ammesso_nominato
    from marts.evidenze
    where codice_istat is not null
    group by codice_istat
),

final as (
    select
        comuni.codice_istat,
        comuni.denominazione,
        comuni.denominazione_altra_lingua,
        comuni.codice_catastale,
        comuni.codice_provincia,
        comuni.provincia,
        comuni.sigla_provincia,
        comuni.codice_regione,
        comuni.regione,
        comuni.codice_nuts3,
        comuni.popolazione_legale_2011,
        comuni.piccolo_comune,
        comuni.latitudine,
        comuni.longitudine,
        coalesce(variazioni.codice_istat_attuale, comuni.codice_istat) as codice_istat_attuale,
        coalesce(variazioni.denominazione_attuale, comuni.denominazione) as denominazione_attuale,
        coalesce(variazioni.codice_provincia_attuale, comuni.codice_provincia) as codice_provincia_attuale,
        coalesce(variazioni.provincia_attuale, comuni.provincia) as provincia_attuale,
        coalesce(variazioni.sigla_provincia_attuale, comuni.sigla_provincia) as sigla_provincia_attuale,
        coalesce(variazioni.codice_regione_attuale, comuni.codice_regione) as codice_regione_attuale,
        coalesce(variazioni.regione_attuale, comuni.regione) as regione_attuale,
        variazioni.tipo_variazione,
        variazioni.data_variazione,
        coalesce(evidenze.evidenze, 0) as evidenze,
        coalesce(evidenze.ammesso_nominato, false) as ammesso_nominato
    from staging.comuni as comuni
    left join staging.comuni_variazioni as variazioni on variazioni.codice_istat = comuni.codice_istat
    left join evidenze on evidenze.codice_istat = comuni.codice_istat
)

select * from final
