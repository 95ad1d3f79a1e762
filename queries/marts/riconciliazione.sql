-- ---
-- title: {it: Cifre pubblicate e cifre contate, en: Figures published and figures counted}
-- description:
--   it: "Ogni cifra pubblicata sui programmi accanto a quella che si conta dai dati, con la regola del conto e la differenza. I dati contano lo stato del giorno a cui la cifra si riferisce, o il più recente se la fonte non dà il giorno. Una differenza non dice chi sbaglia: la fonte può contare con un’altra regola, e ai dati possono mancare le righe in quarantena. «non_consegnato» vuol dire che l’amministrazione non ha dato le righe da contare: non è zero. Le domande di P.I.C.C.O.L.I. e dell’Avviso sono le stesse, perciò si contano insieme."
--   en: "Each published figure on the programmes beside the one that the data count, with the rule of the count and the difference. The data count the state of the day that the figure refers to, or the latest one if the source gives no day. A difference does not say who is wrong: the source may count by another rule, and the data may lack the rows in quarantine. \"non_consegnato\" (not delivered) means that the administration has not given the rows to count: it is not zero. The applications to P.I.C.C.O.L.I. and to the call are the same, so they are counted together."
-- grain: {it: una riga per cifra pubblicata da una fonte, en: one row per figure published by a source}
-- key: [id_cifra]
-- columns:
--   id_cifra: {type: text, it: Cifra pubblicata, en: Published figure, ref: cifre_ufficiali.id_cifra}
--   programma: {type: text, it: "Programma, oppure pon-governance", en: "Programme, or pon-governance", required: true}
--   indicatore: {type: text, it: Che cosa è misurato, en: What is measured, required: true}
--   indicatore_it: {type: text, it: "Nome dell’indicatore, in italiano", en: "Name of the indicator, in Italian", required: true}
--   indicatore_en: {type: text, it: "Nome dell’indicatore, in inglese", en: "Name of the indicator, in English", required: true}
--   ambito_territoriale: {type: text, it: "Territorio o insieme a cui il valore si riferisce, come pubblicato", en: "Territory or set the value refers to, as published", required: true}
--   codice_regione: {type: text, it: Regione a cui il valore si riferisce, en: Region the value refers to, ref: regioni.codice_regione}
--   data_riferimento: {type: date, it: "Giorno a cui il valore si riferisce; vuoto se la fonte non lo dà", en: "Day the value refers to; empty where the source does not give it"}
--   qualificatore: {type: text, it: "Come la fonte lo dà: esatto, circa, oltre, quasi, fino_a", en: "How the source gives it: exact (esatto), about (circa), over (oltre), almost (quasi), up to (fino_a)", required: true}
--   pubblicato: {type: "decimal(18,2)", it: Valore pubblicato, en: Published value, additive: false, required: true}
--   contato: {type: "decimal(18,2)", it: "Valore contato dai dati; vuoto se non si può contare o i dati non sono consegnati", en: "Value counted from the data; empty if it cannot be counted or the data were not delivered", additive: false}
--   differenza: {type: "decimal(18,2)", it: Contato meno pubblicato, en: Counted minus published, additive: false}
--   unita: {type: text, it: Unità dei due valori, en: "Unit of both values, in Italian", required: true}
--   esito: {type: text, it: "uguale (anche arrotondato come la fonte); compatibile (sopra un «oltre», non sopra un «quasi» o «fino a»); approssimato (la fonte dice «circa»: non si giudica); diverso; non_consegnato (mancano i dati); senza_conteggio (nessuna regola lo conta dai dati)", en: "Equal (uguale), also once rounded as the source does; compatible (compatibile): above an \"over\", not above an \"almost\" or \"up to\"; approximate (approssimato): the source says \"about\", no judgement; different (diverso); not delivered (non_consegnato); no rule counts it from the data (senza_conteggio)", required: true}
--   tabella: {type: text, it: "Dati da cui si conta; vuoto se nessuna regola lo conta", en: "Data it is counted from; empty if no rule counts it"}
--   regola_it: {type: text, it: "Che cosa si conta, in italiano", en: "What is counted, in Italian"}
--   regola_en: {type: text, it: "Che cosa si conta, in inglese", en: "What is counted, in English"}
--   confronto: {type: text, it: Gruppo di cifre pubblicate che parlano della stessa cosa, en: Group of published figures that speak of the same thing, ref: confronti.confronto}
--   id_fonte: {type: text, it: Fonte della cifra pubblicata, en: Source of the published figure, ref: fonti.id_fonte, required: true}
-- rows: {min: 158, max: 2000}
-- checks:
--   - rule: "(contato is null) = (esito in ('non_consegnato', 'senza_conteggio'))"
--     it: Una cifra contata è senza giudizio, o una non contata ne ha uno
--     en: A figure counted has no judgement, or one not counted has one
--   - rule: "(regola_it is null) = (esito = 'senza_conteggio')"
--     it: "Una cifra è contata senza che la regola sia scritta, o il contrario"
--     en: "A figure is counted and the rule is not written, or the other way round"
-- keywords: {it: [riconciliazione, cifre, totali, differenze], en: [reconciliation, figures, totals, differences]}
-- themes: [GOVE]
-- date: data_riferimento
-- ---
with
-- What each published indicator is counted as. One that is not here is published as senza_conteggio: it has no counterpart in the data.
regole (indicatore, conteggio) as (
    values
        ('domande_presentate', 'domande'),
        ('domande_singole', 'domande_singole'),
        ('domande_aggregate', 'domande_aggregate'),
        ('comuni_nelle_domande', 'comuni_nelle_domande'),
        ('comuni_rispondenti', 'comuni_nelle_domande'),
        ('comuni_partecipanti_avviso', 'comuni_nelle_domande'),
        ('comuni_partecipanti_totale', 'comuni_nelle_domande'),
        ('quota_scelte_ambito', 'quota_scelte_ambito'),
        ('domande_ammesse_fase_2', 'domande_ammesse'),
        ('domande_ammesse', 'domande_ammesse'),
        ('domande_in_istruttoria', 'domande_in_istruttoria'),
        ('comuni_ammessi_fase_2', 'comuni_ammessi'),
        ('comuni_ammessi', 'comuni_ammessi'),
        ('comuni_partecipanti', 'comuni_ammessi'),
        ('enti_piano_trasmesso', 'enti_piano_presentato'),
        ('piani_approvati_cumulati', 'piani_approvati'),
        ('piani_approvati_nel_decreto', 'piani_del_decreto'),
        ('piani_singoli_nel_decreto', 'piani_singoli_del_decreto'),
        ('piani_aggregati_nel_decreto', 'piani_aggregati_del_decreto'),
        ('interventi', 'interventi'),
        ('giornate_formazione_consulenza', 'giornate'),
        ('comuni_italiani', 'comuni'),
        ('piccoli_comuni_italiani', 'piccoli_comuni'),
        ('quota_popolazione_piccoli_comuni', 'quota_popolazione_piccoli_comuni')
),

conteggi (conteggio, tabella, regola_it, regola_en) as (
    values
        ('domande', 'domande', 'Domande presentate', 'Applications made'),
        ('domande_singole', 'domande', 'Domande presentate da un comune solo', 'Applications made by one municipality alone'),
        ('domande_aggregate', 'domande', 'Domande presentate da più comuni o da un’unione', 'Applications made by several municipalities or by a union'),
        ('comuni_nelle_domande', 'domande', 'Comuni diversi nelle domande presentate', 'Different municipalities in the applications made'),
        ('quota_scelte_ambito', 'domande', 'Quota di un ambito tra tutte le scelte delle domande; una domanda sceglie uno o più ambiti', 'Share of one area of work among all the choices of the applications; an application chooses one or more'),
        ('domande_ammesse', 'istruttorie', 'Domande la cui ultima decisione è l’ammissione', 'Applications whose latest decision is the admission'),
        ('domande_in_istruttoria', 'istruttorie', 'Domande la cui ultima decisione è «in istruttoria»; quelle che nessuno ha ancora preso in esame non ci sono', 'Applications whose latest decision is "under review"; those that nobody has taken up yet are left out'),
        ('comuni_ammessi', 'istruttorie', 'Comuni diversi nelle domande ammesse; della regione, o con quell’ambito, dove la cifra lo dice', 'Different municipalities in the admitted applications; of the region, or with that area of work, where the figure says so'),
        ('enti_piano_presentato', 'piani', 'Capofila diversi delle domande con un Piano presentato', 'Different leading municipalities of the applications with a plan presented'),
        ('piani_approvati', 'piani', 'Piani approvati fino a quel giorno', 'Plans approved up to that day'),
        ('piani_del_decreto', 'piani', 'Piani approvati quel giorno', 'Plans approved on that day'),
        ('piani_singoli_del_decreto', 'piani', 'Piani approvati quel giorno, di una domanda singola', 'Plans approved on that day, of an application made alone'),
        ('piani_aggregati_del_decreto', 'piani', 'Piani approvati quel giorno, di una domanda aggregata o di un’unione', 'Plans approved on that day, of an application made with others or by a union'),
        ('interventi', 'interventi', 'Interventi dei Piani consegnati, senza quelli annullati, a qualunque data', 'Interventions of the plans delivered, without those cancelled, at any date'),
        ('giornate', 'interventi', 'Giornate previste dagli interventi di ogni tipo, anche per gli strumenti organizzativi, senza quelli annullati, a qualunque data', 'Days foreseen by the interventions of every kind, those for organisational tools too, without those cancelled, at any date'),
        ('comuni', 'comuni', 'Comuni nell’elenco ISTAT del 1° gennaio 2020', 'Municipalities in the ISTAT list of 1 January 2020'),
        ('piccoli_comuni', 'comuni', 'Comuni di quell’elenco con non più di 5.000 residenti legali del 2011', 'Municipalities of that list with no more than 5,000 legal residents of 2011'),
        ('quota_popolazione_piccoli_comuni', 'comuni', 'Residenti legali del 2011 nei piccoli comuni, su quelli di tutti', 'Legal residents of 2011 in small municipalities, over those of all')
),

-- The sets that a published figure speaks of in words, as a key of ambiti.
insiemi (ambito_territoriale, ambito) as (
    values
        ('scelta dell’ambito: bilanci, contabilità, personale e tributi', 'bilancio-contabilita-personale-tributi'),
        ('scelta dell’ambito: smart working', 'smart-working'),
        ('scelta dell’ambito: acquisti e appalti pubblici', 'acquisti-appalti'),
        ('scelta dell’ambito: semplificazione', 'semplificazione-tempi-costi'),
        ('scelta dell’ambito: gestione associata servizi locali', 'gestione-associata-servizi'),
        ('ambito A (Verso la transizione digitale locale)', 'transizione-digitale'),
        ('ambito A', 'transizione-digitale'),
        ('ambito B (Verso la transizione amministrativa)', 'transizione-amministrativa'),
        ('ambito B', 'transizione-amministrativa'),
        ('ambito C', 'tecnologie-per-gli-atti')
),

-- A figure of a month or a year speaks of its last day.
cifre as (
    select
        ufficiali.*,
        regole.conteggio,
        insiemi.ambito,
        case when ufficiali.programma = 'piccoli' then 'avviso-piccoli-comuni' else ufficiali.programma end as gruppo,
        case ufficiali.precisione_data_riferimento
            when 'anno' then make_date(year(ufficiali.data_riferimento), 12, 31)
            when 'mese' then last_day(ufficiali.data_riferimento)
            else ufficiali.data_riferimento
        end as giorno
    from marts.cifre_ufficiali as ufficiali
    left join insiemi on insiemi.ambito_territoriale = ufficiali.ambito_territoriale
    -- Of a set of another kind (one aggregation, one union) nothing is counted.
    left join regole
        on regole.indicatore = ufficiali.indicatore
        and (ufficiali.ambito_territoriale = 'nazionale' or ufficiali.codice_regione is not null or insiemi.ambito is not null)
),

domande as (
    select
        *,
        case when programma = 'piccoli' then 'avviso-piccoli-comuni' else programma end as gruppo
    from marts.domande
),

comuni as (
    select
        domande.id_domanda,
        domande.gruppo,
        domande.ambiti,
        domande.data_presentazione,
        partecipanti.codice_regione,
        coalesce(partecipanti.codice_istat, partecipanti.codice_istat_domanda) as comune
    from marts.domande_comuni as partecipanti
    inner join domande on domande.id_domanda = partecipanti.id_domanda
),

-- Each decision holds until the day before the next one.
decisioni as (
    select
        istruttorie.id_domanda,
        istruttorie.esito,
        istruttorie.data_esito as dal,
        lead(istruttorie.data_esito) over (partition by istruttorie.id_domanda order by istruttorie.data_esito) as fino_a
    from staging.istruttorie as istruttorie
),

piani as (
    select
        piani.id_piano,
        piani.data_presentazione,
        piani.esito,
        piani.data_esito,
        domande.gruppo,
        domande.forma,
        domande.codice_regione,
        coalesce(domande.codice_istat_capofila, domande.comune_capofila) as ente
    from marts.piani as piani
    inner join domande on domande.id_domanda = piani.id_domanda
),

-- Things to count, each from the day (dal) on which it counts to the one (fino_a) on which it no longer does; without days, always.
fatti as (
    select 'domande' as conteggio, gruppo, codice_regione, ambiti, data_presentazione as dal, null::date as fino_a, id_domanda as cosa
    from domande
    union all
    select 'domande_singole', gruppo, codice_regione, ambiti, data_presentazione, null, id_domanda
    from domande
    where forma = 'singola'
    union all
    select 'domande_aggregate', gruppo, codice_regione, ambiti, data_presentazione, null, id_domanda
    from domande
    where forma <> 'singola'
    union all
    select 'comuni_nelle_domande', gruppo, codice_regione, ambiti, data_presentazione, null, comune
    from comuni
    union all
    select 'domande_ammesse', domande.gruppo, domande.codice_regione, domande.ambiti, decisioni.dal, decisioni.fino_a, domande.id_domanda
    from domande
    inner join decisioni on decisioni.id_domanda = domande.id_domanda
    where decisioni.esito = 'ammessa'
    union all
    select 'domande_in_istruttoria', domande.gruppo, domande.codice_regione, domande.ambiti, decisioni.dal, decisioni.fino_a, domande.id_domanda
    from domande
    inner join decisioni on decisioni.id_domanda = domande.id_domanda
    where decisioni.esito = 'in_istruttoria'
    union all
    select 'comuni_ammessi', comuni.gruppo, comuni.codice_regione, comuni.ambiti, decisioni.dal, decisioni.fino_a, comuni.comune
    from comuni
    inner join decisioni on decisioni.id_domanda = comuni.id_domanda
    where decisioni.esito = 'ammessa'
    union all
    select 'enti_piano_presentato', gruppo, codice_regione, null, data_presentazione, null, ente
    from piani
    where data_presentazione is not null
    union all
    select 'piani_approvati', gruppo, codice_regione, null, data_esito, null, id_piano
    from piani
    where esito = 'approvato'
    union all
    select 'piani_del_decreto', gruppo, codice_regione, null, data_esito, data_esito + 1, id_piano
    from piani
    where esito = 'approvato'
    union all
    select 'piani_singoli_del_decreto', gruppo, codice_regione, null, data_esito, data_esito + 1, id_piano
    from piani
    where esito = 'approvato' and forma = 'singola'
    union all
    select 'piani_aggregati_del_decreto', gruppo, codice_regione, null, data_esito, data_esito + 1, id_piano
    from piani
    where esito = 'approvato' and forma <> 'singola'
    union all
    select 'interventi', case when programma = 'piccoli' then 'avviso-piccoli-comuni' else programma end, codice_regione, null, null, null, id_intervento
    from marts.interventi
    where stato <> 'annullato'
),

contati as (
    select
        cifre.id_cifra,
        count(distinct fatti.cosa)::decimal(18, 2) as contato
    from cifre
    left join fatti
        on fatti.conteggio = cifre.conteggio
        and fatti.gruppo = cifre.gruppo
        and (cifre.codice_regione is null or fatti.codice_regione = cifre.codice_regione)
        and (cifre.ambito is null or list_contains(string_split(fatti.ambiti, '|'), cifre.ambito))
        and (cifre.giorno is null or fatti.dal is null or fatti.dal <= cifre.giorno)
        and (fatti.fino_a is null or fatti.fino_a > cifre.giorno)
    where cifre.conteggio not in ('quota_scelte_ambito', 'giornate', 'comuni', 'piccoli_comuni', 'quota_popolazione_piccoli_comuni')
    group by cifre.id_cifra
),

scelte as (
    select
        gruppo,
        data_presentazione,
        unnest(string_split(ambiti, '|')) as ambito
    from domande
),

-- Shares in hundredths of a percent, rounded half up in whole numbers: no floats.
quote as (
    select
        cifre.id_cifra,
        (((count(*) filter (where scelte.ambito = cifre.ambito) * 20000 + count(*)) // (2 * count(*)))::decimal(9, 0) * 0.01)::decimal(18, 2) as contato
    from cifre
    inner join scelte
        on scelte.gruppo = cifre.gruppo
        and (cifre.giorno is null or scelte.data_presentazione <= cifre.giorno)
    where cifre.conteggio = 'quota_scelte_ambito' and cifre.ambito is not null
    group by cifre.id_cifra
),

giornate as (
    select
        cifre.id_cifra,
        sum(interventi.giornate)::decimal(18, 2) as contato
    from cifre
    inner join marts.interventi as interventi
        on case when interventi.programma = 'piccoli' then 'avviso-piccoli-comuni' else interventi.programma end = cifre.gruppo
        and (cifre.codice_regione is null or interventi.codice_regione = cifre.codice_regione)
    where
        cifre.conteggio = 'giornate'
        and interventi.stato <> 'annullato'
    group by cifre.id_cifra
),

elenco as (
    select
        sum(comuni)::decimal(18, 2) as comuni,
        sum(piccoli_comuni)::decimal(18, 2) as piccoli_comuni,
        (((sum(popolazione_piccoli_comuni_2011)::bigint * 20000 + sum(popolazione_legale_2011)::bigint) // (2 * sum(popolazione_legale_2011)::bigint))::decimal(9, 0) * 0.01)::decimal(18, 2)
            as quota_popolazione_piccoli_comuni
    from marts.regioni
),

-- Where no row of a table has come for a programme, nothing was delivered: its count is empty, not zero.
consegnati as (
    select distinct 'domande' as tabella, gruppo
    from domande
    union
    select distinct 'istruttorie' as tabella, domande.gruppo
    from domande
    inner join staging.istruttorie as istruttorie on istruttorie.id_domanda = domande.id_domanda
    union
    select distinct 'piani' as tabella, gruppo
    from piani
    union
    select distinct 'interventi' as tabella, case when programma = 'piccoli' then 'avviso-piccoli-comuni' else programma end as gruppo
    from marts.interventi
),

accostati as (
    select
        cifre.*,
        conteggi.tabella,
        conteggi.regola_it,
        conteggi.regola_en,
        case
            when cifre.conteggio = 'comuni' then elenco.comuni
            when cifre.conteggio = 'piccoli_comuni' then elenco.piccoli_comuni
            when cifre.conteggio = 'quota_popolazione_piccoli_comuni' then elenco.quota_popolazione_piccoli_comuni
            when consegnati.gruppo is null then null
            when cifre.conteggio = 'quota_scelte_ambito' then quote.contato
            when cifre.conteggio = 'giornate' then giornate.contato
            else contati.contato
        end as contato,
        -- The source rounds: what is counted is rounded as much before the two are called equal.
        case when cifre.valore % 1 = 0 then 0 when (cifre.valore * 10) % 1 = 0 then 1 else 2 end as decimali
    from cifre
    cross join elenco
    left join conteggi on conteggi.conteggio = cifre.conteggio
    left join consegnati
        on consegnati.tabella = conteggi.tabella
        and consegnati.gruppo = cifre.gruppo
    left join contati on contati.id_cifra = cifre.id_cifra
    left join quote on quote.id_cifra = cifre.id_cifra
    left join giornate on giornate.id_cifra = cifre.id_cifra
),

final as (
    select
        id_cifra,
        programma,
        indicatore,
        indicatore_it,
        indicatore_en,
        ambito_territoriale,
        codice_regione,
        data_riferimento,
        qualificatore,
        valore as pubblicato,
        contato,
        (contato - valore)::decimal(18, 2) as differenza,
        unita,
        case
            when conteggio is null then 'senza_conteggio'
            when contato is null then 'non_consegnato'
            when contato = valore then 'uguale'
            when
                unita = 'per cento'
                and case decimali when 0 then round(contato, 0) when 1 then round(contato, 1) else contato end = valore
                then 'uguale'
            when qualificatore = 'circa' then 'approssimato'
            when qualificatore = 'oltre' and contato > valore then 'compatibile'
            when qualificatore in ('quasi', 'fino_a') and contato < valore then 'compatibile'
            else 'diverso'
        end as esito,
        tabella,
        regola_it,
        regola_en,
        confronto,
        id_fonte
    from accostati
)

select * from final
