-- ---
-- title: {it: Domande e ammissioni per finestra, en: Applications and admissions by window}
-- description:
--   it: "Per ogni finestra dell’avviso le domande presentate, come sono state decise, i comuni che contengono e i giorni che è durata l’istruttoria (mediana di quelle decise). Un comune che ha presentato domanda in due finestre compare in tutte e due."
--   en: "For each window of the call the applications made, how they were decided, the municipalities in them and the days that the review took (median of those decided). A municipality that applied in two windows appears in both."
-- params:
--   regione:
--     type: text
--     optional: true
--     it: Regione del capofila; senza, tutte
--     en: Region of the leading municipality; without it, all
--     values: select codice_regione, denominazione, slug from marts.regioni order by codice_regione
--   programma:
--     type: text
--     optional: true
--     it: Programma; senza, tutti
--     en: Programme; without it, all
--     values: select programma, denominazione from marts.programmi order by programma
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [programma, finestra]
-- columns:
--   programma: {type: text, it: Programma, en: Programme}
--   finestra: {type: text, it: Finestra, en: Window}
--   prima_domanda: {type: date, it: Prima domanda, en: First application}
--   ultima_domanda: {type: date, it: Ultima domanda, en: Last application}
--   domande: {type: bigint, unit: domande, additive: true, it: Domande, en: Applications}
--   ammesse: {type: bigint, unit: domande, additive: true, it: Ammesse, en: Admitted}
--   respinte: {type: bigint, unit: domande, additive: true, it: Respinte, en: Rejected}
--   in_istruttoria: {type: bigint, unit: domande, additive: true, it: In istruttoria o senza esito, en: Under review or without outcome}
--   quota_ammesse_pct: {type: "decimal(5,1)", unit: pct, additive: false, it: Ammesse sulle domande, en: Admitted of the applications}
--   comuni: {type: bigint, unit: comuni, additive: false, it: Comuni diversi, en: Different municipalities}
--   giorni_mediani: {type: integer, unit: giorni, additive: false, it: Giorni di istruttoria (mediana), en: Days of review (median)}
-- charts:
--   - {kind: bar, title: {it: Domande ammesse per finestra, en: Admitted applications by window}, category: finestra, value: ammesse}
-- ---
with
domande as (
    select *
    from marts.domande
    where
        ($regione is null or codice_regione = $regione)
        and ($programma is null or programma = $programma)
),

comuni as (
    select
        domande.programma,
        domande.finestra,
        count(distinct comuni.codice_istat_domanda) as comuni
    from domande
    inner join marts.domande_comuni as comuni on comuni.id_domanda = domande.id_domanda
    group by domande.programma, domande.finestra
),

conteggi as (
    select
        programma,
        finestra,
        min(data_presentazione) as prima_domanda,
        max(data_presentazione) as ultima_domanda,
        count(*) as domande,
        count(*) filter (where esito = 'ammessa') as ammesse,
        count(*) filter (where esito = 'respinta') as respinte,
        count(*) filter (where coalesce(esito, 'in_istruttoria') = 'in_istruttoria') as in_istruttoria,
        quantile_disc(giorni_istruttoria, 0.5)::integer as giorni_mediani
    from domande
    group by programma, finestra
),

final as (
    select
        coalesce(programmi.denominazione, conteggi.programma) as programma,
        coalesce(conteggi.finestra, case when $lingua = 'en' then 'not stated' else 'non indicata' end) as finestra,
        conteggi.prima_domanda,
        conteggi.ultima_domanda,
        conteggi.domande,
        conteggi.ammesse,
        conteggi.respinte,
        conteggi.in_istruttoria,
        (((conteggi.ammesse * 1000 + conteggi.domande // 2) // conteggi.domande) * 0.1)::decimal(5, 1) as quota_ammesse_pct,
        comuni.comuni,
        conteggi.giorni_mediani
    from conteggi
    inner join comuni
        on comuni.programma = conteggi.programma
        and comuni.finestra is not distinct from conteggi.finestra
    left join marts.programmi as programmi on programmi.programma = conteggi.programma
)

select * from final
order by programma, prima_domanda, finestra
