-- ---
-- title: {it: "LS-08: l’azione è nel periodo del programma e dopo la domanda", en: "LS-08: the action is within the programme’s period and after the application"}
-- description:
--   it: "Per il PON le azioni vanno dal 1° gennaio 2014 al 31 dicembre 2023, e non sono compiute prima della domanda: correggere il giorno di completamento, o indicare POC se la spesa è del programma complementare."
--   en: "For the PON the actions run from 1 January 2014 to 31 December 2023 and are not completed before the application: correct the day of completion, or write POC if the spending belongs to the complementary programme."
-- severity: row
-- table: rendicontazioni
-- column: data_completamento
-- ---
with
-- Reg. (EU) 1303/2013, art. 65(2), 65(4) and 65(6).
final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.importo_eur
    from staging.rendicontazioni as rendicontazioni
    left join staging.piani as piani on piani.id_piano = rendicontazioni.id_piano
    left join staging.domande as domande on domande.id_domanda = piani.id_domanda
    where
        rendicontazioni.data_completamento < domande.data_presentazione
        or (
            coalesce(rendicontazioni.programma_operativo = 'PON', rendicontazioni.fondo in ('FSE', 'FESR'))
            and rendicontazioni.data_completamento not between date '2014-01-01' and date '2023-12-31'
        )
)

select * from final
