-- ---
-- title: {it: Dotazioni dichiarate, en: Stated budgets}
-- description:
--   it: Le cifre pubblicate sulla dotazione del progetto per i piccoli comuni. Il progetto complesso vale 42 milioni di euro, di cui 22 affidati ad ANCI e 20 a Formez PA; le righe non concordi danno a P.I.C.C.O.L.I. un’altra cifra.
--   en: The published figures on the budget of the project for small municipalities. The complex project is worth 42 million euro, of which 22 entrusted to ANCI and 20 to Formez PA; the rows that do not agree give P.I.C.C.O.L.I. another figure.
-- grain: {it: una riga per dotazione pubblicata da una fonte, en: one row per budget published by a source}
-- key: [id_cifra]
-- columns:
--   id_cifra: {type: text, it: Cifra pubblicata, en: Published figure, ref: cifre_ufficiali.id_cifra}
--   programma: {type: text, it: Programma a cui la fonte dà la dotazione, en: Programme the source gives the budget to, ref: programmi.programma, required: true}
--   importo_eur: {type: "decimal(18,2)", it: Dotazione pubblicata, en: Published budget, unit: EUR, additive: false, required: true}
--   perimetro_it: {type: text, it: "A che cosa si riferisce l’importo, in italiano", en: "What the amount refers to, in Italian", required: true}
--   perimetro_en: {type: text, it: "A che cosa si riferisce l’importo, in inglese", en: "What the amount refers to, in English", required: true}
--   concorde: {type: boolean, it: Vero se concorda con 42 = 22 + 20 milioni, en: True if it agrees with 42 = 22 + 20 million, required: true}
--   data_riferimento: {type: date, it: "Data a cui l’importo si riferisce; vuota se la fonte non la dà", en: "Date the amount refers to; empty where the source does not give it"}
--   precisione_data_riferimento: {type: text, it: "Quanto è precisa la data: giorno, mese o anno", en: "How precise the date is: day, month or year (giorno, mese, anno)"}
--   id_fonte: {type: text, it: Fonte della cifra, en: Source of the figure, ref: fonti.id_fonte, required: true}
-- rows: {min: 8, max: 100}
-- checks:
--   - rule: importo_eur > 0
--     it: Una dotazione non è positiva
--     en: A budget is not positive
-- charts:
--   - {kind: bar, title: {it: "Il progetto complesso e le sue due parti, in euro", en: "The complex project and its two parts, in euro"}, category: programma, value: importo_eur, where: "id_fonte in ('SEED-000', 'SEED-001')"}
-- keywords: {it: [dotazioni, risorse, PON Governance], en: [budgets, money, PON Governance]}
-- themes: [GOVE, ECON]
-- date: data_riferimento
-- ---
with
cifre as (
    select *
    from staging.cifre_ufficiali
    where confronto = 'dotazione_42_22_20'
),

intero as (
    select dotazione_eur
    from staging.programmi
    where programma = 'avviso-piccoli-comuni'
),

final as (
    select
        cifre.id_cifra,
        cifre.programma,
        cifre.valore as importo_eur,
        case
            when cifre.valore <> programmi.dotazione_eur and cifre.valore = intero.dotazione_eur
                then 'Totale del progetto complesso, che la fonte attribuisce a ' || programmi.denominazione
            when cifre.valore <> programmi.dotazione_eur then 'Attribuito dalla fonte a ' || programmi.denominazione || '; nessun atto visto lo spiega'
            when cifre.programma = 'avviso-piccoli-comuni' then 'Progetto complesso del Dipartimento della funzione pubblica, intero'
            else 'Parte attuata da ' || programmi.soggetto_attuatore
        end as perimetro_it,
        case
            when cifre.valore <> programmi.dotazione_eur and cifre.valore = intero.dotazione_eur
                then 'Total of the complex project, which the source attributes to ' || programmi.denominazione
            when cifre.valore <> programmi.dotazione_eur then 'Attributed by the source to ' || programmi.denominazione || '; no act seen explains it'
            when cifre.programma = 'avviso-piccoli-comuni' then 'Complex project of the Public Administration Department, whole'
            else 'Part carried out by ' || programmi.soggetto_attuatore
        end as perimetro_en,
        cifre.valore = programmi.dotazione_eur as concorde,
        cifre.data_riferimento,
        cifre.precisione_data_riferimento,
        cifre.id_fonte
    from cifre
    cross join intero
    left join staging.programmi as programmi on programmi.programma = cifre.programma
)

select * from final
