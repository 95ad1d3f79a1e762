-- ---
-- title: {it: Fonti, en: Sources}
-- description:
--   it: Le pagine e i documenti da cui vengono le evidenze, le cifre e i fatti, con chi li pubblica, la data, l’indirizzo pubblico quando si conosce e quante righe ne dipendono.
--   en: The pages and documents that evidence, figures and facts come from, with who publishes them, the date, the public address where known and how many rows depend on them.
-- grain: {it: una riga per fonte, en: one row per source}
-- key: [id_fonte]
-- columns:
--   id_fonte: {type: text, it: Sigla della fonte, en: Id of the source}
--   editore: {type: text, it: "Ente, testata o sito che pubblica; vuoto se non si conosce", en: "Body, newspaper or site that publishes; empty where unknown"}
--   titolo: {type: text, it: Titolo della pagina o del documento, en: Title of the page or document}
--   url: {type: text, it: "Indirizzo pubblico; vuoto se non si conosce", en: "Public address; empty where unknown"}
--   data_pubblicazione: {type: date, it: Data di pubblicazione (primo giorno del periodo), en: Date of publication (first day of the period)}
--   precisione_data_pubblicazione: {type: text, it: "Quanto è precisa la data: giorno, mese o anno", en: "How precise the date is: day, month or year (giorno, mese, anno)"}
--   nota_it: {type: text, it: Avvertenza sulla fonte, en: "Caution on the source, in Italian"}
--   nota_en: {type: text, it: "Avvertenza sulla fonte, in inglese", en: Caution on the source}
--   evidenze: {type: integer, it: Evidenze tratte dalla fonte, en: Evidence rows taken from the source, additive: true, required: true}
--   cifre: {type: integer, it: Cifre tratte dalla fonte, en: Figures taken from the source, additive: true, required: true}
--   fatti_cronologia: {type: integer, it: Fatti della cronologia tratti dalla fonte, en: Facts of the chronology taken from the source, additive: true, required: true}
-- rows: {min: 138, max: 1000}
-- checks:
--   - rule: url is not null or nota_it is not null
--     it: Una fonte senza indirizzo non dice perché
--     en: A source without an address does not say why
-- keywords: {it: [fonti, bibliografia], en: [sources, bibliography]}
-- themes: [GOVE]
-- ---
with
evidenze as (
    select
        id_fonte,
        count(*)::integer as evidenze
    from staging.evidenze
    group by id_fonte
),

cifre as (
    select
        id_fonte,
        count(*)::integer as cifre
    from staging.cifre_ufficiali
    group by id_fonte
),

fatti as (
    select
        id_fonte,
        count(*)::integer as fatti
    from staging.cronologia
    group by id_fonte
),

final as (
    select
        fonti.id_fonte,
        fonti.editore,
        fonti.titolo,
        fonti.url,
        fonti.data_pubblicazione,
        fonti.precisione_data_pubblicazione,
        fonti.nota_it,
        fonti.nota_en,
        coalesce(evidenze.evidenze, 0) as evidenze,
        coalesce(cifre.cifre, 0) as cifre,
        coalesce(fatti.fatti, 0) as fatti_cronologia
    from staging.fonti as fonti
    left join evidenze on evidenze.id_fonte = fonti.id_fonte
    left join cifre on cifre.id_fonte = fonti.id_fonte
    left join fatti on fatti.id_fonte = fonti.id_fonte
)

select * from final
