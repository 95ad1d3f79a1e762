-- ---
-- title: {it: Cifre pubblicate, en: Published figures}
-- description:
--   it: "I numeri sui programmi stampati da enti, siti e giornali, con unità, data, ambito e il grado di approssimazione che la fonte usa. Sono riportati come pubblicati, anche quando si contraddicono, e non si sommano tra loro. Alcuni sono senza data; tutti sono letti in pagine e documenti, non negli atti."
--   en: "The numbers on the programmes printed by bodies, sites and newspapers, with unit, date, scope and how approximate the source says they are. They are given as published, even where they contradict each other, and are not to be added. Some are undated; all were read in pages and documents, not in the acts."
-- grain: {it: una riga per cifra pubblicata da una fonte, en: one row per figure published by a source}
-- key: [id_cifra]
-- columns:
--   id_cifra: {type: text, it: Sigla della cifra, en: Id of the figure}
--   programma: {type: text, it: "Programma, oppure pon-governance per il PON che finanzia i progetti", en: "Programme, or pon-governance for the national programme (PON) that finances the projects", required: true}
--   indicatore: {type: text, it: Che cosa è misurato, en: What is measured, required: true}
--   indicatore_it: {type: text, it: "Nome dell’indicatore, in italiano", en: "Name of the indicator, in Italian", required: true}
--   indicatore_en: {type: text, it: "Nome dell’indicatore, in inglese", en: "Name of the indicator, in English", required: true}
--   valore: {type: "decimal(18,2)", it: Valore pubblicato, en: Published value, additive: false, required: true}
--   unita: {type: text, it: Unità del valore, en: "Unit of the value, in Italian", required: true}
--   unita_en: {type: text, it: "Unità del valore, in inglese", en: "Unit of the value, in English", required: true}
--   qualificatore: {type: text, it: "Come la fonte lo dà: esatto, circa, oltre, quasi, fino_a", en: "How the source gives it: exact (esatto), about (circa), over (oltre), almost (quasi), up to (fino_a)", required: true}
--   data_riferimento: {type: date, it: "Data a cui il valore si riferisce; vuota se la fonte non la dà", en: "Date the value refers to; empty where the source does not give it"}
--   precisione_data_riferimento: {type: text, it: "Quanto è precisa la data: giorno, mese o anno", en: "How precise the date is: day, month or year (giorno, mese, anno)"}
--   ambito_territoriale: {type: text, it: "Territorio o insieme a cui il valore si riferisce, come pubblicato", en: "Territory or set the value refers to, as published", required: true}
--   ambito_territoriale_en: {type: text, it: "Territorio o insieme, in inglese; i nomi propri sono quelli italiani", en: "Territory or set, in English; proper names are the Italian ones", required: true}
--   codice_regione: {type: text, it: Regione a cui il valore si riferisce, en: Region the value refers to, ref: regioni.codice_regione}
--   confronto: {type: text, it: Gruppo di cifre che parlano della stessa cosa, en: Group of figures that speak of the same thing, ref: confronti.confronto}
--   letture: {type: integer, it: Quante volte la cifra è stata letta sulla sua pagina (una o due), en: How many times the figure was read on its page (once or twice), additive: false, required: true}
--   id_fonte: {type: text, it: Fonte della cifra, en: Source of the figure, ref: fonti.id_fonte, required: true}
-- rows: {min: 158, max: 2000}
-- checks:
--   - rule: valore >= 0
--     it: Una cifra è negativa
--     en: A figure is negative
--   - rule: "unita <> 'per cento' or valore <= 100"
--     it: Una percentuale supera 100
--     en: A percentage is above 100
-- keywords: {it: [cifre, totali, domande, piani], en: [figures, totals, applications, plans]}
-- themes: [GOVE]
-- date: data_riferimento
-- ---
with
final as (
    select
        cifre.id_cifra,
        cifre.programma,
        cifre.indicatore,
        indicatori.indicatore_it,
        indicatori.indicatore_en,
        cifre.valore,
        cifre.unita,
        unita.unita_en,
        cifre.qualificatore,
        cifre.data_riferimento,
        cifre.precisione_data_riferimento,
        cifre.ambito_territoriale,
        ambiti.ambito_territoriale_en,
        cifre.codice_regione,
        cifre.confronto,
        cifre.letture,
        cifre.id_fonte
    from staging.cifre_ufficiali as cifre
    left join staging.indicatori as indicatori on indicatori.indicatore = cifre.indicatore
    left join staging.unita as unita on unita.unita = cifre.unita
    left join staging.ambiti_territoriali as ambiti on ambiti.ambito_territoriale = cifre.ambito_territoriale
)

select * from final
