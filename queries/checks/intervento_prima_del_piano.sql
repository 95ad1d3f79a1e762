-- ---
-- title: {it: Un intervento comincia dopo che il Piano è approvato, en: An intervention begins after its plan is approved}
-- description:
--   it: "L’intervento comincia o finisce prima del giorno in cui il suo Piano è approvato: correggere le date dell’intervento o quella del Piano."
--   en: "The intervention begins or ends before the day its plan was approved: correct the dates of the intervention or that of the plan."
-- severity: row
-- table: interventi
-- column: data_inizio
-- ---
with
final as (
    select interventi.id_intervento
    from staging.interventi as interventi
    inner join staging.piani as piani on piani.id_piano = interventi.id_piano
    where
        piani.esito = 'approvato'
        and least(interventi.data_inizio, interventi.data_fine) < piani.data_esito
)

select * from final
