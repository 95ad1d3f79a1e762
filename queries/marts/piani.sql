-- ---
-- title: {it: Piani di intervento, en: Intervention plans}
-- description:
--   it: "I Piani nati dalle domande ammesse: quando la domanda è ammessa, entro quando il Piano va presentato, quando lo è, come è valutato e per quale importo. Un Piano può riunire molti comuni: il suo importo è del Piano, non di ciascuno. Se l’amministrazione non ha consegnato i Piani, il dataset è vuoto."
--   en: "The plans that came of the admitted applications: when the application was admitted, by when the plan must be presented, when it was, how it was evaluated and for which amount. A plan can bring many municipalities together: its amount belongs to the plan, not to each of them. If the administration has not delivered the plans, the dataset is empty."
-- grain: {it: una riga per Piano, en: one row per plan}
-- key: [id_piano]
-- columns:
--   id_piano: {type: text, it: Piano di intervento, en: Intervention plan}
--   id_domanda: {type: text, it: Domanda da cui nasce, en: Application it comes from, ref: domande.id_domanda, required: true}
--   programma: {type: text, it: Programma della domanda, en: Programme of the application, ref: programmi.programma, required: true}
--   codice_regione: {type: text, it: Regione del capofila, en: Region of the leading municipality, ref: regioni.codice_regione, required: true}
--   data_ammissione: {type: date, it: "Giorno in cui la domanda è ammessa; vuoto se non risulta ammessa", en: "Day on which the application was admitted; empty if it is not known to be"}
--   data_scadenza: {type: date, it: "Ultimo giorno per presentarlo: quello consegnato, altrimenti 60 giorni dopo l’ammissione", en: "Last day to present it: the one delivered, else 60 days after the admission"}
--   data_presentazione: {type: date, it: Giorno in cui è presentato; vuoto se non lo è ancora, en: Day on which it was presented; empty if not yet}
--   in_ritardo: {type: boolean, it: "Vero se è presentato oltre 60 giorni dall’ammissione (senza di questa, oltre la scadenza); vuoto se non è presentato", en: "True if presented more than 60 days after the admission (without it, after the deadline); empty if not presented"}
--   esito: {type: text, it: "Valutazione: in_valutazione, approvato, rinviato o respinto; vuota se non è presentato", en: "Evaluation: under way (in_valutazione), approved (approvato), sent back (rinviato) or rejected (respinto); empty if not presented"}
--   data_esito: {type: date, it: "Giorno in cui è approvato, rinviato o respinto", en: "Day on which it was approved, sent back or rejected"}
--   importo_richiesto_eur: {type: "decimal(18,2)", it: Importo richiesto, en: Amount asked for, unit: EUR, additive: true}
--   importo_approvato_eur: {type: "decimal(18,2)", it: Importo approvato, en: Amount approved, unit: EUR, additive: true}
--   giorni_presentazione: {type: bigint, it: Giorni dall’ammissione alla presentazione, en: Days from the admission to the presentation, unit: giorni, additive: false}
--   comuni: {type: bigint, it: "Comuni della domanda; un comune può stare in più domande", en: "Municipalities in the application; a municipality can be in several applications", unit: comuni, additive: false, required: true}
--   interventi: {type: bigint, it: "Interventi del Piano, annullati compresi", en: "Interventions of the plan, those cancelled included", unit: interventi, additive: true, required: true}
-- rows: {min: 0, max: 1000000}
-- checks:
--   - rule: importo_approvato_eur <= importo_richiesto_eur
--     it: L’importo approvato supera quello richiesto
--     en: The amount approved exceeds that asked for
--   - rule: data_ammissione is not null
--     severity: warning
--     it: "Il Piano è di una domanda che non risulta ammessa: guardare la sua istruttoria, che può essere in quarantena"
--     en: "The plan belongs to an application that is not known to be admitted: see the decision on it, which may be in quarantine"
--   - rule: data_presentazione >= data_ammissione
--     severity: warning
--     it: "Il Piano è presentato prima che la domanda sia ammessa: una delle due date è sbagliata"
--     en: "The plan was presented before the application was admitted: one of the two dates is wrong"
--   - rule: "esito = 'approvato' or coalesce(importo_approvato_eur, 0) = 0"
--     severity: warning
--     it: "Un Piano che non è approvato ha un importo approvato: correggere l’esito o togliere l’importo"
--     en: "A plan that is not approved has an approved amount: correct the outcome or take the amount away"
-- keywords: {it: [piani di intervento, scadenze, importi], en: [intervention plans, deadlines, amounts]}
-- themes: [GOVE, ECON]
-- date: data_presentazione
-- ---
with
contati as (
    select
        id_piano,
        count(*) as interventi
    from staging.interventi
    group by id_piano
),

piani as (
    select
        piani.*,
        domande.programma,
        domande.codice_regione,
        domande.comuni,
        case when domande.esito = 'ammessa' then domande.data_esito end as data_ammissione
    from staging.piani as piani
    inner join marts.domande as domande on domande.id_domanda = piani.id_domanda
),

final as (
    select
        piani.id_piano,
        piani.id_domanda,
        piani.programma,
        piani.codice_regione,
        piani.data_ammissione,
        coalesce(piani.data_scadenza, piani.data_ammissione + 60) as data_scadenza,
        piani.data_presentazione,
        piani.data_presentazione > coalesce(piani.data_ammissione + 60, piani.data_scadenza) as in_ritardo,
        piani.esito,
        piani.data_esito,
        piani.importo_richiesto_eur,
        piani.importo_approvato_eur,
        piani.data_presentazione - piani.data_ammissione as giorni_presentazione,
        piani.comuni,
        coalesce(contati.interventi, 0) as interventi
    from piani
    left join contati on contati.id_piano = piani.id_piano
)

select * from final
