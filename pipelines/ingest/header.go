package ingest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"piccoli/pipelines/catalog"
)

const (
	maxColumns = 1000    // the widest real export seen has some 200
	headBytes  = 4 << 20 // in which the rows above the header and the header itself must stand
	nameBytes  = 1000    // of a cell that is looked at as a name: what is longer is none, and is compared with every name of every table
)

// header is where the header row stands and what it names.
type header struct {
	delimiter string
	columns   []string // of the contract, "" where the column is ignored
	simulated bool
	lines     int   // physical lines down to the last one of the header
	records   int   // records down to the header, with blank lines
	bytes     int64 // where the first record below begins
}

// row is one row near the top of a file.
type row struct {
	cells []string
	line  int // on which it starts, or the sheet's row
	after int64
	lines int // down to its end
}

// plainHeader is a header name as it is compared: no accents, case, blanks or punctuation.
func plainHeader(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(strings.Trim(beginning(s), blanks), `="`), `"`)
	s, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), s)
	if err != nil {
		return ""
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "_")
}

// beginning is as much of a cell as a name may be long.
func beginning(s string) string {
	if len(s) <= nameBytes {
		return s
	}
	return strings.ToValidUTF8(s[:nameBytes], "")
}

// findHeader looks for the header row of a CSV file with each declared delimiter.
func (p *prepared) findHeader(file string, q *catalog.Query) (header, catalog.Problems, error) {
	head, err := headOf(file, headBytes)
	if err != nil {
		return header{}, nil, err
	}
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	bom := int64(0)
	if raw, err := headOf(file, 3); err != nil {
		return header{}, nil, err
	} else if bytes.HasPrefix(raw, []byte("\ufeff")) {
		bom = 3
	}
	best := p.textFit(head, q, q.Source.Dialect.Delimiters)
	if !best.whole() {
		return header{}, p.misfit(best, head, q, func(o *catalog.Query) bool { return p.textFit(head, o, o.Source.Dialect.Delimiters).whole() }), nil
	}
	h := header{delimiter: best.delimiter, columns: best.columns, simulated: best.simulated, lines: best.last.lines, records: best.records, bytes: best.last.after + bom}
	return h, nil, nil
}

// textFit finds the row and the delimiter with which a text names most of the contract's columns.
func (p *prepared) textFit(head []byte, q *catalog.Query, delimiters []string) (best fit) {
	for i, delimiter := range delimiters {
		f := p.fit(topRows(head, delimiter, q.Source.Dialect.HeaderWithin+q.Source.Dialect.HeaderRows), q)
		f.delimiter = delimiter
		if i == 0 || f.better(best) {
			best = f
		}
	}
	return best
}

// topRows reads the first rows of a text, blank lines not counted. Quotes that are none are taken as they stand.
func topRows(head []byte, delimiter string, n int) (out []row) {
	r := csv.NewReader(bytes.NewReader(head))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = rune(delimiter[0]), -1, true
	for len(out) < n {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) || err != nil {
			return out
		}
		line, _ := r.FieldPos(0)
		after := r.InputOffset()
		out = append(out, row{cells: cells, line: line, after: after, lines: bytes.Count(head[:after], []byte{'\n'})})
	}
	return out
}

// fit is how well a row of a file names the contract's columns.
type fit struct {
	delimiter string
	at        row
	last      row // of the header's rows
	records   int
	columns   []string
	matched   int
	missing   []string
	problems  catalog.Problems // columns unknown or repeated
	unknown   map[int]string   // of the problems, those of unknown columns: their names as written
	simulated bool
	width     int
}

// whole reports whether the row has all the columns wanted and no other.
func (f fit) whole() bool { return f.matched > 0 && len(f.problems) == 0 && len(f.missing) == 0 }

func (f fit) better(g fit) bool {
	if f.matched == 0 && g.matched == 0 {
		return f.width > g.width
	}
	if (len(f.missing) == 0) != (len(g.missing) == 0) {
		return len(f.missing) == 0
	}
	if f.matched != g.matched {
		return f.matched > g.matched
	}
	return len(f.problems) < len(g.problems) || len(f.problems) == len(g.problems) && f.width > g.width
}

// acceptedHeaders gives, of each header name as it is compared, the column that it names; a column's own name comes before the others' synonyms.
func acceptedHeaders(q *catalog.Query) map[string]string {
	accepted := map[string]string{}
	for _, c := range q.Source.Columns {
		if c.Given != "" {
			continue
		}
		for _, h := range append([]string{c.Name}, c.Headers...) {
			if _, taken := accepted[plainHeader(h)]; !taken || h == c.Name {
				accepted[plainHeader(h)] = c.Name
			}
		}
	}
	return accepted
}

// fit finds the row that names most of the contract's columns.
func (p *prepared) fit(rows []row, q *catalog.Query) (best fit) {
	d := q.Source.Dialect
	accepted := acceptedHeaders(q)
	simulated := false
	for i := 0; i+d.HeaderRows <= len(rows) && i < d.HeaderWithin; i++ {
		names := joinHeader(rows[i : i+d.HeaderRows])
		f := fit{at: rows[i], last: rows[i+d.HeaderRows-1], simulated: simulated, width: len(names)}
		seen := map[string]bool{}
		if len(names) > maxColumns {
			f.problems = catalog.Problems{{File: p.file.Path, Line: rows[i].line, What: catalog.Textf(catalog.Text{It: "%d colonne: più di %d non se ne leggono", En: "%d columns: more than %d are not read"}, len(names), maxColumns),
				Hint: catalog.Text{It: "lasciare le colonne del modello: `piccoli new inbox` lo scrive", En: "leave the columns of the template: `piccoli new inbox` writes it"}}}
			names = nil
		}
		for at, written := range names {
			name, known := accepted[plainHeader(written)]
			switch {
			case plainHeader(written) == "":
				f.columns = append(f.columns, "") // a column without a name may be there if it is empty below: else its values are lost
				f.problems = append(f.problems, p.unnamed(rows, i+d.HeaderRows, at, rows[i].line)...)
			case !known:
				f.columns = append(f.columns, "")
				if f.unknown == nil {
					f.unknown = map[int]string{}
				}
				f.unknown[len(f.problems)] = written
				f.problems = append(f.problems, catalog.Problem{File: p.file.Path, Line: rows[i].line, Col: at + 1, What: catalog.Textf(catalog.Text{It: "la colonna «%s» non è tra quelle previste", En: "the column %q is not among those provided for"}, strings.TrimSpace(beginning(written)))})
			case seen[name]:
				f.columns = append(f.columns, "")
				f.problems = append(f.problems, catalog.Problem{File: p.file.Path, Line: rows[i].line, Col: at + 1, What: catalog.Textf(catalog.Text{It: "la colonna «%s» c'è due volte", En: "the column %q is there twice"}, strings.TrimSpace(beginning(written))),
					Hint: catalog.Textf(catalog.Text{It: "tenerne una: sono entrambe «%s»", En: "keep one: both are %q"}, name)})
			default:
				seen[name] = true
				f.matched++
				if q.Source.Column(name).Ignore {
					name = ""
				}
				f.columns = append(f.columns, name)
			}
		}
		for _, c := range q.Source.Columns {
			if !seen[c.Name] && !c.Absent && !c.Ignore && c.Given == "" {
				f.missing = append(f.missing, c.Name)
			}
		}
		f.records = i + d.HeaderRows
		if i == 0 || f.better(best) {
			best = f
		}
		for _, cell := range rows[i].cells {
			simulated = simulated || strings.HasPrefix(strings.Trim(cell, blanks), simulatedMark)
		}
	}
	return best
}

// joinHeader makes one name a column of one or more header rows: an empty cell of an upper row is part of the merged one on its left.
func joinHeader(rows []row) []string {
	width := 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	out := make([]string, width)
	for i, r := range rows {
		above := ""
		for at := range out {
			cell := ""
			if at < len(r.cells) {
				cell = strings.Trim(r.cells[at], blanks)
			}
			if i < len(rows)-1 {
				if cell == "" {
					cell = above
				}
				above = cell
			}
			switch {
			case out[at] == "":
				out[at] = cell
			case cell != "" && cell != out[at]:
				out[at] += " / " + cell
			}
		}
	}
	return out
}

func (p *prepared) unnamed(rows []row, from, at, line int) catalog.Problems {
	for _, r := range rows[min(from, len(rows)):] {
		if at < len(r.cells) && strings.Trim(r.cells[at], blanks) != "" {
			return catalog.Problems{{File: p.file.Path, Line: line, Col: at + 1, What: catalog.Textf(catalog.Text{It: "la colonna %d ha valori ma non un nome", En: "column %d has values but no name"}, at+1), Hint: catalog.Text{It: "darle un nome o toglierla", En: "name it or remove it"}}}
		}
	}
	return nil
}

// explained gives the problems of a row that was chosen as the header, with what each unknown column is likely to be, and the contract's columns so
// guessed. It is not done for the rows and delimiters that were only tried: looking for what is near costs more than reading a small file.
func (f fit) explained(q *catalog.Query) (out catalog.Problems, guessed []string) {
	var known []string
	names := map[string][2]string{} // as compared → as written in the contract, column
	for _, c := range q.Source.Columns {
		for _, h := range append([]string{c.Name}, c.Headers...) {
			known, names[plainHeader(h)] = append(known, plainHeader(h)), [2]string{h, c.Name}
		}
	}
	out = slices.Clone(f.problems)
	for i := range out {
		written, ok := f.unknown[i]
		if !ok {
			continue
		}
		if n := catalog.Nearest(plainHeader(written), known); n != "" {
			out[i].Hint = catalog.Textf(catalog.Text{It: "forse «%s»? Correggere il nome, o togliere la colonna se non serve", En: "perhaps %q? Mend the name, or remove the column if it is not needed"}, names[n][0])
			guessed = append(guessed, names[n][1])
		} else {
			out[i].Hint = catalog.Textf(catalog.Text{It: "se non serve, togliere la colonna dal file; se serve, va aggiunta al contratto: è in %s", En: "if it is not needed, remove the column from the file; if it is, it must be added to the contract: it is in %s"}, q.Path)
		}
	}
	return out, guessed
}

// misfit says, of a file whose header does not fit, what it is likelier to be or what is wrong with its columns; fits tells whether the file
// has the columns of another table.
func (p *prepared) misfit(f fit, head []byte, q *catalog.Query, fits func(*catalog.Query) bool) catalog.Problems {
	for _, o := range p.others {
		if o.Name != q.Name && fits(o) {
			return refusal(p.file, catalog.Textf(catalog.Text{It: "queste sono le colonne di «%s», non di «%s»: il file è nella cartella sbagliata", En: "these are the columns of %q, not of %q: the file is in the wrong folder"}, o.Name, q.Name),
				catalog.Textf(catalog.Text{It: "spostarlo in %s/", En: "move it to %s/"}, path.Dir(o.Source.Files[0])))
		}
	}
	start := strings.ToLower(string(bytes.TrimSpace(head[:min(len(head), 512)])))
	var wanted []string
	for _, c := range q.Source.Columns {
		if c.Given == "" && !c.Ignore {
			wanted = append(wanted, c.Name)
		}
	}
	if f.matched == 0 && f.width <= maxColumns {
		what := catalog.Text{It: "nessuna delle prime righe ha i nomi delle colonne previste", En: "none of the first rows has the names of the columns provided for"}
		hint := catalog.Textf(catalog.Text{It: "la prima riga deve dare i nomi, per esempio: %s", En: "the first row must give the names, for example: %s"}, strings.Join(wanted, ", "))
		switch {
		case start == "":
			what, hint = catalog.Text{It: "il file non contiene niente", En: "the file holds nothing"}, catalog.Text{It: "esportarlo di nuovo", En: "export it again"}
		case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"):
			what, hint = catalog.Text{It: "è una pagina web, non una tabella", En: "it is a web page, not a table"}, catalog.Text{It: "forse un errore del sito da cui è scaricata: scaricarla di nuovo", En: "perhaps an error of the site that it was downloaded from: download it again"}
		case strings.HasPrefix(start, "<"):
			what, hint = catalog.Text{It: "è un file XML, non una tabella", En: "it is an XML file, not a table"}, catalog.Text{It: "esportare in CSV o XLSX", En: "export as CSV or XLSX"}
		case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
			what, hint = catalog.Text{It: "è un file JSON, non una tabella", En: "it is a JSON file, not a table"}, catalog.Text{It: "esportare in CSV o XLSX", En: "export as CSV or XLSX"}
		case strings.HasPrefix(start, "%pdf"):
			what, hint = catalog.Text{It: "è un PDF, non una tabella", En: "it is a PDF, not a table"}, catalog.Text{It: "chiedere il foglio di calcolo da cui è fatto", En: "ask for the spreadsheet that it was made from"}
		case p.foreign(head, q) != "":
			what = catalog.Textf(catalog.Text{It: "le colonne sono separate da «%s», ma il contratto ammette solo questi separatori: %s", En: "the columns are separated by %q, but the contract admits just these delimiters: %s"}, p.foreign(head, q), delimiters(q))
			hint = catalog.Textf(catalog.Text{It: "esportarlo di nuovo scegliendo «%s» come separatore", En: "export it again with %q as the delimiter"}, delimiterName(q.Source.Dialect.Delimiters[0]))
			if slices.Contains(q.Source.Formats, "xlsx") {
				hint.It, hint.En = hint.It+", oppure salvarlo come XLSX", hint.En+", or save it as XLSX"
			}
		case f.width <= 1:
			hint = catalog.Textf(catalog.Text{It: "con i separatori ammessi (%s) ogni riga è una colonna sola: il file è di testo, o ha un altro separatore", En: "with the admitted delimiters (%s) each row is one column: the file is a text, or has another delimiter"}, delimiters(q))
		}
		return refusal(p.file, what, hint)
	}
	out, guessed := f.explained(q)
	if f.columns == nil { // too many: what they are was not looked at
		return out
	}
	if len(f.missing) > 0 {
		for _, m := range f.missing {
			if slices.Contains(guessed, m) { // said of the misspelt one
				continue
			}
			c := q.Source.Column(m)
			what := catalog.Text{It: fmt.Sprintf("manca la colonna «%s» (%s)", m, c.Text.It), En: fmt.Sprintf("the column %q is missing (%s)", m, c.Text.En)}
			hint := catalog.Text{It: "aggiungerla, anche vuota; se nel file c'è con un altro nome, darle uno di questi: %s", En: "add it, even empty; if the file has it under another name, give it one of these: %s"}
			if c.Required || slices.Contains(q.Key, m) { // empty, every row would leave
				hint = catalog.Text{It: "aggiungerla con un valore in ogni riga; se nel file c'è con un altro nome, darle uno di questi: %s", En: "add it with a value in every row; if the file has it under another name, give it one of these: %s"}
			}
			out = append(out, catalog.Problem{File: p.file.Path, Line: f.at.line, What: what, Hint: catalog.Textf(hint, strings.Join(append([]string{m}, c.Headers...), ", "))})
		}
	}
	return out
}

// foreign gives a sign that the contract does not admit and that yet parts the names of columns, by the name that people give it; empty where
// none does.
func (p *prepared) foreign(head []byte, q *catalog.Query) string {
	best, name := 1, "" // one column alone may be a word in a text
	for c := byte('\t'); c < 0x7f; c++ {
		d := string(c)
		if c > '\t' && c <= ' ' || c == '"' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || slices.Contains(q.Source.Dialect.Delimiters, d) || bytes.IndexByte(head, c) < 0 {
			continue
		}
		if f := p.textFit(head, q, []string{d}); f.matched > best {
			best, name = f.matched, delimiterName(d)
		}
	}
	return name
}

// delimiterName writes a delimiter so that it can be seen.
func delimiterName(d string) string {
	if d == "\t" {
		return "tab"
	}
	return d
}

func delimiters(q *catalog.Query) string {
	var out []string
	for _, d := range q.Source.Dialect.Delimiters {
		out = append(out, delimiterName(d))
	}
	return strings.Join(out, " ")
}
