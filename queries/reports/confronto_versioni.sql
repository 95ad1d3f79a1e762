-- ---
-- title: {it: Confronto tra versioni, en: Versions compared}
-- description:
--   it: "Che cosa è cambiato da una versione dei dati a un’altra: per ogni dataset le righe aggiunte, tolte e cambiate, e ogni totale prima e dopo. Un dataset con più totali che si muovono ha una riga per ciascuno, con le stesse righe contate. `piccoli diff` nomina le righe una per una."
--   en: "What changed from one version of the data to another: for each dataset the rows added, removed and changed, and each total before and after. A dataset with several totals that moved has a row for each, with the same rows counted. `piccoli diff` names the rows one by one."
-- params:
--   da:
--     type: versione
--     default: ultima
--     it: Versione di partenza
--     en: Version to start from
--   a:
--     type: versione
--     default: ora
--     it: Versione di arrivo
--     en: Version to arrive at
--   confronto:
--     type: confronto
--     it: Ciò che è cambiato dall’una all’altra, che trova il programma
--     en: What changed from one to the other, which the program finds
--   tutti:
--     type: text
--     default: "no"
--     it: Anche i dataset in cui non è cambiato niente
--     en: Also the datasets in which nothing changed
--     values: select 'no' as valore, 'solo dove è cambiato qualcosa' as nome, 'where something changed alone' as nome_en, null as parola union all select 'sì', 'tutti i dataset', 'all datasets', 'yes' order by valore
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [dataset, colonna]
-- columns:
--   dataset: {type: text, it: Dataset, en: Dataset}
--   titolo: {type: text, it: Titolo, en: Title}
--   da_versione: {type: text, it: Da, en: From}
--   a_versione: {type: text, it: A, en: To}
--   righe_prima: {type: bigint, unit: righe, additive: false, it: Righe prima, en: Rows before}
--   righe_aggiunte: {type: bigint, unit: righe, additive: false, it: Aggiunte, en: Added}
--   righe_tolte: {type: bigint, unit: righe, additive: false, it: Tolte, en: Removed}
--   righe_cambiate: {type: bigint, unit: righe, additive: false, it: Cambiate, en: Changed}
--   righe_dopo: {type: bigint, unit: righe, additive: false, it: Righe dopo, en: Rows after}
--   colonna: {type: text, it: Totale di, en: Total of}
--   unita: {type: text, it: Unità, en: Unit}
--   totale_prima: {type: "decimal(38,4)", additive: false, it: Totale prima, en: Total before}
--   totale_dopo: {type: "decimal(38,4)", additive: false, it: Totale dopo, en: Total after}
--   differenza: {type: "decimal(38,4)", additive: false, it: Differenza, en: Difference}
-- ---
with
trovato as (
    select unnest(
        $confronto::json::struct(
            dataset varchar, titolo_it varchar, titolo_en varchar, righe_prima bigint, righe_dopo bigint, aggiunte bigint, tolte bigint, cambiate bigint,
            colonna varchar, unita varchar, prima decimal(38, 4), dopo decimal(38, 4), differenza decimal(38, 4)
        )[]
    ) as riga
),

righe as (
    select riga.*
    from trovato
),

final as (
    select
        dataset,
        case when $lingua = 'en' then titolo_en else titolo_it end as titolo,
        case when $da = 'ora' and $lingua = 'en' then 'now' else $da::varchar end as da_versione,
        case when $a = 'ora' and $lingua = 'en' then 'now' else $a::varchar end as a_versione,
        righe_prima,
        aggiunte as righe_aggiunte,
        tolte as righe_tolte,
        cambiate as righe_cambiate,
        righe_dopo,
        colonna,
        unita,
        prima as totale_prima,
        dopo as totale_dopo,
        differenza
    from righe
    where $tutti = 'sì' or aggiunte + tolte + cambiate > 0 or righe_prima is null or righe_dopo is null
)

select * from final
order by dataset, colonna
