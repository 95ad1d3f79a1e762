-- ---
-- title: {it: Un comune ammesso ha i requisiti, en: An admitted municipality is eligible}
-- description:
--   it: "Un comune che una fonte dice ammesso all’Avviso non supera 5.000 residenti; se li supera, può essere nato da una fusione e va guardato."
--   en: "A municipality that a source says was admitted to the call has no more than 5,000 residents; if it has more, it may come from a merger and needs a look."
-- severity: warning
-- ---
with
final as (
    select
        id_evidenza,
        codice_istat,
        comune
    from marts.evidenze
    where
        ammissione
        and programma in ('avviso-piccoli-comuni', 'piccoli', 'fast-piccoli-comuni')
        and not piccolo_comune
)

select * from final
