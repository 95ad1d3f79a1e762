package site

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// regolaView is one rule across datasets, or one of a dataset that does not hold.
type regolaView struct {
	Nome, Severita, Esito string
	Testo                 catalog.Text
	Righe                 int64
	Importo               string // euro of the rows that break it, or empty
	Dove                  named
	SQL                   string // of a rule across datasets
}

// controlliDi sums up the rules of one dataset or delivered table.
type controlliDi struct {
	Dove             named
	Regole, Superate int64
	Righe            int64
}

// tabellaView is the balance of one delivered table, with its files.
type tabellaView struct {
	Titolo  catalog.Text
	Tabella string
	File    []registro
}

// misuraView is the quality of one dataset, with the parts of a hundred already written as decimals.
type misuraView struct {
	release.Quality
	Dove                         named
	Piene, Accettate, Rispettate string // percentages with one decimal, or empty where the whole is zero
	Giorni                       int64  // age of the newest fact on the day of the data
	Fonte                        bool
}

type fonteFresca struct {
	arrivo
	Giorni   int64
	Indietro int64
	Cadenza  string
}

type qualitaView struct {
	Regole, Superate, Violate int64
	Incrociate                []regolaView // rules across datasets, all of them
	NonValgono                []regolaView // rules of datasets that do not hold
	Per                       []controlliDi
	Tabelle                   []tabellaView
	Lette, Fuori, DiPadre     int64
	Motivi                    []motivoView
	Fresche                   []fonteFresca
	Mancano                   int64
	Misure                    []misuraView
}

type motivoView struct {
	motivo
	Giorni int64
}

func (b *builder) qualitaPage(ctx context.Context, yield func(page) error) error {
	v, err := b.qualitaView(ctx)
	if err != nil {
		return err
	}
	return yield(page{Kind: "qualita", Path: "qualita/", Section: "qualita", Title: b.text("qualita.titolo"), Description: b.text("qualita.descrizione"),
		Crumbs: []crumb{{b.text("briciole.home"), ""}}, Data: v})
}

// quarantineByReason counts rows once for each reason, with their euro: a row with two wrong cells of one kind stands twice in the table.
const quarantineByReason = `(
	select tabella, motivo, count(*) as righe, sum(importo_eur) as importo_eur, min(dal) as dal, min(messaggio_it) as messaggio_it, min(messaggio_en) as messaggio_en
	from (
		select tabella, motivo, max(importo_eur) as importo_eur, min(in_quarantena_dal) as dal, min(messaggio_it) as messaggio_it, min(messaggio_en) as messaggio_en
		from piccoli.quarantena
		group by tabella, motivo, file, foglio, coalesce(cast(riga as varchar), id_quarantena)
	)
	group by tabella, motivo)`

func (b *builder) qualitaView(ctx context.Context) (qualitaView, error) {
	var v qualitaView
	motivi, err := load[motivo](ctx, b.in.DB, quarantineByReason, "righe desc, tabella, motivo")
	if err != nil {
		return v, err
	}
	for _, m := range motivi {
		v.Motivi = append(v.Motivi, motivoView{m, b.age(m.Dal)})
	}
	b.regole(motivi, &v)
	for _, q := range b.in.Catalog.Layer(catalog.Staging) {
		if q.Source == nil || !q.Source.Delivered() {
			continue
		}
		t := tabellaView{Titolo: q.Title, Tabella: q.Name}
		for _, r := range b.w.registro {
			if r.Tabella == q.Name {
				t.File = append(t.File, r)
				v.Lette, v.Fuori, v.DiPadre = v.Lette+r.Lette, v.Fuori+r.Quarantena, v.DiPadre+r.DiPadre
			}
		}
		if len(t.File) > 0 {
			v.Tabelle = append(v.Tabelle, t)
		}
	}
	for _, a := range b.arrivi() {
		if a.File == 0 {
			v.Mancano++
			continue
		}
		f := fonteFresca{arrivo: a, Giorni: b.age(a.Fatto), Cadenza: b.in.Catalog.Find(catalog.Staging, a.Tabella).Source.Cadence}
		for _, x := range b.w.freschi {
			if x.Tabella == a.Tabella {
				f.Indietro = x.Indietro
			}
		}
		v.Fresche = append(v.Fresche, f)
	}
	for _, m := range b.in.Release.Quality {
		v.Misure = append(v.Misure, misuraView{Quality: m, Dove: named{b.w.datasetTitles[m.Dataset], "dati/" + m.Dataset + "/"},
			Piene: percent(m.Filled, m.Cells), Accettate: percent(m.Loaded, m.Read), Rispettate: percent(m.Held, m.Rules), Giorni: b.age(m.Newest)})
	}
	return v, nil
}

// regole puts the results of all checks in order: rules across datasets one by one, the others summed up, with those that do not hold.
func (b *builder) regole(motivi []motivo, v *qualitaView) {
	per := map[string]*controlliDi{}
	var order []string
	for _, c := range b.w.controlli {
		v.Regole++
		if c.Esito == "superato" {
			v.Superate++
		} else {
			v.Violate++
		}
		layer, name, ok := strings.Cut(c.Dataset, ".")
		if !ok {
			layer, name = string(catalog.Marts), c.Dataset
		}
		q := b.in.Catalog.Find(catalog.Layer(layer), name)
		if q == nil {
			continue
		}
		where := named{Text: q.Title}
		if q.Layer == catalog.Marts {
			where.Path = "dati/" + name + "/#controlli"
		}
		rule := regolaView{Nome: c.Regola, Severita: c.Severita, Esito: c.Esito, Testo: catalog.Text{It: c.MessaggioIt, En: c.MessaggioEn}, Righe: c.Righe, Importo: c.Importo, Dove: where}
		if q.Layer == catalog.Checks {
			if rule.Dove, rule.SQL = (named{}), strings.Trim(q.SQL, "\n"); rule.Testo.It == "" {
				rule.Testo = q.Title
			}
			v.Incrociate = append(v.Incrociate, rule)
			continue
		}
		if c.Esito != "superato" {
			v.NonValgono = append(v.NonValgono, rule)
		}
		d := per[c.Dataset]
		if d == nil {
			d = &controlliDi{Dove: where}
			per[c.Dataset] = d
			order = append(order, c.Dataset)
		}
		d.Regole++
		if c.Esito == "superato" {
			d.Superate++
		}
		d.Righe += c.Righe
	}
	for _, name := range order {
		v.Per = append(v.Per, *per[name])
	}
	for _, q := range b.in.Catalog.Layer(catalog.Checks) { // what breaks a rule of rows is in quarantine
		if q.Severity != catalog.Row {
			continue
		}
		rule := regolaView{Nome: q.Name, Severita: string(q.Severity), Esito: "nessunariga", Testo: q.Title, SQL: strings.Trim(q.SQL, "\n")}
		if b.righe(q.Table) > 0 {
			rule.Esito = "superato"
		}
		for _, m := range motivi {
			if m.Tabella == q.Table && m.Sigla == q.Name {
				rule.Righe, rule.Importo, rule.Esito = m.Righe, m.Importo, "quarantena"
			}
		}
		v.Incrociate = append(v.Incrociate, rule)
	}
	rank := map[string]int{"violato": 0, "quarantena": 1}
	at := func(e string) int {
		if r, ok := rank[e]; ok {
			return r
		}
		return 2
	}
	slices.SortStableFunc(v.Incrociate, func(x, y regolaView) int {
		return cmp.Or(cmp.Compare(at(x.Esito), at(y.Esito)), cmp.Compare(x.Nome, y.Nome))
	})
}

// age is how many days lie between an ISO date and the day of the data; 0 for none.
func (b *builder) age(iso string) int64 {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return 0
	}
	return int64(b.in.AsOf.Sub(day) / (24 * time.Hour))
}

// percent is part of whole in hundredths as a decimal string with one place, cut and not rounded: 99.96 is not the whole.
func percent(part, whole int64) string {
	if whole == 0 {
		return ""
	}
	tenths := part * 1000 / whole
	return itoa(tenths/10) + "." + itoa(tenths%10)
}
