package site

import (
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// arrivo is a table that comes from outside the project, and what has come of it.
type arrivo struct {
	Tabella      string
	Titolo       catalog.Text
	Editore, URL string
	Licenza      string
	Attribuzione string
	File         int64  // loaded
	Righe        int64  // loaded
	Consegna     string // ISO date of the last delivery, or empty
	Fatto        string // ISO date of the newest fact in it, or empty
	DaScaricare  bool   // by piccoli fetch; else an office delivers it
}

// arrivi are all delivered tables, sorted by name.
func (b *builder) arrivi() (out []arrivo) {
	for _, q := range b.in.Catalog.Layer(catalog.Staging) {
		s := q.Source
		if s == nil || !s.Delivered() {
			continue
		}
		a := arrivo{Tabella: q.Name, Titolo: q.Title, Editore: s.Publisher, URL: s.URL, Licenza: s.Licence, Attribuzione: s.Attribution,
			DaScaricare: strings.HasPrefix(s.Files[0], "data/raw/")}
		for _, r := range b.w.registro {
			if r.Tabella == q.Name {
				a.File++
				a.Righe += r.Caricate
			}
		}
		for _, f := range b.w.freschi {
			if f.Tabella == q.Name {
				a.Fatto, a.Consegna = f.Fatto, f.Consegna
			}
		}
		out = append(out, a)
	}
	return out
}

// righe is how many rows of a delivered table were loaded.
func (b *builder) righe(table string) (n int64) {
	for _, a := range b.arrivi() {
		if a.Tabella == table {
			n += a.Righe
		}
	}
	return n
}

// assenti are the delivered tables behind a dataset of which nothing has come: the dataset is empty or lacks what they would tell.
func (b *builder) assenti(q *catalog.Query) (out []arrivo) {
	behind := map[string]bool{}
	var walk func(q *catalog.Query)
	walk = func(q *catalog.Query) {
		for _, r := range q.DependsOn {
			next := b.in.Catalog.Find(catalog.Layer(r.Schema), r.Name)
			if next == nil || behind[r.String()] {
				continue
			}
			behind[r.String()] = true
			walk(next)
		}
	}
	walk(q)
	return slices.DeleteFunc(b.arrivi(), func(a arrivo) bool {
		return a.File > 0 || !behind[catalog.Ref{Schema: string(catalog.Staging), Name: a.Tabella}.String()]
	})
}
