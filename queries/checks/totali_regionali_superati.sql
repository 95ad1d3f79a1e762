-- ---
-- title: {it: I comuni nominati non superano il totale pubblicato, en: Municipalities named do not exceed the published total}
-- description:
--   it: "Dove una regione ha un totale pubblicato in comuni, quelli nominati dalle fonti non possono essere di più."
--   en: "Where a region has a published total in municipalities, those named by the sources cannot be more."
-- severity: warning
-- ---
with
final as (
    select
        codice_regione,
        programma,
        comuni_con_evidenza,
        totale_ufficiale
    from marts.ammessi_per_regione
    where
        unita_totale = 'comuni'
        and comuni_con_evidenza > totale_ufficiale
)

select * from final
