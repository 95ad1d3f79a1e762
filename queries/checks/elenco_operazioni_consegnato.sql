-- ---
-- title: {it: L’elenco delle operazioni c’è, en: The list of operations is there}
-- description:
--   it: "Ci sono rendicontazioni, ma l’elenco delle operazioni non è mai stato consegnato: se è aggiornato non si può dire. Chiedere all’ufficio l’elenco e metterlo in data/inbox/operazioni."
--   en: "There are claims, but the list of operations was never delivered: whether it is up to date can't be told. Ask the office for the list and put it into data/inbox/operazioni."
-- severity: warning
-- ---
with
-- Reg. (EU) 1303/2013, art. 115(2). How old a list is that was delivered, elenco_operazioni_aggiornato tells.
final as (
    select
        tabella,
        ultima_consegna
    from marts.freschezza
    where
        tabella = 'rendicontazioni'
        and not exists (select 1 from marts.freschezza as elenco where elenco.tabella = 'operazioni')
)

select * from final
