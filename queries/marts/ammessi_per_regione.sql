-- ---
-- title: {it: Evidenze e totali per regione, en: Evidence and totals by region}
-- description:
--   it: Per ogni regione e programma, i piccoli comuni, quanti comuni compaiono in una fonte e a che titolo, e il totale pubblicato dove esiste (in Umbria dieci, otto a ottobre 2021). Gli elenchi completi degli ammessi non sono pubblici, perciò zero vuol dire «nessuna evidenza trovata», non «nessun ammesso»; e un comune nominato può aver partecipato senza essere stato ammesso. Dove l’amministrazione ha consegnato le domande, le ultime colonne contano quelle e i loro comuni; dove non le ha consegnate sono vuote, che non vuol dire zero.
--   en: For each region and programme, the small municipalities, how many municipalities appear in a source and in which role, and the published total where there is one (ten in Umbria, eight in October 2021). The full lists of those admitted are not public, so zero means "no evidence found", not "none admitted"; and a municipality named may have taken part without being admitted. Where the administration has delivered the applications, the last columns count them and their municipalities; where it has not they are empty, which does not mean zero.
-- grain: {it: una riga per regione e programma, en: one row per region and programme}
-- key: [codice_regione, programma]
-- columns:
--   codice_regione: {type: text, it: Codice ISTAT della regione, en: ISTAT code of the region, ref: regioni.codice_regione}
--   regione: {type: text, it: Nome della regione, en: Name of the region, required: true}
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   piccoli_comuni: {type: integer, it: Piccoli comuni della regione (gli stessi in ogni programma), en: Small municipalities of the region (the same in every programme), unit: comuni, additive: false, required: true}
--   comuni_con_evidenza: {type: integer, it: "Comuni diversi nominati da almeno una fonte; le unioni e le aree non sono contate", en: "Different municipalities named by at least one source; unions and areas are not counted", unit: comuni, additive: false, required: true}
--   comuni_ammessi_nominati: {type: integer, it: Comuni che una fonte dice ammessi, en: Municipalities that a source says were admitted, unit: comuni, additive: false, required: true}
--   comuni_affiancati_nominati: {type: integer, it: Comuni di cui una fonte dice che l’affiancamento è avviato, en: Municipalities whose support a source says has started, unit: comuni, additive: false, required: true}
--   comuni_altra_partecipazione: {type: integer, it: "Comuni nominati solo per altra partecipazione, che non prova un’ammissione", en: "Municipalities named only for other participation, which does not prove an admission", unit: comuni, additive: false, required: true}
--   comuni_oltre_5000_con_evidenza: {type: integer, it: "Comuni nominati che superano 5.000 residenti legali (2011)", en: "Municipalities named that have more than 5,000 legal residents (2011)", unit: comuni, additive: false, required: true}
--   totale_ufficiale: {type: "decimal(18,2)", it: Totale pubblicato per la regione, en: Total published for the region, additive: false}
--   unita_totale: {type: text, it: Unità del totale pubblicato, en: "Unit of the published total, in Italian"}
--   qualificatore_totale: {type: text, it: "Come la fonte dà il totale: esatto, circa, oltre, quasi", en: "How the source gives the total: exact (esatto), about (circa), over (oltre), almost (quasi)"}
--   data_totale: {type: date, it: "Data del totale; vuota se la fonte non la dà", en: "Date of the total; empty where the source does not give it"}
--   id_fonte_totale: {type: text, it: Fonte del totale, en: Source of the total, ref: fonti.id_fonte}
--   totale_precedente: {type: "decimal(18,2)", it: Totale pubblicato in precedenza, en: Total published earlier, additive: false}
--   data_totale_precedente: {type: date, it: Data del totale precedente, en: Date of the earlier total}
--   id_fonte_totale_precedente: {type: text, it: Fonte del totale precedente, en: Source of the earlier total, ref: fonti.id_fonte}
--   domande: {type: bigint, it: "Domande consegnate con il capofila in regione; vuoto se del programma non ne sono state consegnate", en: "Applications delivered whose leading municipality is in the region; empty if none of the programme were delivered", unit: domande, additive: true}
--   domande_ammesse: {type: bigint, it: Di cui ammesse, en: Of which admitted, unit: domande, additive: true}
--   comuni_nelle_domande: {type: bigint, it: "Comuni diversi della regione nelle domande consegnate, anche con un capofila di un’altra regione", en: "Different municipalities of the region in the applications delivered, even where the leading one is of another region", unit: comuni, additive: false}
--   comuni_ammessi: {type: bigint, it: Di cui in almeno una domanda ammessa, en: Of which in at least one admitted application, unit: comuni, additive: false}
-- rows: {min: 20, max: 200}                    # 20 regions × programmes with evidence
-- checks:
--   - rule: comuni_ammessi_nominati + comuni_altra_partecipazione <= comuni_con_evidenza
--     it: I comuni per tipo di evidenza superano quelli nominati
--     en: The municipalities by kind of evidence exceed those named
--   - rule: comuni_affiancati_nominati + comuni_altra_partecipazione <= comuni_con_evidenza
--     it: I comuni per tipo di evidenza superano quelli nominati
--     en: The municipalities by kind of evidence exceed those named
--   - rule: comuni_con_evidenza - comuni_oltre_5000_con_evidenza <= piccoli_comuni
--     it: Più piccoli comuni nominati di quanti la regione ne abbia
--     en: More small municipalities named than the region has
--   - rule: totale_precedente is null or totale_ufficiale is not null
--     it: Un totale precedente senza quello che lo segue
--     en: An earlier total without the one that follows
--   - domande_ammesse <= domande
--   - comuni_ammessi <= comuni_nelle_domande
--   - rule: "(domande is null) = (comuni_ammessi is null)"
--     it: Un programma ha domande consegnate e comuni non contati, o il contrario
--     en: A programme has applications delivered and municipalities not counted, or the other way round
-- charts:
--   - {kind: map, title: {it: "Comuni nelle domande ammesse dell’Avviso, dalle domande consegnate", en: "Municipalities in the admitted applications to the call, from the applications delivered"}, area: codice_regione, value: comuni_ammessi, where: "programma = 'avviso-piccoli-comuni'"}
--   - {kind: map, title: {it: "P.I.C.C.O.L.I.: comuni nominati da una fonte", en: "P.I.C.C.O.L.I.: municipalities named by a source"}, area: codice_regione, value: comuni_con_evidenza, where: "programma = 'piccoli'"}
--   - {kind: map, title: {it: "ITALIAE: comuni nominati da una fonte", en: "ITALIAE: municipalities named by a source"}, area: codice_regione, value: comuni_con_evidenza, where: "programma = 'italiae'"}
-- keywords: {it: [regioni, ammessi, evidenze], en: [regions, admitted, evidence]}
-- themes: [GOVE, REGI]
-- ---
with
evidenze as (
    select *
    from marts.evidenze
    where codice_istat is not null
),

totali as (
    select *
    from staging.totali_regionali
),

programmi as (
    select programma from staging.evidenze
    union
    select programma from totali
    union
    select programma from marts.domande
),

-- One row per comune, region and programme: a comune counts once however many sources name it.
per_comune as (
    select
        codice_regione,
        programma,
        codice_istat,
        bool_or(evento = 'ammesso') as ammesso,
        bool_or(evento = 'affiancamento_avviato') as affiancato,
        bool_or(not piccolo_comune) as oltre_5000
    from evidenze
    group by codice_regione, programma, codice_istat
),

conteggi as (
    select
        codice_regione,
        programma,
        count(*)::integer as con_evidenza,
        count(*) filter (where ammesso)::integer as ammessi,
        count(*) filter (where affiancato)::integer as affiancati,
        count(*) filter (where not ammesso and not affiancato)::integer as altra,
        count(*) filter (where oltre_5000)::integer as oltre_5000
    from per_comune
    group by codice_regione, programma
),

presentate as (
    select
        codice_regione,
        programma,
        count(*) as domande,
        count(*) filter (where esito = 'ammessa') as ammesse
    from marts.domande
    group by codice_regione, programma
),

-- A comune counts once however many applications it is in; one born later has no code of 2020.
partecipanti as (
    select
        codice_regione,
        programma,
        count(distinct coalesce(codice_istat, codice_istat_domanda)) as comuni,
        count(distinct coalesce(codice_istat, codice_istat_domanda)) filter (where esito = 'ammessa') as ammessi
    from marts.domande_comuni
    group by codice_regione, programma
),

-- Of these programmes a region without applications has none; of the others nothing is known.
consegnati as (
    select distinct programma
    from marts.domande
),

final as (
    select
        regioni.codice_regione,
        regioni.denominazione as regione,
        programmi.programma,
        regioni.piccoli_comuni,
        coalesce(conteggi.con_evidenza, 0) as comuni_con_evidenza,
        coalesce(conteggi.ammessi, 0) as comuni_ammessi_nominati,
        coalesce(conteggi.affiancati, 0) as comuni_affiancati_nominati,
        coalesce(conteggi.altra, 0) as comuni_altra_partecipazione,
        coalesce(conteggi.oltre_5000, 0) as comuni_oltre_5000_con_evidenza,
        ultima.valore as totale_ufficiale,
        ultima.unita as unita_totale,
        ultima.qualificatore as qualificatore_totale,
        ultima.data_riferimento as data_totale,
        ultima.id_fonte as id_fonte_totale,
        prima.valore as totale_precedente,
        prima.data_riferimento as data_totale_precedente,
        prima.id_fonte as id_fonte_totale_precedente,
        case when consegnati.programma is not null then coalesce(presentate.domande, 0) end as domande,
        case when consegnati.programma is not null then coalesce(presentate.ammesse, 0) end as domande_ammesse,
        case when consegnati.programma is not null then coalesce(partecipanti.comuni, 0) end as comuni_nelle_domande,
        case when consegnati.programma is not null then coalesce(partecipanti.ammessi, 0) end as comuni_ammessi
    from marts.regioni as regioni
    cross join programmi
    left join conteggi
        on conteggi.codice_regione = regioni.codice_regione
        and conteggi.programma = programmi.programma
    left join totali
        on totali.codice_regione = regioni.codice_regione
        and totali.programma = programmi.programma
    left join consegnati on consegnati.programma = programmi.programma
    left join presentate
        on presentate.codice_regione = regioni.codice_regione
        and presentate.programma = programmi.programma
    left join partecipanti
        on partecipanti.codice_regione = regioni.codice_regione
        and partecipanti.programma = programmi.programma
    left join staging.cifre_ufficiali as ultima on ultima.id_cifra = totali.id_cifra
    left join staging.cifre_ufficiali as prima on prima.id_cifra = totali.id_cifra_precedente
)

select * from final
