package catalog

import (
	"slices"
	"strings"
)

// Filters are the tables that decide which rows of a delivered staging table are good, beside its own file: its parents, the
// registries in which its codes must stand and what its row checks read.
func (c *Catalog) Filters(q *Query) (out []Ref) {
	if q.Layer != Staging || q.Source == nil || !q.Source.Delivered() {
		return nil
	}
	add := func(r Ref) {
		if r != q.Ref() && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, col := range q.Source.Columns {
		for _, target := range []string{col.Parent, col.In} {
			if table, _, ok := strings.Cut(target, "."); ok {
				add(Ref{string(Staging), table})
			}
		}
	}
	for _, check := range c.RowChecks(q) {
		for _, d := range check.DependsOn {
			add(d)
		}
	}
	return out
}

// RowChecks are the files of queries/checks that send rows of the staging table q to quarantine, sorted by name.
func (c *Catalog) RowChecks(q *Query) (out []*Query) {
	for _, check := range c.Layer(Checks) {
		if q.Layer == Staging && check.Severity == Row && check.Table == q.Name {
			out = append(out, check)
		}
	}
	return out
}

// ancestors are the delivered tables above q, by way of its parents.
func (c *Catalog) ancestors(q *Query, seen map[string]bool) map[string]bool {
	for _, col := range q.Parents() {
		table, _, _ := strings.Cut(col.Parent, ".")
		if dep := c.Find(Staging, table); dep != nil && !seen[table] {
			seen[table] = true
			c.ancestors(dep, seen)
		}
	}
	return seen
}

// rowCheckReads says whether a check of severity row may read d.
func (c *Catalog) rowCheckReads(q *Query, d Ref) (what, hint Text, ok bool) {
	table := c.Find(Staging, q.Table)
	dep := c.Find(Staging, d.Name)
	switch {
	case d.Schema != string(Staging) || dep == nil:
		return Textf(Text{"un controllo che manda righe in quarantena non legge %s", "a check that sends rows to quarantine does not read %s"}, d),
			Text{"si fa prima dei dataset: legge staging", "it runs before the datasets: it reads staging"}, false
	case table == nil || dep == table || c.isSeed(dep) || c.ancestors(table, map[string]bool{})[d.Name]:
		return Text{}, Text{}, true
	}
	return Textf(Text{"%s non è tra le tabelle a cui le righe di %s appartengono", "%s is not among the tables that the rows of %s belong to"}, d, q.Table),
		Text{"un controllo di riga legge la propria tabella, quelle indicate con «parent:» e i dati di base", "a row check reads its own table, those named by \"parent:\" and the seeds"}, false
}

// deliveryRules check what the contracts of delivered files say of other tables.
func (c *Catalog) deliveryRules() Problems {
	var out Problems
	for _, q := range c.Queries {
		at := func(line int, what, hint Text) {
			out = append(out, Problem{File: q.Path, Line: line, Col: 4, What: what, Hint: hint})
		}
		delivered := q.Layer == Staging && q.Source != nil && q.Source.Delivered()
		marked := map[[2]string]bool{} // reason and column of the row rules so far
		for _, check := range q.Checks {
			if check.Severity != Row {
				continue
			}
			if !delivered {
				at(check.Line, Text{"solo le righe di un file consegnato possono andare in quarantena", "only rows of a delivered file can go to quarantine"}, Text{"severity: error oppure warning", "severity: error or warning"})
			} else if check.Column != "" && q.Source.Column(check.Column) == nil {
				at(check.Line, Textf(Text{"la colonna «%s» non è del contratto", "the column %q is not in the contract"}, check.Column), Text{})
			}
			if mark := [2]string{check.Reason, check.Column}; marked[mark] {
				at(check.Line, Textf(Text{"due regole danno il motivo «%s» alla colonna «%s»", "two rules give the reason %q to the column %q"}, check.Reason, check.Column),
					Text{"la quarantena non saprebbe che cosa dire della riga: segnare due colonne, o farne una regola sola", "the quarantine would not know what to say of the row: mark two columns, or make it one rule"})
			} else {
				marked[mark] = true
			}
		}
		if q.Layer == Checks && q.Table != "" {
			table := c.Find(Staging, q.Table)
			switch {
			case table == nil || table.Source == nil || !table.Source.Delivered():
				at(q.Line, Textf(Text{"«%s» non è una tabella consegnata", "%q is no delivered table"}, q.Table), c.suggest(Ref{"staging", q.Table}))
			case q.Mark != "" && table.Source.Column(q.Mark) == nil:
				at(q.Line, Textf(Text{"la colonna «%s» non è del contratto di %s", "the column %q is not in the contract of %s"}, q.Mark, q.Table), Text{})
			default:
				q.rowKey = table.Key
			}
		}
		if delivered {
			out = append(out, c.contractRules(q)...)
		}
	}
	return out
}

// contractRules check the references of one delivered table.
func (c *Catalog) contractRules(q *Query) Problems {
	var out Problems
	add := func(line int, what, hint Text) {
		out = append(out, Problem{File: q.Path, Line: line, Col: 4, What: what, Hint: hint})
	}
	for _, k := range q.Key {
		if col := q.Source.Column(k); col == nil || col.Ignore {
			add(q.Source.Line, Textf(Text{"la chiave «%s» non è una colonna della sorgente", "the key %q is no column of the source"}, k),
				Text{"la chiave riporta ogni riga al suo posto nel file: lo staging di un file consegnato la lascia com'è", "the key leads each row back to its place in the file: the staging of a delivered file leaves it as it is"})
		}
	}
	for _, col := range q.Source.Columns {
		for i, target := range []string{col.In, col.Parent} {
			if target == "" {
				continue
			}
			table, name, _ := strings.Cut(target, ".")
			dep := c.Find(Staging, table)
			switch {
			case dep == nil || dep.Column(name) == nil:
				add(col.Line, Textf(Text{"%s non esiste nello staging", "%s does not exist in staging"}, target), c.suggest(Ref{"staging", table}))
			case dep.Column(name).Type != col.Type:
				add(col.Line, Textf(Text{"«%s» è %s, %s è %s", "%q is %s, %s is %s"}, col.Name, col.Type, target, dep.Column(name).Type), Text{})
			case i == 0 && !c.isSeed(dep):
				add(col.Line, Textf(Text{"%s viene dalle consegne", "%s comes from deliveries"}, table), Text{"«in» vuole un registro dei dati di base; per una tabella consegnata usare «parent»", "\"in\" wants a registry of the seeds; for a delivered table use \"parent\""})
			case i == 1 && (c.isSeed(dep) || !slices.Equal(dep.Key, []string{name})):
				add(col.Line, Textf(Text{"%s non è la chiave di una tabella consegnata", "%s is not the key of a delivered table"}, target), Text{})
			case i == 0 && col.On != "" && (dep.Column("valido_dal") == nil || dep.Column("valido_al") == nil):
				add(col.Line, Textf(Text{"%s non ha valido_dal e valido_al", "%s does not have valido_dal and valido_al"}, table), Text{})
			}
		}
		if col.On != "" {
			if on := q.Source.Column(col.On); on == nil || on.Type != "date" {
				add(col.Line, Textf(Text{"«on: %s» non è una colonna date della sorgente", "\"on: %s\" is no date column of the source"}, col.On), Text{})
			}
		}
	}
	if c.ancestors(q, map[string]bool{})[q.Name] {
		add(q.Source.Line, Text{"la tabella appartiene a se stessa, per «parent»", "the table belongs to itself, by \"parent\""}, Text{})
	}
	return out
}
