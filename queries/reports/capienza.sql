-- ---
-- title: {it: Capienza delle dotazioni, en: Room left in the budgets}
-- description:
--   it: "Per ogni programma quanto della dotazione è approvato, rendicontato, certificato e pagato, quanto resta, e il giorno in cui finirebbe al ritmo osservato, con l’ipotesi scritta accanto. È una proiezione, non una promessa."
--   en: "For each programme how much of the budget is approved, claimed, certified and paid, how much is left, and the day on which it would run out at the pace observed, with the assumption written beside it. It is a projection, not a promise."
-- params:
--   programma:
--     type: text
--     optional: true
--     it: Programma; senza, tutti
--     en: Programme; without it, all
--     values: select programma, denominazione from marts.programmi order by programma
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [programma, misura]
-- columns:
--   programma: {type: text, it: Programma, en: Programme}
--   misura: {type: text, it: Misura, en: Measure}
--   dotazione_eur: {type: "decimal(18,2)", unit: EUR, additive: false, it: Dotazione, en: Budget}
--   importo_eur: {type: "decimal(18,2)", unit: EUR, additive: false, it: Importo, en: Amount}
--   residuo_eur: {type: "decimal(18,2)", unit: EUR, additive: false, it: Resta, en: Left}
--   quota_pct: {type: "decimal(18,2)", unit: pct, additive: false, it: Usata, en: Used}
--   periodo_dal: {type: date, it: Ritmo dal, en: Pace from}
--   periodo_al: {type: date, it: al, en: to}
--   importo_periodo_eur: {type: "decimal(18,2)", unit: EUR, additive: false, it: Nel periodo, en: In the period}
--   data_esaurimento: {type: date, it: Finirebbe il, en: Would run out on}
--   ipotesi: {type: text, it: Ipotesi, en: Assumption}
-- ---
with
final as (
    select
        programma,
        case when $lingua = 'en' then misura_en else misura_it end as misura,
        dotazione_eur,
        importo_eur,
        residuo_eur,
        quota_pct,
        periodo_dal,
        periodo_al,
        importo_periodo_eur,
        data_esaurimento,
        case when $lingua = 'en' then ipotesi_en else ipotesi_it end as ipotesi
    from marts.capienza
    where $programma is null or programma = $programma
    order by programma, ordine
)

select * from final
