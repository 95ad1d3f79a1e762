-- ---
-- title: {it: "Imbuto: dalla domanda al pagamento", en: "Funnel: from application to payment"}
-- description:
--   it: "Il percorso contato sui dati consegnati: quante domande, di quanti comuni, quante ammesse, quanti Piani presentati e approvati, quanti interventi, quante rendicontazioni, certificate e pagate, con gli euro. Una domanda sceglie più ambiti e si conta in ognuno, perciò i conteggi degli ambiti non si sommano: la riga «tutti» conta ogni domanda una volta. Un comune in più domande si conta una volta per riga. Gli interventi e le rendicontazioni hanno un solo ambito, o nessuno (riga «non-indicato»). Ciò che nasce da un Piano segue il programma e la regione della domanda, anche se lo paga un altro programma. Se l’amministrazione non ha consegnato i dati, il dataset è vuoto."
--   en: "The path counted on the data delivered: how many applications, of how many municipalities, how many admitted, how many plans presented and approved, how many interventions, how many claims, certified and paid, with the euro. An application chooses several areas of work and counts in each, so counts of areas are not to be added: the row \"tutti\" (all) counts each application once. A municipality in several applications counts once in a row. Interventions and claims have one area or none (row \"non-indicato\", not stated). What comes of a plan follows the programme and the region of the application, even if another programme pays for it. If the administration has not delivered the data, the dataset is empty."
-- grain: {it: "una riga per programma, regione e ambito, e una «tutti» per programma e regione, che non è la somma degli ambiti", en: "one row per programme, region and area of work, and one \"tutti\" (all) per programme and region, which is not the sum of the areas"}
-- key: [programma, codice_regione, ambito]
-- columns:
--   programma: {type: text, it: "Programma della domanda o, senza Piano, quello che paga", en: "Programme of the application or, without a plan, the one that pays", ref: programmi.programma}
--   codice_regione: {type: text, it: "Regione del capofila o, senza Piano, del comune che riceve l’output; 00 se manca", en: "Region of the leading municipality or, without a plan, of the one that receives the output; 00 if missing"}
--   regione: {type: text, it: Nome della regione, en: Name of the region, required: true}
--   ambito: {type: text, it: "Ambito; tutti per il totale, non-indicato per ciò che non ne ha", en: "Area of work; tutti for all of them, non-indicato for what has none"}
--   domande: {type: bigint, it: Domande presentate, en: Applications made, unit: domande, additive: false, required: true}
--   comuni: {type: bigint, it: "Comuni diversi di quelle domande", en: Different municipalities in those applications, unit: comuni, additive: false, required: true}
--   domande_ammesse: {type: bigint, it: Domande ammesse, en: Applications admitted, unit: domande, additive: false, required: true}
--   comuni_ammessi: {type: bigint, it: Comuni diversi delle domande ammesse, en: Different municipalities in the applications admitted, unit: comuni, additive: false, required: true}
--   piani_presentati: {type: bigint, it: Piani presentati da quelle domande, en: Plans presented from those applications, unit: piani, additive: false, required: true}
--   piani_approvati: {type: bigint, it: Piani approvati, en: Plans approved, unit: piani, additive: false, required: true}
--   importo_approvato_eur: {type: "decimal(18,2)", it: "Importo approvato di quei Piani, intero in ogni ambito della domanda", en: "Approved amount of those plans, whole in each area of the application", unit: EUR, additive: false, required: true}
--   interventi: {type: bigint, it: "Interventi dei Piani, senza quelli annullati", en: "Interventions of the plans, without those cancelled", unit: interventi, additive: false, required: true}
--   interventi_conclusi: {type: bigint, it: Di cui conclusi, en: Of which ended, unit: interventi, additive: false, required: true}
--   rendicontazioni: {type: bigint, it: "Rendicontazioni, senza quelle solo previste", en: "Claims, without those only foreseen", unit: rendicontazioni, additive: false, required: true}
--   certificate: {type: bigint, it: Rendicontazioni con un importo certificato, en: Claims with an amount certified, unit: rendicontazioni, additive: false, required: true}
--   pagate: {type: bigint, it: Rendicontazioni con un importo pagato, en: Claims with an amount paid, unit: rendicontazioni, additive: false, required: true}
--   importo_rendicontato_eur: {type: "decimal(18,2)", it: Importo rendicontato, en: Amount claimed, unit: EUR, additive: false, required: true}
--   importo_certificato_eur: {type: "decimal(18,2)", it: Importo certificato, en: Amount certified, unit: EUR, additive: false, required: true}
--   importo_pagato_eur: {type: "decimal(18,2)", it: Importo pagato, en: Amount paid, unit: EUR, additive: false, required: true}
-- rows: {min: 0, max: 1100}                    # 5 programmes × 20 regions and one row without × 8 areas, tutti and non-indicato
-- checks:
--   - rule: domande_ammesse <= domande and comuni_ammessi <= comuni
--     it: Più domande o comuni ammessi di quanti ne hanno chiesto
--     en: More applications or municipalities admitted than there were
--   - rule: piani_approvati <= piani_presentati
--     it: Più Piani approvati che presentati
--     en: More plans approved than presented
--   - rule: importo_pagato_eur <= importo_certificato_eur and importo_certificato_eur <= importo_rendicontato_eur
--     it: È pagato più di quanto è certificato, o certificato più di quanto è rendicontato
--     en: More is paid than is certified, or certified than claimed
-- charts:
--   - {kind: map, title: {it: "Avviso piccoli comuni: domande per regione del capofila", en: "Call for small municipalities: applications by region of the leading municipality"}, area: codice_regione, value: domande, where: "ambito = 'tutti' and programma = 'avviso-piccoli-comuni' and codice_regione <> '00'"}
--   - {kind: map, title: {it: "Avviso piccoli comuni: Piani approvati per regione", en: "Call for small municipalities: plans approved by region"}, area: codice_regione, value: piani_approvati, where: "ambito = 'tutti' and programma = 'avviso-piccoli-comuni' and codice_regione <> '00'"}
-- keywords: {it: [imbuto, domande, piani, pagamenti], en: [funnel, applications, plans, payments]}
-- themes: [GOVE, REGI, ECON]
-- ---
with
-- Each application in each of its areas, and once under tutti.
scelte as (
    select
        id_domanda,
        programma,
        codice_regione,
        esito,
        unnest(list_append(list_distinct(string_split(ambiti, '|')), 'tutti')) as ambito
    from marts.domande
),

domande as (
    select
        programma,
        codice_regione,
        ambito,
        count(*) as domande,
        count(*) filter (where esito = 'ammessa') as domande_ammesse
    from scelte
    group by programma, codice_regione, ambito
),

comuni as (
    select
        scelte.programma,
        scelte.codice_regione,
        scelte.ambito,
        count(distinct coalesce(partecipanti.codice_istat, partecipanti.codice_istat_domanda)) as comuni,
        count(distinct coalesce(partecipanti.codice_istat, partecipanti.codice_istat_domanda)) filter (where scelte.esito = 'ammessa') as comuni_ammessi
    from scelte
    inner join marts.domande_comuni as partecipanti on partecipanti.id_domanda = scelte.id_domanda
    group by scelte.programma, scelte.codice_regione, scelte.ambito
),

piani as (
    select
        scelte.programma,
        scelte.codice_regione,
        scelte.ambito,
        count(piani.data_presentazione) as piani_presentati,
        count(*) filter (where piani.esito = 'approvato') as piani_approvati,
        coalesce(sum(piani.importo_approvato_eur) filter (where piani.esito = 'approvato'), 0)::decimal(18, 2) as importo_approvato_eur
    from scelte
    inner join marts.piani as piani on piani.id_domanda = scelte.id_domanda
    group by scelte.programma, scelte.codice_regione, scelte.ambito
),

interventi_per_ambito as (
    select
        piani.programma,
        piani.codice_regione,
        interventi.ambito,
        count(*) as interventi,
        count(*) filter (where interventi.stato = 'concluso') as interventi_conclusi
    from staging.interventi as interventi
    inner join marts.piani as piani on piani.id_piano = interventi.id_piano
    where interventi.stato <> 'annullato'
    group by piani.programma, piani.codice_regione, interventi.ambito
),

interventi as (
    select *
    from interventi_per_ambito
    union all
    select
        programma,
        codice_regione,
        'tutti' as ambito,
        sum(interventi)::bigint as interventi,
        sum(interventi_conclusi)::bigint as interventi_conclusi
    from interventi_per_ambito
    group by programma, codice_regione
),

spesa_per_ambito as (
    select
        coalesce(piani.programma, rendicontazioni.programma) as programma,
        coalesce(piani.codice_regione, rendicontazioni.codice_regione, '00') as codice_regione,
        coalesce(rendicontazioni.ambito, 'non-indicato') as ambito,
        count(*) as rendicontazioni,
        count(*) filter (where rendicontazioni.importo_certificato_eur > 0) as certificate,
        count(*) filter (where rendicontazioni.importo_pagato_eur > 0) as pagate,
        sum(rendicontazioni.importo_rendicontato_eur)::decimal(18, 2) as importo_rendicontato_eur,
        coalesce(sum(rendicontazioni.importo_certificato_eur), 0)::decimal(18, 2) as importo_certificato_eur,
        coalesce(sum(rendicontazioni.importo_pagato_eur), 0)::decimal(18, 2) as importo_pagato_eur
    from marts.rendicontazioni as rendicontazioni
    left join marts.piani as piani on piani.id_piano = rendicontazioni.id_piano
    where rendicontazioni.stato <> 'prevista'
    group by 1, 2, 3
),

spesa as (
    select *
    from spesa_per_ambito
    union all
    select
        programma,
        codice_regione,
        'tutti' as ambito,
        sum(rendicontazioni)::bigint as rendicontazioni,
        sum(certificate)::bigint as certificate,
        sum(pagate)::bigint as pagate,
        sum(importo_rendicontato_eur)::decimal(18, 2) as importo_rendicontato_eur,
        sum(importo_certificato_eur)::decimal(18, 2) as importo_certificato_eur,
        sum(importo_pagato_eur)::decimal(18, 2) as importo_pagato_eur
    from spesa_per_ambito
    group by programma, codice_regione
),

righe as (
    select programma, codice_regione, ambito from domande
    union
    select programma, codice_regione, ambito from interventi
    union
    select programma, codice_regione, ambito from spesa
),

final as (
    select
        righe.programma,
        righe.codice_regione,
        coalesce(regioni.denominazione, 'Senza regione') as regione,
        righe.ambito,
        coalesce(domande.domande, 0) as domande,
        coalesce(comuni.comuni, 0) as comuni,
        coalesce(domande.domande_ammesse, 0) as domande_ammesse,
        coalesce(comuni.comuni_ammessi, 0) as comuni_ammessi,
        coalesce(piani.piani_presentati, 0) as piani_presentati,
        coalesce(piani.piani_approvati, 0) as piani_approvati,
        coalesce(piani.importo_approvato_eur, 0)::decimal(18, 2) as importo_approvato_eur,
        coalesce(interventi.interventi, 0) as interventi,
        coalesce(interventi.interventi_conclusi, 0) as interventi_conclusi,
        coalesce(spesa.rendicontazioni, 0) as rendicontazioni,
        coalesce(spesa.certificate, 0) as certificate,
        coalesce(spesa.pagate, 0) as pagate,
        coalesce(spesa.importo_rendicontato_eur, 0)::decimal(18, 2) as importo_rendicontato_eur,
        coalesce(spesa.importo_certificato_eur, 0)::decimal(18, 2) as importo_certificato_eur,
        coalesce(spesa.importo_pagato_eur, 0)::decimal(18, 2) as importo_pagato_eur
    from righe
    left join marts.regioni as regioni on regioni.codice_regione = righe.codice_regione
    left join domande
        on domande.programma = righe.programma
        and domande.codice_regione = righe.codice_regione
        and domande.ambito = righe.ambito
    left join comuni
        on comuni.programma = righe.programma
        and comuni.codice_regione = righe.codice_regione
        and comuni.ambito = righe.ambito
    left join piani
        on piani.programma = righe.programma
        and piani.codice_regione = righe.codice_regione
        and piani.ambito = righe.ambito
    left join interventi
        on interventi.programma = righe.programma
        and interventi.codice_regione = righe.codice_regione
        and interventi.ambito = righe.ambito
    left join spesa
        on spesa.programma = righe.programma
        and spesa.codice_regione = righe.codice_regione
        and spesa.ambito = righe.ambito
)

select * from final
