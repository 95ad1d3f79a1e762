-- ---
-- title: {it: Fonti, en: Sources}
-- description:
--   it: "Le pagine e i documenti da cui vengono le evidenze, le cifre e i fatti, con chi li pubblica, la data, l’indirizzo pubblico quando si conosce e quante righe ne dipendono. Molte pagine non portano una data e di alcuni documenti non si conosce l’indirizzo: in quei casi la colonna è vuota."
--   en: "The pages and documents that evidence, figures and facts come from, with who publishes them, the date, the public address where known and how many rows depend on them. Many pages bear no date and the address of some documents is unknown: there the column is empty."
-- grain: {it: una riga per fonte, en: one row per source}
-- key: [id_fonte]
-- columns:
--   id_fonte: {type: text, it: Sigla della fonte, en: Id of the source}
--   editore: {type: text, it: "Ente, testata o sito che pubblica; vuoto se non si conosce", en: "Body, newspaper or site that publishes; empty where unknown"}
--   titolo: {type: text, it: Titolo della pagina o del documento; vuoto se non è stato registrato, en: Title of the page or document; empty where it was not recorded}
--   url: {type: text, it: "Indirizzo pubblico; vuoto se non si conosce", en: "Public address; empty where unknown"}
--   data_pubblicazione: {type: date, it: Data di pubblicazione (primo giorno del periodo); vuota se non si conosce, en: Date of publication (first day of the period); empty where unknown}
--   precisione_data_pubblicazione: {type: text, it: "Quanto è precisa la data: giorno, mese o anno", en: "How precise the date is: day, month or year (giorno, mese, anno)"}
--   nota_it: {type: text, it: "Avvertenza sulla fonte, in italiano", en: "Caution on the source, in Italian"}
--   nota_en: {type: text, it: "Avvertenza sulla fonte, in inglese", en: "Caution on the source, in English"}
--   evidenze: {type: integer, it: Evidenze tratte dalla fonte, en: Evidence rows taken from the source, additive: true, required: true}
--   cifre: {type: integer, it: Cifre tratte dalla fonte, en: Figures taken from the source, additive: true, required: true}
--   fatti_cronologia: {type: integer, it: Fatti della cronologia tratti dalla fonte, en: Facts of the chronology taken from the source, additive: true, required: true}
--   etichetta_it: {type: text, it: "Come nominare la fonte, in italiano: chi la pubblica e la data o il titolo", en: "How to name the source, in Italian: who publishes it and the date or the title", required: true}
--   etichetta_en: {type: text, it: "Come nominare la fonte, in inglese: chi la pubblica e la data o il titolo", en: "How to name the source, in English: who publishes it and the date or the title", required: true}
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

-- What a label is made of. The publisher goes without the remark on where its text comes from; a long title is cut between two words.
parti as (
    select
        *,
        regexp_replace(editore, ' \((ripresa|copia|traduzione) .*\)$', '') as chi,
        case
            when length(titolo) <= 48 then translate(titolo, '“”', '')
            else regexp_replace(translate(regexp_extract(titolo, '^(.{1,48})\s', 1), '“”', ''), '[,;:. ]+$', '') || '…'
        end as titolo_breve,
        case when precisione_data_pubblicazione = 'giorno' then day(data_pubblicazione) end as giorno,
        case when precisione_data_pubblicazione in ('giorno', 'mese') then month(data_pubblicazione) end as mese,
        year(data_pubblicazione) as anno
    from staging.fonti
),

date_scritte as (
    select
        *,
        concat_ws(
            ' ',
            case when giorno = 1 then '1°' else giorno::text end,
            ['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno', 'luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre'][mese],
            anno
        ) as data_it,
        concat_ws(
            ' ',
            giorno,
            ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'][mese],
            anno
        ) as data_en
    from parti
),

-- Publisher and date; without a date, publisher and title; without a publisher, the title or what is known of the document.
nomi as (
    select
        *,
        case
            when chi is not null and anno is not null then chi || ', ' || data_it
            when chi is not null and titolo_breve is not null then chi || ', «' || titolo_breve || '»'
            when chi is not null then chi || ', senza data'
            when titolo_breve is not null then '«' || titolo_breve || '», ' || if(url is null, 'documento senza indirizzo pubblico', 'senza data')
            when url is null then 'Documento senza indirizzo pubblico'
            else 'Pagina senza titolo'
        end as nome_it,
        case
            when chi is not null and anno is not null then chi || ', ' || data_en
            when chi is not null and titolo_breve is not null then chi || ', “' || titolo_breve || '”'
            when chi is not null then chi || ', undated'
            when titolo_breve is not null then '“' || titolo_breve || '”, ' || if(url is null, 'document without a public address', 'undated')
            when url is null then 'Document without a public address'
            else 'Page without a title'
        end as nome_en
    from date_scritte
),

-- The id is added only where two sources would bear the same name.
etichette as (
    select
        *,
        nome_it || if(count(*) over (partition by nome_it) > 1, ' (' || id_fonte || ')', '') as etichetta_it,
        nome_en || if(count(*) over (partition by nome_it) > 1, ' (' || id_fonte || ')', '') as etichetta_en
    from nomi
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
        coalesce(fatti.fatti, 0) as fatti_cronologia,
        fonti.etichetta_it,
        fonti.etichetta_en
    from etichette as fonti
    left join evidenze on evidenze.id_fonte = fonti.id_fonte
    left join cifre on cifre.id_fonte = fonti.id_fonte
    left join fatti on fatti.id_fonte = fonti.id_fonte
)

select * from final
