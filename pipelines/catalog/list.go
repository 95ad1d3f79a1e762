package catalog

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"
)

// List says that a dataset is a list which a law wants published, and in which further forms: always XML beside the others.
type List struct {
	Law        Text
	English    string   // name, without .en.csv, of a CSV with the same rows under English headings, the columns' own words; or empty
	By         []string // columns that the law parts the list by, whole numbers or of few values: one CSV for each of these, in a folder of the dataset's name; or none
	Updated    string   // date column, the same in all rows, that says how old the list is; or empty
	Incomplete string   // the mart that tells what stays out and why, by its columns campo, motivo_it and motivo_en
}

var listName = regexp.MustCompile(`^[a-z][a-z-]*$`)

func (f *file) list(n *yaml.Node, q *Query) *List {
	m := f.mapping(n, Text{"«list»", "\"list\""})
	l := &List{Law: m.text("law", must), English: m.scalar("english", may), Incomplete: m.scalar("incomplete", must)}
	if l.English != "" && !listName.MatchString(l.English) {
		f.at(m.fields["english"], Text{"«%s» non è un nome di file", "%q is no name of a file"}, l.English).
			advise(Text{"minuscole e trattini, senza finale: list-of-operations", "lower case and hyphens, without an ending: list-of-operations"})
	}
	always := func(c *Column) bool { return c.Required || slices.Contains(q.Key, c.Name) }
	if n := m.take("updated"); n != nil {
		l.Updated = f.column(n, q, "updated")
		if col := q.Column(l.Updated); col != nil && (col.Type != "date" || !always(col)) {
			f.at(n, Text{"«%s» dev'essere di tipo date e sempre pieno", "%q must be of type date and never empty"}, l.Updated)
		}
	}
	if n := m.take("by"); n != nil {
		for _, e := range f.sequence(n, "by") {
			name := f.column(e, q, "by")
			if col := q.Column(name); col != nil {
				l.By = append(l.By, name)
				if !always(col) || col.Type != "integer" && !namesFiles(col) {
					f.at(e, Text{"«%s» fa i nomi dei file: dev'essere sempre pieno, e di tipo integer o con «allowed» di sole lettere, cifre e trattini bassi", "%q makes names of files: it must never be empty, and be of type integer or have \"allowed\" of letters, digits and underscores alone"}, name)
				}
			}
		}
	}
	m.done()
	return l
}

var fileWord = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// namesFiles reports whether every value that a column may have can stand in a file's name.
func namesFiles(c *Column) bool {
	return len(c.Allowed) > 0 && !slices.ContainsFunc(c.Allowed, func(v string) bool { return !fileWord.MatchString(v) })
}

// listRules hold what the lists by law name against the other datasets.
func (c *Catalog) listRules() (out Problems) {
	for _, q := range c.Marts() {
		if q.List == nil || q.List.Incomplete == "" {
			continue
		}
		other := c.Find(Marts, q.List.Incomplete)
		switch {
		case other == nil:
			out = append(out, Problem{File: q.Path, Line: q.Line, Col: 1, What: Textf(Text{"«incomplete» di «list» nomina «%s», che non è un dataset", "\"incomplete\" of \"list\" names %q, which is no dataset"}, q.List.Incomplete)})
		case other.Column("campo") == nil || other.Column("motivo_it") == nil || other.Column("motivo_en") == nil:
			out = append(out, Problem{File: other.Path, Line: other.Line, Col: 1, What: Textf(Text{"dice che cosa resta fuori da «%s» e non ha le colonne campo, motivo_it e motivo_en", "it tells what stays out of %q and lacks the columns campo, motivo_it and motivo_en"}, q.Name)})
		}
	}
	return out
}
