package release

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// codebook is one row per column of every dataset: its type, unit and meaning in both languages.
func (in Input) codebook(*Index) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"dataset", "posizione", "colonna", "tipo", "unita", "additiva", "chiave", "obbligatoria", "rimando", "descrizione_it", "descrizione_en"}}
	for _, q := range in.Catalog.Marts() {
		for i, c := range in.columns(q) {
			additive := ""
			if c.Additive != nil {
				additive = strconv.FormatBool(*c.Additive)
			}
			isKey := slices.Contains(q.Key, c.Name)
			rows = append(rows, []string{q.Name, strconv.Itoa(i + 1), c.Name, c.Type, c.Unit, additive, strconv.FormatBool(isKey),
				strconv.FormatBool(isKey || c.Required), c.Ref, c.Text.It, c.Text.En})
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// The shapes below follow Data Package v2 (datapackage.org, 26 June 2024), one CSV resource a dataset.
type dataPackage struct {
	Schema       string            `json:"$schema"`
	Name         string            `json:"name"`
	Version      string            `json:"version,omitempty"` // of a frozen version alone
	Title        string            `json:"title"`
	Description  string            `json:"description"`
	Homepage     string            `json:"homepage"`
	Simulated    bool              `json:"simulated,omitempty"` // an extension, of simulated builds alone
	Created      string            `json:"created"`
	Licenses     []packageLicence  `json:"licenses"`
	Contributors []contributor     `json:"contributors,omitempty"`
	Resources    []packageResource `json:"resources"`
}

type packageLicence struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Path  string `json:"path"`
}

type contributor struct {
	Title string   `json:"title"`
	Roles []string `json:"roles"`
}

type packageResource struct {
	Name        string           `json:"name"`
	Type        string           `json:"type"`
	Path        string           `json:"path"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Format      string           `json:"format"`
	MediaType   string           `json:"mediatype"`
	Encoding    string           `json:"encoding"`
	Bytes       int64            `json:"bytes"`
	Hash        string           `json:"hash"`
	Licenses    []packageLicence `json:"licenses"`
	Schema      tableSchema      `json:"schema"`
	Pieces      *pieces          `json:"partitions,omitempty"` // an extension: the same rows as a partitioned folder
}

type tableSchema struct {
	Fields      []field      `json:"fields"`
	PrimaryKey  []string     `json:"primaryKey"`
	ForeignKeys []foreignKey `json:"foreignKeys,omitempty"`
}

type field struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Format      string       `json:"format,omitempty"`
	Title       string       `json:"title"`
	Description string       `json:"description"`
	Unit        string       `json:"unit,omitempty"`
	Constraints *constraints `json:"constraints,omitempty"`
}

type constraints struct {
	Required bool `json:"required,omitempty"`
	Unique   bool `json:"unique,omitempty"`
}

type foreignKey struct {
	Fields    []string      `json:"fields"`
	Reference fkeyReference `json:"reference"`
}

type fkeyReference struct {
	Resource string   `json:"resource"`
	Fields   []string `json:"fields"`
}

func (in Input) descriptor(index *Index) ([]byte, error) {
	licence := []packageLicence{{in.Site.Licence.ID, in.Site.Licence.Title, in.Site.Licence.URL}}
	p := dataPackage{
		Schema:      "https://datapackage.org/profiles/2.0/datapackage.json",
		Name:        "piccoli",
		Title:       "Il rafforzamento dei piccoli comuni italiani / Strengthening Italy's small municipalities",
		Description: "Programmi, cifre pubblicate, evidenze per comune e fonti. / Programmes, published figures, evidence by municipality and sources.",
		Homepage:    in.Site.BaseURL,
		Created:     in.AsOf + "T00:00:00Z",
		Licenses:    licence,
	}
	if in.Simulated {
		p.Simulated = true
		p.Title = "DATI SIMULATI / SIMULATED DATA · " + p.Title
		p.Description = simulatedColumn.Text.It + ". / " + simulatedColumn.Text.En + ". " + p.Description
	}
	if in.Site.Name != "" {
		p.Contributors = []contributor{{in.Site.Name, []string{"publisher"}}}
	}
	for _, d := range index.Datasets {
		q := in.Catalog.Find(catalog.Marts, d.Name)
		file := d.Formats[slices.IndexFunc(d.Formats, func(f File) bool { return f.Format == "csv" })]
		r := packageResource{Name: d.Name, Type: "table", Path: strings.TrimPrefix(file.Path, "data/"), Title: q.Title.It + " / " + q.Title.En,
			Description: q.Description.It + " / " + q.Description.En, Format: "csv", MediaType: "text/csv", Encoding: "utf-8",
			Bytes: file.Bytes, Hash: "sha256:" + file.SHA256, Licenses: licence, Schema: in.tableSchema(q), Pieces: in.pieces(q, d.Rows)}
		p.Resources = append(p.Resources, r)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(p)
	return b.Bytes(), err
}

// tableSchema is the Table Schema v2 of a dataset.
func (in Input) tableSchema(q *catalog.Query) tableSchema {
	t := tableSchema{PrimaryKey: q.Key}
	for _, c := range in.columns(q) {
		f := field{Name: c.Name, Title: c.Text.It, Description: c.Text.It + " / " + c.Text.En, Unit: c.Unit}
		if q.List != nil { // its headings in both languages
			f.Title = c.Text.It + " / " + c.Text.En
		}
		f.Type, f.Format = tableSchemaType(c)
		isKey := slices.Contains(q.Key, c.Name)
		if isKey || c.Required {
			f.Constraints = &constraints{Required: true, Unique: isKey && len(q.Key) == 1}
		}
		t.Fields = append(t.Fields, f)
		if c.Ref != "" {
			dataset, column, _ := strings.Cut(c.Ref, ".")
			t.ForeignKeys = append(t.ForeignKeys, foreignKey{[]string{c.Name}, fkeyReference{dataset, []string{column}}})
		}
	}
	return t
}

// schemaText is the same on one line, for files that carry it.
func (in Input) schemaText(q *catalog.Query) string {
	text, err := json.Marshal(in.tableSchema(q))
	if err != nil {
		panic(err) // texts and lists of them always encode
	}
	return string(text)
}

// tableSchemaType gives the type of Table Schema v2 for a declared column.
func tableSchemaType(c catalog.Column) (typ, format string) {
	switch c.Type {
	case "text":
		if c.Format == "url" {
			return "string", "uri"
		}
		return "string", ""
	case "integer", "bigint":
		return "integer", ""
	case "date":
		return "date", ""
	case "boolean":
		return "boolean", ""
	}
	return "number", ""
}

// checksums is in the form that `sha256sum -c` reads from inside data/, sorted by path. Every file of the folder is in it but itself.
func (in Input) checksums(index *Index) ([]byte, error) {
	files := slices.Clone(index.Files)
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, strings.TrimPrefix(f.Path, "data/"))
	}
	return b.Bytes(), nil
}
