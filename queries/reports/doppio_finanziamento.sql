-- ---
-- title: {it: Doppio finanziamento, en: Double funding}
-- description:
--   it: "Gli output dello stesso comune rendicontati a più di un programma, riga per riga, con quanto ciascuno ha pagato. Che un comune sia in due programmi è normale: qui compare solo lo stesso output."
--   en: "The outputs of the same municipality claimed from more than one programme, claim by claim, with what each has paid. A municipality in two programmes is normal: only the same output is listed here."
-- params:
--   regione:
--     type: text
--     optional: true
--     it: Regione; senza, tutte
--     en: Region; without it, all
--     values: select codice_regione, denominazione, slug from marts.regioni order by codice_regione
--   solo_pagati:
--     type: text
--     default: "no"
--     it: "sì per i soli output già pagati due volte"
--     en: "yes for the outputs already paid twice alone"
--     values: select 'no' as scelta, 'tutti' as nome, 'all of them' as nome_en, null as parola union all select 'sì', 'solo i pagati due volte', 'those paid twice alone', 'yes' order by scelta
--   lingua:
--     type: text
--     default: it
--     it: Lingua delle parole, it o en; senza, quella del comando
--     en: "Language of the words, it or en; without it, that of the command"
--     values: select 'it' as lingua union all select 'en' as lingua
-- key: [id_rendicontazione]
-- columns:
--   id_gruppo: {type: text, it: Gruppo, en: Group}
--   id_rendicontazione: {type: text, it: Rendicontazione, en: Claim}
--   comune: {type: text, it: Comune, en: Municipality}
--   regione: {type: text, it: Regione, en: Region}
--   programma: {type: text, it: Programma, en: Programme}
--   importo_rendicontato_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Rendicontato, en: Claimed}
--   importo_pagato_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Pagato, en: Paid}
--   stato: {type: text, it: Stato, en: State}
--   pagato_due_volte: {type: boolean, it: Pagato due volte, en: Paid twice}
-- ---
with
final as (
    select
        doppi.id_gruppo,
        doppi.id_rendicontazione,
        doppi.comune,
        regioni.denominazione as regione,
        coalesce(programmi.denominazione, doppi.programma) as programma,
        doppi.importo_rendicontato_eur,
        doppi.importo_pagato_eur,
        case when $lingua = 'en'
            then coalesce(map {'rendicontata': 'claimed', 'certificata': 'certified', 'pagata': 'paid', 'rettificata': 'corrected'}[doppi.stato], doppi.stato)
            else doppi.stato
        end as stato,
        doppi.pagato_due_volte
    from marts.doppio_finanziamento as doppi
    left join marts.programmi as programmi on programmi.programma = doppi.programma
    left join marts.regioni as regioni on regioni.codice_regione = doppi.codice_regione
    where
        ($regione is null or doppi.codice_regione = $regione)
        and ($solo_pagati = 'no' or doppi.pagato_due_volte)
)

select * from final
order by id_gruppo, id_rendicontazione
