package ingest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/catalog"
)

// TestFetchMirrors reads the publisher's names and dated ones from a folder and from an address.
func TestFetchMirrors(t *testing.T) {
	dir := t.TempDir()
	packed := gzipped(t, calls)
	for name, text := range map[string]string{
		"avvisi.csv": calls + "Tre,APERTO\n", "snapshots/avvisi_2025-01-31.csv": "titolo,stato\nUno,APERTO\n", "snapshots/avvisi_2026-03-24.csv.gz": packed,
		"snapshots/avvisi_2026-04-01.csv.gz": packed[:len(packed)-9], "snapshots/avvisi_2026-04-02.csv": "<html>", "snapshots/bandi_2026-03-24.csv": "x\n", "snapshots/note.txt": "x\n",
	} {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f := newFetching(t, "http://127.0.0.1:1")
	f.source.Files = append(f.source.Files, FetchFile{Name: "gare.csv", URL: "http://127.0.0.1:1/gare.csv"})
	f.Mirror = dir
	want := "snapshots/avvisi_2025-01-31.csv nuovo avvisi_2025-01-31.csv\nsnapshots/avvisi_2026-03-24.csv.gz nuovo avvisi_2026-03-24.csv.gz\n" +
		"snapshots/avvisi_2026-04-01.csv.gz non riuscito: the gzip file is broken or truncated\nsnapshots/avvisi_2026-04-02.csv non riuscito: a web page came in place of the file\n" +
		"avvisi.csv nuovo avvisi_2026-08-22.csv\ngare.csv assente"
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(f.run(t), "\n")); d != "" {
		t.Error(d)
	}
	wantNotes := []string{"snapshots/bandi_2026-03-24.csv: no dated file of prova, skipped", "snapshots/note.txt: no dated file of prova, skipped"}
	if d := cmp.Diff(wantNotes, f.notes); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"avvisi_2025-01-31.csv", "avvisi_2026-03-24.csv.gz", "avvisi_2026-08-22.csv"}, f.left(t)); d != "" {
		t.Error(d)
	}
	for _, name := range []string{"snapshots/avvisi_2026-04-01.csv.gz", "snapshots/avvisi_2026-04-02.csv"} {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.run(t); strings.Count(got, "invariato") != 3 {
		t.Error(got)
	}
	lock := f.text(t, "../prova.lock")
	if strings.Contains(lock, dir) || !strings.Contains(lock, ",mirror:avvisi.csv,") {
		t.Error(lock)
	}

	// The same day, but not the same: the first stays. The same unpacked is the same.
	for name, text := range map[string]string{"snapshots/avvisi_2025-01-31.csv": "altro\n", "snapshots/avvisi_2026-03-24.csv": calls} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := f.run(t)
	if !strings.Contains(got, "snapshots/avvisi_2025-01-31.csv non riuscito: snapshots/avvisi_2025-01-31.csv of the mirror is of the same day but different") || !strings.Contains(got, "snapshots/avvisi_2026-03-24.csv invariato avvisi_2026-03-24.csv.gz") {
		t.Error(got)
	}

	// An address can't be listed: it gives back what the lock file knows.
	p := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer p.Close()
	f.Mirror = p.URL + "/"
	f.Note = func(catalog.Text) {}
	for _, name := range []string{"avvisi_2025-01-31.csv", "avvisi_2026-03-24.csv.gz"} {
		if err := os.Remove(f.file(name)); err != nil {
			t.Fatal(err)
		}
	}
	want = "snapshots/avvisi_2025-01-31.csv non riuscito: snapshots/avvisi_2025-01-31.csv of the mirror is of the same day but different\n" +
		"snapshots/avvisi_2026-03-24.csv.gz ripreso avvisi_2026-03-24.csv.gz\navvisi.csv invariato avvisi_2026-08-22.csv\ngare.csv assente"
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(f.run(t), "\n")); d != "" {
		t.Error(d)
	}
}

// TestFetchOrigin keeps what the publisher said of a file when a mirror has the same, and learns it when a mirror came first.
func TestFetchOrigin(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "avvisi.csv"), []byte(calls), 0o644); err != nil {
		t.Fatal(err)
	}
	p := newPublisher(t, whole(calls, `"a"`))
	f := newFetching(t, p.URL)
	for i, mirror := range []string{dir, "", dir, ""} {
		f.Mirror = mirror
		if got, want := f.run(t), []string{"nuovo", "invariato"}[min(i, 1)]; got != "avvisi.csv "+want+" avvisi_2026-08-22.csv" {
			t.Error(i, got)
		}
	}
	if d := cmp.Diff([]string{"", `If-None-Match: "a"`}, p.asked); d != "" {
		t.Error(d)
	}
}

// TestFetchPadigitale takes the publisher's real files from a folder: what it keeps is what the contracts read.
func TestFetchPadigitale(t *testing.T) {
	mirror := filepath.FromSlash("../../../shared/data/padigitale-2026")
	if _, err := os.Stat(mirror); err != nil {
		t.Skip("needs ../shared")
	}
	c, err := catalog.Load(t.Context(), "../..")
	if err != nil {
		t.Fatal(err)
	}
	sources := FetchSources(c)
	at := slices.IndexFunc(sources, func(s FetchSource) bool { return s.Name == "padigitale" })
	f := newFetching(t, "")
	f.source, f.Mirror = sources[at], mirror
	got, err := f.Fetch(t.Context(), f.source)
	if err != nil {
		t.Fatal(err)
	}
	count := map[Outcome]int{}
	for _, r := range got {
		count[r.Outcome]++
	}
	if d := cmp.Diff(map[Outcome]int{New: 14, Absent: 4}, count); d != "" {
		t.Error(d)
	}
	read := map[string]string{}
	for _, q := range c.Layer(catalog.Staging) {
		if q.Source == nil || q.Source.Fetch == nil {
			continue
		}
		current, _, err := Deliveries(Inputs{Root: f.Root, Clock: "2026-08-22"}, q, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range current {
			if other := read[d.Path]; other != "" {
				t.Errorf("%s is read by %s and %s", d.Path, other, q.Name)
			}
			read[d.Path] = q.Name
		}
	}
	for _, r := range got {
		if r.Outcome == New && read[r.Stored] == "" {
			t.Errorf("no contract reads %s", r.Stored)
		}
	}
	if len(read) != 14 {
		t.Error(read)
	}
}

// TestFetchOtherNames takes a file from a mirror under another name that it may have there, keeps it under the publisher's, and prefers that one.
func TestFetchOtherNames(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("avvisi.2023.csv", calls)
	f := newFetching(t, "http://127.0.0.1:1")
	f.source.Files[0].Mirrored = []string{"avvisi.2022.csv", "avvisi.2023.csv"}
	f.Mirror = dir
	if got := f.run(t); got != "avvisi.csv nuovo avvisi_2026-08-22.csv" {
		t.Error(got)
	}
	if lock := f.text(t, "../prova.lock"); !strings.Contains(lock, ",mirror:avvisi.2023.csv,") {
		t.Error(lock)
	}
	if got := f.run(t); got != "avvisi.csv invariato avvisi_2026-08-22.csv" {
		t.Error(got)
	}
	write("avvisi.csv", calls+"Tre,APERTO\n")
	if got := f.run(t); got != "avvisi.csv aggiornato avvisi_2026-08-22.csv" {
		t.Error(got)
	}
}
