-- ---
-- title: {it: "Candidature di PA digitale 2026", en: "Applications to PA digitale 2026"}
-- description: {it: "Le candidature finanziate delle misure 1.1, 1.2, 1.3.1, 1.4.1, 1.4.3, 1.4.4 e 1.4.5, come il Dipartimento le pubblica, una fotografia per giorno scaricato", en: "The funded applications of measures 1.1, 1.2, 1.3.1, 1.4.1, 1.4.3, 1.4.4 and 1.4.5, as the Department publishes them, one snapshot a day fetched"}
-- source:
--   publisher: Dipartimento per la trasformazione digitale
--   url: https://github.com/teamdigitale/padigitale2026-opendata
--   licence: CC-BY-4.0
--   attribution: "Fonte: Dipartimento per la trasformazione digitale, PA digitale 2026 open data"
--   cadence: daily
--   files: ["data/raw/padigitale/candidature_finanziate_*.csv", "data/raw/padigitale/candidature_comuni_finanziate_*.csv"]
--   fetch:
--     source: padigitale
--     base: https://raw.githubusercontent.com/teamdigitale/padigitale2026-opendata/main/data/
--     files: [candidature_finanziate_11.csv, candidature_finanziate_12.csv, candidature_finanziate_131.csv, candidature_finanziate_141.csv, candidature_finanziate_143.csv, candidature_finanziate_144.csv, candidature_finanziate_145.csv]
--     former: [candidature_comuni_finanziate.csv]  # header only on 2023-01-23: files by measure took its place
--   optional: true
--   snapshots: true
--   format: csv
--   packed: [gzip]
--   amount: importo_finanziamento
--   dialect: {quotes: doubled, "null": ["", "N/D"]}
--   columns:
--     codice_ipa: {type: text, it: "Codice dell’ente nell’Indice delle pubbliche amministrazioni", en: Code of the body in the index of public administrations, required: true}
--     ente: {type: text, it: Nome dell’ente, en: Name of the body, absent: true}
--     tipologia_ente: {type: text, it: Tipo di ente, en: Kind of body, absent: true}
--     comune: {type: text, it: "Comune dell’ente; la fonte lascia vuoto None, in Piemonte", en: "Municipality of the body; the source leaves None, in Piedmont, empty"}
--     cod_comune: {type: text, it: Codice ISTAT del comune, en: ISTAT code of the municipality, absent: true}
--     provincia: {type: text, it: "Sigla della provincia; la fonte lascia vuota quella di Napoli, NA", en: "Abbreviation of the province; the source leaves that of Naples, NA, empty"}
--     cod_provincia: {type: text, it: Codice ISTAT della provincia, en: ISTAT code of the province, absent: true}
--     regione: {type: text, it: Regione, en: Region, required: true}
--     cod_regione: {type: text, it: Codice ISTAT della regione, en: ISTAT code of the region, absent: true}
--     importo_finanziamento: {type: "decimal(18,2)", it: Importo forfettario della candidatura, en: Lump sum of the application, unit: EUR, additive: true, required: true}
--     avviso: {type: text, it: Avviso, en: Call, required: true}
--     data_invio_candidatura: {type: text, it: "Istante di invio della candidatura, come la fonte lo scrive (UTC)", en: "Instant at which the application was sent, as the source writes it (UTC)", required: true}
--     data_finanziamento: {type: date, it: Giorno del decreto di finanziamento, en: Day of the funding decree, required: true}
--     codice_cup: {type: text, it: CUP del progetto, en: CUP of the project}
--     numero_finestra_temporale: {type: integer, it: Finestra in cui la candidatura è arrivata, en: Window in which the application came, additive: false}
--     numero_di_protocollo: {type: integer, it: Numero del decreto, en: Number of the decree, additive: false}
--     decreto_finanziamento: {type: text, it: Decreto di finanziamento, en: Funding decree, absent: true}
--     stato_candidatura: {type: text, it: "A assegnata, E erogata, R rinuncia", en: "A awarded, E paid, R given up", absent: true, allowed: [A, E, R]}
--     data_stato_candidatura: {type: date, it: Giorno da cui vale lo stato, en: Day from which the state holds, absent: true}
--     misura: {type: text, it: Misura del PNRR, en: Measure of the recovery plan, absent: true}
--   rows: {min: 300, max: 60000}
-- key: [data_file, file_origine, codice_ipa, avviso, data_invio_candidatura]
-- ---
with
final as (
    select *
    from raw.padigitale_candidature
)

select * from final
