package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// PeopleUnits are the units of counts of persons; counts of comuni, plans or euro are none.
var PeopleUnits = []string{"persone", "partecipanti"}

// FewPeople is the threshold of such counts (the project's own: the Garante sets none): a published group of one to four persons can be
// recognised, so that its number is left out. Zero tells of nobody.
const FewPeople = 5

// personalBehind gives the personal columns of every source that a query reads, through whatever it reads: name → file of the contract.
// They are never loaded, so that no query can reach one; its name in a query is a mistake that is told as such. What the contract
// can't know is a name inside another column, a free text: that is left to the patterns of the privacy gate.
func (c *Catalog) personalBehind(q *Query) map[string]string {
	out := map[string]string{}
	for _, o := range append(c.Origins(q), q) {
		if o.Source == nil {
			continue
		}
		for _, col := range o.Source.Columns {
			if col.Personal {
				out[col.Name] = o.Path
			}
		}
	}
	return out
}

var personalHint = Text{"i dati delle persone non escono: pubblicare l'ente, o un conteggio", "data of persons do not leave: publish the body, or a count"}

// personalRules refuse a column that bears the name of a personal one behind it, whatever fills it.
func (c *Catalog) personalRules() (out Problems) {
	for _, q := range c.Queries {
		personal := c.personalBehind(q)
		for _, col := range q.Columns {
			if at := personal[col.Name]; at != "" {
				out = append(out, Problem{File: q.Path, Line: col.Line, Col: 4, Hint: personalHint,
					What: Textf(Text{"la colonna «%s» è personale nel contratto di %s", "the column %q is personal in the contract of %s"}, col.Name, at)})
			}
		}
	}
	return out
}

// personalNamed says of a statement that DuckDB can't bind whether that is because it names a personal column.
func personalNamed(message string, personal map[string]string) (Text, bool) {
	for _, name := range slices.Sorted(maps.Keys(personal)) {
		if strings.Contains(message, fmt.Sprintf("%q", name)) {
			return Textf(Text{"l'SQL legge «%s», colonna personale nel contratto di %s: non è caricata", "the SQL reads %q, a personal column in the contract of %s: it is not loaded"}, name, personal[name]), true
		}
	}
	return Text{}, false
}
