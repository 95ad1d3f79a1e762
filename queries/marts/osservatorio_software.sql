-- ---
-- title: {it: Osservatorio del software dei comuni, en: Observatory of the software of the municipalities}
-- description:
--   it: "Quanti comuni verificati lasciano entrare con SPID e con la carta d’identità elettronica, incassano con pagoPA e dichiarano l’accessibilità, per regione e alla fine di ogni semestre. Di ogni applicativo vale l’ultima verifica fatta entro quel giorno. Un comune con più applicativi ha un servizio se almeno uno dei suoi applicativi lo ha; per l’accessibilità vale il suo applicativo peggiore tra quelli che la dichiarano. Le quote sono dei soli comuni verificati, non di tutti. Se l’amministrazione non ha consegnato l’osservatorio, il dataset è vuoto."
--   en: "How many of the municipalities checked give access by SPID and by the electronic identity card, are paid by pagoPA and declare accessibility, by region and at the end of each half-year. Of each application system the last check made by that day counts. A municipality with several systems has a service if at least one of them has it; for accessibility its worst system counts, among those that declare it. The shares are of the municipalities checked alone, not of all of them. If the administration has not delivered the observatory, the dataset is empty."
-- grain: {it: una riga per regione e fine di semestre, en: one row per region and end of half-year}
-- key: [codice_regione, alla_data]
-- columns:
--   codice_regione: {type: text, it: "Regione, sui confini del 2020", en: "Region, on the boundaries of 2020", ref: regioni.codice_regione}
--   regione: {type: text, it: Nome della regione, en: Name of the region, required: true}
--   alla_data: {type: date, it: "30 giugno o 31 dicembre: contano le verifiche fatte fino a quel giorno, anche se vecchie", en: "30 June or 31 December: the checks made up to that day count, even if old"}
--   ultima_verifica: {type: date, it: Giorno della verifica più recente che vi è contata, en: Day of the latest check counted in it, required: true}
--   ultimo: {type: boolean, it: "Vero per la data più recente, quella da mostrare", en: "True for the latest date, the one to show", required: true}
--   piccoli_comuni: {type: bigint, it: Piccoli comuni della regione, en: Small municipalities of the region, unit: comuni, additive: false, required: true}
--   comuni_verificati: {type: bigint, it: Comuni con almeno un applicativo verificato entro la data, en: Municipalities with at least one system checked by the date, unit: comuni, additive: false, required: true}
--   applicativi: {type: bigint, it: Applicativi verificati di quei comuni, en: Systems checked of those municipalities, unit: applicativi, additive: false, required: true}
--   comuni_spid: {type: bigint, it: "Comuni con SPID in almeno un applicativo", en: "Municipalities with SPID in at least one system", unit: comuni, additive: false, required: true}
--   quota_spid_pct: {type: "decimal(5,2)", it: Quota dei comuni verificati con SPID, en: Share of the municipalities checked that have SPID, unit: per cento, additive: false, required: true}
--   comuni_cie: {type: bigint, it: Comuni con la carta d’identità elettronica in almeno un applicativo, en: Municipalities with the electronic identity card in at least one system, unit: comuni, additive: false, required: true}
--   quota_cie_pct: {type: "decimal(5,2)", it: Quota dei comuni verificati con la carta d’identità elettronica, en: Share of the municipalities checked that have the electronic identity card, unit: per cento, additive: false, required: true}
--   comuni_pagopa: {type: bigint, it: Comuni con pagoPA in almeno un applicativo, en: Municipalities with pagoPA in at least one system, unit: comuni, additive: false, required: true}
--   quota_pagopa_pct: {type: "decimal(5,2)", it: Quota dei comuni verificati con pagoPA, en: Share of the municipalities checked that have pagoPA, unit: per cento, additive: false, required: true}
--   comuni_con_dichiarazione: {type: bigint, it: Comuni con almeno un applicativo che dichiara la sua accessibilità, en: Municipalities with at least one system that declares its accessibility, unit: comuni, additive: false, required: true}
--   comuni_accessibili: {type: bigint, it: "Di cui con tutti gli applicativi dichiarati conformi", en: "Of which with all the systems that declare it in conformity (conforme)", unit: comuni, additive: false, required: true}
--   comuni_in_parte_accessibili: {type: bigint, it: "Di cui con almeno un applicativo conforme solo in parte e nessuno non conforme", en: "Of which with at least one system in partial conformity and none not in conformity", unit: comuni, additive: false, required: true}
--   quota_accessibili_pct: {type: "decimal(5,2)", it: "Quota dei comuni con dichiarazione che sono del tutto conformi; vuota se nessuno dichiara", en: "Share of the municipalities with a declaration that are fully in conformity; empty if none declares", unit: per cento, additive: false}
-- rows: {min: 0, max: 1000}                    # 20 regions × half-years
-- checks:
--   - rule: greatest(comuni_spid, comuni_cie, comuni_pagopa, comuni_con_dichiarazione) <= comuni_verificati
--     it: Più comuni con un servizio che comuni verificati
--     en: More municipalities with a service than municipalities checked
--   - comuni_verificati <= applicativi
--   - comuni_accessibili + comuni_in_parte_accessibili <= comuni_con_dichiarazione
--   - ultima_verifica <= alla_data
-- charts:
--   - {kind: map, title: {it: "SPID: quota dei comuni verificati, alla data più recente", en: "SPID: share of the municipalities checked, at the latest date"}, area: codice_regione, value: quota_spid_pct, where: ultimo}
--   - {kind: map, title: {it: "pagoPA: quota dei comuni verificati, alla data più recente", en: "pagoPA: share of the municipalities checked, at the latest date"}, area: codice_regione, value: quota_pagopa_pct, where: ultimo}
-- keywords: {it: [SPID, CIE, pagoPA, accessibilità, software], en: [SPID, CIE, pagoPA, accessibility, software]}
-- themes: [GOVE, TECH]
-- date: ultima_verifica
-- ---
with
codici as (
    select *
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

-- A comune that changed its code is one: by its code of 2020, or by its own if it was born later.
verifiche as (
    select
        osservatorio.*,
        coalesce(codici.codice_istat_2020, codici.codice_istat) as comune,
        coalesce(comuni.codice_regione, codici.codice_regione) as codice_regione
    from staging.osservatorio_software as osservatorio
    inner join codici on codici.codice_istat = osservatorio.codice_istat
    left join marts.comuni as comuni on comuni.codice_istat = codici.codice_istat_2020
),

-- The ends of the half-years from the first check to the last.
date_note as (
    select
        unnest(generate_series(date_trunc('year', min(data_verifica))::timestamp, max(data_verifica) + interval 6 month, interval 6 month)) as inizio,
        min(data_verifica) as prima,
        max(data_verifica) as ultima
    from verifiche
),

semestri as (
    select (inizio + interval 6 month - interval 1 day)::date as alla_data
    from date_note
    where
        (inizio + interval 6 month)::date > prima
        and inizio::date <= ultima
),

-- Of each system the last check by that day.
stato as (
    select
        semestri.alla_data,
        verifiche.codice_regione,
        verifiche.comune,
        verifiche.applicativo,
        verifiche.data_verifica,
        verifiche.spid,
        verifiche.cie,
        verifiche.pagopa,
        verifiche.accessibilita
    from semestri
    inner join verifiche on verifiche.data_verifica <= semestri.alla_data
    qualify row_number() over (
        partition by semestri.alla_data, verifiche.comune, verifiche.applicativo
        order by verifiche.data_verifica desc, verifiche.codice_istat desc
    ) = 1
),

per_comune as (
    select
        alla_data,
        codice_regione,
        comune,
        count(*) as applicativi,
        max(data_verifica) as ultima_verifica,
        bool_or(spid) as spid,
        bool_or(cie) as cie,
        bool_or(pagopa) as pagopa,
        case
            when bool_or(accessibilita = 'non-conforme') then 'non-conforme'
            when bool_or(accessibilita = 'parzialmente-conforme') then 'parzialmente-conforme'
            when bool_or(accessibilita = 'conforme') then 'conforme'
        end as accessibilita
    from stato
    group by alla_data, codice_regione, comune
),

contati as (
    select
        codice_regione,
        alla_data,
        max(ultima_verifica) as ultima_verifica,
        count(*) as comuni_verificati,
        sum(applicativi)::bigint as applicativi,
        count(*) filter (where spid) as comuni_spid,
        count(*) filter (where cie) as comuni_cie,
        count(*) filter (where pagopa) as comuni_pagopa,
        count(accessibilita) as comuni_con_dichiarazione,
        count(*) filter (where accessibilita = 'conforme') as comuni_accessibili,
        count(*) filter (where accessibilita = 'parzialmente-conforme') as comuni_in_parte_accessibili
    from per_comune
    group by codice_regione, alla_data
),

-- Hundredths of a percent in whole numbers, rounded half up: no floats.
final as (
    select
        contati.codice_regione,
        regioni.denominazione as regione,
        contati.alla_data,
        contati.ultima_verifica,
        contati.alla_data = max(contati.alla_data) over () as ultimo,
        regioni.piccoli_comuni::bigint as piccoli_comuni,
        contati.comuni_verificati,
        contati.applicativi,
        contati.comuni_spid,
        (((contati.comuni_spid * 20000 + contati.comuni_verificati) // (2 * contati.comuni_verificati))::decimal(9, 0) * 0.01)::decimal(5, 2) as quota_spid_pct,
        contati.comuni_cie,
        (((contati.comuni_cie * 20000 + contati.comuni_verificati) // (2 * contati.comuni_verificati))::decimal(9, 0) * 0.01)::decimal(5, 2) as quota_cie_pct,
        contati.comuni_pagopa,
        (((contati.comuni_pagopa * 20000 + contati.comuni_verificati) // (2 * contati.comuni_verificati))::decimal(9, 0) * 0.01)::decimal(5, 2) as quota_pagopa_pct,
        contati.comuni_con_dichiarazione,
        contati.comuni_accessibili,
        contati.comuni_in_parte_accessibili,
        (((contati.comuni_accessibili * 20000 + contati.comuni_con_dichiarazione) // nullif(2 * contati.comuni_con_dichiarazione, 0))::decimal(9, 0) * 0.01)::decimal(5, 2)
            as quota_accessibili_pct
    from contati
    inner join marts.regioni as regioni on regioni.codice_regione = contati.codice_regione
)

select * from final
