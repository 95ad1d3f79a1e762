-- ---
-- title: {it: Spesa per regione, en: Spending by region}
-- description:
--   it: "Per ogni regione e programma quanto è rendicontato, certificato e pagato, e quanta parte con costi semplificati. La regione è quella del comune che riceve l’output o, se la rendicontazione non ne indica uno, quella del capofila del Piano. La spesa che non ha né l’uno né l’altro sta nella riga «Senza regione», così i totali restano interi. Le spese solo previste non ci sono. Se l’amministrazione non ha consegnato le rendicontazioni, il dataset è vuoto."
--   en: "For each region and programme how much is claimed, certified and paid, and how much of it with simplified costs. The region is that of the municipality that receives the output or, if the claim names none, that of the leading municipality of the plan. Spending that has neither is in the row \"Senza regione\" (without region), so that the totals stay whole. Spending that is only foreseen is not here. If the administration has not delivered the claims, the dataset is empty."
-- grain: {it: una riga per regione e programma, en: one row per region and programme}
-- key: [codice_regione, programma]
-- columns:
--   codice_regione: {type: text, it: "Codice ISTAT della regione, due cifre; 00 per la spesa senza regione", en: "ISTAT code of the region, two digits; 00 for spending without a region"}
--   regione: {type: text, it: Nome della regione, en: Name of the region, required: true}
--   programma: {type: text, it: Programma che paga, en: Programme that pays, ref: programmi.programma}
--   rendicontazioni: {type: bigint, it: "Rendicontazioni, senza quelle solo previste", en: "Claims, without those only foreseen", unit: rendicontazioni, additive: true, required: true}
--   importo_rendicontato_eur: {type: "decimal(18,2)", it: Importo rendicontato, en: Amount claimed, unit: EUR, additive: true, required: true}
--   importo_certificato_eur: {type: "decimal(18,2)", it: Importo certificato, en: Amount certified, unit: EUR, additive: true, required: true}
--   importo_pagato_eur: {type: "decimal(18,2)", it: Importo pagato, en: Amount paid, unit: EUR, additive: true, required: true}
--   importo_forfettario_eur: {type: "decimal(18,2)", it: "Di cui rendicontato con costi semplificati (somme forfettarie, costi unitari, tassi forfettari)", en: "Of which claimed with simplified costs (lump sums, unit costs, flat rates)", unit: EUR, additive: true, required: true}
--   importo_rendicontato_comuni_eur: {type: "decimal(18,2)", it: "Di cui rendicontato per un output di un comune indicato", en: "Of which claimed for an output of a municipality that is named", unit: EUR, additive: true, required: true}
-- rows: {min: 0, max: 105}                     # 20 regions and one row without, × 5 programmes
-- checks:
--   - rule: importo_pagato_eur <= importo_certificato_eur and importo_certificato_eur <= importo_rendicontato_eur
--     it: È pagato più di quanto è certificato, o certificato più di quanto è rendicontato
--     en: More is paid than is certified, or certified than claimed
--   - rule: importo_forfettario_eur <= importo_rendicontato_eur and importo_rendicontato_comuni_eur <= importo_rendicontato_eur
--     it: Una parte supera il rendicontato
--     en: A part exceeds the amount claimed
-- charts:
--   - {kind: map, title: {it: "Importo rendicontato per regione: P.I.C.C.O.L.I.", en: "Amount claimed by region: P.I.C.C.O.L.I."}, area: codice_regione, value: importo_rendicontato_eur, where: "programma = 'piccoli' and codice_regione <> '00'"}
--   - {kind: map, title: {it: "Importo rendicontato per regione: Fast Piccoli Comuni", en: "Amount claimed by region: Fast Piccoli Comuni"}, area: codice_regione, value: importo_rendicontato_eur, where: "programma = 'fast-piccoli-comuni' and codice_regione <> '00'"}
-- keywords: {it: [spesa, regioni, costi semplificati, pagamenti], en: [spending, regions, simplified costs, payments]}
-- themes: [GOVE, REGI, ECON]
-- ---
with
spesa as (
    select
        coalesce(codice_regione, '00') as codice_regione,
        programma,
        count(*) as rendicontazioni,
        sum(importo_rendicontato_eur)::decimal(18, 2) as importo_rendicontato_eur,
        coalesce(sum(importo_certificato_eur), 0)::decimal(18, 2) as importo_certificato_eur,
        coalesce(sum(importo_pagato_eur), 0)::decimal(18, 2) as importo_pagato_eur,
        coalesce(sum(importo_rendicontato_eur) filter (where forma_sostegno in ('somma_forfettaria', 'costi_unitari', 'tasso_forfettario')), 0)::decimal(18, 2)
            as importo_forfettario_eur,
        coalesce(sum(importo_rendicontato_eur) filter (where codice_istat_output is not null), 0)::decimal(18, 2) as importo_rendicontato_comuni_eur
    from marts.rendicontazioni
    where stato <> 'prevista'
    group by
        coalesce(codice_regione, '00'),
        programma
),

final as (
    select
        spesa.codice_regione,
        coalesce(regioni.denominazione, 'Senza regione') as regione,
        spesa.programma,
        spesa.rendicontazioni,
        spesa.importo_rendicontato_eur,
        spesa.importo_certificato_eur,
        spesa.importo_pagato_eur,
        spesa.importo_forfettario_eur,
        spesa.importo_rendicontato_comuni_eur
    from spesa
    left join marts.regioni as regioni on regioni.codice_regione = spesa.codice_regione
)

select * from final
