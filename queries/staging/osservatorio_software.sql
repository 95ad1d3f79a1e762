-- ---
-- title: {it: Osservatorio del software, en: Software observatory}
-- description: {it: "Gli applicativi dei comuni con SPID, CIE, pagoPA, accessibilità e aggiornamenti, per giorno di verifica", en: "The applications of the municipalities with SPID, CIE, pagoPA, accessibility and updates, by day of check"}
-- source:
--   publisher: Formez PA
--   licence: CC-BY-4.0
--   attribution: "Fonte: Formez PA"
--   cadence: irregular
--   files: ["data/inbox/osservatorio_software/*.{csv,xlsx}"]
--   optional: true
--   format: [csv, xlsx]
--   packed: [gzip, zip]
--   dialect:
--     delimiter: [";", ",", "\t", "|"]
--     encoding: [utf-8, windows-1252, utf-16]
--     decimal: [",", "."]
--     date: [iso, italian, compact, serial]
--     "null": ["", "N/D", "n/d", "ND", "nd", "N.D.", "n.d.", "null", "NULL", "-"]
--     header_within: 20
--     unwrap: true
--     quotes: doubled
--   columns:
--     codice_istat: {type: text, it: "Codice ISTAT del comune, sei cifre", en: "ISTAT code of the municipality, six digits", required: true, format: codice_istat, pad: 6, in: comuni_codici.codice_istat, on: data_verifica, headers: [Codice comune, Cod. comune, Cod. ISTAT, ISTAT, Codice ISTAT comune, Codice comune ISTAT, Codice ISTAT ente, PRO_COM_T]}
--     applicativo: {type: text, it: Nome dell’applicativo, en: Name of the application system, required: true, headers: [Software, Nome applicativo, Applicazione, Servizio, Prodotto software]}
--     data_verifica: {type: date, it: Giorno della verifica, en: Day of the check, required: true, headers: [Data, Data controllo, Data rilevazione, Verificato il]}
--     spid: {type: boolean, it: Sì se si entra con SPID, en: Yes if SPID gives access, required: true, headers: [Accesso SPID, SPID attivo]}
--     cie: {type: boolean, it: Sì se si entra con la carta d’identità elettronica, en: Yes if the electronic identity card gives access, required: true, headers: [Accesso CIE, CIE attiva, CIEID]}
--     pagopa: {type: boolean, it: Sì se si paga con pagoPA, en: Yes if one can pay by pagoPA, required: true, headers: [pagoPA attivo, Pagamenti pagoPA]}
--     accessibilita: {type: text, it: Conformità dichiarata ai requisiti di accessibilità, en: Declared conformity to the accessibility requirements, allowed: [conforme, parzialmente-conforme, non-conforme], headers: [Dichiarazione di accessibilità, Accessibile, Stato accessibilità]}
--     aggiornato: {type: boolean, it: Sì se l’ultima versione è installata, en: Yes if the latest version is installed, absent: true, headers: [Aggiornamento, Versione aggiornata, Aggiornamenti]}
--   rows: {min: 1, max: 1000000}
-- key: [codice_istat, applicativo, data_verifica]
-- ---
with
final as (
    select *
    from raw.osservatorio_software
)

select * from final
