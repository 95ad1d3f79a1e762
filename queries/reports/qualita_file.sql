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
--   per:
--     type: text
--     default: file
--     it: Una riga per file, o una per mittente con i suoi file contati
--     en: One row for each file, or one for each sender with its files counted
--     values: select 'file' as valore, 'per file' as nome, 'by file' as nome_en, null as parola union all select 'mittente', 'per mittente', 'by sender', 'sender' order by valore
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [mittente, tabella, file, ricevuta_il]
-- columns:
--   mittente: {type: text, it: Mittente, en: Sender}
--   quanti_file: {type: bigint, unit: file, additive: true, it: File, en: Files}
--   tabella: {type: text, it: Tabella, en: Table}
--   file: {type: text, it: Nome del file, en: Name of the file}
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
        case when $lingua = 'en' then messaggio_en else messaggio_it end as messaggio,
        count(*) as quante,
        min(in_quarantena_dal) as dal
    from marts.quarantena
    group by all
),

ultima as (
    select max(ricevuta_il) as giorno
    from marts.consegne
),

valide as (
    select
        consegne.tabella,
        consegne.file,
        consegne.mittente,
        consegne.ricevuta_il,
        consegne.tipo,
        registro.righe_lette,
        registro.righe_caricate,
        registro.righe_quarantena,
        registro.euro_quarantena_eur
    from marts.consegne as consegne
    left join marts.registro_righe as registro
        on registro.tabella = consegne.tabella
        and registro.file = consegne.file
    where
        not consegne.superata
        and ($mittente is null or consegne.mittente = $mittente)
        and ($tabella is null or consegne.tabella = $tabella)
),

-- Whose rows are counted together: a file's, or all of a sender's.
gruppi as (
    select
        mittente,
        case when $per = 'file' then tabella end as tabella,
        case when $per = 'file' then file end as file,
        count(*) as quanti_file,
        max(ricevuta_il) as ricevuta_il,
        case when $per = 'file' then min(tipo) end as tipo,
        sum(righe_lette)::bigint as righe_lette,
        sum(righe_caricate)::bigint as righe_caricate,
        sum(righe_quarantena)::bigint as righe_quarantena,
        sum(euro_quarantena_eur)::decimal(18, 2) as euro_quarantena_eur
    from valide
    group by all
),

errori as (
    select
        valide.mittente,
        case when $per = 'file' then motivi.tabella end as tabella,
        case when $per = 'file' then motivi.file end as file,
        motivi.messaggio,
        sum(motivi.quante) as quante,
        min(motivi.dal) as dal
    from motivi
    inner join valide
        on valide.tabella = motivi.tabella
        and valide.file = motivi.file
    group by all
),

peggiori as (
    select
        mittente,
        tabella,
        file,
        min(dal) as dal,
        arg_min(messaggio, (-quante, messaggio)) as messaggio
    from errori
    group by all
),

final as (
    select
        gruppi.mittente,
        gruppi.quanti_file,
        gruppi.tabella,
        replace(gruppi.file, 'data/inbox/' || gruppi.tabella || '/', '') as file, -- the table says in which folder
        gruppi.ricevuta_il,
        case when $lingua = 'en' then map {'intera': 'full', 'parziale': 'partial', 'rifiutata': 'refused'}[gruppi.tipo] else gruppi.tipo end as tipo,
        gruppi.righe_lette,
        gruppi.righe_caricate,
        gruppi.righe_quarantena,
        case
            when gruppi.righe_lette > 0
                then (((gruppi.righe_quarantena * 1000 + gruppi.righe_lette // 2) // gruppi.righe_lette) * 0.1)::decimal(5, 1)
        end as quota_quarantena_pct,
        gruppi.euro_quarantena_eur,
        ultima.giorno - peggiori.dal as giorni_quarantena,
        peggiori.messaggio as motivo_piu_frequente
    from gruppi
    cross join ultima
    left join peggiori
        on peggiori.mittente is not distinct from gruppi.mittente
        and peggiori.tabella is not distinct from gruppi.tabella
        and peggiori.file is not distinct from gruppi.file
)

select * from final
order by righe_quarantena desc nulls last, mittente, tabella, file, ricevuta_il
