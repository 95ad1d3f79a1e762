-- ---
-- title: {it: Il percorso di ogni comune, en: The path of each municipality}
-- description:
--   it: "Per ogni comune e programma il punto a cui è arrivato: domande, ammissione, Piani, importi rendicontati e pagati; per PA digitale 2026 i progetti finanziati. Un Piano riunisce più comuni, perciò il suo importo non è di nessuno di loro e qui non c’è; gli importi sono solo quelli che una rendicontazione o un decreto dà a un comune. Una colonna è vuota quando l’archivio da cui verrebbe non è stato consegnato o non riguarda il programma."
--   en: "For each municipality and programme how far it has come: applications, admission, plans, amounts claimed and paid; for PA digitale 2026 the projects funded. A plan brings several municipalities together, so its amount belongs to none of them and is not here; the amounts are only those that a claim or a decree gives to one municipality. A column is empty where the archive it would come from was not delivered or is not about the programme."
-- grain: {it: una riga per comune e programma in cui compare, en: one row per municipality and programme in which it appears}
-- key: [codice_istat, programma]
-- columns:
--   codice_istat: {type: text, it: Comune, en: Municipality, ref: comuni.codice_istat}
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   comune: {type: text, it: Nome del comune, en: Name of the municipality, required: true}
--   codice_provincia: {type: text, it: "Codice della provincia nel 2020, tre cifre", en: "Code of the province in 2020, three digits", required: true}
--   codice_regione: {type: text, it: Regione, en: Region, ref: regioni.codice_regione, required: true}
--   piccolo_comune: {type: boolean, it: Non più di 5.000 residenti legali nel 2011, en: "No more than 5,000 legal residents in 2011", required: true}
--   domande: {type: bigint, it: "Domande in cui è, da solo o con altri", en: "Applications it is in, alone or with others", unit: domande, additive: false}
--   data_domanda: {type: date, it: Giorno della prima, en: Day of the first}
--   esito: {type: text, it: "Il migliore degli esiti: ammessa, in_istruttoria o respinta", en: "The best of the outcomes: admitted (ammessa), under review (in_istruttoria) or rejected (respinta)"}
--   data_ammissione: {type: date, it: Giorno della prima ammissione, en: Day of the first admission}
--   piani: {type: bigint, it: Piani di cui è parte, en: Plans it is part of, unit: piani, additive: false}
--   piani_approvati: {type: bigint, it: Di cui approvati, en: Of which approved, unit: piani, additive: false}
--   data_piano_approvato: {type: date, it: Giorno in cui è approvato il primo, en: Day on which the first was approved}
--   progetti_finanziati: {type: bigint, it: "Progetti finanziati con un decreto, senza le rinunce (solo PA digitale 2026)", en: "Projects funded by a decree, without those given up (PA digitale 2026 only)", unit: progetti, additive: true}
--   importo_assegnato_eur: {type: "decimal(18,2)", it: "Importo dei progetti finanziati (solo PA digitale 2026)", en: "Amount of the projects funded (PA digitale 2026 only)", unit: EUR, additive: true}
--   importo_rendicontato_eur: {type: "decimal(18,2)", it: "Importo rendicontato per output del solo comune", en: "Amount claimed for outputs of this municipality alone", unit: EUR, additive: true}
--   importo_pagato_eur: {type: "decimal(18,2)", it: Importo pagato per il comune, en: Amount paid for the municipality, unit: EUR, additive: true}
--   pagato_pro_capite_eur: {type: "decimal(18,2)", it: "Importo pagato per residente del 2011, al centesimo inferiore", en: "Amount paid per resident of 2011, to the cent below", unit: EUR, additive: false}
--   posto_regione: {type: bigint, it: "Posto tra i piccoli comuni della regione con un pagamento, dal più alto per residente", en: "Place among the small municipalities of the region with a payment, from the highest per resident", additive: false}
--   in_classifica: {type: bigint, it: Quanti sono i comuni di quella classifica, en: How many municipalities are in that ranking, additive: false}
-- rows: {min: 0, max: 40000}                    # 7,904 municipalities × 5 programmes
-- checks:
--   - rule: piani_approvati <= piani
--     it: Più Piani approvati che Piani
--     en: More plans approved than plans
--   - rule: "coalesce(importo_pagato_eur <= coalesce(importo_rendicontato_eur, importo_assegnato_eur), true)"
--     it: È pagato più di quanto è rendicontato o assegnato
--     en: More is paid than was claimed or awarded
--   - rule: "(esito = 'ammessa') = (data_ammissione is not null)"
--     it: Un comune ammesso è senza data, o una data è senza ammissione
--     en: A municipality admitted has no date, or a date has no admission
-- keywords: {it: [comuni, domande, piani, pagamenti], en: [municipalities, applications, plans, payments]}
-- themes: [GOVE, REGI, ECON]
-- sources: [PADIGITALE-OPENDATA]
-- ---
with
partecipazioni as (
    select *
    from marts.domande_comuni
    where codice_istat is not null
),

domande as (
    select
        codice_istat,
        programma,
        count(*) as domande,
        min(data_presentazione) as data_domanda,
        case
            when bool_or(esito = 'ammessa') then 'ammessa'
            when bool_or(esito = 'in_istruttoria') then 'in_istruttoria'
            when bool_or(esito = 'respinta') then 'respinta'
        end as esito,
        min(data_esito) filter (where esito = 'ammessa') as data_ammissione
    from partecipazioni
    group by codice_istat, programma
),

piani as (
    select
        partecipazioni.codice_istat,
        partecipazioni.programma,
        count(*) as piani,
        count(*) filter (where piani.esito = 'approvato') as piani_approvati,
        min(piani.data_esito) filter (where piani.esito = 'approvato') as data_piano_approvato
    from partecipazioni
    inner join marts.piani as piani on piani.id_domanda = partecipazioni.id_domanda
    group by partecipazioni.codice_istat, partecipazioni.programma
),

rendicontazioni as (
    select
        codice_istat,
        programma,
        importo_rendicontato_eur,
        importo_pagato_eur
    from marts.spesa_per_comune
    where codice_istat is not null and rendicontazioni > 0
),

padigitale as (
    select
        codice_istat,
        'padigitale-2026' as programma,
        count(*) as progetti_finanziati,
        sum(importo_eur)::decimal(18, 2) as importo_assegnato_eur,
        coalesce(sum(importo_eur) filter (where stato = 'E'), 0)::decimal(18, 2) as importo_pagato_eur
    from marts.padigitale_candidature
    where codice_istat is not null and stato <> 'R'
    group by codice_istat
),

chiavi as (
    select
        codice_istat,
        programma
    from domande
    union
    select
        codice_istat,
        programma
    from rendicontazioni
    union
    select
        codice_istat,
        programma
    from padigitale
),

righe as (
    select
        chiavi.codice_istat,
        chiavi.programma,
        comuni.denominazione as comune,
        comuni.codice_provincia,
        comuni.codice_regione,
        comuni.piccolo_comune,
        comuni.popolazione_legale_2011,
        domande.domande,
        domande.data_domanda,
        domande.esito,
        domande.data_ammissione,
        case when domande.domande is not null then coalesce(piani.piani, 0) end as piani,
        case when domande.domande is not null then coalesce(piani.piani_approvati, 0) end as piani_approvati,
        piani.data_piano_approvato,
        padigitale.progetti_finanziati,
        padigitale.importo_assegnato_eur,
        rendicontazioni.importo_rendicontato_eur,
        coalesce(rendicontazioni.importo_pagato_eur, padigitale.importo_pagato_eur) as importo_pagato_eur
    from chiavi
    inner join marts.comuni as comuni on comuni.codice_istat = chiavi.codice_istat
    left join domande on domande.codice_istat = chiavi.codice_istat and domande.programma = chiavi.programma
    left join piani on piani.codice_istat = chiavi.codice_istat and piani.programma = chiavi.programma
    left join rendicontazioni on rendicontazioni.codice_istat = chiavi.codice_istat and rendicontazioni.programma = chiavi.programma
    left join padigitale on padigitale.codice_istat = chiavi.codice_istat and padigitale.programma = chiavi.programma
),

-- Cents per resident, in whole numbers: a division of decimals would pass through a float.
pro_capite as (
    select
        *,
        (importo_pagato_eur * 100)::bigint // popolazione_legale_2011 as centesimi,
        piccolo_comune and importo_pagato_eur > 0 as con_posto
    from righe
),

final as (
    select
        codice_istat,
        programma,
        comune,
        codice_provincia,
        codice_regione,
        piccolo_comune,
        domande,
        data_domanda,
        esito,
        data_ammissione,
        piani,
        piani_approvati,
        data_piano_approvato,
        progetti_finanziati,
        importo_assegnato_eur,
        importo_rendicontato_eur,
        importo_pagato_eur,
        (centesimi * 0.01::decimal(3, 2))::decimal(18, 2) as pagato_pro_capite_eur,
        case when con_posto then rank() over (partition by codice_regione, programma, con_posto order by centesimi desc) end as posto_regione,
        case when con_posto then count(*) over (partition by codice_regione, programma, con_posto) end as in_classifica
    from pro_capite
)

select * from final
