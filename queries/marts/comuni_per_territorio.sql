-- ---
-- title: {it: Piccoli comuni per regione e provincia, en: Small municipalities by region and province}
-- description:
--   it: "Per ogni regione e ogni provincia, e per ogni programma, quanti piccoli comuni hanno chiesto, sono stati ammessi, hanno un Piano approvato e sono stati pagati, con le quote e gli importi per residente. I comuni sono contati una volta per programma: chi è in due programmi è in due righe, e i programmi non si sommano. Una colonna è vuota quando per quel programma l’archivio non è stato consegnato o scaricato: vuoto non è zero."
--   en: "For each region and each province, and for each programme, how many small municipalities applied, were admitted, have an approved plan and were paid, with shares and amounts per resident. Municipalities are counted once per programme: one that is in two programmes is in two rows, and programmes must not be added up. A column is empty where for that programme the archive was not delivered or fetched: empty is not zero."
-- grain: {it: "una riga per territorio (regione o provincia del 2020) e programma", en: "one row per territory (region or province of 2020) and programme"}
-- key: [livello, codice_territorio, programma]
-- columns:
--   livello: {type: text, it: Regione o provincia, en: Region (regione) or province (provincia)}
--   codice_territorio: {type: text, it: "Codice della regione, due cifre, o della provincia, tre", en: "Code of the region, two digits, or of the province, three"}
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   territorio: {type: text, it: Nome del territorio, en: Name of the territory, required: true}
--   codice_regione: {type: text, it: Regione, en: Region, ref: regioni.codice_regione, required: true}
--   piccoli_comuni: {type: bigint, it: Piccoli comuni del territorio (gli stessi in ogni programma), en: Small municipalities of the territory (the same in every programme), unit: comuni, additive: false, required: true}
--   residenti_piccoli_comuni: {type: bigint, it: "Loro residenti legali, censimento 2011", en: "Their legal residents, 2011 census", unit: abitanti, additive: false, required: true}
--   comuni_domanda: {type: bigint, it: Piccoli comuni in almeno una domanda, en: Small municipalities in at least one application, unit: comuni, additive: false}
--   comuni_ammessi: {type: bigint, it: "Piccoli comuni ammessi; per PA digitale 2026, con un progetto finanziato", en: "Small municipalities admitted; for PA digitale 2026, with a project funded", unit: comuni, additive: false}
--   comuni_piano: {type: bigint, it: Piccoli comuni in almeno un Piano approvato, en: Small municipalities in at least one approved plan, unit: comuni, additive: false}
--   comuni_pagati: {type: bigint, it: Piccoli comuni per cui è stato pagato un importo, en: Small municipalities for which an amount was paid, unit: comuni, additive: false}
--   quota_domanda_pct: {type: "decimal(5,1)", it: Piccoli comuni che hanno chiesto su cento, en: Small municipalities that applied in each hundred, unit: pct, additive: false}
--   quota_ammessi_pct: {type: "decimal(5,1)", it: Piccoli comuni ammessi su cento, en: Small municipalities admitted in each hundred, unit: pct, additive: false}
--   quota_pagati_pct: {type: "decimal(5,1)", it: Piccoli comuni pagati su cento, en: Small municipalities paid in each hundred, unit: pct, additive: false}
--   importo_assegnato_eur: {type: "decimal(18,2)", it: "Importo dei progetti finanziati ai piccoli comuni (solo PA digitale 2026)", en: "Amount of the projects funded for small municipalities (PA digitale 2026 only)", unit: EUR, additive: false}
--   importo_pagato_eur: {type: "decimal(18,2)", it: Importo pagato per i piccoli comuni del territorio, en: Amount paid for the small municipalities of the territory, unit: EUR, additive: false}
--   assegnato_pro_capite_eur: {type: "decimal(18,2)", it: "Importo assegnato per residente dei piccoli comuni, al centesimo inferiore", en: "Amount awarded per resident of the small municipalities, to the cent below", unit: EUR, additive: false}
--   pagato_pro_capite_eur: {type: "decimal(18,2)", it: "Importo pagato per residente dei piccoli comuni, al centesimo inferiore", en: "Amount paid per resident of the small municipalities, to the cent below", unit: EUR, additive: false}
-- rows: {min: 635, max: 635}                    # 20 regions and 107 provinces of 2020 × 5 programmes
-- checks:
--   - rule: "comuni_domanda <= piccoli_comuni and comuni_ammessi <= piccoli_comuni and comuni_pagati <= piccoli_comuni"
--     it: Più piccoli comuni di quanti ne ha il territorio
--     en: More small municipalities than the territory has
--   - rule: comuni_ammessi <= comuni_domanda
--     it: Più comuni ammessi di quanti hanno chiesto
--     en: More municipalities admitted than applied
-- keywords: {it: [regioni, province, quote, pro capite], en: [regions, provinces, shares, per head]}
-- themes: [GOVE, REGI, ECON]
-- sources: [ISTAT-COMUNI-2020, PADIGITALE-OPENDATA]
-- ---
with
comuni as (
    select *
    from marts.comuni
),

territori as (
    select
        'regione' as livello,
        codice_regione as codice_territorio,
        min(regione) as territorio,
        codice_regione,
        count(*) filter (where piccolo_comune) as piccoli_comuni,
        coalesce(sum(popolazione_legale_2011) filter (where piccolo_comune), 0)::bigint as residenti_piccoli_comuni
    from comuni
    group by codice_regione
    union all
    select
        'provincia' as livello,
        codice_provincia as codice_territorio,
        min(provincia) as territorio,
        min(codice_regione) as codice_regione,
        count(*) filter (where piccolo_comune) as piccoli_comuni,
        coalesce(sum(popolazione_legale_2011) filter (where piccolo_comune), 0)::bigint as residenti_piccoli_comuni
    from comuni
    group by codice_provincia
),

-- What was delivered on each programme: without it nothing can be counted, not even zero.
arrivi as (
    select
        programmi.programma,
        programmi.programma in (select programma from marts.domande) as ha_domande,
        programmi.programma in (select programma from marts.rendicontazioni) as ha_rendicontazioni,
        programmi.programma = 'padigitale-2026' and exists (select 1 from marts.padigitale_candidature) as ha_padigitale
    from marts.programmi as programmi
),

percorsi as (
    select
        'regione' as livello,
        codice_regione as codice_territorio,
        *
    from marts.percorso_comuni
    where piccolo_comune
    union all
    select
        'provincia' as livello,
        codice_provincia as codice_territorio,
        *
    from marts.percorso_comuni
    where piccolo_comune
),

contati as (
    select
        livello,
        codice_territorio,
        programma,
        count(*) filter (where domande > 0) as comuni_domanda,
        count(*) filter (where esito = 'ammessa') as comuni_ammessi,
        count(*) filter (where piani_approvati > 0) as comuni_piano,
        count(*) filter (where progetti_finanziati > 0) as comuni_finanziati,
        count(*) filter (where importo_pagato_eur > 0) as comuni_pagati,
        sum(importo_assegnato_eur)::decimal(18, 2) as importo_assegnato_eur,
        sum(importo_pagato_eur)::decimal(18, 2) as importo_pagato_eur
    from percorsi
    group by livello, codice_territorio, programma
),

righe as (
    select
        territori.*,
        arrivi.programma,
        case when arrivi.ha_domande then coalesce(contati.comuni_domanda, 0) end as comuni_domanda,
        case
            when arrivi.ha_domande then coalesce(contati.comuni_ammessi, 0)
            when arrivi.ha_padigitale then coalesce(contati.comuni_finanziati, 0)
        end as comuni_ammessi,
        case when arrivi.ha_domande then coalesce(contati.comuni_piano, 0) end as comuni_piano,
        case when arrivi.ha_rendicontazioni or arrivi.ha_padigitale then coalesce(contati.comuni_pagati, 0) end as comuni_pagati,
        case when arrivi.ha_padigitale then coalesce(contati.importo_assegnato_eur, 0) end as importo_assegnato_eur,
        case when arrivi.ha_rendicontazioni or arrivi.ha_padigitale then coalesce(contati.importo_pagato_eur, 0) end as importo_pagato_eur
    from territori
    cross join arrivi
    left join contati
        on contati.livello = territori.livello
        and contati.codice_territorio = territori.codice_territorio
        and contati.programma = arrivi.programma
),

-- Shares and amounts per resident in whole numbers (tenths of a point, cents): a division of decimals would pass through a float.
final as (
    select
        livello,
        codice_territorio,
        programma,
        territorio,
        codice_regione,
        piccoli_comuni,
        residenti_piccoli_comuni,
        comuni_domanda,
        comuni_ammessi,
        comuni_piano,
        comuni_pagati,
        ((comuni_domanda * 2000 + piccoli_comuni) // nullif(piccoli_comuni * 2, 0) * 0.1::decimal(2, 1))::decimal(5, 1) as quota_domanda_pct,
        ((comuni_ammessi * 2000 + piccoli_comuni) // nullif(piccoli_comuni * 2, 0) * 0.1::decimal(2, 1))::decimal(5, 1) as quota_ammessi_pct,
        ((comuni_pagati * 2000 + piccoli_comuni) // nullif(piccoli_comuni * 2, 0) * 0.1::decimal(2, 1))::decimal(5, 1) as quota_pagati_pct,
        importo_assegnato_eur,
        importo_pagato_eur,
        ((importo_assegnato_eur * 100)::bigint // nullif(residenti_piccoli_comuni, 0) * 0.01::decimal(3, 2))::decimal(18, 2) as assegnato_pro_capite_eur,
        ((importo_pagato_eur * 100)::bigint // nullif(residenti_piccoli_comuni, 0) * 0.01::decimal(3, 2))::decimal(18, 2) as pagato_pro_capite_eur
    from righe
)

select * from final
