-- ---
-- title: {it: Il Piano viene dopo la domanda, en: The plan comes after the application}
-- description:
--   it: "Il Piano risulta presentato prima della domanda da cui nasce: correggere il giorno del Piano o quello della domanda."
--   en: "The plan is shown as presented before the application it comes from: correct the day of the plan or that of the application."
-- severity: row
-- table: piani
-- column: data_presentazione
-- ---
with
final as (
    select
        piani.id_piano,
        piani.importo_approvato_eur as importo_eur
    from staging.piani as piani
    inner join staging.domande as domande on domande.id_domanda = piani.id_domanda
    where piani.data_presentazione < domande.data_presentazione
)

select * from final
