-- ---
-- title: {it: Spesa per comune, en: Spending by municipality}
-- description:
--   it: "Per ogni comune e programma la spesa, in due misure che non si confondono. «Deduplicato» è quanto è rendicontato, certificato e pagato per output di quel solo comune: ogni euro sta in una riga e le righe si sommano. «Attribuito» è l’importo approvato dei Piani a cui il comune partecipa: lo stesso Piano di più comuni è ripetuto per ciascuno, perciò non si somma. La spesa che non indica un comune non si divide tra i comuni: sta nei totali della regione. Se l’amministrazione non ha consegnato i dati, il dataset è vuoto."
--   en: "For each municipality and programme the spending, in two measures not to be confused. \"Deduplicated\" is what is claimed, certified and paid for outputs of that municipality alone: every euro is in one row and the rows can be added. \"Attributed\" is the approved amount of the plans in which the municipality takes part: one plan of several municipalities is repeated for each, so it is not to be added. Spending that names no municipality is not split among them: it is in the totals of the region. If the administration has not delivered the data, the dataset is empty."
-- grain: {it: una riga per comune e programma, en: one row per municipality and programme}
-- key: [codice_comune, programma]
-- columns:
--   codice_comune: {type: text, it: "Codice ISTAT del comune nel 2020; per un comune nato dopo dalla fusione di più comuni, quello di oggi", en: "ISTAT code of the municipality in 2020; for one born later of the merger of several, that of today"}
--   codice_istat: {type: text, it: "Lo stesso codice, se è di un comune del 2020", en: "The same code, if it is that of a municipality of 2020", ref: comuni.codice_istat}
--   comune: {type: text, it: Nome del comune nell’elenco ISTAT, en: Name of the municipality in the ISTAT list, required: true}
--   codice_regione: {type: text, it: Regione del comune, en: Region of the municipality, ref: regioni.codice_regione, required: true}
--   programma: {type: text, it: "Programma che paga; per i Piani, P.I.C.C.O.L.I.", en: "Programme that pays; for plans, P.I.C.C.O.L.I.", ref: programmi.programma}
--   rendicontazioni: {type: bigint, it: "Rendicontazioni di output del solo comune, senza quelle solo previste", en: "Claims of outputs of the municipality alone, without those only foreseen", unit: rendicontazioni, additive: true, required: true}
--   importo_rendicontato_eur: {type: "decimal(18,2)", it: "Deduplicato: rendicontato per output del solo comune", en: "Deduplicated: claimed for outputs of the municipality alone", unit: EUR, additive: true, required: true}
--   importo_certificato_eur: {type: "decimal(18,2)", it: "Deduplicato: certificato", en: "Deduplicated: certified", unit: EUR, additive: true, required: true}
--   importo_pagato_eur: {type: "decimal(18,2)", it: "Deduplicato: pagato", en: "Deduplicated: paid", unit: EUR, additive: true, required: true}
--   piani_approvati: {type: bigint, it: "Piani approvati a cui il comune partecipa, da solo o con altri", en: "Approved plans in which the municipality takes part, alone or with others", unit: piani, additive: false, required: true}
--   importo_attribuito_eur: {type: "decimal(18,2)", it: "Attribuito: importo approvato di quei Piani, ripetuto per ogni comune che vi partecipa", en: "Attributed: approved amount of those plans, repeated for each municipality in them", unit: EUR, additive: false, required: true}
-- rows: {min: 0, max: 40000}                   # at most every comune × programme
-- checks:
--   - rule: importo_pagato_eur <= importo_certificato_eur and importo_certificato_eur <= importo_rendicontato_eur
--     it: È pagato più di quanto è certificato, o certificato più di quanto è rendicontato
--     en: More is paid than is certified, or certified than claimed
-- keywords: {it: [spesa, comuni, pagamenti], en: [spending, municipalities, payments]}
-- themes: [GOVE, REGI, ECON]
-- ---
with
dedotta as (
    select
        coalesce(codice_istat, codice_istat_output) as codice_comune,
        programma,
        any_value(codice_istat) as codice_istat,
        any_value(codice_regione) as codice_regione,
        count(*) as rendicontazioni,
        sum(importo_rendicontato_eur)::decimal(18, 2) as importo_rendicontato_eur,
        coalesce(sum(importo_certificato_eur), 0)::decimal(18, 2) as importo_certificato_eur,
        coalesce(sum(importo_pagato_eur), 0)::decimal(18, 2) as importo_pagato_eur
    from marts.rendicontazioni
    where
        codice_istat_output is not null
        and stato <> 'prevista'
    group by
        coalesce(codice_istat, codice_istat_output),
        programma
),

-- The plans of the call are carried out by P.I.C.C.O.L.I., which also pays for them.
partecipazioni as (
    select distinct
        coalesce(partecipanti.codice_istat, partecipanti.codice_istat_domanda) as codice_comune,
        case when piani.programma = 'avviso-piccoli-comuni' then 'piccoli' else piani.programma end as programma,
        partecipanti.codice_istat,
        partecipanti.codice_regione,
        piani.id_piano,
        piani.importo_approvato_eur
    from marts.piani as piani
    inner join marts.domande_comuni as partecipanti on partecipanti.id_domanda = piani.id_domanda
    where piani.esito = 'approvato'
),

attribuita as (
    select
        codice_comune,
        programma,
        any_value(codice_istat) as codice_istat,
        any_value(codice_regione) as codice_regione,
        count(*) as piani_approvati,
        sum(importo_approvato_eur)::decimal(18, 2) as importo_attribuito_eur
    from partecipazioni
    group by
        codice_comune,
        programma
),

nomi as (
    select
        codice_istat,
        denominazione
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

final as (
    select
        coalesce(dedotta.codice_comune, attribuita.codice_comune) as codice_comune,
        coalesce(dedotta.codice_istat, attribuita.codice_istat) as codice_istat,
        nomi.denominazione as comune,
        coalesce(dedotta.codice_regione, attribuita.codice_regione) as codice_regione,
        coalesce(dedotta.programma, attribuita.programma) as programma,
        coalesce(dedotta.rendicontazioni, 0) as rendicontazioni,
        coalesce(dedotta.importo_rendicontato_eur, 0)::decimal(18, 2) as importo_rendicontato_eur,
        coalesce(dedotta.importo_certificato_eur, 0)::decimal(18, 2) as importo_certificato_eur,
        coalesce(dedotta.importo_pagato_eur, 0)::decimal(18, 2) as importo_pagato_eur,
        coalesce(attribuita.piani_approvati, 0) as piani_approvati,
        coalesce(attribuita.importo_attribuito_eur, 0)::decimal(18, 2) as importo_attribuito_eur
    from dedotta
    full join attribuita
        on attribuita.codice_comune = dedotta.codice_comune
        and attribuita.programma = dedotta.programma
    left join nomi on nomi.codice_istat = coalesce(dedotta.codice_comune, attribuita.codice_comune)
)

select * from final
