-- ---
-- title: {it: Qualità dei file consegnati, en: Quality of the files delivered}
-- description:
--   it: "Per ogni file consegnato che vale: chi l’ha mandato e quando, quante righe sono state lette, caricate e messe in quarantena, con gli euro, da quanti giorni la più vecchia aspetta una correzione, e che cosa non va più spesso."
--   en: "For each delivered file that counts: who sent it and when, how many rows were read, loaded and put into quarantine, with the euro, for how many days the oldest has been waiting for a correction, and what is wrong most often."
-- params:
--   mittente:
--     type: text
--     optional: true
--     it: Ufficio che l’ha consegnato; senza, tutti
--     en: Office that delivered it; without it, all
--     values: select distinct mittente from marts.consegne where mittente is not null order by mittente
--   tabella:
--     type: text
--     optional: true
--     it: Tabella; senza, tutte
--     en: Table; without it, all
--     values: select distinct tabella from marts.consegne order by tabella
-- key: [tabella, file, ricevuta_il]
-- columns:
--   tabella: {type: text, it: Tabella, en: Table}
--   file: {type: text, it: File, en: File}
--   mittente: {type: text, it: Mittente, en: Sender}
--   ricevuta_il: {type: date, it: Ricevuto il, en: Received on}
--   tipo: {type: text, it: Tipo, en: Kind}
--   righe_lette: {type: bigint, unit: righe, additive: true, it: Righe lette, en: Rows read}
--   righe_caricate: {type: bigint, unit: righe, additive: true, it: Righe caricate, en: Rows loaded}
--   righe_quarantena: {type: bigint, unit: righe, additive: true, it: Righe in quarantena, en: Rows in quarantine}
--   quota_quarantena_pct: {type: "decimal(5,1)", unit: pct, additive: false, it: In quarantena sulle lette, en: In quarantine of those read}
--   euro_quarantena_eur: {type: "decimal(18,2)", unit: EUR, additive: false, it: Euro in quarantena, en: Euro in quarantine}
--   giorni_quarantena: {type: bigint, unit: giorni, additive: false, it: Giorni della riga più vecchia in quarantena, en: Days of the oldest row in quarantine}
--   motivo_piu_frequente: {type: text, it: Che cosa non va più spesso, en: What is wrong most often}
-- ---
with
motivi as (
    select
        tabella,
        file,
        motivo,
        count(*) as quante,
        min(in_quarantena_dal) as dal
    from marts.quarantena
    group by tabella, file, motivo
),

peggiori as (
    select
        tabella,
        file,
        min(dal) as dal,
        arg_min(motivo, (-quante, motivo)) as motivo
    from motivi
    group by tabella, file
),

ultima as (
    select max(ricevuta_il) as giorno
    from marts.consegne
),

final as (
    select
        consegne.tabella,
        consegne.file,
        consegne.mittente,
        consegne.ricevuta_il,
        consegne.tipo,
        registro.righe_lette,
        registro.righe_caricate,
        registro.righe_quarantena,
        case
            when registro.righe_lette > 0
                then (((registro.righe_quarantena * 1000 + registro.righe_lette // 2) // registro.righe_lette) * 0.1)::decimal(5, 1)
        end as quota_quarantena_pct,
        registro.euro_quarantena_eur,
        ultima.giorno - peggiori.dal as giorni_quarantena,
        peggiori.motivo as motivo_piu_frequente
    from marts.consegne as consegne
    cross join ultima
    left join marts.registro_righe as registro
        on registro.tabella = consegne.tabella
        and registro.file = consegne.file
    left join peggiori
        on peggiori.tabella = consegne.tabella
        and peggiori.file = consegne.file
    where
        not consegne.superata
        and ($mittente is null or consegne.mittente = $mittente)
        and ($tabella is null or consegne.tabella = $tabella)
)

select * from final
order by righe_quarantena desc nulls last, tabella, file, ricevuta_il
