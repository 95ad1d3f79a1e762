-- ---
-- title: {it: "Comuni che dal 2020 hanno cambiato codice, nome o territorio", en: "Municipalities whose code, name or territory changed since 2020"}
-- description: {it: "Per ogni comune del 2020 che oggi ha altro codice, nome, provincia o regione: quale è adesso e da quando", en: "For each municipality of 2020 with another code, name, province or region today: which one it is now and since when"}
-- source:
--   publisher: ISTAT
--   url: https://situas.istat.it
--   licence: CC-BY-4.0
--   attribution: "Fonte: ISTAT, SITUAS al 14 agosto 2026 ed elenco dei comuni soppressi"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/comuni_variazioni.csv]
--   format: csv
--   columns:
--     codice_istat: {type: text, it: "Codice ISTAT del comune, sei cifre", en: "ISTAT code of the municipality, six digits", required: true, format: codice_istat}
--     codice_istat_attuale: {type: text, it: Codice ISTAT di oggi, en: ISTAT code of today, required: true, format: codice_istat}
--     denominazione_attuale: {type: text, it: Nome di oggi, en: Name of today, required: true}
--     codice_provincia_attuale: {type: text, it: Codice della provincia di oggi, en: Code of the province of today, required: true}
--     provincia_attuale: {type: text, it: Provincia di oggi, en: Province of today, required: true}
--     sigla_provincia_attuale: {type: text, it: Sigla della provincia di oggi, en: Two-letter abbreviation of the province of today, required: true}
--     codice_regione_attuale: {type: text, it: "Codice ISTAT della regione, due cifre", en: "ISTAT code of the region, two digits", required: true}
--     regione_attuale: {type: text, it: Regione di oggi, en: Region of today, required: true}
--     tipo_variazione: {type: text, it: Che cosa è cambiato, en: What changed, required: true, allowed: [cambio_denominazione, cambio_regione, fusione, incorporazione, riordino_province]}
--     data_variazione: {type: date, it: Data del cambiamento; vuota se le fonti non la danno, en: Date of the change; empty where the sources do not give it}
--     riferimento: {type: text, it: Elenco o atto da cui risulta, en: List or act that shows it, required: true}
--   rows: {min: 410, max: 450}
-- key: [codice_istat]
-- checks:
--   - rule: "left(codice_istat_attuale, 3) = codice_provincia_attuale"
--     it: Il codice attuale non comincia con quello della sua provincia
--     en: The present code does not begin with that of its province
--   - rule: "(codice_istat = codice_istat_attuale) = (tipo_variazione = 'cambio_denominazione')"
--     it: Solo un cambio di nome lascia lo stesso codice
--     en: Only a change of name keeps the same code
-- ---
with
final as (
    select *
    from raw.comuni_variazioni
)

select * from final
