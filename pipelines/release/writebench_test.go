package release

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

// bigMart is a dataset of five million rows and ten columns, of types as the ministry's are.
const bigMart = `-- ---
-- title: {it: Molte, en: Many}
-- description: {it: Molte righe, en: Many rows}
-- grain: {it: una riga per numero, en: one row per number}
-- key: [id]
-- columns:
--   id: {type: text, it: Codice, en: Code}
--   codice_istat: {type: text, it: Comune, en: Municipality}
--   titolo: {type: text, it: Titolo, en: Title}
--   data: {type: date, it: Data, en: Date}
--   importo_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Importo, en: Amount}
--   ammessa: {type: boolean, it: Ammessa, en: Admitted}
--   regione: {type: integer, it: Regione, en: Region, additive: false}
--   sigla: {type: text, it: Sigla, en: Mark}
--   numero: {type: bigint, it: Numero, en: Number, additive: false}
--   nota: {type: text, it: Nota, en: Note}
-- rows: {min: 1, max: 100000000}
-- ---
select
    printf('C%%07d', range) as id,
    printf('%%06d', range %% 7904) as codice_istat,
    'piano di rafforzamento ' || (range %% 977) as titolo,
    date '2020-05-21' + (range %% 900)::integer as data,
    ((range * 7919) %% 100000 + 0.10)::decimal(18, 2) as importo_eur,
    (range %% 3 = 0) as ammessa,
    (range %% 20)::integer as regione,
    md5((range // 7)::varchar) as sigla,
    (range * 31)::bigint as numero,
    case when range %% 5 = 0 then null else 'nota ' || range end as nota
from range(%d)
`

// cpu is the processor time of this process so far, in seconds.
func cpu(b *testing.B) float64 {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// BenchmarkWrite writes Parquet, CSV and all that describes them of a dataset of five million rows, beside DuckDB alone writing the same two; then all forms, the Arrow stream among them.
func BenchmarkWrite(b *testing.B) {
	ctx := context.Background()
	root := b.TempDir()
	mart := filepath.Join(root, "queries", "marts", "molte.sql")
	if err := errors.Join(os.MkdirAll(filepath.Dir(mart), 0o755), os.MkdirAll(filepath.Join(root, "queries", "staging"), 0o755), os.WriteFile(mart, []byte(fmt.Sprintf(bigMart, benchRows)), 0o644)); err != nil {
		b.Fatal(err)
	}
	c, err := catalog.Load(ctx, root)
	if err != nil {
		b.Fatal(err)
	}
	built, err := warehouse.Build(ctx, c, warehouse.Options{DB: filepath.Join(root, "w.duckdb"), Engine: "prova", MemoryLimit: "1GB"})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := built.Commit(); err != nil {
			b.Fatal(err)
		}
	}()
	q := c.Find(catalog.Marts, "molte")
	run := 0
	input := func() Input {
		run++
		tree, err := OpenTree(filepath.Join(root, fmt.Sprint("dist", run)), filepath.Join(root, fmt.Sprint("stato", run)), "prova")
		if err != nil {
			b.Fatal(err)
		}
		return Input{Catalog: c, DB: built.DB, Keys: built.Keys, Tree: tree, AsOf: "2026-01-31",
			Site: Publisher{BaseURL: "https://piccoli.example.org/", Licence: Licence{ID: "CC-BY-4.0", Title: "CC BY 4.0", URL: "https://creativecommons.org/licenses/by/4.0/"}}}
	}
	timed := func(name string, do func(in Input) error) {
		b.Run(name, func(b *testing.B) {
			runtime.GC()
			before := cpu(b)
			for b.Loop() {
				in := input()
				if err := do(in); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := os.RemoveAll(in.Tree.Dir()); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric((cpu(b)-before)/float64(b.N), "cpu-s/op")
		})
	}
	timed("duckdb", func(in Input) error {
		for file, options := range map[string]string{"x.parquet": "format parquet, compression zstd, row_group_size 100000", "x.csv": "format csv, header true"} {
			if _, err := in.DB.ExecContext(ctx, fmt.Sprintf("copy (select * from marts.molte order by id) to %s (%s)", catalog.Literal(filepath.Join(in.Tree.Dir(), file)), options)); err != nil {
				return err
			}
		}
		return nil
	})
	timed("parquet, csv and metadata", func(in Input) error {
		d := Dataset{Name: q.Name, Rows: benchRows}
		for _, f := range in.formats(q, d.Rows)[:2] {
			file, err := in.file(ctx, q, f)
			if err != nil {
				return err
			}
			d.SHA256, d.Formats = file.SHA256, append(d.Formats, file) // the second is the CSV
		}
		return Describe(ctx, in, &Index{Datasets: []Dataset{d}, Files: d.Formats})
	})
	timed("all forms", func(in Input) error {
		_, err := Write(ctx, in)
		return err
	})
}
