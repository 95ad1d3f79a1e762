package release_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// missing stands for a cell without a value in the formats that tell it from an empty text.
const missing = "∅"

// table is what a reader that is not DuckDB finds in a file: each cell as a CSV would write it.
type table struct {
	header []string
	types  []string
	rows   [][]string
	about  map[string]string
}

// readers read a dataset's file by its extension.
var readers = map[string]func(t *testing.T, path string) table{".csv": readCSV, ".json": readJSON, ".parquet": readParquet, ".arrows": readArrow, ".xlsx": readXLSX}

func readCSV(t *testing.T, path string) table {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return table{header: records[0], rows: records[1:]}
}

// readJSON keeps the digits of a number as they are written.
func readJSON(t *testing.T, path string) (out table) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	for depth := 0; ; {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			if depth++; depth == 2 {
				var names, cells []string
				for d.More() {
					name, errName := d.Token()
					value, errValue := d.Token()
					if errName != nil || errValue != nil {
						t.Fatalf("%s: %v %v", path, errName, errValue)
					}
					names = append(names, name.(string))
					if value == nil {
						value = missing
					}
					cells = append(cells, fmt.Sprint(value))
				}
				out.header, out.rows = names, append(out.rows, cells)
			}
		default:
			depth--
		}
	}
}

// readXLSX writes the cells of the first sheet by their types: a number with a date's look is a date, and one is given the digits of a
// column's format, since a spreadsheet keeps 1000.1 for 1000.10.
func readXLSX(t *testing.T, path string) (out table) {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer book.Close()
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	// What readers that only stream go by (openpyxl, read-only): the cells that the sheet says it has.
	all, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	last, err := excelize.CoordinatesToCellName(len(all[0]), len(all))
	if err != nil {
		t.Fatal(err)
	}
	if has, err := book.GetSheetDimension(book.GetSheetName(0)); err != nil || has != "A1:"+last {
		t.Errorf("%s: the sheet says that it has the cells %s, want A1:%s (%v)", path, has, last, err)
	}
	formats := map[int]string{}
	format := func(at string) string {
		id, err := book.GetCellStyle(book.GetSheetName(0), at)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := formats[id]; !ok {
			style, err := book.GetStyle(id)
			if err != nil {
				t.Fatal(err)
			}
			if formats[id] = fmt.Sprint(style.NumFmt); style.CustomNumFmt != nil {
				formats[id] = *style.CustomNumFmt
			}
		}
		return formats[id]
	}
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if line == 1 {
			out.header = cells
			continue
		}
		row := make([]string, len(out.header))
		for i := range row {
			row[i] = missing
		}
		for i, value := range cells {
			at, _ := excelize.CoordinatesToCellName(i+1, line)
			kind, err := book.GetCellType(book.GetSheetName(0), at)
			if err != nil {
				t.Fatal(err)
			}
			if f, err := book.GetCellFormula(book.GetSheetName(0), at); err != nil || f != "" {
				t.Errorf("%s: %s holds the formula %q (%v)", path, at, f, err)
			}
			switch look := format(at); {
			case kind == excelize.CellTypeInlineString:
				row[i] = value
			case kind == excelize.CellTypeBool:
				row[i] = map[string]string{"1": "true", "0": "false"}[value]
			case value == "":
			case look == "yyyy-mm-dd":
				days, err := strconv.Atoi(value)
				if err != nil {
					t.Fatal(err)
				}
				row[i] = time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			default:
				_, want, _ := strings.Cut(look, ".")
				_, have, pointed := strings.Cut(value, ".")
				if row[i] = value; len(have) < len(want) {
					if !pointed {
						row[i] += "."
					}
					row[i] += strings.Repeat("0", len(want)-len(have))
				}
			}
		}
		out.rows = append(out.rows, row)
	}
	return out
}

func readArrow(t *testing.T, path string) (out table) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := ipc.NewReader(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer r.Release()
	out.about = r.Schema().Metadata().ToMap()
	for _, field := range r.Schema().Fields() {
		out.header, out.types = append(out.header, field.Name), append(out.types, field.Type.String())
		for _, key := range []string{"description_it", "description_en"} {
			if v, ok := field.Metadata.GetValue(key); !ok || v == "" {
				t.Errorf("%s: the column %s has no %s", path, field.Name, key)
			}
		}
	}
	for r.Next() {
		batch := r.RecordBatch()
		for i := range int(batch.NumRows()) {
			row := make([]string, batch.NumCols())
			for c := range row {
				switch column := batch.Column(c).(type) {
				case *array.Decimal128:
					row[c] = column.Value(i).ToString(column.DataType().(*arrow.Decimal128Type).Scale)
				default:
					row[c] = column.ValueStr(i)
				}
				if batch.Column(c).IsNull(i) {
					row[c] = missing
				}
			}
			out.rows = append(out.rows, row)
		}
	}
	if err := r.Err(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out
}

func readParquet(t *testing.T, path string) (out table) {
	t.Helper()
	r, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer r.Close()
	out.about = map[string]string{}
	for _, kv := range r.MetaData().KeyValueMetadata() {
		out.about[kv.Key] = *kv.Value
	}
	root := r.MetaData().Schema
	out.rows = make([][]string, r.NumRows())
	for c := range root.NumColumns() {
		column, at := root.Column(c), 0
		out.header, out.types = append(out.header, column.Name()), append(out.types, column.LogicalType().String())
		for g := range r.NumRowGroups() {
			chunk, err := r.MetaData().RowGroup(g).ColumnChunk(c)
			if err != nil {
				t.Fatal(err)
			}
			if codec := chunk.Compression().String(); codec != "ZSTD" {
				t.Errorf("%s: compression %s, want ZSTD", path, codec)
			}
			reader, err := r.RowGroup(g).Column(c)
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range columnCells(t, reader, column, r.RowGroup(g).NumRows()) {
				out.rows[at] = append(out.rows[at], cell)
				at++
			}
		}
	}
	return out
}

// columnCells writes the values of one column of one row group.
func columnCells(t *testing.T, reader file.ColumnChunkReader, column *schema.Column, n int64) []string {
	t.Helper()
	levels := make([]int16, n)
	var values []string
	var err error
	whole := func(v int64) string {
		switch logical := column.LogicalType().(type) {
		case schema.DecimalLogicalType:
			return decimal128.FromI64(v).ToString(logical.Scale())
		case schema.DateLogicalType:
			return time.Unix(v*86400, 0).UTC().Format(time.DateOnly)
		}
		return strconv.FormatInt(v, 10)
	}
	switch r := reader.(type) {
	case *file.ByteArrayColumnChunkReader:
		values, err = batch(r.ReadBatch, levels, func(v parquet.ByteArray) string { return string(v) })
	case *file.Int64ColumnChunkReader:
		values, err = batch(r.ReadBatch, levels, whole)
	case *file.Int32ColumnChunkReader:
		values, err = batch(r.ReadBatch, levels, func(v int32) string { return whole(int64(v)) })
	case *file.BooleanColumnChunkReader:
		values, err = batch(r.ReadBatch, levels, strconv.FormatBool)
	default:
		t.Fatalf("a column of type %T", reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, level := range levels {
		if level < column.MaxDefinitionLevel() {
			out = append(out, missing)
			continue
		}
		out, values = append(out, values[0]), values[1:]
	}
	return out
}

func batch[T any](read func(int64, []T, []int16, []int16) (int64, int, error), levels []int16, write func(T) string) ([]string, error) {
	values := make([]T, len(levels))
	_, n, err := read(int64(len(levels)), values, levels, nil)
	out := make([]string, n)
	for i := range n {
		out[i] = write(values[i])
	}
	return out, err
}

// compare says where two tables part. Only formats that tell a missing value from an empty text are held against each other in that.
func compare(want, got table, strict bool) string {
	if d := cmp.Diff(want.header, got.header); d != "" && got.header != nil { // an empty array of JSON names none
		return "columns: -want +got:\n" + d
	}
	if len(want.rows) != len(got.rows) {
		return fmt.Sprintf("%d rows, want %d", len(got.rows), len(want.rows))
	}
	for i := range want.rows {
		for c := range want.rows[i] {
			w, g := want.rows[i][c], got.rows[i][c]
			if !strict {
				w, g = strings.TrimPrefix(w, missing), strings.TrimPrefix(g, missing)
			}
			if w != g {
				return fmt.Sprintf("row %d, %s: %q, want %q", i+1, want.header[c], g, w)
			}
		}
	}
	return ""
}

// TestEveryFormatReadsBack reads every file of every dataset with readers that are not DuckDB's, those of the built site too where one is at
// hand: equal rows, order, missing values and cents.
func TestEveryFormatReadsBack(t *testing.T) {
	out, _ := publish(t, 2)
	dirs := []string{out}
	const built = "../../site/dist"
	if _, err := os.Stat(built); err == nil {
		dirs = append(dirs, built)
	} else {
		t.Log("no built site: its files are not read")
	}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "data", "*.parquet"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, path := range files {
			want := readParquet(t, path)
			for ext, read := range readers {
				other := strings.TrimSuffix(path, ".parquet") + ext
				if _, err := os.Stat(other); err != nil {
					if len(want.rows) <= 200_000 || ext != ".json" && ext != ".xlsx" {
						t.Errorf("%s is missing", other)
					}
					continue
				}
				if d := compare(want, read(t, other), ext != ".csv" && ext != ".xlsx"); d != "" {
					t.Errorf("%s: %s", other, d)
				}
			}
		}
	}
}
