package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/warehouse"
)

// onDay sets the program's clock.
func onDay(t *testing.T, date string) []string {
	t.Helper()
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	return []string{fmt.Sprintf("SOURCE_DATE_EPOCH=%d", d.Unix())}
}

// queriesOnly is a project of contracts alone: nothing can be built of it, but fetching wants no more.
func queriesOnly(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "queries"), os.DirFS(filepath.Join("..", "..", "queries"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestFetch runs the verb: what it says, how it ends and what it leaves.
func TestFetch(t *testing.T) {
	dir, mirror := queriesOnly(t), t.TempDir()
	env := onDay(t, "2026-08-22")
	write(t, filepath.Join(mirror, "avvisi.csv"), "titolo\nUno\n")
	write(t, filepath.Join(mirror, "snapshots", "avvisi_2025-01-31.csv"), "titolo\n")
	run := func(code int, out, err string, args ...string) {
		t.Helper()
		r := piccoli(t, dir, env, append([]string{"fetch"}, args...)...)
		if r.code != code || !strings.Contains(r.out, out) || !strings.Contains(r.err, err) {
			t.Errorf("%v: exit %d, want %d\n%s%swant %q and %q", args, r.code, code, r.out, r.err, out, err)
		}
	}
	run(2, "", "la sorgente «padigitali» non esiste: si conoscono padigitale", "padigitali", "--mirror", mirror)
	run(2, "", "la cartella non c'è", "--mirror", filepath.Join(mirror, "altrove"))
	run(2, "", "comincia con https://", "--mirror", "ftp://example.org/data")
	run(2, "", "la cartella non c'è", "--mirror", "")
	run(5, "9 assenti nel mirror.", "nel mirror non c'è nessun file di padigitale", "padigitale", "--mirror", t.TempDir())
	run(0, "nuovo                  padigitale/avvisi.csv → data/raw/padigitale/avvisi_2026-08-22.csv\n", "", "padigitale", "--mirror", mirror)
	run(0, "invariato              padigitale/avvisi.csv\n", "", "padigitale", "--mirror", mirror)
	run(0, "2 unchanged, 8 absent from the mirror.\n", "", "padigitale", "--mirror", mirror, "--lang", "en")
	run(0, `{"files":[{"source":"padigitale","file":"snapshots/avvisi_2025-01-31.csv","outcome":"invariato","stored":"data/raw/padigitale/avvisi_2025-01-31.csv","bytes":7,`, "", "padigitale", "--mirror", mirror, "--json")
	if got := read(t, dir, "data", "raw", "padigitale", "avvisi_2026-08-22.csv"); got != "titolo\nUno\n" {
		t.Error(got)
	}
	if got := read(t, dir, "data", "raw", "padigitale.lock"); strings.Count(got, "\n") != 3 || !strings.Contains(got, "\navvisi_2026-08-22.csv,2026-08-22,11,") {
		t.Error(got)
	}

	// A mirror that holds nothing of one source is a mirror nevertheless: the source is named, unless it was asked for.
	run(0, "invariato              padigitale/avvisi.csv\n", "nel mirror non c'è nessun file di confini: saltata\n", "--mirror", mirror)
	run(5, "invariato              padigitale/avvisi.csv\n", "nel mirror non c'è nessun file di confini\n  consiglio: ", "padigitale", "confini", "--mirror", mirror)
	run(5, "10 assenti nel mirror.", "nel mirror non c'è nessun file di padigitale", "--mirror", t.TempDir())

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch name := strings.TrimPrefix(r.URL.Path, "/copia/"); name {
		case "avvisi.csv":
			fmt.Fprint(w, "titolo\nDue\n")
		case "candidature_finanziate_11.csv", "candidature_finanziate_12.csv":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>")
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	env = onDay(t, "2026-08-23")
	run(5, "1 nuovo, 6 assenti nel mirror, 2 non riusciti. Ora `piccoli build`.", "padigitale/candidature_finanziate_11.csv, padigitale/candidature_finanziate_12.csv: al posto del file è arrivata una pagina web\n  consiglio: ", "padigitale", "--mirror", server.URL+"/copia")
	run(5, `"file":"candidature_finanziate_11.csv","outcome":"non riuscito","what":"al posto del file è arrivata una pagina web"}`, `{"errors":[{"file":"padigitale/candidature_finanziate_11.csv","what":"al posto`, "padigitale", "--mirror", server.URL+"/copia", "--json")
	if got := read(t, dir, "data", "raw", "padigitale", "avvisi_2026-08-23.csv"); got != "titolo\nDue\n" {
		t.Error(got)
	}

	put(t, filepath.Join(dir, "data", "raw", "padigitale", "avvisi_2025-01-31.csv"), "x\n")
	run(5, "", "data/raw/padigitale/avvisi_2025-01-31.csv: il file non è più quello scaricato", "padigitale", "--mirror", server.URL+"/copia/")

	unlock, err := warehouse.Lock(filepath.Join(dir, "data", "raw", "padigitale", ".stato", "in-corso.lock"))
	if err != nil {
		t.Fatal(err)
	}
	run(6, "", "", "padigitale", "--mirror", mirror)
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "data", "raw", "padigitale.lock"), "rotto\n")
	run(3, "", "data/raw/padigitale.lock:1: riga illeggibile", "padigitale", "--mirror", mirror)
}

// TestFetchedNames takes the publisher's real files: they get the names under which TestPadigitale builds them.
func TestFetchedNames(t *testing.T) {
	mirror, err := filepath.Abs("../../../shared/data/padigitale-2026")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(mirror); err != nil {
		t.Skip("needs ../shared")
	}
	want := []string{}
	for _, pattern := range []string{"*.csv", "snapshots/*.csv.gz"} {
		names, err := fs.Glob(os.DirFS(mirror), pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, n := range names {
			if pattern == "*.csv" {
				n = strings.TrimSuffix(n, ".csv") + "_2026-08-22.csv"
			}
			want = append(want, filepath.Base(n))
		}
	}
	dir := queriesOnly(t)
	if r := piccoli(t, dir, onDay(t, "2026-08-22"), "fetch", "padigitale", "--mirror", mirror); r.code != 0 || !strings.Contains(r.out, "14 nuovi, 4 assenti nel mirror.") {
		t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "data", "raw", "padigitale"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, e := range entries {
		if !e.IsDir() {
			got[e.Name()] = true
		}
	}
	wanted := map[string]bool{}
	for _, n := range want {
		wanted[n] = true
	}
	if d := cmp.Diff(wanted, got); d != "" {
		t.Error(d)
	}
	// The boundaries are kept there with their year in the name.
	if r := piccoli(t, dir, onDay(t, "2026-08-22"), "fetch", "confini", "--mirror", filepath.Join(mirror, "..", "boundaries")); r.code != 0 ||
		!strings.Contains(r.out, "confini/limits_IT_provinces.topo.json → data/raw/confini/limits_IT_provinces.topo_2026-08-22.json\n") {
		t.Errorf("%d\n%s%s", r.code, r.out, r.err)
	}
}
