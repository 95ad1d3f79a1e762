-- ---
-- title: {it: Cifre pubblicate e dati consegnati, en: Published figures and delivered data}
-- description:
--   it: "Ogni cifra pubblicata accanto a quello che i dati consegnati contano, con la regola del conto e la differenza. Dove il conto è vuoto nessuna regola lo fa, o i dati non sono consegnati. Nessuna delle due cifre è dichiarata giusta."
--   en: "Each published figure beside what the delivered data count, with the rule of the count and the difference. Where the count is empty no rule makes it, or the data were not delivered. Neither figure is declared right."
-- params:
--   programma:
--     type: text
--     optional: true
--     it: Programma; senza, tutti
--     en: Programme; without it, all
--     values: select programma, denominazione from marts.programmi order by programma
--   esito:
--     type: text
--     optional: true
--     it: Solo le cifre con questo esito
--     en: Only the figures with this outcome
--     values: |
--       select distinct
--           esito,
--           case esito when 'non_consegnato' then 'dati non consegnati' when 'senza_conteggio' then 'non si conta' else esito end as nome,
--           case esito
--               when 'uguale' then 'equal'
--               when 'compatibile' then 'compatible'
--               when 'approssimato' then 'about'
--               when 'diverso' then 'different'
--               when 'non_consegnato' then 'data not delivered'
--               when 'senza_conteggio' then 'not counted'
--           end as nome_en
--       from marts.riconciliazione
--       order by esito
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [id_cifra]
-- columns:
--   programma: {type: text, it: Programma, en: Programme}
--   indicatore: {type: text, it: Che cosa, en: What}
--   ambito_territoriale: {type: text, it: Dove, en: Where}
--   data_riferimento: {type: date, it: Al, en: On}
--   qualificatore: {type: text, it: Come è data, en: How it is given}
--   unita: {type: text, it: Unità, en: Unit}
--   pubblicato: {type: "decimal(18,2)", additive: false, it: Pubblicato, en: Published}
--   contato: {type: "decimal(18,2)", additive: false, it: Contato, en: Counted}
--   differenza: {type: "decimal(18,2)", additive: false, it: Differenza, en: Difference}
--   esito: {type: text, it: Esito, en: Outcome}
--   regola: {type: text, it: Che cosa si conta, en: What is counted}
--   fonte: {type: text, it: Fonte, en: Source}
--   id_cifra: {type: text, it: Sigla, en: Id}
-- ---
with
final as (
    select
        coalesce(programmi.denominazione, case confronto.programma when 'pon-governance' then 'PON Governance' else confronto.programma end) as programma,
        case when $lingua = 'en' then confronto.indicatore_en else confronto.indicatore_it end as indicatore,
        -- As the source writes it, or its English words, but for the whole country.
        case
            when confronto.ambito_territoriale = 'nazionale' then case when $lingua = 'en' then 'Italy' else 'Italia' end
            when $lingua = 'en' then cifre.ambito_territoriale_en
            else confronto.ambito_territoriale
        end as ambito_territoriale,
        confronto.data_riferimento,
        case when $lingua = 'en'
            then coalesce(map {'esatto': 'exact', 'circa': 'about', 'oltre': 'over', 'quasi': 'almost', 'fino_a': 'up to'}[confronto.qualificatore], confronto.qualificatore)
            else replace(confronto.qualificatore, '_', ' ')
        end as qualificatore,
        case when $lingua = 'en' then cifre.unita_en else cifre.unita end as unita,
        confronto.pubblicato,
        confronto.contato,
        confronto.differenza,
        case when $lingua = 'en'
            then coalesce(
                map {
                    'uguale': 'equal',
                    'compatibile': 'compatible',
                    'approssimato': 'about, cannot be said',
                    'diverso': 'different',
                    'non_consegnato': 'data not delivered',
                    'senza_conteggio': 'not counted in the data'
                }[confronto.esito],
                confronto.esito
            )
            else coalesce(
                map {'approssimato': 'circa, non si può dire', 'non_consegnato': 'dati non consegnati', 'senza_conteggio': 'non si conta nei dati'}[confronto.esito],
                confronto.esito
            )
        end as esito,
        case when $lingua = 'en' then confronto.regola_en else confronto.regola_it end as regola,
        case when $lingua = 'en' then fonti.etichetta_en else fonti.etichetta_it end as fonte,
        confronto.id_cifra
    from marts.riconciliazione as confronto
    inner join marts.cifre_ufficiali as cifre on cifre.id_cifra = confronto.id_cifra
    inner join marts.fonti as fonti on fonti.id_fonte = confronto.id_fonte
    left join marts.programmi as programmi on programmi.programma = confronto.programma
    where
        ($programma is null or confronto.programma = $programma)
        and ($esito is null or confronto.esito = $esito)
)

select * from final
order by programma, indicatore, data_riferimento nulls last, id_cifra
