-- ---
-- title: {it: Programmi, en: Programmes}
-- description: {it: "I cinque programmi con titolare, soggetto attuatore, dotazione, CUP, fondo e date note", en: "The five programmes with administration in charge, implementing body, budget, CUP, fund and known dates"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/programmi.csv]
--   format: csv
--   columns:
--     programma: {type: text, it: Programma, en: Programme, required: true}
--     ordine: {type: integer, it: Ordine di presentazione, en: Order of presentation, required: true}
--     denominazione: {type: text, it: Nome breve, en: Short name, required: true}
--     nome_esteso_it: {type: text, it: "Nome esteso, in italiano", en: "Full name, in Italian", required: true}
--     nome_esteso_en: {type: text, it: "Nome esteso, in inglese", en: "Full name, in English", required: true}
--     descrizione_it: {type: text, it: "Descrizione, in italiano", en: "Description, in Italian", required: true}
--     descrizione_en: {type: text, it: "Descrizione, in inglese", en: "Description, in English", required: true}
--     titolare: {type: text, it: Amministrazione titolare, en: Administration in charge, required: true}
--     soggetto_attuatore: {type: text, it: Chi attua, en: Implementing body, required: true}
--     soggetto_attuatore_en: {type: text, it: "Chi attua, in inglese; i nomi degli enti sono quelli italiani", en: "Who carries it out, in English; names of bodies are the Italian ones", required: true}
--     dotazione_eur: {type: "decimal(18,2)", it: Dotazione in euro, en: Budget in euro, unit: EUR, additive: false}
--     cup: {type: text, it: Codice unico di progetto, en: Unique project code, format: cup}
--     fondo: {type: text, it: Fondo, en: Fund, required: true}
--     fondo_en: {type: text, it: "Fondo, in inglese; i nomi dei programmi sono quelli italiani", en: "Fund, in English; names of programmes are the Italian ones", required: true}
--     data_inizio: {type: date, it: Inizio, en: Start}
--     precisione_data_inizio: {type: text, it: Precisione di data_inizio, en: Precision of data_inizio, allowed: [giorno, mese, anno]}
--     data_fine: {type: date, it: Fine, en: End}
--     precisione_data_fine: {type: text, it: Precisione di data_fine, en: Precision of data_fine, allowed: [giorno, mese, anno]}
--     id_fonte: {type: text, it: Fonte della riga, en: Source of the row, required: true}
--   rows: {min: 5, max: 20}
-- key: [programma]
-- checks:
--   - (data_inizio is null) = (precisione_data_inizio is null)
--   - (data_fine is null) = (precisione_data_fine is null)
--   - "data_fine >= data_inizio"
-- ---
with
final as (
    select *
    from raw.programmi
)

select * from final
