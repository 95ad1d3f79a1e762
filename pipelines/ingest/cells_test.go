package ingest

import (
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"piccoli/pipelines/catalog"
)

// TestCells reads every cell of testdata/celle.txt through DuckDB as its column's type and compares the value or the reason.
func TestCells(t *testing.T) {
	text, err := os.ReadFile("testdata/celle.txt")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	spaces := strings.NewReplacer("␣", " ", "⍽", "\u00a0", "⌫", "\b", "␛", "\x1b", "␡", "\x7f", "⇥", "\t", "⏎", "\n")
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		typ, rest, _ := strings.Cut(line, " | ")
		parts := strings.Split(rest, " | ")
		if len(parts) != 3 {
			t.Fatalf("line %d: %d fields", i+1, len(parts)+1)
		}
		c := catalog.Column{Name: "x", Type: typ, Unit: "EUR"}
		if strings.HasSuffix(c.Type, "|") {
			c.Type, c.List = strings.TrimSuffix(c.Type, "|"), "|"
		}
		if name, allowed, ok := strings.Cut(c.Type, "["); ok {
			c.Type, c.Allowed = name, strings.Split(strings.TrimSuffix(allowed, "]"), ";")
		}
		if name, pad, ok := strings.Cut(c.Type, ":"); ok {
			c.Type = name
			if c.Pad, err = strconv.Atoi(pad); err != nil {
				t.Fatal(err)
			}
		}
		d := catalog.Dialect{Decimals: strings.Split(strings.TrimSpace(parts[0]), ""), Dates: []string{"iso", "italian", "compact", "serial"}, Null: []string{"", "N/D", "nd", "null"}, Unwrap: true}
		q := &catalog.Query{Source: &catalog.Source{Dialect: d, Columns: []catalog.Column{c}}}
		cell := cells(q, map[string]int{"x": 0}, false, traits{faults: true, controls: true})[0]
		var got string
		err := db.QueryRow(fmt.Sprintf(`select coalesce('!' || e_x, replace(v_x::varchar, ' ', '␣'), '∅') from (select *, %s as "e_x" from (select *, %s as "v_x" from (select %s as "t_x" from (select ?::varchar as r0))))`, cell.reason, cell.value, cell.text),
			spaces.Replace(parts[1])).Scan(&got)
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		got = strings.NewReplacer("\t", "⇥", "\n", "⏎").Replace(got)
		if want := strings.TrimSpace(parts[2]); got != want {
			t.Errorf("line %d: %s %s %q: got %s, want %s", i+1, typ, parts[0], parts[1], got, want)
		}
	}
}
