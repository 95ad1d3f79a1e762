package catalog

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// reader is a table that a statement reads, as it is written there.
type reading struct {
	Ref Ref
	Pos int // byte offset in the SQL
}

// call is a function that a statement calls.
type call struct {
	Name  string
	Table bool // in FROM
	Pos   int
}

// syntax is what matters here of one statement's syntax tree. It is remembered, so its fields are exported.
type syntax struct {
	Readings []reading
	Calls    []call
	CTEs     map[string]bool
}

// parseSQL reads a statement's syntax tree from DuckDB's own parser (json_serialize_sql). The driver's GetTableNames is not
// used: it returns nothing for `join … using`.
func parseSQL(ctx context.Context, db *sql.DB, statement string) (*syntax, *sqlFault, error) {
	if !utf8.ValidString(statement) { // the driver does not take it
		return nil, &sqlFault{message: "the text is not UTF-8", pos: len(statement) - len(strings.TrimLeftFunc(statement, func(r rune) bool { return r != utf8.RuneError }))}, nil
	}
	var text string
	if err := db.QueryRowContext(ctx, "select json_serialize_sql(?::varchar)::varchar", statement).Scan(&text); err != nil {
		return nil, nil, fmt.Errorf("reading the syntax tree: %w", err)
	}
	var tree struct {
		Error      bool   `json:"error"`
		Type       string `json:"error_type"`
		Message    string `json:"error_message"`
		Position   string `json:"position"`
		Statements []any  `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return nil, nil, fmt.Errorf("reading the syntax tree: %w", err)
	}
	if tree.Error {
		fault := &sqlFault{message: tree.Message, pos: -1}
		if p, err := strconv.Atoi(tree.Position); err == nil {
			fault.pos = p
		}
		return nil, fault, nil
	}
	if len(tree.Statements) != 1 {
		return nil, &sqlFault{message: fmt.Sprintf("%d statements, one is wanted", len(tree.Statements)), pos: -1}, nil
	}
	s := &syntax{CTEs: map[string]bool{}}
	s.walk(tree.Statements[0])
	slices.SortFunc(s.Readings, func(a, b reading) int { return cmp.Compare(a.Pos, b.Pos) })
	slices.SortFunc(s.Calls, func(a, b call) int { return cmp.Compare(a.Pos, b.Pos) })
	return s, nil, nil
}

func (s *syntax) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			s.walk(e)
		}
	case map[string]any:
		str := func(key string) string { t, _ := v[key].(string); return t }
		pos := -1
		if p, ok := v["query_location"].(float64); ok {
			pos = int(p)
		}
		switch {
		case str("type") == "BASE_TABLE":
			name, schema := str("table_name"), str("schema_name")
			if catalog := str("catalog_name"); catalog != "" {
				schema = catalog + "." + schema
			}
			s.Readings = append(s.Readings, reading{Ref{schema, name}, pos})
		case str("type") == "TABLE_FUNCTION":
			if f, ok := v["function"].(map[string]any); ok {
				name, _ := f["function_name"].(string)
				s.Calls = append(s.Calls, call{name, true, pos})
				s.walk(f["children"])
			}
			return
		case str("class") == "FUNCTION":
			s.Calls = append(s.Calls, call{str("function_name"), false, pos})
		}
		if ctes, ok := v["cte_map"].(map[string]any); ok {
			if list, ok := ctes["map"].([]any); ok {
				for _, e := range list {
					if entry, ok := e.(map[string]any); ok {
						name, _ := entry["key"].(string)
						s.CTEs[strings.ToLower(name)] = true
					}
				}
			}
		}
		for _, e := range v {
			s.walk(e)
		}
	}
}

// sqlFault is what DuckDB says of a statement that it can't parse or bind.
type sqlFault struct {
	message string
	pos     int // byte offset in the statement, -1 where DuckDB names none
}

// faultOf reads DuckDB's own account of an error, which is JSON under errors_as_json.
func faultOf(err error) *sqlFault {
	var e *duckdb.Error
	if !errors.As(err, &e) {
		return &sqlFault{message: err.Error(), pos: -1}
	}
	msg := e.Msg
	var j struct {
		Message  string `json:"exception_message"`
		Position string `json:"position"`
	}
	if i := strings.Index(msg, "{"); i >= 0 && json.Unmarshal([]byte(msg[i:]), &j) == nil && j.Message != "" {
		f := &sqlFault{message: strings.TrimSpace(j.Message), pos: -1}
		if p, convErr := strconv.Atoi(j.Position); convErr == nil {
			f.pos = p
		}
		return f
	}
	return &sqlFault{message: msg, pos: -1}
}

// place turns a byte offset in the SQL of q into a line and column of its file.
func (q *Query) place(pos int) Place {
	if pos < 0 || pos > len(q.SQL) {
		return Place{q.SQLLine, 1}
	}
	before := q.SQL[:pos]
	line := strings.Count(before, "\n")
	return Place{q.SQLLine + line, len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1}
}

// openParser opens an empty DuckDB in memory that reaches neither the network nor any file.
func openParser(ctx context.Context) (*sql.DB, error) {
	db, err := sql.Open("duckdb", "?autoinstall_known_extensions=false&autoload_known_extensions=false")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	for _, s := range []string{"set errors_as_json = true", "set enable_external_access = false", "set threads = 1"} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, nil
}
