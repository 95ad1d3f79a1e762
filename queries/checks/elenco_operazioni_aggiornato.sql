-- ---
-- title: {it: L’elenco delle operazioni è aggiornato, en: The list of operations is up to date}
-- description:
--   it: "L’elenco delle operazioni va aggiornato almeno ogni sei mesi (184 giorni), e la sua ultima consegna ha più di 150 giorni rispetto alla più recente di tutte: chiedere all’ufficio l’elenco di adesso e metterlo in data/inbox/operazioni."
--   en: "The list of operations must be updated at least every six months (184 days), and its last delivery is more than 150 days older than the newest of all: ask the office for the list as it is now and put it into data/inbox/operazioni."
-- severity: warning
-- ---
with
-- Reg. (EU) 1303/2013, art. 115(2).
ultima as (
    select max(ultima_consegna) as ultima_consegna
    from marts.freschezza
),

final as (
    select
        freschezza.tabella,
        freschezza.ultima_consegna,
        date_diff('day', freschezza.ultima_consegna, ultima.ultima_consegna) as giorni
    from marts.freschezza as freschezza
    cross join ultima
    where
        freschezza.tabella = 'operazioni'
        and date_diff('day', freschezza.ultima_consegna, ultima.ultima_consegna) > 150
)

select * from final
