-- ---
-- title: {it: Doppio finanziamento, en: Double funding}
-- description:
--   it: "Le rendicontazioni dello stesso output dello stesso comune fatte a due programmi: lo stesso output non può essere pagato due volte (art. 65, par. 11, del Reg. 1303/2013). Due output sono lo stesso se il testo che li descrive è uguale, senza contare maiuscole, accenti, spazi e punteggiatura; il testo non si pubblica, perché può contenere nomi di persone. Un comune che partecipa a due programmi con output diversi è normale e non compare qui. Un elenco vuoto vuol dire che nessun caso è stato trovato, o che l’amministrazione non ha consegnato le rendicontazioni."
--   en: "The claims of one output of one municipality made to two programmes: the same output cannot be paid twice (art. 65(11) of Reg. 1303/2013). Two outputs are the same if the text that describes them is equal, leaving aside capitals, accents, spaces and punctuation; the text is not published, because it may hold names of persons. A municipality that takes part in two programmes with different outputs is normal and is not here. An empty list means that no case was found, or that the administration has not delivered the claims."
-- grain: {it: una riga per rendicontazione di un output rendicontato a due programmi, en: one row per claim of an output claimed from two programmes}
-- key: [id_gruppo, id_rendicontazione]
-- columns:
--   id_gruppo: {type: text, it: "Gruppo: la prima, in ordine di codice, delle rendicontazioni dello stesso output", en: "Group: the first, by code, of the claims of the same output"}
--   id_rendicontazione: {type: text, it: Rendicontazione, en: Claim, ref: rendicontazioni.id_rendicontazione}
--   codice_comune: {type: text, it: "Comune, con il codice del 2020; per un comune nato dopo dalla fusione di più comuni, quello di oggi", en: "Municipality, by its code of 2020; for one born later of the merger of several, that of today", required: true}
--   comune: {type: text, it: Nome del comune nell’elenco ISTAT, en: Name of the municipality in the ISTAT list}
--   codice_regione: {type: text, it: Regione del comune, en: Region of the municipality, ref: regioni.codice_regione}
--   programma: {type: text, it: Programma che paga, en: Programme that pays, ref: programmi.programma, required: true}
--   importo_rendicontato_eur: {type: "decimal(18,2)", it: Importo rendicontato, en: Amount claimed, unit: EUR, additive: true, required: true}
--   importo_pagato_eur: {type: "decimal(18,2)", it: "Importo pagato: zero se non lo è ancora", en: "Amount paid: zero if not yet", unit: EUR, additive: true, required: true}
--   stato: {type: text, it: "Rendicontata, certificata, pagata o rettificata", en: "Claimed (rendicontata), certified (certificata), paid (pagata) or corrected (rettificata)", required: true}
--   programmi: {type: bigint, it: Programmi a cui lo stesso output è rendicontato, en: Programmes that the same output is claimed from, additive: false, required: true}
--   programmi_paganti: {type: bigint, it: Programmi che lo hanno già pagato, en: Programmes that have paid for it already, additive: false, required: true}
--   pagato_due_volte: {type: boolean, it: Vero se più di un programma lo ha pagato, en: True if more than one programme has paid for it, required: true}
-- rows: {min: 0, max: 1000000}
-- checks:
--   - rule: programmi >= 2
--     it: Un output di un solo programma non è un doppio finanziamento
--     en: An output of one programme alone is no double funding
-- keywords: {it: [doppio finanziamento, controlli], en: [double funding, checks]}
-- themes: [GOVE, ECON]
-- ---
with
rendicontazioni as (
    select
        id_rendicontazione,
        coalesce(codice_istat, codice_istat_output) as codice_comune,
        comune,
        codice_regione,
        programma,
        importo_rendicontato_eur,
        coalesce(importo_pagato_eur, 0)::decimal(18, 2) as importo_pagato_eur,
        stato
    from marts.rendicontazioni
    where
        codice_istat_output is not null
        and stato <> 'prevista'
),

-- Only these can have an output claimed twice: texts of the others are never looked at.
in_due_programmi as (
    select codice_comune
    from rendicontazioni
    group by codice_comune
    having count(distinct programma) > 1
),

output as (
    select
        rendicontazioni.*,
        nullif(regexp_replace(lower(strip_accents(consegnate.output)), '[^a-z0-9]+', '', 'g'), '') as testo
    from rendicontazioni
    semi join in_due_programmi on in_due_programmi.codice_comune = rendicontazioni.codice_comune
    inner join staging.rendicontazioni as consegnate on consegnate.id_rendicontazione = rendicontazioni.id_rendicontazione
),

gruppi as (
    select
        codice_comune,
        testo,
        min(id_rendicontazione) as id_gruppo,
        count(distinct programma) as programmi,
        count(distinct programma) filter (where importo_pagato_eur > 0) as programmi_paganti
    from output
    where testo is not null
    group by codice_comune, testo
    having count(distinct programma) > 1
),

final as (
    select
        gruppi.id_gruppo,
        output.id_rendicontazione,
        output.codice_comune,
        output.comune,
        output.codice_regione,
        output.programma,
        output.importo_rendicontato_eur,
        output.importo_pagato_eur,
        output.stato,
        gruppi.programmi,
        gruppi.programmi_paganti,
        gruppi.programmi_paganti > 1 as pagato_due_volte
    from output
    inner join gruppi on gruppi.codice_comune = output.codice_comune and gruppi.testo = output.testo
)

select * from final
