package ingest

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"

	"piccoli/pipelines/catalog"
)

// shown is how many offending rows of one rule are named one by one.
const shown = 20

// valueRules applies what the contract says of each column to the rows loaded from rowid `from` on: one pass counts, and only
// where a rule is broken a second names the rows. It gives the number of rows of the table.
func valueRules(ctx context.Context, conn *sql.Conn, q *catalog.Query, table catalog.Ref, path, rel string, from int64) (rows int64, out catalog.Problems, err error) {
	rules := contractRules(q)
	wanted := []string{"count(*)"}
	found := make([]int64, len(rules))
	into := []any{&rows}
	for i, r := range rules {
		wanted = append(wanted, fmt.Sprintf("count(*) filter (where rowid >= %d and (%s))", from, r.bad))
		into = append(into, &found[i])
	}
	if err := conn.QueryRowContext(ctx, fmt.Sprintf("select %s from %s", strings.Join(wanted, ", "), table.SQL())).Scan(into...); err != nil {
		return 0, nil, err
	}
	var places *lines
	for i, r := range rules {
		if found[i] == 0 {
			continue
		}
		if places == nil {
			if places, err = readLines(path); err != nil {
				return 0, nil, err
			}
		}
		bad, err := offenders(ctx, conn, table, catalog.Quote(r.column), r.bad, from)
		if err != nil {
			return 0, nil, err
		}
		for _, o := range bad {
			out = append(out, catalog.Problem{File: rel, Line: places.of(o.row - from), What: catalog.Text{
				It: fmt.Sprintf("colonna «%s»: %s", r.column, fmt.Sprintf(r.what.It, o.value)), En: fmt.Sprintf("column %q: %s", r.column, fmt.Sprintf(r.what.En, o.value))}})
		}
		if found[i] > shown {
			out = append(out, catalog.Problem{File: rel, What: catalog.Textf(catalog.Text{It: "colonna «%s»: altre %d righe così", En: "column %q: %d more rows like these"}, r.column, found[i]-shown)})
		}
	}
	return rows, out, nil
}

// contractRules are the rules that the contract sets on single values.
func contractRules(q *catalog.Query) (rules []valueRule) {
	for _, c := range q.Source.Columns {
		name := catalog.Quote(c.Name)
		if c.Required {
			rules = append(rules, valueRule{c.Name, name + " is null", catalog.Text{It: "il valore manca%.0s", En: "the value is missing%.0s"}})
		}
		if len(c.Allowed) > 0 {
			list := make([]string, len(c.Allowed))
			for i, a := range c.Allowed {
				list[i] = catalog.Literal(a)
			}
			all := strings.ReplaceAll(strings.Join(c.Allowed, ", "), "%", "%%")
			rules = append(rules, valueRule{c.Name, fmt.Sprintf("%s::varchar not in (%s)", name, strings.Join(list, ", ")),
				catalog.Text{It: "«%s» non è tra i valori ammessi: " + all, En: "%q is not among the allowed values: " + all}})
		}
		if bad, ok := formRule(c.Format, name); ok {
			rules = append(rules, valueRule{c.Name, bad, catalog.Text{It: "«%s» non ha la forma di " + c.Format, En: "%q does not have the form of " + c.Format}})
		}
	}
	return rules
}

// valueRule is a condition that is true of a bad value of a column, and what to say of it: the value is filled in.
type valueRule struct {
	column string
	bad    string
	what   catalog.Text
}

type offender struct {
	row   int64
	value string
}

func offenders(ctx context.Context, conn *sql.Conn, table catalog.Ref, column, bad string, from int64) (out []offender, err error) {
	rows, err := conn.QueryContext(ctx, fmt.Sprintf("select rowid, coalesce(%s::varchar, '') from %s where rowid >= %d and (%s) order by rowid limit %d", column, table.SQL(), from, bad, shown))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var o offender
		if err := rows.Scan(&o.row, &o.value); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// lines are the physical lines on which a file's records start: a record with a line break inside moves all below it.
type lines struct{ starts []int }

func readLines(path string) (l *lines, err error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	l = &lines{}
	for n := 0; ; n++ {
		if _, err := r.Read(); err != nil {
			return l, nil // the end, or a record that DuckDB has already refused
		}
		if n > 0 { // below the header
			line, _ := r.FieldPos(0)
			l.starts = append(l.starts, line)
		}
	}
}

func (l *lines) of(row int64) int {
	if row < int64(len(l.starts)) {
		return l.starts[row]
	}
	return 0
}
