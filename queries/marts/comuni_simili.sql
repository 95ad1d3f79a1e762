-- ---
-- title: {it: I cinque comuni più simili, en: The five most similar municipalities}
-- description:
--   it: "Per ogni piccolo comune i cinque che gli somigliano di più: della stessa regione, con residenti tra la metà e il doppio dei suoi; prima quelli che hanno chiesto più ambiti uguali, poi i più vicini per numero di residenti. Gli ambiti sono quelli delle domande consegnate; se non ne sono state consegnate, quelli che le fonti pubbliche nominano."
--   en: "For each small municipality the five most like it: of the same region, with between half and twice its residents; first those that asked for most of the same areas of work, then the nearest by number of residents. The areas of work are those of the applications delivered; if none were delivered, those that public sources name."
-- grain: {it: una riga per piccolo comune e posto da 1 a 5, en: one row per small municipality and place from 1 to 5}
-- key: [codice_istat, posto]
-- columns:
--   codice_istat: {type: text, it: Comune, en: Municipality, ref: comuni.codice_istat}
--   posto: {type: bigint, it: "Da 1, il più simile, a 5", en: "From 1, the most similar, to 5", additive: false}
--   comune: {type: text, it: Nome del comune, en: Name of the municipality, required: true}
--   codice_istat_simile: {type: text, it: Comune simile, en: Similar municipality, ref: comuni.codice_istat, required: true}
--   comune_simile: {type: text, it: Nome del comune simile, en: Name of the similar municipality, required: true}
--   popolazione_simile: {type: integer, it: Suoi residenti legali del 2011, en: Its legal residents of 2011, unit: abitanti, additive: false, required: true}
--   differenza_residenti: {type: integer, it: Quanti residenti ha in più del comune o in meno, en: How many more residents it has than the municipality or fewer, unit: abitanti, additive: false, required: true}
--   ambiti_in_comune: {type: bigint, it: Ambiti che hanno chiesto tutti e due, en: Areas of work that both asked for, unit: ambiti, additive: false, required: true}
-- rows: {min: 27000, max: 27450}                # five for each of 5,490; where few are alike, fewer
-- checks:
--   - rule: codice_istat <> codice_istat_simile
--     it: Un comune è simile a sé stesso
--     en: A municipality is similar to itself
--   - rule: posto between 1 and 5
--     it: Un posto che non è da 1 a 5
--     en: A place that is not from 1 to 5
-- keywords: {it: [comuni simili, confronto], en: [similar municipalities, comparison]}
-- themes: [REGI]
-- sources: [ISTAT-COMUNI-2020]
-- ---
with
piccoli as (
    select
        codice_istat,
        denominazione,
        codice_regione,
        popolazione_legale_2011 as residenti
    from marts.comuni
    where piccolo_comune
),

ambiti as (
    select distinct
        partecipazioni.codice_istat,
        unnest(string_split(domande.ambiti, '|')) as ambito
    from marts.domande_comuni as partecipazioni
    inner join marts.domande as domande on domande.id_domanda = partecipazioni.id_domanda
    where partecipazioni.codice_istat is not null
    union
    select
        evidenze.codice_istat,
        nominati.ambito
    from marts.evidenze_ambiti as nominati
    inner join marts.evidenze as evidenze on evidenze.id_evidenza = nominati.id_evidenza
    where evidenze.codice_istat is not null and not exists (select 1 from marts.domande)
),

insiemi as (
    select
        codice_istat,
        list(ambito order by ambito) as ambiti
    from ambiti
    group by codice_istat
),

coppie as (
    select
        uno.codice_istat,
        uno.denominazione as comune,
        altro.codice_istat as codice_istat_simile,
        altro.denominazione as comune_simile,
        altro.residenti as popolazione_simile,
        altro.residenti - uno.residenti as differenza_residenti,
        coalesce(len(list_intersect(suoi.ambiti, altrui.ambiti)), 0) as ambiti_in_comune
    from piccoli as uno
    inner join piccoli as altro
        on altro.codice_regione = uno.codice_regione
        and altro.codice_istat <> uno.codice_istat
        and altro.residenti * 2 >= uno.residenti
        and altro.residenti <= uno.residenti * 2
    left join insiemi as suoi on suoi.codice_istat = uno.codice_istat
    left join insiemi as altrui on altrui.codice_istat = altro.codice_istat
),

final as (
    select
        codice_istat,
        row_number() over (
            partition by codice_istat
            order by ambiti_in_comune desc, abs(differenza_residenti), codice_istat_simile
        ) as posto,
        comune,
        codice_istat_simile,
        comune_simile,
        popolazione_simile,
        differenza_residenti,
        ambiti_in_comune
    from coppie
    qualify posto <= 5
)

select * from final
