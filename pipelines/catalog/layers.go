package catalog

import (
	"slices"
	"strings"
)

// layerRules are the rules of the flow: staging reads its own raw table and the staging of seeds; marts read staging, marts
// and the books; checks and reports read marts and the books. Nothing reads forward or around.
func (c *Catalog) layerRules() Problems {
	var out Problems
	for _, q := range c.Queries {
		for i, d := range q.DependsOn {
			at := q.places[i]
			add := func(what, hint Text) {
				out = append(out, Problem{File: q.Path, Line: at.Line, Col: at.Col, What: what, Hint: hint})
			}
			if q.Layer == Checks && q.Severity == Row {
				if what, hint, ok := c.rowCheckReads(q, d); !ok {
					add(what, hint)
				}
				continue
			}
			if !slices.Contains(mayRead[q.Layer], d.Schema) {
				add(Textf(Text{"un file di %s non legge %s", "a file of %s does not read %s"}, q.Layer, d), layerHint[q.Layer])
				continue
			}
			switch d.Schema {
			case "raw":
				if q.Source == nil || d.Name != q.Name {
					add(Textf(Text{"%s non è la sorgente di questo file", "%s is not this file's source"}, d),
						Textf(Text{"qui si può leggere solo raw.%s, dichiarata in «source:»; per altri dati leggere il loro staging", "only raw.%s can be read here, declared under \"source:\"; for other data read their staging"}, q.Name))
				}
			case "staging", "marts":
				dep := c.Find(Layer(d.Schema), d.Name)
				if dep == nil {
					add(Textf(Text{"%s non esiste", "%s does not exist"}, d), c.suggest(d))
				} else if q.Layer == Staging && !c.isSeed(dep) {
					add(Textf(Text{"uno staging non legge %s", "a staging file does not read %s"}, d),
						Text{"uno staging legge la propria raw e lo staging dei dati in data/seeds; le unioni si fanno in queries/marts", "staging reads its own raw and the staging of data/seeds; joins belong in queries/marts"})
				}
			case "piccoli":
				if _, ok := Bookkeeping[d.Name]; !ok {
					add(Textf(Text{"%s non esiste", "%s does not exist"}, d), Textf(Text{"le tabelle del registro sono %s", "the engine's tables are %s"}, strings.Join(bookNames(), ", ")))
				} else if slices.Contains(lateBooks, d.Name) && q.Layer == Marts {
					add(Textf(Text{"%s si scrive dopo i dataset: un dataset non può leggerla", "%s is written after the datasets: a dataset can't read it"}, d), Text{})
				}
			}
		}
		if q.Source != nil && len(q.SQL) > 0 && !slices.Contains(q.DependsOn, Ref{"raw", q.Name}) {
			out = append(out, Problem{File: q.Path, Line: q.Source.Line, Col: 4, What: Textf(Text{"«source:» è dichiarata ma l'SQL non legge raw.%s", "\"source:\" is declared but the SQL does not read raw.%s"}, q.Name)})
		}
	}
	return out
}

var mayRead = map[Layer][]string{
	Staging: {"raw", "staging"},
	Marts:   {"staging", "marts", "piccoli"},
	Checks:  {"marts", "piccoli"},
	Reports: {"marts", "piccoli"},
}

var layerHint = map[Layer]Text{
	Staging: {"uno staging legge solo la propria raw e lo staging dei dati in data/seeds", "staging reads only its own raw and the staging of data/seeds"},
	Marts:   {"un dataset legge staging, marts e piccoli", "a mart reads staging, marts and piccoli"},
	Checks:  {"un controllo legge marts e piccoli", "a check reads marts and piccoli"},
	Reports: {"un rapporto legge marts e piccoli", "a report reads marts and piccoli"},
}

// isSeed reports whether all that a staging file reads is committed below data/seeds.
func (c *Catalog) isSeed(q *Query) bool {
	if q.Layer != Staging || q.Source != nil && q.Source.Delivered() {
		return false
	}
	for _, d := range q.DependsOn {
		if d.Schema == "raw" {
			continue
		}
		if dep := c.Find(Staging, d.Name); d.Schema != "staging" || dep == nil || dep == q || !c.isSeed(dep) {
			return false
		}
	}
	return true
}

func bookNames() []string {
	var out []string
	for n := range Bookkeeping {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// suggest names the nearest table that exists, in the same layer or the same name in another.
func (c *Catalog) suggest(d Ref) Text {
	var known []string
	for _, q := range c.Queries {
		if q.Layer == Staging || q.Layer == Marts {
			known = append(known, q.String())
		}
	}
	if n := Nearest(d.String(), known); n != "" {
		return Textf(Text{"forse %s?", "did you mean %s?"}, n)
	}
	return Textf(Text{"nessun file queries/%s/%s.sql", "there is no file queries/%s/%s.sql"}, d.Schema, d.Name)
}

// cycles finds queries that, by way of others, read themselves.
func (c *Catalog) cycles() Problems {
	var out Problems
	state := map[*Query]int{} // 1: on the path, 2: done
	var path []*Query
	var visit func(q *Query)
	visit = func(q *Query) {
		state[q] = 1
		path = append(path, q)
		for i, d := range q.DependsOn {
			dep := c.Find(Layer(d.Schema), d.Name)
			if dep == nil {
				continue
			}
			switch state[dep] {
			case 0:
				visit(dep)
			case 1:
				var names []string
				for _, p := range path[slices.Index(path, dep):] {
					names = append(names, p.String())
				}
				names = append(names, dep.String())
				out = append(out, Problem{File: q.Path, Line: q.places[i].Line, Col: q.places[i].Col,
					What: Textf(Text{"i dataset si leggono in cerchio: %s", "the datasets read each other in a circle: %s"}, strings.Join(names, " → ")),
					Hint: Text{"mettere la parte comune in un file a sé", "put what they share in a file of its own"}})
			}
		}
		path = path[:len(path)-1]
		state[q] = 2
	}
	for _, q := range c.Queries {
		if state[q] == 0 {
			visit(q)
		}
	}
	return out
}

// references checks that every `ref: dataset.column` names a column of a mart with the same type.
func (c *Catalog) references() Problems {
	var out Problems
	for _, q := range c.Marts() {
		for _, col := range q.Columns {
			if col.Ref == "" {
				continue
			}
			add := func(what, hint Text) {
				out = append(out, Problem{File: q.Path, Line: col.Line, Col: 4, What: what, Hint: hint})
			}
			dataset, name, _ := strings.Cut(col.Ref, ".")
			target := c.Find(Marts, dataset)
			switch {
			case target == nil:
				add(Textf(Text{"«%s» rimanda al dataset %s, che non esiste", "%q refers to the dataset %s, which does not exist"}, col.Name, dataset), c.suggest(Ref{"marts", dataset}))
			case target.Column(name) == nil:
				add(Textf(Text{"«%s» rimanda a %s, che %s non ha", "%q refers to %s, which %s does not have"}, col.Name, name, dataset), Text{})
			case target.Column(name).Type != col.Type:
				add(Textf(Text{"«%s» è %s, %s è %s", "%q is %s, %s is %s"}, col.Name, col.Type, col.Ref, target.Column(name).Type), Text{})
			case len(target.Key) != 1 || target.Key[0] != name:
				add(Textf(Text{"%s non è la chiave di %s", "%s is not the key of %s"}, name, dataset), Text{})
			}
		}
	}
	return out
}
