package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp/syntax"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

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
	p.have.columns, err = lookAt(p.Path, p.Delimiter, from, p.shape.quotes > 0, columns, d)
	return err
}

// column is what is known of the cells at a position.
func (t traits) column(at int) look {
	if at < len(t.columns) {
		return t.columns[at]
	}
	return look{edged: true, nulls: true, long: true}
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
	edged bool // a blank at an end, or an equals sign at the beginning
	nulls bool // a word for a missing value, other than nothing at all
	long  bool // more bytes than maxCell
	exact bool // all are allowed words as the contract writes them, or codes of the contract's form, or nothing
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

// sought is what to look for in a column.
type sought struct {
	allowed       map[string]bool
	code          []*[256]bool // of a code that has no check digit: which bytes may stand at each place
	date, number  bool
	whole, scale  int // digits of a number before and after the sign
	italian, iso  bool
	comma, period bool
}

func seek(c catalog.Column, d catalog.Dialect) (s sought) {
	switch {
	case c.Type == "text" && c.List == "" && len(c.Allowed) > 0:
		s.allowed = map[string]bool{}
		for _, word := range c.Allowed {
			s.allowed[word] = !strings.Contains(word, `"`)
		}
	case c.Type == "text" && c.List == "" && forms[c.Format].check == nil:
		s.code = places(forms[c.Format].pattern)
		if len(s.code) < c.Pad {
			s.code = nil
		}
	case c.Type == "date":
		s.date, s.italian, s.iso = true, slices.Contains(d.Dates, "italian"), slices.Contains(d.Dates, "iso")
	case c.Type == "integer":
		s.number, s.whole = true, 9
	case c.Type == "bigint":
		s.number, s.whole = true, 18
	case strings.HasPrefix(c.Type, "decimal("):
		digits, scale, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(c.Type, "decimal("), ")"), ",")
		all, err := strconv.Atoi(strings.TrimSpace(digits))
		after, err2 := strconv.Atoi(strings.TrimSpace(scale))
		s.number = ok && err == nil && err2 == nil
		s.whole, s.scale, s.comma, s.period = all-after, after, slices.Contains(d.Decimals, ","), slices.Contains(d.Decimals, ".")
	}
	return s
}

// lookAt looks once at every cell of a prepared CSV file from a place on. It tells nothing of a file in which a quote stands so that the cells can't
// be told apart surely.
func lookAt(path, delimiter string, from int64, quotes bool, columns []catalog.Column, d catalog.Dialect) (found []look, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	cuts := []int64{from}
	if !quotes { // each record is one line: the file can be looked at in parts
		for i := range int64(runtime.GOMAXPROCS(0)) - 1 {
			at, err := lineAfter(f, from+(info.Size()-from)*(i+1)/int64(runtime.GOMAXPROCS(0)))
			if err != nil {
				return nil, err
			}
			cuts = append(cuts, max(at, cuts[len(cuts)-1]))
		}
	}
	cuts = append(cuts, info.Size())
	parts := make([]*looker, len(cuts)-1)
	var g errgroup.Group
	for i := range parts {
		parts[i] = newLooker(delimiter[0], columns, d)
		g.Go(func() error { return parts[i].read(io.NewSectionReader(f, cuts[i], cuts[i+1]-cuts[i])) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, p := range parts[1:] {
		parts[0].join(p)
	}
	if parts[0].irregular {
		return nil, nil
	}
	found = parts[0].found
	for i := range found {
		if parts[0].misfit || found[i].form == "any" && !parts[0].begun[i] {
			found[i].form = ""
		}
	}
	return found, nil
}

// lineAfter gives the place after the first line feed from a place on, or the end of the file.
func lineAfter(f *os.File, at int64) (int64, error) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := f.ReadAt(buffer, at)
		if i := bytes.IndexByte(buffer[:n], '\n'); i >= 0 {
			return at + int64(i) + 1, nil
		}
		at += int64(n)
		if errors.Is(err, io.EOF) {
			return at, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// looker looks at one part of a file.
type looker struct {
	delimiter     byte
	sought        []sought
	found         []look
	begun         []bool   // a number or date was seen in the column
	irregular     bool     // a quote stands where the cells can't be told apart surely
	misfit        bool     // a record has too many cells or too few: DuckDB's reader refuses it, and its cells are in columns that are not theirs
	words         []string // the last allowed word in each column: the next one is mostly the same
	nulls         map[string]bool
	longestNull   int
	nullStart     [256]bool
	stop          [256]bool // ends an unquoted cell
	before, after [256]bool // may be the last byte, the first byte of a cell with a blank or an equals sign at that end
}

func newLooker(delimiter byte, columns []catalog.Column, d catalog.Dialect) *looker {
	l := &looker{delimiter: delimiter, found: make([]look, len(columns)), begun: make([]bool, len(columns)), words: make([]string, len(columns)), nulls: map[string]bool{}}
	for i, c := range columns {
		s := seek(c, d)
		l.sought = append(l.sought, s)
		l.found[i].exact = s.allowed != nil || s.code != nil
		if s.date || s.number {
			l.found[i].form = "any"
		}
	}
	for _, n := range d.Null {
		if n != "" {
			l.nulls[n], l.longestNull, l.nullStart[n[0]] = true, max(l.longestNull, len(n)), true
		}
	}
	l.stop[delimiter], l.stop['\n'], l.stop['"'] = true, true, true
	l.after['='] = true
	for _, r := range blanks {
		b := []byte(string(r))
		l.after[b[0]], l.before[b[len(b)-1]] = true, true
	}
	return l
}

// join adds what was seen in a later part.
func (l *looker) join(o *looker) {
	l.irregular, l.misfit = l.irregular || o.irregular, l.misfit || o.misfit
	for i := range l.found {
		a, b := &l.found[i], o.found[i]
		a.edged, a.nulls, a.long, a.exact = a.edged || b.edged, a.nulls || b.nulls, a.long || b.long, a.exact && b.exact
		switch {
		case !o.begun[i] && b.form != "":
		case !l.begun[i] && a.form != "":
			a.form, a.decimals, l.begun[i] = b.form, b.decimals, o.begun[i]
		case a.form != b.form || a.decimals != b.decimals:
			a.form = ""
		}
	}
}

// read looks at whole records, in pieces.
func (l *looker) read(r io.Reader) error {
	buffer, kept := make([]byte, 1<<20), 0
	for {
		n, err := io.ReadFull(r, buffer[kept:])
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return err
		}
		piece := buffer[:kept+n]
		if end {
			if len(piece) == 0 {
				return nil
			}
			if piece[len(piece)-1] != '\n' {
				piece = append(piece, '\n')
			}
		}
		done := l.records(piece)
		if l.irregular || end {
			l.irregular = l.irregular || done < len(piece)
			return nil
		}
		kept = copy(buffer, piece[done:])
		if kept == len(buffer) { // one record fills it
			if len(buffer) > maxRecord {
				l.irregular = true
				return nil
			}
			buffer = append(buffer, make([]byte, len(buffer))...)
		}
	}
}

// records looks at the whole records at the start of a piece and gives their length.
func (l *looker) records(piece []byte) (done int) {
	for i, column := 0, 0; i < len(piece); {
		start, end := i, 0 // of the cell's text
		if piece[i] == '"' {
			start++
			end = closing(piece, start)
			if end < 0 || end+2 > len(piece) {
				return done
			}
			i = end + 1
			if piece[i] == '\r' {
				i++
			}
			if i == len(piece) {
				return done
			}
			if piece[i] == '"' || !l.stop[piece[i]] || piece[i-1] == '\r' && piece[i] != '\n' {
				l.irregular = true
				return done
			}
		} else {
			for !l.stop[piece[i]] {
				if i++; i == len(piece) {
					return done
				}
			}
			if piece[i] == '"' {
				l.irregular = true
				return done
			}
			if end = i; piece[i] == '\n' && end > start && piece[end-1] == '\r' {
				end--
			}
		}
		if column < len(l.found) && end > start {
			l.cell(column, piece[start:end])
		}
		column++
		if i++; piece[i-1] == '\n' {
			if column != len(l.found) && (column > 1 || end > start) { // a blank line is no record
				l.misfit = true
			}
			done, column = i, 0
		}
	}
	return done
}

// closing gives the place of the quote that ends a text, or -1: two together are one inside it.
func closing(b []byte, from int) int {
	for i := from; ; i += 2 {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		if i += n; i+1 == len(b) || b[i+1] != '"' {
			return i
		}
		if i+2 > len(b) {
			return -1
		}
	}
}

// cell looks at one that is not empty.
func (l *looker) cell(at int, c []byte) {
	f, s := &l.found[at], &l.sought[at]
	if l.after[c[0]] || l.before[c[len(c)-1]] {
		first, _ := utf8.DecodeRune(c)
		last, _ := utf8.DecodeLastRune(c)
		f.edged = f.edged || first == '=' || strings.ContainsRune(blanks, first) || strings.ContainsRune(blanks, last)
	}
	if !f.nulls && l.nullStart[c[0]] && len(c) <= l.longestNull && l.nulls[string(c)] {
		f.nulls = true
	}
	if len(c) > maxCell {
		f.long = true
	}
	switch {
	case f.exact && s.code != nil:
		f.exact = fits(c, s.code)
	case f.exact:
		if string(c) != l.words[at] {
			if f.exact = s.allowed[string(c)]; f.exact {
				l.words[at] = string(c)
			}
		}
	case f.form != "":
		form, decimals := "", 0
		if s.date {
			form = dateForm(c, s)
		} else {
			form, decimals = numberForm(c, s)
		}
		if !l.begun[at] {
			f.form, f.decimals, l.begun[at] = form, decimals, true
		} else if f.form != form || f.decimals != decimals {
			f.form = ""
		}
	}
}

// places gives which bytes may stand at each place of a text that a pattern matches whole, or nil where their number or what may stand there is not
// so simple.
func places(pattern string) (out []*[256]bool) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if pattern == "" || err != nil {
		return nil
	}
	parts := []*syntax.Regexp{parsed}
	if parsed.Op == syntax.OpConcat {
		parts = parsed.Sub
	}
	for _, part := range parts {
		times := 1
		if part.Op == syntax.OpRepeat {
			if part.Min != part.Max {
				return nil
			}
			times, part = part.Min, part.Sub[0]
		}
		if part.Op != syntax.OpCharClass {
			return nil
		}
		var set [256]bool
		for i := 0; i < len(part.Rune); i += 2 {
			if part.Rune[i+1] >= utf8.RuneSelf {
				return nil
			}
			for r := part.Rune[i]; r <= part.Rune[i+1]; r++ {
				set[r] = true
			}
		}
		for range times {
			out = append(out, &set)
		}
	}
	return out
}

func fits(c []byte, places []*[256]bool) bool {
	if len(c) != len(places) {
		return false
	}
	for i, b := range c {
		if !places[i][b] {
			return false
		}
	}
	return true
}

// dateForm tells a day that is in the calendar, from 1900 to 2099, written dd/mm/yyyy or yyyy-mm-dd.
func dateForm(c []byte, s *sought) string {
	if len(c) != 10 {
		return ""
	}
	form, year, month, day := "", 0, 0, 0
	switch {
	case s.italian && c[2] == '/' && c[5] == '/':
		form, day, month, year = "italian", number(c[:2]), number(c[3:5]), number(c[6:])
	case s.iso && c[4] == '-' && c[7] == '-':
		form, year, month, day = "iso", number(c[:4]), number(c[5:7]), number(c[8:])
	default:
		return ""
	}
	if year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1 {
		return ""
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && year != 1900 {
		days = 29
	}
	if day > days {
		return ""
	}
	return form
}

// number reads digits, or gives -1.
func number(c []byte) (n int) {
	for _, d := range c {
		if d < '0' || d > '9' {
			return -1
		}
		n = n*10 + int(d-'0')
	}
	return n
}

// numberForm tells a number that is written in one way only: without a plus, zeros that count for nothing or signs between thousands, and with
// another number of decimals than three, which may be thousands.
func numberForm(c []byte, s *sought) (form string, decimals int) {
	if c[0] == '-' {
		if c = c[1:]; len(c) == 0 || c[0] == '0' {
			return "", 0
		}
	}
	i := 0
	for i < len(c) && c[i] >= '0' && c[i] <= '9' {
		i++
	}
	if i == 0 || i > s.whole || c[0] == '0' && i > 1 {
		return "", 0
	}
	if i == len(c) {
		return "0", 0
	}
	decimals = len(c) - i - 1
	if decimals == 0 || decimals == 3 || decimals > s.scale || number(c[i+1:]) < 0 {
		return "", 0
	}
	switch {
	case c[i] == ',' && s.comma:
		return ",", decimals
	case c[i] == '.' && s.period:
		return ".", decimals
	}
	return "", 0
}
