-- ---
-- title: {it: "LS-14: dove il CUP è assegnato, ogni spesa lo porta", en: "LS-14: where a CUP is assigned, all spending carries it"}
-- description:
--   it: "L’operazione o il programma ha un CUP ma questa riga no: scriverlo."
--   en: "The operation or the programme has a CUP but this row has none: write it."
-- severity: row
-- table: rendicontazioni
-- column: cup
-- ---
with
assegnati as (
    select distinct id_operazione
    from staging.rendicontazioni
    where cup is not null
),

final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.importo_eur
    from staging.rendicontazioni as rendicontazioni
    left join assegnati on assegnati.id_operazione = rendicontazioni.id_operazione
    left join staging.programmi as programmi on programmi.programma = rendicontazioni.programma
    where
        rendicontazioni.cup is null
        and rendicontazioni.stato <> 'prevista'
        and (
            assegnati.id_operazione is not null
            or programmi.cup is not null
        )
)

select * from final
