package release

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

// inspector looks into files of a folder of data.
type inspector struct{ db *sql.DB } // in memory, to read Parquet

func newInspector(ctx context.Context, threads int) (*inspector, error) {
	db, err := warehouse.Scratch(ctx, threads, "", "")
	return &inspector{db}, err
}

func (i *inspector) close() error { return i.db.Close() }

// file looks at one file; size is that on disk. A file whose bytes are not those of the manifest is not looked into.
func (i *inspector) file(ctx context.Context, path string, o Output, d *Contract) (found catalog.Problems, size int64, err error) {
	add := func(what catalog.Text, args ...any) {
		found = append(found, catalog.Problem{File: o.Path, What: catalog.Textf(what, args...)})
	}
	var rows counter
	switch {
	case d == nil:
	case o.Format == "csv" || o.Format == englishFormat:
		rows = &csvCounter{}
	case o.Format == "json":
		rows = &lineCounter{mark: []byte("\n\t{")}
	case o.Format == "xml":
		rows = &lineCounter{mark: []byte(xmlRow)}
	}
	var count func([]byte)
	if rows != nil {
		count = rows.count
	}
	digest, size, err := hashAndCount(path, count)
	if errors.Is(err, fs.ErrNotExist) {
		return catalog.Problems{{File: o.Path, What: catalog.Text{It: "il file manca", En: "the file is missing"}, Hint: catalog.Text{It: "scaricarlo di nuovo da chi lo pubblica", En: "download it again from its publisher"}}}, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if size != o.Bytes {
		add(catalog.Text{It: "ha %d byte, il manifesto ne dice %d", En: "it has %d bytes, the manifest says %d"}, size, o.Bytes)
	}
	if digest != o.SHA256 {
		add(catalog.Text{It: "i byte non sono quelli del manifesto (SHA-256 %s…, doveva essere %s…)", En: "the bytes are not those of the manifest (SHA-256 %s…, should be %s…)"}, digest[:12], o.SHA256[:min(12, len(o.SHA256))])
		return found, size, nil
	}
	if d == nil || o.Rows == nil && o.Part == nil { // a document, or a piece of a version older than what is said of pieces
		return found, size, nil
	}
	want := d.Rows
	if o.Part != nil {
		want = o.Part.Rows
	}
	wrong := func(text catalog.Text) { found = append(found, catalog.Problem{File: o.Path, What: text}) }
	n := int64(-1)
	switch o.Format {
	case "csv":
		n = rows.rows()
		err = csvHeader(path, names(d), wrong)
	case englishFormat:
		n = rows.rows()
		err = csvHeader(path, headings(d), wrong)
	case "json":
		n = rows.rows()
		err = jsonNames(path, d, wrong)
	case "xml":
		n = rows.rows()
		err = xmlColumns(path, d, wrong)
	case "parquet":
		n, err = i.parquet(ctx, path, o.held(d), wrong)
	case "arrows":
		n, err = arrowRows(path, d, wrong)
	default:
		return found, size, nil // other forms: by their bytes alone
	}
	if err != nil {
		wrong(catalog.Textf(catalog.Text{It: "non si legge come %s: %v", En: "it can't be read as %s: %v"}, o.Format, err))
		return found, size, nil
	}
	if want != n || o.Rows != nil && *o.Rows != n {
		add(catalog.Text{It: "ha %d righe, il manifesto ne dice %d", En: "it has %d rows, the manifest says %d"}, n, want)
	}
	return found, size, nil
}

// counter counts rows while a file is hashed.
type counter interface {
	count(block []byte)
	rows() int64
}

// csvCounter counts the records of a CSV (RFC 4180): line ends outside of quotes.
type csvCounter struct {
	records int64
	quoted  bool
}

func (c *csvCounter) count(b []byte) {
	for len(b) > 0 {
		q := bytes.IndexByte(b, '"')
		part := b
		if q >= 0 {
			part = b[:q]
		}
		if !c.quoted {
			c.records += int64(bytes.Count(part, []byte{'\n'}))
		}
		if q < 0 {
			return
		}
		c.quoted = !c.quoted
		b = b[q+1:]
	}
}

func (c *csvCounter) rows() int64 { return c.records - 1 } // the header

// lineCounter counts the rows of a form as this program writes it: one a line, with a start that no text holds.
type lineCounter struct {
	mark []byte
	n    int64
	tail []byte
}

func (c *lineCounter) count(b []byte) {
	c.n += int64(bytes.Count(b, c.mark))
	seam := append(c.tail, b[:min(len(c.mark)-1, len(b))]...)
	c.n += int64(bytes.Count(seam, c.mark))
	c.tail = slices.Clone(b[max(0, len(b)-len(c.mark)+1):])
}

func (c *lineCounter) rows() int64 { return c.n }

// held are the columns that a file holds: a folder by region says the region in its name.
func (o Output) held(d *Contract) *Contract {
	if o.Part == nil || o.Format != "parquet" {
		return d
	}
	return d.without(o.Part)
}

func names(d *Contract) (out []string) {
	for _, c := range d.Columns {
		out = append(out, c.Name)
	}
	return out
}

// headings are the English ones of a list.
func headings(d *Contract) (out []string) {
	for _, c := range d.Columns {
		out = append(out, c.Description.En)
	}
	return out
}

func wrongColumns(got, want []string, wrong func(catalog.Text)) {
	if !slices.Equal(got, want) {
		wrong(catalog.Textf(catalog.Text{It: "le colonne sono %s, il manifesto dice %s", En: "the columns are %s, the manifest says %s"}, strings.Join(got, ", "), strings.Join(want, ", ")))
	}
}

func csvHeader(path string, want []string, wrong func(catalog.Text)) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	header, err := csv.NewReader(in).Read()
	if err != nil {
		return err
	}
	wrongColumns(header, want, wrong)
	return nil
}

// jsonNames reads the first row of the array.
func jsonNames(path string, d *Contract, wrong func(catalog.Text)) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	j := json.NewDecoder(in)
	var got []string
	for depth := 0; ; {
		t, err := j.Token()
		if err != nil {
			return err
		}
		if t == json.Delim('[') || t == json.Delim('{') {
			depth++
			continue
		}
		if t == json.Delim(']') && depth == 1 { // no row at all
			return nil
		}
		if t == json.Delim('}') {
			wrongColumns(got, names(d), wrong)
			return nil
		}
		if name, ok := t.(string); ok {
			got = append(got, name)
			if _, err := j.Token(); err != nil { // its value
				return err
			}
		}
	}
}

// duckdbType is a declared type as DuckDB's describe prints it.
func duckdbType(declared string) string { return catalog.Column{Type: declared}.DuckDB() }

// parquet holds the file's own names, types and texts against the manifest.
func (i *inspector) parquet(ctx context.Context, path string, d *Contract, wrong func(catalog.Text)) (rows int64, err error) {
	at := catalog.Literal(path)
	if err := i.db.QueryRowContext(ctx, fmt.Sprintf("select sum(num_rows)::bigint from parquet_file_metadata(%s)", at)).Scan(&rows); err != nil {
		return 0, err
	}
	columns, err := i.pairs(ctx, fmt.Sprintf("select column_name, column_type from (describe select * from read_parquet(%s, hive_partitioning = false))", at))
	if err != nil {
		return 0, err
	}
	var got []string
	for _, c := range columns {
		got = append(got, c[0])
		if want := d.column(c[0]); want != nil && duckdbType(want.Type) != c[1] {
			wrong(catalog.Textf(catalog.Text{It: "la colonna «%s» è %s, il manifesto dice %s", En: "the column %q is %s, the manifest says %s"}, c[0], c[1], want.Type))
		}
	}
	wrongColumns(got, names(d), wrong)
	meta, err := i.pairs(ctx, fmt.Sprintf("select decode(key), decode(value) from parquet_kv_metadata(%s)", at))
	if err != nil {
		return 0, err
	}
	said := map[string]string{}
	for _, kv := range meta {
		said[kv[0]] = kv[1]
	}
	want := map[string]string{"title_it": d.Title.It, "title_en": d.Title.En, "description_it": d.Description.It, "description_en": d.Description.En, "primary_key": strings.Join(d.Key, ",")}
	for _, c := range d.Columns {
		want["column."+c.Name+".it"], want["column."+c.Name+".en"] = c.Description.It, c.Description.En
		if c.Unit != "" {
			want["column."+c.Name+".unit"] = c.Unit
		}
	}
	for _, k := range sortedKeys(want) {
		if said[k] != want[k] {
			wrong(catalog.Textf(catalog.Text{It: "il file dice di «%s» altro che il manifesto", En: "of %q the file says something else than the manifest"}, k))
		}
	}
	if text := said["schema"]; text != "" { // versions from before it was written have none
		var schema tableSchema
		if err := json.Unmarshal([]byte(text), &schema); err != nil {
			return 0, err
		}
		for _, f := range schema.Fields {
			if c := d.column(f.Name); c != nil {
				if typ, _ := tableSchemaType(c.declared()); typ != f.Type {
					wrong(catalog.Textf(catalog.Text{It: "il file dice di «%s» altro che il manifesto", En: "of %q the file says something else than the manifest"}, "schema."+f.Name))
				}
			}
		}
	}
	return rows, nil
}

func (i *inspector) pairs(ctx context.Context, query string) (out [][2]string, err error) {
	rows, err := i.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p [2]string
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// arrowRows reads the stream through, a batch at a time, and holds names, types and texts against the manifest.
func arrowRows(path string, d *Contract, wrong func(catalog.Text)) (rows int64, err error) {
	in, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	r, err := ipc.NewReader(in)
	if err != nil {
		return 0, err
	}
	defer r.Release()
	var got []string
	for _, f := range r.Schema().Fields() {
		got = append(got, f.Name)
		c := d.column(f.Name)
		if c == nil {
			continue
		}
		if want := arrowType(catalog.Column{Type: c.Type}); f.Type.String() != want.String() {
			wrong(catalog.Textf(catalog.Text{It: "la colonna «%s» è %s, il manifesto dice %s", En: "the column %q is %s, the manifest says %s"}, f.Name, f.Type, c.Type))
		}
		for k, want := range map[string]string{"description_it": c.Description.It, "description_en": c.Description.En} {
			if v, _ := f.Metadata.GetValue(k); v != want {
				wrong(catalog.Textf(catalog.Text{It: "il file dice di «%s» altro che il manifesto", En: "of %q the file says something else than the manifest"}, f.Name))
			}
		}
	}
	wrongColumns(got, names(d), wrong)
	for r.Next() {
		rows += r.RecordBatch().NumRows()
	}
	if err := r.Err(); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	return rows, nil
}
