-- ---
-- title: {it: Ogni riga letta è pubblicata, en: Every row read is published}
-- description:
--   it: "Le righe dei file letti sono tante quante quelle dei dataset che ne derivano uno a uno: nessuna si perde né si moltiplica negli abbinamenti."
--   en: "The rows of the files read are as many as those of the datasets that derive from them one to one: none is lost or multiplied in the matches."
-- severity: error
-- ---
with
lette as (
    select
        tabella,
        sum(righe_lette)::bigint as righe
    from piccoli.registro_righe
    group by tabella
),

pubblicate as (
    select 'ambiti' as tabella, count(*) as righe from marts.ambiti
    union all
    select 'cifre_ufficiali' as tabella, count(*) as righe from marts.cifre_ufficiali
    union all
    select 'comuni' as tabella, count(*) as righe from marts.comuni
    union all
    select 'confronti' as tabella, count(*) as righe from marts.confronti
    union all
    select 'cronologia' as tabella, count(*) as righe from marts.cronologia
    union all
    select 'evidenze' as tabella, count(*) as righe from marts.evidenze
    union all
    select 'evidenze_ambiti' as tabella, count(*) as righe from marts.evidenze_ambiti
    union all
    select 'fonti' as tabella, count(*) as righe from marts.fonti
    union all
    select 'piani_temi' as tabella, count(*) as righe from marts.piani_temi
    union all
    select 'programmi' as tabella, count(*) as righe from marts.programmi
    union all
    select 'regioni' as tabella, count(*) as righe from marts.regioni
    union all
    -- A regional total whose figure does not exist would be shown nowhere.
    select 'totali_regionali' as tabella, count(*) as righe from marts.ammessi_per_regione
    where totale_ufficiale is not null
),

final as (
    select
        pubblicate.tabella,
        lette.righe as righe_lette,
        pubblicate.righe as righe_pubblicate
    from pubblicate
    left join lette on lette.tabella = pubblicate.tabella
    where lette.righe is distinct from pubblicate.righe
)

select * from final
