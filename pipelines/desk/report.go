package desk

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// Report is a report that was run: what was asked, when the data are of, where they come from, and the answer.
type Report struct {
	Query *catalog.Query
	Given []Given
	Answer
	AsOf      string
	Delivered string // ISO date of the newest delivery behind it; empty where nobody delivers what it reads, or did not yet
	Simulated bool
	Origins   []Origin
	Missing   []catalog.Text // sources that nothing was received of, and what to do about it
}

// Origin is one source behind a report.
type Origin struct {
	Title              catalog.Text
	Publisher, Licence string
	Files              int64
	Received           string // ISO date of the newest file; empty where there is none
	Delivered          bool   // by an office, not a seed of the project
}

// Name is a report's name at the command line: scheda-regione for queries/reports/scheda_regione.sql.
func Name(q *catalog.Query) string { return strings.ReplaceAll(q.Name, "_", "-") }

// Find gives the report of that name, written with hyphens or underscores.
func Find(c *catalog.Catalog, name string) (*catalog.Query, error) {
	if q := c.Find(catalog.Reports, strings.ReplaceAll(name, "-", "_")); q != nil {
		return q, nil
	}
	var known []string
	for _, q := range c.Layer(catalog.Reports) {
		known = append(known, Name(q))
	}
	hint := catalog.Textf(catalog.Text{It: "i rapporti sono: %s", En: "the reports are: %s"}, strings.Join(known, ", "))
	if near := catalog.Nearest(strings.ReplaceAll(name, "_", "-"), known); near != "" {
		hint = catalog.Textf(catalog.Text{It: "forse %s? `piccoli report` li elenca", En: "did you mean %s? `piccoli report` lists them"}, near)
	}
	return nil, wrong(catalog.Textf(catalog.Text{It: "il rapporto «%s» non esiste", En: "there is no report %q"}, name), hint)
}

// Run runs a report with the values written for its parameters, which are bound to its statement. What is wrong with them is an *AskError.
func (d *Desk) Run(ctx context.Context, q *catalog.Query, written map[string]string) (*Report, error) {
	var e *editions
	if slices.ContainsFunc(q.Params, func(p catalog.Param) bool { return p.Type == catalog.VersionParam }) {
		var err error
		if e, err = d.editions(); err != nil {
			return nil, err
		}
	}
	given, err := d.resolve(ctx, q, written, e)
	if err != nil {
		return nil, err
	}
	r := &Report{Query: q, Given: given, AsOf: d.AsOf, Simulated: d.Simulated}
	if err := d.compare(ctx, r, e); err != nil {
		return nil, err
	}
	var args []any
	for _, g := range r.Given {
		var value any
		if g.Value.Valid {
			value = g.Value.String
		}
		args = append(args, sql.Named(g.Param.Name, value))
	}
	r.Columns = q.Columns
	if err := d.rows(ctx, &r.Answer, q.Statement(), 0, args...); err != nil {
		return nil, fmt.Errorf("%s: %w", q.Path, err)
	}
	sources, missing, err := d.origins(ctx, q)
	if err != nil {
		return nil, err
	}
	r.Origins, r.Missing = append(r.Origins, sources...), missing
	for _, o := range r.Origins {
		if o.Delivered {
			r.Delivered = max(r.Delivered, o.Received)
		}
	}
	return r, nil
}

// Choices are the values that a parameter may have, with what people call them; nil where any value of its type will do.
func (d *Desk) Choices(ctx context.Context, q *catalog.Query, p *catalog.Param) (values, labels []string, err error) {
	var choices []choice
	switch {
	case p.Type == catalog.VersionParam:
		var e *editions
		if e, err = d.editions(); err == nil {
			choices = e.choices
		}
	case p.Values != "":
		choices, err = d.choices(ctx, q, p)
	}
	for _, c := range choices {
		values, labels = append(values, c.value), append(labels, c.label)
	}
	return values, labels, err
}

// behind are the sources at the start of a query, sorted by name.
func (d *Desk) behind(q *catalog.Query) (out []*catalog.Query) {
	seen := map[catalog.Ref]bool{}
	var walk func(q *catalog.Query)
	walk = func(q *catalog.Query) {
		if q.Source != nil {
			out = append(out, q)
		}
		for _, r := range q.DependsOn {
			if next := d.Catalog.Find(catalog.Layer(r.Schema), r.Name); next != nil && !seen[r] {
				seen[r] = true
				walk(next)
			}
		}
	}
	walk(q)
	slices.SortFunc(out, func(a, b *catalog.Query) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// origins says of every source behind q what was received of it, and of those of which nothing was, what to do.
func (d *Desk) origins(ctx context.Context, q *catalog.Query) (out []Origin, missing []catalog.Text, err error) {
	for _, s := range d.behind(q) {
		o := Origin{Title: s.Title, Publisher: s.Source.Publisher, Licence: s.Source.Licence, Received: s.Source.Received, Delivered: s.Source.Delivered()}
		var received sql.NullString
		if err := d.db.QueryRowContext(ctx, "select count(distinct file), max(ricevuta_il)::varchar from piccoli.consegne where tabella = ? and tipo <> 'rifiutata'", s.Name).Scan(&o.Files, &received); err != nil {
			return nil, nil, err
		}
		if o.Received == "" {
			o.Received = received.String
		}
		if s.Source.Delivered() && o.Files == 0 {
			missing = append(missing, notReceived(s))
			continue
		}
		out = append(out, o)
	}
	return out, missing, nil
}

// notReceived says that nothing came of a source, and how to get it.
func notReceived(s *catalog.Query) catalog.Text {
	if f := s.Source.Fetch; f != nil {
		return catalog.Text{It: fmt.Sprintf("%s: non scaricato. `piccoli fetch %s`, poi `piccoli build`", s.Title.It, f.Source),
			En: fmt.Sprintf("%s: not fetched. `piccoli fetch %s`, then `piccoli build`", s.Title.En, f.Source)}
	}
	return catalog.Text{It: fmt.Sprintf("%s: niente consegnato. Mettere i file in data/inbox/%s, poi `piccoli build`", s.Title.It, s.Name),
		En: fmt.Sprintf("%s: nothing delivered. Put the files into data/inbox/%s, then `piccoli build`", s.Title.En, s.Name)}
}

// absent is advice for a report that has nothing to choose from.
func (d *Desk) absent(ctx context.Context, q *catalog.Query) catalog.Text {
	_, missing, err := d.origins(ctx, q)
	if err != nil || len(missing) == 0 {
		return catalog.Text{}
	}
	var it, en []string
	for _, m := range missing {
		it, en = append(it, m.It), append(en, m.En)
	}
	return catalog.Text{It: strings.Join(it, "\n"), En: strings.Join(en, "\n")}
}
