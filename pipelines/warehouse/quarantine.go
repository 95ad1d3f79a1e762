package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
)

// rowRule is a rule that one row of a delivered table breaks alone or with the rows it belongs to: the row goes to quarantine.
type rowRule struct {
	reason string
	column string // the one to mark, or empty
	text   catalog.Text
	places string // SQL that gives the rowid in ingresso.<table>, as posto, of each row that breaks it
	count  string // a condition over the table, false of a bad row, so that many rules are counted in one pass; or empty
}

// filter makes the staging view of a delivered table and sends to quarantine the rows that break a rule: a code that no registry has,
// a parent that is not there, the rules of rows. The view shows the rows that are left, in whatever order it is read.
func (r *run) filter(ctx context.Context, q *catalog.Query) error {
	name := catalog.Literal(q.Name)
	err := r.exec(ctx, fmt.Sprintf("create or replace view %s as\n%s", q.Ref().SQL(), q.Statement()),
		fmt.Sprintf("update ingresso.%s set _fuori = null where _fuori = %d", catalog.Quote(q.Name), ingest.ByRules),
		fmt.Sprintf("delete from piccoli.scarti where tabella = %s and fase = 'regole'", name),
		fmt.Sprintf("delete from piccoli.motivi where tabella = %s and fase = 'regole'", name),
		"create or replace temp table trovate (posto bigint, colonna varchar, motivo varchar)")
	if err != nil {
		return err
	}
	rules, err := r.rowRules(ctx, q)
	if err != nil || len(rules) == 0 {
		return err
	}
	broken, err := r.broken(ctx, q, rules)
	if err != nil {
		return err
	}
	var words []string
	for _, rule := range broken {
		result, err := r.conn.ExecContext(ctx, fmt.Sprintf("insert into trovate select distinct posto, %s, %s from (%s)", textOrNull(rule.column), catalog.Literal(rule.reason), rule.places))
		if err != nil {
			return onData(err, catalog.Problem{File: q.Path, Line: q.SQLLine, What: catalog.Textf(catalog.Text{It: "la regola «%s» si ferma sui dati: %s", En: "the rule %q fails on the data: %s"}, rule.reason, firstLine(err))})
		}
		if n, err := result.RowsAffected(); err != nil {
			return err
		} else if n > 0 {
			words = append(words, fmt.Sprintf("(%s, 'regole', %s, %s, %s, %s)", name, textOrNull(rule.column), catalog.Literal(rule.reason), catalog.Literal(rule.text.It), catalog.Literal(rule.text.En)))
		}
	}
	if len(words) == 0 {
		return nil
	}
	if err := ingest.ThrowOut(ctx, r.conn, q.Name, ingest.ByRules, "select posto from trovate"); err != nil {
		return err
	}
	return r.exec(ctx, fmt.Sprintf(`insert into piccoli.scarti select %[1]s, 'regole', f.n, t.posto, null, t.colonna, t.motivo, null
		from trovate as t join piccoli.letti as f on f.tabella = %[1]s and t.posto >= f.primo and t.posto < f.ultimo order by t.posto, t.motivo, t.colonna`, name),
		"insert into piccoli.motivi values "+strings.Join(words, ", "))
}

func textOrNull(s string) string {
	if s == "" {
		return "null"
	}
	return catalog.Literal(s)
}

// rowRules are all rules of the rows of q, each as SQL.
func (r *run) rowRules(ctx context.Context, q *catalog.Query) (out []rowRule, err error) {
	good := fmt.Sprintf(`(select r.rowid as posto, r.* from ingresso.%s as r where %s)`, catalog.Quote(q.Name), ingest.Good("r"))
	reason := func(c catalog.Column, code, places string) error {
		text, ok := ingest.Reason(q, c.Name, code)
		if !ok {
			return fmt.Errorf("no words for the reason %s", code)
		}
		out = append(out, rowRule{reason: code, column: c.Name, text: text, places: places})
		return nil
	}
	for _, c := range q.Source.Loaded() {
		col := catalog.Quote(c.Name)
		if c.In != "" {
			table, name, _ := strings.Cut(c.In, ".")
			registry, code := catalog.Ref{Schema: "staging", Name: table}.SQL(), catalog.Quote(name)
			// Codes are looked up once each, not once a row.
			err := reason(c, "codice_sconosciuto", fmt.Sprintf("select posto from %s where %s in (select %[2]s from (select distinct %[2]s from %[1]s) where %[2]s is not null and %[2]s not in (select %[3]s from %[4]s where %[3]s is not null))", good, col, code, registry))
			if err != nil {
				return nil, err
			}
			if c.On != "" {
				on := catalog.Quote(c.On)
				err := reason(c, "codice_non_valido_alla_data", fmt.Sprintf(`select posto from %[1]s as b join (select b.%[2]s, b.%[3]s from (select distinct %[2]s, %[3]s from %[1]s where %[2]s is not null and %[3]s is not null) as b
					join %[4]s as c on c.%[5]s = b.%[2]s group by all having not bool_or(b.%[3]s >= coalesce(c.valido_dal, date '1900-01-01') and b.%[3]s <= coalesce(c.valido_al, date '2999-12-31'))) as x on x.%[2]s = b.%[2]s and x.%[3]s = b.%[3]s`,
					good, col, on, registry, code))
				if err != nil {
					return nil, err
				}
			}
		}
		if c.Parent != "" {
			table, name, _ := strings.Cut(c.Parent, ".")
			var delivered bool
			if err := r.conn.QueryRowContext(ctx, "select count(*) > 0 from piccoli.letti where tabella = "+catalog.Literal(table)).Scan(&delivered); err != nil {
				return nil, err
			}
			if !delivered { // nothing to look it up in: what is not delivered can't be missed
				continue
			}
			key := catalog.Quote(name)
			orphans := fmt.Sprintf("(select posto, %[2]s::varchar as chiave from %[1]s where %[2]s is not null and %[2]s not in (select %[3]s from staging.%[4]s where %[3]s is not null))", good, col, key, catalog.Quote(table))
			// The parent stands in its file and was sent to quarantine: as a row with that key, or inside a record that could not be read.
			held := fmt.Sprintf(`(select %[1]s::varchar as chiave from ingresso.%[2]s as p where %[1]s is not null and exists (select 1 from piccoli.letti as f where f.tabella = %[3]s and p.rowid >= f.primo and p.rowid < f.ultimo)
				union select trim(unnest(string_split_regex(testo, '[;,\t|"]'))) from piccoli.scarti where tabella = %[3]s and testo is not null)`, key, catalog.Quote(table), catalog.Literal(table))
			if err := reason(c, "padre_in_quarantena", fmt.Sprintf("select posto from %s semi join %s using (chiave)", orphans, held)); err != nil {
				return nil, err
			}
			if err := reason(c, "padre_assente", fmt.Sprintf("select posto from %s anti join %s using (chiave)", orphans, held)); err != nil {
				return nil, err
			}
		}
	}
	keys := make([]string, len(q.Key))
	for i, k := range q.Key {
		keys[i] = catalog.Quote(k)
	}
	by := strings.Join(keys, ", ")
	for _, check := range q.Checks {
		if check.Severity == catalog.Row {
			out = append(out, rowRule{reason: check.Reason, column: check.Column, text: check.Text, count: check.Rule,
				places: fmt.Sprintf("select posto from %s semi join (select %s from %s where not (%s)) using (%[2]s)", good, by, q.Ref().SQL(), check.Rule)})
		}
	}
	for _, check := range r.catalog.RowChecks(q) {
		out = append(out, rowRule{reason: check.Name, column: check.Mark, text: check.Description,
			places: fmt.Sprintf("select posto from %s semi join (select %s from (\n%s\n)) using (%[2]s)", good, by, check.Statement())})
	}
	return out, nil
}

// broken leaves out the rules that hold, counting in one pass those that are conditions of one row.
func (r *run) broken(ctx context.Context, q *catalog.Query, rules []rowRule) ([]rowRule, error) {
	var wanted []string
	var counted []int
	for i, rule := range rules {
		if rule.count != "" {
			wanted, counted = append(wanted, fmt.Sprintf("count(*) filter (where not (%s))", rule.count)), append(counted, i)
		}
	}
	if len(counted) == 0 {
		return rules, nil
	}
	found := make([]int64, len(counted))
	into := make([]any, len(counted))
	for i := range found {
		into[i] = &found[i]
	}
	if err := r.conn.QueryRowContext(ctx, fmt.Sprintf("select %s from %s", strings.Join(wanted, ", "), q.Ref().SQL())).Scan(into...); err != nil {
		return nil, onData(err, catalog.Problem{File: q.Path, Line: q.SQLLine, What: catalog.Textf(catalog.Text{It: "le regole di riga si fermano sui dati: %s", En: "the row rules fail on the data: %s"}, firstLine(err))})
	}
	var out []rowRule
	for i, rule := range rules {
		if at := slices.Index(counted, i); at < 0 || found[at] > 0 {
			out = append(out, rule)
		}
	}
	return out, nil
}

// take loads a delivered source. A file that can't be trusted stops the build, once all files have been looked at.
func (r *run) take(ctx context.Context, s *step) error {
	loaded, err := ingest.LoadDeliveries(ctx, r.conn, r.catalog.Root, s.query, ingest.Templates(r.catalog), s.current, s.superseded, r.spill)
	var problems catalog.Problems
	if errors.As(err, &problems) {
		r.data = append(r.data, problems...)
		return nil
	}
	if err != nil {
		return err
	}
	for _, p := range loaded.LeftOut {
		r.note(catalog.Text{It: "lasciato fuori: " + p.In("it"), En: "left out: " + p.In("en")})
	}
	return nil
}
