-- ---
-- title: {it: Capienza delle dotazioni, en: Room left in the budgets}
-- description:
--   it: "Per ogni programma con una dotazione quanto ne è approvato, rendicontato, certificato e pagato, quanto ne resta, a che ritmo si procede e il giorno in cui finirebbe a quel ritmo. È un conto, non una previsione: il ritmo è quello degli ultimi 365 giorni di dati (o da quando ce ne sono, se da almeno 90) e l’ipotesi è scritta accanto. Senza importi in quel periodo non c’è ritmo e il giorno resta vuoto. La dotazione dell’Avviso è il totale di P.I.C.C.O.L.I. e Fast, e così i suoi importi: le righe non si sommano. I Piani delle domande all’Avviso contano per P.I.C.C.O.L.I., che li attua. Se l’amministrazione non ha consegnato i dati, il dataset è vuoto."
--   en: "For each programme with a budget how much of it is approved, claimed, certified and paid, how much is left, at which pace this goes on and the day on which it would run out at that pace. It is a sum, not a forecast: the pace is that of the last 365 days of data (or since there are any, if for at least 90) and the assumption is written beside it. Without amounts in that period there is no pace and the day stays empty. The budget of the call is the whole of P.I.C.C.O.L.I. and Fast, and so are its amounts: rows are not to be added. Plans of applications to the call count for P.I.C.C.O.L.I., which carries them out. If the administration has not delivered the data, the dataset is empty."
-- grain: {it: una riga per programma e misura, en: one row per programme and measure}
-- key: [programma, ordine]
-- columns:
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   ordine: {type: integer, it: Posto della misura, en: Place of the measure}
--   misura: {type: text, it: "approvato (Piani approvati, e spese che non nascono da un Piano), rendicontato, certificato o pagato", en: "approved (approvato: plans approved, and spending that does not come of a plan), claimed (rendicontato), certified (certificato) or paid (pagato)", required: true}
--   misura_it: {type: text, it: "La misura, in parole italiane", en: "The measure, in Italian words", required: true}
--   misura_en: {type: text, it: "La misura, in parole inglesi", en: "The measure, in English words", required: true}
--   dotazione_eur: {type: "decimal(18,2)", it: Dotazione dichiarata, en: Stated budget, unit: EUR, additive: false, required: true}
--   importo_eur: {type: "decimal(18,2)", it: Importo della misura fino alla data dei dati, en: Amount of the measure up to the date of the data, unit: EUR, additive: false, required: true}
--   residuo_eur: {type: "decimal(18,2)", it: "Dotazione che resta: dotazione meno importo", en: "Budget left: budget less amount", unit: EUR, additive: false, required: true}
--   quota_pct: {type: "decimal(18,2)", it: Importo su dotazione, en: Amount as a share of the budget, unit: pct, additive: false, required: true}
--   periodo_dal: {type: date, it: Primo giorno del periodo su cui si misura il ritmo; vuoto se non c’è ritmo, en: First day of the period on which the pace is measured; empty if there is no pace}
--   periodo_al: {type: date, it: Data dei dati, en: Date of the data, required: true}
--   importo_periodo_eur: {type: "decimal(18,2)", it: Importo della misura nel periodo, en: Amount of the measure in the period, unit: EUR, additive: false, required: true}
--   data_esaurimento: {type: date, it: "Giorno in cui la dotazione finirebbe a quel ritmo; vuoto se non c’è ritmo, se è già finita o se ci vorrebbe più di un secolo", en: "Day on which the budget would run out at that pace; empty if there is no pace, if it has run out already or if it would take over a century"}
--   ipotesi_it: {type: text, it: "Su quale ipotesi, in italiano", en: "On which assumption, in Italian", required: true}
--   ipotesi_en: {type: text, it: "Su quale ipotesi, in inglese", en: "On which assumption, in English", required: true}
-- rows: {min: 0, max: 20}                      # 4 measures × programmes with a budget
-- checks:
--   - rule: residuo_eur = dotazione_eur - importo_eur
--     it: Il residuo non è la dotazione meno l’importo
--     en: What is left is not the budget less the amount
--   - rule: data_esaurimento > periodo_al
--     it: La dotazione finirebbe prima della data dei dati
--     en: The budget would run out before the date of the data
-- charts:
--   - {kind: bar, title: {it: "Dotazione che resta da approvare, in euro", en: "Budget left to approve, in euro"}, category: programma, value: residuo_eur, where: "misura = 'approvato' and residuo_eur >= 0"}
--   - {kind: bar, title: {it: "Dotazione che resta da pagare, in euro", en: "Budget left to pay, in euro"}, category: programma, value: residuo_eur, where: "misura = 'pagato' and residuo_eur >= 0"}
-- keywords: {it: [dotazioni, residui, previsione], en: [budgets, money left, forecast]}
-- themes: [GOVE, ECON]
-- date: periodo_al
-- ---
with
misure (ordine, misura, misura_it, misura_en) as (
    values
    (1, 'approvato', 'Approvato', 'Approved'),
    (2, 'rendicontato', 'Rendicontato', 'Claimed'),
    (3, 'certificato', 'Certificato', 'Certified'),
    (4, 'pagato', 'Pagato', 'Paid')
),

-- The clock of the data: their latest fact, never after the last delivery of money.
osservazione as (
    select least(max(ultimo_fatto), max(ultima_consegna) filter (where tabella in ('piani', 'rendicontazioni'))) as data_osservazione
    from piccoli.freschezza
    where tabella in ('domande', 'istruttorie', 'piani', 'interventi', 'rendicontazioni')
),

-- One pass over the claims: those of the same days are one row from here on.
rendicontazioni as (
    select
        programma,
        id_piano is null as senza_piano,
        stato <> 'prevista' as rendicontata,
        data_decisione,
        data_rendicontazione,
        data_certificazione,
        data_pagamento,
        sum(importo_eur)::decimal(18, 2) as importo_eur,
        coalesce(sum(importo_certificato_eur), 0)::decimal(18, 2) as importo_certificato_eur,
        coalesce(sum(importo_pagato_eur), 0)::decimal(18, 2) as importo_pagato_eur
    from marts.rendicontazioni
    group by all
),

movimenti as (
    select
        case when programma = 'avviso-piccoli-comuni' then 'piccoli' else programma end as programma,
        1 as ordine,
        data_esito as data,
        importo_approvato_eur as importo_eur
    from marts.piani
    where esito = 'approvato'
    union all
    select programma, 1 as ordine, coalesce(data_decisione, data_rendicontazione) as data, importo_eur
    from rendicontazioni
    where senza_piano
    union all
    select programma, 2 as ordine, data_rendicontazione as data, importo_eur
    from rendicontazioni
    where rendicontata
    union all
    select programma, 3 as ordine, data_certificazione as data, importo_certificato_eur as importo_eur
    from rendicontazioni
    union all
    select programma, 4 as ordine, data_pagamento as data, importo_pagato_eur as importo_eur
    from rendicontazioni
),

-- The call is the whole of its two parts, and of what may be written under its own name.
con_avviso as (
    select * from movimenti
    where programma <> 'avviso-piccoli-comuni'
    union all
    select 'avviso-piccoli-comuni' as programma, ordine, data, importo_eur
    from movimenti
    where programma in ('avviso-piccoli-comuni', 'piccoli', 'fast-piccoli-comuni')
),

primi as (
    select
        movimenti.programma,
        movimenti.ordine,
        greatest(osservazione.data_osservazione - 364, min(movimenti.data)) as periodo_dal
    from con_avviso as movimenti
    cross join osservazione
    group by movimenti.programma, movimenti.ordine, osservazione.data_osservazione
),

somme as (
    select
        movimenti.programma,
        movimenti.ordine,
        osservazione.data_osservazione as periodo_al,
        primi.periodo_dal,
        coalesce(sum(movimenti.importo_eur), 0)::decimal(18, 2) as importo_eur,
        coalesce(sum(movimenti.importo_eur) filter (where movimenti.data between primi.periodo_dal and osservazione.data_osservazione), 0)::decimal(18, 2)
            as importo_periodo_eur
    from con_avviso as movimenti
    cross join osservazione
    inner join primi on primi.programma = movimenti.programma and primi.ordine = movimenti.ordine
    group by movimenti.programma, movimenti.ordine, osservazione.data_osservazione, primi.periodo_dal
),

-- A programme with money in one measure has all four, zero where there is none yet.
complete as (
    select
        programmi.programma,
        misure.ordine,
        misure.misura,
        misure.misura_it,
        misure.misura_en,
        programmi.dotazione_eur,
        coalesce(somme.importo_eur, 0)::decimal(18, 2) as importo_eur,
        (programmi.dotazione_eur - coalesce(somme.importo_eur, 0))::decimal(18, 2) as residuo_eur,
        somme.periodo_dal,
        osservazione.data_osservazione as periodo_al,
        coalesce(somme.importo_periodo_eur, 0)::decimal(18, 2) as importo_periodo_eur
    from marts.programmi as programmi
    cross join misure
    cross join osservazione
    semi join con_avviso on con_avviso.programma = programmi.programma
    left join somme on somme.programma = programmi.programma and somme.ordine = misure.ordine
    where programmi.dotazione_eur is not null
),

-- Whole cents, which no amount overflows.
centesimi as (
    select
        *,
        (importo_eur::decimal(38, 2) * 100)::hugeint as importo_centesimi,
        (dotazione_eur::decimal(38, 2) * 100)::hugeint as dotazione_centesimi,
        (importo_periodo_eur::decimal(38, 2) * 100)::hugeint as periodo_centesimi
    from complete
),

-- Whole days, rounded up. Less than 90 days are no pace.
giorni as (
    select
        *,
        case
            when importo_periodo_eur > 0 and residuo_eur > 0 and periodo_al - periodo_dal >= 89
                then ((dotazione_centesimi - importo_centesimi) * (periodo_al - periodo_dal + 1) + periodo_centesimi - 1) // periodo_centesimi
        end as giorni
    from centesimi
),

final as (
    select
        programma,
        ordine,
        misura,
        misura_it,
        misura_en,
        dotazione_eur,
        importo_eur,
        residuo_eur,
        (((importo_centesimi * 20000 + dotazione_centesimi) // (dotazione_centesimi * 2))::decimal(18, 0) * 0.01)::decimal(18, 2) as quota_pct,
        case when importo_periodo_eur > 0 then periodo_dal end as periodo_dal,
        periodo_al,
        importo_periodo_eur,
        case when giorni <= 36525 then periodo_al + giorni::integer end as data_esaurimento,
        case
            when residuo_eur <= 0 then 'La dotazione è già esaurita.'
            when importo_periodo_eur > 0 and giorni is null
                then 'Gli importi cominciano il ' || strftime(periodo_dal, '%-d.%-m.%Y') || ': meno di 90 giorni sono troppo pochi per un ritmo.'
            when giorni is null then 'Nessun importo nei 365 giorni fino al ' || strftime(periodo_al, '%-d.%-m.%Y') || ': senza un ritmo non si indica un giorno.'
            else 'Se si continua in media come dal ' || strftime(periodo_dal, '%-d.%-m.%Y') || ' al ' || strftime(periodo_al, '%-d.%-m.%Y')
                || case when giorni > 36525 then ': ci vorrebbe più di un secolo.' else ', e la dotazione non cambia.' end
        end as ipotesi_it,
        case
            when residuo_eur <= 0 then 'The budget has run out already.'
            when importo_periodo_eur > 0 and giorni is null
                then 'Amounts begin on ' || strftime(periodo_dal, '%-d %B %Y') || ': less than 90 days are too few for a pace.'
            when giorni is null then 'No amount in the 365 days up to ' || strftime(periodo_al, '%-d %B %Y') || ': without a pace no day is given.'
            else 'If it goes on on average as from ' || strftime(periodo_dal, '%-d %B %Y') || ' to ' || strftime(periodo_al, '%-d %B %Y')
                || case when giorni > 36525 then ': it would take over a century.' else ', and the budget does not change.' end
        end as ipotesi_en
    from giorni
)

select * from final
