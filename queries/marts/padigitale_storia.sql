-- ---
-- title: {it: Storia degli stati delle candidature di PA digitale 2026, en: History of the states of the applications of PA digitale 2026}
-- description:
--   it: "Per ogni candidatura gli stati visti nei file scaricati (A assegnata, E erogata, R rinuncia) e in quali giorni: la fonte pubblica solo l’ultimo, la storia cresce a ogni scaricamento."
--   en: "For each application the states seen in the files fetched (A awarded, E paid, R given up) and on which days: the source publishes just the last one, the history grows with each fetch."
-- grain: {it: una riga per candidatura e stato, en: one row per application and state}
-- key: [codice_ipa, avviso, istante_invio, stato]
-- columns:
--   codice_ipa: {type: text, it: "Codice dell’ente nell’Indice delle pubbliche amministrazioni, minuscolo", en: "Code of the body in the index of public administrations, in small letters"}
--   avviso: {type: text, it: Avviso, en: Call}
--   istante_invio: {type: text, it: "Istante di invio, come la fonte lo scrive (UTC)", en: "Instant of sending, as the source writes it (UTC)"}
--   stato: {type: text, it: "A assegnata, E erogata, R rinuncia", en: "A awarded, E paid, R given up"}
--   data_stato: {type: date, it: "Giorno da cui vale lo stato, se la fonte lo dice", en: "Day from which the state holds, where the source says so"}
--   visto_dal: {type: date, it: Primo file scaricato che lo dà, en: First file fetched that gives it, required: true}
--   visto_fino_al: {type: date, it: Ultimo file scaricato che lo dà, en: Last file fetched that gives it, required: true}
--   fotografie: {type: bigint, it: File scaricati che lo danno, en: Files fetched that give it, unit: file, additive: false, required: true}
-- rows: {min: 0, max: 5000000}
-- sources: [PADIGITALE-OPENDATA]
-- date: data_stato
-- keywords: {it: [PA digitale 2026, storia, stati], en: [PA digitale 2026, history, states]}
-- themes: [GOVE]
-- ---
with
righe as (
    select * from staging.padigitale_candidature
    union all by name
    select * from staging.padigitale_altri_enti
),

final as (
    select
        lower(codice_ipa) as codice_ipa,
        avviso,
        data_invio_candidatura as istante_invio,
        stato_candidatura as stato,
        min(data_stato_candidatura) as data_stato,
        min(data_file) as visto_dal,
        max(data_file) as visto_fino_al,
        count(distinct (file_origine, data_file)) as fotografie
    from righe
    where stato_candidatura is not null
    group by lower(codice_ipa), avviso, data_invio_candidatura, stato_candidatura
)

select * from final
