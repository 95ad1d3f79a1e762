package simulate

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// sink takes the rows of one file and says on which line, or row of the sheet, each stands.
type sink interface {
	row(r *record) (line int64, err error)
	close() (sha string, err error)
}

// line appends one row as CSV, without its end: a value with a separator, a quote or a line end is quoted.
func (t *table) line(b []byte, cells [][]byte) []byte {
	for i, c := range cells {
		if i > 0 {
			b = append(b, t.form.delimiter)
		}
		if !t.special(c) {
			b = append(b, c...)
			continue
		}
		b = append(b, '"')
		for _, x := range c {
			if x == '"' {
				b = append(b, '"')
			}
			b = append(b, x)
		}
		b = append(b, '"')
	}
	return b
}

func (t *table) special(cell []byte) bool {
	for _, x := range cell {
		if x == t.form.delimiter || x == '"' || x == '\n' || x == '\r' {
			return true
		}
	}
	return false
}

// text is a CSV file.
type text struct {
	*table
	file    *os.File
	hash    hash.Hash
	out     *bufio.Writer
	encoder io.WriteCloser // nil for UTF-8
	buffer  []byte
	lines   int64
}

// create starts a file with its title row and its header.
func (t *table) create(folder, title string) (sink, error) {
	path := filepath.Join(folder, filepath.FromSlash(t.file))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if t.form.workbook {
		return newSheet(t, f, title)
	}
	s := &text{table: t, file: f, hash: sha256.New()}
	s.out = bufio.NewWriterSize(io.MultiWriter(f, s.hash), 1<<20)
	if t.form.ansi {
		s.encoder = transform.NewWriter(s.out, charmap.Windows1252.NewEncoder())
	}
	if t.form.bom {
		if _, err := s.out.WriteString("\ufeff"); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	header := make([][]byte, len(t.headers))
	for i, h := range t.headers {
		header[i] = []byte(h)
	}
	for _, cells := range [][][]byte{{[]byte(title)}, header} {
		if err := s.write(t.line(s.buffer[:0], cells)); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return s, nil
}

// write adds the line end.
func (s *text) write(line []byte) (err error) {
	if s.form.crlf {
		line = append(line, '\r')
	}
	line = append(line, '\n')
	s.lines += 1 + int64(bytes.Count(line[:len(line)-1], []byte{'\n'}))
	s.buffer = line[:0]
	if s.encoder != nil {
		_, err = s.encoder.Write(line)
	} else {
		_, err = s.out.Write(line)
	}
	return err
}

func (s *text) row(r *record) (int64, error) {
	at := s.lines + 1
	if r.line != nil {
		return at, s.write(append(s.buffer[:0], r.line...))
	}
	return at, s.write(s.table.line(s.buffer[:0], r.cells))
}

func (s *text) close() (string, error) {
	var err error
	if s.encoder != nil {
		err = s.encoder.Close()
	}
	err = errors.Join(err, s.out.Flush(), s.file.Close())
	return hex.EncodeToString(s.hash.Sum(nil)), err
}

// sheet is an XLSX file.
type sheet struct {
	*table
	file  *os.File
	book  *excelize.File
	out   *excelize.StreamWriter
	dates int // style
	rows  int64
}

// sheetName is what the simulated offices call their sheet.
const sheetName = "Dati"

func newSheet(t *table, f *os.File, title string) (_ *sheet, err error) {
	s := &sheet{table: t, file: f, book: excelize.NewFile()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.book.Close(), f.Close())
		}
	}()
	if err := s.book.SetSheetName("Sheet1", sheetName); err != nil {
		return nil, err
	}
	if err := s.book.SetDocProps(&excelize.DocProperties{Creator: "piccoli simulate", Title: title, Language: "it-IT", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}); err != nil {
		return nil, err
	}
	italian := "dd/mm/yyyy"
	if s.dates, err = s.book.NewStyle(&excelize.Style{CustomNumFmt: &italian}); err != nil {
		return nil, err
	}
	// The cell A1 alone is what a stream says otherwise, before it knows its rows, and programs that only read believe it.
	if err := s.book.SetSheetDimension(sheetName, ""); err != nil {
		return nil, err
	}
	if s.out, err = s.book.NewStreamWriter(sheetName); err != nil {
		return nil, err
	}
	header := make([]any, len(t.headers))
	for i, h := range t.headers {
		header[i] = h
	}
	s.rows = 3 // people leave a row between title and header
	return s, errors.Join(s.out.SetRow("A1", []any{title}), s.out.SetRow("A3", header))
}

// row writes dates and numbers as a spreadsheet holds them; what is neither stays text.
func (s *sheet) row(r *record) (int64, error) {
	s.rows++
	cells := make([]any, len(r.cells))
	for i, c := range r.cells {
		value := string(c)
		switch {
		case value == "":
			continue
		case s.columns[i].Type == "date":
			if t, err := parseItalian(value); err == nil {
				cells[i] = excelize.Cell{StyleID: s.dates, Value: t}
				continue
			}
		case s.columns[i].Type == "integer":
			if n, err := strconv.Atoi(value); err == nil {
				cells[i] = n
				continue
			}
		case strings.HasPrefix(s.columns[i].Type, "decimal"):
			if n, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64); err == nil && strings.Count(value, ",") == 1 {
				cells[i] = n
				continue
			}
		}
		cells[i] = value
	}
	return s.rows, s.out.SetRow("A"+strconv.FormatInt(s.rows, 10), cells)
}

func (s *sheet) close() (string, error) {
	h := sha256.New()
	err := s.out.Flush()
	if err == nil {
		_, err = s.book.WriteTo(io.MultiWriter(s.file, h))
	}
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, s.book.Close(), s.file.Close())
}
