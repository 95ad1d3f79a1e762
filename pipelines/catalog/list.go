package catalog

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"
)

// List says that a dataset is a list which a law wants published, and in which further forms: always XML beside the others.
type List struct {
	Law        Text
	English    string // name, without .en.csv, of a CSV with the same rows under English headings, the columns' own words; or empty
	Yearly     string // integer column: one CSV for each of its values, in a folder of the dataset's name; or empty
	Updated    string // date column, the same in all rows, that says how old the list is; or empty
	Incomplete string // the mart that tells what stays out and why, by its columns campo, motivo_it and motivo_en
}

var listName = regexp.MustCompile(`^[a-z][a-z-]*$`)

func (f *file) list(n *yaml.Node, q *Query) *List {
	m := f.mapping(n, Text{"«list»", "\"list\""})
	l := &List{Law: m.text("law", must), English: m.scalar("english", may), Incomplete: m.scalar("incomplete", must)}
	if l.English != "" && !listName.MatchString(l.English) {
		f.at(m.fields["english"], Text{"«%s» non è un nome di file", "%q is no name of a file"}, l.English).
			advise(Text{"minuscole e trattini, senza finale: list-of-operations", "lower case and hyphens, without an ending: list-of-operations"})
	}
	for _, c := range []struct {
		key, typ string
		to       *string
	}{{"yearly", "integer", &l.Yearly}, {"updated", "date", &l.Updated}} {
		n := m.take(c.key)
		if n == nil {
			continue
		}
		*c.to = f.column(n, q, c.key)
		if col := q.Column(*c.to); col != nil && (col.Type != c.typ || !col.Required && !slices.Contains(q.Key, col.Name)) {
			f.at(n, Text{"«%s» dev'essere di tipo %s e sempre pieno", "%q must be of type %s and never empty"}, *c.to, c.typ)
		}
	}
	m.done()
	return l
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
