package desk

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// Explain says what a dataset, a table or a column is: what it means, where it comes from, which rules hold and how they went, what reads
// it, and its last value. The name is that of a dataset, a report, a check, layer.table, table.column or a column.
func (d *Desk) Explain(ctx context.Context, w io.Writer, name string, s Style) error {
	var b strings.Builder
	if d.Simulated {
		b.WriteString(SimulatedTexts.In(s.Lang) + "\n")
	}
	if q := d.find(name); q != nil {
		if err := d.explainQuery(ctx, &b, q, s.Lang); err != nil {
			return err
		}
	} else if err := d.explainColumn(ctx, &b, name, s.Lang); err != nil {
		return err
	}
	_, err := io.WriteString(w, Wrap(b.String(), s.Width))
	return err
}

// find looks a name up among the queries: datasets before what stands behind them.
func (d *Desk) find(name string) *catalog.Query {
	layer, table, full := strings.Cut(name, ".")
	if full {
		return d.Catalog.Find(catalog.Layer(layer), table)
	}
	for _, l := range []catalog.Layer{catalog.Marts, catalog.Reports, catalog.Checks, catalog.Staging} {
		if q := d.Catalog.Find(l, strings.ReplaceAll(name, "-", "_")); q != nil {
			return q
		}
	}
	return nil
}

func (d *Desk) explainQuery(ctx context.Context, b *strings.Builder, q *catalog.Query, lang string) error {
	say := func(it, en string) string { return catalog.Text{It: it, En: en}.In(lang) }
	fmt.Fprintf(b, "%s · %s\n%s\n", q, q.Title.In(lang), q.Description.In(lang))
	if grain := q.Grain.In(lang); grain != "" {
		fmt.Fprintf(b, "\n%s: %s\n", say("Che cosa è una riga", "What a row is"), grain)
	}
	if len(q.Key) > 0 {
		fmt.Fprintf(b, "%s: %s\n", say("Chiave", "Key"), strings.Join(q.Key, ", "))
	}
	if q.Layer == catalog.Marts || q.Layer == catalog.Staging {
		var n int64
		if err := d.db.QueryRowContext(ctx, "select count(*) from "+q.Ref().SQL()).Scan(&n); err != nil {
			return err
		}
		fmt.Fprintf(b, "%s: %s\n", say("Righe", "Rows"), catalog.FormatNumber(lang, fmt.Sprint(n)))
	}
	if len(q.Columns) > 0 {
		fmt.Fprintf(b, "\n%s\n", say("Colonne", "Columns"))
		width, typed := 0, 0
		for _, c := range q.Columns {
			width, typed = max(width, len(c.Name)), max(typed, len(c.Type))
		}
		for _, c := range q.Columns {
			fmt.Fprintf(b, "  %-*s  %-*s  %s\n", width, c.Name, typed, c.Type, c.Text.In(lang))
		}
	}
	d.explainFlow(b, q, lang)
	return d.explainChecks(ctx, b, q, lang)
}

// explainFlow says what a query reads, what reads it, and the sources at its start.
func (d *Desk) explainFlow(b *strings.Builder, q *catalog.Query, lang string) {
	say := func(it, en string) string { return catalog.Text{It: it, En: en}.In(lang) }
	var reads, readBy []string
	for _, r := range q.DependsOn {
		reads = append(reads, r.String())
	}
	for _, o := range d.Catalog.ReadBy(q) {
		readBy = append(readBy, o.String())
	}
	b.WriteString("\n")
	if len(reads) > 0 {
		fmt.Fprintf(b, "%s: %s\n", say("Legge", "Reads"), strings.Join(reads, ", "))
	}
	if len(readBy) > 0 {
		fmt.Fprintf(b, "%s: %s\n", say("La leggono", "Read by"), strings.Join(readBy, ", "))
	}
	for _, s := range d.behind(q) {
		fmt.Fprintf(b, "%s: %s · %s · %s\n", say("Viene da", "Comes from"), s.Title.In(lang), s.Source.Publisher, strings.Join(s.Source.Files, ", "))
	}
	fmt.Fprintf(b, "%s: %s\n", say("File", "File"), q.Path)
}

// severities are the words for how grave a broken rule is.
var severities = map[string]catalog.Text{"warning": {It: "avviso", En: "warning"}, "error": {It: "errore", En: "error"}, "row": {It: "riga", En: "row"}}

// ruleWords are the words before the colon of a rule that the program makes of a header.
var ruleWords = strings.NewReplacer("chiave: ", "key: ", "obbligatoria: ", "required: ", "rimando: ", "reference: ", "righe: ", "rows: ")

// rule is a rule of a dataset or of its staging table, and how it went.
type rule struct {
	text, severity, message, broken string
	passed                          bool
}

// rules are those of a query, or those that name one of its columns.
func (d *Desk) rules(ctx context.Context, q *catalog.Query, column, lang string) (out []rule, err error) {
	name := q.String()
	if q.Layer == catalog.Marts {
		name = q.Name
	}
	var a Answer
	message := map[string]string{"it": "messaggio_it", "en": "messaggio_en"}[lang]
	if err := d.rows(ctx, &a, "select regola, severita, esito, righe_violate, "+message+`, starts_with(dataset, 'staging.') and $nome not like 'staging.%' from piccoli.controlli
		where (dataset = $nome or dataset = 'staging.' || $nome or dataset = 'checks.' || $nome) and ($colonna = '' or regexp_matches(regola, '\b' || $colonna || '\b')) order by regola`, 0, sql.Named("nome", name), sql.Named("colonna", column)); err != nil {
		return nil, err
	}
	for _, r := range a.Rows {
		x := rule{text: r[0].String, severity: r[1].String, passed: r[2].String == "superato", broken: r[3].String, message: r[4].String}
		if lang == "en" {
			x.text = ruleWords.Replace(x.text)
		}
		if r[5].String == "true" {
			x.text += " (staging)"
		}
		out = append(out, x)
	}
	return out, nil
}

// tell counts the rules and names those that are broken, or all of them.
func tell(b *strings.Builder, rules []rule, indent string, all bool, lang string) {
	if len(rules) == 0 {
		return
	}
	passed := 0
	for _, r := range rules {
		if r.passed {
			passed++
		}
	}
	word := catalog.Text{It: "controlli", En: "checks"}.In(lang)
	if indent == "" {
		word = catalog.Text{It: "Controlli", En: "Checks"}.In(lang)
	}
	fmt.Fprintf(b, "%s%s: %d, %s %d\n", indent, word, len(rules), catalog.Text{It: "superati", En: "passed"}.In(lang), passed)
	for _, r := range rules {
		if !r.passed {
			fmt.Fprintf(b, "%s  %s (%s): %s [%s]\n", indent, r.text, severities[r.severity].In(lang), r.message, r.broken)
		} else if all {
			fmt.Fprintf(b, "%s  %s\n", indent, r.text)
		}
	}
}

func (d *Desk) explainChecks(ctx context.Context, b *strings.Builder, q *catalog.Query, lang string) error {
	rules, err := d.rules(ctx, q, "", lang)
	if err != nil {
		return err
	}
	tell(b, rules, "", false, lang)
	return nil
}

// explainOrigin says which file makes a column, what that reads, and which sources hold a column of that name.
func (d *Desk) explainOrigin(b *strings.Builder, q *catalog.Query, c *catalog.Column, lang string) {
	var reads []string
	for _, r := range q.DependsOn {
		reads = append(reads, r.String())
	}
	fmt.Fprintf(b, "  %s %s", catalog.Text{It: "viene da:", En: "comes from:"}.In(lang), q.Path)
	if len(reads) > 0 {
		fmt.Fprintf(b, "%s %s", catalog.Text{It: ", che legge", En: ", which reads"}.In(lang), strings.Join(reads, ", "))
	}
	b.WriteString("\n")
	for _, s := range d.behind(q) {
		if s.Source.Column(c.Name) != nil {
			fmt.Fprintf(b, "  %s %s · %s · %s\n", catalog.Text{It: "nella fonte:", En: "in the source:"}.In(lang), s.Title.In(lang), s.Source.Publisher, strings.Join(s.Source.Files, ", "))
		}
	}
}

// unit is the word for a unit, which headers have in Italian.
func (d *Desk) unit(ctx context.Context, unit, lang string) (string, error) {
	if lang != "en" {
		return unit, nil
	}
	err := d.db.QueryRowContext(ctx, "select coalesce((select unita_en from staging.unita where unita = ?), ?)", unit, unit).Scan(&unit)
	return unit, err
}

// explainColumn says what a column means in every dataset that has it.
func (d *Desk) explainColumn(ctx context.Context, b *strings.Builder, name, lang string) error {
	table, column, full := strings.Cut(name, ".")
	if i := strings.LastIndex(column, "."); i >= 0 { // marts.comuni.popolazione
		table, column = table+"."+column[:i], column[i+1:]
	}
	if !full {
		table, column = "", name
	}
	found := 0
	for _, q := range d.Catalog.Marts() {
		c := q.Column(column)
		if c == nil || table != "" && table != q.Name && table != q.String() {
			continue
		}
		found++
		fmt.Fprintf(b, "%s.%s · %s", q.Name, c.Name, c.Type)
		if c.Unit != "" {
			unit, err := d.unit(ctx, c.Unit, lang)
			if err != nil {
				return err
			}
			fmt.Fprintf(b, " · %s", unit)
		}
		if c.Additive != nil {
			b.WriteString(map[bool]catalog.Text{true: {It: " · si può sommare", En: " · may be added up"}, false: {It: " · non si somma", En: " · not to be added up"}}[*c.Additive].In(lang))
		}
		fmt.Fprintf(b, "\n  %s\n", c.Text.In(lang))
		if c.Ref != "" {
			fmt.Fprintf(b, "  %s %s\n", catalog.Text{It: "rimanda a", En: "refers to"}.In(lang), c.Ref)
		}
		line, err := d.lastValue(ctx, q, c, lang)
		if err != nil {
			return err
		}
		b.WriteString(line)
		d.explainOrigin(b, q, c, lang)
		rules, err := d.rules(ctx, q, column, lang)
		if err != nil {
			return err
		}
		tell(b, rules, "  ", true, lang)
	}
	if found > 0 {
		return nil
	}
	var known []string
	for _, q := range d.Catalog.Queries {
		known = append(known, q.Name)
		for _, c := range q.Columns {
			known = append(known, c.Name)
		}
	}
	slices.Sort(known)
	hint := catalog.Text{It: "`piccoli graph` e `\\d` nella shell elencano le tabelle", En: "`piccoli graph` and `\\d` in the shell list the tables"}
	if near := catalog.Nearest(name, slices.Compact(known)); near != "" {
		hint = catalog.Textf(catalog.Text{It: "forse %s?", En: "did you mean %s?"}, near)
	}
	return wrong(catalog.Textf(catalog.Text{It: "«%s» non è un dataset, una tabella o una colonna", En: "%q is no dataset, table or column"}, name), hint)
}

// lastValue says how far a column is filled, and its total if it has one, else its least and greatest value.
func (d *Desk) lastValue(ctx context.Context, q *catalog.Query, c *catalog.Column, lang string) (string, error) {
	name := catalog.Quote(c.Name)
	total := c.Additive != nil && *c.Additive
	third := "null"
	if total {
		third = fmt.Sprintf("sum(%s)::varchar", name)
		if strings.HasPrefix(c.Type, "decimal") {
			third = fmt.Sprintf("sum(%s)::%s::varchar", name, "decimal(38,2)")
		}
	}
	var filled, rows int64
	var least, most, sum sql.NullString
	err := d.db.QueryRowContext(ctx, fmt.Sprintf("select count(%s), count(*), min(%[1]s)::varchar, max(%[1]s)::varchar, %s from %s", name, third, q.Ref().SQL())).Scan(&filled, &rows, &least, &most, &sum)
	if err != nil {
		return "", err
	}
	out := fmt.Sprintf("  %s %s / %s", catalog.Text{It: "valori:", En: "values:"}.In(lang), catalog.FormatNumber(lang, fmt.Sprint(filled)), catalog.FormatNumber(lang, fmt.Sprint(rows)))
	switch {
	case sum.Valid:
		out += catalog.Text{It: ", totale ", En: ", total "}.In(lang) + Show(*c, sum.String, lang)
	case least.Valid && (c.Numeric() || c.Type == "date"):
		out += catalog.Text{It: ", da ", En: ", from "}.In(lang) + Show(*c, least.String, lang) + catalog.Text{It: " a ", En: " to "}.In(lang) + Show(*c, most.String, lang)
	}
	return out + "\n", nil
}
