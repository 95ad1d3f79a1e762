-- ---
-- title: {it: Candidature finanziate di PA digitale 2026, en: Funded applications of PA digitale 2026}
-- description:
--   it: "Ogni candidatura finanziata, con l’importo forfettario e lo stato nell’ultimo file che la contiene. Di ogni file della fonte vale il giorno più recente scaricato; il file unico dei comuni del 2022 vale solo per le misure che non hanno ancora un file proprio. Un comune si riconosce dal codice IPA, che di norma contiene il codice catastale, altrimenti dal codice ISTAT nel tempo; chi non si riconosce resta, senza comune."
--   en: "Each funded application, with its lump sum and its state in the last file that holds it. Of each file of the source the latest day fetched counts; the single file of municipalities of 2022 counts only for the measures that do not have a file of their own yet. A municipality is recognised by its IPA code, which mostly holds the cadastral code, else by its ISTAT code over time; what is not recognised stays, without a municipality."
-- grain: {it: una riga per candidatura, en: one row per application}
-- key: [codice_ipa, avviso, istante_invio]
-- columns:
--   codice_ipa: {type: text, it: "Codice dell’ente nell’Indice delle pubbliche amministrazioni, minuscolo", en: "Code of the body in the index of public administrations, in small letters"}
--   ente: {type: text, it: Nome dell’ente, en: Name of the body}
--   tipologia_ente: {type: text, it: "Tipo di ente come la fonte lo scrive; nel file dei comuni del 2022, Comuni", en: "Kind of body as the source writes it; in the file of municipalities of 2022, Comuni", required: true}
--   codice_istat: {type: text, it: "Comune riconosciuto, con il codice del 2020; vuoto per gli altri enti e per chi non si riconosce", en: "Municipality recognised, by its code of 2020; empty for other bodies and for those not recognised", ref: comuni.codice_istat}
--   codice_regione: {type: text, it: "Regione del comune riconosciuto, altrimenti quella indicata dalla fonte", en: "Region of the municipality recognised, else the one that the source gives", ref: regioni.codice_regione}
--   codice_misura: {type: text, it: "Codice della misura, dal nome dell’avviso", en: "Code of the measure, from the call’s name", required: true}
--   avviso: {type: text, it: Avviso, en: Call}
--   istante_invio: {type: text, it: "Istante di invio, come la fonte lo scrive (UTC)", en: "Instant of sending, as the source writes it (UTC)"}
--   data_finanziamento: {type: date, it: Giorno del decreto di finanziamento, en: Day of the funding decree, required: true}
--   decreto_finanziamento: {type: text, it: Decreto di finanziamento, en: Funding decree}
--   numero_finestra: {type: integer, it: Finestra temporale della candidatura, en: Time window of the application, additive: false}
--   codice_cup: {type: text, it: CUP del progetto, en: CUP of the project}
--   importo_eur: {type: "decimal(18,2)", it: Importo forfettario assegnato, en: Lump sum awarded, unit: EUR, additive: true, required: true}
--   stato: {type: text, it: "A assegnata, E erogata, R rinuncia", en: "A awarded, E paid, R given up", required: true}
--   data_stato: {type: date, it: Giorno da cui vale lo stato, en: Day from which the state holds}
--   alla_data: {type: date, it: Giorno del file da cui viene la riga, en: Day of the file that the row comes from, required: true}
-- rows: {min: 0, max: 1000000}
-- checks:
--   - rule: importo_eur > 0
--     severity: warning
--     it: Una candidatura finanziata senza importo
--     en: A funded application without an amount
--   - rule: stato in ('A', 'E', 'R')
--     it: Uno stato che la fonte non spiega
--     en: A state that the source does not explain
-- sources: [PADIGITALE-OPENDATA]
-- date: data_finanziamento
-- keywords: {it: [PA digitale 2026, PNRR, candidature], en: [PA digitale 2026, PNRR, applications]}
-- themes: [GOVE, TECH]
-- ---
with
righe as (
    select * from staging.padigitale_candidature
    union all by name
    select * from staging.padigitale_altri_enti
),

-- Of each file of the source the latest day.
ultime as (
    select
        *,
        regexp_extract(avviso, '^[0-9]+([.][0-9]+)*') as codice_misura
    from righe
    where (file_origine, data_file) in (select (file_origine, max(data_file)) from righe group by file_origine)
),

-- The single file of 2022 is older than those of the measures.
di_misura as (
    select distinct codice_misura
    from ultime
    where file_origine like 'candidature\_finanziate\_%' escape '\'
),

valide as (
    select ultime.*
    from ultime
    left join di_misura on di_misura.codice_misura = ultime.codice_misura
    where ultime.file_origine <> 'candidature_comuni_finanziate' or di_misura.codice_misura is null
    qualify row_number() over (partition by lower(ultime.codice_ipa), ultime.avviso, ultime.data_invio_candidatura order by ultime.data_file desc, ultime.file_origine) = 1
),

catastali as (
    select codice_catastale, codice_istat, codice_regione
    from marts.comuni
),

codici as (
    select
        codice_istat,
        max(codice_istat_2020) as codice_istat_2020
    from staging.comuni_codici
    where codice_istat_2020 is not null
    group by codice_istat
),

abbinate as (
    select
        valide.*,
        coalesce(valide.tipologia_ente, 'Comuni') as tipologia,
        coalesce(catastali.codice_istat, codici.codice_istat_2020) as comune_2020
    from valide
    left join catastali
        on
            coalesce(valide.tipologia_ente, 'Comuni') in ('Comuni', 'Comune')
            and regexp_full_match(lower(valide.codice_ipa), 'c_[a-z][0-9]{3}')
            and catastali.codice_catastale = upper(substr(valide.codice_ipa, 3))
    left join codici
        on
            coalesce(valide.tipologia_ente, 'Comuni') in ('Comuni', 'Comune')
            and regexp_full_match(lower(valide.codice_ipa), 'c_.*')
            and codici.codice_istat = valide.cod_comune
),

final as (
    select
        lower(abbinate.codice_ipa) as codice_ipa,
        abbinate.ente,
        abbinate.tipologia as tipologia_ente,
        abbinate.comune_2020 as codice_istat,
        coalesce(comuni.codice_regione, regioni.codice_regione) as codice_regione,
        abbinate.codice_misura,
        abbinate.avviso,
        abbinate.data_invio_candidatura as istante_invio,
        abbinate.data_finanziamento,
        abbinate.decreto_finanziamento,
        abbinate.numero_finestra_temporale as numero_finestra,
        abbinate.codice_cup,
        abbinate.importo_finanziamento as importo_eur,
        abbinate.stato_candidatura as stato,
        abbinate.data_stato_candidatura as data_stato,
        abbinate.data_file as alla_data
    from abbinate
    left join marts.comuni as comuni on comuni.codice_istat = abbinate.comune_2020
    left join marts.regioni as regioni on regioni.codice_regione = abbinate.cod_regione
)

select * from final
