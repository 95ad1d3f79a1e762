package site

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// elencoView is one list that a law wants published: what is in it, how old it is, and what stays out.
type elencoView struct {
	Nome                string
	Titolo, Descrizione catalog.Text
	Norma               catalog.Text
	Righe               int64
	File                []release.File
	Per                 []catalog.Text // columns that the law parts the list by
	Colonne             []colonna      // of the rows that are shown of each part
	Importo             catalog.Text   // the column of euro that is added up for each part, or empty
	Parti               []parteElenco
	Aggiornato          string // ISO date, or empty
	Giorni, Limite      int64  // age on the date of the data, and greatest age by law; no limit: 0
	Vecchio             bool
	Incompleti          string // dataset
	Fuori               int64  // what stays out
	Perche              []mancanza
	Assenti             []arrivo
}

// parteElenco is what a list has for one year, or for one programme and Fund.
type parteElenco struct {
	Ancora, Nome, Filtro string
	Righe                int64
	Importo              string
	ProvaRighe           prova
	ProvaImporto         prova
	File                 []release.File
	Prime                []rigaDati
}

// mancanza is a piece of data that something lacks.
type mancanza struct {
	Campo  string
	Motivo catalog.Text
	Quante int64
}

// ages are the greatest ages of a list in days, by how often it must be updated: six months are 184 days at most.
var ages = map[string]int64{"ANNUAL": 366, "ANNUAL_2": 184, "ANNUAL_3": 123, "QUARTERLY": 92, "MONTHLY": 31}

// elenchiPage tells the public of the lists by law: every dataset whose header says that it is one.
func (b *builder) elenchiPage(ctx context.Context, yield func(page) error) error {
	var out []elencoView
	for _, q := range b.in.Catalog.Marts() {
		if q.List == nil {
			continue
		}
		v, err := b.elenco(ctx, q)
		if err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
		out = append(out, v)
	}
	return yield(page{Kind: "elenchi", Path: "elenchi/", Section: "dati", Title: b.text("elenchi.titolo"), Description: b.text("elenchi.descrizione"),
		Crumbs: []crumb{{b.text("briciole.home"), ""}, {b.text("dati.titolo"), "dati/"}}, Data: out})
}

func (b *builder) elenco(ctx context.Context, q *catalog.Query) (v elencoView, err error) {
	d, err := b.released(q.Name)
	if err != nil {
		return v, err
	}
	v = elencoView{Nome: q.Name, Titolo: q.Title, Descrizione: q.Description, Norma: q.List.Law, Righe: d.Rows, File: d.Formats, Limite: ages[q.Frequency], Incompleti: q.List.Incomplete, Assenti: b.assenti(q)}
	if err := b.partiElenco(ctx, q, d, &v); err != nil {
		return v, err
	}
	if q.List.Updated != "" && d.Rows > 0 {
		rows, err := queryText(ctx, b.in.DB, fmt.Sprintf("select max(%s)::varchar from %s", quoteName(q.List.Updated), q.Ref()))
		if err != nil {
			return v, err
		}
		v.Aggiornato = rows[0][0].String
		day, err := time.Parse(time.DateOnly, v.Aggiornato)
		if err != nil {
			return v, err
		}
		v.Giorni = int64(b.in.AsOf.Sub(day).Hours() / 24)
		v.Vecchio = v.Limite > 0 && v.Giorni > v.Limite
	}
	other := b.in.Catalog.Find(catalog.Marts, q.List.Incomplete)
	rows, err := queryText(ctx, b.in.DB, fmt.Sprintf(`select campo, min(motivo_it), min(motivo_en), count(distinct %[1]s)::varchar, (select count(distinct %[1]s) from %[2]s)::varchar
		from %[2]s group by campo order by count(distinct %[1]s) desc, campo`, quoteName(other.Key[0]), other.Ref()))
	if err != nil {
		return v, err
	}
	for _, r := range rows {
		n, err := strconv.ParseInt(r[3].String, 10, 64)
		if err != nil {
			return v, err
		}
		if v.Fuori, err = strconv.ParseInt(r[4].String, 10, 64); err != nil {
			return v, err
		}
		v.Perche = append(v.Perche, mancanza{r[0].String, catalog.Text{It: r[1].String, En: r[2].String}, n})
	}
	return v, nil
}

// partiElenco tells of a list year by year, or programme and Fund by programme and Fund: how much there is, the files, the first rows.
func (b *builder) partiElenco(ctx context.Context, q *catalog.Query, d release.Dataset, v *elencoView) error {
	var shown []catalog.Column
	euro := ""
	for _, c := range q.Columns {
		if slices.Contains(q.List.By, c.Name) {
			v.Per = append(v.Per, c.Text)
			continue
		}
		shown, v.Colonne = append(shown, c), append(v.Colonne, b.colonna(q, c))
		if euro == "" && c.Unit == "EUR" && c.Additive != nil && *c.Additive {
			euro, v.Importo = c.Name, c.Text
		}
	}
	here := named{b.text("elenchi.titolo"), "elenchi/"}
	for _, f := range d.Parts {
		if f.Part == nil || len(f.Part.Where) != len(q.List.By) || f.Part.Where[0].Column != q.List.By[0] {
			continue // of the folder by region
		}
		var filter, values []string
		for _, e := range f.Part.Where {
			filter, values = append(filter, e.Column, e.Value), append(values, e.Value)
		}
		name := strings.Join(values, " · ")
		if n := len(v.Parti); n > 0 && v.Parti[n-1].Nome == name { // another file of the same rows
			v.Parti[n-1].File = append(v.Parti[n-1].File, f)
			continue
		}
		p := parteElenco{Ancora: anchor("e", append([]string{q.Name}, values...)...), Nome: name, Filtro: equals(filter...), Righe: f.Part.Rows, File: []release.File{f}}
		what := catalog.Text{It: q.Title.It + ": " + name, En: q.Title.En + ": " + name}
		p.ProvaRighe = b.proves(q.Name, "", p.Filtro, what, here)
		var err error
		if euro != "" {
			p.ProvaImporto = b.proves(q.Name, euro, p.Filtro, what, here)
			sum, err := queryText(ctx, b.in.DB, fmt.Sprintf("select sum(%s)::varchar from %s where %s", quoteName(euro), q.Ref(), p.Filtro))
			if err != nil {
				return err
			}
			p.Importo = sum[0][0].String
		}
		if p.Prime, err = b.primeRighe(ctx, q, shown, p.Filtro, firstRows); err != nil {
			return err
		}
		v.Parti = append(v.Parti, p)
	}
	return nil
}
