-- ---
-- title: {it: I totali delle regioni sono la somma dei comuni, en: The totals of the regions are the sum of their municipalities}
-- description:
--   it: "L’importo ai comuni di una regione in padigitale_per_regione deve essere la somma dei suoi comuni in padigitale_per_comune: se non lo è, un comune sta in due regioni o in nessuna."
--   en: "The amount to the municipalities of a region in padigitale_per_regione must be the sum of its municipalities in padigitale_per_comune: if it is not, a municipality is in two regions or in none."
-- severity: error
-- ---
with
comuni as (
    select codice_regione, codice_misura, sum(importo_eur) as importo, sum(candidature) as candidature
    from marts.padigitale_per_comune
    group by codice_regione, codice_misura
),

final as (
    select
        coalesce(regioni.codice_regione, comuni.codice_regione) as codice_regione,
        coalesce(regioni.codice_misura, comuni.codice_misura) as codice_misura,
        (coalesce(regioni.importo_comuni_eur, 0) - coalesce(comuni.importo, 0))::decimal(18, 2) as importo_eur
    from marts.padigitale_per_regione as regioni
    full join comuni on comuni.codice_regione = regioni.codice_regione and comuni.codice_misura = regioni.codice_misura
    where
        coalesce(regioni.importo_comuni_eur, 0) <> coalesce(comuni.importo, 0)
        or coalesce(regioni.candidature_comuni, 0) <> coalesce(comuni.candidature, 0)
)

select * from final
