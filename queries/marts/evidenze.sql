-- ---
-- title: {it: Evidenze pubbliche, en: Public evidence}
-- description:
--   it: "Che cosa il pubblico può sapere di un singolo comune, di un’unione o di un’area nei programmi, con la fonte. Il nome scritto dalla fonte è abbinato a un comune dell’elenco 2020 solo quando è certo; le unioni e le aree restano come sono scritte. Chi partecipa non è per questo ammesso: solo «Ammesso» lo dice. Molti eventi non hanno una data."
--   en: "What the public can know about a single municipality, union or area in the programmes, with its source. The name written by the source is matched to a municipality of the 2020 list only when that is certain; unions and areas stay as written. Taking part does not mean being admitted: only \"Admitted\" says so. Many events have no date."
-- grain: {it: "una riga per ente nominato, evento e fonte", en: "one row per body named, event and source"}
-- key: [id_evidenza]
-- columns:
--   id_evidenza: {type: text, it: Sigla dell’evidenza, en: Id of the evidence}
--   programma: {type: text, it: Programma di cui parla la fonte, en: Programme the source speaks of, ref: programmi.programma, required: true}
--   tipo_soggetto: {type: text, it: "Comune, unione di comuni o area interna", en: "Municipality, union of municipalities or inner area (comune, unione, area)", required: true}
--   nome_come_scritto: {type: text, it: Nome dell’ente come la fonte lo scrive, en: Name of the body as the source writes it, required: true}
--   territorio_come_scritto: {type: text, it: "Provincia, regione o zona come la fonte la scrive; vuoto se non la scrive", en: "Province, region or area as the source writes it; empty where it does not"}
--   codice_istat: {type: text, it: "Codice ISTAT 2020 del comune riconosciuto; vuoto per unioni, aree e nomi non riconosciuti", en: "ISTAT code of 2020 of the municipality recognised; empty for unions, areas and names not recognised", ref: comuni.codice_istat}
--   codice_catastale: {type: text, it: Codice catastale del comune riconosciuto, en: Cadastral code of the municipality recognised}
--   comune: {type: text, it: Nome del comune riconosciuto nell’elenco ISTAT, en: Name of the municipality recognised in ISTAT’s list}
--   codice_regione: {type: text, it: "Regione del comune o, per unioni e aree, quella indicata dalla fonte", en: "Region of the municipality or, for unions and areas, the one stated by the source", ref: regioni.codice_regione}
--   regione: {type: text, it: Nome della regione, en: Name of the region}
--   piccolo_comune: {type: boolean, it: "Vero se il comune riconosciuto non supera 5.000 residenti legali (2011)", en: "True if the municipality recognised has no more than 5,000 legal residents (2011)"}
--   evento: {type: text, it: Tipo di evidenza, en: Kind of evidence, required: true}
--   evento_it: {type: text, it: Tipo di evidenza in italiano, en: Kind of evidence in Italian, required: true}
--   evento_en: {type: text, it: Tipo di evidenza in inglese, en: Kind of evidence in English, required: true}
--   ammissione: {type: boolean, it: Vero solo se la fonte dice che l’ente è stato ammesso, en: True only if the source says that the body was admitted, required: true}
--   data_evento: {type: date, it: "Data dell’evento (primo giorno del periodo); vuota se la fonte non la dà", en: "Date of the event (first day of the period); empty where the source does not give it"}
--   precisione_data_evento: {type: text, it: "Quanto è precisa la data: giorno, mese o anno", en: "How precise the date is: day, month or year (giorno, mese, anno)"}
--   forma: {type: text, it: "Forma di partecipazione secondo la fonte: unione, aggregata o non indicata", en: "Form of participation by the source: union, aggregated or not stated (unione, aggregata, non_indicata)", required: true}
--   abbinamento: {type: text, it: "Come il nome è stato abbinato: nome_unico, nome_e_territorio, scelta_motivata o non_abbinato", en: "How the name was matched: unique name (nome_unico), name and territory (nome_e_territorio), reasoned choice (scelta_motivata) or not matched (non_abbinato)", required: true}
--   motivo_abbinamento_it: {type: text, it: "Perché l’abbinamento è certo o manca, in italiano", en: "Why the match is certain or missing, in Italian", required: true}
--   motivo_abbinamento_en: {type: text, it: "Perché l’abbinamento è certo o manca, in inglese", en: "Why the match is certain or missing, in English", required: true}
--   id_fonte: {type: text, it: Fonte dell’evidenza, en: Source of the evidence, ref: fonti.id_fonte, required: true}
--   temi_come_scritti: {type: text, it: "Temi o ambiti con le parole della fonte, a volte abbreviate", en: "Themes or areas of work in the words of the source, sometimes shortened"}
-- rows: {min: 331, max: 5000}                  # none of the rows read may be lost in the match
-- checks:
--   - rule: "(abbinamento = 'non_abbinato') = (codice_istat is null)"
--     it: Un’evidenza abbinata deve avere un codice ISTAT, una non abbinata non può averlo
--     en: Matched evidence must have an ISTAT code, unmatched evidence cannot
--   - rule: "tipo_soggetto = 'comune' or codice_istat is null"
--     it: Un’unione o un’area è stata attribuita a un solo comune
--     en: A union or an area was attributed to one municipality
--   - rule: "ammissione = (evento = 'ammesso')"
--     it: Una partecipazione diversa è contata come ammissione
--     en: Some other participation is counted as an admission
--   - rule: territorio_come_scritto is null or codice_regione is not null
--     it: Il territorio scritto dalla fonte non è in data/seeds/territori.csv
--     en: The territory written by the source is not in data/seeds/territori.csv
--   - rule: "tipo_soggetto <> 'comune' or abbinamento <> 'non_abbinato'"
--     severity: warning
--     it: Un comune nominato da una fonte non è stato riconosciuto con certezza
--     en: A municipality named by a source was not recognised with certainty
-- keywords: {it: [piccoli comuni, evidenze, ammissioni], en: [small municipalities, evidence, admissions]}
-- themes: [GOVE]
-- date: data_evento
-- ---
with
territori as (
    select *
    from staging.territori
),

-- A name is compared without accents, apostrophes, case, blanks and other signs.
comuni as (
    select
        *,
        regexp_replace(lower(strip_accents(denominazione)), '[^a-z0-9]', '', 'g') as chiave_nome
    from staging.comuni
),

evidenze as (
    select
        evidenze.*,
        regexp_replace(lower(strip_accents(evidenze.nome_come_scritto)), '[^a-z0-9]', '', 'g') as chiave_nome,
        territori.codice_regione as regione_scritta,
        territori.codice_provincia as provincia_scritta
    from staging.evidenze as evidenze
    left join territori on territori.territorio_come_scritto = evidenze.territorio_come_scritto
),

-- A homonym is compatible unless the source writes a territory where it does not lie (or one that nobody knows).
omonimi as (
    select
        evidenze.id_evidenza,
        comuni.codice_istat,
        evidenze.territorio_come_scritto is null
        or coalesce(comuni.codice_provincia = evidenze.provincia_scritta, comuni.codice_regione = evidenze.regione_scritta, false)
            as compatibile
    from evidenze
    inner join comuni on comuni.chiave_nome = evidenze.chiave_nome
    where evidenze.tipo_soggetto = 'comune'
),

regola as (
    select
        id_evidenza,
        count(*) as omonimi,
        min(codice_istat) filter (where compatibile) as codice_istat
    from omonimi
    group by id_evidenza
    having count(*) filter (where compatibile) = 1
),

abbinate as (
    select
        evidenze.*,
        coalesce(regola.codice_istat, scelte.codice_istat) as codice_abbinato,
        scelte.motivo_it,
        scelte.motivo_en,
        case
            when regola.omonimi = 1 then 'nome_unico'
            when regola.omonimi > 1 then 'nome_e_territorio'
            when scelte.codice_istat is not null then 'scelta_motivata'
            else 'non_abbinato'
        end as abbinamento
    from evidenze
    left join regola on regola.id_evidenza = evidenze.id_evidenza
    left join staging.evidenze_abbinamenti as scelte
        on scelte.id_fonte = evidenze.id_fonte
        and scelte.nome_come_scritto = evidenze.nome_come_scritto
        and evidenze.tipo_soggetto = 'comune'
),

final as (
    select
        abbinate.id_evidenza,
        abbinate.programma,
        abbinate.tipo_soggetto,
        abbinate.nome_come_scritto,
        abbinate.territorio_come_scritto,
        comuni.codice_istat,
        comuni.codice_catastale,
        comuni.denominazione as comune,
        regioni.codice_regione,
        regioni.denominazione as regione,
        comuni.piccolo_comune,
        abbinate.evento,
        eventi.evento_it,
        eventi.evento_en,
        eventi.ammissione,
        abbinate.data_evento,
        abbinate.precisione_data_evento,
        abbinate.forma,
        abbinate.abbinamento,
        case
            when abbinate.abbinamento = 'scelta_motivata' then abbinate.motivo_it
            when abbinate.abbinamento = 'nome_e_territorio' then 'Più comuni portano questo nome; uno solo sta nel territorio indicato dalla fonte.'
            when abbinate.abbinamento = 'nome_unico' and abbinate.territorio_come_scritto is null
                then 'Un solo comune dell’elenco 2020 porta questo nome; la fonte non indica il territorio.'
            when abbinate.abbinamento = 'nome_unico' then 'Un solo comune dell’elenco 2020 porta questo nome e sta nel territorio indicato dalla fonte.'
            when abbinate.tipo_soggetto = 'unione' then 'Unione di comuni: resta come la fonte la scrive, senza attribuirla ai comuni membri.'
            when abbinate.tipo_soggetto = 'area' then 'Area interna: resta come la fonte la scrive, senza attribuirla ai suoi comuni.'
            else 'Nome e territorio scritti dalla fonte non bastano a riconoscere un solo comune.'
        end as motivo_abbinamento_it,
        case
            when abbinate.abbinamento = 'scelta_motivata' then abbinate.motivo_en
            when abbinate.abbinamento = 'nome_e_territorio' then 'Several municipalities bear this name; just one lies in the territory stated by the source.'
            when abbinate.abbinamento = 'nome_unico' and abbinate.territorio_come_scritto is null
                then 'Just one municipality of the 2020 list bears this name; the source states no territory.'
            when abbinate.abbinamento = 'nome_unico' then 'Just one municipality of the 2020 list bears this name, and it lies in the territory stated by the source.'
            when abbinate.tipo_soggetto = 'unione' then 'Union of municipalities: it stays as the source writes it, not attributed to its members.'
            when abbinate.tipo_soggetto = 'area' then 'Inner area: it stays as the source writes it, not attributed to its municipalities.'
            else 'Name and territory written by the source are not enough to recognise one municipality.'
        end as motivo_abbinamento_en,
        abbinate.id_fonte,
        abbinate.temi_come_scritti
    from abbinate
    left join comuni on comuni.codice_istat = abbinate.codice_abbinato
    left join staging.regioni as regioni on regioni.codice_regione = coalesce(comuni.codice_regione, abbinate.regione_scritta)
    left join staging.eventi as eventi on eventi.evento = abbinate.evento
)

select * from final
