package catalog_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"piccoli/pipelines/catalog"
)

// TestKnown: what is remembered of the project's own files, in a file or in one process, is what reading them gives; a changed file, another program and a broken
// memory are noticed.
func TestKnown(t *testing.T) {
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "queries"), os.DirFS("../../queries")); err != nil {
		t.Fatal(err)
	}
	var m catalog.Memory
	known := func(engine string) *catalog.Catalog {
		t.Helper()
		c, err := catalog.Known(t.Context(), root, engine)
		if err != nil {
			t.Fatal(err)
		}
		same, err := m.Known(t.Context(), root, engine)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c, same, cmpopts.IgnoreUnexported(catalog.Query{}), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("-from the file +from the process:\n%s", d)
		}
		return c
	}
	read, again := known("a"), known("a")
	if d := cmp.Diff(read, again, cmpopts.IgnoreUnexported(catalog.Query{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("-read +remembered:\n%s", d)
	}
	file := filepath.Join(root, "queries", "marts", "regioni.sql")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, []byte("\nselect")...), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := catalog.Known(t.Context(), root, "a"); err == nil {
		t.Error("a file that is wrong now was not read again")
	}
	// A column takes another name: the file that gives it is right, one that reads it and did not change is not.
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("piccoli_comuni"), []byte("comuni_piccoli")), 0o644); err != nil {
		t.Fatal(err)
	}
	_, want := catalog.Load(t.Context(), root)
	if _, err := catalog.Known(t.Context(), root, "a"); want == nil || err == nil || err.Error() != want.Error() {
		t.Errorf("found by what is remembered: %v\nby reading all: %v", err, want)
	}
	if _, err := m.Known(t.Context(), root, "a"); want == nil || err == nil || err.Error() != want.Error() {
		t.Errorf("found by what the process remembers: %v\nby reading all: %v", err, want)
	}
	// The SQL alone changes: all else is taken as it was, to the same catalogue.
	if err := os.WriteFile(file, append(text, []byte("\n-- altro\n")...), 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := catalog.Load(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(all, known("a"), cmpopts.IgnoreUnexported(catalog.Query{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("-read +remembered but for one file:\n%s", d)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "data", ".piccoli", "catalogo"), []byte("half a"), 0o644); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(root, "data", ".piccoli", "catalogo.1234")
	if err := os.WriteFile(left, []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	if n := len(known("a").Queries); n != len(read.Queries) {
		t.Errorf("%d queries, want %d", n, len(read.Queries))
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what a killed run left is still there")
	}
}
