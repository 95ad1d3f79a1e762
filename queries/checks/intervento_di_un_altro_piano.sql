-- ---
-- title: {it: Piano e intervento di una rendicontazione vanno insieme, en: The plan and the intervention of a claim go together}
-- description:
--   it: "La rendicontazione indica un Piano e un intervento che appartiene a un altro Piano: correggere uno dei due codici."
--   en: "The claim names a plan and an intervention that belongs to another plan: correct one of the two codes."
-- severity: row
-- table: rendicontazioni
-- column: id_intervento
-- ---
with
final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.importo_eur
    from staging.rendicontazioni as rendicontazioni
    inner join staging.interventi as interventi on interventi.id_intervento = rendicontazioni.id_intervento
    where rendicontazioni.id_piano <> interventi.id_piano
)

select * from final
