-- ---
-- title: {it: Fonti delle evidenze e delle cifre, en: Sources of evidence and figures}
-- description: {it: "Le pagine e i documenti da cui vengono evidenze, cifre e cronologia, con l’indirizzo quando è pubblico", en: "The pages and documents behind evidence, figures and chronology, with the address where it is public"}
-- source:
--   publisher: piccoli
--   licence: CC-BY-4.0
--   attribution: "piccoli, compilazione da fonti pubbliche citate riga per riga"
--   cadence: irregular
--   received: 2026-11-22
--   files: [data/seeds/fonti.csv]
--   format: csv
--   columns:
--     id_fonte: {type: text, it: Sigla della fonte, en: Id of the source, required: true}
--     editore: {type: text, it: Chi pubblica, en: Publisher}
--     titolo: {type: text, it: Titolo della pagina, en: Title of the page}
--     url: {type: text, it: Indirizzo pubblico, en: Public address, format: url}
--     data_pubblicazione: {type: date, it: Data di pubblicazione, en: Date of publication}
--     precisione_data_pubblicazione: {type: text, it: Precisione di data_pubblicazione, en: Precision of data_pubblicazione, allowed: [giorno, mese, anno]}
--     nota_it: {type: text, it: Nota in italiano, en: Note in Italian}
--     nota_en: {type: text, it: Nota in inglese, en: Note in English}
--   rows: {min: 138, max: 400}
-- key: [id_fonte]
-- checks:
--   - (data_pubblicazione is null) = (precisione_data_pubblicazione is null)
--   - rule: url is not null or nota_it is not null
--     it: Una fonte senza indirizzo deve avere una nota che lo spiega
--     en: A source without an address needs a note that explains it
--   - (nota_it is null) = (nota_en is null)
-- ---
with
final as (
    select *
    from raw.fonti
)

select * from final
