package simulate

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"piccoli/pipelines/catalog"
)

// form is how one simulated office writes its file.
type form struct {
	delimiter byte
	ansi      bool // windows-1252
	bom, crlf bool
	isoDates  bool
	workbook  bool // XLSX
	thousands bool // 1.234,56
}

// table is one simulated file and what its contract says.
type table struct {
	name    string // of the staging table
	file    string // below the output folder, with slashes
	query   *catalog.Query
	columns []catalog.Column
	headers []string
	at      map[string]int // column → place
	form    form
	key     []int
}

// record is one row of a file. Cells are the values as the office writes them, without quotes.
type record struct {
	*table
	cells   [][]byte
	parents []*node
	self    *node // what its own children belong to; nil where it has none
	of      any   // what it says, in the world
	spared  bool  // no mistake is made here
	line    []byte
	twin    *record  // a second row that someone added below
	wrong   *mistake // made here
}

// mistake is one thing that someone did wrong, and the reason with which the row must be in quarantine.
type mistake struct {
	column, reason string
	text           string // in Italian
}

func newTable(c *catalog.Catalog, d *dice, name, file string, f form) *table {
	q := c.Find(catalog.Staging, name)
	t := &table{name: name, file: file, query: q, form: f, at: map[string]int{}}
	for _, col := range q.Source.Loaded() {
		if col.Given == "" {
			t.at[col.Name] = len(t.columns)
			t.columns = append(t.columns, col)
		}
	}
	meant := map[string]string{} // header as it is compared → the column that it can mean; empty: more than one
	for _, col := range q.Source.Columns {
		for _, h := range append([]string{col.Name}, col.Headers...) {
			if other, ok := meant[plainName(h)]; ok && other != col.Name {
				meant[plainName(h)] = ""
			} else {
				meant[plainName(h)] = col.Name
			}
		}
	}
	for _, col := range t.columns { // its own name, or one of the headers that the contract accepts
		names := []string{col.Name}
		for _, h := range col.Headers {
			if meant[plainName(h)] == col.Name {
				names = append(names, h)
			}
		}
		t.headers = append(t.headers, pick(d, names))
	}
	for _, k := range q.Key {
		t.key = append(t.key, t.at[k])
	}
	return t
}

// plainName is a header name without case, accents, blanks and punctuation.
func plainName(s string) string {
	s, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), s)
	if err != nil {
		return ""
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "_")
}

func (t *table) record() *record {
	return &record{table: t, cells: make([][]byte, len(t.columns))}
}

// set writes a cell; a column that is not in the contract is a mistake of this package.
func (r *record) set(column, value string) *record {
	at, ok := r.at[column]
	if !ok {
		panic("simulate: " + r.name + " has no column " + column)
	}
	r.cells[at] = []byte(value)
	return r
}

func (r *record) get(column string) string { return string(r.cells[r.at[column]]) }

func (r *record) has(column string) bool { return len(r.cells[r.at[column]]) > 0 }

// day writes a date; 0 is an empty cell.
func (r *record) day(column string, d day) *record {
	switch {
	case !d.known():
		return r.set(column, "")
	case r.form.isoDates:
		return r.set(column, d.iso())
	}
	return r.set(column, d.italian())
}

// money writes an amount in cents with a decimal comma; -1 is an empty cell.
func (r *record) money(column string, cents int64) *record {
	if cents == -1 {
		return r.set(column, "")
	}
	r.cells[r.at[column]] = appendMoney(nil, cents, r.form.thousands)
	return r
}

func (r *record) number(column string, n int) *record { return r.set(column, strconv.Itoa(n)) }

func (r *record) flag(column string, yes bool) *record {
	if yes {
		return r.set(column, "sì")
	}
	return r.set(column, "no")
}

// appendMoney writes 1234,56 or, with points between the thousands, 1.234,56.
func appendMoney(b []byte, cents int64, thousands bool) []byte {
	if cents < 0 {
		b, cents = append(b, '-'), -cents
	}
	var digits [20]byte
	whole := strconv.AppendInt(digits[:0], cents/100, 10)
	for i, digit := range whole {
		if thousands && i > 0 && (len(whole)-i)%3 == 0 {
			b = append(b, '.')
		}
		b = append(b, digit)
	}
	return append(b, ',', byte('0'+cents/10%10), byte('0'+cents%10))
}

// keyText names the row for people: its key, as written.
func (r *record) keyText() string {
	parts := make([]string, len(r.key))
	for i, k := range r.key {
		parts[i] = string(r.cells[k])
	}
	return strings.Join(parts, " ")
}

// clone is a copy whose cells can be changed.
func (r *record) clone() *record {
	c := *r
	c.cells = slices.Clone(r.cells) // a cell is replaced whole, never changed in place
	return &c
}

// orphan reports whether a row that this one belongs to is in quarantine: then this one follows it, and no mistake is made here.
func (r *record) orphan() bool {
	return slices.ContainsFunc(r.parents, func(n *node) bool { return n.bad })
}

func (r *record) childless() bool { return r.self == nil || r.self.children == 0 }
