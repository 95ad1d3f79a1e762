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
        coalesce(programmi.denominazione, capienza.programma) as programma,
        case when $lingua = 'en' then capienza.misura_en else capienza.misura_it end as misura,
        capienza.dotazione_eur,
        capienza.importo_eur,
        capienza.residuo_eur,
        capienza.quota_pct,
        capienza.periodo_dal,
        capienza.periodo_al,
        capienza.importo_periodo_eur,
        capienza.data_esaurimento,
        case when $lingua = 'en' then capienza.ipotesi_en else capienza.ipotesi_it end as ipotesi
    from marts.capienza as capienza
    left join marts.programmi as programmi on programmi.programma = capienza.programma
    where $programma is null or capienza.programma = $programma
    order by programmi.ordine, capienza.programma, capienza.ordine
)

select * from final
