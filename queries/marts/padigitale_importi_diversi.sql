-- ---
-- title: {it: Candidature con un importo diverso da quello della classe, en: Applications with an amount other than their class’s}
-- description:
--   it: "Negli avvisi e classi di popolazione dove almeno otto candidature su dieci hanno lo stesso importo, quelle che ne hanno un altro. Non è un errore: la popolazione considerata dall’avviso può non essere quella del censimento 2011, e un comune può essere nato dopo."
--   en: "In the calls and population classes where at least eight applications in ten have the same amount, those that have another. It is no error: the population that the call considers may not be that of the 2011 census, and a municipality may have been born later."
-- grain: {it: una riga per candidatura, en: one row per application}
-- key: [codice_ipa, avviso, istante_invio]
-- columns:
--   codice_ipa: {type: text, it: Codice IPA, en: IPA code}
--   codice_istat: {type: text, it: Comune, en: Municipality, ref: comuni.codice_istat, required: true}
--   comune: {type: text, it: Nome del comune, en: Name of the municipality, required: true}
--   popolazione_legale_2011: {type: integer, it: Popolazione legale 2011, en: Legal population 2011, unit: abitanti, additive: false, required: true}
--   codice_misura: {type: text, it: Codice della misura, en: Code of the measure, required: true}
--   avviso: {type: text, it: Avviso, en: Call}
--   istante_invio: {type: text, it: Istante di invio (UTC), en: Instant of sending (UTC)}
--   importo_eur: {type: "decimal(18,2)", it: Importo della candidatura, en: Amount of the application, unit: EUR, additive: true, required: true}
--   importo_della_classe_eur: {type: "decimal(18,2)", it: Importo più frequente della classe, en: Most frequent amount of the class, unit: EUR, additive: false, required: true}
--   differenza_eur: {type: "decimal(18,2)", it: Differenza, en: Difference, unit: EUR, additive: true, required: true}
-- rows: {min: 0, max: 100000}
-- sources: [PADIGITALE-OPENDATA]
-- keywords: {it: [PA digitale 2026, importi forfettari], en: [PA digitale 2026, lump sums]}
-- themes: [GOVE, ECON]
-- ---
with
final as (
    select
        candidature.codice_ipa,
        candidature.codice_istat,
        comuni.denominazione as comune,
        comuni.popolazione_legale_2011,
        candidature.codice_misura,
        candidature.avviso,
        candidature.istante_invio,
        candidature.importo_eur,
        classi.importo_piu_frequente_eur as importo_della_classe_eur,
        (candidature.importo_eur - classi.importo_piu_frequente_eur)::decimal(18, 2) as differenza_eur
    from marts.padigitale_candidature as candidature
    inner join marts.comuni as comuni on comuni.codice_istat = candidature.codice_istat
    inner join marts.padigitale_lump_sum as classi
        on
            classi.codice_misura = candidature.codice_misura
            and classi.avviso = candidature.avviso
            and comuni.popolazione_legale_2011 between classi.classe_da and coalesce(classi.classe_a, 2147483647)
    where classi.quota_pct >= 80 and candidature.importo_eur <> classi.importo_piu_frequente_eur
)

select * from final
