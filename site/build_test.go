package site

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
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
	in.Out = newOut(t)
	return in
}

func (s *realInput) make(root string) error {
	ctx := context.Background()
	cat, err := catalog.Load(ctx, root)
	if err != nil {
		return err
	}
	if err := cat.Check(ctx); err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "piccoli-site-"); err != nil {
		return err
	}
	built, err := warehouse.Build(ctx, cat, warehouse.Options{DB: filepath.Join(s.dir, "p.duckdb"), MemoryLimit: "1GB", Engine: "test"})
	if err != nil {
		return err
	}
	index, err := release.Write(ctx, release.Input{Catalog: cat, DB: built.DB, Keys: built.Keys, Out: filepath.Join(s.dir, "dist"), AsOf: "2026-02-20",
		Site: release.Publisher{BaseURL: "https://piccoli.example.org/", Licence: release.Licence{ID: "CC-BY-4.0", Title: "CC BY 4.0", URL: "https://creativecommons.org/licenses/by/4.0/"}}})
	if err != nil {
		return err
	}
	s.in = Input{Catalog: cat, DB: built.DB, Release: index, AsOf: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC), Root: root, Threads: runtime.GOMAXPROCS(0)}
	return nil
}

func newOut(t testing.TB) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "dist")
	if err := os.CopyFS(filepath.Join(out, "data"), os.DirFS(filepath.Join(shared.dir, "dist", "data"))); err != nil {
		t.Fatal(err)
	}
	return out
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
	first := digest(t, in.Out)

	other := in
	other.Out, other.Threads = newOut(t), 4
	other.Cache = filepath.Join(t.TempDir(), "cache")
	old := time.Local
	time.Local = time.FixedZone("altrove", 11*3600)
	defer func() { time.Local = old }()
	build(t, other)
	sameTree(t, first, digest(t, other.Out))

	again := other
	again.Out, again.Prev = newOut(t), other.Out
	stats := build(t, again)
	sameTree(t, first, digest(t, again.Out))
	if stats.Reused < stats.Pages {
		t.Errorf("nothing changed, but only %d of %d pages were reused", stats.Reused, stats.Pages)
	}

	// A page touched by hand in the last tree is not taken over.
	spoilt := filepath.Join(again.Out, "privacy", "index.html")
	if err := os.Remove(spoilt); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(spoilt, []byte("guasto"), 0o644); err != nil {
		t.Fatal(err)
	}
	mended := again
	mended.Out, mended.Prev = newOut(t), again.Out
	build(t, mended)
	sameTree(t, first, digest(t, mended.Out))
}

// BenchmarkPages measures the pages alone: warehouse and data files are there already.
func BenchmarkPages(b *testing.B) {
	in := realSite(b)
	in.Cache = filepath.Join(b.TempDir(), "cache")
	build(b, in) // warms charts and style sheet
	in.Prev = ""
	for b.Loop() {
		b.StopTimer()
		in.Out = newOut(b)
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
