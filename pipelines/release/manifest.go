package release

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// manifestFormat is the version of the manifest's own shape.
const manifestFormat = "piccoli-manifest/1"

// The files of a folder of data that speak of the others.
const (
	manifestName = "manifest.json"
	latestName   = "latest.json"
	sumsName     = "SHA256SUMS"
)

// Manifest says what a folder of data is: from what it was made, by what, and every file in it but the manifest itself, SHA256SUMS,
// latest.json and the signature. Paths of files are relative to the manifest. It holds no time, place or name of a machine.
type Manifest struct {
	Format    string     `json:"format"`
	Version   *Version   `json:"version,omitempty"` // of a frozen version alone
	Date      string     `json:"date"`              // ISO date of the data
	Simulated bool       `json:"simulated,omitempty"`
	Warning   string     `json:"warning,omitempty"` // of simulated data: what they are, in both languages
	Publisher string     `json:"publisher,omitempty"`
	Licence   Licence    `json:"licence"`
	Program   Program    `json:"program"`
	Queries   []Source   `json:"queries"`
	Inputs    []Source   `json:"inputs"`
	Datasets  []Contract `json:"datasets"`
	Files     []Output   `json:"files"` // sorted by path
}

// Program is what made the data.
type Program struct {
	Name         string `json:"name"`
	SourceSHA256 string `json:"source_sha256"` // piccoli.SourceSHA256
	DuckDB       string `json:"duckdb"`        // version of the engine, e.g. v1.5.6
}

// Source is a file that the data were made from: a query, or an input with its contract. Of a file that an office delivered only the table
// and the digest are said: its name and place are the office's own.
type Source struct {
	Table       string `json:"table,omitempty"`
	Path        string `json:"path,omitempty"` // slash path from the project root; empty for a private file
	SHA256      string `json:"sha256"`
	Bytes       int64  `json:"bytes,omitempty"`
	Private     bool   `json:"private,omitempty"`
	Publisher   string `json:"source,omitempty"`
	URL         string `json:"url,omitempty"`
	Licence     string `json:"licence,omitempty"`
	Attribution string `json:"attribution,omitempty"`
	Received    string `json:"received,omitempty"` // ISO date
}

// Contract is one dataset as its header declares it.
type Contract struct {
	Name        string      `json:"name"`
	Title       Words       `json:"title"`
	Description Words       `json:"description"`
	Grain       Words       `json:"grain"`
	Key         []string    `json:"key"`
	Rows        int64       `json:"rows"`
	Columns     []ColumnOf  `json:"columns"`
	RenamedFrom string      `json:"renamed_from,omitempty"` // the dataset's earlier name
	Renamed     []RenamedTo `json:"renamed,omitempty"`
	Removed     []string    `json:"removed,omitempty"` // columns of earlier versions that are gone for good
	SHA256      string      `json:"sha256"`            // of the CSV: the content's identity
	Reads       []string    `json:"inputs"`            // tables of Inputs that it is made from, directly or not
}

// ColumnOf is one column of a dataset.
type ColumnOf struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // as in the header: text, integer, bigint, date, boolean, double, decimal(p,s)
	Unit        string `json:"unit,omitempty"`
	Additive    *bool  `json:"additive,omitempty"`
	Ref         string `json:"ref,omitempty"`
	Required    bool   `json:"required,omitempty"`
	Description Words  `json:"description"`
}

// RenamedTo says under which name a column of earlier versions goes on.
type RenamedTo struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Words is a text in both languages.
type Words struct {
	It string `json:"it"`
	En string `json:"en"`
}

// Text gives the words as the rest of the program holds them.
func (w Words) Text() catalog.Text { return catalog.Text(w) }

// Output is one file.
type Output struct {
	Path    string `json:"path"` // from the manifest's folder
	SHA256  string `json:"sha256"`
	Bytes   int64  `json:"bytes"`
	Format  string `json:"format"`
	Dataset string `json:"dataset,omitempty"`
	Rows    *int64 `json:"rows,omitempty"` // of a file that holds a whole dataset
	Part    *Part  `json:"part,omitempty"` // of a file that holds a piece of one
}

// Part says which rows of a dataset a file holds: those with a value in each of some columns, in the dataset's order.
type Part struct {
	Where []Equal `json:"where"`
	Rows  int64   `json:"rows"`
}

// Equal is the value that a column has in all rows of a piece.
type Equal struct {
	Column string `json:"column"`
	Value  string `json:"value,omitempty"` // empty: the rows without one
}

// by names the columns that a piece is told by.
func (p *Part) by() string {
	var names []string
	for _, e := range p.Where {
		names = append(names, e.Column)
	}
	return strings.Join(names, ", ")
}

// column gives the column of that name, or nil.
func (c *Contract) column(name string) *ColumnOf {
	for i := range c.Columns {
		if c.Columns[i].Name == name {
			return &c.Columns[i]
		}
	}
	return nil
}

// without is the contract of a file that lacks the columns that it is a piece by.
func (c *Contract) without(p *Part) *Contract {
	out := *c
	out.Columns = slices.DeleteFunc(slices.Clone(c.Columns), func(c ColumnOf) bool {
		return slices.ContainsFunc(p.Where, func(e Equal) bool { return e.Column == c.Name })
	})
	return &out
}

// Dataset gives the dataset of that name, or nil.
func (m *Manifest) Dataset(name string) *Contract {
	for i := range m.Datasets {
		if m.Datasets[i].Name == name {
			return &m.Datasets[i]
		}
	}
	return nil
}

// manifest describes the files written so far.
func (in Input) manifest(ctx context.Context, index *Index) (*Manifest, error) {
	m := &Manifest{Format: manifestFormat, Date: in.AsOf, Simulated: in.Simulated, Publisher: in.Site.Name, Licence: in.Site.Licence,
		Program: Program{Name: "piccoli", SourceSHA256: in.Program}, Queries: []Source{}, Inputs: []Source{}}
	m.Warning = in.warning()
	if err := in.DB.QueryRowContext(ctx, "select library_version from pragma_version()").Scan(&m.Program.DuckDB); err != nil {
		return nil, err
	}
	for _, q := range in.Catalog.Queries {
		if q.Layer == catalog.Reports { // they make no data
			continue
		}
		s, err := fileOf(in.Catalog.Root, q.Path)
		if err != nil {
			return nil, err
		}
		m.Queries = append(m.Queries, s)
	}
	slices.SortFunc(m.Queries, func(a, b Source) int { return cmp.Compare(a.Path, b.Path) })
	var err error
	if m.Inputs, err = in.inputs(ctx); err != nil {
		return nil, err
	}
	of := map[string]int{}
	for i, d := range index.Datasets {
		m.Datasets = append(m.Datasets, in.contract(in.Catalog.Find(catalog.Marts, d.Name), d))
		for _, f := range d.Formats {
			of[f.Path] = i
		}
		for _, f := range d.Parts {
			of[f.Path] = i
		}
	}
	for _, f := range index.Files {
		o := Output{Path: strings.TrimPrefix(f.Path, "data/"), SHA256: f.SHA256, Bytes: f.Bytes, Format: f.Format, Part: f.Part}
		if !strings.HasPrefix(f.Path, "data/") {
			continue
		}
		if i, ok := of[f.Path]; ok {
			o.Dataset = index.Datasets[i].Name
			if o.Part == nil {
				o.Rows = &index.Datasets[i].Rows
			}
		}
		m.Files = append(m.Files, o)
	}
	sortOutputs(m.Files)
	return m, nil
}

// warning is what a file of a simulated build says of itself, or "".
func (in Input) warning() string {
	if !in.Simulated {
		return ""
	}
	return simulatedColumn.Text.It + " / " + simulatedColumn.Text.En
}

func sortOutputs(files []Output) {
	slices.SortFunc(files, func(a, b Output) int { return cmp.Compare(a.Path, b.Path) })
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// contract is what the header of a dataset says, with the number of its rows.
func (in Input) contract(q *catalog.Query, d Dataset) Contract {
	c := Contract{Name: q.Name, Title: Words(q.Title), Description: Words(q.Description), Grain: Words(q.Grain), Key: q.Key, Rows: d.Rows,
		RenamedFrom: q.RenamedFrom, Removed: q.Removed, SHA256: d.SHA256, Reads: []string{}}
	for _, r := range q.Renamed {
		c.Renamed = append(c.Renamed, RenamedTo(r))
	}
	for _, col := range in.columns(q) {
		c.Columns = append(c.Columns, ColumnOf{Name: col.Name, Type: col.Type, Unit: col.Unit, Additive: col.Additive, Ref: col.Ref,
			Required: col.Required || slices.Contains(q.Key, col.Name), Description: Words(col.Text)})
	}
	seen := map[catalog.Ref]bool{}
	var walk func(q *catalog.Query)
	walk = func(q *catalog.Query) {
		if q.Source != nil {
			c.Reads = append(c.Reads, q.Name)
		}
		for _, r := range append(slices.Clone(q.DependsOn), in.Catalog.Filters(q)...) {
			if r.Schema == "piccoli" { // the books know every delivery
				for _, s := range in.Catalog.Layer(catalog.Staging) {
					if s.Source != nil && s.Source.Delivered() && !seen[s.Ref()] {
						seen[s.Ref()] = true
						walk(s)
					}
				}
			}
			next := in.Catalog.Find(catalog.Layer(r.Schema), r.Name)
			if next == nil || seen[r] {
				continue
			}
			seen[r] = true
			walk(next)
		}
	}
	walk(q)
	slices.Sort(c.Reads)
	c.Reads = slices.Compact(c.Reads)
	return c
}

// inputs are the files of the ledger and of the log of deliveries, each once for each table.
func (in Input) inputs(ctx context.Context) (out []Source, err error) {
	rows, err := in.DB.QueryContext(ctx, `select tabella, file, file_sha256, max(ricevuta) from (
			select tabella, file, file_sha256, null::varchar as ricevuta from piccoli.registro_righe
			union all select tabella, file, file_sha256, ricevuta_il::varchar from piccoli.consegne where file_sha256 is not null)
		group by all order by tabella, file, file_sha256`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out = []Source{}
	for rows.Next() {
		var table, file, sum string
		var received *string
		if err := rows.Scan(&table, &file, &sum, &received); err != nil {
			return nil, err
		}
		q := in.Catalog.Find(catalog.Staging, table)
		if q == nil || q.Source == nil {
			return nil, fmt.Errorf("no contract of the table %q that was read from %s", table, file)
		}
		s := Source{Table: table, SHA256: sum, Publisher: q.Source.Publisher, URL: q.Source.URL, Licence: q.Source.Licence, Attribution: q.Source.Attribution, Received: q.Source.Received}
		if received != nil {
			s.Received = *received
		}
		if !q.Source.Delivered() || strings.HasPrefix(file, "data/raw/") {
			info, err := os.Stat(filepath.Join(in.Catalog.Root, filepath.FromSlash(file)))
			if err != nil && !errors.Is(err, fs.ErrNotExist) { // a file of the log may be gone
				return nil, err
			}
			s.Path = file
			if err == nil {
				s.Bytes = info.Size()
			}
		} else {
			s = Source{Table: table, SHA256: sum, Private: true}
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Source) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Path, b.Path), cmp.Compare(a.SHA256, b.SHA256))
	})
	return slices.Compact(out), rows.Err()
}

// fileOf reads a project file's size and digest.
func fileOf(root, path string) (Source, error) {
	body, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		return Source{}, err
	}
	return Source{Path: path, SHA256: Digest(body), Bytes: int64(len(body))}, nil
}

// Digest is the SHA-256 of a text, in lower-case hex.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// encode writes JSON for people and machines: indented, with no escape that only HTML needs.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// Folder finds the folder that holds a manifest: the one given, or data/ below it.
func Folder(dir string) (string, error) {
	for _, at := range []string{dir, filepath.Join(dir, "data")} {
		if _, err := os.Stat(filepath.Join(at, manifestName)); err == nil {
			return at, nil
		}
	}
	return "", &TreeError{catalog.Problems{{What: catalog.Textf(catalog.Text{It: "in %s non c'è un manifest.json", En: "%s holds no manifest.json"}, dir),
		Hint: catalog.Text{It: "dare la cartella di una versione (releases/1.0.0), quella dei dati (site/dist/data) o quella del sito", En: "give the folder of a version (releases/1.0.0), that of the data (site/dist/data) or that of the site"}}}}
}

// ReadManifest reads the manifest of a folder, strictly.
func ReadManifest(folder string) (*Manifest, error) {
	m, _, err := readManifest(folder)
	return m, err
}

func readManifest(folder string) (*Manifest, []byte, error) {
	raw, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err != nil {
		return nil, nil, err
	}
	m := &Manifest{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err = d.Decode(m)
	if err == nil && m.Format != manifestFormat {
		err = fmt.Errorf("format %q", m.Format)
	}
	if err != nil {
		return nil, raw, &TreeError{catalog.Problems{{File: manifestName, What: catalog.Textf(catalog.Text{It: "non è un manifesto che questo programma sappia leggere (%v)", En: "it is no manifest that this program can read (%v)"}, err),
			Hint: catalog.Text{It: "il file è troncato o toccato: scaricarlo di nuovo da chi lo pubblica", En: "the file is truncated or was touched: download it again from its publisher"}}}}
	}
	return m, raw, nil
}

// TreeError says that a folder of data is not what its manifest says.
type TreeError struct{ Problems catalog.Problems }

func (e *TreeError) Error() string { return e.Problems.Error() }
