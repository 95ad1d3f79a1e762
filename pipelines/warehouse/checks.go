package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// DataError says that the data are wrong: a rule of severity error does not hold over a whole table, so nothing is published.
type DataError struct{ Problems catalog.Problems }

func (e *DataError) Error() string { return e.Problems.Error() }

// result is what one rule found.
type result struct {
	rule     string
	severity catalog.Severity
	line     int
	text     catalog.Text // what a violation means
	found    int64
	sample   string // the key of the first offending rows, or ""
	money    string // euro at stake, as DuckDB writes a decimal; empty where the rule speaks of none
	rows     []violation
}

// violation is one row that a check file gave.
type violation struct{ row, money string }

// kept is how many rows of one check are kept to be shown; all are counted.
const kept = 1000

// check applies the rules of a table and keeps what they found for piccoli.controlli.
func (r *run) check(ctx context.Context, q *catalog.Query) error {
	var results []result
	var err error
	if q.Layer == catalog.Checks {
		results, err = r.checkFile(ctx, q)
	} else {
		results, err = r.checkTable(ctx, q)
	}
	if err != nil {
		return err
	}
	r.checked = append(r.checked, catalog.Literal(dataset(q)))
	for _, x := range results {
		verdict := "superato"
		if x.found > 0 {
			verdict = "violato"
		}
		r.results = append(r.results, fmt.Sprintf("(%s, %s, %s, %s, %d, %s, %s, %s)", catalog.Literal(dataset(q)), catalog.Literal(x.rule), catalog.Literal(string(x.severity)),
			catalog.Literal(verdict), x.found, catalog.Literal(x.text.It), catalog.Literal(x.text.En), textOrNull(x.money)))
		for i, v := range x.rows {
			r.violations = append(r.violations, fmt.Sprintf("(%s, %s, %d, %s, %s)", catalog.Literal(x.rule), catalog.Literal(string(x.severity)), i+1, catalog.Literal(v.row), textOrNull(v.money)))
		}
		if x.found > 0 && x.severity == catalog.Error {
			what := catalog.Textf(catalog.Text{It: "%s: la regola «%s» non vale (righe: %d)", En: "%s: the rule %q does not hold (rows: %d)"}, q, x.rule, x.found)
			hint := x.text
			if x.sample != "" {
				hint = catalog.Text{It: hint.It + "\nper esempio: " + x.sample, En: hint.En + "\nfor example: " + x.sample}
			}
			r.data = append(r.data, catalog.Problem{File: q.Path, Line: x.line, What: what, Hint: hint})
		}
	}
	return nil
}

// dataset is the name under which the results of a query's checks are kept: a mart by its name, others with their layer.
func dataset(q *catalog.Query) string {
	if q.Layer == catalog.Marts {
		return q.Name
	}
	return q.String()
}

// writeResults writes the results of all checks made in this build, in one statement.
func (r *run) writeResults(ctx context.Context) error {
	if len(r.checked) > 0 {
		if err := r.exec(ctx, "delete from piccoli.controlli where dataset in ("+strings.Join(r.checked, ", ")+")"); err != nil {
			return err
		}
	}
	for _, c := range r.checkFiles {
		if err := r.exec(ctx, "delete from piccoli.violazioni where regola = "+catalog.Literal(c)); err != nil {
			return err
		}
	}
	for _, list := range []struct {
		table string
		rows  []string
	}{{"controlli", r.results}, {"violazioni", r.violations}} {
		if len(list.rows) == 0 {
			continue
		}
		if err := r.exec(ctx, "insert into piccoli."+list.table+" values "+strings.Join(list.rows, ", ")); err != nil {
			return err
		}
	}
	return nil
}

// verdict stops the build if any rule of severity error is broken, told all at once.
func (r *run) verdict(ctx context.Context) error {
	if len(r.wrong) > 0 {
		return r.wrong.Err()
	}
	if len(r.data) > 0 {
		return &DataError{Problems: r.data}
	}
	return errors.Join(r.writeLedger(ctx), r.writeResults(ctx))
}

// checkTable counts the violations of every rule of a table in two passes over it: one for the key, one for all rules of rows.
func (r *run) checkTable(ctx context.Context, q *catalog.Query) ([]result, error) {
	table, key := q.Ref().SQL(), orderBy(q)
	unique := result{rule: "chiave: " + strings.Join(q.Key, ", "), severity: catalog.Error, line: q.Line,
		text: catalog.Text{It: "la chiave individua una sola riga", En: "the key identifies one row"}}
	if !delivered(q) { // of those, every row with the key of another is in quarantine already
		err := r.conn.QueryRowContext(ctx, fmt.Sprintf("select count(*), coalesce(min(esempio), '') from (select %s as esempio from %s group by %s having count(*) > 1)", sampleOf(q), table, key)).
			Scan(&unique.found, &unique.sample)
		if err != nil {
			return nil, err
		}
	}
	var rules []result
	var conditions []string
	add := func(condition string, x result) {
		rules, conditions = append(rules, x), append(conditions, condition)
	}
	for _, c := range q.Columns {
		name := catalog.Quote(c.Name)
		if c.Required || slices.Contains(q.Key, c.Name) {
			add(name+" is not null", result{rule: "obbligatoria: " + c.Name, severity: catalog.Error, line: c.Line,
				text: catalog.Textf(catalog.Text{It: "«%s» ha sempre un valore", En: "%q always has a value"}, c.Name)})
		}
		if slices.Contains(catalog.PeopleUnits, c.Unit) && q.Layer == catalog.Marts {
			add(fmt.Sprintf("%s not between 1 and %d", name, catalog.FewPeople-1), result{rule: "persone: " + c.Name, severity: catalog.Error, line: c.Line,
				text: catalog.Textf(catalog.Text{It: "«%s» conta persone: da 1 a %d si lascia vuoto (case when n >= %d then n end)", En: "%q counts persons: from 1 to %d it is left empty (case when n >= %d then n end)"}, c.Name, catalog.FewPeople-1, catalog.FewPeople)})
		}
		if c.Ref != "" && q.Layer == catalog.Marts {
			target, column, _ := strings.Cut(c.Ref, ".")
			add(fmt.Sprintf("%s is null or %s in (select %s from marts.%s)", name, name, catalog.Quote(column), catalog.Quote(target)),
				result{rule: "rimando: " + c.Name + " → " + c.Ref, severity: catalog.Error, line: c.Line,
					text: catalog.Textf(catalog.Text{It: "ogni «%s» si trova in %s", En: "every %q is found in %s"}, c.Name, c.Ref)})
		}
	}
	for _, c := range q.Checks {
		text := c.Text
		if text.It == "" {
			text = catalog.Textf(catalog.Text{It: "per ogni riga vale %s", En: "every row has %s"}, c.Rule)
		}
		add(c.Rule, result{rule: c.Rule, severity: c.Severity, line: c.Line, text: text})
	}
	n, err := r.countViolations(ctx, q, conditions, rules)
	if err != nil {
		return nil, err
	}
	out := []result{unique}
	if q.Rows != nil {
		x := result{rule: fmt.Sprintf("righe: %d-%d", q.Rows.Min, q.Rows.Max), severity: catalog.Error, line: q.Rows.Line,
			text: catalog.Textf(catalog.Text{It: "le righe sono tra %d e %d; sono %d", En: "the rows are between %d and %d; they are %d"}, q.Rows.Min, q.Rows.Max, n)}
		if n < q.Rows.Min || n > q.Rows.Max {
			x.found = max(n, 1)
		}
		out = append(out, x)
	}
	return append(out, rules...), nil
}

// countViolations fills in, for every rule, how many rows its condition is false of and the first of them; NULL passes, as in SQL's
// own check constraints. It gives the number of rows.
func (r *run) countViolations(ctx context.Context, q *catalog.Query, conditions []string, rules []result) (rows int64, err error) {
	wanted := []string{"count(*)"}
	into := []any{&rows}
	for i, c := range conditions {
		wanted = append(wanted, fmt.Sprintf("count(*) filter (where not (%s))", c))
		into = append(into, &rules[i].found)
	}
	if err := r.conn.QueryRowContext(ctx, fmt.Sprintf("select %s from %s", strings.Join(wanted, ", "), q.Ref().SQL())).Scan(into...); err != nil {
		return 0, fmt.Errorf("%s: %w", q.Path, err)
	}
	for i, c := range conditions {
		if rules[i].found == 0 {
			continue
		}
		if err := r.conn.QueryRowContext(ctx, fmt.Sprintf("select min(%s) from %s where not (%s)", sampleOf(q), q.Ref().SQL(), c)).Scan(&rules[i].sample); err != nil {
			return 0, fmt.Errorf("%s: %w", q.Path, err)
		}
	}
	return rows, nil
}

// sampleOf writes a row's key as a text: codice_istat=054028, programma=piccoli.
func sampleOf(q *catalog.Query) string {
	parts := make([]string, len(q.Key))
	for i, k := range q.Key {
		parts[i] = catalog.Literal(k+"=") + " || coalesce(" + catalog.Quote(k) + "::varchar, '')"
	}
	return strings.Join(parts, " || ', ' || ")
}

// checkFile runs a file of queries/checks: each row that it gives is a violation, and its importo_eur the money at stake.
func (r *run) checkFile(ctx context.Context, q *catalog.Query) (out []result, err error) {
	x := result{rule: q.Name, severity: q.Severity, line: q.SQLLine, text: q.Description}
	r.checkFiles = append(r.checkFiles, q.Name)
	fails := func(err error) error {
		return onData(err, catalog.Problem{File: q.Path, Line: q.SQLLine, What: catalog.Textf(catalog.Text{It: "l'SQL si ferma sui dati: %s", En: "the SQL fails on the data: %s"}, firstLine(err))})
	}
	if err := r.exec(ctx, "create or replace temp table trovate_dal_controllo as\n"+q.Statement()); err != nil {
		return nil, fails(err)
	}
	names, err := r.columnsOf(ctx, "trovate_dal_controllo")
	if err != nil {
		return nil, err
	}
	money := "null"
	if slices.Contains(names, "importo_eur") {
		money = "sum(importo_eur)::decimal(18,2)::varchar"
	}
	var total sql.NullString
	if err := r.conn.QueryRowContext(ctx, "select count(*), "+money+" from trovate_dal_controllo").Scan(&x.found, &total); err != nil {
		return nil, fails(err)
	}
	if x.money = total.String; x.found == 0 {
		return []result{x}, nil
	}
	rows, err := r.conn.QueryContext(ctx, fmt.Sprintf("select columns(*)::varchar from (select * from trovate_dal_controllo order by all limit %d)", kept))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		parts := make([]string, len(names))
		var v violation
		for i, n := range names {
			parts[i] = n + "=" + values[i].String
			if n == "importo_eur" {
				v.money = values[i].String
			}
		}
		v.row = strings.Join(parts, ", ")
		x.rows = append(x.rows, v)
	}
	if len(x.rows) > 0 {
		x.sample = x.rows[0].row
	}
	return []result{x}, rows.Err()
}

// columnsOf gives the names of a temporary table's columns, in order.
func (r *run) columnsOf(ctx context.Context, table string) (out []string, err error) {
	rows, err := r.conn.QueryContext(ctx, "select column_name from duckdb_columns() where database_name = 'temp' and table_name = "+catalog.Literal(table)+" order by column_index")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}
