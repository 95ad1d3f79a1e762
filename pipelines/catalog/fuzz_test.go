package catalog

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// FuzzHeader reads any text as an SQL file of any layer: what is wrong is told with a place that is in the file, and what is not told is a whole
// contract.
func FuzzHeader(f *testing.F) {
	layers := []Layer{Staging, Marts, Checks, Reports}
	for i, layer := range layers {
		files, err := filepath.Glob(filepath.Join("..", "..", "queries", string(layer), "*.sql"))
		if err != nil || len(files) == 0 {
			f.Fatal("no seeds", err)
		}
		for _, file := range files[:min(4, len(files))] {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(byte(i), string(text))
		}
	}
	f.Fuzz(func(t *testing.T, layer byte, text string) {
		file := &file{path: "queries/x.sql"}
		q := file.parse(layers[int(layer)%len(layers)], "x", text)
		lines := strings.Count(text, "\n") + 2
		for _, p := range file.problems {
			if p.Line < 0 || p.Line > lines || p.Col < 0 {
				t.Errorf("%d:%d in a text of %d lines: %s", p.Line, p.Col, lines, p.What.En)
			}
			if p.What.It == "" || p.What.En == "" {
				t.Errorf("a problem without words: %+v", p)
			}
		}
		if len(file.problems) == 0 && (q.Title.It == "" || q.Title.En == "" || strings.TrimSpace(q.SQL) == "") {
			t.Errorf("nothing was said of a contract that lacks its title or its SQL")
		}
		if len(file.problems) == 0 && q.Layer == Marts && (len(q.Key) == 0 || len(q.Columns) == 0 || q.Rows == nil) {
			t.Errorf("nothing was said of a dataset that lacks its key, columns or bounds")
		}
	})
}

// FuzzQuestion asks any text: it is refused with a place that is in it, or it is one select that changes nothing and reads no file.
func FuzzQuestion(f *testing.F) {
	for _, q := range []string{"select 1", "from marts.comuni", "select * from read_text('/etc/passwd')", "with a as (select 1) select * from a; drop table x", "attach 'x' as y", "copy (select 1) to 'x'", "select getenv('HOME')",
		"select * from 'data/x.csv'", "select * from \"/etc/passwd\"", "select (select content from read_blob('x'))", "pragma version", "select nextval('s')", "\x00", "select 'è' , $$x$$, \"a\"\"b\" -- x", "select * from glob('*')", "insert into x values (1)",
		"select 1 union all (select * from query('select 1'))", "from duckdb_settings()", "from pg_catalog.pg_class", "select * from system.main.duckdb_logs", "set x = 1", "call pragma_version()", "pivot x on y", "describe x", "summarize x", "show tables", "values (1)", "explain select 1"} {
		f.Add(q)
	}
	db, err := sql.Open("duckdb", "?access_mode=automatic")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	for _, s := range []string{"create table x as select 1 as y", "set enable_external_access = false", "set lock_configuration = true"} {
		if _, err := db.Exec(s); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, question string) {
		err := CheckQuestion(t.Context(), db, question)
		var problems Problems
		switch {
		case errors.As(err, &problems):
			lines := strings.Count(question, "\n") + 1
			for _, p := range problems {
				if p.Line < 0 || p.Line > lines || p.Col < 0 || p.What.It == "" || p.What.En == "" {
					t.Errorf("%q: %+v", question, p)
				}
			}
			return
		case err != nil:
			t.Fatalf("%q: %v", question, err)
		}
		// What passes is run only as far as its plan: an endless select is the shell's to stop.
		_, err = db.Exec("prepare domanda as " + question)
		if err != nil {
			return // DuckDB does not know its tables or columns
		}
		if _, err := db.Exec("deallocate domanda"); err != nil {
			t.Fatalf("%q left another prepared statement: %v", question, err)
		}
		var tables int
		if err := db.QueryRow("select count(*) from duckdb_tables()").Scan(&tables); err != nil || tables != 1 {
			t.Fatalf("%q: %d tables, %v", question, tables, err)
		}
	})
}
