-- ---
-- title: {it: Avvisi di PA digitale 2026, en: Calls of PA digitale 2026}
-- description: {it: "Gli avvisi del PNRR per la digitalizzazione delle amministrazioni, come il Dipartimento li pubblica, una fotografia per giorno scaricato", en: "The calls of the recovery plan for the digitalisation of public bodies, as the Department publishes them, one snapshot a day fetched"}
-- source:
--   publisher: Dipartimento per la trasformazione digitale
--   url: https://github.com/teamdigitale/padigitale2026-opendata
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento per la trasformazione digitale, PA digitale 2026 open data"
--   cadence: daily
--   files: ["data/raw/padigitale/avvisi_*.csv"]
--   fetch:
--     source: padigitale
--     base: https://raw.githubusercontent.com/teamdigitale/padigitale2026-opendata/main/data/
--     files: [avvisi.csv]
--   optional: true
--   snapshots: true
--   format: csv
--   packed: [gzip]
--   amount: totale_importo_stanziato
--   columns:
--     titolo: {type: text, it: Titolo dell’avviso, en: Title of the call, required: true}
--     misura: {type: text, it: Misura del PNRR, en: Measure of the recovery plan, required: true}
--     data_inizio_bando: {type: date, it: Giorno di pubblicazione, en: Day of publication, required: true}
--     data_fine_bando: {type: date, it: Ultimo giorno per candidarsi, en: Last day to apply, required: true}
--     stato: {type: text, it: "Stato dell’avviso secondo chi lo pubblica", en: "State of the call as its publisher has it", required: true}
--     totale_importo_stanziato: {type: "decimal(18,2)", it: Fondi stanziati per l’avviso, en: Money set aside for the call, unit: EUR, additive: true}
--     totale_importo_misura: {type: "decimal(18,2)", it: Fondi della misura nel PNRR, en: Money of the measure in the recovery plan, unit: EUR, additive: false}
--     soggetti_destinatari: {type: text, it: A chi è rivolto, en: To whom it is addressed, required: true}
--   rows: {min: 10, max: 1000}
-- key: [data_file, titolo, data_inizio_bando]
-- ---
with
final as (
    select *
    from raw.padigitale_avvisi
)

select * from final
