-- ---
-- title: {it: Tempi per fase, en: Times by phase}
-- description:
--   it: "Quanti giorni passano in ogni fase del percorso: entro quanti giorni si conclude un quarto, la metà e tre quarti dei casi. I casi ancora aperti contano per il tempo già passato (stima di Kaplan-Meier), non come conclusi; dove sono troppi il quartile è vuoto."
--   en: "How many days pass in each phase of the path: within how many days a quarter, half and three quarters of the cases are closed. Cases still open count for the time that has passed (Kaplan-Meier estimate), not as closed; where they are too many the quartile is empty."
-- params:
--   regione:
--     type: text
--     default: IT
--     it: Regione; IT è l’Italia intera
--     en: Region; IT is the whole of Italy
--     values: select 'IT' as codice_regione, 'Italia' as nome, 'Italy' as nome_en, null as slug union all (select codice_regione, denominazione, denominazione, slug from marts.regioni order by codice_regione)
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
-- key: [programma, fase]
-- columns:
--   programma: {type: text, it: Programma, en: Programme}
--   fase: {type: text, it: Fase, en: Phase}
--   casi_conclusi: {type: bigint, unit: casi, additive: false, it: Casi conclusi, en: Cases closed}
--   casi_aperti: {type: bigint, unit: casi, additive: false, it: Casi aperti, en: Cases open}
--   giorni_primo_quartile: {type: bigint, unit: giorni, additive: false, it: Giorni per un quarto, en: Days for a quarter}
--   giorni_mediana: {type: bigint, unit: giorni, additive: false, it: Giorni per la metà, en: Days for half}
--   giorni_terzo_quartile: {type: bigint, unit: giorni, additive: false, it: Giorni per tre quarti, en: Days for three quarters}
--   giorni_massimi_aperti: {type: bigint, unit: giorni, additive: false, it: Giorni del caso aperto più vecchio, en: Days of the oldest open case}
--   data_osservazione: {type: date, it: Al, en: On}
-- charts:
--   - {kind: bar, title: {it: Giorni entro cui si conclude la metà dei casi, en: Days within which half of the cases is closed}, category: fase, value: giorni_mediana}
-- ---
with
final as (
    select
        coalesce(programmi.denominazione, tempi.programma) as programma,
        case when $lingua = 'en' then tempi.fase_en else tempi.fase_it end as fase,
        tempi.casi_conclusi,
        tempi.casi_aperti,
        tempi.giorni_primo_quartile,
        tempi.giorni_mediana,
        tempi.giorni_terzo_quartile,
        tempi.giorni_massimi_aperti,
        tempi.data_osservazione
    from marts.tempi_per_fase as tempi
    left join marts.programmi as programmi on programmi.programma = tempi.programma
    where
        tempi.codice_regione = $regione
        and ($programma is null or tempi.programma = $programma)
    order by programmi.ordine, tempi.programma, tempi.ordine
)

select * from final
