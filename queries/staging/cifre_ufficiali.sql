-- ---
-- title: {it: Cifre pubblicate sui programmi, en: Published figures on the programmes}
-- description: {it: "Le cifre stampate da enti e stampa con unità, data, ambito e il grado di approssimazione della fonte", en: "The figures printed by bodies and press with unit, date, scope and how approximate the source says they are"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/cifre_ufficiali.csv]
--   format: csv
--   columns:
--     id_cifra: {type: text, it: Sigla della cifra, en: Id of the figure, required: true}
--     programma: {type: text, it: Programma, en: Programme, required: true}
--     indicatore: {type: text, it: Indicatore, en: Indicator, required: true}
--     valore: {type: "decimal(18,2)", it: Valore, en: Value, required: true}
--     unita: {type: text, it: Unità, en: Unit, required: true}
--     qualificatore: {type: text, it: Approssimazione dichiarata dalla fonte, en: Approximation stated by the source, required: true, allowed: [esatto, circa, oltre, quasi, fino_a]}
--     data_riferimento: {type: date, it: Data a cui la cifra si riferisce, en: Date the figure refers to}
--     precisione_data_riferimento: {type: text, it: Precisione di data_riferimento, en: Precision of data_riferimento, allowed: [giorno, mese, anno]}
--     ambito_territoriale: {type: text, it: Ambito della cifra, en: Scope of the figure, required: true}
--     codice_regione: {type: text, it: "Codice ISTAT della regione, due cifre", en: "ISTAT code of the region, two digits"}
--     confronto: {type: text, it: Gruppo di confronto, en: Comparison group}
--     letture: {type: integer, it: Volte in cui la cifra è stata letta sulla pagina, en: Times the figure was read on its page, required: true}
--     id_fonte: {type: text, it: Fonte della riga, en: Source of the row, required: true}
--   rows: {min: 158, max: 1000}
-- key: [id_cifra]
-- checks:
--   - "letture in (1, 2)"
--   - "valore >= 0"
--   - (data_riferimento is null) = (precisione_data_riferimento is null)
-- ---
with
final as (
    select *
    from raw.cifre_ufficiali
)

select * from final
