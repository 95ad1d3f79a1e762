-- ---
-- title: {it: "LS-05: sotto 100.000 euro i costi reali chiedono un motivo", en: "LS-05: below 100,000 euro real costs need a reason"}
-- description:
--   it: "L’operazione ha un sostegno pubblico fino a 100.000 euro, è del FSE o del FESR e la decisione è del 2 agosto 2018 o dopo: di regola si rimborsa con costi semplificati. Qui sono usati i costi reali senza dire perché: scrivere il motivo in deroga, o correggere la forma di sostegno. Le operazioni di soli appalti non ne hanno bisogno."
--   en: "The operation has public support of up to 100,000 euro, belongs to the ESF or the ERDF and was decided on 2 August 2018 or later: as a rule it is reimbursed with simplified costs. Here real costs are used without saying why: write the reason in deroga, or correct the form of support. Operations of public contracts alone need none."
-- severity: warning
-- ---
with
-- Reg. (EU) 1303/2013, art. 67(2a), in force since 2 August 2018 (Reg. (EU, Euratom) 2018/1046); art. 67(4) for public contracts.
final as (
    select
        rendicontazioni.id_rendicontazione,
        rendicontazioni.programma,
        rendicontazioni.importo_eur
    from marts.rendicontazioni as rendicontazioni
    left join marts.piani as piani on piani.id_piano = rendicontazioni.id_piano
    where
        rendicontazioni.forma_sostegno = 'costi_reali'
        and rendicontazioni.fondo in ('FSE', 'FESR')
        and coalesce(rendicontazioni.data_decisione, piani.data_esito) >= date '2018-08-02'
        and rendicontazioni.contributo_pubblico_eur <= 100000
        and rendicontazioni.affidata_interamente is not true
        and not rendicontazioni.deroga_motivata
)

select * from final
