package release

import (
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// csvw describes a dataset's CSV beside it, as CSV on the Web (https://www.w3.org/TR/tabular-metadata/): whoever fetches x.csv finds x.csv-metadata.json. The name of each
// column stands in the file; its meaning is the title in both languages. Keys of other datasets are in datapackage.json alone: here the standard wants the table referred to
// in the same document.
func (in Input) csvw(d Dataset) ([]byte, error) {
	q := in.Catalog.Find(catalog.Marts, d.Name)
	table := csvwTable{Context: []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": "it"}}, URL: d.Name + ".csv",
		Title: languages(in.marked(q.Title)), Description: languages(in.described(q.Description)), Licence: csvwLink{in.Site.Licence.URL},
		Dialect: csvwDialect{Encoding: "utf-8", Header: true, HeaderRows: 1, Delimiter: ",", Quote: `"`, DoubleQuote: true},
		Schema:  csvwSchema{PrimaryKey: q.Key, URL: "#row={_row}"}}
	for _, c := range in.columns(q) {
		// The header row holds the name, so the first title is the name as the standard wants it for validation; the words are the description.
		col := csvwColumn{Name: c.Name, Titles: c.Name, Description: languages(c.Text), Required: c.Required || slices.Contains(q.Key, c.Name), Datatype: csvwType(c), Unit: c.Unit}
		if q.List != nil { // its headings in both languages
			col.Titles = map[string]string{"und": c.Name, "it": c.Text.It, "en": c.Text.En}
		}
		table.Schema.Columns = append(table.Schema.Columns, col)
	}
	return encode(table)
}

type csvwTable struct {
	Context     []any               `json:"@context"`
	URL         string              `json:"url"`
	Title       []map[string]string `json:"dc:title"`
	Description []map[string]string `json:"dc:description"`
	Licence     csvwLink            `json:"dc:license"`
	Dialect     csvwDialect         `json:"dialect"`
	Schema      csvwSchema          `json:"tableSchema"`
}

type csvwLink struct {
	ID string `json:"@id"`
}

type csvwDialect struct {
	Encoding    string `json:"encoding"`
	Header      bool   `json:"header"`
	HeaderRows  int    `json:"headerRowCount"`
	Delimiter   string `json:"delimiter"`
	Quote       string `json:"quoteChar"`
	DoubleQuote bool   `json:"doubleQuote"`
}

type csvwSchema struct {
	Columns    []csvwColumn `json:"columns"`
	PrimaryKey []string     `json:"primaryKey"`
	URL        string       `json:"aboutUrl"`
}

type csvwColumn struct {
	Name        string              `json:"name"`
	Titles      any                 `json:"titles"`
	Description []map[string]string `json:"dc:description"`
	Unit        string              `json:"schema:unitText,omitempty"`
	Required    bool                `json:"required"`
	Datatype    any                 `json:"datatype"`
}

// languages is a text of JSON-LD in both languages.
func languages(t catalog.Text) []map[string]string {
	return []map[string]string{{"@value": t.It, "@language": "it"}, {"@value": t.En, "@language": "en"}}
}

type csvwDatatype struct {
	Base   string `json:"base"`
	Format string `json:"format,omitempty"`
}

// csvwType is the datatype of a column. Numbers are written with a point and no groups; of a DECIMAL with all its decimals.
func csvwType(c catalog.Column) any {
	switch c.Type {
	case "text":
		switch c.Format {
		case "codice_istat":
			return csvwDatatype{"string", "[0-9]{6}"}
		case "url":
			return "anyURI"
		}
		return "string"
	case "integer", "bigint":
		return "integer"
	case "date":
		return csvwDatatype{"date", "yyyy-MM-dd"}
	case "boolean":
		return csvwDatatype{"boolean", "true|false"}
	case "double":
		return "double"
	}
	_, scale, _ := strings.Cut(strings.TrimSuffix(c.Type, ")"), ",")
	if places, err := strconv.Atoi(scale); err == nil && places > 0 {
		return csvwDatatype{"decimal", "0." + strings.Repeat("0", places)}
	}
	return "decimal"
}
