-- ---
-- title: {it: "LS-02: una somma forfettaria ha metodo, condizioni e output", en: "LS-02: a lump sum has method, conditions and output"}
-- description:
--   it: "Per una somma forfettaria servono il metodo di calcolo (lettera dell’art. 67, par. 5), il documento che ne stabilisce le condizioni (par. 6), l’output e il giorno in cui è completato: riempire le celle vuote."
--   en: "A lump sum needs its method of calculation (letter of art. 67(5)), the document that sets its conditions (67(6)), the output and the day it was completed: fill in the empty cells."
-- severity: row
-- table: rendicontazioni
-- column: documento_condizioni
-- ---
with
final as (
    select
        id_rendicontazione,
        importo_eur
    from staging.rendicontazioni
    where
        forma_sostegno = 'somma_forfettaria'
        and (
            metodo_calcolo is null
            or documento_condizioni is null
            or output is null
            or (data_completamento is null and stato <> 'prevista')
        )
)

select * from final
