-- ---
-- title: {it: Scheda del comune, en: Municipality sheet}
-- description:
--   it: "Tutto quello che risulta di un comune, in ordine di data: le fonti pubbliche che lo nominano, le domande consegnate in cui compare, i Piani di quelle domande, le rendicontazioni dei suoi output e le candidature a PA digitale 2026. L’importo di un Piano è dell’intero Piano, che può riunire molti comuni."
--   en: "All that is on record of a municipality, by date: the public sources that name it, the delivered applications it is in, the plans of those applications, the claims for its outputs and its applications to PA digitale 2026. The amount of a plan is that of the whole plan, which can bring many municipalities together."
-- params:
--   comune:
--     type: text
--     it: Comune, per nome o codice ISTAT
--     en: Municipality, by name or ISTAT code
--     values: "select codice_istat, denominazione || ' (' || sigla_provincia || ')' as nome, denominazione, denominazione_altra_lingua, denominazione_attuale, codice_istat_attuale, codice_catastale from marts.comuni order by codice_istat"
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [tipo, riferimento]
-- columns:
--   data: {type: date, it: Data, en: Date}
--   tipo: {type: text, it: Che cosa, en: What}
--   programma: {type: text, it: Programma, en: Programme}
--   descrizione: {type: text, it: Descrizione, en: Description}
--   stato: {type: text, it: Stato, en: State}
--   importo_eur: {type: "decimal(18,2)", unit: EUR, additive: false, it: Importo, en: Amount}
--   riferimento: {type: text, it: Riferimento, en: Reference}
-- ---
with
scelto as (
    select *
    from marts.comuni
    where codice_istat = $comune
),

domande as (
    select righe.*
    from marts.domande_comuni as righe
    inner join scelto on scelto.codice_istat = righe.codice_istat
),

fatti as (
    select
        domande.data_presentazione as data,
        'domanda' as tipo,
        domande.programma,
        case when domande.capofila then 'presenta la domanda' else 'è nella domanda' end || ' (' || domande.forma || ')' as descrizione,
        coalesce(domande.esito, 'senza esito') as stato,
        null::decimal(18, 2) as importo_eur,
        domande.id_domanda as riferimento
    from domande
    union all
    select
        coalesce(piani.data_presentazione, piani.data_scadenza) as data,
        'piano' as tipo,
        piani.programma,
        'Piano di ' || piani.comuni || case when piani.comuni = 1 then ' comune' else ' comuni' end as descrizione,
        case when piani.data_presentazione is null then 'da presentare' else coalesce(piani.esito, 'presentato') end as stato,
        piani.importo_approvato_eur as importo_eur,
        piani.id_piano as riferimento
    from marts.piani as piani
    inner join domande on domande.id_domanda = piani.id_domanda
    union all
    select
        rendicontazioni.data_rendicontazione as data,
        'rendicontazione' as tipo,
        rendicontazioni.programma,
        replace(rendicontazioni.forma_sostegno, '_', ' ') as descrizione,
        rendicontazioni.stato,
        rendicontazioni.importo_eur,
        rendicontazioni.id_rendicontazione as riferimento
    from marts.rendicontazioni as rendicontazioni
    inner join scelto on scelto.codice_istat = rendicontazioni.codice_istat
    union all
    select
        candidature.data_finanziamento as data,
        'candidatura' as tipo,
        'padigitale-2026' as programma,
        candidature.codice_misura || ' · ' || candidature.avviso as descrizione,
        case candidature.stato when 'A' then 'assegnata' when 'E' then 'erogata' when 'R' then 'rinuncia' else candidature.stato end as stato,
        candidature.importo_eur,
        candidature.codice_ipa || ' · ' || candidature.avviso || ' · ' || candidature.istante_invio as riferimento
    from marts.padigitale_candidature as candidature
    inner join scelto on scelto.codice_istat = candidature.codice_istat
    union all
    select
        evidenze.data_evento as data,
        'fonte' as tipo,
        evidenze.programma,
        case when $lingua = 'en' then evidenze.evento_en else evidenze.evento_it end as descrizione,
        case when evidenze.ammissione then 'ammessa' end as stato,
        null::decimal(18, 2) as importo_eur,
        evidenze.id_evidenza || ' · ' || evidenze.id_fonte as riferimento
    from marts.evidenze as evidenze
    inner join scelto on scelto.codice_istat = evidenze.codice_istat
    -- Beside simulated deliveries no real evidence is shown of a municipality.
    where not exists (select 1 from marts.consegne where mittente = 'simulazione')
),

final as (
    select *
    from fatti
)

select * from final
order by data nulls last, tipo, riferimento
