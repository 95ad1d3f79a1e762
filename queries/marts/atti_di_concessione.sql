-- ---
-- title: {it: Atti di concessione, en: Acts of grant}
-- description:
--   it: "Gli atti con cui l’amministrazione concede un vantaggio economico: a chi, quanto, in base a che cosa, quale ufficio e quale ruolo ne risponde (mai un nome), come il beneficiario è stato individuato. Un elenco per ogni anno. Ci sono solo gli atti completi; gli altri sono contati in atti_di_concessione_incompleti. Se l’amministrazione non ha consegnato gli atti, il dataset è vuoto."
--   en: "The acts by which the administration grants an economic advantage: to whom, how much, on which basis, which office and which role answers for it (never a name), how the beneficiary was chosen. One list for each year. Only complete acts are here; the others are counted in atti_di_concessione_incompleti. If the administration has not delivered the acts, the dataset is empty."
-- grain: {it: una riga per atto e beneficiario, en: one row per act and beneficiary}
-- key: [anno, id_concessione]
-- columns:
--   anno: {type: integer, it: Anno dell’atto, en: Year of the act, additive: false}
--   amministrazione_codice_ipa: {type: text, it: Codice IPA dell’amministrazione che concede, en: IPA code of the administration that grants, required: true, format: codice_ipa}
--   beneficiario_nome: {type: text, it: Nome dell’impresa o dell’ente, en: Name of the firm or body, required: true}
--   beneficiario_dati_fiscali: {type: text, it: Dati fiscali dell’ente, en: Tax code of the body, required: true}
--   importo: {type: "decimal(18,2)", it: Importo del vantaggio economico, en: Amount of the economic advantage, unit: EUR, additive: true, required: true}
--   norma_titolo: {type: text, it: Norma o titolo a base dell’attribuzione, en: Rule or title on which it is granted, required: true}
--   ufficio_responsabile: {type: text, it: Ufficio responsabile del procedimento, en: Office responsible for the procedure, required: true}
--   dirigente_responsabile: {type: text, it: "Funzionario o dirigente responsabile, per ruolo", en: "Official or manager responsible, by role", required: true}
--   modalita_individuazione: {type: text, it: Modalità seguita per individuare il beneficiario, en: How the beneficiary was chosen, required: true}
--   link_progetto: {type: text, it: Indirizzo del progetto selezionato, en: Address of the project selected, required: true, format: url}
--   link_atto: {type: text, it: Indirizzo dell’atto di concessione, en: Address of the act of grant, required: true, format: url}
--   data_atto: {type: date, it: Data dell’atto, en: Date of the act, required: true}
--   data_pubblicazione: {type: date, it: "Data di pubblicazione, da cui l’atto ha effetto", en: "Date of publication, from which the act has effect", required: true}
--   cup: {type: text, it: CUP, en: Unique project code (CUP), format: cup}
--   id_concessione: {type: text, it: "Codice della concessione: un atto e un beneficiario", en: "Code of the grant: one act and one beneficiary"}
--   oltre_1000_eur: {type: boolean, it: "Vero se nell’anno il beneficiario riceve in tutto più di 1.000 euro, e la pubblicazione è d’obbligo", en: "True if the beneficiary receives more than 1,000 euro in all in the year, so that publication is due", required: true}
-- rows: {min: 0, max: 1000000}
-- list:
--   law: {it: "D.lgs. 33/2013, artt. 26 e 27: gli atti che concedono più di 1.000 euro nell’anno allo stesso beneficiario, in un elenco per ogni anno", en: "Legislative decree 33/2013, arts. 26 and 27: the acts that grant more than 1,000 euro in the year to the same beneficiary, in one list for each year"}
--   incomplete: atti_di_concessione_incompleti
--   by: [anno]
-- checks:
--   - importo > 0
--   - data_pubblicazione >= data_atto
--   - rule: anno = year(data_atto)
--     it: L’anno non è quello dell’atto
--     en: The year is not that of the act
-- keywords: {it: [atti di concessione, trasparenza, sovvenzioni], en: [acts of grant, transparency, grants]}
-- themes: [GOVE, ECON]
-- date: data_atto
-- ---
with
complete as (
    select concessioni.*
    from staging.atti_concessione as concessioni
    left join marts.atti_di_concessione_incompleti as incompleti on incompleti.id_concessione = concessioni.id_concessione
    where incompleti.id_concessione is null
),

-- The threshold of art. 26(2) is on what the same beneficiary receives in the calendar year, also by acts of which the list lacks something.
ricevuto as (
    select
        year(data_atto) as anno,
        beneficiario_codice_fiscale,
        sum(importo_eur)::decimal(18, 2) as importo_eur
    from staging.atti_concessione
    where
        data_atto is not null
        and importo_eur is not null
    group by
        year(data_atto),
        beneficiario_codice_fiscale
),

final as (
    select
        year(complete.data_atto)::integer as anno,
        complete.amministrazione_codice_ipa,
        complete.beneficiario_nome,
        complete.beneficiario_codice_fiscale as beneficiario_dati_fiscali,
        complete.importo_eur as importo,
        complete.norma_titolo,
        complete.ufficio_responsabile,
        complete.ruolo_responsabile as dirigente_responsabile,
        complete.modalita_individuazione,
        complete.link_progetto,
        complete.link_atto,
        complete.data_atto,
        complete.data_pubblicazione,
        complete.cup,
        complete.id_concessione,
        ricevuto.importo_eur > 1000 as oltre_1000_eur
    from complete
    inner join ricevuto on ricevuto.anno = year(complete.data_atto) and ricevuto.beneficiario_codice_fiscale = complete.beneficiario_codice_fiscale
)

select * from final
