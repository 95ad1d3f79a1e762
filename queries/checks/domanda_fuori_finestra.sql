-- ---
-- title: {it: Una domanda è presentata dentro la sua finestra, en: An application is made within its window}
-- description:
--   it: "Il giorno della domanda cade fuori dalla finestra che la riga indica: correggere la data o il codice della finestra."
--   en: "The day of the application falls outside the window that the row names: correct the date or the code of the window."
-- severity: row
-- table: domande
-- column: data_presentazione
-- ---
with
final as (
    select domande.id_domanda
    from staging.domande as domande
    inner join staging.finestre as finestre on finestre.finestra = domande.finestra
    where domande.data_presentazione not between finestre.apertura and finestre.chiusura
)

select * from final
