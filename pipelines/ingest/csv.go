package ingest

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// loadFile adds one seed to the table, of `before` rows so far, by DuckDB's own reader in the one form that seeds have; the first
// file makes the table. Its rejects are all counted: that is the only use made of its error-ignoring mode.
func loadFile(ctx context.Context, conn *sql.Conn, root string, q *catalog.Query, table catalog.Ref, f File, before int64) (Entry, catalog.Problems, error) {
	entry := Entry{File: f, Table: table.Name}
	path := filepath.Join(root, filepath.FromSlash(f.Path))
	names, problems, err := readHeader(path, f.Path, q)
	if err != nil || len(problems) > 0 {
		return entry, problems, err
	}
	defs := make([]string, len(names))
	for i, n := range names {
		defs[i] = catalog.Literal(n) + ": " + catalog.Literal(columnOf(q, n).DuckDB())
	}
	sorted := make([]string, len(q.Source.Columns))
	for i, c := range q.Source.Columns {
		sorted[i] = catalog.Quote(c.Name)
	}
	target := "insert into " + table.SQL()
	if before == 0 {
		target = "create or replace table " + table.SQL() + " as"
	}
	statement := fmt.Sprintf(`%s select %s from read_csv(%s, columns = {%s}, auto_detect = false, header = true,
		delim = ',', quote = '"', escape = '"', nullstr = [''], dateformat = '%%Y-%%m-%%d', strict_mode = true,
		store_rejects = true, rejects_limit = 0, rejects_scan = 'scansione', rejects_table = 'scarti')`,
		target, strings.Join(sorted, ", "), catalog.Literal(path), strings.Join(defs, ", "))
	if _, err := conn.ExecContext(ctx, statement); err != nil {
		return entry, nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	problems, rejected, err := rejects(ctx, conn, f.Path)
	if err != nil {
		return entry, nil, err
	}
	after, rules, err := valueRules(ctx, conn, q, table, path, f.Path, before)
	if err != nil {
		return entry, nil, err
	}
	entry.Loaded, entry.Quarantined = after-before, rejected
	entry.Read = entry.Loaded + rejected
	return entry, append(problems, rules...), nil
}

func columnOf(q *catalog.Query, name string) *catalog.Column {
	for i := range q.Source.Columns {
		if q.Source.Columns[i].Name == name {
			return &q.Source.Columns[i]
		}
	}
	return nil
}

// readHeader reads the header row and gives the contract's columns in the file's order. A column that the contract does not
// know, one that is absent and one that comes twice are problems.
func readHeader(path, rel string, q *catalog.Query) (names []string, problems catalog.Problems, err error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, catalog.Problems{{File: rel, What: catalog.Text{It: "il file è vuoto", En: "the file is empty"}}}, nil
	}
	if err != nil {
		return nil, catalog.Problems{{File: rel, Line: 1, What: catalog.Textf(catalog.Text{It: "riga di intestazione illeggibile: %s", En: "unreadable header row: %s"}, err)}}, nil
	}
	accepted := map[string]string{}
	var known []string
	for _, c := range q.Source.Columns {
		known = append(known, c.Name)
		for _, h := range append([]string{c.Name}, c.Headers...) {
			accepted[h] = c.Name
		}
	}
	for i, h := range header {
		col, _ := r.FieldPos(i)
		name, ok := accepted[strings.TrimPrefix(h, "\ufeff")]
		_, at := r.FieldPos(i)
		switch {
		case !ok:
			p := catalog.Problem{File: rel, Line: col, Col: at, What: catalog.Textf(catalog.Text{It: "la colonna «%s» non è nel contratto", En: "the column %q is not in the contract"}, h)}
			if n := catalog.Nearest(h, known); n != "" {
				p.Hint = catalog.Textf(catalog.Text{It: "forse «%s»? Altrimenti aggiungerla a «source: columns:» in %s", En: "did you mean %q? Else add it to \"source: columns:\" in %s"}, n, q.Path)
			} else {
				p.Hint = catalog.Textf(catalog.Text{It: "toglierla dal file o aggiungerla a «source: columns:» in %s", En: "remove it from the file or add it to \"source: columns:\" in %s"}, q.Path)
			}
			problems = append(problems, p)
		case slices.Contains(names, name):
			problems = append(problems, catalog.Problem{File: rel, Line: col, Col: at, What: catalog.Textf(catalog.Text{It: "la colonna «%s» c'è due volte", En: "the column %q is there twice"}, h)})
		default:
			names = append(names, name)
		}
	}
	for _, k := range known {
		if !slices.Contains(names, k) {
			problems = append(problems, catalog.Problem{File: rel, Line: 1, What: catalog.Textf(catalog.Text{It: "manca la colonna «%s»", En: "the column %q is missing"}, k),
				Hint: catalog.Textf(catalog.Text{It: "intestazioni lette: %s", En: "headers read: %s"}, strings.Join(header, ", "))})
		}
	}
	return names, problems, nil
}

// rejects reads what DuckDB's reader could not type, one problem a value, and the number of distinct lines: one bad line may
// give several rejects.
func rejects(ctx context.Context, conn *sql.Conn, rel string) (problems catalog.Problems, lines int64, err error) {
	rows, err := conn.QueryContext(ctx, "select line, coalesce(column_idx, 0), coalesce(column_name, ''), error_type::varchar, error_message from scarti order by line, column_idx, error_type")
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	last := int64(-1)
	for rows.Next() {
		var line, idx int64
		var column, kind, message string
		if err := rows.Scan(&line, &idx, &column, &kind, &message); err != nil {
			return nil, 0, err
		}
		if line != last {
			lines++
			last = line
		}
		p := catalog.Problem{File: rel, Line: int(line)}
		switch kind {
		case "CAST":
			value := between(message, `Could not convert string "`, `"`)
			p.What = catalog.Textf(catalog.Text{It: "colonna «%s»: «%s» non è del tipo dichiarato", En: "column %q: %q is not of the declared type"}, column, value)
		case "MISSING COLUMNS":
			p.What = catalog.Text{It: "la riga ha meno campi dell'intestazione", En: "the row has fewer fields than the header"}
		case "TOO MANY COLUMNS":
			p.What = catalog.Text{It: "la riga ha più campi dell'intestazione", En: "the row has more fields than the header"}
			p.Hint = catalog.Text{It: "un testo che contiene il separatore va tra virgolette", En: "quote a text that holds the delimiter"}
		case "UNQUOTED VALUE":
			p.What = catalog.Text{It: "virgolette non chiuse", En: "a quote is not closed"}
		case "INVALID ENCODING":
			p.What = catalog.Text{It: "caratteri che non sono UTF-8", En: "characters that are not UTF-8"}
		default:
			p.What = catalog.Textf(catalog.Text{It: "riga illeggibile (%s)", En: "unreadable row (%s)"}, strings.ToLower(kind))
		}
		problems = append(problems, p)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, err
	}
	if lines == 0 { // the next scan adds to the same, empty tables
		return nil, 0, nil
	}
	for _, t := range []string{"scarti", "scansione"} {
		if _, err := conn.ExecContext(ctx, "drop table "+t); err != nil {
			return nil, 0, err
		}
	}
	return problems, lines, nil
}

func between(s, from, to string) string {
	_, rest, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	value, _, _ := strings.Cut(rest, to)
	return value
}
