-- ---
-- title: {it: Rendicontazioni, en: Claims}
-- description:
--   it: "Ogni spesa rendicontata per un output: chi la paga, con quale fondo e con quale opzione di costo, quanto è rendicontato, certificato e pagato, e quando. L’importo di una spesa solo prevista non è ancora rendicontato. Dopo una rettifica gli importi certificato e pagato sono quelli corretti. Non si pubblicano i testi liberi e i documenti (l’output, la voce di costo, il documento delle condizioni, il motivo della deroga, la fattura, la quietanza), perché possono contenere nomi di persone. Se l’amministrazione non ha consegnato le rendicontazioni, il dataset è vuoto."
--   en: "Every item of spending claimed for an output: who pays it, from which fund and with which cost option, how much is claimed, certified and paid, and when. The amount of spending that is only foreseen (prevista) has not been claimed yet. After a correction the amounts certified and paid are the corrected ones. Free texts and documents (the output, the cost category, the document of the conditions, the reason of the derogation, the invoice, the receipt) are not published, because they may hold names of persons. If the administration has not delivered the claims, the dataset is empty."
-- grain: {it: una riga per rendicontazione, en: one row per claim}
-- key: [id_rendicontazione]
-- columns:
--   id_rendicontazione: {type: text, it: Rendicontazione, en: Claim}
--   id_piano: {type: text, it: "Piano di intervento; vuoto se la spesa non nasce da un Piano", en: "Intervention plan; empty if the spending does not come of a plan", ref: piani.id_piano}
--   id_intervento: {type: text, it: "Intervento che ha dato l’output, dove è indicato", en: "Intervention that gave the output, where stated"}
--   id_operazione: {type: text, it: "Operazione (art. 115 del Reg. 1303/2013), dove è indicata", en: "Operation (art. 115 of Reg. 1303/2013), where stated"}
--   programma: {type: text, it: Programma che paga, en: Programme that pays, ref: programmi.programma, required: true}
--   ambito: {type: text, it: "Ambito dell’intervento; vuoto se la spesa non indica un intervento", en: "Area of work of the intervention; empty if the spending names no intervention", ref: ambiti.ambito}
--   codice_istat_output: {type: text, it: "Codice ISTAT del comune che riceve l’output, come consegnato; vuoto se non è di un solo comune", en: "ISTAT code of the municipality that receives the output, as delivered; empty if it is not of one municipality"}
--   codice_istat: {type: text, it: "Lo stesso comune con il codice del 2020; vuoto anche per un comune nato dopo dalla fusione di più comuni", en: "The same municipality by its code of 2020; empty also for one born later of the merger of several", ref: comuni.codice_istat}
--   comune: {type: text, it: Nome del comune nell’elenco ISTAT, en: Name of the municipality in the ISTAT list}
--   codice_regione: {type: text, it: "Regione del comune o, dove la riga non indica un comune, del capofila del Piano; vuota se non c’è né l’uno né l’altro", en: "Region of the municipality or, where the row names none, of the leading municipality of the plan; empty if there is neither", ref: regioni.codice_regione}
--   programma_operativo: {type: text, it: "PON, o POC (complementare, solo denaro nazionale), dove è indicato", en: "PON, or POC (complementary, national money only), where stated"}
--   fondo: {type: text, it: "FSE, FESR o fondo di rotazione nazionale (FDR)", en: "ESF (FSE), ERDF (FESR) or national rotation fund (FDR)", required: true}
--   asse: {type: text, it: Asse del programma operativo, en: Axis of the operational programme, required: true}
--   categoria_regione: {type: text, it: "Categoria di regione 2014-2020, dove è indicata", en: "Category of region 2014-2020, where stated: less developed (meno-sviluppate), in transition (in-transizione), more developed (piu-sviluppate)"}
--   tasso_cofinanziamento_ue_pct: {type: "decimal(5,2)", it: "Quota pagata dall’Unione, dove è indicata", en: "Share paid by the Union, where stated", unit: pct, additive: false}
--   cup: {type: text, it: Codice unico di progetto, en: Unique project code (CUP)}
--   data_decisione: {type: date, it: "Giorno della decisione che concede il sostegno, dove è indicato", en: "Day of the decision that grants the support, where stated"}
--   affidata_interamente: {type: boolean, it: "Vero se l’operazione è realizzata solo con appalti, falso se non lo è; vuoto se non è detto", en: "True if the operation is carried out by public contracts alone, false if not; empty if not stated"}
--   forma_sostegno: {type: text, it: "Forma di sostegno, una delle cinque dell’art. 67, par. 1", en: "Form of support, one of the five of art. 67(1): real costs (costi_reali), unit costs (costi_unitari), lump sum (somma_forfettaria), flat rate (tasso_forfettario), financing not linked to costs (finanziamento_non_collegato_ai_costi)", required: true}
--   metodo_calcolo: {type: text, it: "Lettera dell’art. 67, par. 5, che dà il metodo di calcolo", en: Letter of art. 67(5) that gives the method of calculation}
--   deroga_motivata: {type: boolean, it: "Vero se la riga dice perché si usano i costi reali; il motivo non si pubblica", en: "True if the row says why real costs are used; the reason is not published", required: true}
--   tipo_tasso: {type: text, it: "Quale tasso forfettario e su quali costi", en: "Which flat rate, and on which costs"}
--   fase: {type: integer, it: "Numero della fase, se la somma è divisa in fasi", en: "Number of the stage, if the sum is split into stages", additive: false}
--   fasi_previste: {type: integer, it: Quante fasi la somma ha in tutto, en: How many stages the sum has in all, additive: false}
--   unita: {type: text, it: Unità di costo, en: Unit of cost}
--   quantita: {type: "decimal(14,4)", it: Unità realizzate, en: Units achieved, additive: false}
--   importo_unitario_eur: {type: "decimal(18,2)", it: Importo di una unità, en: Amount of one unit, unit: EUR, additive: false}
--   base_eur: {type: "decimal(18,2)", it: Costi su cui si applica il tasso, en: Costs that the rate applies to, unit: EUR, additive: false}
--   tasso_pct: {type: "decimal(7,4)", it: Tasso forfettario applicato, en: Flat rate applied, unit: pct, additive: false}
--   importo_eur: {type: "decimal(18,2)", it: "Importo della riga, anche se è solo prevista", en: "Amount of the row, even if only foreseen", unit: EUR, additive: true, required: true}
--   importo_rendicontato_eur: {type: "decimal(18,2)", it: "Importo rendicontato: zero se la spesa è solo prevista", en: "Amount claimed: zero if the spending is only foreseen", unit: EUR, additive: true, required: true}
--   importo_certificato_eur: {type: "decimal(18,2)", it: Importo certificato; vuoto se non lo è ancora, en: Amount certified; empty if not yet, unit: EUR, additive: true}
--   importo_pagato_eur: {type: "decimal(18,2)", it: Importo pagato; vuoto se non lo è ancora, en: Amount paid; empty if not yet, unit: EUR, additive: true}
--   importo_somma_eur: {type: "decimal(18,2)", it: "Somma forfettaria intera, se è divisa in fasi", en: "Whole lump sum, if it is split into stages", unit: EUR, additive: false}
--   contributo_pubblico_eur: {type: "decimal(18,2)", it: "Sostegno pubblico all’intera operazione, ripetuto in ogni sua riga", en: "Public support to the whole operation, repeated in each of its rows", unit: EUR, additive: false}
--   stato: {type: text, it: "Prevista, rendicontata, certificata, pagata o rettificata", en: "Foreseen (prevista), claimed (rendicontata), certified (certificata), paid (pagata) or corrected (rettificata)", required: true}
--   data_completamento: {type: date, it: Giorno in cui l’output è completato, en: Day on which the output was completed}
--   data_rendicontazione: {type: date, it: Giorno in cui è rendicontata, en: Day on which it was claimed}
--   data_certificazione: {type: date, it: Giorno in cui è certificata, en: Day on which it was certified}
--   data_pagamento: {type: date, it: Giorno in cui è pagata, en: Day on which it was paid}
--   data_rettifica: {type: date, it: Giorno in cui è rettificata, en: Day on which it was corrected}
-- rows: {min: 0, max: 60000000}
-- checks:
--   - rule: importo_certificato_eur <= importo_eur
--     it: È certificato più di quanto è rendicontato
--     en: More is certified than was claimed
--   - rule: importo_pagato_eur <= coalesce(importo_certificato_eur, 0)
--     it: È pagato più di quanto è certificato
--     en: More is paid than is certified
--   - rule: "stato <> 'prevista' or (coalesce(importo_certificato_eur, 0) = 0 and coalesce(importo_pagato_eur, 0) = 0)"
--     severity: warning
--     it: "Una spesa solo prevista ha già un importo certificato o pagato: correggere lo stato o togliere l’importo"
--     en: "Spending only foreseen already has an amount certified or paid: correct the state or take the amount away"
-- keywords: {it: [rendicontazioni, costi semplificati, pagamenti], en: [claims, simplified cost options, payments]}
-- themes: [GOVE, ECON]
-- date: data_rendicontazione
-- ---
with
-- Each code stands once in the registry of codes; the latest row would be the one to trust.
codici as (
    select *
    from staging.comuni_codici
    qualify row_number() over (partition by codice_istat order by valido_dal desc) = 1
),

luoghi as (
    select
        codici.codice_istat as codice_istat_output,
        comuni.codice_istat,
        codici.denominazione as comune,
        coalesce(comuni.codice_regione, codici.codice_regione) as codice_regione
    from codici
    left join marts.comuni as comuni on comuni.codice_istat = codici.codice_istat_2020
),

final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.id_piano,
        rendicontazioni.id_intervento,
        rendicontazioni.id_operazione,
        rendicontazioni.programma,
        interventi.ambito,
        rendicontazioni.codice_istat as codice_istat_output,
        luoghi.codice_istat,
        luoghi.comune,
        case
            when rendicontazioni.codice_istat is not null then luoghi.codice_regione
            else piani.codice_regione
        end as codice_regione,
        rendicontazioni.programma_operativo,
        rendicontazioni.fondo,
        rendicontazioni.asse,
        rendicontazioni.categoria_regione,
        rendicontazioni.tasso_cofinanziamento_ue_pct,
        rendicontazioni.cup,
        rendicontazioni.data_decisione,
        rendicontazioni.affidata_interamente,
        rendicontazioni.forma_sostegno,
        rendicontazioni.metodo_calcolo,
        rendicontazioni.deroga is not null as deroga_motivata,
        rendicontazioni.tipo_tasso,
        rendicontazioni.fase,
        rendicontazioni.fasi_previste,
        rendicontazioni.unita,
        rendicontazioni.quantita,
        rendicontazioni.importo_unitario_eur,
        rendicontazioni.base_eur,
        rendicontazioni.tasso_pct,
        rendicontazioni.importo_eur,
        case when rendicontazioni.stato = 'prevista' then 0 else rendicontazioni.importo_eur end::decimal(18, 2) as importo_rendicontato_eur,
        rendicontazioni.importo_certificato_eur,
        rendicontazioni.importo_pagato_eur,
        rendicontazioni.importo_somma_eur,
        rendicontazioni.contributo_pubblico_eur,
        rendicontazioni.stato,
        rendicontazioni.data_completamento,
        rendicontazioni.data_rendicontazione,
        rendicontazioni.data_certificazione,
        rendicontazioni.data_pagamento,
        rendicontazioni.data_rettifica
    from staging.rendicontazioni as rendicontazioni
    left join luoghi on luoghi.codice_istat_output = rendicontazioni.codice_istat
    left join staging.interventi as interventi on interventi.id_intervento = rendicontazioni.id_intervento
    left join marts.piani as piani on piani.id_piano = rendicontazioni.id_piano
)

select * from final
