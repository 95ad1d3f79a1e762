package release

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"piccoli/pipelines/catalog"
)

// SmallRows is the greatest number of rows that is also published as JSON and XLSX: beyond it nobody opens the file, and a sheet ends at
// 1,048,576 rows.
const SmallRows = 200_000

// Input is all that the published files are made from.
type Input struct {
	Catalog *catalog.Catalog
	DB      *sql.DB           // the warehouse, read-only
	Keys    map[string]string // step → identity of its content (warehouse.Built.Keys)
	Tree    *Tree             // the site's folder; the files go below data/
	Site    Publisher
	AsOf    string // ISO date of the data
	// Simulated marks every file: the deliveries behind them are simulated, and one that is read alone must say so too.
	Simulated bool
	Program   string    // digest of the program's source, which the manifest names
	Releases  []Edition // the frozen versions, oldest first
	Step      func(name string, done, total int)
}

// Publisher is who publishes and under which licence, from site/sito.yaml.
type Publisher struct {
	BaseURL string // with a closing slash
	Name    string // empty: nobody has taken responsibility yet
	IPA     string // its code in the IPA index, or a private body's VAT number
	Contact string // mailto: or https:, or empty
	Licence Licence
}

// Licence of the published files.
type Licence struct {
	ID    string `json:"id"` // SPDX, e.g. CC-BY-4.0
	Title string `json:"title"`
	URL   string `json:"url"`
}

// simulatedColumn is the last column of every file of a build whose deliveries are simulated.
var simulatedColumn = catalog.Column{Name: "costruzione_simulata", Type: "boolean", Required: true, Text: catalog.Text{
	It: "DATI SIMULATI: il file viene da una costruzione di prova, con consegne inventate; niente di ciò che contiene va usato o citato",
	En: "SIMULATED DATA: the file comes from a trial build, with invented deliveries; nothing in it is to be used or cited"}}

// columns are those of the dataset's files.
func (in Input) columns(q *catalog.Query) []catalog.Column {
	if in.Simulated {
		return append(slices.Clone(q.Columns), simulatedColumn)
	}
	return q.Columns
}

// Write writes every mart in every format, then all that describes them.
func Write(ctx context.Context, in Input) (*Index, error) {
	index, err := WriteDatasets(ctx, in)
	if err != nil {
		return nil, err
	}
	return index, Describe(ctx, in, index)
}

// WriteDatasets writes every mart in every format. Of the index it fills Datasets and their share of Files: Describe does the rest.
func WriteDatasets(ctx context.Context, in Input) (*Index, error) {
	if err := in.Site.admit(); err != nil {
		return nil, err
	}
	marts := in.Catalog.Marts()
	index := &Index{Datasets: make([]Dataset, len(marts))}
	var mu sync.Mutex
	done := 0
	// One connection a core: most datasets are too small for one COPY to keep two cores busy.
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, q := range marts {
		group.Go(func() error {
			d, err := in.dataset(groupCtx, q)
			if err != nil {
				return fmt.Errorf("data/%s: %w", q.Name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			index.Datasets[i] = d
			done++
			if in.Step != nil {
				in.Step(q.Name, done, len(marts))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, d := range index.Datasets {
		index.Files = append(append(index.Files, d.Formats...), d.Parts...)
	}
	return index, nil
}

// format is one form of a dataset's files.
type format struct {
	name    string
	path    string // where it is not data/<dataset>.<name>
	options string // all that its bytes depend on beside the rows
	write   func(ctx context.Context, to string) error
}

// selection is the SQL of what a dataset's files hold, and of its order.
func (in Input) selection(q *catalog.Query) (columns, key string) {
	names := make([]string, len(q.Key))
	for i, k := range q.Key {
		names[i] = catalog.Quote(k)
	}
	columns = "*"
	if in.Simulated {
		columns = "*, true as " + simulatedColumn.Name
	}
	return columns, strings.Join(names, ", ")
}

// formats are those of a dataset of so many rows, in the order shown to readers.
func (in Input) formats(q *catalog.Query, rows int64) []format {
	columns, key := in.selection(q)
	// Every export has a total order, and money leaves as the DECIMAL it is.
	ordered := fmt.Sprintf("select %s from %s order by %s", columns, q.Ref().SQL(), key)
	copied := func(name, options string) format {
		return format{name: name, options: columns + options, write: func(ctx context.Context, to string) error {
			_, err := in.DB.ExecContext(ctx, fmt.Sprintf("copy (%s) to %s (%s)", ordered, catalog.Literal(to), options))
			return err
		}}
	}
	written := func(name, options string, write func(context.Context, *catalog.Query, int64, string) error) format {
		return format{name: name, options: options, write: func(ctx context.Context, to string) error { return write(ctx, q, rows, to) }}
	}
	schema := in.arrowSchema(q).String() // names, types and meaning of the columns, and what the file says of itself
	out := []format{copied("parquet", in.parquetOptions(q)), copied("csv", "format csv, header true, dateformat '%Y-%m-%d'")}
	if rows <= SmallRows {
		out = append(out, written("json", columns, in.writeJSON), written("xlsx", fmt.Sprint(in.dictionaryLines(q), in.sourceLines(q, rows)), in.writeXLSX))
	}
	out = append(out, written("arrows", schema, in.writeArrow))
	return append(out, in.listFormats(q, rows, columns, ordered)...)
}

func (in Input) dataset(ctx context.Context, q *catalog.Query) (Dataset, error) {
	d := Dataset{Name: q.Name}
	counted := "select count(*) from " + q.Ref().SQL()
	rows, err := in.Tree.Recall(in.Keys[q.String()]+counted, func() (n string, err error) {
		err = in.DB.QueryRowContext(ctx, counted).Scan(&n)
		return n, err
	})
	if err == nil {
		d.Rows, err = strconv.ParseInt(rows, 10, 64)
	}
	if err != nil {
		return d, err
	}
	for _, f := range in.formats(q, d.Rows) {
		file, err := in.file(ctx, q, f)
		if err != nil {
			return d, err
		}
		if f.name == "csv" {
			d.SHA256 = file.SHA256
		}
		d.Formats = append(d.Formats, file)
	}
	listed, err := in.listParts(ctx, q)
	if err != nil {
		return d, err
	}
	regions, err := in.partitions(ctx, q, d.Rows)
	if err != nil {
		return d, err
	}
	return d, in.parts(ctx, q, &d, append(listed, regions...))
}

// file writes one form of a dataset, unless it is there as it should be.
func (in Input) file(ctx context.Context, q *catalog.Query, f format) (File, error) {
	path := cmp.Or(f.path, "data/"+q.Name+"."+f.name)
	identity := in.Keys[q.String()] + f.options
	kept, err := in.Tree.Keep(path, identity)
	if err != nil {
		return File{}, err
	}
	if !kept {
		to, err := in.Tree.Place(path)
		if err != nil {
			return File{}, err
		}
		if err := f.write(ctx, to); err != nil {
			return File{}, fmt.Errorf("%s: %w", path, err)
		}
		if err := in.Tree.Wrote(path, identity); err != nil {
			return File{}, err
		}
	}
	return in.Tree.describe(path, f.name)
}

// parquetOptions writes dates, text codes and DECIMAL as they are, ZSTD, and says in the file what it is: title, licence and
// the meaning of every column. No time of writing: the same rows give the same bytes.
func (in Input) parquetOptions(q *catalog.Query) string {
	var b strings.Builder
	b.WriteString("format parquet, compression zstd, row_group_size 100000, kv_metadata {")
	for _, kv := range in.about(q) {
		fmt.Fprintf(&b, "%s: %s, ", catalog.Quote(kv[0]), catalog.Literal(kv[1]))
	}
	return strings.TrimSuffix(b.String(), ", ") + "}"
}

// about is what a file says of itself, as keys and values in a fixed order: title, licence, the dataset's address, the SQL that it comes from, its Table Schema, and the meaning of every column. The number of a
// version is not among it: a file that does not change keeps its bytes from one version to the next.
func (in Input) about(q *catalog.Query) [][2]string {
	out := [][2]string{{"title_it", q.Title.It}, {"title_en", q.Title.En}, {"description_it", q.Description.It}, {"description_en", q.Description.En},
		{"licence", in.Site.Licence.URL}, {"date", in.AsOf}, {"primary_key", strings.Join(q.Key, ",")}, {"dataset", in.page(q.Name)}, {"sql_sha256", Digest([]byte(q.SQL))}, {"schema", in.schemaText(q)}}
	if in.Simulated {
		out = append([][2]string{{"simulated", "true"}, {"warning", simulatedColumn.Text.It + " / " + simulatedColumn.Text.En}}, out...)
	}
	for _, c := range in.columns(q) {
		out = append(out, [2]string{"column." + c.Name + ".it", c.Text.It}, [2]string{"column." + c.Name + ".en", c.Text.En})
		if c.Unit != "" {
			out = append(out, [2]string{"column." + c.Name + ".unit", c.Unit})
		}
	}
	return out
}

func describe(place, path, format string) (f File, err error) {
	in, err := os.Open(place)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	h := sha256.New()
	n, err := io.Copy(h, in)
	return File{Path: path, Format: format, Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}
