-- ---
-- title: {it: Fabbisogni digitali dei comuni, en: Digital needs of the municipalities}
-- description:
--   it: "Quanti bisogni sono stati rilevati nelle domande e nei laboratori, per programma, area tematica e priorità. Il bisogno scritto dall’ufficio non si pubblica, perché è un testo libero e può contenere nomi di persone. Se le amministrazioni non hanno consegnato i fabbisogni, il dataset è vuoto."
--   en: "How many needs were recorded in the applications and in the labs, by programme, theme area and priority. The need written by the office is not published, because it is free text and may hold names of persons. If the administrations have not delivered the needs, the dataset is empty."
-- grain: {it: "una riga per programma, origine, area tematica e priorità", en: "one row per programme, origin, theme area and priority"}
-- key: [programma, origine, area, priorita]
-- columns:
--   programma: {type: text, it: Programma della domanda o del laboratorio, en: Programme of the application or of the lab, ref: programmi.programma}
--   origine: {type: text, it: "Dove è rilevato: domanda o laboratorio", en: "Where it was recorded: application (domanda) or lab (laboratorio)"}
--   area: {type: text, it: "Area tematica del bisogno; «altra» dove quella consegnata è scritta una volta sola o è più lunga di 60 caratteri, perché non è una classe ma un testo", en: "Theme area of the need; \"altra\" (other) where the one delivered is written only once or is longer than 60 characters, because that is not a class but a text"}
--   priorita: {type: text, it: "alta, media o bassa", en: "High (alta), medium (media) or low (bassa)"}
--   fabbisogni: {type: bigint, it: Bisogni rilevati, en: Needs recorded, unit: fabbisogni, additive: true, required: true}
--   domande: {type: bigint, it: "Domande con almeno uno di questi bisogni; la stessa può stare in più righe", en: "Applications with at least one of these needs; the same one can be in several rows", unit: domande, additive: false, required: true}
--   laboratori: {type: bigint, it: "Laboratori con almeno uno di questi bisogni; lo stesso può stare in più righe", en: "Labs with at least one of these needs; the same one can be in several rows", unit: laboratori, additive: false, required: true}
--   comuni: {type: bigint, it: "Comuni diversi che lo esprimono, dove è scritto quale; lo stesso può stare in più righe", en: "Different municipalities that state it, where it is written which; the same one can be in several rows", unit: comuni, additive: false, required: true}
-- rows: {min: 0, max: 100000}
-- checks:
--   - fabbisogni >= greatest(domande, laboratori, comuni)
--   - rule: "(domande = 0) = (origine = 'laboratorio')"
--     it: "Un bisogno di un laboratorio viene da una domanda, o uno di una domanda non ne ha"
--     en: "A need of a lab comes from an application, or one of an application has none"
-- charts:
--   - {kind: bar, title: {it: Bisogni urgenti delle domande dell’Avviso, en: Urgent needs of the applications to the call}, category: area, value: fabbisogni, where: "programma = 'avviso-piccoli-comuni' and origine = 'domanda' and priorita = 'alta'", sort: value, limit: 20}
-- keywords: {it: [fabbisogni, bisogni digitali, priorità], en: [needs, digital needs, priority]}
-- themes: [GOVE]
-- ---
with
codici as (
    select *
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

-- The contract does not close the list of areas: an office may write a sentence, or a name, where a class should stand.
righe as (
    select
        coalesce(domande.programma, laboratori.programma) as programma,
        case when fabbisogni.id_domanda is not null then 'domanda' else 'laboratorio' end as origine,
        case
            when length(fabbisogni.area) <= 60 and count(*) over (partition by lower(fabbisogni.area)) > 1
                then min(fabbisogni.area) over (partition by lower(fabbisogni.area))
            else 'altra'
        end as area,
        fabbisogni.priorita,
        fabbisogni.id_domanda,
        fabbisogni.id_laboratorio,
        coalesce(codici.codice_istat_2020, fabbisogni.codice_istat) as codice_istat
    from staging.fabbisogni as fabbisogni
    left join staging.domande as domande on domande.id_domanda = fabbisogni.id_domanda
    left join staging.laboratori as laboratori on laboratori.id_laboratorio = fabbisogni.id_laboratorio
    left join codici on codici.codice_istat = fabbisogni.codice_istat
),

final as (
    select
        programma,
        origine,
        area,
        priorita,
        count(*) as fabbisogni,
        count(distinct id_domanda) as domande,
        count(distinct id_laboratorio) as laboratori,
        count(distinct codice_istat) as comuni
    from righe
    group by programma, origine, area, priorita
)

select * from final
