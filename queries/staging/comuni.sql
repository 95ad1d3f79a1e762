-- ---
-- title: {it: Comuni italiani al 1° gennaio 2020, en: Italian municipalities on 1 January 2020}
-- description: {it: I 7.904 comuni dell’elenco ISTAT con popolazione legale 2011 e coordinate della sede dove sono certe, en: "The 7,904 municipalities of ISTAT’s list with legal population 2011 and coordinates of the seat where certain"}
-- source:
--   publisher: ISTAT
--   url: https://www.istat.it/it/archivio/6789
--   licence: CC-BY-3.0-IT
--   attribution: "Fonte: ISTAT, elenco dei comuni al 1° gennaio 2020, con coordinate di GeoNames (CC BY 4.0)"
--   cadence: never
--   received: 2026-11-22
--   files: [data/seeds/comuni.csv]
--   format: csv
--   columns:
--     codice_istat: {type: text, it: "Codice ISTAT del comune, sei cifre", en: "ISTAT code of the municipality, six digits", required: true, format: codice_istat}
--     denominazione: {type: text, it: Nome in italiano, en: Name in Italian, required: true}
--     denominazione_altra_lingua: {type: text, it: Nome nell’altra lingua ufficiale, en: Name in the other official language}
--     codice_catastale: {type: text, it: Codice catastale, en: Cadastral code, required: true, format: codice_catastale}
--     codice_provincia: {type: text, it: "Codice della provincia, tre cifre", en: "Code of the province, three digits", required: true}
--     provincia: {type: text, it: Provincia o città metropolitana, en: Province or metropolitan city, required: true}
--     sigla_provincia: {type: text, it: Sigla della provincia, en: Two-letter abbreviation of the province, required: true}
--     codice_regione: {type: text, it: "Codice ISTAT della regione, due cifre", en: "ISTAT code of the region, two digits", required: true}
--     regione: {type: text, it: Regione, en: Region, required: true}
--     codice_nuts3: {type: text, it: Codice NUTS 3, en: NUTS 3 code, required: true}
--     popolazione_legale_2011: {type: integer, it: "Popolazione legale, censimento del 9 ottobre 2011", en: "Legal population, census of 9 October 2011", required: true}
--     piccolo_comune: {type: boolean, it: Non più di 5.000 residenti legali nel 2011, en: "No more than 5,000 legal residents in 2011", required: true}
--     latitudine: {type: "decimal(9,6)", it: Latitudine della sede (WGS84), en: Latitude of the seat (WGS84)}
--     longitudine: {type: "decimal(9,6)", it: Longitudine della sede (WGS84), en: Longitude of the seat (WGS84)}
--   rows: {min: 7904, max: 7904}
-- key: [codice_istat]
-- checks:
--   - rule: piccolo_comune = (popolazione_legale_2011 <= 5000)
--     it: La soglia dei piccoli comuni non è quella della legge 158/2017
--     en: The ceiling of small municipalities is not that of law 158/2017
--   - rule: "left(codice_istat, 3) = codice_provincia"
--     it: Il codice del comune non comincia con quello della provincia
--     en: The code of the municipality does not begin with that of its province
--   - rule: (latitudine is null) = (longitudine is null)
--     it: Manca una sola delle due coordinate
--     en: Just one of the two coordinates is missing
--   - rule: latitudine between 35 and 48 and longitudine between 6 and 19
--     it: Le coordinate cadono fuori dall’Italia
--     en: The coordinates fall outside Italy
-- ---
with
final as (
    select *
    from raw.comuni
)

select * from final
