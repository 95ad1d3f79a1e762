-- ---
-- title: {it: Scheda della regione, en: Region sheet}
-- description:
--   it: "Che cosa risulta di una regione, voce per voce, con il dataset da cui viene: i suoi piccoli comuni, le domande e i Piani consegnati dall’amministrazione, la spesa, PA digitale 2026. Una voce vuota non è stata consegnata o scaricata; zero vuol dire che non ce ne sono."
--   en: "What is on record of a region, item by item, with the dataset it comes from: its small municipalities, the applications and plans delivered by the administration, the spending, PA digitale 2026. An empty item was not delivered or fetched; zero means that there are none."
-- params:
--   regione:
--     type: text
--     it: Regione, per nome o codice
--     en: Region, by name or code
--     values: select codice_regione, denominazione, slug from marts.regioni order by codice_regione
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [ordine]
-- columns:
--   ordine: {type: integer, additive: false, it: N., en: No.}
--   voce: {type: text, it: Voce, en: Item}
--   quanti: {type: bigint, additive: false, it: Quanti, en: How many}
--   unita: {type: text, it: Unità, en: Unit}
--   importo_eur: {type: "decimal(18,2)", unit: EUR, additive: false, it: Importo, en: Amount}
--   dataset: {type: text, it: Dataset, en: Dataset}
-- ---
with
voci as (
    select 1 as ordine, case when $lingua = 'en' then 'Municipalities of the region (2020)' else 'Comuni della regione (2020)' end as voce, (select comuni from marts.regioni where codice_regione = $regione)::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'comuni' as unita, 'regioni' as dataset
    union all
    select 2 as ordine, case when $lingua = 'en' then 'of which small ones (up to 5,000 residents)' else 'di cui piccoli comuni (fino a 5.000 residenti)' end as voce, (select piccoli_comuni from marts.regioni where codice_regione = $regione)::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'comuni' as unita, 'regioni' as dataset
    union all
    select 3 as ordine, case when $lingua = 'en' then 'Residents of small municipalities (2011)' else 'Residenti nei piccoli comuni (2011)' end as voce, (select popolazione_piccoli_comuni_2011 from marts.regioni where codice_regione = $regione)::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'abitanti' as unita, 'regioni' as dataset
    union all
    select 4 as ordine, case when $lingua = 'en' then 'Small municipalities that a public source names' else 'Piccoli comuni che una fonte pubblica nomina' end as voce, (select count(distinct evidenze.codice_istat) from marts.evidenze as evidenze inner join marts.comuni as comuni on comuni.codice_istat = evidenze.codice_istat where comuni.codice_regione = $regione and comuni.piccolo_comune)::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'comuni' as unita, 'evidenze' as dataset
    union all
    select 5 as ordine, case when $lingua = 'en' then 'Applications delivered (leading municipality in the region)' else 'Domande consegnate (capofila nella regione)' end as voce, (select count(*) from marts.domande where codice_regione = $regione)::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'domande' as unita, 'domande' as dataset
    union all
    select 6 as ordine, case when $lingua = 'en' then 'of which admitted' else 'di cui ammesse' end as voce, (select count(*) from marts.domande where codice_regione = $regione and esito = 'ammessa')::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'domande' as unita, 'domande' as dataset
    union all
    select 7 as ordine, case when $lingua = 'en' then 'Different municipalities in the applications admitted' else 'Comuni diversi nelle domande ammesse' end as voce, (select count(distinct codice_istat_domanda) from marts.domande_comuni where codice_regione = $regione and esito = 'ammessa')::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'comuni' as unita, 'domande_comuni' as dataset
    union all
    select 8 as ordine, case when $lingua = 'en' then 'Plans presented' else 'Piani presentati' end as voce, (select count(*) from marts.piani where codice_regione = $regione and data_presentazione is not null)::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'piani' as unita, 'piani' as dataset
    union all
    select 9 as ordine, case when $lingua = 'en' then 'Plans approved' else 'Piani approvati' end as voce, (select count(*) from marts.piani where codice_regione = $regione and esito = 'approvato')::bigint as quanti, (select sum(importo_approvato_eur) from marts.piani where codice_regione = $regione and esito = 'approvato')::decimal(18, 2) as importo_eur, 'piani' as unita, 'piani' as dataset
    union all
    select 10 as ordine, case when $lingua = 'en' then 'Plans overdue and not presented' else 'Piani scaduti e non presentati' end as voce, (select count(*) from marts.scadenze where codice_regione = $regione and stato = 'scaduto')::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'piani' as unita, 'scadenze' as dataset
    union all
    select 11 as ordine, case when $lingua = 'en' then 'Interventions ended' else 'Interventi conclusi' end as voce, (select count(*) from marts.interventi where codice_regione = $regione and stato = 'concluso')::bigint as quanti, (null)::decimal(18, 2) as importo_eur, 'interventi' as unita, 'interventi' as dataset
    union all
    select 12 as ordine, case when $lingua = 'en' then 'Claims' else 'Rendicontazioni' end as voce, (select sum(rendicontazioni) from marts.spesa_per_regione where codice_regione = $regione)::bigint as quanti, (select sum(importo_rendicontato_eur) from marts.spesa_per_regione where codice_regione = $regione)::decimal(18, 2) as importo_eur, 'rendicontazioni' as unita, 'spesa_per_regione' as dataset
    union all
    select 13 as ordine, case when $lingua = 'en' then 'of which amount certified' else 'di cui importo certificato' end as voce, (null)::bigint as quanti, (select sum(importo_certificato_eur) from marts.spesa_per_regione where codice_regione = $regione)::decimal(18, 2) as importo_eur, '' as unita, 'spesa_per_regione' as dataset
    union all
    select 14 as ordine, case when $lingua = 'en' then 'of which amount paid' else 'di cui importo pagato' end as voce, (null)::bigint as quanti, (select sum(importo_pagato_eur) from marts.spesa_per_regione where codice_regione = $regione)::decimal(18, 2) as importo_eur, '' as unita, 'spesa_per_regione' as dataset
    union all
    select 15 as ordine, case when $lingua = 'en' then 'Applications of municipalities funded by PA digitale 2026' else 'Candidature di comuni finanziate da PA digitale 2026' end as voce, (select sum(candidature_comuni) from marts.padigitale_per_regione where codice_regione = $regione)::bigint as quanti, (select sum(importo_comuni_eur) from marts.padigitale_per_regione where codice_regione = $regione)::decimal(18, 2) as importo_eur, 'candidature' as unita, 'padigitale_per_regione' as dataset
    union all
    select 16 as ordine, case when $lingua = 'en' then 'of which amount paid' else 'di cui importo erogato' end as voce, (null)::bigint as quanti, (select sum(importo_comuni_erogato_eur) from marts.padigitale_per_regione where codice_regione = $regione)::decimal(18, 2) as importo_eur, '' as unita, 'padigitale_per_regione' as dataset
),

-- What nobody delivered is empty, not zero.
consegnati as (
    select
        (select count(*) > 0 from marts.domande) as domande,
        (select count(*) > 0 from marts.piani) as piani
),

final as (
    select
        voci.ordine,
        voci.voce,
        case
            when voci.dataset in ('domande', 'domande_comuni', 'scadenze') and not consegnati.domande then null
            when voci.dataset in ('piani', 'interventi') and not consegnati.piani then null
            else voci.quanti
        end as quanti,
        case when $lingua = 'en'
            then coalesce(map {'comuni': 'municipalities', 'abitanti': 'residents', 'domande': 'applications', 'piani': 'plans', 'interventi': 'interventions', 'rendicontazioni': 'claims', 'candidature': 'applications'}[voci.unita], voci.unita)
            else voci.unita
        end as unita,
        voci.importo_eur,
        voci.dataset
    from voci
    cross join consegnati
)

select * from final
order by ordine
