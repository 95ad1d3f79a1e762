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
-- key: [codice_istat]
-- columns:
--   regione: {type: text, it: Regione, en: Region}
--   provincia: {type: text, it: Provincia, en: Province}
--   codice_istat: {type: text, it: Codice ISTAT 2020, en: ISTAT code 2020}
--   comune: {type: text, it: Comune, en: Municipality}
--   popolazione_legale_2011: {type: integer, unit: abitanti, additive: true, it: Residenti legali 2011, en: Legal residents 2011}
--   classe: {type: text, it: Classe di popolazione, en: Population class}
-- ---
with
richiedenti as (
    select distinct codice_istat
    from marts.domande_comuni
    where codice_istat is not null
),

final as (
    select
        comuni.regione,
        comuni.provincia,
        comuni.codice_istat,
        comuni.denominazione as comune,
        comuni.popolazione_legale_2011,
        case
            when comuni.popolazione_legale_2011 <= 500 then 'fino a 500'
            when comuni.popolazione_legale_2011 <= 1000 then '501-1.000'
            when comuni.popolazione_legale_2011 <= 2000 then '1.001-2.000'
            when comuni.popolazione_legale_2011 <= 3000 then '2.001-3.000'
            else '3.001-5.000'
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
)

select * from final
order by regione, provincia, comune, codice_istat
