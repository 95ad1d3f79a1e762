-- ---
-- title: {it: Nessuna evidenza precede l’Avviso, en: No evidence comes before the call}
-- description:
--   it: "Un evento dell’Avviso, di P.I.C.C.O.L.I. o di Fast non può avere una data anteriore al 20 maggio 2020."
--   en: "An event of the call, of P.I.C.C.O.L.I. or of Fast cannot be dated before 20 May 2020."
-- severity: error
-- ---
with
avviso as (
    select data_inizio
    from marts.programmi
    where programma = 'avviso-piccoli-comuni'
),

final as (
    select
        evidenze.id_evidenza,
        evidenze.programma,
        evidenze.data_evento
    from marts.evidenze as evidenze
    cross join avviso
    where
        evidenze.programma in ('avviso-piccoli-comuni', 'piccoli', 'fast-piccoli-comuni')
        and evidenze.data_evento < avviso.data_inizio
)

select * from final
