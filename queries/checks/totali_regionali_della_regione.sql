-- ---
-- title: {it: Il totale di una regione parla di quella regione, en: The total of a region speaks of that region}
-- description:
--   it: Il totale mostrato per una regione e un programma è una cifra pubblicata per la stessa regione e lo stesso programma.
--   en: The total shown for a region and a programme is a figure published for the same region and the same programme.
-- severity: error
-- ---
with
mostrati as (
    select
        codice_regione,
        programma,
        totale_ufficiale as valore,
        id_fonte_totale as id_fonte
    from marts.ammessi_per_regione
    where totale_ufficiale is not null
    union all
    select
        codice_regione,
        programma,
        totale_precedente as valore,
        id_fonte_totale_precedente as id_fonte
    from marts.ammessi_per_regione
    where totale_precedente is not null
),

final as (
    select mostrati.*
    from mostrati
    anti join marts.cifre_ufficiali as cifre
        on cifre.codice_regione = mostrati.codice_regione
        and cifre.programma = mostrati.programma
        and cifre.valore = mostrati.valore
        and cifre.id_fonte = mostrati.id_fonte
)

select * from final
