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
--     values: select distinct esito from marts.riconciliazione order by esito
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
--   pubblicato: {type: "decimal(18,2)", additive: false, it: Pubblicato, en: Published}
--   contato: {type: "decimal(18,2)", additive: false, it: Contato, en: Counted}
--   differenza: {type: "decimal(18,2)", additive: false, it: Differenza, en: Difference}
--   esito: {type: text, it: Esito, en: Outcome}
--   regola: {type: text, it: Che cosa si conta, en: What is counted}
--   id_fonte: {type: text, it: Fonte, en: Source}
--   id_cifra: {type: text, it: Sigla, en: Id}
-- ---
with
final as (
    select
        programma,
        case when $lingua = 'en' then indicatore_en else indicatore_it end as indicatore,
        ambito_territoriale,
        data_riferimento,
        qualificatore,
        pubblicato,
        contato,
        differenza,
        esito,
        case when $lingua = 'en' then regola_en else regola_it end as regola,
        id_fonte,
        id_cifra
    from marts.riconciliazione
    where
        ($programma is null or programma = $programma)
        and ($esito is null or esito = $esito)
)

select * from final
order by programma, indicatore, data_riferimento nulls last, id_cifra
