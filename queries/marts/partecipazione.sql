-- ---
-- title: {it: A quali programmi ha partecipato ogni piccolo comune, en: In which programmes each small municipality took part}
-- description:
--   it: "Per ogni piccolo comune i programmi in cui una fonte pubblica lo nomina e le misure di PA digitale 2026 per cui è finanziato. Che una fonte non lo nomini non vuol dire che non abbia partecipato: gli elenchi dei partecipanti non sono pubblici."
--   en: "For each small municipality the programmes in which a public source names it and the measures of PA digitale 2026 for which it is funded. That no source names it does not mean that it took no part: the lists of those taking part are not public."
-- grain: {it: una riga per piccolo comune, en: one row per small municipality}
-- key: [codice_istat]
-- columns:
--   codice_istat: {type: text, it: Comune, en: Municipality, ref: comuni.codice_istat}
--   comune: {type: text, it: Nome del comune, en: Name of the municipality, required: true}
--   codice_regione: {type: text, it: Regione, en: Region, ref: regioni.codice_regione, required: true}
--   programmi: {type: text, it: "Programmi in cui una fonte lo nomina, separati da |; vuoto: nessuna lo nomina", en: "Programmes in which a source names it, separated by |; empty: none does"}
--   misure_padigitale: {type: text, it: "Misure di PA digitale per cui è finanziato, senza rinunce, separate da |; vuoto: nessuna nei file scaricati", en: "Measures of PA digitale for which it is funded, without those given up, separated by |; empty: none in the files fetched"}
--   numero_programmi: {type: bigint, it: "Programmi, PA digitale compresa", en: "Programmes, PA digitale included", additive: false, required: true}
-- rows: {min: 5000, max: 6000}
-- sources: [PADIGITALE-OPENDATA]
-- keywords: {it: [partecipazione, piccoli comuni, programmi], en: [participation, small municipalities, programmes]}
-- themes: [GOVE]
-- ---
with
nominati as (
    select
        codice_istat,
        string_agg(distinct programma, '|' order by programma) as programmi,
        count(distinct programma) as quanti
    from marts.evidenze
    where codice_istat is not null
    group by codice_istat
),

padigitale as (
    select
        codice_istat,
        string_agg(distinct codice_misura, '|' order by codice_misura) as misure
    from marts.padigitale_candidature
    where codice_istat is not null and stato <> 'R'
    group by codice_istat
),

final as (
    select
        comuni.codice_istat,
        comuni.denominazione as comune,
        comuni.codice_regione,
        nominati.programmi,
        padigitale.misure as misure_padigitale,
        coalesce(nominati.quanti, 0) + (padigitale.misure is not null)::bigint as numero_programmi
    from marts.comuni as comuni
    left join nominati on nominati.codice_istat = comuni.codice_istat
    left join padigitale on padigitale.codice_istat = comuni.codice_istat
    where comuni.piccolo_comune
)

select * from final
