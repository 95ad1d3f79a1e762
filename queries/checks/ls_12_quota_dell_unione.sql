-- ---
-- title: {it: "LS-12: la quota dell’Unione non supera il massimo della categoria di regione", en: "LS-12: the Union’s share does not exceed the greatest of its category of region"}
-- description:
--   it: "La quota pagata dall’Unione supera l’80 per cento nelle regioni meno sviluppate, il 60 in quelle in transizione o il 50 in quelle più sviluppate. In alcuni anni contabili è stato ammesso il 100 per cento: controllare categoria_regione e tasso_cofinanziamento_ue_pct, e tenere la riga se l’anno lo permette."
--   en: "The share paid by the Union exceeds 80 per cent in less developed regions, 60 in those in transition or 50 in more developed ones. In some accounting years 100 per cent was allowed: see categoria_regione and tasso_cofinanziamento_ue_pct, and keep the row if its year allows it."
-- severity: warning
-- ---
with
-- Reg. (EU) 1303/2013, art. 120(3).
final as (
    select
        id_rendicontazione,
        programma,
        categoria_regione,
        tasso_cofinanziamento_ue_pct,
        importo_eur
    from marts.rendicontazioni
    where tasso_cofinanziamento_ue_pct > case categoria_regione
        when 'meno-sviluppate' then 80
        when 'in-transizione' then 60
        when 'piu-sviluppate' then 50
    end
)

select * from final
