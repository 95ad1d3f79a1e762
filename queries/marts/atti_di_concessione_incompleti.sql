-- ---
-- title: {it: Atti che restano fuori dall’elenco, en: Acts that stay out of the list}
-- description:
--   it: "Gli atti di concessione consegnati a cui manca qualcosa che l’elenco di legge vuole: qui, per ognuno, ogni dato che manca. Non si completano per ipotesi."
--   en: "The acts of grant delivered that lack something which the list by law asks for: here, for each, every piece of data that is missing. Nothing is filled in by guess."
-- grain: {it: una riga per concessione e dato mancante, en: one row per grant and missing piece of data}
-- key: [id_concessione, campo]
-- columns:
--   id_concessione: {type: text, it: Codice della concessione, en: Code of the grant}
--   campo: {type: text, it: "Dato che manca: la colonna dell’elenco", en: "What is missing: the column of the list"}
--   riferimento_norma: {type: text, it: Dove il d.lgs. 33/2013 lo chiede, en: Where legislative decree 33/2013 asks for it, required: true}
--   motivo_it: {type: text, it: "Perché resta fuori, in italiano", en: "Why it stays out, in Italian", required: true}
--   motivo_en: {type: text, it: "Perché resta fuori, in inglese", en: "Why it stays out, in English", required: true}
-- rows: {min: 0, max: 20000000}
-- keywords: {it: [atti di concessione, trasparenza, dati mancanti], en: [acts of grant, transparency, missing data]}
-- themes: [GOVE, ECON]
-- ---
with
campi as (
    select *
    from (values
        ('amministrazione_codice_ipa', 'art. 27 c. 2', 'Manca il codice IPA dell’amministrazione', 'The IPA code of the administration is missing'),
        ('beneficiario_nome', 'art. 27 c. 1 lett. a', 'Manca il nome del beneficiario', 'The name of the beneficiary is missing'),
        ('beneficiario_dati_fiscali', 'art. 27 c. 1 lett. a', 'Mancano i dati fiscali del beneficiario', 'The tax code of the beneficiary is missing'),
        ('importo', 'art. 27 c. 1 lett. b', 'Manca l’importo', 'The amount is missing'),
        ('norma_titolo', 'art. 27 c. 1 lett. c', 'Manca la norma o il titolo', 'The rule or title is missing'),
        ('ufficio_responsabile', 'art. 27 c. 1 lett. d', 'Manca l’ufficio responsabile', 'The office responsible is missing'),
        ('dirigente_responsabile', 'art. 27 c. 1 lett. d', 'Manca il ruolo del responsabile', 'The role of the person responsible is missing'),
        ('modalita_individuazione', 'art. 27 c. 1 lett. e', 'Manca come è stato individuato il beneficiario', 'How the beneficiary was chosen is missing'),
        ('link_progetto', 'art. 27 c. 1 lett. f', 'Manca l’indirizzo del progetto', 'The address of the project is missing'),
        ('link_atto', 'art. 26 c. 2', 'Manca l’indirizzo dell’atto', 'The address of the act is missing'),
        ('data_atto', 'art. 26 c. 2', 'Manca la data dell’atto', 'The date of the act is missing'),
        ('data_pubblicazione', 'art. 26 c. 3', 'Manca la data di pubblicazione', 'The date of publication is missing')
    ) as elenco (campo, riferimento_norma, motivo_it, motivo_en)
),

mancanti as (
    select
        id_concessione,
        unnest([
            case when amministrazione_codice_ipa is null then 'amministrazione_codice_ipa' end,
            case when beneficiario_nome is null then 'beneficiario_nome' end,
            case when beneficiario_codice_fiscale is null then 'beneficiario_dati_fiscali' end,
            case when importo_eur is null then 'importo' end,
            case when coalesce(length(norma_titolo), 0) < 5 then 'norma_titolo' end,
            case when ufficio_responsabile is null then 'ufficio_responsabile' end,
            case when ruolo_responsabile is null then 'dirigente_responsabile' end,
            case when modalita_individuazione is null then 'modalita_individuazione' end,
            case when link_progetto is null then 'link_progetto' end,
            case when link_atto is null then 'link_atto' end,
            case when data_atto is null then 'data_atto' end,
            case when data_pubblicazione is null then 'data_pubblicazione' end
        ]) as campo
    from staging.atti_concessione
),

final as (
    select
        mancanti.id_concessione,
        mancanti.campo,
        campi.riferimento_norma,
        campi.motivo_it,
        campi.motivo_en
    from mancanti
    inner join campi on campi.campo = mancanti.campo
)

select * from final
