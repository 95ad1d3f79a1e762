-- ---
-- title: {it: PA digitale 2026 per comune e misura, en: PA digitale 2026 by municipality and measure}
-- description:
--   it: "Per ogni comune e misura le candidature finanziate, gli importi forfettari e quanto è assegnato, erogato o rinunciato nell’ultimo file della fonte. Mancano i comuni senza candidature e le misure di cui non è stato scaricato un file."
--   en: "For each municipality and measure the funded applications, the lump sums and how much is awarded, paid or given up in the source’s last file. Municipalities without applications and measures of which no file was fetched are missing."
-- grain: {it: una riga per comune e misura, en: one row per municipality and measure}
-- key: [codice_istat, codice_misura]
-- columns:
--   codice_istat: {type: text, it: Comune, en: Municipality, ref: comuni.codice_istat}
--   comune: {type: text, it: Nome del comune, en: Name of the municipality, required: true}
--   codice_regione: {type: text, it: Regione, en: Region, ref: regioni.codice_regione, required: true}
--   codice_misura: {type: text, it: Codice della misura, en: Code of the measure}
--   candidature: {type: bigint, it: Candidature finanziate, en: Funded applications, additive: true, required: true}
--   importo_eur: {type: "decimal(18,2)", it: "Importo di tutte, anche rinunciate", en: "Amount of all, given up ones too", unit: EUR, additive: true, required: true}
--   importo_assegnato_eur: {type: "decimal(18,2)", it: Di cui assegnato e non ancora erogato, en: Of which awarded and not yet paid, unit: EUR, additive: true, required: true}
--   importo_erogato_eur: {type: "decimal(18,2)", it: Di cui erogato, en: Of which paid, unit: EUR, additive: true, required: true}
--   importo_rinunciato_eur: {type: "decimal(18,2)", it: Di cui rinunciato, en: Of which given up, unit: EUR, additive: true, required: true}
--   alla_data: {type: date, it: Giorno del file più recente, en: Day of the latest file, required: true}
-- rows: {min: 0, max: 100000}
-- checks:
--   - importo_eur = importo_assegnato_eur + importo_erogato_eur + importo_rinunciato_eur
-- sources: [PADIGITALE-OPENDATA]
-- keywords: {it: [PA digitale 2026, comuni, PNRR], en: [PA digitale 2026, municipalities, PNRR]}
-- themes: [GOVE, REGI]
-- ---
with
final as (
    select
        candidature.codice_istat,
        comuni.denominazione as comune,
        comuni.codice_regione,
        candidature.codice_misura,
        count(*) as candidature,
        sum(candidature.importo_eur)::decimal(18, 2) as importo_eur,
        coalesce(sum(candidature.importo_eur) filter (where candidature.stato = 'A'), 0)::decimal(18, 2) as importo_assegnato_eur,
        coalesce(sum(candidature.importo_eur) filter (where candidature.stato = 'E'), 0)::decimal(18, 2) as importo_erogato_eur,
        coalesce(sum(candidature.importo_eur) filter (where candidature.stato = 'R'), 0)::decimal(18, 2) as importo_rinunciato_eur,
        max(candidature.alla_data) as alla_data
    from marts.padigitale_candidature as candidature
    inner join marts.comuni as comuni on comuni.codice_istat = candidature.codice_istat
    group by candidature.codice_istat, comuni.denominazione, comuni.codice_regione, candidature.codice_misura
)

select * from final
