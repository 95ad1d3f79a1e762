-- ---
-- title: {it: Piccoli comuni non raggiunti, en: Small municipalities not reached}
-- description:
--   it: "I piccoli comuni che non compaiono in nessun programma: nessuna fonte li nomina, nessuna domanda consegnata li contiene, nessuna misura di PA digitale tra i file scaricati li finanzia. Gli elenchi dei partecipanti non sono pubblici: «non raggiunto» vuol dire «non risulta», non «non ha chiesto»."
--   en: "The small municipalities that appear in no programme: no source names them, no application delivered holds them, no measure of PA digitale among the files fetched funds them. The lists of those taking part are not public: \"not reached\" means \"not on record\", not \"did not ask\"."
-- params:
--   regione:
--     type: text
--     optional: true
--     it: Regione; senza, tutte
--     en: Region; without it, all
--     values: select codice_regione, denominazione, slug from marts.regioni order by codice_regione
--   fino_a:
--     type: integer
--     default: "5000"
--     it: Residenti legali 2011 al massimo
--     en: Legal residents of 2011 at the most
--   per:
--     type: text
--     default: comune
--     it: Una riga per comune, o una per regione e classe di popolazione
--     en: One row for each municipality, or one for each region and population class
--     values: select 'comune' as valore, 'per comune' as nome, 'by municipality' as nome_en, 'municipality' as parola union all select 'classe', 'per classe di popolazione', 'by population class', 'class' order by valore
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [regione, classe, codice_istat]
-- columns:
--   regione: {type: text, it: Regione, en: Region}
--   classe: {type: text, it: Classe di popolazione, en: Population class}
--   comuni: {type: bigint, unit: comuni, additive: true, it: Comuni, en: Municipalities}
--   popolazione_legale_2011: {type: bigint, unit: abitanti, additive: true, it: Residenti legali 2011, en: Legal residents 2011}
--   provincia: {type: text, it: Provincia, en: Province}
--   codice_istat: {type: text, it: Codice ISTAT 2020, en: ISTAT code 2020}
--   comune: {type: text, it: Comune, en: Municipality}
-- ---
with
richiedenti as (
    select distinct codice_istat
    from marts.domande_comuni
    where codice_istat is not null
),

mancanti as (
    select
        comuni.regione,
        comuni.provincia,
        comuni.codice_istat,
        comuni.denominazione,
        comuni.popolazione_legale_2011,
        case
            when comuni.popolazione_legale_2011 <= 500 then case when $lingua = 'en' then 'up to 500' else 'fino a 500' end
            when comuni.popolazione_legale_2011 <= 1000 then case when $lingua = 'en' then '501-1,000' else '501-1.000' end
            when comuni.popolazione_legale_2011 <= 2000 then case when $lingua = 'en' then '1,001-2,000' else '1.001-2.000' end
            when comuni.popolazione_legale_2011 <= 3000 then case when $lingua = 'en' then '2,001-3,000' else '2.001-3.000' end
            else case when $lingua = 'en' then '3,001-5,000' else '3.001-5.000' end
        end as classe
    from marts.comuni as comuni
    inner join marts.partecipazione as partecipazione on partecipazione.codice_istat = comuni.codice_istat
    left join richiedenti on richiedenti.codice_istat = comuni.codice_istat
    where
        comuni.piccolo_comune
        and partecipazione.numero_programmi = 0
        and richiedenti.codice_istat is null
        and comuni.popolazione_legale_2011 <= $fino_a
        and ($regione is null or comuni.codice_regione = $regione)
),

final as (
    select
        regione,
        classe,
        count(*) as comuni,
        sum(popolazione_legale_2011)::bigint as popolazione_legale_2011,
        case when $per = 'comune' then provincia end as provincia,
        case when $per = 'comune' then codice_istat end as codice_istat,
        case when $per = 'comune' then denominazione end as comune
    from mancanti
    group by all
)

select * from final
order by regione, case when $per = 'comune' then 0 else popolazione_legale_2011 // comuni end, provincia, comune, codice_istat
