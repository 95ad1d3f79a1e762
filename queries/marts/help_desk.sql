-- ---
-- title: {it: Richieste all’help desk, en: Requests to the help desk}
-- description:
--   it: "Quante richieste di aiuto dei comuni sono arrivate agli help desk dei programmi, per canale e nell’intero periodo consegnato. Gli argomenti non si pubblicano, perché sono un testo libero. Se le amministrazioni non hanno consegnato le attività, il dataset è vuoto."
--   en: "How many requests for help from the municipalities came to the help desks of the programmes, by channel and over the whole period delivered. The topics are not published, because they are free text. If the administrations have not delivered the activities, the dataset is empty."
-- grain: {it: una riga per programma e canale, en: one row per programme and channel}
-- key: [programma, canale]
-- columns:
--   programma: {type: text, it: Programma, en: Programme, ref: programmi.programma}
--   canale: {type: text, it: "telefono, posta-elettronica, piattaforma, in-presenza o videochiamata; non-indicato dove manca", en: "Telephone (telefono), e-mail (posta-elettronica), platform (piattaforma), in person (in-presenza) or video call (videochiamata); non-indicato where it is missing"}
--   richieste: {type: bigint, it: Richieste contate, en: Requests counted, unit: richieste, additive: true, required: true}
--   periodo_dal: {type: date, it: Primo giorno contato, en: First day counted, required: true}
--   periodo_al: {type: date, it: Ultimo giorno contato, en: Last day counted, required: true}
-- rows: {min: 0, max: 30}                      # 5 programmes × 5 channels and none
-- checks:
--   - richieste >= 0
-- charts:
--   - {kind: bar, title: {it: "Fast: richieste all’help desk per canale", en: "Fast: requests to the help desk by channel"}, category: canale, value: richieste, where: "programma = 'fast-piccoli-comuni'", sort: value}
-- keywords: {it: [help desk, richieste, assistenza], en: [help desk, requests, support]}
-- themes: [GOVE]
-- date: periodo_al
-- ---
with
final as (
    select
        programma,
        coalesce(canale, 'non-indicato') as canale,
        sum(quantita)::bigint as richieste,
        min(periodo_dal) as periodo_dal,
        max(periodo_al) as periodo_al
    from staging.attivita
    where tipo = 'help-desk' and unita = 'richieste'
    group by programma, coalesce(canale, 'non-indicato')
)

select * from final
