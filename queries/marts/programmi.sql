-- ---
-- title: {it: Programmi, en: Programmes}
-- description:
--   it: "I cinque programmi per i piccoli comuni, con chi li ha in carico, chi li attua, la dotazione dichiarata e le date note: dove una data manca, le fonti non la danno o non concordano. La dotazione dell’Avviso è il totale di cui P.I.C.C.O.L.I. e Fast sono le due parti, perciò le dotazioni non si sommano."
--   en: "The five programmes for small municipalities, with who is in charge, who carries them out, the stated budget and the known dates: where a date is missing, the sources do not give it or do not agree. The budget of the call is the whole of which P.I.C.C.O.L.I. and Fast are the two parts, so budgets are not to be added."
-- grain: {it: una riga per programma, en: one row per programme}
-- key: [programma]
-- columns:
--   programma: {type: text, it: Programma, en: Programme}
--   ordine: {type: integer, it: Ordine di presentazione, en: Order of presentation, required: true}
--   denominazione: {type: text, it: Nome breve, en: Short name, required: true}
--   nome_esteso_it: {type: text, it: "Nome esteso, in italiano", en: "Full name, in Italian", required: true}
--   nome_esteso_en: {type: text, it: "Nome esteso, in inglese", en: "Full name, in English", required: true}
--   descrizione_it: {type: text, it: "Che cosa è, in italiano", en: "What it is, in Italian", required: true}
--   descrizione_en: {type: text, it: "Che cosa è, in inglese", en: "What it is, in English", required: true}
--   titolare: {type: text, it: Amministrazione titolare, en: Administration in charge, required: true}
--   soggetto_attuatore: {type: text, it: Chi attua, en: Who carries it out, required: true}
--   soggetto_attuatore_en: {type: text, it: "Chi attua, in inglese; i nomi degli enti sono quelli italiani", en: "Who carries it out, in English; names of bodies are the Italian ones", required: true}
--   dotazione_eur: {type: "decimal(18,2)", it: "Dotazione dichiarata; vuota se è fissata avviso per avviso", en: "Stated budget; empty where it is set call by call", unit: EUR, additive: false}
--   cup: {type: text, it: "Codice unico di progetto, dove una fonte lo riporta", en: "Unique project code (CUP), where a source gives it"}
--   fondo: {type: text, it: Fondo che finanzia, en: Fund that finances, required: true}
--   fondo_en: {type: text, it: "Fondo, in inglese; i nomi dei programmi sono quelli italiani", en: "Fund, in English; names of programmes are the Italian ones", required: true}
--   data_inizio: {type: date, it: Inizio, en: Start}
--   precisione_data_inizio: {type: text, it: "Quanto è precisa la data di inizio", en: How precise the start date is}
--   data_fine: {type: date, it: "Fine; per l’Avviso è la chiusura delle domande", en: "End; for the call it is the closing of applications"}
--   precisione_data_fine: {type: text, it: "Quanto è precisa la data di fine", en: How precise the end date is}
--   id_fonte: {type: text, it: Fonte della dotazione e della descrizione, en: Source of the budget and the description, ref: fonti.id_fonte, required: true}
-- rows: {min: 5, max: 20}
-- checks:
--   - rule: dotazione_eur > 0
--     it: Una dotazione dichiarata non è positiva
--     en: A stated budget is not positive
-- keywords: {it: [programmi, dotazioni, PON Governance], en: [programmes, budgets, PON Governance]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        programma,
        ordine,
        denominazione,
        nome_esteso_it,
        nome_esteso_en,
        descrizione_it,
        descrizione_en,
        titolare,
        soggetto_attuatore,
        soggetto_attuatore_en,
        dotazione_eur,
        cup,
        fondo,
        fondo_en,
        data_inizio,
        precisione_data_inizio,
        data_fine,
        precisione_data_fine,
        id_fonte
    from staging.programmi
)

select * from final
