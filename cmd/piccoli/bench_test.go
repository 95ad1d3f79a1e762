package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
	"piccoli/site"
)

// rounds is how often each thing is timed; the table shows medians.
const rounds = 5

// BenchmarkBuild times the build of the real project beside DuckDB alone doing the same SQL on the same files, and prints one table.
// `just bench` runs it once; speed is never asserted.
func BenchmarkBuild(b *testing.B) {
	dir := newProject(b)
	build := func(args ...string) {
		if r := piccoli(b, dir, nil, append([]string{"build"}, args...)...); r.code != 0 {
			b.Fatal(r.err)
		}
	}
	cat, err := catalog.Load(context.Background(), dir)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		alone := median(b, func() {}, func() { duckdbAlone(b, dir, cat) })
		data := median(b, func() {}, func() { dataPart(b, dir) })
		// Each whole build goes into a folder of its own: on some disks making files is slow for a while after many were removed.
		round := 0
		full := median(b, func() { round++ }, func() {
			build("--db", filepath.Join(dir, fmt.Sprintf("w%d.duckdb", round)), "--out", filepath.Join(dir, fmt.Sprintf("dist%d", round)))
		})
		build()
		pages := htmlFiles(b, filepath.Join(dir, "site", "dist"))
		nothing := median(b, func() {}, func() { build() })
		toggle := func(path, old, new string) func() {
			return func() {
				text := read(b, dir, filepath.FromSlash(path))
				if strings.Contains(text, new) {
					old, new = new, old
				}
				put(b, filepath.Join(dir, filepath.FromSlash(path)), strings.Replace(text, old, new, 1))
			}
		}
		mart := median(b, toggle("queries/marts/dotazioni.sql", "select * from final", "select * from final -- ."), func() { build() })
		shared := median(b, toggle("queries/marts/evidenze.sql", "select * from final", "select * from final -- ."), func() { build() })
		text := median(b, toggle("site/pages/privacy.it.md", "\n\n", "\n\n\n"), func() { build() })
		template := median(b, toggle("site/templates/prosa.html", "</h1>", "</h1> "), func() { build() })
		input := median(b, toggle("data/seeds/cronologia.csv", "questo giorno i comuni", "questo giorno tutti i comuni"), func() { build() })
		var starts []time.Duration
		commands := [][]string{{"check"}, {"report", "riconciliazione"}, {"query", "select count(*) from marts.comuni"}}
		for _, args := range commands {
			starts = append(starts, median(b, func() {}, func() {
				if r := piccoli(b, dir, nil, args...); r.code != 0 {
					b.Fatal(r.err)
				}
			}))
		}
		fmt.Printf("\n%-58s %9s %8s\n", "", "median", "ratio")
		row := func(what string, d, of time.Duration, target string) {
			fmt.Printf("%-58s %7d ms %8s   %s\n", what, d.Milliseconds(), fmt.Sprintf("%.3f", float64(d)/float64(of)), target)
		}
		row("DuckDB alone: read_csv, the same SQL, COPY", alone, alone, "")
		row("data part: catalog, contracts, checks, ledger, files", data, alone, "of DuckDB alone, wanted <= 2")
		row("whole build, no cache", full, full, "")
		row("nothing changed", nothing, full, "of the whole, wanted <= 0.03")
		row("one mart edited (dotazioni)", mart, full, "of the whole, wanted <= 0.15")
		row("one mart edited that every comune page reads (evidenze)", shared, full, "of the whole, wanted <= 0.15")
		row("one page's text edited (privacy)", text, full, "of the whole")
		row("the template of one kind of page edited (prosa)", template, full, "of the whole")
		row("one input edited (cronologia.csv)", input, full, "of the whole")
		for i, args := range commands {
			fmt.Printf("%-58s %7d ms            wanted <= 100 ms\n", "from the command to its end: "+args[0], starts[i].Milliseconds())
		}
		fmt.Printf("%-58s %9.0f\n", "pages a second, over the whole build less its data part", float64(pages)/(full-data).Seconds())
	}
}

func median(b *testing.B, prepare, do func()) time.Duration {
	b.Helper()
	var times []time.Duration
	for range rounds {
		prepare()
		start := time.Now()
		do()
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func htmlFiles(b *testing.B, dir string) (n int) {
	for path := range digest(b, dir) {
		if strings.HasSuffix(path, ".html") {
			n++
		}
	}
	return n
}

// dataPart does all of a build but the pages, without any cache.
func dataPart(b *testing.B, root string) {
	ctx := context.Background()
	work := b.TempDir()
	cat, err := catalog.Load(ctx, root)
	if err != nil {
		b.Fatal(err)
	}
	built, err := warehouse.Build(ctx, cat, warehouse.Options{DB: filepath.Join(work, "w.duckdb"), MemoryLimit: "1GB", Engine: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	tree, err := release.OpenTree(filepath.Join(work, "dist"), filepath.Join(work, "stato", "s"), "bench")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := release.Write(ctx, release.Input{Catalog: cat, DB: built.DB, Keys: built.Keys, Tree: tree, AsOf: "2026-01-01", Site: published(b, root)}); err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(built.Commit(), tree.Publish()); err != nil {
		b.Fatal(err)
	}
}

// published is who publishes, as site/sito.yaml says.
func published(b *testing.B, root string) release.Publisher {
	publisher, err := site.LoadPublisher(root)
	if err != nil {
		b.Fatal(err)
	}
	return publisher.Release("it")
}

// duckdbAlone does what a person would type into DuckDB: typed read_csv of every seed, the same queries as tables, and every mart as Parquet, CSV and JSON.
func duckdbAlone(b *testing.B, root string, cat *catalog.Catalog) {
	ctx := context.Background()
	work := b.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(work, "w.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	do := func(statement string, args ...any) {
		if _, err := db.ExecContext(ctx, fmt.Sprintf(statement, args...)); err != nil {
			b.Fatal(err)
		}
	}
	for _, s := range []string{"raw", "staging", "marts", "piccoli"} {
		do("create schema %s", s)
	}
	empty := func(table catalog.Ref, columns []catalog.Column) {
		var defs []string
		for _, c := range columns {
			defs = append(defs, catalog.Quote(c.Name)+" "+c.DuckDB())
		}
		do("create table if not exists %s (%s)", table.SQL(), strings.Join(defs, ", "))
	}
	for _, books := range []map[string][]catalog.Column{catalog.Bookkeeping, ingest.Books} {
		for name, columns := range books {
			empty(catalog.Ref{Schema: "piccoli", Name: name}, columns)
		}
	}
	for _, q := range cat.Layer(catalog.Staging) {
		if q.Source == nil {
			continue
		}
		if q.Source.Delivered() { // nothing is
			empty(catalog.Ref{Schema: "raw", Name: q.Name}, q.Source.Loaded())
			continue
		}
		files, err := ingest.Files(root, q)
		if err != nil {
			b.Fatal(err)
		}
		var types []string
		for _, c := range q.Source.Columns {
			types = append(types, catalog.Literal(c.Name)+": "+catalog.Literal(c.DuckDB()))
		}
		do("create table raw.%s as from read_csv(%s, header = true, types = {%s})", q.Name, catalog.Literal(filepath.Join(root, filepath.FromSlash(files[0].Path))), strings.Join(types, ", "))
	}
	for _, q := range cat.Order() {
		do("create table %s as %s", q.Ref().SQL(), q.Statement())
	}
	for _, q := range cat.Marts() {
		for _, f := range []string{"parquet", "csv", "json"} {
			do("copy %s to %s (format %s)", q.Ref().SQL(), catalog.Literal(filepath.Join(work, q.Name+"."+f)), f)
		}
	}
}
