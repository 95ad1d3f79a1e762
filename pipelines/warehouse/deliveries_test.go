package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/warehouse"
)

var dayFolder = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)/(.*)$`)

// TestDeliveries plays each testdata/consegne/*.txtar day by day: the files of a folder named by a day are dropped into the project on that
// day (an empty one is removed), the warehouse is built, and what it then holds is compared with that day's files in voluto/: rows of a
// table, or what is said where the build is refused. At the end the warehouse is thrown away and must come out the same from the
// files and the log.
func TestDeliveries(t *testing.T) {
	cases, err := filepath.Glob("testdata/consegne/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			root := t.TempDir()
			want, drops := map[string]string{}, map[string][]txtar.File{}
			var days []string
			for _, f := range archive.Files {
				m := dayFolder.FindStringSubmatch(f.Name)
				switch {
				case m == nil:
					write(t, root, f.Name, string(f.Data))
					continue
				case strings.HasPrefix(m[2], "voluto/"):
					want[f.Name] = string(f.Data)
				default:
					drops[m[1]] = append(drops[m[1]], txtar.File{Name: m[2], Data: f.Data})
				}
				if !slices.Contains(days, m[1]) {
					days = append(days, m[1])
				}
			}
			got := map[string]string{}
			for _, day := range days {
				for _, f := range drops[day] {
					if len(f.Data) == 0 {
						if err := os.Remove(filepath.Join(root, f.Name)); err != nil {
							t.Fatal(err)
						}
						continue
					}
					write(t, root, f.Name, string(f.Data))
				}
				play(t, root, day, want, got)
			}
			last, again := days[len(days)-1], map[string]string{}
			if err := os.Remove(filepath.Join(root, "w.duckdb")); err == nil {
				play(t, root, last, want, again)
				for name, text := range again {
					if d := cmp.Diff(got[name], text); d != "" {
						t.Errorf("%s, built anew: -first +second:\n%s", name, d)
					}
				}
			}
			if *update {
				for i, f := range archive.Files {
					if text, ok := got[f.Name]; ok {
						archive.Files[i].Data = []byte(text)
					}
				}
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// play builds on one day and keeps what the case wants to see of it.
func play(t *testing.T, root, day string, want, got map[string]string) {
	t.Helper()
	ctx := context.Background()
	c, err := catalog.Load(ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	b, err := warehouse.Build(ctx, c, warehouse.Options{DB: filepath.Join(root, "w.duckdb"), Threads: 2, MemoryLimit: "500MB", Engine: "1", Inputs: ingest.Inputs{Root: root, Clock: day},
		Note: func(text catalog.Text) { notes = append(notes, text.It) }})
	var data *warehouse.DataError
	if errors.As(err, &data) {
		got[day+"/voluto/errore.txt"] = data.Problems.In("it") + "\n"
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(notes) > 0 {
		got[day+"/voluto/avvisi.txt"] = strings.Join(notes, "\n") + "\n"
	}
	for name := range want {
		of, file, _ := strings.Cut(name, "/voluto/")
		table, isTable := strings.CutSuffix(file, ".csv")
		if of != day || !isTable {
			continue
		}
		from := table
		switch table { // what is left out is a hash or follows from the reason
		case "piccoli.quarantena":
			from = "(select * exclude (id_quarantena, tabella, file_sha256, messaggio_en) from piccoli.quarantena)"
		case "piccoli.registro_righe", "piccoli.consegne", "piccoli.ritirate":
			from = "(select * exclude (tabella, file_sha256) from " + table + ")"
		}
		got[name] = dump(t, b.DB, from)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestManyUnreadableLines delivers more lines that can't be read than one statement holds values: each is in quarantine, the others are loaded.
func TestManyUnreadableLines(t *testing.T) {
	root := t.TempDir()
	write(t, root, "queries/staging/cose.sql", `-- ---
-- title: {it: Cose, en: Things}
-- description: {it: x, en: x}
-- source:
--   publisher: x
--   licence: CC-BY-4.0
--   cadence: irregular
--   files: ["data/inbox/cose/*.csv"]
--   format: csv
--   dialect: {delimiter: [";"], encoding: [utf-8], decimal: [","], date: [iso], "null": [""], header_within: 20}
--   columns:
--     id_cosa: {type: text, required: true, it: x, en: x}
--     quantita: {type: bigint, additive: true, it: x, en: x}
--   rows: {min: 1, max: 10000}
-- key: [id_cosa]
-- ---
select * from raw.cose
`)
	var file strings.Builder
	file.WriteString("id_cosa;quantita\n")
	for i := range 2500 {
		fmt.Fprintf(&file, "C%d;1\nD%d\n", i, i) // the second lacks a field
	}
	write(t, root, "data/inbox/cose/cose.csv", file.String())
	c, err := catalog.Load(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	b, err := warehouse.Build(t.Context(), c, warehouse.Options{DB: filepath.Join(root, "w.duckdb"), MemoryLimit: "200MB", Engine: "1", Inputs: ingest.Inputs{Root: root, Clock: "2026-01-15"}})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Discard()
	for query, want := range map[string]string{
		"(select righe_lette, righe_caricate, righe_quarantena from piccoli.registro_righe)":                      "righe_lette|righe_caricate|righe_quarantena\n5000|2500|2500\n",
		"(select count(distinct riga) as righe, min(riga) as prima, max(riga) as ultima from piccoli.quarantena)": "righe|prima|ultima\n2500|3|5001\n",
	} {
		if d := cmp.Diff(want, dump(t, b.DB, query)); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
}
