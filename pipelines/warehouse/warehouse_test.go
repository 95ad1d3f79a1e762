package warehouse_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

var update = flag.Bool("update", false, "write what was got into the cases: read every line before you commit it")

// TestCases builds the project of each testdata/*.txtar and compares: want.it and want.en with what is said where the build is
// refused, else want.<table>.csv with the rows of each mart and of piccoli.controlli and piccoli.registro_righe.
func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
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
			want := map[string]string{}
			for _, f := range archive.Files {
				if strings.HasPrefix(f.Name, "want.") {
					want[f.Name] = string(f.Data)
					continue
				}
				write(t, root, f.Name, string(f.Data))
			}
			got := map[string]string{}
			b, err := build(t, root, "1", nil)
			var wrong catalog.Problems
			var data *warehouse.DataError
			switch {
			case errors.As(err, &data):
				got["want.it"], got["want.en"] = "data\n"+data.Problems.In("it")+"\n", "data\n"+data.Problems.In("en")+"\n"
			case errors.As(err, &wrong):
				got["want.it"], got["want.en"] = "project\n"+wrong.In("it")+"\n", "project\n"+wrong.In("en")+"\n"
			case err != nil:
				t.Fatal(err)
			default:
				for _, table := range []string{"marts.somma", "piccoli.controlli", "piccoli.registro_righe"} {
					got["want."+table+".csv"] = dump(t, b.DB, table)
				}
				if err := b.Commit(); err != nil {
					t.Fatal(err)
				}
			}
			if left, err := filepath.Glob(filepath.Join(root, "*.nuovo*")); err != nil || len(left) > 0 {
				t.Errorf("litter: %v %v", left, err)
			}
			if *update {
				archive.Files = archive.Files[:len(archive.Files)-len(want)]
				for _, name := range []string{"want.it", "want.en", "want.marts.somma.csv", "want.piccoli.controlli.csv", "want.piccoli.registro_righe.csv"} {
					if text, ok := got[name]; ok {
						archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
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

func write(t testing.TB, root, name, text string) {
	t.Helper()
	to := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// build loads the project and brings root/w.duckdb up to date; done collects the steps that were rerun, with the reason.
func build(t *testing.T, root, engine string, done *[]string) (*warehouse.Built, error) {
	t.Helper()
	ctx := context.Background()
	c, err := catalog.Load(ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	return warehouse.Build(ctx, c, warehouse.Options{DB: filepath.Join(root, "w.duckdb"), Threads: 2, MemoryLimit: "200MB", Engine: engine,
		Step: func(name string, reason catalog.Text, _, _ int) {
			if done != nil {
				*done = append(*done, name+": "+reason.En)
			}
		},
		Note: func(text catalog.Text) {
			if done != nil {
				*done = append(*done, "note: "+strings.SplitN(text.En, " (", 2)[1])
			}
		}})
}

func dump(t *testing.T, db *sql.DB, table string) string {
	t.Helper()
	rows, err := db.Query("select columns(*)::varchar from " + table + " order by all")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintln(&b, strings.Join(names, "|"))
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(names))
		for i, v := range values {
			texts[i] = v.String
		}
		fmt.Fprintln(&b, strings.Join(texts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestIncremental edits one thing at a time and looks at what is rerun, and why.
func TestIncremental(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/good.txtar")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	files := map[string]string{}
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "want.") {
			files[f.Name] = string(f.Data)
			write(t, root, f.Name, string(f.Data))
		}
	}
	edit := func(name, old, new string) func() {
		return func() {
			if !strings.Contains(files[name], old) {
				t.Fatalf("%s holds no %q", name, old)
			}
			files[name] = strings.ReplaceAll(files[name], old, new)
			write(t, root, name, files[name])
		}
	}
	engine := "1"
	const somma, comuni, seed, check = "queries/marts/somma.sql", "queries/staging/comuni.sql", "data/seeds/comuni.csv", "queries/checks/popolata.sql"
	for _, step := range []struct {
		name string
		do   func()
		want []string
	}{
		{"first", func() {}, []string{"raw.comuni: new", "staging.comuni: new", "marts.somma: new", "controlli/staging.comuni: new", "controlli/marts.somma: new", "controlli/checks.popolata: new"}},
		{"nothing", func() {}, nil},
		{"a label", edit(somma, "it: Somma,", "it: Totale,"), nil},
		{"a comment above a line moves it", edit(somma, "-- title", "-- # commento\n-- title"), nil},
		{"a mart's SQL", edit(somma, "select sum", "select 0 + sum"), []string{"marts.somma: the SQL changed"}}, // and no row
		{"a rule", edit(somma, "popolazione >= 0", "popolazione > 0"), []string{"controlli/marts.somma: the rules changed"}},
		{"a value", edit(seed, "054029,10,900", "054029,10,901"), []string{"raw.comuni: the files changed", "staging.comuni: the inputs changed", "marts.somma: the inputs changed",
			"controlli/staging.comuni: the inputs changed", "controlli/marts.somma: the inputs changed", "controlli/checks.popolata: the inputs changed"}},
		{"a contract", edit(comuni, "max: 10", "max: 11"), []string{"raw.comuni: the contract changed", "staging.comuni: the inputs changed"}}, // and no row
		{"a check goes", func() {
			if err := os.Remove(filepath.Join(root, filepath.FromSlash(check))); err != nil {
				t.Fatal(err)
			}
		}, nil},
		{"a broken file", func() { write(t, root, "w.duckdb", "no warehouse") }, []string{"note", "raw.comuni: new", "staging.comuni: new", "marts.somma: new", "controlli/staging.comuni: new", "controlli/marts.somma: new"}},
		{"the engine", func() { engine = "2" }, []string{"raw.comuni: the engine changed", "staging.comuni: the engine changed", "marts.somma: the engine changed", "controlli/staging.comuni: the engine changed", "controlli/marts.somma: the engine changed"}},
	} {
		step.do()
		var done []string
		b, err := build(t, root, engine, &done)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		for i := range done {
			if strings.HasPrefix(done[i], "note: ") {
				done[i] = "note"
			}
		}
		if d := cmp.Diff(step.want, done); d != "" {
			t.Errorf("%s: -want +got:\n%s", step.name, d)
		}
		fresh := t.TempDir()
		for name, text := range files {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err == nil {
				write(t, fresh, name, text)
			}
		}
		other, err := build(t, fresh, engine, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"marts.somma", "piccoli.controlli", "piccoli.registro_righe"} {
			if d := cmp.Diff(dump(t, other.DB, table), dump(t, b.DB, table)); d != "" {
				t.Errorf("%s: %s differs from a build from scratch: -scratch +here:\n%s", step.name, table, d)
			}
		}
		if err := errors.Join(b.Commit(), other.Discard()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAsOf wants the date of the data kept as the build was given it, also where nothing else changed.
func TestAsOf(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/good.txtar")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, f := range archive.Files {
		write(t, root, f.Name, string(f.Data))
	}
	c, err := catalog.Load(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ given, want string }{{"", ""}, {"2026-02-28", "2026-02-28"}, {"", ""}} {
		b, err := warehouse.Build(t.Context(), c, warehouse.Options{DB: filepath.Join(root, "w.duckdb"), MemoryLimit: "200MB", Engine: "1", AsOf: x.given})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		db, err := warehouse.OpenSealed(t.Context(), filepath.Join(root, "w.duckdb"), warehouse.Limits{Memory: "200MB"})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := warehouse.AsOf(t.Context(), db)
		if err := errors.Join(err, db.Close()); err != nil || kept != x.want || b.AsOf != x.want {
			t.Errorf("given %q: the build says %q, the warehouse %q, want %q (%v)", x.given, b.AsOf, kept, x.want, err)
		}
	}
}

// TestLock holds the lock and asks for it again.
func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.lock")
	unlock, err := warehouse.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := warehouse.Lock(path); !errors.Is(err, warehouse.ErrLocked) {
		t.Errorf("the second lock: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := warehouse.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := again(); err != nil {
		t.Fatal(err)
	}
}

// TestReplace puts a tree in place where there is none, then over the last one.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	for _, text := range []string{"one", "two"} {
		write(t, dir, "aside/index.html", text)
		if err := warehouse.Replace(filepath.Join(dir, "aside"), filepath.Join(dir, "deep", "dist")); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "deep", "dist", "index.html"))
		if err != nil || string(got) != text {
			t.Errorf("got %q %v, want %q", got, err, text)
		}
	}
	if got, err := os.ReadFile(filepath.Join(dir, "aside", "index.html")); err != nil || string(got) != "one" {
		t.Errorf("aside is %q %v, want the old tree", got, err)
	}
}
