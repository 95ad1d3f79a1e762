package site

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

// realInput builds the warehouse and the data files of the committed facts once for all tests, in a folder of its own.
type realInput struct {
	once sync.Once
	dir  string
	in   Input
	err  error
}

var shared realInput

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.dir != "" {
		os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// realSite gives an Input over the committed facts, with an empty Out that holds data/ already.
func realSite(t testing.TB) Input {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "site", "node_modules", "echarts")); err != nil {
		t.Skip("site/node_modules is missing: run npm ci --ignore-scripts in site/")
	}
	shared.once.Do(func() { shared.err = shared.make(root) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	in := shared.in
	in.Tree = newTree(t, t.TempDir())
	return in
}

func (s *realInput) make(root string) error {
	ctx := context.Background()
	cat, err := catalog.Load(ctx, root)
	if err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "piccoli-site-"); err != nil {
		return err
	}
	built, err := warehouse.Build(ctx, cat, warehouse.Options{DB: filepath.Join(s.dir, "p.duckdb"), MemoryLimit: "1GB", Engine: "test"})
	if err != nil {
		return err
	}
	tree, err := release.OpenTree(filepath.Join(s.dir, "dist"), filepath.Join(s.dir, "stato"), "test")
	if err != nil {
		return err
	}
	index, err := release.Write(ctx, release.Input{Catalog: cat, DB: built.DB, Keys: built.Keys, Tree: tree, AsOf: "2026-02-20",
		Site: release.Publisher{BaseURL: "https://piccoli.example.org/", Licence: release.Licence{ID: "CC-BY-4.0", Title: "CC BY 4.0", URL: "https://creativecommons.org/licenses/by/4.0/"}}})
	if err != nil {
		return err
	}
	s.in = Input{Catalog: cat, DB: built.DB, Keys: built.Keys, Release: index, AsOf: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC), Root: root, Threads: runtime.GOMAXPROCS(0)}
	return nil
}

// newTree opens the tree of dir/dist; the data files are not of interest here.
func newTree(t testing.TB, dir string) *release.Tree {
	t.Helper()
	tree, err := release.OpenTree(filepath.Join(dir, "dist"), filepath.Join(dir, "stato"), "test")
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func build(t testing.TB, in Input) Stats {
	t.Helper()
	stats, err := Build(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

// digest is the content of every file of a tree.
func digest(t testing.TB, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		rel, rerr := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = sha256.Sum256(raw)
		return errors.Join(err, rerr)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sameTree(t *testing.T, a, b map[string][32]byte) {
	t.Helper()
	if len(a) != len(b) {
		t.Errorf("%d files against %d", len(a), len(b))
	}
	shown := 0
	for path, sum := range a {
		if b[path] != sum {
			if shown++; shown > 5 {
				return
			}
			t.Errorf("%s differs", path)
		}
	}
}

// TestSameBytes builds with other numbers of workers, another time zone, with and without a cache, and wants one tree.
func TestSameBytes(t *testing.T) {
	in := realSite(t)
	in.Threads = 1
	build(t, in)
	first := digest(t, in.Tree.Dir())

	dir := t.TempDir()
	dist := filepath.Join(dir, "dist")
	other := in
	other.Threads, other.Cache = 4, filepath.Join(dir, "cache")
	old := time.Local
	time.Local = time.FixedZone("altrove", 11*3600)
	defer func() { time.Local = old }()
	// From nothing; over a tree whose pages are linked; over the tree before that one, whose pages are there already; and after
	// somebody touched a page of the live tree and one of the tree aside.
	for i, touched := range []string{"", "", "", dist, dist + ".altro"} {
		if touched != "" {
			spoilt := filepath.Join(touched, "privacy", "index.html")
			if err := errors.Join(os.Remove(spoilt), os.WriteFile(spoilt, []byte("guasto"), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		other.Tree = newTree(t, dir)
		stats := build(t, other)
		if kept := other.Tree.Kept(); i > 0 && kept < stats.Pages-1 || i == 0 && kept > 0 {
			t.Errorf("build %d: %d of %d pages were kept", i, kept, stats.Pages)
		}
		if err := other.Tree.Publish(); err != nil {
			t.Fatal(err)
		}
		sameTree(t, first, digest(t, dist))
	}
}

// BenchmarkPages measures the pages alone: warehouse and data files are there already.
func BenchmarkPages(b *testing.B) {
	in := realSite(b)
	debug.SetGCPercent(400) // as a build does
	in.Cache = filepath.Join(b.TempDir(), "cache")
	build(b, in) // warms charts and style sheet
	for b.Loop() {
		b.StopTimer()
		in.Tree = newTree(b, b.TempDir())
		b.StartTimer()
		start, cpu := time.Now(), cpuTime(b)
		stats := build(b, in)
		b.ReportMetric((cpuTime(b)-cpu).Seconds()*1000/float64(stats.Pages), "cpu-ms/page")
		b.ReportMetric(float64(stats.Pages)/time.Since(start).Seconds(), "pages/s")
	}
}

// cpuTime is what this process has used of all processors: unlike the wall clock it does not grow with what else is running.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestSimulated builds the pages as of simulated deliveries: every one says so and asks not to be indexed, and no comune's page shows what
// real sources say of it.
func TestSimulated(t *testing.T) {
	in := realSite(t)
	in.Simulated = true
	build(t, in)
	pages := 0
	for _, path := range in.Tree.Paths() {
		if !strings.HasSuffix(path, ".html") {
			continue
		}
		pages++
		raw, err := os.ReadFile(in.Tree.Path(path))
		if err != nil {
			t.Fatal(err)
		}
		text, mark := string(raw), "DATI SIMULATI"
		if strings.HasPrefix(path, "en/") {
			mark = "SIMULATED DATA"
		}
		for _, want := range []string{`<aside class="simulati"`, `<meta name="robots" content="noindex">`, "<title>" + mark} {
			if !strings.Contains(text, want) {
				t.Fatalf("%s lacks %s", path, want)
			}
		}
		if path == "comuni/054028/index.html" && (strings.Contains(text, "SEED-002") || !strings.Contains(text, "dati simulati")) {
			t.Errorf("%s shows real evidence", path)
		}
	}
	file, _ := readComune(t, in.Tree.Dir(), "054028")
	raw, err := os.ReadFile(in.Tree.Path("comuni/054028/dati.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), `"costruzione_simulata":true`) || file.Dataset["evidenze"] != nil || file.Dataset["partecipazione"] != nil {
		t.Error("the file of 054028 is not marked, or shows real evidence")
	}
	if _, shown := file.Dataset["comuni"][0]["ammesso_nominato"]; shown {
		t.Error("the file of 054028 says whether real sources name it")
	}
	if robots, err := os.ReadFile(in.Tree.Path("robots.txt")); err != nil || !strings.Contains(string(robots), "Disallow: /\n") || pages < 11000 {
		t.Errorf("%d pages; robots.txt: %s %v", pages, robots, err)
	}
}
