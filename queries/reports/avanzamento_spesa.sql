-- ---
-- title: {it: Avanzamento della spesa, en: Progress of the spending}
-- description:
--   it: "Per trimestre, programma e ambito quanto è stato rendicontato, certificato e pagato: ogni importo nel trimestre della sua data. Un importo senza data sta nella riga «senza data»."
--   en: "By quarter, programme and area of work how much was claimed, certified and paid: each amount in the quarter of its own date. An amount without a date stands in the row \"no date\"."
-- params:
--   programma:
--     type: text
--     optional: true
--     it: Programma; senza, tutti
--     en: Programme; without it, all
--     values: select programma, denominazione from marts.programmi order by programma
--   regione:
--     type: text
--     optional: true
--     it: Regione; senza, tutte e anche la spesa senza regione
--     en: Region; without it, all and the spending without a region too
--     values: select codice_regione, denominazione, slug from marts.regioni order by codice_regione
--   dal:
--     type: date
--     optional: true
--     it: Dal giorno compreso
--     en: From this day on
--   al:
--     type: date
--     optional: true
--     it: Fino al giorno compreso
--     en: Up to this day
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [trimestre, programma, ambito]
-- columns:
--   trimestre: {type: text, it: Trimestre, en: Quarter}
--   programma: {type: text, it: Programma, en: Programme}
--   ambito: {type: text, it: Ambito, en: Area of work}
--   rendicontazioni: {type: bigint, unit: rendicontazioni, additive: true, it: Rendicontazioni, en: Claims}
--   importo_rendicontato_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Rendicontato, en: Claimed}
--   importo_certificato_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Certificato, en: Certified}
--   importo_pagato_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Pagato, en: Paid}
-- ---
with
scelte as (
    select *
    from marts.rendicontazioni
    where
        stato <> 'prevista'
        and ($programma is null or programma = $programma)
        and ($regione is null or codice_regione = $regione)
),

passi as (
    select programma, ambito, data_rendicontazione as giorno, 1 as rendicontazioni, importo_rendicontato_eur as rendicontato, 0.00 as certificato, 0.00 as pagato
    from scelte
    union all
    select programma, ambito, data_certificazione as giorno, 0 as rendicontazioni, 0.00 as rendicontato, importo_certificato_eur as certificato, 0.00 as pagato
    from scelte
    where importo_certificato_eur is not null
    union all
    select programma, ambito, data_pagamento as giorno, 0 as rendicontazioni, 0.00 as rendicontato, 0.00 as certificato, importo_pagato_eur as pagato
    from scelte
    where importo_pagato_eur is not null
),

somme as (
    select
        year(giorno) as anno,
        quarter(giorno) as trimestre,
        programma,
        ambito,
        sum(rendicontazioni)::bigint as rendicontazioni,
        sum(rendicontato)::decimal(18, 2) as importo_rendicontato_eur,
        sum(certificato)::decimal(18, 2) as importo_certificato_eur,
        sum(pagato)::decimal(18, 2) as importo_pagato_eur
    from passi
    where
        ($dal::date is null or giorno >= $dal::date)
        and ($al::date is null or giorno <= $al::date)
    group by all
),

final as (
    select
        coalesce(somme.anno || case when $lingua = 'en' then '-Q' else '-T' end || somme.trimestre, case when $lingua = 'en' then 'no date' else 'senza data' end) as trimestre,
        coalesce(programmi.denominazione, somme.programma) as programma,
        coalesce(case when $lingua = 'en' then ambiti.nome_en else ambiti.nome_it end, somme.ambito, case when $lingua = 'en' then 'not stated' else 'non indicato' end) as ambito,
        somme.rendicontazioni,
        somme.importo_rendicontato_eur,
        somme.importo_certificato_eur,
        somme.importo_pagato_eur
    from somme
    left join marts.programmi as programmi on programmi.programma = somme.programma
    left join marts.ambiti as ambiti on ambiti.ambito = somme.ambito
)

select * from final
order by trimestre, programma, ambito
