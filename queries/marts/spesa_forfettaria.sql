-- ---
-- title: {it: Spesa forfettaria, en: Simplified-cost spending}
-- description:
--   it: "Le spese rimborsate con un’opzione di costo semplificata, una per una: una somma forfettaria è dovuta quando l’output è provato, un costo unitario per ogni unità realizzata, un tasso forfettario come percentuale di altri costi. Per ciascuna l’opzione e il suo metodo, il fondo e l’asse, il programma, l’ambito dell’intervento, il luogo, quanto è rendicontato, certificato e pagato. Le spese solo previste non ci sono. Se l’amministrazione non ha consegnato le rendicontazioni, il dataset è vuoto."
--   en: "The spending reimbursed with a simplified cost option, one by one: a lump sum is due when its output is proved, a unit cost for each unit achieved, a flat rate as a percentage of other costs. For each the option and its method, the fund and the axis, the programme, the area of work of the intervention, the place, how much is claimed, certified and paid. Spending that is only foreseen is not here. If the administration has not delivered the claims, the dataset is empty."
-- grain: {it: una riga per rendicontazione con costi semplificati, en: one row per claim with simplified costs}
-- key: [id_rendicontazione]
-- columns:
--   id_rendicontazione: {type: text, it: Rendicontazione, en: Claim, ref: rendicontazioni.id_rendicontazione}
--   programma: {type: text, it: Programma che paga, en: Programme that pays, ref: programmi.programma, required: true}
--   forma_sostegno: {type: text, it: "Opzione di costo: somma_forfettaria, costi_unitari o tasso_forfettario", en: "Cost option: lump sum (somma_forfettaria), unit costs (costi_unitari) or flat rate (tasso_forfettario)", required: true}
--   metodo_calcolo: {type: text, it: "Lettera dell’art. 67, par. 5, del Reg. 1303/2013, che dà il metodo di calcolo; vuota se non è indicata", en: "Letter of art. 67(5) of Reg. 1303/2013 that gives the method of calculation; empty if not stated"}
--   metodo_it: {type: text, it: "Il metodo di calcolo, in parole italiane", en: "The method of calculation, in Italian words"}
--   metodo_en: {type: text, it: "Il metodo di calcolo, in parole inglesi", en: "The method of calculation, in English words"}
--   fondo: {type: text, it: "FSE, FESR o fondo di rotazione nazionale (FDR)", en: "ESF (FSE), ERDF (FESR) or national rotation fund (FDR)", required: true}
--   asse: {type: text, it: Asse del programma operativo, en: Axis of the operational programme, required: true}
--   ambito: {type: text, it: "Ambito dell’intervento; vuoto se la spesa non indica un intervento", en: "Area of work of the intervention; empty if the spending names no intervention", ref: ambiti.ambito}
--   codice_regione: {type: text, it: "Regione del comune o, senza comune, del capofila del Piano; vuota se non c’è né l’uno né l’altro", en: "Region of the municipality or, without one, of the leading municipality of the plan; empty if there is neither", ref: regioni.codice_regione}
--   codice_istat: {type: text, it: "Comune che riceve l’output, con il codice del 2020; vuoto se non è di un solo comune", en: "Municipality that receives the output, by its code of 2020; empty if it is not of one municipality", ref: comuni.codice_istat}
--   comune: {type: text, it: Nome del comune nell’elenco ISTAT, en: Name of the municipality in the ISTAT list}
--   unita: {type: text, it: "Unità di costo, per i costi unitari", en: "Unit of cost, for unit costs"}
--   quantita: {type: "decimal(14,4)", it: "Unità realizzate, per i costi unitari", en: "Units achieved, for unit costs", additive: false}
--   importo_unitario_eur: {type: "decimal(18,2)", it: Importo di una unità, en: Amount of one unit, unit: EUR, additive: false}
--   tasso_pct: {type: "decimal(7,4)", it: "Tasso applicato, per i tassi forfettari", en: "Rate applied, for flat rates", unit: pct, additive: false}
--   importo_rendicontato_eur: {type: "decimal(18,2)", it: Importo rendicontato, en: Amount claimed, unit: EUR, additive: true, required: true}
--   importo_certificato_eur: {type: "decimal(18,2)", it: "Importo certificato: zero se non lo è ancora", en: "Amount certified: zero if not yet", unit: EUR, additive: true, required: true}
--   importo_pagato_eur: {type: "decimal(18,2)", it: "Importo pagato: zero se non lo è ancora", en: "Amount paid: zero if not yet", unit: EUR, additive: true, required: true}
--   stato: {type: text, it: "Rendicontata, certificata, pagata o rettificata", en: "Claimed (rendicontata), certified (certificata), paid (pagata) or corrected (rettificata)", required: true}
--   data_completamento: {type: date, it: Giorno in cui l’output è completato, en: Day on which the output was completed}
--   data_rendicontazione: {type: date, it: Giorno in cui è rendicontata, en: Day on which it was claimed}
--   data_pagamento: {type: date, it: Giorno in cui è pagata, en: Day on which it was paid}
-- rows: {min: 0, max: 60000000}
-- checks:
--   - rule: importo_pagato_eur <= importo_certificato_eur and importo_certificato_eur <= importo_rendicontato_eur
--     it: È pagato più di quanto è certificato, o certificato più di quanto è rendicontato
--     en: More is paid than is certified, or certified than claimed
-- keywords: {it: [costi semplificati, somme forfettarie, costi unitari, tassi forfettari], en: [simplified cost options, lump sums, unit costs, flat rates]}
-- themes: [GOVE, ECON]
-- date: data_rendicontazione
-- ---
with
-- Reg. (EU) 1303/2013, art. 67(5), as amended by Reg. (EU, Euratom) 2018/1046.
metodi (metodo_calcolo, metodo_it, metodo_en) as (
    values
    ('a', 'calcolo giusto, equo e verificabile', 'fair, equitable and verifiable calculation'),
    ('aa', 'progetto di bilancio concordato caso per caso', 'draft budget agreed case by case'),
    ('b', 'regole di altre politiche dell’Unione', 'rules of other Union policies'),
    ('c', 'regole di sovvenzioni nazionali', 'rules of national grants'),
    ('d', 'tassi del regolamento', 'rates set by the regulation'),
    ('e', 'metodo specifico delle regole del fondo', 'specific method of the rules of the fund')
),

final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.programma,
        rendicontazioni.forma_sostegno,
        rendicontazioni.metodo_calcolo,
        metodi.metodo_it,
        metodi.metodo_en,
        rendicontazioni.fondo,
        rendicontazioni.asse,
        rendicontazioni.ambito,
        rendicontazioni.codice_regione,
        rendicontazioni.codice_istat,
        rendicontazioni.comune,
        rendicontazioni.unita,
        rendicontazioni.quantita,
        rendicontazioni.importo_unitario_eur,
        rendicontazioni.tasso_pct,
        rendicontazioni.importo_rendicontato_eur,
        coalesce(rendicontazioni.importo_certificato_eur, 0)::decimal(18, 2) as importo_certificato_eur,
        coalesce(rendicontazioni.importo_pagato_eur, 0)::decimal(18, 2) as importo_pagato_eur,
        rendicontazioni.stato,
        rendicontazioni.data_completamento,
        rendicontazioni.data_rendicontazione,
        rendicontazioni.data_pagamento
    from marts.rendicontazioni as rendicontazioni
    left join metodi on metodi.metodo_calcolo = rendicontazioni.metodo_calcolo
    where
        rendicontazioni.forma_sostegno in ('somma_forfettaria', 'costi_unitari', 'tasso_forfettario')
        and rendicontazioni.stato <> 'prevista'
)

select * from final
