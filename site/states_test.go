package site

import (
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// statePages are what a build without this or that delivery shows in its own way.
var statePages = []string{"", "comuni/", "regioni/", "regioni/umbria/", "province/pg/", "comuni/019017/", "comuni/001003/", "programmi/avviso-piccoli-comuni/", "programmi/piccoli/",
	"programmi/padigitale-2026/", "programmi/avviso-piccoli-comuni/finestre/", "ambiti/smart-working/", "osservatorio/", "mappe/", "confronta/lazio/umbria/", "confronti/", "qualita/", "fonti/", "elenchi/",
	"dati/imbuto/", "dati/padigitale_per_regione/", "dati/quarantena/"}

// TestStates builds the site with the files of PA digitale (where ../shared has them) and with a simulated year, and looks at each as the other tests
// look at the site of the committed facts, with fewer pages in the browser. It takes some ten minutes: `just stati` runs it.
func TestStates(t *testing.T) {
	if os.Getenv("PICCOLI_STATI") == "" {
		t.Skip("`just stati` builds and looks at the site of a simulated year and the one with PA digitale")
	}
	root := needPackages(t)
	program := filepath.Join(t.TempDir(), "piccoli")
	run := func(dir, name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
	}
	run(root, "go", "build", "-o", program, "./cmd/piccoli")
	t.Run("simulated", func(t *testing.T) {
		dir := t.TempDir()
		dist := filepath.Join(dir, "dist")
		run(root, program, "simulate", "--seed", "1", "--errors", "0.05", "--out", filepath.Join(dir, "anno"))
		run(root, program, "build", "--inbox", filepath.Join(dir, "anno"), "--db", filepath.Join(dir, "w.duckdb"), "--out", dist, "--as-of", "2026-02-28")
		for path, text := range htmlFiles(t, dist) {
			if !strings.Contains(text, `<aside class="simulati"`) || !strings.Contains(text, `content="noindex"`) {
				t.Errorf("%s does not say that the data are simulated", path)
			}
			if strings.Contains(text, `class="segno segno-ammesso"`) {
				t.Errorf("%s says beside simulated data which comuni real sources name as admitted", path)
			}
			if strings.Contains(text, `class="gruppo-eventi"`) {
				t.Errorf("%s names beside simulated data the comuni that real sources name", path)
			}
			if strings.HasSuffix(path, "index.html") && pageKind.FindStringSubmatch(text)[1] == "home" && strings.Contains(text, `<span class="nota">–</span>`) {
				t.Errorf("%s: a step of the path is not counted", path)
			}
		}
		lookAt(t, dist)
	})
	t.Run("padigitale", func(t *testing.T) {
		dir := t.TempDir()
		withPADigitale(t, root, dir)
		dist := filepath.Join(dir, "dist")
		run(dir, program, "build", "--db", filepath.Join(dir, "w.duckdb"), "--out", dist)
		for path, text := range htmlFiles(t, dist) {
			if strings.Contains(text, `<aside class="simulati"`) {
				t.Errorf("%s says that the data are simulated", path)
			}
		}
		lookAt(t, dist)
	})
}

// withPADigitale copies the project's inputs, with the publisher's files of one day and the outlines of the provinces among those fetched.
func withPADigitale(t *testing.T, root, dir string) {
	t.Helper()
	shared := filepath.Join(root, "..", "shared", "data")
	files, err := filepath.Glob(filepath.Join(shared, "padigitale-2026", "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("needs ../shared")
	}
	for _, folder := range []string{"queries", "data/seeds", "site/assets", "site/pages", "site/prove", "site/server", "site/templates"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			t.Fatal(err)
		}
	}
	copied := func(from, to string) {
		raw, err := os.ReadFile(from)
		if err == nil {
			err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, raw, 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"testi.yaml", "sito.yaml", "package.json", "package-lock.json"} {
		copied(filepath.Join(root, "site", name), filepath.Join(dir, "site", name))
	}
	if err := os.Symlink(filepath.Join(root, "site", "node_modules"), filepath.Join(dir, "site", "node_modules")); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		copied(f, filepath.Join(dir, "data", "raw", "padigitale", strings.TrimSuffix(filepath.Base(f), ".csv")+"_2026-08-22.csv"))
	}
	provinces := filepath.Join(shared, "boundaries", "limits_IT_provinces.2023.topo.json")
	if _, err := os.Stat(provinces); !errors.Is(err, fs.ErrNotExist) {
		copied(provinces, filepath.Join(dir, "data", "raw", boundariesSource, strings.TrimSuffix(boundariesFile, ".json")+"_2026-08-22.json"))
	}
}

// lookAt crawls and validates a tree, prints its longest pages and opens some of each kind.
func lookAt(t *testing.T, dist string) {
	t.Helper()
	crawl(t, dist)
	everySectionProved(t, dist)
	validForms(t, dist, 20)
	oneSheet(t, dist, 12)
	server := httptest.NewServer(Handler(dist))
	defer server.Close()
	var pages []triedPage
	for i, path := range statePages {
		pages = append(pages, triedPage{Kind: path, Path: path, Narrow: i%2 == 1}, triedPage{Kind: "en/" + path, Path: "en/" + path, Narrow: true})
	}
	var report browserReport
	inChromium(t, "browser.mjs", map[string]any{"base": server.URL + "/", "pages": pages, "widths": []int{320, 1280}, "tabs": 3, "sample": samplePages(t, dist, 12, widths)}, &report)
	for _, p := range report.Problems[:min(len(report.Problems), 40)] {
		t.Error(p)
	}
	lightEnough(t, pages, report)
}
