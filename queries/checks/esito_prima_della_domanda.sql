-- ---
-- title: {it: La decisione viene dopo la domanda, en: The decision comes after the application}
-- description:
--   it: "La decisione è anteriore al giorno della domanda: correggere data_esito, o il giorno della domanda nella tabella domande."
--   en: "The decision is earlier than the day of the application: correct data_esito, or the day of the application in the table domande."
-- severity: row
-- table: istruttorie
-- column: data_esito
-- ---
with
final as (
    select
        istruttorie.id_domanda,
        istruttorie.data_esito
    from staging.istruttorie as istruttorie
    inner join staging.domande as domande on domande.id_domanda = istruttorie.id_domanda
    where istruttorie.data_esito < domande.data_presentazione
)

select * from final
