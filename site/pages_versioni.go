package site

import (
	"context"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// versioneRiga is a frozen version in the list.
type versioneRiga struct {
	Numero, Path, Data string
	Livello            string // prima, patch, minor, major
	Precedente         string
	Firmata            bool
	Righe              int64 // that differ from the version before
}

// ritirato is a dataset or column that published versions have and the data of now have not.
type ritirato struct {
	Dataset, Colonna, Ora string
	Versione, Path        string // the last version that has it
	Testo                 catalog.Text
}

type versioneView struct {
	Numero, Path, Data, SHA256, Precedente string
	Firmata                                bool
	RigheTotali                            int64
	Dataset                                []datasetRiga
}

type cambiatoView struct {
	Da, A, Path string
	Righe       int64
	Schema      []cambioSchema
	Dataset     []cambioDataset
}

type cambioSchema struct {
	Dove    string
	Testo   catalog.Text
	Livello string
}

type cambioDataset struct {
	Nome                      string
	Titolo                    catalog.Text
	CEra, CiSono, SenzaChiave bool
	Prima, Dopo               int64
	Aggiunte, Tolte, Cambiate int64
	Totali                    []totaleView
	Gruppi                    []gruppoRighe
	CSV, Pagina               string
}

// totaleView is a total before and after, with the parts that explain it.
type totaleView struct {
	Testo                                  catalog.Text
	Unita                                  string
	Prima, Aggiunte, Tolte, Cambiate, Dopo string
}

// gruppoRighe are the first rows of a kind: aggiunte, tolte, cambiate.
type gruppoRighe struct {
	Tipo    string
	Quante  int64
	Altre   int64 // not shown
	Colonne []string
	Valori  bool // each row shows what changed in it
	Righe   []rigaCambiata
}

type rigaCambiata struct {
	Chiave []string
	Valori []valoreCambiato
}

type valoreCambiato struct {
	Colonna, Prima, Dopo string
	HaPrima, HaDopo      bool
}

// versioniPages are the list of versions, each version, what changed in it, and a page for every dataset that is gone.
func (b *builder) versioniPages(_ context.Context, yield func(page) error) error {
	home, dati, here := crumb{b.text("briciole.home"), ""}, crumb{b.text("dati.titolo"), "dati/"}, crumb{b.text("versioni.titolo"), "releases/"}
	list := []versioneRiga{}
	for _, e := range slices.Backward(b.in.Editions) {
		r := versioneRiga{Numero: e.Number, Path: e.Path(), Data: e.Manifest.Date, Livello: "prima", Precedente: e.Manifest.Version.Previous, Firmata: e.Signed}
		if e.Changes != nil {
			r.Livello = string(release.LevelBetween(r.Precedente, e.Number))
			r.Righe = rowsChanged(e.Changes)
		}
		list = append(list, r)
	}
	gone := b.ritirati()
	unreleased := len(b.in.Editions) > 0 && !release.SameData(b.in.Editions[len(b.in.Editions)-1].Manifest, b.in.Release.Manifest)
	if err := yield(page{Kind: "versioni", Path: here.Path, Section: "dati", Title: here.Text, Description: b.text("versioni.descrizione"), Crumbs: []crumb{home, dati}, Data: struct {
		Versioni      []versioneRiga
		Ritirati      []ritirato
		NonPubblicato bool
	}{list, gone, unreleased}}); err != nil {
		return err
	}
	for _, e := range b.in.Editions {
		title := b.text("versioni.versione", same(e.Number))
		if err := yield(page{Kind: "versione", Path: e.Path(), Section: "dati", Title: title, Description: b.text("versione.descrizione", same(e.Number)),
			Crumbs: []crumb{home, dati, here}, Data: versioneOf(e)}); err != nil {
			return err
		}
		if e.Changes == nil {
			continue
		}
		v := b.cambiato(e)
		if err := yield(page{Kind: "cambiato", Path: e.Path() + "cosa-e-cambiato/", Section: "dati", Title: b.text("cambiato.titolo"),
			Description: b.text("cambiato.descrizione", same(v.Da), same(v.A)), Crumbs: []crumb{home, dati, here, {title, e.Path()}}, Data: v}); err != nil {
			return err
		}
	}
	for _, r := range gone {
		if r.Colonna != "" {
			continue
		}
		if err := yield(page{Kind: "ritirato", Path: "dati/" + r.Dataset + "/", Section: "dati", Title: r.Testo, Description: b.text("ritirato.descrizione"),
			Crumbs: []crumb{home, dati}, Data: r}); err != nil {
			return err
		}
	}
	return nil
}

// ritirati are the names of published versions that lead on from their old addresses.
func (b *builder) ritirati() []ritirato {
	out := []ritirato{}
	if len(b.in.Editions) == 0 {
		return out
	}
	for _, r := range release.RetiredNames(b.in.Editions, b.in.Release.Manifest) {
		out = append(out, ritirato{r.Dataset, r.Column, r.Now, r.Last, "releases/" + r.Last + "/", r.Title.Text()})
	}
	return out
}

func rowsChanged(c *release.Changes) (n int64) {
	for _, d := range c.Datasets {
		n += d.Added + d.Removed + d.Changed
	}
	return n
}

func versioneOf(e release.Edition) versioneView {
	v := versioneView{Numero: e.Number, Path: e.Path(), Data: e.Manifest.Date, SHA256: e.SHA256, Precedente: e.Manifest.Version.Previous, Firmata: e.Signed}
	for _, d := range e.Manifest.Datasets {
		r := datasetRiga{Nome: d.Name, Titolo: d.Title.Text(), Descrizione: d.Description.Text(), Righe: d.Rows}
		for _, o := range e.Manifest.Files {
			if o.Dataset == d.Name && !strings.Contains(o.Path, "/") {
				r.File = append(r.File, release.File{Path: e.Path() + "data/" + o.Path, Format: o.Format, Bytes: o.Bytes, SHA256: o.SHA256})
			}
		}
		v.RigheTotali += d.Rows
		v.Dataset = append(v.Dataset, r)
	}
	return v
}

func (b *builder) cambiato(e release.Edition) cambiatoView {
	c := e.Changes
	v := cambiatoView{Da: c.From.Version, A: c.To.Version, Path: e.Path(), Righe: rowsChanged(c)}
	for _, s := range c.Schema {
		v.Schema = append(v.Schema, cambioSchema{s.Place(), s.What(), string(s.Level)})
	}
	for _, d := range c.Datasets {
		if d.Same() {
			continue
		}
		x := cambioDataset{Nome: d.Dataset, Titolo: d.Title.Text(), CEra: d.Before != nil, CiSono: d.After != nil, SenzaChiave: d.Unpaired, Aggiunte: d.Added, Tolte: d.Removed, Cambiate: d.Changed}
		if x.CEra {
			x.Prima = *d.Before
		}
		if x.CiSono {
			x.Dopo = *d.After
		}
		if b.in.Catalog.Find(catalog.Marts, d.Dataset) != nil {
			x.Pagina = "dati/" + d.Dataset + "/"
		}
		for _, m := range d.Totals {
			if m.Still() {
				continue
			}
			x.Totali = append(x.Totali, totaleView{m.Description.Text(), m.Unit, m.Before, m.Added, m.Taken(), m.Changed, m.After})
		}
		for _, g := range []struct {
			kind string
			n    int64
			rows []release.Row
		}{{"aggiunte", d.Added, d.AddedTop}, {"tolte", d.Removed, d.RemovedTop}, {"cambiate", d.Changed, d.ChangedTop}} {
			if g.n > 0 {
				x.Gruppi = append(x.Gruppi, rowsOf(d, g.kind, g.n, g.rows))
			}
		}
		if d.File != nil {
			x.CSV = e.Path() + "data/" + d.File.Path
		}
		v.Dataset = append(v.Dataset, x)
	}
	return v
}

// rowsOf shows the key of each row and, of a row that changed, its values; a row without a key is told by all its values.
func rowsOf(d release.DatasetChange, kind string, n int64, rows []release.Row) gruppoRighe {
	g := gruppoRighe{Tipo: kind, Quante: n, Altre: n - int64(len(rows)), Colonne: d.Key, Valori: kind == "cambiate" || len(d.Key) == 0}
	text := func(s *string) (string, bool) {
		if s == nil {
			return "", false
		}
		return *s, true
	}
	for _, r := range rows {
		out := rigaCambiata{Chiave: r.Key}
		for _, c := range r.Cells {
			if !g.Valori {
				break
			}
			v := valoreCambiato{Colonna: c.Column}
			v.Prima, v.HaPrima = text(c.Before)
			v.Dopo, v.HaDopo = text(c.After)
			out.Valori = append(out.Valori, v)
		}
		g.Righe = append(g.Righe, out)
	}
	return g
}
