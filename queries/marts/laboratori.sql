-- ---
-- title: {it: Laboratori, en: Labs}
-- description:
--   it: "I laboratori per i comuni: il giorno, l’area a cui si rivolgono, quanti comuni un elenco o un atto nomina, quanti bisogni vi sono stati rilevati. Il titolo, il luogo e i presenti non si pubblicano: i primi due sono testi liberi, che possono contenere nomi di persone. La regione è scritta solo se i comuni nominati sono tutti della stessa. Se le amministrazioni non hanno consegnato i laboratori, il dataset è vuoto."
--   en: "The labs for municipalities: the day, the area they are for, how many municipalities a list or act names, how many needs were recorded there. The title, the place and those present are not published: the first two are free text, which may hold names of persons. The region is given only if the municipalities named are all of the same one. If the administrations have not delivered the labs, the dataset is empty."
-- grain: {it: una riga per laboratorio, en: one row per lab}
-- key: [id_laboratorio]
-- columns:
--   id_laboratorio: {type: text, it: Laboratorio, en: Lab}
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma, required: true}
--   data_laboratorio: {type: date, it: Giorno in cui si tiene, en: Day on which it takes place, required: true}
--   area: {type: text, it: "Area interna, unione o territorio a cui si rivolge", en: "Inner area, union or territory it is for", required: true}
--   modalita: {type: text, it: "In presenza, a distanza o mista; vuota se non è indicata", en: "In person (presenza), at a distance (distanza) or both (mista); empty if not stated"}
--   comuni: {type: bigint, it: "Comuni che un elenco o un atto nomina; zero se nessuno li nomina, anche se un’area ne ha", en: "Municipalities that a list or act names; zero if none names them, even though an area has some", unit: comuni, additive: false, required: true}
--   piccoli_comuni: {type: bigint, it: Di cui piccoli comuni nell’elenco del 2020, en: Of which small municipalities in the list of 2020, unit: comuni, additive: false, required: true}
--   regioni: {type: bigint, it: Regioni dei comuni nominati, en: Regions of the municipalities named, unit: regioni, additive: false, required: true}
--   codice_regione: {type: text, it: "Regione, se è una sola", en: "Region, if there is just one", ref: regioni.codice_regione}
--   regione: {type: text, it: Nome della regione, en: Name of the region}
--   fabbisogni: {type: bigint, it: Bisogni rilevati nel laboratorio, en: Needs recorded in the lab, unit: fabbisogni, additive: true, required: true}
-- rows: {min: 0, max: 100000}
-- checks:
--   - piccoli_comuni <= comuni
--   - rule: "comuni > 0"
--     severity: warning
--     it: "Di questo laboratorio nessun elenco nomina i comuni: chiederlo all’ufficio, se esiste"
--     en: "No list names the municipalities of this lab: ask the office for it, if there is one"
-- keywords: {it: [laboratori, aree interne, unioni di comuni], en: [labs, inner areas, unions of municipalities]}
-- themes: [GOVE, REGI]
-- date: data_laboratorio
-- ---
with
contati as (
    select
        id_laboratorio,
        count(*) as comuni,
        count(*) filter (where piccolo_comune) as piccoli_comuni,
        count(distinct codice_regione) as regioni,
        min(codice_regione) as codice_regione
    from marts.laboratori_comuni
    group by id_laboratorio
),

rilevati as (
    select
        id_laboratorio,
        count(*) as fabbisogni
    from staging.fabbisogni
    where id_laboratorio is not null
    group by id_laboratorio
),

final as (
    select
        laboratori.id_laboratorio,
        laboratori.programma,
        laboratori.data_laboratorio,
        laboratori.area,
        laboratori.modalita,
        coalesce(contati.comuni, 0) as comuni,
        coalesce(contati.piccoli_comuni, 0) as piccoli_comuni,
        coalesce(contati.regioni, 0) as regioni,
        regioni.codice_regione,
        regioni.denominazione as regione,
        coalesce(rilevati.fabbisogni, 0) as fabbisogni
    from staging.laboratori as laboratori
    left join contati on contati.id_laboratorio = laboratori.id_laboratorio
    left join marts.regioni as regioni
        on regioni.codice_regione = contati.codice_regione
        and contati.regioni = 1
    left join rilevati on rilevati.id_laboratorio = laboratori.id_laboratorio
)

select * from final
