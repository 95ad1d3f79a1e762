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
        case when $lingua = 'en'
            then case when domande.capofila then 'makes the application' else 'is in the application' end
            || ' (' || coalesce(map {'singola': 'alone', 'aggregata': 'aggregated', 'unione': 'union'}[domande.forma], domande.forma) || ')'
            else case when domande.capofila then 'presenta la domanda' else 'è nella domanda' end || ' (' || domande.forma || ')'
        end as descrizione,
        case when $lingua = 'en'
            then coalesce(map {'ammessa': 'admitted', 'respinta': 'rejected', 'in_istruttoria': 'under review'}[domande.esito], domande.esito, 'no outcome')
            else coalesce(replace(domande.esito, '_', ' '), 'senza esito')
        end as stato,
        null::decimal(18, 2) as importo_eur,
        domande.id_domanda as riferimento
    from domande
    union all
    select
        coalesce(piani.data_presentazione, piani.data_scadenza) as data,
        'piano' as tipo,
        piani.programma,
        case when $lingua = 'en'
            then 'Plan of ' || piani.comuni || case when piani.comuni = 1 then ' municipality' else ' municipalities' end
            else 'Piano di ' || piani.comuni || case when piani.comuni = 1 then ' comune' else ' comuni' end
        end as descrizione,
        case
            when piani.data_presentazione is null then case when $lingua = 'en' then 'to be presented' else 'da presentare' end
            when $lingua = 'en' then coalesce(map {'in_valutazione': 'under evaluation', 'approvato': 'approved', 'rinviato': 'sent back', 'respinto': 'rejected'}[piani.esito], piani.esito, 'presented')
            else coalesce(replace(piani.esito, '_', ' '), 'presentato')
        end as stato,
        piani.importo_approvato_eur as importo_eur,
        piani.id_piano as riferimento
    from marts.piani as piani
    inner join domande on domande.id_domanda = piani.id_domanda
    union all
    select
        rendicontazioni.data_rendicontazione as data,
        'rendicontazione' as tipo,
        rendicontazioni.programma,
        case when $lingua = 'en'
            then coalesce(
                map {
                    'costi_reali': 'real costs',
                    'costi_unitari': 'unit costs',
                    'somma_forfettaria': 'lump sum',
                    'tasso_forfettario': 'flat rate',
                    'finanziamento_non_collegato_ai_costi': 'financing not linked to costs'
                }[rendicontazioni.forma_sostegno],
                rendicontazioni.forma_sostegno
            )
            else replace(rendicontazioni.forma_sostegno, '_', ' ')
        end as descrizione,
        case when $lingua = 'en'
            then coalesce(map {'prevista': 'planned', 'rendicontata': 'claimed', 'certificata': 'certified', 'pagata': 'paid', 'rettificata': 'corrected'}[rendicontazioni.stato], rendicontazioni.stato)
            else rendicontazioni.stato
        end as stato,
        rendicontazioni.importo_eur,
        rendicontazioni.id_rendicontazione as riferimento
    from marts.rendicontazioni as rendicontazioni
    inner join scelto on scelto.codice_istat = rendicontazioni.codice_istat
    union all
    select
        candidature.data_finanziamento as data,
        'candidatura' as tipo,
        'padigitale-2026' as programma,
        candidature.avviso as descrizione,
        coalesce(
            case when $lingua = 'en'
                then map {'A': 'awarded', 'E': 'paid', 'R': 'given up'}[candidature.stato]
                else map {'A': 'assegnata', 'E': 'erogata', 'R': 'rinuncia'}[candidature.stato]
            end,
            candidature.stato
        ) as stato,
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
        case when evidenze.ammissione then case when $lingua = 'en' then 'admitted' else 'ammessa' end end as stato,
        null::decimal(18, 2) as importo_eur,
        evidenze.id_evidenza || ' · ' || evidenze.id_fonte as riferimento
    from marts.evidenze as evidenze
    inner join scelto on scelto.codice_istat = evidenze.codice_istat
    -- Beside simulated deliveries no real evidence is shown of a municipality.
    where not exists (select 1 from marts.consegne where mittente = 'simulazione')
),

final as (
    select
        fatti.data,
        case when $lingua = 'en'
            then map {'domanda': 'application', 'piano': 'plan', 'rendicontazione': 'claim', 'candidatura': 'funded application', 'fonte': 'source'}[fatti.tipo]
            else map {'domanda': 'domanda', 'piano': 'Piano', 'rendicontazione': 'rendicontazione', 'candidatura': 'candidatura', 'fonte': 'fonte'}[fatti.tipo]
        end as tipo,
        coalesce(programmi.denominazione, fatti.programma) as programma,
        fatti.descrizione,
        fatti.stato,
        fatti.importo_eur,
        fatti.riferimento
    from fatti
    left join marts.programmi as programmi on programmi.programma = fatti.programma
)

select * from final
order by data nulls last, tipo, riferimento
