-- ---
-- title: {it: Il tasso dell’Unione è quello dell’asse, en: The Union’s rate is that of the axis}
-- description:
--   it: "Il tasso di cofinanziamento è uno per asse, Fondo e categoria di regione, e le categorie sono tre: questo asse ne ha di più. Controllare tasso_cofinanziamento_ue_pct nell’elenco delle operazioni."
--   en: "The co-financing rate is one for each axis, Fund and category of region, and there are three categories: this axis has more. See tasso_cofinanziamento_ue_pct in the list of operations."
-- severity: warning
-- ---
with
-- Reg. (EU) 1303/2013, annex XII, point 1: the rate "as per priority axis".
final as (
    select
        programma,
        fondo,
        asse,
        count(distinct tasso_cofinanziamento_ue) as tassi,
        sum(spesa_ammissibile_totale)::decimal(18, 2) as importo_eur
    from marts.operazioni
    group by
        programma,
        fondo,
        asse
    having count(distinct tasso_cofinanziamento_ue) > 3
)

select * from final
