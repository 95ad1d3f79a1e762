-- ---
-- title: {it: Il Piano arriva entro 60 giorni, en: The plan arrives within 60 days}
-- description:
--   it: "Il Piano è presentato oltre il sessantesimo giorno dall’ammissione, o il termine è passato e non è presentato: sollecitare il comune, o correggere la data. I giorni di chi non ha presentato si contano alla data dei dati."
--   en: "The plan was presented after the sixtieth day from the admission, or the deadline has passed and it was not presented: remind the municipality, or correct the date. Days of those yet to present are counted on the date of the data."
-- severity: warning
-- ---
with
final as (
    select
        scadenze.id_domanda,
        scadenze.id_piano,
        scadenze.stato,
        scadenze.termine,
        scadenze.giorni_ritardo,
        piani.importo_approvato_eur as importo_eur
    from marts.scadenze as scadenze
    left join marts.piani as piani on piani.id_piano = scadenze.id_piano
    where scadenze.stato in ('presentato_in_ritardo', 'scaduto')
)

select * from final
