package release_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	tree, index := write(t, threads, simulated, nil)
	if err := tree.Publish(); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(tree.Dir(), ".altro"), index
}

// write is publishAs without its end: the files stand aside. edit may change the project before.
func write(t *testing.T, threads int, simulated bool, edit func(name, text string) string) (*release.Tree, *release.Index) {
	t.Helper()
	ctx := context.Background()
	archive, err := txtar.ParseFile("testdata/project.txtar")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, f := range archive.Files {
		if edit != nil {
			f.Data = []byte(edit(f.Name, string(f.Data)))
		}
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
	if err := errors.Join(err, b.Commit()); err != nil {
		t.Fatal(err)
	}
	return tree, index
}

// TestFormats holds the files of one dataset against what the file of the case says; TestEveryFormatReadsBack holds all others against each other.
func TestFormats(t *testing.T) {
	out, _ := publish(t, 2)
	want := [][]string{
		{"001001", "01", "Aglié «la \"bella\", e\noltre»", "1000.10", "2020-05-20", "true"},
		{"054028", "10", "=1+1", missing, "2021-10-22", "false"},
		{"054029", "10", "ø", "-0.01", missing, missing},
	}
	got := readParquet(t, filepath.Join(out, "data", "spesa.parquet"))
	if d := cmp.Diff(want, got.rows); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if d := cmp.Diff([]string{"codice_istat", "codice_regione", "nome", "importo_eur", "data", "ammessa"}, got.header); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if d := cmp.Diff([]string{"String", "String", "String", "Decimal(precision=18, scale=2)", "Date", "None"}, got.types); d != "" {
		t.Errorf("Parquet types: -want +got:\n%s", d)
	}
	arrow := readArrow(t, filepath.Join(out, "data", "spesa.arrows"))
	if d := cmp.Diff([]string{"utf8", "utf8", "utf8", "decimal(18, 2)", "date32", "bool"}, arrow.types); d != "" {
		t.Errorf("Arrow types: -want +got:\n%s", d)
	}
	for k, v := range map[string]string{"title_it": "Spesa", "title_en": "Spending", "licence": "https://creativecommons.org/licenses/by/4.0/",
		"column.importo_eur.it": "Importo, d'un comune", "column.importo_eur.unit": "EUR", "primary_key": "codice_istat", "date": "2026-01-31",
		"dataset": "https://piccoli.example.org/dati/spesa/", "sql_sha256": release.Digest([]byte("select * from staging.spesa\n"))} {
		if got.about[k] != v || arrow.about[k] != v {
			t.Errorf("metadata: %s is %q in Parquet, %q in Arrow, want %q", k, got.about[k], arrow.about[k], v)
		}
	}
	// The Table Schema inside the files is that of the descriptor.
	var p struct {
		Resources []struct {
			Name   string
			Schema any
		}
	}
	var own any
	descriptor, err := os.ReadFile(filepath.Join(out, "data", "datapackage.json"))
	if err := errors.Join(err, json.Unmarshal(descriptor, &p), json.Unmarshal([]byte(got.about["schema"]), &own)); err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Resources {
		if r.Name == "spesa" && (cmp.Diff(r.Schema, own) != "" || arrow.about["schema"] != got.about["schema"]) {
			t.Errorf("-descriptor +file:\n%s", cmp.Diff(r.Schema, own))
		}
	}
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
		if readers["."+f.Format] != nil && f.Format != "csv" && f.Format != "json" {
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
		if readers["."+f.Format] == nil || f.Format == "csv" || f.Format == "json" {
			continue
		}
		got := readers["."+f.Format](t, filepath.Join(marked, f.Path))
		if last := len(got.header) - 1; got.header[last] != "costruzione_simulata" || got.rows[0][last] != "true" || f.Format != "xlsx" && got.about["simulated"] != "true" {
			t.Errorf("%s: last column %s of %s, simulated %s", f.Path, got.header[last], got.rows[0][last], got.about["simulated"])
		}
	}
}
