-- ---
-- title: {it: Un evento annunciato non è un evento avvenuto, en: An event announced is not an event that took place}
-- description:
--   it: "Se la fonte è anteriore all’evento, lo annuncia soltanto: la riga può valere come altra partecipazione, non come ammissione, affiancamento, laboratorio o formazione."
--   en: "If the source comes before the event it only announces it: the row may count as other participation, not as admission, support, lab or training."
-- severity: error
-- ---
with
final as (
    select
        evidenze.id_evidenza,
        evidenze.evento,
        evidenze.data_evento,
        fonti.data_pubblicazione
    from marts.evidenze as evidenze
    inner join marts.fonti as fonti on fonti.id_fonte = evidenze.id_fonte
    where
        evidenze.evento <> 'altro'
        and evidenze.precisione_data_evento = 'giorno'
        and evidenze.data_evento > case fonti.precisione_data_pubblicazione
            when 'giorno' then fonti.data_pubblicazione
            when 'mese' then last_day(fonti.data_pubblicazione)
            when 'anno' then last_day(fonti.data_pubblicazione + interval 11 month)
        end
)

select * from final
