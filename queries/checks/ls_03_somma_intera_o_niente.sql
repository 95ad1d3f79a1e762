-- ---
-- title: {it: "LS-03: una somma forfettaria è dovuta intera o per niente", en: "LS-03: a lump sum is due whole or not at all"}
-- description:
--   it: "Una somma forfettaria si certifica e si paga tutta, se l’output è provato, o per niente: qui l’importo è parziale. Se la somma ha più fasi, ogni fase ha la sua riga, con fase e fasi_previste, e vale per intero."
--   en: "A lump sum is certified and paid whole, if the output is proved, or not at all: here the amount is partial. If the sum has several stages, each stage has its own row, with fase and fasi_previste, and counts whole."
-- severity: row
-- table: rendicontazioni
-- column: importo_certificato_eur
-- ---
with
final as (
    select
        id_rendicontazione,
        importo_eur
    from staging.rendicontazioni
    where
        forma_sostegno = 'somma_forfettaria'
        and (
            importo_certificato_eur not in (0, importo_eur)
            or importo_pagato_eur not in (0, importo_eur)
            or fase not between 1 and coalesce(fasi_previste, 1)
            or importo_eur > importo_somma_eur
            or (coalesce(fasi_previste, 1) = 1 and importo_eur <> importo_somma_eur)
        )
)

select * from final
