package desk

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
)

// The sheets of a report's workbook.
var (
	sheetData = catalog.Text{It: "Dati", En: "Data"}
	sheetHow  = catalog.Text{It: "Come leggere", En: "How to read"}
)

// xlsx writes a workbook: typed cells with the formats of their kind, a frozen header with filters, the charts that the report declares, and a
// sheet that says what was asked, of which day, from which sources, by which SQL. A text is never computed, whatever it begins with.
func (r *Report) xlsx(w io.Writer, s Style) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	data, how := sheetData.In(s.Lang), sheetHow.In(s.Lang)
	if err := book.SetSheetName("Sheet1", data); err != nil {
		return err
	}
	if err := r.dataSheet(book, data, s.Lang); err != nil {
		return err
	}
	for i, c := range r.Query.Charts {
		if err := r.chartSheet(book, data, i, c, s.Lang); err != nil {
			return err
		}
	}
	if _, err := book.NewSheet(how); err != nil {
		return err
	}
	if err := r.howSheet(book, how, s.Lang); err != nil {
		return err
	}
	day := r.AsOf
	if day == "" {
		day = "2000-01-01"
	}
	if err := book.SetDocProps(&excelize.DocProperties{Creator: "piccoli", Title: r.heading(s.Lang), Language: map[string]string{"it": "it-IT", "en": "en-GB"}[s.Lang],
		Created: day + "T00:00:00Z", Modified: day + "T00:00:00Z"}); err != nil {
		return err
	}
	return book.Write(w)
}

func (r *Report) dataSheet(book *excelize.File, sheet, lang string) error {
	styles, err := r.styles(book)
	if err != nil {
		return err
	}
	header := func(a excelize.Alignment) (int, error) {
		a.WrapText, a.Vertical = true, "top"
		return book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9E6F2"}}, Alignment: &a})
	}
	overTexts, errTexts := header(excelize.Alignment{Horizontal: "left", Indent: 1})
	overNumbers, errNumbers := header(excelize.Alignment{Horizontal: "right"})
	if err := errors.Join(errTexts, errNumbers); err != nil {
		return err
	}
	first := 1
	if r.Simulated {
		first = 2
	}
	last, err := excelize.CoordinatesToCellName(len(r.Columns), first+max(1, len(r.Rows)))
	if err != nil {
		return err
	}
	// Before the stream, which takes from the sheet what is set by then and nothing after; the filter first, which writes over what the sheet is set to.
	// Unless told, a stream says that its sheet is the cell A1 alone, and readers that only stream believe it.
	if err := errors.Join(book.SetSheetDimension(sheet, "A1:"+last), book.AutoFilter(sheet, fmt.Sprintf("A%d:%s", first, last), nil), printed(book, sheet),
		book.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$%d", sheet, first), Scope: sheet})); err != nil {
		return err
	}
	w, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	head := make([]any, len(r.Columns))
	for i := range r.Columns {
		over := overTexts
		if r.Columns[i].Numeric() || r.Columns[i].Type == "date" {
			over = overNumbers
		}
		head[i] = excelize.Cell{StyleID: over, Value: r.label(i, lang)}
		if err := w.SetColWidth(i+1, i+1, r.width(i, lang)); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: first, TopLeftCell: fmt.Sprintf("A%d", first+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if r.Simulated {
		warning, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "7A0019"}}) // on one line, over the columns beside it
		if err != nil {
			return err
		}
		if err := w.SetRow("A1", []any{excelize.Cell{StyleID: warning, Value: SimulatedTexts.In(lang)}}); err != nil {
			return err
		}
	}
	if err := w.SetRow(fmt.Sprintf("A%d", first), head); err != nil {
		return err
	}
	cells := make([]any, len(r.Columns))
	for n, row := range r.Rows {
		for i, v := range row {
			if cells[i] = nil; v.Valid {
				if cells[i], err = cellOf(r.Columns[i], v.String, styles[i], lang); err != nil {
					return err
				}
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", first+1+n), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

// printed sets a sheet for paper: A4 lying down, as wide as one page.
func printed(book *excelize.File, sheet string) error {
	landscape, a4, wide, long, fit := "landscape", 9, 1, 0, true
	return errors.Join(book.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}),
		book.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &long}))
}

// styles are those of each column's cells: amounts with cents, whole numbers grouped, Italian dates, texts as texts.
func (r *Report) styles(book *excelize.File) ([]int, error) {
	out := make([]int, len(r.Columns))
	for i, c := range r.Columns {
		style := &excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Horizontal: "left", Indent: 1}} // @, a text, apart from the number before it
		switch {
		case c.Unit == "EUR":
			style = &excelize.Style{NumFmt: 4} // #,##0.00
		case c.Unit == "anno":
			style = &excelize.Style{NumFmt: 1}
		case c.Type == "integer" || c.Type == "bigint":
			style = &excelize.Style{NumFmt: 3} // #,##0
		case c.Numeric():
			style = &excelize.Style{NumFmt: 4}
		case c.Type == "date":
			form := "dd/mm/yyyy"
			style = &excelize.Style{CustomNumFmt: &form}
		}
		id, err := book.NewStyle(style)
		if err != nil {
			return nil, err
		}
		out[i] = id
	}
	return out, nil
}

// cellOf types a value. A number of up to fifteen digits is exactly what a spreadsheet keeps; a longer one stays a text.
func cellOf(c catalog.Column, value string, style int, lang string) (any, error) {
	switch {
	case c.Type == "date":
		day, err := time.Parse(time.DateOnly, value)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		return excelize.Cell{StyleID: style, Value: day}, nil
	case c.Type == "boolean":
		return excelize.Cell{StyleID: style, Value: Show(c, value, lang)}, nil
	case c.Numeric():
		digits := strings.TrimLeft(strings.NewReplacer(".", "", "-", "").Replace(value), "0")
		if len(digits) <= 15 {
			var number float64
			if _, err := fmt.Sscan(value, &number); err != nil {
				return nil, fmt.Errorf("column %s: %w", c.Name, err)
			}
			return excelize.Cell{StyleID: style, Value: number}, nil
		}
	}
	if utf8.RuneCountInString(value) > excelize.TotalCellChars {
		value = string([]rune(value)[:excelize.TotalCellChars-1]) + "…"
	}
	return excelize.Cell{StyleID: style, Value: value}, nil
}

// width is that of the widest value among the first rows, within what a screen bears.
func (r *Report) width(i int, lang string) float64 {
	most := 0
	for _, word := range strings.Fields(r.label(i, lang)) {
		most = max(most, utf8.RuneCountInString(word))
	}
	most = max(most, min(utf8.RuneCountInString(r.label(i, lang)), 24))
	for _, row := range r.Rows[:min(len(r.Rows), 500)] {
		if row[i].Valid {
			most = max(most, utf8.RuneCountInString(Show(r.Columns[i], row[i].String, lang)))
		}
	}
	return float64(min(max(most+2, 11), 90)) // a header is bold, and wider than its letters
}

// chartSheet draws a chart of the header from the cells of the data, on a sheet of its own: the map of the header is a bar chart here.
func (r *Report) chartSheet(book *excelize.File, data string, n int, c catalog.Chart, lang string) error {
	rows := len(r.Rows)
	if c.Limit > 0 {
		rows = min(rows, c.Limit)
	}
	if rows == 0 {
		return nil
	}
	first := 2
	if r.Simulated {
		first = 3
	}
	span := func(name string) (string, error) {
		for i, col := range r.Columns {
			if col.Name == name {
				letter, err := excelize.ColumnNumberToName(i + 1)
				return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", data, letter, first, letter, first+rows-1), err
			}
		}
		return "", fmt.Errorf("%s: chart without the column %q", r.Query.Path, name)
	}
	labels, err := span(c.Category + c.Area)
	if err != nil {
		return err
	}
	values, err := span(c.Value)
	if err != nil {
		return err
	}
	kind := excelize.Bar
	if c.Kind == "line" {
		kind = excelize.Line
	}
	title := c.Title.In(lang)
	if title == "" {
		title = r.Query.Title.In(lang)
	}
	sheet := fmt.Sprintf("%s %d", catalog.Text{It: "Grafico", En: "Chart"}.In(lang), n+1)
	if _, err := book.NewSheet(sheet); err != nil {
		return err
	}
	if err := printed(book, sheet); err != nil {
		return err
	}
	plain, dark := false, excelize.Font{Color: "17324D"}
	return book.AddChart(sheet, "A1", &excelize.Chart{Type: kind, Series: []excelize.ChartSeries{{Name: r.Query.Column(c.Value).Text.In(lang), Categories: labels, Values: values}},
		Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title}}}, Legend: excelize.ChartLegend{Position: "none"}, VaryColors: &plain, Dimension: excelize.ChartDimension{Width: 900, Height: uint(min(300+rows*14, 1400))},
		YAxis: excelize.ChartAxis{MajorGridLines: true, Font: dark}, XAxis: excelize.ChartAxis{Font: dark, ReverseOrder: kind == excelize.Bar}})
}

// howSheet says how to read the data.
func (r *Report) howSheet(book *excelize.File, sheet, lang string) error {
	wrap, err := book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	const narrow, wide = 48, 110
	if err := errors.Join(printed(book, sheet), book.SetColWidth(sheet, "A", "A", narrow), book.SetColWidth(sheet, "B", "B", wide)); err != nil {
		return err
	}
	n := 0
	line := func(name, value string) {
		n++
		a, b := fmt.Sprintf("A%d", n), fmt.Sprintf("B%d", n)
		err = errors.Join(err, book.SetCellStr(sheet, a, name), book.SetCellStr(sheet, b, value), book.SetCellStyle(sheet, a, a, bold), book.SetCellStyle(sheet, b, b, wrap))
		if lines := 1 + max(utf8.RuneCountInString(name)/(narrow-10), utf8.RuneCountInString(value)/(wide-10)); lines > 1 { // not every program makes the row as high as its text
			err = errors.Join(err, book.SetRowHeight(sheet, n, min(409, 15*float64(lines))))
		}
	}
	say := func(it, en string) string { return catalog.Text{It: it, En: en}.In(lang) }
	if r.Simulated {
		line(say("ATTENZIONE", "WARNING"), SimulatedTexts.In(lang))
	}
	line(say("Rapporto", "Report"), r.Query.Title.In(lang))
	line(say("A che cosa risponde", "What it answers"), r.Query.Description.In(lang))
	for _, g := range r.Given {
		if !g.shown() {
			continue
		}
		value := say("(nessun valore: tutti)", "(no value: all)")
		if g.Value.Valid {
			value = showParam(g, lang)
		}
		line(g.title(lang), value)
	}
	for _, x := range []struct{ name, day string }{{say("Dati al", "Data as of"), r.AsOf}, {say("Ultima consegna", "Last delivery"), r.Delivered}} {
		if day, err := catalog.FormatDate(lang, x.day, "giorno"); err != nil {
			return err
		} else if day != "" {
			line(x.name, day)
		}
	}
	for i, origin := range r.originLines(lang) {
		name := ""
		if i == 0 {
			name = say("Fonti", "Sources")
		}
		line(name, origin)
	}
	for _, m := range r.Missing {
		line(say("Manca", "Missing"), m.In(lang))
	}
	for i, c := range r.Columns {
		line(say("Colonna: ", "Column: ")+r.label(i, lang), c.Name)
	}
	for i, text := range strings.Split(strings.Trim(r.Query.SQL, "\n"), "\n") {
		name := ""
		if i == 0 {
			name = "SQL (" + r.Query.Path + ")"
		}
		line(name, text)
	}
	return err
}
