package catalog

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Source is the contract of what is read into raw.<name>: who publishes it, which files, which form, which columns. A seed is
// committed with the project and has one form; anything else is delivered and comes as people make it.
type Source struct {
	Publisher   string
	URL         string
	Licence     string
	Attribution string
	Cadence     string
	Received    string   // ISO date on which the project received a seed; empty for deliveries, which are logged
	Files       []string // slash globs from the project root, {a,b} accepted
	Formats     []string // csv, xlsx
	Packed      []string // gzip, zip: wrappers accepted around them
	Optional    bool     // no file: the table is empty
	Snapshots   bool     // the date in a file's name orders the files, and all of them are read
	Amount      string   // the column whose euro are balanced in the ledger, or empty
	Dialect     Dialect
	Columns     []Column
	Rows        *Bounds // of each full delivery
	Fetch       *Fetch  `json:"-"` // where the files are fetched from, or nil; it does not change how they are read
	Line        int     `json:"-"`
}

// Dialect is the declared form of delivered files. Where a list has more than one word the file decides which holds, by the rule
// of each; what fits none is refused by name.
type Dialect struct {
	Delimiters   []string // with which the header row fits the contract
	Encodings    []string // a byte order mark decides, then valid UTF-8, then the 8-bit one
	Decimals     []string // "," and "."
	Dates        []string // iso, italian, compact, serial
	Null         []string // compared after trimming
	HeaderWithin int      // the header row is among the first so many
	HeaderRows   int      // rows that make the header
	Sheets       []string // accepted names of sheets; none: the only one whose header fits
	Unwrap       bool     // ="028001" is 028001
	Quotes       string   // doubled, or bare: every field is quoted and quotes inside are not doubled
}

// Delivery is what the contract of a delivered file says of one column.
type Delivery struct {
	Headers  []string // synonyms of the column's name in a header row
	Pad      int      // digits alone, fewer than this, are filled with zeros on the left; 0: never
	In       string   // table.column of the staging layer in which the value must stand
	On       string   // date column on which it must be valid there (valido_dal, valido_al)
	Parent   string   // table.column of the delivered table that the row belongs to
	List     string   // the separator of a list in one cell, as it is kept; empty: one value
	Absent   bool     // the column may be missing from a file
	Ignore   bool     // the column is accepted and not loaded
	Personal bool     // it holds data of persons: accepted, never loaded, and no query may have a column of its name
	Given    string   // the reader fills it in: data_file, file_origine
}

// Delivered reports whether the files come from outside the project: then their rows can go to quarantine one by one.
func (s *Source) Delivered() bool {
	return slices.ContainsFunc(s.Files, func(f string) bool { return !strings.HasPrefix(f, "data/seeds/") })
}

// Loaded are the columns of raw.<name>: all that are not ignored.
func (s *Source) Loaded() []Column {
	var out []Column
	for _, c := range s.Columns {
		if !c.Ignore {
			out = append(out, c)
		}
	}
	return out
}

// Column gives the declared column of that name, or nil.
func (s *Source) Column(name string) *Column {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return &s.Columns[i]
		}
	}
	return nil
}

// Parents are the delivered tables that the rows of q belong to: column of q → table.column.
func (q *Query) Parents() (out []Column) {
	if q.Source != nil {
		for _, c := range q.Source.Columns {
			if c.Parent != "" {
				out = append(out, c)
			}
		}
	}
	return out
}

// snapshotColumns are filled in by the reader for every row of a source whose files are dated snapshots.
var snapshotColumns = []Column{
	{Name: "data_file", Type: "date", Required: true, Delivery: Delivery{Given: "data_file"}, Text: Text{"Giorno del file da cui viene la riga", "Day of the file that the row comes from"}},
	{Name: "file_origine", Type: "text", Required: true, Delivery: Delivery{Given: "file_origine"}, Text: Text{"Nome del file senza data, come lo chiama chi lo pubblica", "Name of the file without its date, as its publisher calls it"}},
}

func (f *file) source(n *yaml.Node) *Source {
	m := f.mapping(n, Text{"«source»", "\"source\""})
	s := &Source{
		Publisher: m.scalar("publisher", must), URL: m.scalar("url", may), Licence: m.scalar("licence", must),
		Attribution: m.scalar("attribution", may), Cadence: m.scalar("cadence", must), Received: m.scalar("received", may),
		Files: m.words("files", must), Formats: f.choices(m, "format", []string{"csv", "xlsx"}), Packed: f.choices(m, "packed", []string{"gzip", "zip"}),
		Amount: m.scalar("amount", may), Line: m.line,
	}
	m.set("optional", &s.Optional)
	m.set("snapshots", &s.Snapshots)
	if s.Received != "" && !isoDate.MatchString(s.Received) {
		f.at(m.fields["received"], Text{"«%s» non è una data", "%q is not a date"}, s.Received).advise(Text{"nella forma AAAA-MM-GG", "in the form YYYY-MM-DD"})
	}
	if len(s.Formats) == 0 && m.fields["format"] == nil {
		m.missing("format")
	}
	dialect := m.take("dialect")
	s.Dialect = f.dialect(dialect)
	s.Columns = f.columns(m.need("columns"), true)
	if s.Snapshots {
		s.Columns = append(s.Columns, snapshotColumns...)
	}
	s.Rows = f.bounds(m.need("rows"))
	fetch := m.take("fetch")
	m.done()
	if fetch != nil && s.Delivered() {
		s.Fetch = f.fetch(fetch, s)
	}
	if !s.Delivered() {
		f.seedOnly(s, m, dialect)
	} else if s.Received != "" {
		f.at(m.fields["received"], Text{"una consegna non ha «received»", "a delivery has no \"received\""}).
			advise(Text{"il giorno di ogni consegna è in data/registro", "the day of every delivery is in data/registro"})
	}
	if s.Amount != "" {
		if c := s.Column(s.Amount); c == nil || !strings.HasPrefix(c.Type, "decimal(") {
			f.at(m.fields["amount"], Text{"«%s» non è una colonna decimal di questa sorgente", "%q is no decimal column of this source"}, s.Amount)
		}
	}
	return s
}

// seedOnly refuses, for a committed file, what is only for files that others make.
func (f *file) seedOnly(s *Source, m *mapping, dialect *yaml.Node) {
	hint := Text{"i file in data/seeds hanno una forma sola: CSV, UTF-8, virgola, date AAAA-MM-GG; ogni loro errore ferma la costruzione",
		"files in data/seeds have one form: CSV, UTF-8, comma, dates YYYY-MM-DD; any error in them stops the build"}
	for _, key := range []string{"packed", "optional", "snapshots", "amount", "fetch"} {
		if n := m.keys[key]; n != nil {
			f.at(n, Text{"«%s» è solo per i file consegnati", "%q is only for delivered files"}, key).advise(hint)
		}
	}
	if dialect != nil {
		f.at(m.keys["dialect"], Text{"«dialect» è solo per i file consegnati", "\"dialect\" is only for delivered files"}).advise(hint)
	}
	if !slices.Equal(s.Formats, []string{"csv"}) && m.fields["format"] != nil && len(s.Formats) > 0 {
		f.at(m.fields["format"], Text{"un file in data/seeds è csv", "a file in data/seeds is csv"}).advise(hint)
	}
	for _, c := range s.Columns {
		if c.Personal {
			f.add(c.Line, 4, Textf(Text{"colonna «%s»: un file in data/seeds è pubblicato con il progetto e non può contenere dati personali", "column %q: a file in data/seeds is published with the project and can't hold personal data"}, c.Name),
				Text{"togliere la colonna dal file", "remove the column from the file"})
			continue
		}
		if d := c.Delivery; d.Pad != 0 || d.In != "" || d.On != "" || d.Parent != "" || d.List != "" || d.Absent || d.Ignore {
			f.add(c.Line, 4, Textf(Text{"colonna «%s»: pad, in, on, parent, list, absent e ignore sono solo per i file consegnati", "column %q: pad, in, on, parent, list, absent and ignore are only for delivered files"}, c.Name), hint)
		}
	}
}

// sourceColumn reads what only a delivered file's column can say.
func (f *file) sourceColumn(m *mapping, c *Column) {
	d := &c.Delivery
	d.Headers, d.In, d.On, d.Parent, d.List = m.words("headers", may), m.scalar("in", may), m.scalar("on", may), m.scalar("parent", may), m.scalar("list", may)
	if m.fields["pad"] != nil {
		d.Pad = int(m.whole("pad", may))
	}
	m.set("absent", &d.Absent)
	m.set("ignore", &d.Ignore)
	if m.set("personale", &d.Personal); d.Personal {
		d.Ignore = true
	}
	for _, x := range [][2]string{{"in", d.In}, {"parent", d.Parent}} {
		if x[1] != "" && strings.Count(x[1], ".") != 1 {
			f.at(m.fields[x[0]], Text{"«%s» non è tabella.colonna", "%q is not table.column"}, x[1])
		}
	}
	for _, key := range []string{"pad", "list"} {
		if m.fields[key] != nil && c.Type != "text" {
			f.at(m.fields[key], Text{"«%s» è solo per le colonne text", "%q is only for text columns"}, key)
		}
	}
	if d.List != "" && !slices.Contains(listSeparators, d.List) {
		f.at(m.fields["list"], Text{"separatore «%s» non previsto", "separator %q is not provided for"}, d.List).guess(d.List, listSeparators)
	}
	if d.On != "" && d.In == "" {
		f.at(m.fields["on"], Text{"«on» vuole anche «in»", "\"on\" also wants \"in\""})
	}
	if d.Absent && c.Required {
		f.at(m.fields["absent"], Text{"una colonna obbligatoria non può mancare", "a required column can't be absent"})
	}
}

var listSeparators = []string{"|", ",", ";"}

// rowCheck reads what a check says that sends rows to quarantine.
func (f *file) rowCheck(q *Query, m *mapping) {
	q.Table, q.Mark = m.scalar("table", may), m.scalar("column", may)
	if (q.Severity == Row) != (q.Table != "") {
		f.at(m.at, Text{"«severity: row» e «table» vanno insieme", "\"severity: row\" and \"table\" go together"}).
			advise(Text{"table è la tabella di staging le cui righe vanno in quarantena", "table is the staging table whose rows go to quarantine"})
	}
}

// choices reads one word or a list of words, each of those known.
func (f *file) choices(m *mapping, key string, known []string) []string {
	n := m.take(key)
	if n == nil {
		return nil
	}
	elements := []*yaml.Node{n}
	if n.Kind != yaml.ScalarNode {
		elements = f.sequence(n, key)
	}
	var out []string
	for _, e := range elements {
		if !slices.Contains(known, e.Value) {
			f.at(e, Text{"«%s»: «%s» non è previsto", "%s: %q is not provided for"}, key, e.Value).guess(e.Value, known)
			continue
		}
		if slices.Contains(out, e.Value) {
			f.at(e, Text{"«%s»: «%s» è ripetuto", "%s: %q is repeated"}, key, e.Value)
		}
		out = append(out, e.Value)
	}
	return out
}

// encodings accepted in a contract; the 8-bit ones have no mark of their own, so that a contract names at most one.
var encodings = []string{"utf-8", "utf-16", "windows-1252", "windows-1253", "iso-8859-1", "iso-8859-15"}

func (f *file) dialect(n *yaml.Node) Dialect {
	d := Dialect{Delimiters: []string{","}, Encodings: []string{"utf-8"}, Decimals: []string{"."}, Dates: []string{"iso"}, Null: []string{""},
		HeaderWithin: 1, HeaderRows: 1, Quotes: "doubled"}
	if n == nil {
		return d
	}
	m := f.mapping(n, Text{"«dialect»", "\"dialect\""})
	for _, list := range []struct {
		key   string
		known []string
		to    *[]string
	}{
		{"delimiter", []string{",", ";", "\t", "|"}, &d.Delimiters},
		{"encoding", encodings, &d.Encodings},
		{"decimal", []string{",", "."}, &d.Decimals},
		{"date", []string{"iso", "italian", "compact", "serial"}, &d.Dates},
	} {
		if words := f.choices(m, list.key, list.known); len(words) > 0 {
			*list.to = words
		}
	}
	eight := 0
	for _, e := range d.Encodings {
		if !strings.HasPrefix(e, "utf-") {
			eight++
		}
	}
	if eight > 1 {
		f.at(m.fields["encoding"], Text{"due codifiche a 8 bit non si distinguono", "two 8-bit encodings can't be told apart"})
	}
	if m.fields["quotes"] != nil {
		if words := f.choices(m, "quotes", []string{"doubled", "bare"}); len(words) == 1 {
			d.Quotes = words[0]
		}
	}
	if m.fields["header_within"] != nil {
		d.HeaderWithin = int(m.whole("header_within", must))
	}
	if m.fields["header_rows"] != nil {
		d.HeaderRows = int(m.whole("header_rows", must))
	}
	if nulls := m.take("null"); nulls != nil {
		d.Null = nil
		for _, e := range f.sequence(nulls, "null") {
			d.Null = append(d.Null, strings.TrimSpace(e.Value))
		}
	}
	d.Sheets = m.words("sheet", may)
	m.set("unwrap", &d.Unwrap)
	m.done()
	return d
}
