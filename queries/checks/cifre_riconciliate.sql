-- ---
-- title: {it: Le cifre contate dai dati consegnati coincidono con quelle pubblicate, en: Figures counted from the data delivered agree with those published}
-- description:
--   it: "Una cifra pubblicata è diversa da quella che si conta dalle righe consegnate. Guardare prima se le righe mancanti sono in quarantena, poi se la fonte conta con un’altra regola: il sito mostra tutte e due, e non sceglie."
--   en: "A published figure differs from the one that the rows delivered count. See first whether the missing rows are in quarantine, then whether the source counts by another rule: the site shows both, and does not choose."
-- severity: warning
-- ---
with
-- What is counted on the list of municipalities is compared in conteggi_pubblicati.
final as (
    select
        id_cifra,
        indicatore,
        pubblicato,
        contato,
        differenza,
        id_fonte
    from marts.riconciliazione
    where esito = 'diverso' and tabella <> 'comuni'
)

select * from final
