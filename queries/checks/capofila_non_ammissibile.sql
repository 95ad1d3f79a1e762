-- ---
-- title: {it: Chi è ammesso è un piccolo comune, en: Who is admitted is a small municipality}
-- description:
--   it: "La domanda è ammessa ma il comune che la presenta supera 5.000 residenti e non risulta nato da una fusione di piccoli comuni: correggere l’esito o il codice del comune; se è nato da una fusione, scrivere sì in nato_da_fusione."
--   en: "The application is admitted but the municipality that made it has more than 5,000 residents and is not known to be born of a merger of small ones: correct the outcome or the code; if it was born of a merger, write sì in nato_da_fusione."
-- severity: row
-- table: istruttorie
-- column: esito
-- ---
with
-- Each code stands once in the registry of codes; the latest row would be the one to trust.
codici as (
    select *
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

-- The residents written in the application count; without them, those of the 2011 census (law 158/2017: up to 5,000 inclusive).
final as (
    select
        istruttorie.id_domanda,
        istruttorie.data_esito
    from staging.istruttorie as istruttorie
    inner join staging.domande as domande on domande.id_domanda = istruttorie.id_domanda
    inner join codici on codici.codice_istat = domande.codice_istat
    where
        istruttorie.esito = 'ammessa'
        and domande.nato_da_fusione is not true
        and coalesce(domande.popolazione > 5000, not codici.eleggibile)
)

select * from final
