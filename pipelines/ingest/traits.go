package ingest

import (
	"fmt"
	"slices"

	"piccoli/pipelines/catalog"
)

// traits are what the cells of a file may have and how they are written. What no cell has need not be looked for by SQL, cell by cell, which costs
// many times what this one look at the bytes does.
type traits struct {
	faults   bool   // the word that a spreadsheet writes in place of a value
	controls bool   // a control character
	columns  []look // by position in the file; empty: nothing is known of any
}

// forSheet adds what a spreadsheet's cells are whatever the contract says of text: a number comes with a decimal point, a date as days.
func forSheet(d catalog.Dialect) catalog.Dialect {
	if !slices.Contains(d.Decimals, ".") {
		d.Decimals = append(slices.Clone(d.Decimals), ".")
	}
	if !slices.Contains(d.Dates, "serial") {
		d.Dates = append(slices.Clone(d.Dates), "serial")
	}
	return d
}

// see looks at the cells of the prepared file from a place on.
func (p *prepared) see(from int64, q *catalog.Query, d catalog.Dialect) (err error) {
	columns := make([]catalog.Column, len(p.Columns))
	for i, name := range p.Columns {
		if name != "" {
			columns[i] = *q.Source.Column(name)
		}
	}
	p.have.columns, err = lookAt(p.Path, p.Delimiter, from, p.shape.quotes > 0, columns, p.keyAt(q), d)
	return err
}

// keyAt is the place of the column that is the key by itself; -1 where the key has several, or the file has it not.
func (p *prepared) keyAt(q *catalog.Query) int {
	if len(q.Key) != 1 {
		return -1
	}
	return slices.Index(p.Columns, q.Key[0])
}

// column is what is known of the cells at a position.
func (t traits) column(at int) look {
	if at < len(t.columns) {
		return t.columns[at]
	}
	return look{edged: true, nulls: true, long: true}
}

// keysDiffer reports whether no key stands twice in the file for certain: the key is one column of text that is kept as it stands, and each is greater than
// the one before, as exports from a database mostly come.
func (p *prepared) keysDiffer(q *catalog.Query) bool {
	at := p.keyAt(q)
	if at < 0 {
		return false
	}
	c, seen := *q.Source.Column(q.Key[0]), p.have.column(at)
	_, mended := textValue(c, "x")
	return seen.rising && seen.full && c.Type == "text" && (mended == "" || seen.exact)
}

// positions are the places of the contract's columns in which something stands: what is empty from the first row to the last is as if the file did not
// have it.
func (p *prepared) positions() map[string]int {
	out := map[string]int{}
	for i, name := range p.Columns {
		if name != "" && !p.have.column(i).empty {
			out[name] = i
		}
	}
	return out
}

// typed gives the form of dates and of numbers in which columns are read with their types: DuckDB's reader takes one of each for a file.
func (t traits) typed() (date, sign string) {
	for _, l := range t.columns {
		switch {
		case date == "" && (l.form == "italian" || l.form == "iso"):
			date = l.form
		case sign == "" && (l.form == "," || l.form == "."):
			sign = l.form
		}
	}
	return date, sign
}

// readsTyped reports whether a column is one of those.
func (t traits) readsTyped(at int) bool {
	date, sign := t.typed()
	form := t.column(at).form
	return form != "" && (form == date || form == sign || form == "0")
}

// look is what one pass over the bytes tells of the cells of one column. It never says no where one of them has it.
type look struct {
	edged  bool // a blank at an end, or an equals sign at the beginning
	nulls  bool // a word for a missing value, other than nothing at all
	long   bool // more bytes than maxCell
	empty  bool // nothing stands in any
	full   bool // something that is a value stands in every one
	rising bool // each is greater than the one before, byte by byte; only looked at in the key
	exact  bool // all are allowed words as the contract writes them, or codes of the contract's form, or nothing
	// How all are written whose type is a date or a number, or nothing, so that DuckDB's reader may take them as they are: italian or iso; "," or
	// ".", or "0" without decimals; empty: in more than one way, or in another.
	form     string
	decimals int // of a number: digits after the sign, equally many in all
}

// writes gives a value that was read with its type as it stands in the file.
func (l look) writes(r string) string {
	switch l.form {
	case "italian":
		return fmt.Sprintf("strftime(%s, '%%d/%%m/%%Y')", r)
	case ",", ".":
		return fmt.Sprintf("replace(%s::decimal(38,%d)::varchar, '.', %s)", r, l.decimals, catalog.Literal(l.form))
	case "0":
		return r + "::decimal(38,0)::varchar"
	}
	return r + "::varchar"
}
