-- ---
-- title: {it: Avvisi di PA digitale 2026, en: Calls of PA digitale 2026}
-- description:
--   it: "Gli avvisi con cui il PNRR paga la digitalizzazione delle amministrazioni, com’erano nell’ultimo giorno scaricato, e quali erano ancora aperti quel giorno."
--   en: "The calls by which the recovery plan pays for the digitalisation of public bodies, as they were on the last day fetched, and which were still open on that day."
-- grain: {it: una riga per avviso, en: one row per call}
-- key: [titolo, data_inizio]
-- columns:
--   titolo: {type: text, it: Titolo dell’avviso, en: Title of the call}
--   codice_misura: {type: text, it: "Codice della misura, dal suo nome", en: "Code of the measure, from its name"}
--   misura: {type: text, it: Misura del PNRR, en: Measure of the recovery plan}
--   data_inizio: {type: date, it: Giorno di pubblicazione, en: Day of publication}
--   data_fine: {type: date, it: Ultimo giorno per candidarsi, en: Last day to apply, required: true}
--   aperto: {type: boolean, it: Vero se l’ultimo giorno non è passato alla data dei dati, en: True if the last day had not passed on the day of the data, required: true}
--   stato: {type: text, it: Stato secondo chi lo pubblica, en: State as its publisher has it}
--   importo_stanziato_eur: {type: "decimal(18,2)", it: Fondi dell’avviso, en: Money of the call, unit: EUR, additive: true}
--   importo_misura_eur: {type: "decimal(18,2)", it: "Fondi della misura nel PNRR, gli stessi per ogni suo avviso", en: "Money of the measure in the recovery plan, the same for each of its calls", unit: EUR, additive: false}
--   soggetti_destinatari: {type: text, it: A chi è rivolto, en: To whom it is addressed}
--   alla_data: {type: date, it: Giorno a cui si riferiscono i dati, en: Day that the data refer to, required: true}
-- rows: {min: 0, max: 1000}
-- sources: [PADIGITALE-OPENDATA]
-- date: data_fine
-- keywords: {it: [PA digitale 2026, PNRR, avvisi], en: [PA digitale 2026, PNRR, calls]}
-- themes: [GOVE, TECH]
-- ---
with
avvisi as (
    select *
    from staging.padigitale_avvisi
),

final as (
    select
        titolo,
        regexp_extract(misura, '^[0-9]+([.][0-9]+)*') as codice_misura,
        misura,
        data_inizio_bando as data_inizio,
        data_fine_bando as data_fine,
        data_fine_bando >= data_file as aperto,
        stato,
        totale_importo_stanziato as importo_stanziato_eur,
        totale_importo_misura as importo_misura_eur,
        soggetti_destinatari,
        data_file as alla_data
    from avvisi
    where data_file = (select max(data_file) from avvisi)
)

select * from final
