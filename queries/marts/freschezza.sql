-- ---
-- title: {it: Freschezza delle consegne, en: Freshness of the deliveries}
-- description:
--   it: "Quanto è recente il contenuto di ogni tabella consegnata: la data più recente tra quelle dei suoi fatti, non il giorno in cui è stata caricata, e da quante consegne il file è identico."
--   en: "How recent the content of each table delivered is: the latest date among those of its facts, not the day on which it was loaded, and for how many deliveries the file has been the same."
-- grain: {it: una riga per tabella consegnata, en: one row per table delivered}
-- key: [tabella]
-- columns:
--   tabella: {type: text, it: Tabella, en: Table}
--   ultimo_fatto: {type: date, it: Data passata più recente nelle sue righe, en: Latest past date in its rows}
--   ultima_consegna: {type: date, it: Ultima consegna, en: Last delivery}
--   consegne_invariate: {type: integer, it: Consegne precedenti con lo stesso file, en: Earlier deliveries with the same file, additive: false}
-- rows: {min: 0, max: 1000}
-- date: ultimo_fatto
-- keywords: {it: [aggiornamento, fonti, età dei dati], en: [freshness, sources, age of the data]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        tabella,
        ultimo_fatto,
        ultima_consegna,
        consegne_invariate
    from piccoli.freschezza
)

select * from final
