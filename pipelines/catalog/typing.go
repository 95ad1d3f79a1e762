package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// typeAll types every query against the declared columns of what it reads: DuckDB binds each statement over empty tables and its
// columns must equal those declared, in name, order and type. Every rule and chart filter is bound too. One that was typed before from
// the same is not asked about again.
func (l *loader) typeAll(ctx context.Context, c *Catalog) (problems Problems, err error) {
	tables := c.emptyTables()
	var all []string
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		all = append(all, tables[name])
	}
	var open []*Query
	for _, q := range c.Queries {
		from := q.typedFrom(tables, all)
		if l.last.Typed[q.Path] != from {
			open = append(open, q)
		}
		l.now.Typed[q.Path] = from
	}
	if len(open) == 0 {
		return nil, nil
	}
	db, err := l.parser()
	if err != nil {
		return nil, err
	}
	needed := map[string]bool{}
	for _, q := range open {
		if q.Layer == Reports { // whose queries of values may read any table
			for name := range tables {
				needed[name] = true
			}
			break
		}
		needed[q.String()] = true
		for _, r := range q.DependsOn {
			needed[r.String()] = true
		}
	}
	statements := make([]string, 0, len(needed)+5)
	for _, s := range []string{"raw", "staging", "marts", "reports", "piccoli"} {
		statements = append(statements, "create schema "+s)
	}
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		if tables[name] != "" {
			statements = append(statements, tables[name])
		}
	}
	if _, err := db.ExecContext(ctx, strings.Join(statements, ";\n")); err != nil {
		return nil, err
	}
	for _, q := range open {
		found, err := q.describe(ctx, db, c.personalBehind(q))
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

// emptyTables are the statements that make every table that a query may read, without rows, by its name.
func (c *Catalog) emptyTables() map[string]string {
	out := map[string]string{}
	add := func(r Ref, cols []Column) {
		defs := make([]string, len(cols))
		for i, c := range cols {
			defs[i] = Quote(c.Name) + " " + c.DuckDB()
		}
		out[r.String()] = fmt.Sprintf("create table %s (%s)", r.SQL(), strings.Join(defs, ", "))
	}
	for name, cols := range Bookkeeping {
		add(Ref{"piccoli", name}, cols)
	}
	for _, q := range c.Queries {
		if q.Source != nil {
			add(Ref{"raw", q.Name}, q.Source.Loaded())
		}
		if q.Layer == Staging || q.Layer == Marts || q.Layer == Reports { // of a report, to bind the conditions of its charts
			add(q.Ref(), q.Columns)
		}
	}
	return out
}

// typedFrom identifies all that the typing of q depends on: its file, the columns of what it reads (a report's queries of values may read any
// table) and the key of the table that it checks.
func (q *Query) typedFrom(tables map[string]string, all []string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%x\n%q\n", q.print, q.rowKey)
	if q.Layer == Reports {
		fmt.Fprintf(h, "%q\n", all)
	}
	for _, r := range q.DependsOn {
		fmt.Fprintf(h, "%s\n%s\n", r, tables[r.String()])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Quote writes a name as an SQL identifier.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// SQL writes the table's name as it stands in a statement.
func (r Ref) SQL() string { return Quote(r.Schema) + "." + Quote(r.Name) }

// Literal writes a text as an SQL string.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (q *Query) describe(ctx context.Context, db *sql.DB, personal map[string]string) (Problems, error) {
	var out Problems
	add := func(line, col int, what, hint Text) {
		out = append(out, Problem{File: q.Path, Line: line, Col: col, What: what, Hint: hint})
	}
	rows, err := db.QueryContext(ctx, "describe "+q.SQL, q.unbound()...)
	if err != nil {
		fault := faultOf(err)
		p := q.place(fault.pos - len("describe "))
		if what, ok := personalNamed(fault.message, personal); ok {
			add(p.Line, p.Col, what, personalHint)
			return out, nil
		}
		add(p.Line, p.Col, Textf(Text{"SQL: %s", "SQL: %s"}, fault.message), Text{})
		return out, nil
	}
	defer rows.Close()
	type made struct{ name, typ string }
	var got []made
	for rows.Next() {
		var m made
		var null, key, def, extra any
		if err := rows.Scan(&m.name, &m.typ, &null, &key, &def, &extra); err != nil {
			return nil, err
		}
		got = append(got, m)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if q.Layer == Staging || q.Layer == Marts || len(q.Columns) > 0 {
		index := map[string]int{}
		for i, m := range got {
			index[m.name] = i
		}
		ordered := true
		for i, c := range q.Columns {
			at, ok := index[c.Name]
			delete(index, c.Name)
			switch {
			case !ok:
				add(c.Line, 4, Textf(Text{"la colonna «%s» è dichiarata ma l'SQL non la dà", "the column %q is declared but the SQL does not give it"}, c.Name), Text{})
			case got[at].typ != c.DuckDB():
				add(c.Line, 4, Textf(Text{"«%s» è dichiarata %s, l'SQL dà %s", "%q is declared %s, the SQL gives %s"}, c.Name, c.DuckDB(), got[at].typ),
					Textf(Text{"nell'SQL: cast(… as %s), oppure type: %s", "in the SQL: cast(… as %s), or type: %s"}, c.DuckDB(), typeOf(got[at].typ)))
			case at != i:
				ordered = false
			}
		}
		for _, m := range got {
			if _, left := index[m.name]; left {
				add(q.SQLLine, 1, Textf(Text{"l'SQL dà la colonna «%s», che non è dichiarata", "the SQL gives the column %q, which is not declared"}, m.name),
					Textf(Text{"aggiungere a columns: «%s: {type: %s, it: …, en: …}»", "add to columns: \"%s: {type: %s, it: …, en: …}\""}, m.name, typeOf(m.typ)))
			}
		}
		if !ordered && len(out) == 0 {
			var names []string
			for _, m := range got {
				names = append(names, m.name)
			}
			add(q.SQLLine, 1, Text{"le colonne dell'SQL sono in un altro ordine che in «columns:»", "the SQL's columns stand in another order than in \"columns:\""},
				Textf(Text{"l'SQL dà: %s", "the SQL gives: %s"}, strings.Join(names, ", ")))
		}
	}
	if q.Layer == Checks && q.Severity == Row {
		for _, k := range q.rowKey {
			if !slices.ContainsFunc(got, func(m made) bool { return m.name == k }) {
				add(q.SQLLine, 1, Textf(Text{"l'SQL non dà «%s», chiave di staging.%s", "the SQL does not give %q, key of staging.%s"}, k, q.Table),
					Text{"un controllo che manda righe in quarantena dà la chiave di ciascuna", "a check that sends rows to quarantine gives the key of each"})
			}
		}
	}
	for _, m := range got {
		if q.Layer == Checks && m.name == "importo_eur" && m.typ != "DECIMAL(18,2)" {
			add(q.SQLLine, 1, Textf(Text{"importo_eur, il denaro in gioco, è %s", "importo_eur, the money at stake, is %s"}, m.typ), Text{"cast(… as decimal(18,2))", "cast(… as decimal(18,2))"})
		}
	}
	out = append(out, q.describeValues(ctx, db)...)
	if len(out) == 0 {
		out = append(out, q.bindConditions(ctx, db)...)
	}
	return out, nil
}

// bindConditions binds the rules and chart filters over the empty table: all at once, and one by one only to name the wrong ones.
func (q *Query) bindConditions(ctx context.Context, db *sql.DB) (out Problems) {
	type condition struct {
		line int
		text string
	}
	var all []condition
	var texts []string
	for _, c := range q.Checks {
		all, texts = append(all, condition{c.Line, c.Rule}), append(texts, "("+c.Rule+")")
	}
	for _, c := range q.Charts {
		if c.Where != "" {
			all, texts = append(all, condition{c.Line, c.Where}), append(texts, "("+c.Where+")")
		}
	}
	bind := func(text string) error {
		_, err := db.ExecContext(ctx, fmt.Sprintf("describe select 1 from %s where %s", q.Ref().SQL(), text))
		return err
	}
	if len(all) == 0 || bind(strings.Join(texts, " and ")) == nil {
		return nil
	}
	for _, c := range all {
		if err := bind("(" + c.text + ")"); err != nil {
			out = append(out, Problem{File: q.Path, Line: c.line, Col: 4,
				What: Textf(Text{"la condizione «%s»: %s", "the condition %q: %s"}, c.text, faultOf(err).message),
				Hint: Text{"una condizione SQL sulle colonne del dataset, vera per una riga buona", "an SQL condition on the dataset's columns, true of a good row"}})
		}
	}
	return out
}

// typeOf writes DuckDB's name of a type as the header grammar does.
func typeOf(duck string) string {
	switch {
	case duck == "VARCHAR":
		return "text"
	case strings.HasPrefix(duck, "DECIMAL"):
		return `"` + strings.ToLower(duck) + `"`
	}
	return strings.ToLower(duck)
}
