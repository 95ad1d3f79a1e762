-- ---
-- title: {it: Comuni dei laboratori, en: Municipalities of the labs}
-- description:
--   it: "Quali comuni stanno in ogni laboratorio, solo dove un elenco o un atto li nomina. Un comune può stare in più laboratori: le righe contano partecipazioni, non comuni. Se le amministrazioni non hanno consegnato i laboratori, il dataset è vuoto."
--   en: "Which municipalities are in each lab, only where a list or act names them. A municipality can be in several labs: the rows count participations, not municipalities. If the administrations have not delivered the labs, the dataset is empty."
-- grain: {it: una riga per laboratorio e comune, en: one row per lab and municipality}
-- key: [id_laboratorio, codice_istat_consegnato]
-- columns:
--   id_laboratorio: {type: text, it: Laboratorio, en: Lab, ref: laboratori.id_laboratorio}
--   codice_istat_consegnato: {type: text, it: "Codice ISTAT del comune, come è consegnato", en: "ISTAT code of the municipality, as delivered"}
--   codice_istat: {type: text, it: "Comune, con il codice del 2020; vuoto per un comune nato dopo dalla fusione di più comuni", en: "Municipality, by its code of 2020; empty for one born later of the merger of several", ref: comuni.codice_istat}
--   comune: {type: text, it: Nome del comune nell’elenco ISTAT, en: Name of the municipality in the ISTAT list, required: true}
--   codice_regione: {type: text, it: Regione del comune, en: Region of the municipality, ref: regioni.codice_regione, required: true}
--   piccolo_comune: {type: boolean, it: "Vero se è un piccolo comune (fino a 5.000 residenti legali del 2011, o nato da una fusione di piccoli comuni)", en: "True if it is a small municipality (up to 5,000 legal residents of 2011, or born of a merger of small ones)", required: true}
--   programma: {type: text, it: Programma del laboratorio, en: Programme of the lab, ref: programmi.programma, required: true}
--   data_laboratorio: {type: date, it: Giorno del laboratorio, en: Day of the lab, required: true}
-- rows: {min: 0, max: 1000000}
-- keywords: {it: [laboratori, comuni], en: [labs, municipalities]}
-- themes: [GOVE, REGI]
-- date: data_laboratorio
-- ---
with
codici as (
    select *
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

final as (
    select
        righe.id_laboratorio,
        righe.codice_istat as codice_istat_consegnato,
        comuni.codice_istat,
        codici.denominazione as comune,
        coalesce(comuni.codice_regione, codici.codice_regione) as codice_regione,
        coalesce(comuni.piccolo_comune, codici.eleggibile) as piccolo_comune,
        laboratori.programma,
        laboratori.data_laboratorio
    from staging.laboratori_comuni as righe
    inner join staging.laboratori as laboratori on laboratori.id_laboratorio = righe.id_laboratorio
    inner join codici on codici.codice_istat = righe.codice_istat
    left join marts.comuni as comuni on comuni.codice_istat = codici.codice_istat_2020
)

select * from final
