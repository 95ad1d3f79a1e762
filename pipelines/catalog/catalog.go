// Package catalog says what exists: it reads every SQL file below queries/, parses its header strictly, reads its
// dependencies from DuckDB's own syntax tree and enforces the layer rules. It knows no data.
package catalog

import (
	"crypto/sha256"
	"slices"
	"strings"
)

// Text is one sentence or label in the two languages of the project.
type Text struct{ It, En string }

// In gives the text in the language "it" or "en".
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.It
}

// Layer is the folder of a query below queries/: one stage of the flow.
type Layer string

// The layers, in the order of the flow.
const (
	Staging Layer = "staging"
	Marts   Layer = "marts"
	Checks  Layer = "checks"
	Reports Layer = "reports"
)

// Severity of a check: an error stops the publication, a warning is published and shown, a row that breaks a rule of severity row
// goes to quarantine with its children and the others go on.
type Severity string

// The severities of a check.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Row     Severity = "row"
)

// Query is one SQL file with its contract. In the layer marts it is a published dataset.
type Query struct {
	Layer       Layer
	Name        string // file name without .sql; the table in the schema of its layer
	Path        string // slash path from the project root, e.g. queries/marts/comuni.sql
	Line        int    // line of the header's opening mark
	SQL         string // the text below the header, unchanged
	SQLLine     int    // line of the file on which SQL starts
	Title       Text
	Description Text
	Grain       Text
	Key         []string
	Columns     []Column // declared output columns; for staging without its own columns, those of Source
	Rows        *Bounds
	Checks      []Check
	Charts      []Chart
	Keywords    map[string][]string // language → words
	Themes      []string            // EU data-theme codes, e.g. GOVE
	Frequency   string              // EU frequency code of a dataset that has a cadence of its own, e.g. ANNUAL_2, or empty
	Sources     []string            // ids of marts.fonti that stand behind the whole dataset
	Date        string              // date-of-fact column, or empty
	RenamedFrom string              // name that the dataset had in published versions, or empty
	Renamed     []Rename            // columns that published versions knew by another name
	Removed     []string            // columns of published versions that are gone for good
	List        *List               // of a dataset that a law wants published, or nil
	Severity    Severity            // of a file in the layer checks
	Table       string              // of a check of severity row: the staging table whose rows it sends to quarantine
	Mark        string              // of a check of severity row: the column to mark, or empty
	Source      *Source             // staging only
	Params      []Param             // reports only
	DependsOn   []Ref               // tables the SQL reads, in the order of the text, without duplicates

	places []Place           // where DependsOn stand in the file
	print  [sha256.Size]byte // of the file
	rowKey []string          // of a check of severity row: the key of its table
}

// Ref names a table by schema and name.
type Ref struct{ Schema, Name string }

func (r Ref) String() string { return r.Schema + "." + r.Name }

// Ref is the table that the query makes.
func (q *Query) Ref() Ref { return Ref{string(q.Layer), q.Name} }

// Column gives the declared column of that name, or nil.
func (q *Query) Column(name string) *Column {
	for i := range q.Columns {
		if q.Columns[i].Name == name {
			return &q.Columns[i]
		}
	}
	return nil
}

// Column is one declared column: its type, its meaning in two languages and what may be done with it.
type Column struct {
	Name     string
	Type     string // text, integer, bigint, date, boolean, double, decimal(p,s)
	Text     Text
	Unit     string // EUR, abitanti, comuni, pct …; empty for what has no unit
	Additive *bool  // nil where the question does not arise; false forbids totals
	Ref      string // dataset.column of another mart, or empty
	Required bool   // no NULL; key columns are required by themselves
	Line     int    `json:"-"`

	Allowed  []string // the only values accepted, or nil
	Format   string   // codice_istat, codice_catastale, cup …, or empty
	Delivery          // of a delivered source's column only
}

// DuckDB is the column's type as DuckDB's describe prints it, e.g. VARCHAR, DECIMAL(18,2).
func (c Column) DuckDB() string {
	switch c.Type {
	case "text":
		return "VARCHAR"
	}
	return strings.ToUpper(c.Type)
}

// Numeric reports whether the column holds numbers.
func (c Column) Numeric() bool {
	return slices.Contains([]string{"integer", "bigint", "double"}, c.Type) || strings.HasPrefix(c.Type, "decimal(")
}

// Rename says under which name a column of published versions goes on.
type Rename struct{ From, To string }

// Bounds are the wanted numbers of rows, both inclusive.
type Bounds struct {
	Min, Max int64
	Line     int `json:"-"`
}

// Check is a rule over the rows of one dataset: an SQL expression that is true or NULL on a good row.
type Check struct {
	Rule     string
	Severity Severity
	Reason   string // of severity row: the reason code in the quarantine
	Column   string // of severity row: the column to mark, or empty
	Text     Text   // what a violation means; empty for a bare expression
	Line     int    `json:"-"`
}

// Chart is a picture of a dataset, drawn at build and always shown beside its table.
type Chart struct {
	Kind     string // bar, map, line
	Title    Text   // empty: the dataset's title
	Category string // column of the labels (bar, line)
	Area     string // column of region codes (map)
	Value    string
	Where    string // SQL condition on the rows drawn, or empty
	Sort     string // "key" (default) or "value"
	Limit    int    // 0: all rows
	Line     int    `json:"-"`
}

// Catalog is every query of the project.
type Catalog struct {
	Root    string
	Queries []*Query // sorted by layer (flow order), then name
}

// Layer gives the queries of one layer, sorted by name.
func (c *Catalog) Layer(l Layer) []*Query {
	var out []*Query
	for _, q := range c.Queries {
		if q.Layer == l {
			out = append(out, q)
		}
	}
	return out
}

// Marts gives the published datasets, sorted by name.
func (c *Catalog) Marts() []*Query { return c.Layer(Marts) }

// Find gives the query of that layer and name, or nil.
func (c *Catalog) Find(l Layer, name string) *Query {
	for _, q := range c.Queries {
		if q.Layer == l && q.Name == name {
			return q
		}
	}
	return nil
}

// Newest is the newest ISO date on which something was received: a seed of the project or, on last, a delivery. It is the clock of what is
// made from the data; empty where nothing says when it was received.
func (c *Catalog) Newest(last string) string {
	for _, q := range c.Layer(Staging) {
		if q.Source != nil && q.Source.Received > last {
			last = q.Source.Received
		}
	}
	return last
}
