package release

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"piccoli/pipelines/catalog"
)

// What documents say of the data is held against the manifest field by field: each document is read back from its bytes and turned into claims, and
// the same claims are made from the manifest. No document may say more, less or something else.

// claims are what is said, by what it is said of: "spesa.importo_eur, unit" → "EUR".
type claims map[string]string

// say notes a claim. An empty one counts as none.
func (c claims) say(of, what, text string) {
	if text != "" {
		c[strings.TrimPrefix(of+", "+what, ", ")] = text
	}
}

// account is a document that speaks of the data: what it says, and what it should say by the manifest.
type account struct {
	path string
	said func() (claims, error)
	want func(*Manifest) claims
}

// required are the documents that no folder of data may lack.
var required = []string{"codebook.csv", "datapackage.json"}

// documents are checked where the manifest names them: a version may be older than a kind of document.
func documents(folder string, m *Manifest) (out []account) {
	add := func(path string, read func(body []byte) (claims, error), want func(*Manifest) claims) {
		if !slices.ContainsFunc(m.Files, func(o Output) bool { return o.Path == path }) && !slices.Contains(required, path) {
			return
		}
		out = append(out, account{path, func() (claims, error) {
			body, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(path)))
			if err != nil {
				return nil, err
			}
			return read(body)
		}, want})
	}
	add("codebook.csv", codebookSays, codebookWanted)
	add("datapackage.json", packageSays, packageWanted)
	add("croissant.json", croissantSays, croissantWanted)
	add("index.json", apiSays, apiWanted)
	add("CITATION.cff", citationSays, citationWanted)
	add("datacite.json", dataCiteSays, dataCiteWanted)
	for i := range m.Datasets {
		d := &m.Datasets[i]
		add(d.Name+".csv-metadata.json", csvwSays, func(m *Manifest) claims { return csvwWanted(m, d) })
	}
	return out
}

// disagreements reads every document of a folder again and tells each claim that is not the manifest's, of one document at most ten.
func disagreements(folder string, m *Manifest) (found catalog.Problems) {
	const most = 10
	for _, doc := range documents(folder, m) {
		add := func(what catalog.Text) {
			found = append(found, catalog.Problem{File: doc.path, What: what})
		}
		said, err := doc.said()
		if err != nil {
			what := catalog.Textf(catalog.Text{It: "non si legge: %v", En: "it can't be read: %v"}, err)
			if errors.Is(err, fs.ErrNotExist) {
				what = catalog.Text{It: "il documento manca", En: "the document is missing"}
			}
			add(what)
			continue
		}
		want := doc.want(m)
		all := claims{}
		for k := range said {
			all[k] = ""
		}
		for k := range want {
			all[k] = ""
		}
		n := 0
		for _, k := range sortedKeys(all) {
			if said[k] == want[k] {
				continue
			}
			if n++; n <= most {
				add(catalog.Textf(catalog.Text{It: "«%s»: il documento dice «%s», il manifesto «%s»", En: "%q: the document says %q, the manifest %q"}, k, said[k], want[k]))
			}
		}
		if n > most {
			add(catalog.Textf(catalog.Text{It: "e altre %d differenze", En: "and %d more differences"}, n-most))
		}
	}
	if len(found) > 0 { // once: it is the same for all
		found[len(found)-1].Hint = catalog.Text{It: "documenti e manifesto non vengono dalla stessa costruzione: scaricare di nuovo la cartella intera", En: "documents and manifest are not of the same build: download the whole folder again"}
	}
	return found
}

// number is a version's, or "".
func (m *Manifest) number() string {
	if m.Version == nil {
		return ""
	}
	return m.Version.Number
}

// as is the manifest's share of an Input, for the words that mark simulated data.
func (m *Manifest) as() Input { return Input{Simulated: m.Simulated} }

// of gives the file of a dataset in that format, or an empty one.
func (m *Manifest) of(dataset, format string) Output {
	for _, o := range m.Files {
		if o.Dataset == dataset && o.Format == format && o.Rows != nil {
			return o
		}
	}
	return Output{}
}

// declared is a column as the functions of the documents take it. Whether a text is an address only the header knows.
func (c ColumnOf) declared() catalog.Column { return catalog.Column{Name: c.Name, Type: c.Type} }

// columns calls back for every column of every dataset.
func (m *Manifest) columns(each func(d *Contract, i int, c ColumnOf, at string)) {
	for k := range m.Datasets {
		d := &m.Datasets[k]
		for i, c := range d.Columns {
			each(d, i, c, d.Name+"."+c.Name)
		}
	}
}

func codebookSays(body []byte) (claims, error) {
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || len(rows[0]) < 3 {
		return nil, fmt.Errorf("no header")
	}
	c := claims{}
	for _, r := range rows[1:] {
		at := r[0] + "." + r[2]
		for i, text := range r {
			if i != 0 && i != 2 {
				c.say(at, rows[0][i], text)
			}
		}
	}
	return c, nil
}

func codebookWanted(m *Manifest) claims {
	c := claims{}
	m.columns(func(d *Contract, i int, col ColumnOf, at string) {
		if col.Additive != nil {
			c.say(at, "additiva", strconv.FormatBool(*col.Additive))
		}
		for k, v := range map[string]string{"posizione": strconv.Itoa(i + 1), "tipo": col.Type, "unita": col.Unit, "chiave": strconv.FormatBool(slices.Contains(d.Key, col.Name)),
			"obbligatoria": strconv.FormatBool(col.Required), "rimando": col.Ref, "descrizione_it": col.Description.It, "descrizione_en": col.Description.En} {
			c.say(at, k, v)
		}
	})
	return c
}

func packageSays(body []byte) (claims, error) {
	var p dataPackage
	if err := json.Unmarshal(body, &p); err != nil {
		return nil, err
	}
	c := claims{}
	c.say("", "version", p.Version)
	c.say("", "created", p.Created)
	c.say("", "simulated", strconv.FormatBool(p.Simulated))
	for _, l := range p.Licenses {
		c.say("", "licence", l.Name+" "+l.Path)
	}
	for _, r := range p.Resources {
		c.say(r.Name, "title", r.Title)
		c.say(r.Name, "description", r.Description)
		c.say(r.Name, "path", r.Path)
		c.say(r.Name, "bytes", strconv.FormatInt(r.Bytes, 10))
		c.say(r.Name, "hash", r.Hash)
		c.say(r.Name, "key", strings.Join(r.Schema.PrimaryKey, ","))
		for i, f := range r.Schema.Fields {
			at := r.Name + "." + f.Name
			c.say(at, "position", strconv.Itoa(i+1))
			c.say(at, "type", f.Type)
			c.say(at, "unit", f.Unit)
			c.say(at, "description", f.Description)
			c.say(at, "required", strconv.FormatBool(f.Constraints != nil && f.Constraints.Required))
		}
		for _, k := range r.Schema.ForeignKeys {
			c.say(r.Name+"."+strings.Join(k.Fields, ","), "reference", k.Reference.Resource+"."+strings.Join(k.Reference.Fields, ","))
		}
	}
	return c, nil
}

func packageWanted(m *Manifest) claims {
	c := claims{}
	c.say("", "version", m.number())
	c.say("", "created", m.Date+"T00:00:00Z")
	c.say("", "simulated", strconv.FormatBool(m.Simulated))
	c.say("", "licence", m.Licence.ID+" "+m.Licence.URL)
	for _, d := range m.Datasets {
		file := m.of(d.Name, "csv")
		c.say(d.Name, "title", d.Title.It+" / "+d.Title.En)
		c.say(d.Name, "description", d.Description.It+" / "+d.Description.En)
		c.say(d.Name, "path", file.Path)
		c.say(d.Name, "bytes", strconv.FormatInt(file.Bytes, 10))
		c.say(d.Name, "hash", "sha256:"+file.SHA256)
		c.say(d.Name, "key", strings.Join(d.Key, ","))
	}
	m.columns(func(_ *Contract, i int, col ColumnOf, at string) {
		typ, _ := tableSchemaType(col.declared())
		c.say(at, "position", strconv.Itoa(i+1))
		c.say(at, "type", typ)
		c.say(at, "unit", col.Unit)
		c.say(at, "description", col.Description.It+" / "+col.Description.En)
		c.say(at, "required", strconv.FormatBool(col.Required))
		c.say(at, "reference", col.Ref)
	})
	return c
}

// csvwTitle is the title that stands in the file: a list by law has its headings in both languages beside it.
func csvwTitle(v any) string {
	if titles, ok := v.(map[string]any); ok {
		v = titles["und"]
	}
	title, _ := v.(string)
	return title
}

// csvwBase is the base of a datatype, as csvwType gives it or as it was read; an address is a text.
func csvwBase(v any) string {
	switch d := v.(type) {
	case csvwDatatype:
		v = d.Base
	case map[string]any:
		v = d["base"]
	}
	return strings.Replace(fmt.Sprint(v), "anyURI", "string", 1)
}

func (c claims) inLanguages(of, what string, texts []map[string]string) {
	for _, t := range texts {
		c.say(of, what+" "+t["@language"], t["@value"])
	}
}

func csvwSays(body []byte) (claims, error) {
	var t csvwTable
	if err := json.Unmarshal(body, &t); err != nil {
		return nil, err
	}
	c, name := claims{}, strings.TrimSuffix(t.URL, ".csv")
	c.inLanguages(name, "title", t.Title)
	c.inLanguages(name, "description", t.Description)
	c.say(name, "licence", t.Licence.ID)
	c.say(name, "key", strings.Join(t.Schema.PrimaryKey, ","))
	for i, col := range t.Schema.Columns {
		at := name + "." + col.Name
		c.say(at, "position", strconv.Itoa(i+1))
		c.say(at, "title", csvwTitle(col.Titles))
		c.say(at, "type", csvwBase(col.Datatype))
		c.say(at, "unit", col.Unit)
		c.say(at, "required", strconv.FormatBool(col.Required))
		c.inLanguages(at, "description", col.Description)
	}
	return c, nil
}

func csvwWanted(m *Manifest, d *Contract) claims {
	c := claims{}
	c.inLanguages(d.Name, "title", languages(m.as().marked(catalog.Text(d.Title))))
	c.inLanguages(d.Name, "description", languages(m.as().described(catalog.Text(d.Description))))
	c.say(d.Name, "licence", m.Licence.URL)
	c.say(d.Name, "key", strings.Join(d.Key, ","))
	for i, col := range d.Columns {
		at := d.Name + "." + col.Name
		c.say(at, "position", strconv.Itoa(i+1))
		c.say(at, "title", col.Name)
		c.say(at, "type", csvwBase(csvwType(col.declared())))
		c.say(at, "unit", col.Unit)
		c.say(at, "required", strconv.FormatBool(col.Required))
		c.inLanguages(at, "description", languages(catalog.Text(col.Description)))
	}
	return c
}

func croissantSays(body []byte) (claims, error) {
	var p croissant
	if err := json.Unmarshal(body, &p); err != nil {
		return nil, err
	}
	c := claims{}
	c.say("", "version", p.Version)
	c.say("", "date", p.Published)
	c.say("", "licence", p.Licence)
	for _, f := range p.Files {
		c.say(f.URL, "sha256", f.SHA256)
		c.say(f.URL, "size", f.Size)
	}
	for _, s := range p.Records {
		c.say(s.Name, "description", s.Description)
		var key []string
		for _, k := range s.Key {
			key = append(key, strings.TrimPrefix(k.ID, s.Name+"/"))
		}
		c.say(s.Name, "key", strings.Join(key, ","))
		for _, f := range s.Fields {
			at := s.Name + "." + f.Name
			c.say(at, "description", f.Description)
			c.say(at, "type", f.DataType)
			c.say(at, "column", f.Source.File.ID+" "+f.Source.Extract.Column)
		}
	}
	return c, nil
}

func croissantWanted(m *Manifest) claims {
	c := claims{}
	c.say("", "version", m.number())
	c.say("", "date", m.Date)
	c.say("", "licence", m.Licence.URL)
	for _, o := range m.Files {
		if o.Rows != nil || o.Part != nil {
			c.say(o.Path, "sha256", o.SHA256)
			c.say(o.Path, "size", strconv.FormatInt(o.Bytes, 10)+" B")
		}
	}
	for _, d := range m.Datasets {
		c.say(d.Name, "description", d.Title.It+" / "+d.Title.En)
		c.say(d.Name, "key", strings.Join(d.Key, ","))
	}
	m.columns(func(d *Contract, _ int, col ColumnOf, at string) {
		c.say(at, "description", col.Description.It+" / "+col.Description.En)
		c.say(at, "type", croissantType(col.declared()))
		c.say(at, "column", d.Name+".parquet "+col.Name)
	})
	return c
}

func apiSays(body []byte) (claims, error) {
	var a apiIndex
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	c := claims{}
	c.say("", "version", a.Version)
	c.say("", "date", a.Date)
	c.say("", "simulated", strconv.FormatBool(a.Simulated))
	c.say("", "licence", a.Licence.ID+" "+a.Licence.URL)
	for _, d := range a.Datasets {
		c.say(d.Name, "title", d.Title.It+" / "+d.Title.En)
		c.say(d.Name, "description", d.Description.It+" / "+d.Description.En)
		c.say(d.Name, "rows", strconv.FormatInt(d.Rows, 10))
		c.say(d.Name, "sha256", d.SHA256)
		c.say(d.Name, "key", strings.Join(d.Key, ","))
		for _, f := range d.Files {
			c.say(f.URL, "sha256", f.SHA256)
			c.say(f.URL, "bytes", strconv.FormatInt(f.Bytes, 10))
			c.say(f.URL, "format", f.Format)
		}
	}
	return c, nil
}

func apiWanted(m *Manifest) claims {
	c := claims{}
	c.say("", "version", m.number())
	c.say("", "date", m.Date)
	c.say("", "simulated", strconv.FormatBool(m.Simulated))
	c.say("", "licence", m.Licence.ID+" "+m.Licence.URL)
	for _, d := range m.Datasets {
		c.say(d.Name, "title", d.Title.It+" / "+d.Title.En)
		c.say(d.Name, "description", d.Description.It+" / "+d.Description.En)
		c.say(d.Name, "rows", strconv.FormatInt(d.Rows, 10))
		c.say(d.Name, "sha256", d.SHA256)
		c.say(d.Name, "key", strings.Join(d.Key, ","))
	}
	for _, o := range m.Files {
		if o.Rows != nil {
			c.say(o.Path, "sha256", o.SHA256)
			c.say(o.Path, "bytes", strconv.FormatInt(o.Bytes, 10))
			c.say(o.Path, "format", o.Format)
		}
	}
	return c
}

func citationSays(body []byte) (claims, error) {
	var y struct {
		Version  string `yaml:"version"`
		Date     string `yaml:"date-released"`
		Licence  string `yaml:"license"`
		Artifact string `yaml:"repository-artifact"`
	}
	if err := yaml.Unmarshal(body, &y); err != nil {
		return nil, err
	}
	c := claims{}
	c.say("", "version", y.Version)
	c.say("", "date", y.Date)
	c.say("", "licence", y.Licence)
	if _, number, ok := strings.Cut(strings.TrimSuffix(y.Artifact, "/data/manifest.json"), "/releases/"); ok {
		c.say("", "address", number)
	}
	return c, nil
}

func citationWanted(m *Manifest) claims {
	c := claims{}
	c.say("", "version", m.number())
	c.say("", "date", m.Date)
	c.say("", "licence", m.Licence.ID)
	c.say("", "address", m.number())
	return c
}

func dataCiteSays(body []byte) (claims, error) {
	var d dataCite
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, err
	}
	c := claims{}
	c.say("", "version", d.Version)
	c.say("", "year", d.Year)
	for _, at := range d.Dates {
		c.say("", "date", at.Date)
	}
	for _, r := range d.Rights {
		c.say("", "licence", r.ID+" "+r.URI)
	}
	return c, nil
}

func dataCiteWanted(m *Manifest) claims {
	c := claims{}
	c.say("", "version", m.number())
	c.say("", "year", m.Date[:min(4, len(m.Date))])
	c.say("", "date", m.Date)
	c.say("", "licence", m.Licence.ID+" "+m.Licence.URL)
	return c
}
