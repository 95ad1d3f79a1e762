-- ---
-- title: {it: L’ambito di un’evidenza appartiene al suo programma, en: The area of work of a piece of evidence belongs to its programme}
-- description:
--   it: "P.I.C.C.O.L.I. attua gli ambiti dell’Avviso, Fast i suoi tre: un’evidenza dell’uno non può avere un ambito dell’altro."
--   en: "P.I.C.C.O.L.I. carries out the areas of work of the call, Fast its own three: evidence of one cannot have an area of the other."
-- severity: error
-- ---
with
final as (
    select
        evidenze.id_evidenza,
        evidenze.programma,
        ambiti.ambito
    from marts.evidenze_ambiti as chiesti
    inner join marts.evidenze as evidenze on evidenze.id_evidenza = chiesti.id_evidenza
    inner join marts.ambiti as ambiti on ambiti.ambito = chiesti.ambito
    where case
        when evidenze.programma = 'piccoli' then 'avviso-piccoli-comuni'
        else evidenze.programma
    end <> ambiti.programma
)

select * from final
