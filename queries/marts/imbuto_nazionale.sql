-- ---
-- title: {it: Imbuto nazionale, en: National funnel}
-- description:
--   it: Il percorso dell’Avviso dalla domanda al piano approvato, con le sole cifre pubblicate, ognuna con la fonte e, se la fonte la dà, la data. I passi si sovrappongono e usano unità diverse (domande, comuni, enti, piani), perciò non si sommano; la nota di ogni riga dice perché.
--   en: The path of the call from application to approved plan, with published figures only, each with its source and, where the source gives it, the date. The steps overlap and use different units (applications, municipalities, bodies, plans), so they are not to be added; the note of each row says why.
-- grain: {it: una riga per cifra pubblicata che è un passo del percorso, en: one row per published figure that is a step of the path}
-- key: [passo]
-- columns:
--   passo: {type: integer, it: "Posto nel percorso, poi per data", en: "Place in the path, then by date"}
--   fase: {type: text, it: Passo del percorso, en: Step of the path, required: true}
--   fase_it: {type: text, it: "Nome del passo, in italiano", en: "Name of the step, in Italian", required: true}
--   fase_en: {type: text, it: "Nome del passo, in inglese", en: "Name of the step, in English", required: true}
--   valore: {type: bigint, it: Valore pubblicato, en: Published value, additive: false, required: true}
--   unita: {type: text, it: Unità del valore, en: "Unit of the value, in Italian", required: true}
--   unita_en: {type: text, it: "Unità del valore, in inglese", en: "Unit of the value, in English", required: true}
--   qualificatore: {type: text, it: "Come la fonte lo dà: esatto, circa, oltre, quasi", en: "How the source gives it: exact (esatto), about (circa), over (oltre), almost (quasi)", required: true}
--   data_riferimento: {type: date, it: "Data a cui il valore si riferisce; vuota se la fonte non la dà", en: "Date the value refers to; empty where the source does not give it"}
--   precisione_data_riferimento: {type: text, it: "Quanto è precisa la data: giorno, mese o anno", en: "How precise the date is: day, month or year (giorno, mese, anno)"}
--   nota_it: {type: text, it: "Come leggere la cifra, in italiano", en: "How to read the figure, in Italian", required: true}
--   nota_en: {type: text, it: "Come leggere la cifra, in inglese", en: "How to read the figure, in English", required: true}
--   id_cifra: {type: text, it: Cifra pubblicata, en: Published figure, ref: cifre_ufficiali.id_cifra, required: true}
--   id_fonte: {type: text, it: Fonte della cifra, en: Source of the figure, ref: fonti.id_fonte, required: true}
--   prima_pubblicazione: {type: boolean, it: "Vero per la prima fonte, in ordine di data, che dà questo valore per questo passo", en: "True for the first source, by date, that gives this value for this step", required: true}
-- rows: {min: 29, max: 300}
-- checks:
--   - rule: valore > 0
--     it: Un passo del percorso vale zero
--     en: A step of the path is zero
-- charts:
--   - {kind: bar, title: {it: Le domande nel 2021, en: The applications in 2021}, category: fase_it, value: valore, where: "unita = 'domande' and prima_pubblicazione and data_riferimento < date '2022-01-01'"}
--   - {kind: bar, title: {it: Piani ammessi da ogni decreto noto, en: Plans admitted by each decree known}, category: data_riferimento, value: valore, where: "fase = 'piani_ammessi_decreto'"}
-- keywords: {it: [imbuto, domande, piani], en: [funnel, applications, plans]}
-- themes: [GOVE]
-- date: data_riferimento
-- ---
with
passi as (
    select
        cifre.*,
        fasi.ordine,
        fasi.fase,
        fasi.fase_it,
        fasi.fase_en,
        fasi.nota_it,
        fasi.nota_en
    from staging.cifre_ufficiali as cifre
    inner join staging.imbuto_fasi as fasi on fasi.indicatore = cifre.indicatore
    where
        cifre.programma in ('avviso-piccoli-comuni', 'piccoli')
        and cifre.ambito_territoriale = 'nazionale'
),

final as (
    select
        row_number() over (order by passi.ordine, passi.data_riferimento nulls last, passi.id_cifra)::integer as passo,
        passi.fase,
        passi.fase_it,
        passi.fase_en,
        passi.valore::bigint as valore,
        passi.unita,
        unita.unita_en,
        passi.qualificatore,
        passi.data_riferimento,
        passi.precisione_data_riferimento,
        passi.nota_it,
        passi.nota_en,
        passi.id_cifra,
        passi.id_fonte,
        row_number() over (partition by passi.fase, passi.valore, passi.unita order by passi.data_riferimento nulls last, passi.id_cifra) = 1
            as prima_pubblicazione
    from passi
    left join staging.unita as unita on unita.unita = passi.unita
)

select * from final
