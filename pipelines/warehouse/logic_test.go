package warehouse_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"piccoli/pipelines/catalog"
)

// TestLogic runs the SQL of every query that has a .txtar beside it, unchanged, over the few rows written there. A section
// <schema>.<table>.csv gives the rows of a table that the query reads, with only the columns that matter: the others are NULL, a
// table not given is empty. voluto.csv holds the wanted rows, with the columns worth comparing, in the order of the query's key
// (of a check: of all its columns). For a delivered staging table the section is staging.<table>.csv and the wanted rows are
// those that its own row rules send to quarantine: the key and the column motivo.
func TestLogic(t *testing.T) {
	root := "../.."
	c, err := catalog.Load(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range c.Layer(catalog.Checks) {
		if !microdata(c, q) {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, fixture(q.Path))); err != nil {
			t.Errorf("%s: without %s nobody has seen it find anything", q.Path, fixture(q.Path))
		}
	}
	cases, err := filepath.Glob(filepath.Join(root, "queries/*/*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range cases {
		layer, name := filepath.Base(filepath.Dir(path)), strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(layer+"/"+name, func(t *testing.T) {
			q := c.Find(catalog.Layer(layer), name)
			if q == nil {
				t.Fatalf("there is no queries/%s/%s.sql", layer, name)
			}
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if last < 0 || archive.Files[last].Name != "voluto.csv" {
				t.Fatal("the last section must be voluto.csv")
			}
			db := memory(t)
			fill(t, db, c, q, archive.Files[:last])
			header, _, _ := strings.Cut(string(archive.Files[last].Data), "\n")
			got := result(t, db, q, strings.Split(strings.TrimSpace(header), ","))
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(archive.Files[last].Data), got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// microdata says whether q reads, itself or by way of others, rows that come from outside the project.
func microdata(c *catalog.Catalog, q *catalog.Query) bool {
	if q.Source != nil {
		return q.Source.Delivered()
	}
	return slices.ContainsFunc(q.DependsOn, func(r catalog.Ref) bool {
		read := c.Find(catalog.Layer(r.Schema), r.Name)
		return read != nil && microdata(c, read)
	})
}

func fixture(sqlFile string) string { return strings.TrimSuffix(sqlFile, ".sql") + ".txtar" }

// memory opens an empty database of one connection, with the schemas of the project.
func memory(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.SetMaxOpenConns(1)
	for _, schema := range []string{"staging", "marts", "piccoli"} {
		exec(t, db, "create schema "+schema)
	}
	return db
}

func exec(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// fill makes the tables that q reads with their declared types, and writes the given rows to them.
func fill(t *testing.T, db *sql.DB, c *catalog.Catalog, q *catalog.Query, given []txtar.File) {
	t.Helper()
	reads := slices.Clone(q.DependsOn)
	if q.Layer == catalog.Staging && q.Source != nil {
		reads = []catalog.Ref{q.Ref()}
	}
	tables := map[string][]catalog.Column{}
	for _, r := range reads {
		columns := catalog.Bookkeeping[r.Name]
		if r.Schema != "piccoli" {
			columns = c.Find(catalog.Layer(r.Schema), r.Name).Columns
		}
		defs := make([]string, len(columns))
		for i, col := range columns {
			defs[i] = catalog.Quote(col.Name) + " " + col.DuckDB()
		}
		exec(t, db, fmt.Sprintf("create table %s (%s)", r.SQL(), strings.Join(defs, ", ")))
		tables[r.String()] = columns
	}
	for _, f := range given {
		schema, table, _ := strings.Cut(strings.TrimSuffix(f.Name, ".csv"), ".")
		columns, ok := tables[schema+"."+table]
		if !ok || !strings.HasSuffix(f.Name, ".csv") {
			t.Fatalf("section %s: %s reads no such table", f.Name, q.Path)
		}
		rows, err := csv.NewReader(bytes.NewReader(f.Data)).ReadAll()
		if err != nil || len(rows) < 1 {
			t.Fatalf("section %s: %d rows, %v", f.Name, len(rows), err)
		}
		names, marks := make([]string, len(rows[0])), make([]string, len(rows[0]))
		for i, name := range rows[0] {
			at := slices.IndexFunc(columns, func(col catalog.Column) bool { return col.Name == name })
			if at < 0 {
				t.Fatalf("section %s: there is no column %q", f.Name, name)
			}
			names[i], marks[i] = catalog.Quote(name), "cast(? as "+columns[at].DuckDB()+")"
		}
		insert := fmt.Sprintf("insert into %s (%s) values (%s)", catalog.Ref{Schema: schema, Name: table}.SQL(), strings.Join(names, ", "), strings.Join(marks, ", "))
		for _, row := range rows[1:] {
			args := make([]any, len(row))
			for i, cell := range row {
				if cell != "" {
					args[i] = cell
				}
			}
			exec(t, db, insert, args...)
		}
	}
}

// result runs q and gives the named columns of its rows as CSV. The rules that a mart declares for itself must hold, and its key
// must not repeat.
func result(t *testing.T, db *sql.DB, q *catalog.Query, columns []string) string {
	t.Helper()
	statement, order := q.SQL, "all"
	switch {
	case q.Layer == catalog.Staging && q.Source != nil:
		statement = broken(t, q)
	case len(q.Key) > 0:
		order = strings.Join(q.Key, ", ")
	}
	exec(t, db, "create temp table esito as "+statement)
	if q.Layer == catalog.Marts {
		marts(t, db, q)
	}
	quoted := make([]string, len(columns))
	for i, name := range columns {
		quoted[i] = catalog.Quote(name) + "::varchar"
	}
	rows, err := db.QueryContext(t.Context(), fmt.Sprintf("select %s from (select * from esito order by %s)", strings.Join(quoted, ", "), order))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	records := [][]string{columns}
	for rows.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		record := make([]string, len(columns))
		for i, v := range values {
			record[i] = v.String
		}
		records = append(records, record)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteAll(records); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// broken is the statement that gives, for each row rule of a delivered table, the keys of the rows that break it.
func broken(t *testing.T, q *catalog.Query) string {
	t.Helper()
	var parts []string
	for _, check := range q.Checks {
		if check.Severity == catalog.Row {
			parts = append(parts, fmt.Sprintf("select %s, %s as motivo from %s where not coalesce((%s), true)",
				strings.Join(q.Key, ", "), catalog.Literal(check.Reason), q.Ref().SQL(), check.Rule))
		}
	}
	if len(parts) == 0 {
		t.Fatalf("%s has no row rules", q.Path)
	}
	return strings.Join(parts, " union all ")
}

// marts proves the rules that a mart declares for itself on the rows in esito.
func marts(t *testing.T, db *sql.DB, q *catalog.Query) {
	t.Helper()
	rules := []string{fmt.Sprintf("count(*) over (partition by %s) = 1", strings.Join(q.Key, ", "))}
	for _, col := range q.Columns {
		if col.Required || slices.Contains(q.Key, col.Name) {
			rules = append(rules, catalog.Quote(col.Name)+" is not null")
		}
	}
	for _, check := range q.Checks {
		if check.Severity == catalog.Error {
			rules = append(rules, check.Rule)
		}
	}
	for _, rule := range rules {
		var n int
		if err := db.QueryRowContext(t.Context(), fmt.Sprintf("select count(*) from (select (%s) as vale from esito) where not coalesce(vale, true)", rule)).Scan(&n); err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
		if n > 0 {
			t.Errorf("%d rows break the rule %s", n, rule)
		}
	}
}
