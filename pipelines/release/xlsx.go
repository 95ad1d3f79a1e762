package release

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
)

const (
	dataSheet       = "Dati"
	dictionarySheet = "Dizionario"
	sourceSheet     = "Fonte"

	exactDigits = 15    // a spreadsheet keeps no more of a number; longer ones are written as texts
	serialEpoch = 25569 // 1970-01-01 as a spreadsheet counts days
	firstSerial = 61    // 1900-03-01: before it spreadsheets disagree, so that older dates are written as texts
)

// workbookNotes are said on the sheet of the source.
var workbookNotes = []catalog.Text{
	{It: "I codici sono testi, così che gli zeri iniziali restino. Nessuna cella contiene formule.", En: "Codes are texts, so that leading zeros stay. No cell holds a formula."},
	{It: "Un numero di oltre 15 cifre e una data anteriore al 1900-03-01 sono scritti come testi, perché un foglio di calcolo li altererebbe; un testo di oltre 32.767 caratteri finisce con …",
		En: "A number of more than 15 digits and a date before 1900-03-01 are written as texts, because a spreadsheet would alter them; a text of more than 32,767 characters ends with …"},
}

// writeXLSX writes a dataset as a workbook: its rows with typed cells, its dictionary, and where it comes from. No cell of it is computed.
// Only the rows are streamed: excelize writes streams in the order of a map.
func (in Input) writeXLSX(ctx context.Context, q *catalog.Query, rows int64, to string) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := book.SetSheetName("Sheet1", dataSheet); err != nil {
		return err
	}
	styles, err := newStyles(book)
	if err != nil {
		return err
	}
	if err := sheet(book, dictionarySheet, in.dictionaryLines(q), []float64{28, 16, 14, 10, 8, 24, 70, 70}, styles.wrapped, styles.header); err != nil {
		return err
	}
	if err := book.SetPanes(dictionarySheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	source := in.sourceLines(q, rows)
	if err := sheet(book, sourceSheet, source, []float64{26, 110}, styles.wrapped, 0); err != nil {
		return err
	}
	if err := book.SetCellStyle(sourceSheet, "A1", "A"+strconv.Itoa(len(source)), styles.title); err != nil {
		return err
	}
	if in.Simulated {
		if err := book.SetCellStyle(sourceSheet, "A1", "B1", styles.warning); err != nil {
			return err
		}
	}
	if err := in.rows(ctx, book, q, rows, styles); err != nil {
		return err
	}
	const never = "2000-01-01T00:00:00Z" // the time of writing is no property of the data
	title := q.Title.It
	if in.Simulated {
		title = "DATI SIMULATI · " + title
	}
	if err := book.SetDocProps(&excelize.DocProperties{Creator: "piccoli", LastModifiedBy: "piccoli", Title: title, Subject: q.Name, Description: q.Description.It, Language: "it-IT", Created: never, Modified: never}); err != nil {
		return err
	}
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join(book.Write(file), file.Close())
}

// styles are the looks of a workbook's cells.
type styles struct {
	book           *excelize.File
	header, text   int
	wrapped        int
	numbers        map[string]int // by format
	title, warning int
}

func newStyles(book *excelize.File) (*styles, error) {
	s := &styles{book: book, numbers: map[string]int{}}
	for _, x := range []struct {
		to    *int
		style excelize.Style
	}{
		{&s.header, excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9E6F2"}}, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&s.text, excelize.Style{NumFmt: 49}},
		{&s.wrapped, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&s.title, excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&s.warning, excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true, Color: "7A0019"}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
	} {
		var err error
		if *x.to, err = book.NewStyle(&x.style); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// number gives the style of a format such as 0.00.
func (s *styles) number(format string) (int, error) {
	if id, ok := s.numbers[format]; ok {
		return id, nil
	}
	id, err := s.book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	s.numbers[format] = id
	return id, err
}

// ofColumn gives the style of a column's cells and a width that suits them.
func (s *styles) ofColumn(c catalog.Column) (style int, width float64, err error) {
	width = float64(min(max(len(c.Name)+4, 12), 40))
	switch {
	case c.Type == "date":
		style, err = s.number("yyyy-mm-dd")
	case c.Type == "boolean", c.Type == "double":
		style, err = s.number("General")
	case !c.Numeric():
		return s.text, max(width, 18), nil
	default:
		format := "0"
		if c.Unit != "" {
			format = "#,##0"
		}
		if _, scale := decimalOf(c.Type); scale > 0 {
			format += "." + strings.Repeat("0", int(scale))
		}
		style, err = s.number(format)
	}
	return style, width, err
}

// rows writes the data: a frozen header, a filter, one typed cell a value and none where there is no value.
func (in Input) rows(ctx context.Context, book *excelize.File, q *catalog.Query, rows int64, s *styles) error {
	columns := in.columns(q)
	last, err := excelize.CoordinatesToCellName(len(columns), int(rows)+1)
	if err != nil {
		return err
	}
	// A stream says that its sheet is the cell A1 alone, and openpyxl believes it when it only reads.
	if err := book.SetSheetDimension(dataSheet, "A1:"+last); err != nil {
		return err
	}
	w, err := book.NewStreamWriter(dataSheet)
	if err != nil {
		return err
	}
	header, wanted, style := make([]any, len(columns)), make([]string, len(columns)), make([]int, len(columns))
	for i, c := range columns {
		var width float64
		if style[i], width, err = s.ofColumn(c); err != nil {
			return err
		}
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		header[i] = excelize.Cell{StyleID: s.header, Value: c.Name}
		if wanted[i] = exact(c); c.Type == "date" {
			wanted[i] = fmt.Sprintf("(%s - date '1970-01-01')::bigint", catalog.Quote(c.Name))
		}
	}
	if err := errors.Join(w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}), book.AutoFilter(dataSheet, "A1:"+last, nil), w.SetRow("A1", header)); err != nil {
		return err
	}
	line, cells := 1, make([]any, len(columns))
	var failed error
	if err := in.slices(ctx, q, wanted, rows, func(values []driver.Value) {
		line++
		for i, v := range values {
			cells[i] = nil
			if v != nil {
				cells[i] = cell(columns[i], v, style[i], s.text)
			}
			if failed == nil {
				failed = xmlHolds(q, columns[i], line-1, v)
			}
		}
		if err := w.SetRow("A"+strconv.Itoa(line), cells); err != nil && failed == nil {
			failed = err
		}
	}, func() error { return failed }); err != nil {
		return err
	}
	return w.Flush()
}

// cell types a value. An amount goes by its digits: up to 15 of them a double holds exactly and gives back as they were written.
func cell(c catalog.Column, v driver.Value, style, asText int) excelize.Cell {
	switch v := v.(type) {
	case string:
		if !c.Numeric() {
			return text(v, style)
		}
		digits := strings.TrimLeft(strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, v), "0")
		f, err := strconv.ParseFloat(v, 64)
		if err != nil || len(digits) > exactDigits && c.Type != "double" {
			return excelize.Cell{StyleID: asText, Value: v}
		}
		return excelize.Cell{StyleID: style, Value: f}
	case int64:
		if c.Type == "date" {
			if v+serialEpoch < firstSerial {
				return excelize.Cell{StyleID: asText, Value: time.Unix(v*86400, 0).UTC().Format(time.DateOnly)}
			}
			v += serialEpoch
		}
		if v >= 1e15 || v <= -1e15 {
			return excelize.Cell{StyleID: asText, Value: strconv.FormatInt(v, 10)}
		}
		return excelize.Cell{StyleID: style, Value: v}
	}
	return excelize.Cell{StyleID: style, Value: v} // int32, bool
}

// dictionaryLines say what every column means, as the codebook does.
func (in Input) dictionaryLines(q *catalog.Query) [][]string {
	lines := [][]string{{"colonna", "tipo", "unita", "additiva", "chiave", "rimando", "descrizione_it", "descrizione_en"}}
	for _, c := range in.columns(q) {
		additive, key := "", ""
		if c.Additive != nil {
			additive = map[bool]string{true: "sì", false: "no"}[*c.Additive]
		}
		if slices.Contains(q.Key, c.Name) {
			key = "sì"
		}
		lines = append(lines, []string{c.Name, c.Type, c.Unit, additive, key, c.Ref, c.Text.It, c.Text.En})
	}
	return lines
}

// sourceLines say where the rows come from, in both languages: title, licence, date, the SQL with its SHA-256, and every source behind it.
func (in Input) sourceLines(q *catalog.Query, rows int64) [][]string {
	sum := sha256.Sum256([]byte(q.SQL))
	lines := [][]string{
		{"titolo", q.Title.It}, {"title", q.Title.En}, {"descrizione", q.Description.It}, {"description", q.Description.En}, {"grana · grain", q.Grain.It + " · " + q.Grain.En},
		{"chiave · key", strings.Join(q.Key, ", ")}, {"righe · rows", strconv.FormatInt(rows, 10)}, {"dati al · data as of", in.AsOf},
		{"licenza · licence", strings.TrimSpace(in.Site.Licence.Title + " " + in.Site.Licence.URL)},
		{"editore · publisher", in.Site.Name}, {"pagina · page", in.Site.BaseURL + "dati/" + q.Name + "/"},
		{"SQL", q.Path}, {"SHA-256 (SQL)", fmt.Sprintf("%x", sum)},
	}
	if in.Simulated {
		lines = append([][]string{{"ATTENZIONE · WARNING", simulatedColumn.Text.It + " · " + simulatedColumn.Text.En}}, lines...)
	}
	for _, o := range in.Catalog.Origins(q) {
		parts := []string{o.Title.It + " · " + o.Title.En}
		for _, p := range []string{o.Source.Publisher, o.Source.Licence, o.Source.URL, o.Source.Attribution} {
			if p != "" {
				parts = append(parts, p)
			}
		}
		lines = append(lines, []string{"fonte · source", strings.Join(parts, "\n")})
	}
	for _, n := range workbookNotes {
		lines = append(lines, []string{"nota · note", n.It + "\n" + n.En})
	}
	return slices.DeleteFunc(lines, func(l []string) bool { return l[1] == "" })
}

// sheet writes texts; those of the first line are a header where it has a style.
func sheet(book *excelize.File, name string, lines [][]string, widths []float64, style, header int) error {
	if _, err := book.NewSheet(name); err != nil {
		return err
	}
	for i, width := range widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err == nil {
			err = book.SetColWidth(name, column, column, width)
		}
		if err != nil {
			return err
		}
	}
	for i, line := range lines {
		for j, value := range line {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			look := style
			if i == 0 && header != 0 {
				look = header
			}
			if err := errors.Join(book.SetCellStr(name, at, value), book.SetCellStyle(name, at, at, look)); err != nil {
				return err
			}
		}
	}
	return nil
}
