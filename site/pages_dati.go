package site

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// wholeTable is the number of rows up to which a dataset's page holds all of them, each with an anchor that other pages
// name as the proof of a figure; of longer ones it shows the first firstRows.
const (
	wholeTable = 400
	firstRows  = 20
)

// datasetRiga is a dataset in the list.
type datasetRiga struct {
	Nome                string
	Titolo, Descrizione catalog.Text
	Righe               int64
	File                []release.File
}

// colonna is one line of a dictionary.
type colonna struct {
	Nome, Tipo, Unita string
	Testo             catalog.Text
	Chiave, Required  bool
	Additiva          string // "", si, no
	Ref               named
}

// cella is one value of a preview.
type cella struct {
	Testo string
	Tipo  string // testo, numero, euro, booleano
	Path  string // what a reference points to, or empty
}

type rigaDati struct {
	Anchor string
	Celle  []cella
}

// origine is one file behind a dataset: its contract and what the ledger says of it.
type origine struct {
	Titolo                             catalog.Text
	Tabella, Editore, URL, Licenza     string
	Attribuzione, SQL, File, SHA256    string
	Lette, Caricate, Quarantena, Righe int64
}

type datasetView struct {
	Nome                       string
	Titolo, Descrizione, Grana catalog.Text
	Righe, Limite              int64 // Limite: of JSON and XLSX
	Grande                     bool  // more rows than that
	SHA256                     string
	Chiave                     []string
	Colonne                    []colonna
	Controlli                  []controllo
	Grafici                    []graficoView
	Mappe                      []mappaView
	Legge, Letto               []named
	Altre                      []string // tables outside marts and staging
	Origini                    []origine
	FileSQL, SQL               string
	Intestazioni               []colonna
	Anteprima                  anteprima
	Prime                      int64 // rows in it
	Tutte                      bool
	File                       []release.File
	Fonti                      []fonteRef
	Assenti                    []arrivo
	Ritirate                   []ritirato
	CSV                        string
	Prove                      []filtrata
	Norma                      catalog.Text // of a list that a law wants published
	Parti                      []release.File
	Cartella                   string // glob of the files by region, from data/, or empty
}

func (b *builder) datiPages(ctx context.Context, yield func(page) error) error {
	home, here := crumb{b.text("briciole.home"), ""}, crumb{b.text("dati.titolo"), "dati/"}
	marts := b.in.Catalog.Marts()
	var list []datasetRiga
	for _, q := range marts {
		d, err := b.released(q.Name)
		if err != nil {
			return err
		}
		list = append(list, datasetRiga{q.Name, q.Title, q.Description, d.Rows, d.Formats})
	}
	general := slices.Clone(b.in.Release.Root)
	for _, f := range b.in.Release.Files {
		if strings.HasSuffix(f.Path, ".csv-metadata.json") {
			continue // found beside its CSV by whoever reads CSVW
		}
		if !slices.ContainsFunc(b.in.Release.Datasets, func(d release.Dataset) bool {
			return slices.ContainsFunc(slices.Concat(d.Formats, d.Parts), func(g release.File) bool { return g.Path == f.Path })
		}) {
			general = append(general, f)
		}
	}
	if err := yield(page{Kind: "dati", Path: "dati/", Section: "dati", Title: here.Text, Description: b.text("dati.descrizione"),
		Crumbs: []crumb{home}, Linked: b.linkedCatalogue(b.text("dati.descrizione"), list), Data: struct {
			Dataset []datasetRiga
			Altri   []release.File
			Limite  int64
		}{list, general, release.SmallRows}}); err != nil {
		return err
	}
	for _, q := range marts {
		d, err := b.released(q.Name)
		if err != nil {
			return err
		}
		v, err := b.datasetView(ctx, q, d)
		if err != nil {
			return err
		}
		if err := yield(page{Kind: "dataset", Path: "dati/" + q.Name + "/", Section: "dati", Title: q.Title,
			Description: q.Description, Crumbs: []crumb{home, here}, Linked: b.linkedDataset(q, d), Data: v}); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) released(name string) (release.Dataset, error) {
	for _, d := range b.in.Release.Datasets {
		if d.Name == name {
			return d, nil
		}
	}
	return release.Dataset{}, fmt.Errorf("site: the release holds no dataset %q", name)
}

func (b *builder) datasetView(ctx context.Context, q *catalog.Query, d release.Dataset) (datasetView, error) {
	v := datasetView{Nome: q.Name, Titolo: q.Title, Descrizione: q.Description, Grana: q.Grain, Righe: d.Rows, SHA256: d.SHA256, Limite: release.SmallRows, Grande: d.Rows > release.SmallRows,
		Chiave: q.Key, FileSQL: q.Path, Prove: b.prove[q.Name], SQL: strings.Trim(q.SQL, "\n"), File: d.Formats}
	for _, f := range d.Formats {
		if f.Format == "csv" {
			v.CSV = f.Path
		}
	}
	v.Parti = d.Parts
	if release.Partitioned(q, d.Rows) {
		v.Cartella = release.PartitionGlob(q.Name)
	}
	if q.List != nil {
		v.Norma = q.List.Law
	}
	for _, c := range q.Columns {
		v.Colonne = append(v.Colonne, b.colonna(q, c))
	}
	for _, c := range b.w.controlli {
		if c.Dataset == q.Name || c.Dataset == q.Ref().String() {
			v.Controlli = append(v.Controlli, c)
		}
	}
	for _, id := range q.Sources {
		f, err := b.w.fonteRef(id)
		if err != nil {
			return v, err
		}
		v.Fonti = append(v.Fonti, f)
	}
	v.Assenti = b.assenti(q)
	for _, r := range b.ritirati() {
		if r.Dataset == q.Name {
			v.Ritirate = append(v.Ritirate, r)
		}
	}
	b.lineage(q, &v)
	b.preview(ctx, q, &v)
	return v, b.graphics(ctx, q, &v)
}

func (b *builder) colonna(q *catalog.Query, c catalog.Column) colonna {
	out := colonna{Nome: c.Name, Tipo: c.Type, Unita: c.Unit, Testo: c.Text, Chiave: slices.Contains(q.Key, c.Name), Required: c.Required}
	if c.Additive != nil {
		out.Additiva = map[bool]string{true: "si", false: "no"}[*c.Additive]
	}
	if dataset, col, ok := strings.Cut(c.Ref, "."); ok {
		out.Ref = named{same(c.Ref), "dati/" + dataset + "/#" + anchor("c", col)}
	}
	return out
}

// lineage fills in what the dataset reads, what reads it, and the files at the start of it all.
func (b *builder) lineage(q *catalog.Query, v *datasetView) {
	for _, m := range b.in.Catalog.Marts() {
		for _, r := range m.DependsOn {
			if r == q.Ref() {
				v.Letto = append(v.Letto, named{m.Title, "dati/" + m.Name + "/"})
			}
		}
	}
	seen := map[catalog.Ref]bool{}
	var walk func(q *catalog.Query, direct bool)
	walk = func(q *catalog.Query, direct bool) {
		for _, r := range q.DependsOn {
			next := b.in.Catalog.Find(catalog.Layer(r.Schema), r.Name)
			if direct {
				switch {
				case next == nil:
					v.Altre = append(v.Altre, r.String())
				case next.Layer == catalog.Marts:
					v.Legge = append(v.Legge, named{next.Title, "dati/" + next.Name + "/"})
				default:
					v.Legge = append(v.Legge, named{next.Title, "#" + anchor("o", next.Name)})
				}
			}
			if next == nil || seen[r] {
				continue
			}
			seen[r] = true
			if next.Layer == catalog.Staging {
				v.Origini = append(v.Origini, b.origini(next)...)
			}
			walk(next, false)
		}
	}
	walk(q, true)
	slices.SortStableFunc(v.Origini, func(x, y origine) int { return strings.Compare(x.Tabella+x.File, y.Tabella+y.File) })
}

// origini gives a staging table's contract with each file that was read for it.
func (b *builder) origini(q *catalog.Query) []origine {
	o := origine{Titolo: q.Title, Tabella: q.Name, SQL: q.Path}
	if s := q.Source; s != nil {
		o.Editore, o.URL, o.Licenza, o.Attribuzione = s.Publisher, s.URL, s.Licence, s.Attribution
	}
	var out []origine
	for _, r := range b.w.registro {
		if r.Tabella == q.Name || strings.HasSuffix(r.Tabella, "."+q.Name) {
			o.File, o.SHA256, o.Lette, o.Caricate, o.Quarantena = r.File, r.SHA256, r.Lette, r.Caricate, r.Quarantena
			out = append(out, o)
		}
	}
	if out == nil {
		out = append(out, o)
	}
	return out
}

// firstRowsSQL asks for the first rows of a dataset in the order of its key, where they fulfil a condition if there is one.
func firstRowsSQL(q *catalog.Query, columns []catalog.Column, where, limit string) string {
	cols, order := make([]string, len(columns)), make([]string, len(q.Key))
	for i, c := range columns {
		cols[i] = "cast(" + quoteName(c.Name) + " as varchar)"
	}
	for i, k := range q.Key {
		order[i] = quoteName(k)
	}
	if where != "" {
		where = " where " + where
	}
	return fmt.Sprintf("select %s from %s%s order by %s limit %s", strings.Join(cols, ", "), q.Ref(), where, strings.Join(order, ", "), limit)
}

// anteprima are rows that a page shows. They are read where the page is written, since most builds write few pages: till then what they are made from stands
// for them.
type anteprima struct {
	da    string
	righe func() ([]rigaDati, error)
}

// MarshalJSON gives the identity of the rows, which is all that the page's own needs of them.
func (a anteprima) MarshalJSON() ([]byte, error) { return json.Marshal(a.da) }

// Righe reads the rows.
func (a anteprima) Righe() ([]rigaDati, error) { return a.righe() }

// preview shows the dataset's first rows, or all of a small one.
func (b *builder) preview(ctx context.Context, q *catalog.Query, v *datasetView) {
	v.Intestazioni = v.Colonne
	v.Tutte = v.Righe <= wholeTable
	v.Prime = min(v.Righe, firstRows)
	limit := firstRows
	if v.Tutte {
		limit, v.Prime = wholeTable, v.Righe
	}
	from := []string{b.in.Keys[q.String()], firstRowsSQL(q, q.Columns, "", strconv.Itoa(limit)), b.in.Keys["marts.regioni"], b.in.Keys["marts.comuni"]}
	for _, c := range q.Columns {
		if c.Ref != "" { // where it leads, to what is no comune or region
			from = append(from, b.refPath(c.Ref, ""))
		}
	}
	v.Anteprima = anteprima{contentKey(from...), sync.OnceValues(func() ([]rigaDati, error) { return b.primeRighe(ctx, q, q.Columns, "", limit) })}
}

// primeRighe reads so many rows of a dataset, where they fulfil a condition.
func (b *builder) primeRighe(ctx context.Context, q *catalog.Query, columns []catalog.Column, where string, limit int) ([]rigaDati, error) {
	rows, err := queryText(ctx, b.in.DB, firstRowsSQL(q, columns, where, strconv.Itoa(limit)))
	return b.righeDati(q, columns, rows), err
}

// righeDati are rows as pages show them. A row has its anchor where the key's columns are among those asked for.
func (b *builder) righeDati(q *catalog.Query, columns []catalog.Column, rows [][]sql.NullString) (out []rigaDati) {
	for _, r := range rows {
		var line rigaDati
		keys := make([]string, len(q.Key))
		for i, c := range columns {
			cell := cella{Testo: r[i].String, Tipo: "testo"}
			switch {
			case c.Numeric() && c.Unit == "EUR":
				cell.Tipo = "euro"
			case c.Numeric():
				cell.Tipo = "numero"
			case c.Type == "boolean":
				cell.Tipo = "booleano"
			}
			if c.Ref != "" && cell.Testo != "" {
				cell.Path = b.refPath(c.Ref, cell.Testo)
			}
			line.Celle = append(line.Celle, cell)
			if k := slices.Index(q.Key, c.Name); k >= 0 {
				keys[k] = cell.Testo
			}
		}
		line.Anchor = anchor("r", keys...)
		out = append(out, line)
	}
	return out
}

// refPath is the page on which the row that a reference names is told.
func (b *builder) refPath(ref, value string) string {
	dataset, col, _ := strings.Cut(ref, ".")
	switch dataset {
	case "regioni":
		if b.w.regione[value] != nil {
			return b.w.regioneRef(value).Path
		}
	case "comuni":
		if c := b.w.comune[value]; c != nil && (c.Piccolo || c.NumeroEvidenze > 0) {
			return "comuni/" + value + "/"
		}
		return ""
	case "programmi", "ambiti":
		return dataset + "/" + value + "/"
	case "fonti", "confronti":
		return dataset + "/#" + anchor(dataset[:1], value)
	}
	path := "dati/" + dataset + "/"
	q, d := b.in.Catalog.Find(catalog.Marts, dataset), release.Dataset{}
	if i := slices.IndexFunc(b.in.Release.Datasets, func(d release.Dataset) bool { return d.Name == dataset }); i >= 0 {
		d = b.in.Release.Datasets[i]
	}
	if q != nil && slices.Equal(q.Key, []string{col}) && d.Rows <= wholeTable {
		return path + "#" + anchor("r", value)
	}
	return path
}
