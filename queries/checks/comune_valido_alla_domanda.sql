-- ---
-- title: {it: Il codice di un comune vale il giorno della domanda, en: The code of a municipality is valid on the day of the application}
-- description:
--   it: "Il codice ISTAT esiste, ma il giorno della domanda non era quello di un comune: scrivere il codice valido quel giorno."
--   en: "The ISTAT code exists, but on the day of the application it was not that of a municipality: write the code valid on that day."
-- severity: row
-- table: domande_comuni
-- column: codice_istat
-- ---
with
final as (
    select
        partecipanti.id_domanda,
        partecipanti.codice_istat
    from staging.domande_comuni as partecipanti
    inner join staging.domande as domande on domande.id_domanda = partecipanti.id_domanda
    semi join staging.comuni_codici as noti on noti.codice_istat = partecipanti.codice_istat -- one that is not is told by the contract
    anti join staging.comuni_codici as codici
        on codici.codice_istat = partecipanti.codice_istat
        and codici.valido_dal <= domande.data_presentazione
        and (codici.valido_al >= domande.data_presentazione or codici.valido_al is null)
)

select * from final
