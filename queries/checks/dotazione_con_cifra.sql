-- ---
-- title: {it: Ogni dotazione ha la sua cifra pubblicata, en: Every budget has its published figure}
-- description:
--   it: "La dotazione di un programma deve trovarsi tra le cifre pubblicate, con lo stesso valore e la stessa fonte."
--   en: "The budget of a programme must be among the published figures, with the same value and the same source."
-- severity: error
-- ---
with
final as (
    select
        programmi.programma,
        programmi.dotazione_eur,
        programmi.id_fonte
    from marts.programmi as programmi
    anti join marts.cifre_ufficiali as cifre
        on cifre.programma = programmi.programma
        and cifre.id_fonte = programmi.id_fonte
        and cifre.valore = programmi.dotazione_eur
        and cifre.unita = 'EUR'
    where programmi.dotazione_eur is not null
)

select * from final
