-- ---
-- title: {it: "Evidenze pubbliche su comuni, unioni e aree", en: "Public evidence on municipalities, unions and areas"}
-- description: {it: "Una riga per ente nominato, evento e fonte, con nome e territorio come la fonte li scrive, senza abbinamenti", en: "One row per body named, event and source, with name and territory as the source writes them, without matches"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/evidenze.csv]
--   format: csv
--   columns:
--     id_evidenza: {type: text, it: Sigla dell’evidenza, en: Id of the evidence, required: true}
--     programma: {type: text, it: Programma, en: Programme, required: true}
--     tipo_soggetto: {type: text, it: Tipo di ente, en: Kind of body, required: true, allowed: [comune, unione, area]}
--     nome_come_scritto: {type: text, it: Nome come scritto, en: Name as written, required: true}
--     territorio_come_scritto: {type: text, it: Provincia o regione come scritta, en: Province or region as written}
--     evento: {type: text, it: Tipo di evidenza, en: Kind of evidence, required: true, allowed: [manifestazione_interesse, ammesso, affiancamento_avviato, laboratorio, evento_formativo, altro]}
--     data_evento: {type: date, it: Data dell’evento, en: Date of the event}
--     precisione_data_evento: {type: text, it: Precisione di data_evento, en: Precision of data_evento, allowed: [giorno, mese, anno]}
--     forma: {type: text, it: Forma di partecipazione, en: Form of participation, required: true, allowed: [unione, aggregata, non_indicata]}
--     temi_come_scritti: {type: text, it: "Temi o ambiti con le parole della fonte, a volte abbreviate", en: "Themes or areas of work in the words of the source, sometimes shortened"}
--     id_fonte: {type: text, it: Fonte della riga, en: Source of the row, required: true}
--   rows: {min: 331, max: 5000}
-- key: [id_evidenza]
-- checks:
--   - (data_evento is null) = (precisione_data_evento is null)
-- ---
with
final as (
    select *
    from raw.evidenze
)

select * from final
