package release

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"golang.org/x/sync/errgroup"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

// Gate lets a tree out only if no byte of it holds personal data (Reg. (EU) 2016/679 art. 5(1)(c); d.lgs. 33/2013 art. 7-bis): the codice
// fiscale of a person, an account number, a mailbox, a mobile telephone. It is the last thing before Tree.Publish.
type Gate struct {
	Contact string   // the publisher's declared contact (mailto:…): its mailbox passes
	Sources []string // addresses of sources: a mailbox or number that is a part of one of them passes, and is listed
}

// Passed is something that looked personal and was let out by a rule.
type Passed struct{ Path, Why, Masked string }

// Addresses are those of sources: what contracts declare, and what stands in the columns of the marts that hold addresses.
func Addresses(ctx context.Context, c *catalog.Catalog, db *sql.DB) (out []string, err error) {
	for _, q := range c.Queries {
		if q.Source != nil && q.Source.URL != "" {
			out = append(out, q.Source.URL)
		}
		for _, col := range q.Columns {
			if q.Layer != catalog.Marts || col.Format != "url" {
				continue
			}
			found, err := texts(ctx, db, fmt.Sprintf("select distinct %s from %s where %s is not null", catalog.Quote(col.Name), q.Ref().SQL(), catalog.Quote(col.Name)))
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	return out, nil
}

// gateProblems is how many findings are told one by one.
const gateProblems = 40

// Check reads every file of the tree that was not read by the same rules before, and gives a *warehouse.DataError with every finding: file,
// place and kind, never the whole value.
func (g Gate) Check(ctx context.Context, tree *Tree) ([]Passed, error) {
	sources := map[string]bool{}
	for _, s := range g.Sources {
		sources[s] = true
	}
	contact := strings.ToLower(strings.TrimPrefix(g.Contact, "mailto:"))
	rules := "1 " + contact
	var mu sync.Mutex
	var found catalog.Problems
	var passed []Passed
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, p := range tree.unread(rules) {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			l := &look{path: p, contact: contact, sources: sources, typed: tree.has(strings.TrimSuffix(p, path.Ext(p)) + ".parquet")}
			if err := l.file(tree.Path(p)); err != nil {
				return fmt.Errorf("%s: %w", p, err)
			}
			if len(l.found) == 0 && len(l.passed) == 0 {
				tree.read(p, rules)
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			found, passed = append(found, l.found...), append(passed, l.passed...)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(passed, func(a, b Passed) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Why, b.Why), cmp.Compare(a.Masked, b.Masked))
	})
	if len(found) == 0 {
		return passed, nil
	}
	slices.SortFunc(found, func(a, b catalog.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.What.It, b.What.It))
	})
	if more := len(found) - gateProblems; more > 0 {
		found = append(found[:gateProblems], catalog.Problem{File: "…", What: catalog.Textf(catalog.Text{It: "e altri %d dati personali", En: "and %d more personal data"}, more)})
	}
	return passed, &warehouse.DataError{Problems: found}
}

// look is the reading of one file.
type look struct {
	path    string
	contact string
	sources map[string]bool
	typed   bool // the same rows stand as Parquet beside it, where numbers and texts are told apart
	found   catalog.Problems
	passed  []Passed
}

var kindNames = map[kind]catalog.Text{
	personalCode: {It: "codice fiscale di una persona", En: "a person's codice fiscale"},
	iban:         {It: "numero di conto (IBAN)", En: "account number (IBAN)"},
	email:        {It: "indirizzo di posta", En: "mailbox"},
	phone:        {It: "numero di telefono", En: "telephone number"},
	phoneDigits:  {It: "numero di cellulare", En: "mobile number"},
}

var gateHint = catalog.Text{It: "dati personali non si pubblicano: toglierli all'origine, o segnare la colonna con «personale: true» nel contratto della sorgente",
	En: "personal data are not published: take them out at their source, or mark the column with \"personale: true\" in the source's contract"}

// mask leaves of a value what helps to find it.
func mask(value string) string {
	runes := []rune(value)
	return string(runes[:min(3, len(runes)-1)]) + "…"
}

func (l *look) report(k kind, value string, line, col int, where catalog.Text) {
	if k == email && l.contact != "" && strings.ToLower(value) == l.contact {
		return
	}
	what := catalog.Textf(catalog.Text{It: "%s «%s»", En: "%s %q"}, "", mask(value))
	what.It, what.En = kindNames[k].It+what.It, kindNames[k].En+what.En
	if where.It != "" {
		what = catalog.Text{It: what.It + ", " + where.It, En: what.En + ", " + where.En}
	}
	l.found = append(l.found, catalog.Problem{File: l.path, Line: line, Col: col, What: what, Hint: gateHint})
}

// file reads a file by what it is: first by its first bytes, whatever its name.
func (l *look) file(place string) (err error) {
	f, err := os.Open(place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var magic [8]byte
	n, err := io.ReadFull(f, magic[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(magic[:n], []byte("PK\x03\x04")):
		info, err := f.Stat()
		if err != nil {
			return err
		}
		return l.archive(f, info.Size())
	case bytes.HasPrefix(magic[:n], []byte("PAR1")):
		if err := l.footer(f); err != nil {
			return err
		}
		return l.parquet(place)
	case bytes.HasPrefix(magic[:n], []byte{0xff, 0xff, 0xff, 0xff}):
		return l.arrow(f)
	case bytes.HasPrefix(magic[:n], []byte{0x1f, 0x8b}):
		r, err := gzip.NewReader(f)
		if err != nil {
			return err
		}
		return l.text(r, catalog.Text{})
	}
	return l.text(f, catalog.Text{})
}

// Windows of a text overlap, so that nothing that stands over their border is missed or seen without what stands around it.
const (
	windowBytes = 1 << 20
	overlap     = 512
)

var windows = sync.Pool{New: func() any { b := make([]byte, windowBytes); return &b }}

// text reads a text of any length; part names the part of a container it is, or is empty.
func (l *look) text(r io.Reader, part catalog.Text) error {
	window := windows.Get().(*[]byte)
	defer windows.Put(window)
	buffer := (*window)[:0]
	line, lineBytes := 1, 0 // up to buffer[0]: the line it is in, and how many bytes of that line came before
	first := true
	for {
		n, err := io.ReadFull(r, buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		low, high := overlap/2, len(buffer)-overlap/2
		if first {
			low = 0
		}
		if last {
			high = len(buffer)
		}
		personal(buffer, func(f finding) {
			if f.from < low || f.from >= high {
				return
			}
			value := string(buffer[f.from:f.to])
			if l.admitted(buffer, f) || inGeometry(buffer, f) {
				return
			}
			at := line + bytes.Count(buffer[:f.from], []byte("\n"))
			col := f.from - bytes.LastIndexByte(buffer[:f.from], '\n')
			if at == line {
				col += lineBytes
			}
			if part.It != "" {
				l.report(f.kind, value, 0, 0, catalog.Text{It: part.It + cellOf(buffer[:f.from]), En: part.En + cellOf(buffer[:f.from])})
				return
			}
			l.report(f.kind, value, at, col, catalog.Text{})
		})
		if last {
			return nil
		}
		first = false
		gone := len(buffer) - overlap
		if newline := bytes.LastIndexByte(buffer[:gone], '\n'); newline >= 0 {
			line, lineBytes = line+bytes.Count(buffer[:gone], []byte("\n")), gone-newline-1
		} else {
			lineBytes += gone
		}
		buffer = append(buffer[:0], buffer[gone:]...)
	}
}

var cellName = regexp.MustCompile(`<c[^>]* r="([A-Z]+[0-9]+)"`)

// cellOf names the last cell of a sheet that starts in the text before.
func cellOf(before []byte) string {
	at := bytes.LastIndex(before, []byte("<c "))
	if at < 0 {
		return ""
	}
	if m := cellName.FindSubmatch(before[at:]); m != nil {
		return " " + string(m[1])
	}
	return ""
}

// program are files that hold no data: a bare number in them is a constant.
var program = []string{".js", ".mjs", ".css", ".wasm", ".woff2", ".png", ".ico", ".map"}

// numbers stand before a number that is one: the value of a cell, of a key, of an HTML data element.
var numbers = []string{"<v>", `":`, `": `, `value="`}

// admitted reports whether a finding is none: a number in a place of numbers, a part of a source's address, a name of a picture's file.
func (l *look) admitted(b []byte, f finding) bool {
	switch f.kind {
	case phoneDigits:
		if slices.Contains(program, path.Ext(l.path)) {
			return true
		}
		for _, before := range numbers {
			if bytes.HasSuffix(b[:f.from], []byte(before)) {
				return true
			}
		}
		if l.typed && path.Ext(l.path) == ".csv" && bytes.IndexByte([]byte(",\n"), at(b, f.from-1)) >= 0 && bytes.IndexByte([]byte(",\r\n"), at(b, f.to)) >= 0 {
			return true // the Parquet tells whether the column holds numbers or texts
		}
	case email:
		if strings.HasSuffix(string(b[f.from:f.to]), ".invalid") { // a name that never exists (RFC 2606, section 2): nobody's mailbox
			return true
		}
		if slices.Contains(program, path.Ext(l.path)) || slices.Contains(program, path.Ext(string(b[f.from:f.to]))) {
			return true
		}
	case personalCode, iban:
		return false
	}
	from, to := f.from, f.to
	for from > 0 && !endsAddress(b[from-1]) {
		from--
	}
	for to < len(b) && !endsAddress(b[to]) {
		to++
	}
	address := strings.ReplaceAll(string(b[from:to]), "&amp;", "&")
	if !strings.HasPrefix(address, "http") || !l.sources[address] {
		return false
	}
	l.passed = append(l.passed, Passed{l.path, address, mask(string(b[f.from:f.to]))})
	return true
}

func at(b []byte, i int) byte {
	if i < 0 || i >= len(b) {
		return '\n'
	}
	return b[i]
}

func endsAddress(c byte) bool {
	return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' || c == '`' || c == '|' || c == '(' || c == ')'
}

// geometry are the attributes of a drawing that hold nothing but letters of commands and numbers.
var geometry = [...]string{" d", " points", " transform", " viewBox"}

// inGeometry reports whether what looks like a telephone number are coordinates of a drawing: it stands in such an attribute, after nothing that a
// coordinate could not be.
func inGeometry(b []byte, f finding) bool {
	if f.kind != phone && f.kind != phoneDigits {
		return false
	}
	from := f.from - 1
	for from >= 0 && (class[b[from]] != 0 || bytes.IndexByte([]byte(" .,-()"), b[from]) >= 0) {
		from--
	}
	if from < 1 || b[from] != '"' || b[from-1] != '=' {
		return false
	}
	for _, name := range geometry {
		if bytes.HasSuffix(b[:from-1], []byte(name)) {
			return true
		}
	}
	return false
}

// archive reads every part of a ZIP (a workbook, an archive), their names too.
func (l *look) archive(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return err
	}
	for _, part := range z.File {
		name := catalog.Text{It: part.Name, En: part.Name}
		if err := l.text(strings.NewReader(part.Name+" "+part.Comment), name); err != nil {
			return err
		}
		content, err := part.Open()
		if err != nil {
			return err
		}
		if err := errors.Join(l.text(content, name), content.Close()); err != nil {
			return err
		}
	}
	return l.text(strings.NewReader(z.Comment), catalog.Text{})
}

// value reads one cell of a text column.
func (l *look) value(b []byte, where func() catalog.Text) {
	if len(b) < 6 { // a@b.it
		return
	}
	personal(b, func(f finding) {
		if !l.admitted(b, f) {
			l.report(f.kind, string(b[f.from:f.to]), 0, 0, where())
		}
	})
}

func cellAt(column string, row int64) catalog.Text {
	return catalog.Textf(catalog.Text{It: "colonna %s, riga %d", En: "column %s, row %d"}, column, row+1)
}

// footer reads a Parquet's footer as bytes, as far as it is not compressed: names, metadata, smallest and greatest values.
func (l *look) footer(f *os.File) error {
	var end [8]byte
	size, err := f.Seek(-8, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := io.ReadFull(f, end[:]); err != nil {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(end[:4]))
	if length > size {
		return fmt.Errorf("a footer of %d bytes in a file of %d", length, size+8)
	}
	return l.text(io.NewSectionReader(f, size-length, length), catalog.Text{It: "piede del file", En: "footer"})
}

// parquet reads every text column and every value of the metadata.
func (l *look) parquet(place string) (err error) {
	r, err := file.OpenParquetFile(place, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for _, kv := range r.MetaData().KeyValueMetadata() { // whole, as values: in the footer their lengths stand before them
		l.value([]byte(*kv.Value), func() catalog.Text { return catalog.Text{It: "metadati: " + kv.Key, En: "metadata: " + kv.Key} })
	}
	start := int64(0)
	for g := range r.NumRowGroups() {
		group := r.RowGroup(g)
		for c := range group.NumColumns() {
			column := r.MetaData().Schema.Column(c)
			if column.PhysicalType() != parquet.Types.ByteArray {
				continue
			}
			chunk, err := group.Column(c)
			if err != nil {
				return err
			}
			if err := l.column(chunk.(*file.ByteArrayColumnChunkReader), column.Name(), column.MaxDefinitionLevel(), start); err != nil {
				return err
			}
		}
		start += group.NumRows()
	}
	return nil
}

func (l *look) column(r *file.ByteArrayColumnChunkReader, name string, defined int16, row int64) error {
	values, levels := make([]parquet.ByteArray, 8192), make([]int16, 8192)
	for r.HasNext() {
		total, read, err := r.ReadBatch(int64(len(values)), values, levels, nil)
		if err != nil {
			return err
		}
		next := 0
		for i := range total {
			if defined > 0 && levels[i] < defined {
				continue
			}
			if next < read {
				l.value(values[next], func() catalog.Text { return cellAt(name, row+i) })
			}
			next++
		}
		row += total
	}
	return nil
}

// arrow reads the metadata and every text column of a stream.
func (l *look) arrow(f io.Reader) error {
	r, err := ipc.NewReader(f)
	if err != nil {
		return err
	}
	defer r.Release()
	about := func(m arrow.Metadata, of string) {
		for i, v := range m.Values() {
			l.value([]byte(v), func() catalog.Text {
				return catalog.Text{It: "metadati: " + of + m.Keys()[i], En: "metadata: " + of + m.Keys()[i]}
			})
		}
	}
	about(r.Schema().Metadata(), "")
	for _, field := range r.Schema().Fields() {
		about(field.Metadata, field.Name+" ")
	}
	start := int64(0)
	for r.Next() {
		batch := r.RecordBatch()
		for c := range int(batch.NumCols()) {
			texts, ok := batch.Column(c).(*array.String)
			if !ok {
				continue
			}
			all, offsets := texts.ValueBytes(), texts.ValueOffsets()
			for i := range texts.Len() {
				l.value(all[offsets[i]-offsets[0]:offsets[i+1]-offsets[0]], func() catalog.Text { return cellAt(batch.ColumnName(c), start+int64(i)) })
			}
		}
		start += batch.NumRows()
	}
	return r.Err()
}
