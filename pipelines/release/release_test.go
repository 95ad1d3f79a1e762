package release_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/dlclark/regexp2"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

// publish builds the project of testdata/project.txtar and writes its files, with that many threads.
func publish(t *testing.T, threads int) (string, *release.Index) {
	t.Helper()
	return publishAs(t, threads, false)
}

func publishAs(t *testing.T, threads int, simulated bool) (string, *release.Index) {
	t.Helper()
	ctx := context.Background()
	archive, err := txtar.ParseFile("testdata/project.txtar")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, f := range archive.Files {
		to := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := catalog.Load(ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	b, err := warehouse.Build(ctx, c, warehouse.Options{DB: filepath.Join(root, "w.duckdb"), Threads: threads, Engine: "prova"})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := release.OpenTree(filepath.Join(root, "dist"), filepath.Join(root, "stato", "s"), "prova")
	if err != nil {
		t.Fatal(err)
	}
	index, err := release.Write(ctx, release.Input{Catalog: c, DB: b.DB, Keys: b.Keys, Tree: tree, AsOf: "2026-01-31", Simulated: simulated, Site: release.Publisher{
		BaseURL: "https://piccoli.example.org/", Licence: release.Licence{ID: "CC-BY-4.0", Title: "CC BY 4.0", URL: "https://creativecommons.org/licenses/by/4.0/"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Commit(), tree.Publish()); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "dist"), index
}

// TestFormats reads the CSV, the JSON and, with a reader that is not DuckDB's, the Parquet, and holds them against what the
// file of the case says: the same rows, order and cents in all.
func TestFormats(t *testing.T) {
	out, _ := publish(t, 2)
	want := []string{
		`001001|01|Aglié «la "bella", e` + "\n" + `oltre»|1000.10|2020-05-20|true`,
		`054028|10|=1+1||2021-10-22|false`,
		`054029|10|ø|-0.01||`,
	}
	csvFile, err := os.Open(filepath.Join(out, "data", "spesa.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer csvFile.Close()
	records, err := csv.NewReader(csvFile).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range records[1:] {
		got = append(got, strings.Join(r, "|"))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("CSV: -want +got:\n%s", d)
	}
	text, err := os.ReadFile(filepath.Join(out, "data", "spesa.json"))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var rows []map[string]any
	if err := decoder.Decode(&rows); err != nil {
		t.Fatal(err)
	}
	got = nil
	for _, r := range rows {
		var cells []string
		for _, name := range records[0] {
			v, ok := r[name]
			if !ok {
				t.Errorf("JSON: no %s", name)
			}
			if v == nil {
				v = ""
			}
			cells = append(cells, fmt.Sprint(v))
		}
		got = append(got, strings.Join(cells, "|"))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("JSON: -want +got:\n%s", d)
	}
	got = nil
	schema, meta := readParquet(t, filepath.Join(out, "data", "spesa.parquet"), &got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Parquet: -want +got:\n%s", d)
	}
	wantSchema := "codice_istat String, codice_regione String, nome String, importo_eur Decimal(precision=18, scale=2), data Date, ammessa None"
	if schema != wantSchema {
		t.Errorf("Parquet: got %s\nwant %s", schema, wantSchema)
	}
	for k, v := range map[string]string{"title_it": "Spesa", "title_en": "Spending", "licence": "https://creativecommons.org/licenses/by/4.0/",
		"column.importo_eur.it": "Importo, d'un comune", "column.importo_eur.unit": "EUR", "primary_key": "codice_istat", "date": "2026-01-31"} {
		if meta[k] != v {
			t.Errorf("Parquet metadata: %s is %q, want %q", k, meta[k], v)
		}
	}
}

func readParquet(t *testing.T, path string, rows *[]string) (schema string, meta map[string]string) {
	t.Helper()
	r, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	meta = map[string]string{}
	for _, kv := range r.MetaData().KeyValueMetadata() {
		meta[kv.Key] = *kv.Value
	}
	for i := range r.NumRowGroups() {
		chunk, err := r.MetaData().RowGroup(i).ColumnChunk(0)
		if err != nil {
			t.Fatal(err)
		}
		if c := chunk.Compression().String(); c != "ZSTD" {
			t.Errorf("compression %s, want ZSTD", c)
		}
	}
	var fields []string
	root := r.MetaData().Schema
	cells := make([][]string, root.NumColumns())
	for c := range root.NumColumns() {
		fields = append(fields, root.Column(c).Name()+" "+root.Column(c).LogicalType().String())
		for g := range r.NumRowGroups() {
			reader, err := r.RowGroup(g).Column(c)
			if err != nil {
				t.Fatal(err)
			}
			cells[c] = append(cells[c], columnCells(t, reader, r.RowGroup(g).NumRows())...)
		}
	}
	for i := range int(r.NumRows()) {
		var row []string
		for c := range cells {
			row = append(row, cells[c][i])
		}
		*rows = append(*rows, strings.Join(row, "|"))
	}
	return strings.Join(fields, ", "), meta
}

// columnCells writes the values of one column of one row group as a CSV would; "" where there is none.
func columnCells(t *testing.T, reader file.ColumnChunkReader, n int64) []string {
	t.Helper()
	levels := make([]int16, n)
	var values []string
	var err error
	switch r := reader.(type) {
	case *file.ByteArrayColumnChunkReader:
		values, err = batch(r.ReadBatch, levels, func(v parquet.ByteArray) string { return string(v) })
	case *file.Int64ColumnChunkReader:
		values, err = batch(r.ReadBatch, levels, func(v int64) string { return decimal128.FromI64(v).ToString(2) })
	case *file.Int32ColumnChunkReader:
		values, err = batch(r.ReadBatch, levels, func(v int32) string { return time.Unix(int64(v)*86400, 0).UTC().Format(time.DateOnly) })
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
		if level == 0 {
			out = append(out, "")
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

// TestDescriptor holds datapackage.json against the bytes of the files, and against the Data Package v2 profile where that is at hand.
func TestDescriptor(t *testing.T) {
	out, index := publish(t, 1)
	text, err := os.ReadFile(filepath.Join(out, "data", "datapackage.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Resources []struct {
			Name, Path, Hash, Title, Description string
			Bytes                                int64
			Schema                               struct {
				PrimaryKey []string
				Fields     []struct{ Name, Type, Title, Description, Unit string }
			}
		}
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	if len(p.Resources) != 2 || len(index.Datasets) != 2 {
		t.Fatalf("%d resources, %d datasets, want 2", len(p.Resources), len(index.Datasets))
	}
	for _, r := range p.Resources {
		b, err := os.ReadFile(filepath.Join(out, "data", r.Path))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		if r.Hash != "sha256:"+hex.EncodeToString(sum[:]) || r.Bytes != int64(len(b)) {
			t.Errorf("%s: hash or size are not those of %s", r.Name, r.Path)
		}
		header, _, _ := strings.Cut(string(b), "\n")
		var names []string
		for _, f := range r.Schema.Fields {
			names = append(names, f.Name)
			if f.Title == "" || f.Description == "" || f.Type == "" {
				t.Errorf("%s.%s: title, description or type is missing", r.Name, f.Name)
			}
		}
		if got := strings.Join(names, ","); got != header {
			t.Errorf("%s: fields %s, header %s", r.Name, got, header)
		}
		if len(r.Schema.PrimaryKey) == 0 {
			t.Errorf("%s: no primary key", r.Name)
		}
	}
	const profile = "../../../shared/standards/frictionless/datapackage.json"
	if _, err := os.Stat(profile); err != nil {
		t.Log("the Data Package v2 profile is not at hand: not held against it")
		return
	}
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) {
		re, err := regexp2.Compile(s, regexp2.ECMAScript)
		return (*lookahead)(re), err
	})
	schema, err := c.Compile(profile)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
}

// lookahead is a regular expression of the kind that the profile uses and Go's own package refuses.
type lookahead regexp2.Regexp

func (l *lookahead) MatchString(s string) bool {
	ok, err := (*regexp2.Regexp)(l).MatchString(s)
	return err == nil && ok
}

func (l *lookahead) String() string { return (*regexp2.Regexp)(l).String() }

// TestChecksums reads SHA256SUMS as sha256sum -c does: every file of the folder but itself is there, once, in order.
func TestChecksums(t *testing.T) {
	out, _ := publish(t, 1)
	text, err := os.ReadFile(filepath.Join(out, "data", "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		sum, name, _ := strings.Cut(line, "  ")
		b, err := os.ReadFile(filepath.Join(out, "data", name))
		if err != nil {
			t.Fatal(err)
		}
		got := sha256.Sum256(b)
		if sum != hex.EncodeToString(got[:]) {
			t.Errorf("%s: wrong digest", name)
		}
		listed = append(listed, name)
	}
	entries, err := os.ReadDir(filepath.Join(out, "data"))
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, e := range entries {
		if e.Name() != "SHA256SUMS" {
			there = append(there, e.Name())
		}
	}
	if d := cmp.Diff(there, listed); d != "" {
		t.Errorf("-there +listed:\n%s", d)
	}
}

// TestSameBytes publishes at one and at four threads, in two folders.
func TestSameBytes(t *testing.T) {
	var sums []string
	for _, threads := range []int{1, 4} {
		out, _ := publish(t, threads)
		b, err := os.ReadFile(filepath.Join(out, "data", "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, string(b))
	}
	if d := cmp.Diff(sums[0], sums[1]); d != "" {
		t.Errorf("-1 thread +4 threads:\n%s", d)
	}
}

// TestSimulated looks for the mark in every file of a build of simulated deliveries, each read alone; no other build has it.
func TestSimulated(t *testing.T) {
	marked, index := publishAs(t, 2, true)
	plain, _ := publishAs(t, 2, false)
	for _, f := range index.Files {
		if f.Format == "parquet" {
			continue
		}
		for dir, want := range map[string]bool{marked: f.Path != "data/SHA256SUMS", plain: false} {
			raw, err := os.ReadFile(filepath.Join(dir, f.Path))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(raw), "costruzione_simulata") || strings.Contains(string(raw), "DATI SIMULATI"); got != want {
				t.Errorf("%s: marked %t, want %t", f.Path, got, want)
			}
		}
	}
	for _, f := range index.Files {
		if f.Format != "parquet" {
			continue
		}
		r, err := file.OpenParquetFile(filepath.Join(marked, f.Path), false)
		if err != nil {
			t.Fatal(err)
		}
		columns := r.MetaData().Schema
		last := columns.Column(columns.NumColumns() - 1)
		if v := r.MetaData().KeyValueMetadata().FindValue("simulated"); v == nil || *v != "true" || last.Name() != "costruzione_simulata" {
			t.Errorf("%s: last column %s, simulated %v", f.Path, last.Name(), v)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
