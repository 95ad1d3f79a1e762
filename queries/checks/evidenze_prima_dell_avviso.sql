-- ---
-- title: {it: Nessuna evidenza precede l’Avviso, en: No evidence comes before the call}
-- description:
--   it: "Un evento dell’Avviso, di P.I.C.C.O.L.I. o di Fast non può avere una data anteriore al 20 maggio 2020; di un mese o di un anno conta l’ultimo giorno."
--   en: "An event of the call, of P.I.C.C.O.L.I. or of Fast cannot be dated before 20 May 2020; of a month or a year the last day counts."
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
        and avviso.data_inizio > case evidenze.precisione_data_evento
            when 'giorno' then evidenze.data_evento
            when 'mese' then last_day(evidenze.data_evento)
            when 'anno' then last_day(evidenze.data_evento + interval 11 month)
        end
)

select * from final
