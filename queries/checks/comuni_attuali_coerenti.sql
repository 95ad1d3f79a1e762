-- ---
-- title: {it: Un codice di oggi ha un solo nome e una sola provincia, en: A code of today has one name and one province}
-- description:
--   it: "I comuni del 2020 che oggi sono lo stesso comune ne danno lo stesso nome, la stessa provincia e la stessa regione."
--   en: "The municipalities of 2020 that are the same municipality today give it the same name, province and region."
-- severity: error
-- ---
with
final as (
    select codice_istat_attuale
    from marts.comuni
    group by codice_istat_attuale
    having count(distinct (
        denominazione_attuale, codice_provincia_attuale, provincia_attuale, sigla_provincia_attuale, codice_regione_attuale, regione_attuale
    )) > 1
)

select * from final
