-- ---
-- title: {it: Candidature di comuni che non si riconoscono, en: Applications of municipalities that are not recognised}
-- description:
--   it: "Le candidature di enti di tipo comune che né il codice IPA né il codice ISTAT portano a un comune dell’elenco del 2020, contate e mostrate: unioni e comunità montane iscritte come comuni, comuni nati da fusione, codici sbagliati nella fonte."
--   en: "The applications of bodies of the kind municipality that neither the IPA code nor the ISTAT code leads to a municipality of the list of 2020, counted and shown: unions and mountain communities entered as municipalities, municipalities born of mergers, codes that are wrong in the source."
-- grain: {it: una riga per ente e misura, en: one row per body and measure}
-- key: [codice_ipa, codice_misura]
-- columns:
--   codice_ipa: {type: text, it: Codice IPA, en: IPA code}
--   ente: {type: text, it: Nome dell’ente, en: Name of the body}
--   codice_misura: {type: text, it: Codice della misura, en: Code of the measure}
--   candidature: {type: bigint, it: Candidature, en: Applications, additive: true, required: true}
--   importo_eur: {type: "decimal(18,2)", it: Importo, en: Amount, unit: EUR, additive: true, required: true}
-- rows: {min: 0, max: 10000}
-- sources: [PADIGITALE-OPENDATA]
-- keywords: {it: [PA digitale 2026, abbinamento, comuni], en: [PA digitale 2026, matching, municipalities]}
-- themes: [GOVE]
-- ---
with
final as (
    select
        codice_ipa,
        max(ente) as ente,
        codice_misura,
        count(*) as candidature,
        sum(importo_eur)::decimal(18, 2) as importo_eur
    from marts.padigitale_candidature
    where tipologia_ente in ('Comuni', 'Comune') and codice_istat is null
    group by codice_ipa, codice_misura
)

select * from final
