package ingest

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
)

// spreadsheet copies the sheet whose header fits the contract as CSV, row by row.
func (p *prepared) spreadsheet(ctx context.Context, path string, q *catalog.Query, spill string) (problems catalog.Problems, err error) {
	faults, problems, err := p.examine(ctx, path)
	if err != nil || len(problems) > 0 {
		return problems, err
	}
	book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: workbookInRAM, TmpDir: spill})
	if err != nil {
		return refusal(p.file, catalog.Text{It: "il file XLSX è rovinato o non è un foglio di calcolo", En: "the XLSX file is broken or no spreadsheet"}, brokenHint), nil
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	f, problems, err := p.chooseSheet(book, faults, q)
	if err != nil || len(problems) > 0 {
		return problems, err
	}
	p.Sheet, p.Simulated, p.Columns, p.Delimiter = f.delimiter, f.simulated, f.columns, ","
	days := 0
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		days = 1462 // the calendar of old Macs begins on 1 January 1904
	}
	kinds := make([]string, len(f.columns))
	for i, name := range f.columns {
		if c := q.Source.Column(name); c != nil {
			kinds[i] = c.Type
		}
	}
	out, err := p.keep(spill, ".csv")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w := csv.NewWriter(out)
	rows, err := book.Rows(p.Sheet)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	p.rows = []run{}
	var record int64
	next := int64(-1)
	for n := int64(1); rows.Next(); n++ {
		if n%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		cells, err := rows.Columns()
		if err != nil {
			return catalog.Problems{{File: p.file.Path, Line: int(n), What: catalog.Textf(catalog.Text{It: "la riga %d del foglio «%s» non si legge: %v", En: "row %d of the sheet %q can't be read: %v"}, n, p.Sheet, err)}}, nil
		}
		if n <= int64(f.last.line) || !slices.ContainsFunc(cells, func(c string) bool { return strings.Trim(c, blanks) != "" }) {
			continue
		}
		for len(cells) < len(f.columns) {
			cells = append(cells, "")
		}
		for len(cells) > len(f.columns) && strings.Trim(cells[len(cells)-1], blanks) == "" {
			cells = cells[:len(cells)-1]
		}
		if n := len(f.columns); len(cells) > n { // one too many tells as much as sixteen thousand; the last is no blank
			cells = append(cells[:n], cells[len(cells)-1])
		}
		for i := range f.columns {
			cells[i] = stored(cells[i], kinds[i], days)
		}
		if n != next {
			p.rows = append(p.rows, run{record, n})
		}
		next = n + 1
		record++
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	if err := rows.Error(); err != nil {
		return refusal(p.file, catalog.Textf(catalog.Text{It: "il foglio «%s» non si legge: %v", En: "the sheet %q can't be read: %v"}, p.Sheet, err), catalog.Text{}), nil
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, err
	}
	p.Path = out.Name()
	if p.shape, err = shapeOf(ctx, p.Path); err != nil {
		return nil, err
	}
	p.have.faults, p.have.controls = p.shape.faults, p.shape.controls
	return nil, p.see(0, q, forSheet(q.Source.Dialect))
}

// chooseSheet finds the one sheet whose header fits; fit.delimiter then holds its name and the lines are the sheet's rows.
func (p *prepared) chooseSheet(book *excelize.File, faults map[string]*sheetFault, q *catalog.Query) (fit, catalog.Problems, error) {
	d := q.Source.Dialect
	var fits []fit
	var best fit
	tops := map[string][]row{}
	var wanted, names []string
	for _, s := range d.Sheets {
		wanted = append(wanted, plainHeader(s))
	}
	for _, name := range book.GetSheetList() {
		visible, err := book.GetSheetVisible(name)
		if err != nil {
			return fit{}, nil, err
		}
		names = append(names, name)
		named := slices.Contains(wanted, plainHeader(name))
		if len(wanted) > 0 && !named || len(wanted) == 0 && !visible {
			continue
		}
		if fault := faults[name]; fault != nil && (len(wanted) > 0 || len(book.GetSheetList()) == 1) {
			return fit{}, p.sheetProblem(fault, name), nil
		}
		top, err := topOfSheet(book, name, d.HeaderWithin+d.HeaderRows+1)
		if err != nil {
			return fit{}, refusal(p.file, catalog.Textf(catalog.Text{It: "il foglio «%s» non si legge: %v", En: "the sheet %q can't be read: %v"}, name, err), catalog.Text{}), nil
		}
		f := p.fit(top, q)
		f.delimiter, tops[name] = name, top
		if f.whole() {
			fits = append(fits, f)
		}
		if best.delimiter == "" || f.better(best) {
			best = f
		}
	}
	switch {
	case len(fits) == 1 && faults[fits[0].delimiter] != nil:
		return fit{}, p.sheetProblem(faults[fits[0].delimiter], fits[0].delimiter), nil
	case len(fits) == 1:
		return fits[0], nil, nil
	case len(fits) > 1:
		var which []string
		for _, f := range fits {
			which = append(which, f.delimiter)
		}
		return fit{}, refusal(p.file, catalog.Textf(catalog.Text{It: "più fogli hanno le colonne previste: %s", En: "several sheets have the columns provided for: %s"}, strings.Join(which, ", ")),
			catalog.Text{It: "lasciarne uno per file, o nascondere gli altri", En: "leave one a file, or hide the others"}), nil
	case best.delimiter == "":
		return fit{}, refusal(p.file, catalog.Textf(catalog.Text{It: "nessun foglio si chiama %s; ci sono: %s", En: "no sheet is called %s; there are: %s"}, strings.Join(d.Sheets, ", "), strings.Join(names, ", ")),
			catalog.Text{It: "rinominare il foglio con i dati", En: "rename the sheet with the data"}), nil
	}
	problems := p.misfit(best, []byte("foglio"), q, func(o *catalog.Query) bool {
		for _, top := range tops {
			if p.fit(top, o).whole() {
				return true
			}
		}
		return false
	})
	for i, one := range problems {
		problems[i].What = catalog.Text{It: fmt.Sprintf("foglio «%s»: %s", best.delimiter, one.What.It), En: fmt.Sprintf("sheet %q: %s", best.delimiter, one.What.En)}
	}
	return fit{}, problems, nil
}

// topOfSheet reads the first rows that are not empty.
func topOfSheet(book *excelize.File, name string, n int) (out []row, err error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for line := 1; rows.Next() && len(out) < n && line < 1000; line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("%d: %w", line, err)
		}
		if slices.ContainsFunc(cells, func(c string) bool { return strings.Trim(c, blanks) != "" }) {
			out = append(out, row{cells: cells, line: line})
		}
	}
	return out, nil
}

// floating is a number as programs write it into a cell. An exponent has its sign there (1.2E+5, 1e-05); without one, 1e5, it is a text that somebody
// typed, perhaps a code, and no amount.
var floating = regexp.MustCompile(`^-?\d+(\.\d+)?([eE][+-]\d+)?$`)

// stored writes what a cell holds for a column of that type. A spreadsheet stores every number as a float: 0.30000000000000004 and
// 1.2E+5 are what people see as 0.3 and 120000, 15 significant digits as Excel shows them.
func stored(cell, kind string, days int) string {
	switch {
	case kind == "date" && days != 0 && floating.MatchString(cell):
		if v, err := strconv.ParseFloat(cell, 64); err == nil {
			return strconv.FormatFloat(v+float64(days), 'f', -1, 64)
		}
	case (strings.HasPrefix(kind, "decimal") || kind == "integer" || kind == "bigint") && (len(cell) > 15 || strings.ContainsAny(cell, "eE")) && floating.MatchString(cell):
		v, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			return cell
		}
		if v, err = strconv.ParseFloat(strconv.FormatFloat(v, 'e', 14, 64), 64); err == nil {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return cell
}
