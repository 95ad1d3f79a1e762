-- ---
-- title: {it: Tempi per fase, en: Times by phase}
-- description:
--   it: "Quanti giorni dura ogni fase, dalla domanda al pagamento: un quarto dei casi, la metà e tre quarti sono conclusi entro i giorni indicati. I casi ancora aperti non si scartano e non si contano come conclusi: si sa solo che durano più di quanto sono durati fin qui, e le soglie sono stimate con il metodo di Kaplan-Meier, che li tiene tra i casi in attesa fino al giorno dell’osservazione. Dove troppi casi sono aperti la soglia non è raggiunta e resta vuota. Il giorno dell’osservazione è quello dei dati: il fatto più recente delle tabelle consegnate, o l’ultima consegna della tabella se viene prima. Un Piano rinviato è ancora in valutazione. Le durate negative, di date in disordine, sono escluse; un caso la cui conclusione è in quarantena risulta aperto. Le righe IT valgono per l’Italia intera."
--   en: "How many days each phase takes, from application to payment: a quarter, half and three quarters of the cases are closed within the days stated. Cases still open are neither dropped nor counted as closed: all that is known is that they take longer than they have so far, and the thresholds are Kaplan-Meier estimates, which keep them among those waiting until the day of observation. Where too many cases are open the threshold is not reached and stays empty. The day of observation is that of the data: the latest fact in the tables delivered, or the last delivery of the table if that comes first. A plan sent back is still under evaluation. Negative durations, of dates out of order, are left out; a case whose end is in quarantine is shown as open. The rows IT are for the whole of Italy."
-- grain: {it: "una riga per programma, regione (e Italia intera) e fase", en: "one row per programme, region (and the whole of Italy) and phase"}
-- key: [programma, codice_regione, ordine]
-- columns:
--   programma: {type: text, it: "Programma della domanda o, senza Piano, quello che paga", en: "Programme of the application or, without a plan, the one that pays", ref: programmi.programma}
--   codice_regione: {type: text, it: "Regione del capofila o, senza Piano, del comune; IT per l’Italia intera, 00 se manca", en: "Region of the leading municipality or, without a plan, of the municipality; IT for the whole of Italy, 00 if missing"}
--   regione: {type: text, it: "Nome della regione, o Italia", en: "Name of the region, or Italia", required: true}
--   ordine: {type: integer, it: Posto della fase nel percorso, en: Place of the phase in the path}
--   fase: {type: text, it: Fase, en: Phase, required: true}
--   fase_it: {type: text, it: "La fase, in parole italiane", en: "The phase, in Italian words", required: true}
--   fase_en: {type: text, it: "La fase, in parole inglesi", en: "The phase, in English words", required: true}
--   casi_conclusi: {type: bigint, it: Casi conclusi, en: Cases closed, unit: casi, additive: false, required: true}
--   casi_aperti: {type: bigint, it: Casi ancora aperti il giorno dell’osservazione, en: Cases still open on the day of observation, unit: casi, additive: false, required: true}
--   giorni_primo_quartile: {type: bigint, it: Giorni entro cui è concluso un quarto dei casi, en: Days within which a quarter of the cases is closed, unit: giorni, additive: false}
--   giorni_mediana: {type: bigint, it: Giorni entro cui è conclusa la metà dei casi, en: Days within which half of the cases is closed, unit: giorni, additive: false}
--   giorni_terzo_quartile: {type: bigint, it: Giorni entro cui sono conclusi tre quarti dei casi, en: Days within which three quarters of the cases are closed, unit: giorni, additive: false}
--   giorni_massimi_aperti: {type: bigint, it: "Giorni del caso aperto da più tempo; vuoto se non ce ne sono", en: "Days of the case open for longest; empty if there is none", unit: giorni, additive: false}
--   data_osservazione: {type: date, it: Giorno dell’osservazione, en: Day of observation, required: true}
-- rows: {min: 0, max: 770}                     # 5 programmes × 20 regions, Italy and one without × 7 phases
-- checks:
--   - rule: giorni_primo_quartile <= giorni_mediana and giorni_mediana <= giorni_terzo_quartile
--     it: I quartili non sono in ordine
--     en: The quartiles are not in order
--   - rule: giorni_terzo_quartile is null or giorni_mediana is not null
--     it: C’è il terzo quartile senza la mediana
--     en: There is a third quartile without a median
-- charts:
--   - {kind: bar, title: {it: "Avviso piccoli comuni: giorni entro cui è conclusa la metà dei casi, in Italia", en: "Call for small municipalities: days within which half of the cases is closed, in Italy"}, category: fase_it, value: giorni_mediana, where: "codice_regione = 'IT' and programma = 'avviso-piccoli-comuni' and giorni_mediana is not null"}
-- keywords: {it: [tempi, durate, Kaplan-Meier], en: [times, durations, Kaplan-Meier]}
-- themes: [GOVE, REGI]
-- date: data_osservazione
-- ---
with
fasi (ordine, fase, tabella, fase_it, fase_en) as (
    values
    (1, 'istruttoria', 'istruttorie', 'Dalla domanda alla decisione', 'From the application to the decision'),
    (2, 'progettazione', 'piani', 'Dall’ammissione alla presentazione del Piano', 'From admission to presentation of the plan'),
    (3, 'valutazione', 'piani', 'Dalla presentazione del Piano alla sua approvazione o al rifiuto', 'From presentation of the plan to its approval or rejection'),
    (4, 'intervento', 'interventi', 'Dall’inizio alla fine di un intervento', 'From start to end of an intervention'),
    (5, 'rendicontazione', 'rendicontazioni', 'Dal completamento dell’output alla rendicontazione', 'From completion of the output to the claim'),
    (6, 'certificazione', 'rendicontazioni', 'Dalla rendicontazione alla certificazione', 'From the claim to its certification'),
    (7, 'pagamento', 'rendicontazioni', 'Dalla certificazione al pagamento', 'From certification to payment')
),

-- The clock of the data: their latest fact, but nothing is known of a table after its last delivery.
freschezza as (
    select *
    from piccoli.freschezza
    where tabella in ('domande', 'istruttorie', 'piani', 'interventi', 'rendicontazioni')
),

osservazioni as (
    select
        tabella,
        least(ultima_consegna, (select max(ultimo_fatto) from freschezza)) as data_osservazione
    from freschezza
),

-- One pass over the claims: the cases of the same days are one row from here on.
rendicontazioni as (
    select
        coalesce(piani.programma, rendicontazioni.programma) as programma,
        coalesce(piani.codice_regione, rendicontazioni.codice_regione, '00') as codice_regione,
        rendicontazioni.data_completamento,
        rendicontazioni.data_rendicontazione,
        rendicontazioni.data_certificazione,
        rendicontazioni.data_pagamento,
        count(*) as casi
    from marts.rendicontazioni as rendicontazioni
    left join marts.piani as piani on piani.id_piano = rendicontazioni.id_piano
    group by all
),

casi as (
    select programma, codice_regione, 1 as ordine, data_presentazione as inizio, data_esito as fine, 1 as casi
    from marts.domande
    union all
    select domande.programma, domande.codice_regione, 2 as ordine, domande.data_esito as inizio, piani.data_presentazione as fine, 1 as casi
    from marts.domande as domande
    left join marts.piani as piani on piani.id_domanda = domande.id_domanda
    where domande.esito = 'ammessa'
    union all
    select programma, codice_regione, 3 as ordine, data_presentazione as inizio, case when esito in ('approvato', 'respinto') then data_esito end as fine, 1 as casi
    from marts.piani
    union all
    select piani.programma, piani.codice_regione, 4 as ordine, interventi.data_inizio as inizio, interventi.data_fine as fine, 1 as casi
    from staging.interventi as interventi
    inner join marts.piani as piani on piani.id_piano = interventi.id_piano
    where interventi.stato <> 'annullato'
    union all
    select programma, codice_regione, 5 as ordine, data_completamento as inizio, data_rendicontazione as fine, casi
    from rendicontazioni
    union all
    select programma, codice_regione, 6 as ordine, data_rendicontazione as inizio, data_certificazione as fine, casi
    from rendicontazioni
    union all
    select programma, codice_regione, 7 as ordine, data_certificazione as inizio, data_pagamento as fine, casi
    from rendicontazioni
),

-- What has not happened by the day of observation is open, even if a date in the future is written.
durate as (
    select
        casi.programma,
        casi.codice_regione,
        casi.ordine,
        osservazioni.data_osservazione,
        coalesce(casi.fine <= osservazioni.data_osservazione, false) as concluso,
        case when casi.fine <= osservazioni.data_osservazione then casi.fine else osservazioni.data_osservazione end - casi.inizio as giorni,
        sum(casi.casi)::bigint as casi
    from casi
    inner join fasi on fasi.ordine = casi.ordine
    inner join osservazioni on osservazioni.tabella = fasi.tabella
    where
        casi.inizio <= osservazioni.data_osservazione
        and coalesce(casi.fine >= casi.inizio, true)
    group by all
),

con_italia as (
    select * from durate
    union all
    select programma, 'IT' as codice_regione, ordine, data_osservazione, concluso, giorni, sum(casi)::bigint as casi
    from durate
    group by all
),

giornate as (
    select
        programma,
        codice_regione,
        ordine,
        data_osservazione,
        giorni,
        coalesce(sum(casi) filter (where concluso), 0)::bigint as conclusi,
        coalesce(sum(casi) filter (where not concluso), 0)::bigint as aperti
    from con_italia
    group by programma, codice_regione, ordine, data_osservazione, giorni
),

-- Kaplan-Meier: the share still waiting after a day is that of the day before times the part of those waiting that did not end then.
in_attesa as (
    select
        *,
        sum(conclusi + aperti) over (partition by programma, codice_regione, ordine order by giorni desc)::bigint as a_rischio
    from giornate
),

curva as (
    select
        *,
        product(1 - conclusi::double / a_rischio) over (partition by programma, codice_regione, ordine order by giorni) as sopravvivenza
    from in_attesa
),

-- The margin is for products such as 0.8 × 0.625, which floats may put just above the half.
stime as (
    select
        programma,
        codice_regione,
        ordine,
        data_osservazione,
        sum(conclusi)::bigint as casi_conclusi,
        sum(aperti)::bigint as casi_aperti,
        min(giorni) filter (where sopravvivenza <= 0.75 + 1e-9) as giorni_primo_quartile,
        min(giorni) filter (where sopravvivenza <= 0.5 + 1e-9) as giorni_mediana,
        min(giorni) filter (where sopravvivenza <= 0.25 + 1e-9) as giorni_terzo_quartile,
        max(giorni) filter (where aperti > 0) as giorni_massimi_aperti
    from curva
    group by programma, codice_regione, ordine, data_osservazione
),

final as (
    select
        stime.programma,
        stime.codice_regione,
        case stime.codice_regione
            when 'IT' then 'Italia'
            else coalesce(regioni.denominazione, 'Senza regione')
        end as regione,
        stime.ordine,
        fasi.fase,
        fasi.fase_it,
        fasi.fase_en,
        stime.casi_conclusi,
        stime.casi_aperti,
        stime.giorni_primo_quartile,
        stime.giorni_mediana,
        stime.giorni_terzo_quartile,
        stime.giorni_massimi_aperti,
        stime.data_osservazione
    from stime
    inner join fasi on fasi.ordine = stime.ordine
    left join marts.regioni as regioni on regioni.codice_regione = stime.codice_regione
)

select * from final
