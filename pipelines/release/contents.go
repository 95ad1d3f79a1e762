package release

import (
	"bufio"
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
)

// The forms of a dataset are held against each other cell by cell. Each is read by another reader than the one that wrote it, where there is one:
// the Parquet by DuckDB, the CSV and the JSON by Go's own packages, the Arrow stream by arrow-go, the workbook by excelize's reader. A row is
// the texts of its cells as the CSV writes them.

// noValue stands for a cell without a value; no text is it.
const noValue = "\x00"

// rowsIn are the rows of a file, in its order. A row is overwritten by the next one.
type rowsIn iter.Seq2[[]string, error]

// form is one file of a dataset beside its Parquet.
type form struct {
	Output
	columns    []ColumnOf
	within     []int // the columns whose values say which rows a piece of the dataset holds; none: all of them
	absent     bool  // these columns stand in the file's path alone
	n          int64 // rows seen
	tellsEmpty bool  // an empty text and no value are different in it
	next       func() ([]string, error, bool)
	stop       func()
}

// takes reports whether a row of the dataset is in this file, and gives the cells that it has there.
func (f *form) takes(row []string) ([]string, bool) {
	for i, at := range f.within {
		if want := f.Part.Where[i].Value; row[at] != want && (row[at] != noValue || want != "") {
			return nil, false
		}
	}
	if !f.absent {
		return row, true
	}
	var held []string
	for i, cell := range row {
		if !slices.Contains(f.within, i) {
			held = append(held, cell)
		}
	}
	return held, true
}

// contents holds every form of a dataset against its Parquet: equal rows, in the same order, to the cent. Of each file the first difference is told.
func (i *inspector) contents(ctx context.Context, folder string, d *Contract, files []Output) (found catalog.Problems, err error) {
	at := func(o Output) string { return filepath.Join(folder, filepath.FromSlash(o.Path)) }
	whole := slices.IndexFunc(files, func(o Output) bool { return o.Format == "parquet" && o.Part == nil })
	if whole < 0 {
		return nil, nil
	}
	var forms []*form
	for _, o := range files {
		var rows rowsIn
		f := &form{Output: o, columns: d.Columns}
		if o.Part != nil {
			for _, e := range o.Part.Where {
				f.within = append(f.within, slices.IndexFunc(d.Columns, func(c ColumnOf) bool { return c.Name == e.Column }))
			}
			if at := slices.Index(f.within, -1); at >= 0 {
				found = append(found, catalog.Problem{File: o.Path, What: catalog.Textf(catalog.Text{It: "il dataset non ha la colonna «%s»", En: "the dataset has no column %q"}, o.Part.Where[at].Column)})
				continue
			}
		}
		switch o.Format {
		case "csv", englishFormat:
			rows = csvRows(at(o))
		case "xml":
			rows, f.tellsEmpty = xmlRows(at(o), d), true
		case "parquet":
			if o.Part == nil {
				continue
			}
			piece := o.held(d)
			f.absent, f.tellsEmpty, f.columns = len(piece.Columns) < len(d.Columns), true, piece.Columns
			rows = i.parquetCells(ctx, at(o), piece)
		case "json":
			rows, f.tellsEmpty = jsonRows(at(o), d), true
		case "arrows":
			rows, f.tellsEmpty = arrowCells(at(o)), true
		case "xlsx":
			rows = sheetRows(at(o), d)
		default:
			continue
		}
		f.next, f.stop = iter.Pull2(iter.Seq2[[]string, error](rows))
		defer f.stop()
		forms = append(forms, f)
	}
	for row, err := range i.parquetCells(ctx, at(files[whole]), d) {
		if err != nil {
			return nil, err
		}
		forms = slices.DeleteFunc(forms, func(f *form) bool {
			want, mine := f.takes(row)
			if !mine {
				return false
			}
			what, ok := f.differs(want)
			if ok {
				found = append(found, catalog.Problem{File: f.Path, What: what})
			}
			return ok
		})
	}
	for _, f := range forms {
		if _, err, more := f.next(); more {
			what := catalog.Textf(catalog.Text{It: "ha più righe del Parquet, che ne ha %d", En: "it has more rows than the Parquet, which has %d"}, f.n)
			if err != nil {
				what = unreadable(err)
			}
			found = append(found, catalog.Problem{File: f.Path, What: what})
		}
	}
	return found, nil
}

func unreadable(err error) catalog.Text {
	return catalog.Textf(catalog.Text{It: "non si legge fino in fondo: %v", En: "it can't be read to its end: %v"}, err)
}

// differs reads one row more and says where it is not the one wanted.
func (f *form) differs(want []string) (what catalog.Text, ok bool) {
	f.n++
	got, err, more := f.next()
	switch {
	case err != nil:
		return unreadable(err), true
	case !more:
		return catalog.Textf(catalog.Text{It: "finisce alla riga %d, il Parquet va oltre", En: "it ends at row %d, the Parquet goes on"}, f.n-1), true
	case len(got) != len(want):
		return catalog.Textf(catalog.Text{It: "la riga %d ha %d celle, nel Parquet ne ha %d", En: "row %d has %d cells, in the Parquet it has %d"}, f.n, len(got), len(want)), true
	}
	for c := range want {
		if f.equal(f.columns[c], want[c], got[c]) {
			continue
		}
		shown := func(s string) string {
			if s == noValue {
				return "∅"
			}
			return s
		}
		return catalog.Textf(catalog.Text{It: "alla riga %d «%s» è «%s», nel Parquet è «%s»", En: "in row %d %q is %q, in the Parquet it is %q"}, f.n, f.columns[c].Name, shown(got[c]), shown(want[c])), true
	}
	return catalog.Text{}, false
}

// lineEnds is what XML and Go's reader of CSV make of a line end inside a text.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (f *form) equal(c ColumnOf, want, got string) bool {
	if want == got {
		return true
	}
	if !f.tellsEmpty {
		want, got = strings.TrimPrefix(want, noValue), strings.TrimPrefix(got, noValue)
		if c.Type == "text" {
			want, got = lineEnds.Replace(want), lineEnds.Replace(got)
		}
		if want == got {
			return true
		}
	}
	if c.Type == "double" { // the same number may be written in more than one way
		w, errW := strconv.ParseFloat(want, 64)
		g, errG := strconv.ParseFloat(got, 64)
		return errW == nil && errG == nil && w == g
	}
	// A cell of a workbook holds so many characters; of a longer text the end is cut off.
	start, cut := strings.CutSuffix(got, "…")
	return f.Format == "xlsx" && c.Type == "text" && cut && len(got) >= excelize.TotalCellChars && strings.HasPrefix(want, start)
}

// parquetCells reads so many rows at once, by their places in the file.
func (i *inspector) parquetCells(ctx context.Context, path string, d *Contract) rowsIn {
	expressions := make([]string, len(d.Columns))
	for c, col := range d.Columns {
		expressions[c] = catalog.Quote(col.Name) + "::varchar"
	}
	return func(yield func([]string, error) bool) {
		conn, err := i.db.Conn(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		defer conn.Close() //nolint:errcheck // only read
		row, wanted := make([]string, len(d.Columns)), true
		err = conn.Raw(func(raw any) error {
			for from := int64(0); wanted; from += sliceRows {
				n, err := readSlice(ctx, raw.(driver.QueryerContext), fmt.Sprintf("select %s from read_parquet(%s, hive_partitioning = false, file_row_number = true) where file_row_number >= %d and file_row_number < %d order by file_row_number",
					strings.Join(expressions, ", "), catalog.Literal(path), from, from+sliceRows), len(expressions), func(values []driver.Value) {
					for c, v := range values {
						if row[c] = noValue; v != nil {
							row[c] = v.(string)
						}
					}
					wanted = wanted && yield(row, nil)
				})
				if err != nil || n < sliceRows {
					return err
				}
			}
			return nil
		})
		if err != nil && wanted {
			yield(nil, err)
		}
	}
}

// rowsOf reads the rows of an open file; the file is opened when the first is asked for.
func rowsOf(path string, read func(in io.Reader, yield func([]string, error) bool)) rowsIn {
	return func(yield func([]string, error) bool) {
		in, err := os.Open(path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer in.Close() //nolint:errcheck // only read
		read(bufio.NewReaderSize(in, 1<<20), yield)
	}
}

func csvRows(path string) rowsIn {
	return rowsOf(path, func(in io.Reader, yield func([]string, error) bool) {
		r := csv.NewReader(in)
		r.ReuseRecord = true
		for line := 0; ; line++ {
			row, err := r.Read()
			if errors.Is(err, io.EOF) || line > 0 && !yield(row, err) || err != nil {
				return
			}
		}
	})
}

// jsonRows keeps the digits of a number as they are written, and wants the columns of every row by name and order.
func jsonRows(path string, d *Contract) rowsIn {
	return rowsOf(path, func(in io.Reader, yield func([]string, error) bool) {
		j := json.NewDecoder(in)
		j.UseNumber()
		if _, err := j.Token(); err != nil { // [
			yield(nil, err)
			return
		}
		row := make([]string, len(d.Columns))
		for j.More() {
			if err := jsonCells(j, d, row); !yield(row, err) || err != nil {
				return
			}
		}
		if _, err := j.Token(); err != nil { // ]
			yield(nil, err)
		}
	})
}

func jsonCells(j *json.Decoder, d *Contract, row []string) error {
	if t, err := j.Token(); err != nil || t != json.Delim('{') {
		return cmp.Or(err, fmt.Errorf("%v, not an object", t))
	}
	for c, col := range d.Columns {
		name, err := j.Token()
		if err != nil {
			return err
		}
		if name != col.Name {
			return fmt.Errorf("%v, not %s", name, col.Name)
		}
		v, err := j.Token()
		if err != nil {
			return err
		}
		if row[c] = noValue; v != nil {
			row[c] = fmt.Sprint(v)
		}
	}
	if t, err := j.Token(); err != nil || t != json.Delim('}') {
		return cmp.Or(err, fmt.Errorf("%v, not the end of the object", t))
	}
	return nil
}

func arrowCells(path string) rowsIn {
	return rowsOf(path, func(in io.Reader, yield func([]string, error) bool) {
		r, err := ipc.NewReader(in)
		if err != nil {
			yield(nil, err)
			return
		}
		defer r.Release()
		row := make([]string, r.Schema().NumFields())
		for r.Next() {
			batch := r.RecordBatch()
			for n := range int(batch.NumRows()) {
				for c, column := range batch.Columns() {
					row[c] = arrowCell(column, n)
				}
				if !yield(row, nil) {
					return
				}
			}
		}
		if err := r.Err(); err != nil && !errors.Is(err, io.EOF) {
			yield(nil, err)
		}
	})
}

func arrowCell(column arrow.Array, n int) string {
	if column.IsNull(n) {
		return noValue
	}
	switch c := column.(type) {
	case *array.Decimal128:
		return c.Value(n).ToString(c.DataType().(*arrow.Decimal128Type).Scale)
	case *array.Date32:
		return c.Value(n).ToTime().Format(time.DateOnly)
	}
	return column.ValueStr(n)
}

// sheetRows reads the first sheet: a spreadsheet keeps 1000.1 for 1000.10 and a day as a number, so that what is read is written as its
// column is declared.
func sheetRows(path string, d *Contract) rowsIn {
	return func(yield func([]string, error) bool) {
		book, err := excelize.OpenFile(path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer book.Close() //nolint:errcheck // only read
		rows, err := book.Rows(book.GetSheetName(0))
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close() //nolint:errcheck // only read
		row := make([]string, len(d.Columns))
		for line := 0; rows.Next(); line++ {
			cells, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				yield(nil, err)
				return
			}
			if line == 0 {
				continue
			}
			for c, col := range d.Columns {
				if row[c] = noValue; c < len(cells) && cells[c] != "" {
					row[c] = sheetCell(col.Type, cells[c])
				}
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Error(); err != nil {
			yield(nil, err)
		}
	}
}

func sheetCell(typ, v string) string {
	switch typ {
	case "boolean":
		switch v {
		case "1", "TRUE":
			return "true"
		case "0", "FALSE":
			return "false"
		}
	case "date":
		if days, err := strconv.Atoi(v); err == nil {
			return time.Unix(int64(days-serialEpoch)*86400, 0).UTC().Format(time.DateOnly)
		}
	}
	_, places := decimalOf(typ)
	if places == 0 {
		return v
	}
	_, have, pointed := strings.Cut(v, ".")
	if !pointed {
		v += "."
	}
	return v + strings.Repeat("0", max(0, int(places)-len(have)))
}
