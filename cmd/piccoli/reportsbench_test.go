package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/pipelines/simulate"
	"piccoli/pipelines/warehouse"
)

// BenchmarkReports times every report that queries/reports holds over the simulated year, first as it is, then with its claims split until there
// are as many as PICCOLI_BENCH_CLAIMS says (default five million; 0: not), and prints the median of each: from the bound parameters to the last
// row read. A required parameter has the first of its values.
func BenchmarkReports(b *testing.B) {
	claims := 5_000_000
	if text := os.Getenv("PICCOLI_BENCH_CLAIMS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		claims = n
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		b.Fatal(err)
	}
	c, err := catalog.Load(b.Context(), root)
	if err != nil {
		b.Fatal(err)
	}
	versions := filepath.Join(b.TempDir(), "versioni")
	simulatedWarehouse(b, c, 2, 1, 0, versions, "1.0.0")
	one, n := simulatedWarehouse(b, c, 1, 1, 0.05, versions, "1.0.1")
	b.Run("scale 1", func(b *testing.B) { timeReports(b, c, one, versions, n, "wanted < 200 ms") })
	if claims == 0 {
		return
	}
	scale := (int64(claims) + n - 1) / n
	b.Run("many claims", func(b *testing.B) {
		file, n := simulatedWarehouse(b, c, 1, scale, 0.001, "", "")
		timeReports(b, c, file, versions, n, "wanted < 2000 ms")
	})
}

// simulatedWarehouse builds the warehouse of a simulated year, without pages, and counts its claims; a share of its rows is wrong. Its data are
// frozen as a version where a folder of versions is given.
func simulatedWarehouse(b *testing.B, c *catalog.Catalog, seed uint64, scale int64, wrong float64, versions, number string) (file string, claims int64) {
	b.Helper()
	ctx := b.Context()
	folder := filepath.Join(b.TempDir(), "consegne")
	if _, err := simulate.Write(ctx, simulate.Options{Catalog: c, Seed: seed, Scale: scale, Errors: wrong, Out: folder}); err != nil {
		b.Fatal(err)
	}
	work := b.TempDir()
	file = filepath.Join(work, "w.duckdb")
	built, err := warehouse.Build(ctx, c, warehouse.Options{DB: file, MemoryLimit: "2GB", Engine: "bench", Inputs: ingest.Inputs{Root: c.Root, Inbox: folder, Clock: "2026-02-28"}})
	if err != nil {
		b.Fatal(err)
	}
	if versions != "" {
		tree, err := release.OpenTree(filepath.Join(work, "sito"), filepath.Join(work, "stato", "s"), "bench")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := release.Write(ctx, release.Input{Catalog: c, DB: built.DB, Keys: built.Keys, Tree: tree, AsOf: built.AsOf, Simulated: true, Site: published(b, c.Root)}); err != nil {
			b.Fatal(err)
		}
		if err := tree.Publish(); err != nil {
			b.Fatal(err)
		}
		if _, err := (release.Freeze{Data: filepath.Join(work, "sito", "data"), Releases: versions, Number: number}).Run(ctx); err != nil {
			b.Fatal(err)
		}
	}
	err = built.DB.QueryRowContext(ctx, "select sum(righe_lette)::bigint from piccoli.registro_righe where tabella = 'rendicontazioni'").Scan(&claims)
	if err := errors.Join(err, built.Commit(), os.RemoveAll(folder)); err != nil {
		b.Fatal(err)
	}
	return file, claims
}

func timeReports(b *testing.B, c *catalog.Catalog, file, versions string, claims int64, wanted string) {
	ctx := b.Context()
	d, err := desk.Open(ctx, c, file, warehouse.Limits{Memory: "1GB"})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	d.Versions = desk.Versions{Releases: versions}
	for b.Loop() {
		fmt.Printf("\n%-28s %8s %9s   p50 of %d, %d claims, %s\n", "report", "rows", "p50", 2*rounds+1, claims, wanted)
		for _, q := range c.Layer(catalog.Reports) {
			params, err := firstValues(ctx, d, q)
			if err != nil {
				b.Fatal(err)
			}
			var times []time.Duration
			var r *desk.Report
			for range 2*rounds + 1 {
				start := time.Now()
				if r, err = d.Run(ctx, q, params); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			fmt.Printf("%-28s %8d %6d ms\n", desk.Name(q), len(r.Rows), times[rounds].Milliseconds())
		}
	}
}

// firstValues gives every required parameter the first of its values, and two versions that follow each other.
func firstValues(ctx context.Context, d *desk.Desk, q *catalog.Query) (map[string]string, error) {
	params := map[string]string{}
	for i := range q.Params {
		p := &q.Params[i]
		if p.Type == catalog.VersionParam {
			params["da"], params["a"] = "1.0.0", "1.0.1"
			continue
		}
		if !p.Given() || p.Optional || p.Default != "" {
			continue
		}
		values, _, err := d.Choices(ctx, q, p)
		if err != nil {
			return nil, err
		}
		if len(values) == 0 {
			return nil, fmt.Errorf("%s: no value for the parameter %s", q.Path, p.Name)
		}
		params[p.Name] = values[0]
	}
	return params, nil
}
