package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Param is one question that a report asks its reader. The SQL names it $name; its value is bound, never pasted into the text.
type Param struct {
	Name     string
	Type     string // text, integer, date, decimal(p,s), versione, confronto: see VersionParam and ComparisonParam
	Text     Text   // what it means
	Default  string // used where none is given; empty: none
	Optional bool   // without a value and a default it is NULL; else it must be given
	// Values is a query of the values that there are: its first column is the value, its second what people call it, the others
	// further names by which it may be asked for. Empty: any value of the type.
	Values string
	Line   int `json:"-"`
}

// DuckDB is the parameter's type as DuckDB writes it.
func (p Param) DuckDB() string { return Column{Type: p.Type}.DuckDB() }

// Given reports whether a reader may give a value for it.
func (p Param) Given() bool { return p.Type != ComparisonParam }

// Param gives the report's parameter of that name, or nil.
func (q *Query) Param(name string) *Param {
	for i := range q.Params {
		if q.Params[i].Name == name {
			return &q.Params[i]
		}
	}
	return nil
}

// The types of parameters that stand for frozen versions of the data, which are no tables of the warehouse. VersionParam is one version: its
// number, or the words for the newest and for the data of now. ComparisonParam is what changed from the first to the second version that the
// report asks for, as a JSON array of one object for each dataset and total: the program finds it and binds it, nobody gives it.
const (
	VersionParam    = "versione"
	ComparisonParam = "confronto"
)

var paramTypes = []string{"text", "integer", "date", VersionParam, ComparisonParam}

// params reads the block `params:` of a report, in its order.
func (f *file) params(n *yaml.Node) []Param {
	if n == nil {
		return nil
	}
	m := f.mapping(n, Text{"«params»", "\"params\""})
	var out []Param
	for _, name := range m.order {
		p := f.mapping(m.take(name), Textf(Text{"il parametro «%s»", "the parameter %q"}, name))
		if !isName(name) {
			f.at(p.at, Text{"«%s» non è un nome di parametro", "%q is not the name of a parameter"}, name).
				advise(Text{"minuscole, cifre e trattini bassi, a cominciare da una lettera: regione", "lower case, digits and underscores, a letter first: regione"})
		}
		x := Param{Name: name, Type: p.scalar("type", must), Text: Text{p.scalar("it", must), p.scalar("en", must)}, Default: p.scalar("default", may), Values: p.scalar("values", may), Line: p.line}
		p.set("optional", &x.Optional)
		if x.Type != "" && !slices.Contains(paramTypes, x.Type) && !decimalType.MatchString(x.Type) {
			f.at(p.fields["type"], Text{"tipo «%s» sconosciuto", "unknown type %q"}, x.Type).guess(x.Type, paramTypes)
			x.Type = "text"
		}
		if x.Default != "" && x.Optional {
			f.at(p.at, Text{"il parametro «%s» ha un valore di partenza: «optional» non serve", "the parameter %q has a default: \"optional\" is of no use"}, name)
		}
		p.done()
		out = append(out, x)
	}
	versions, comparisons := 0, 0
	for _, x := range out {
		switch x.Type {
		case VersionParam:
			versions++
		case ComparisonParam:
			comparisons++
		}
	}
	if (versions > 0 || comparisons > 0) && (versions != 2 || comparisons != 1) {
		f.at(n, Text{"un confronto vuole due parametri «versione» e uno «confronto»: qui sono %d e %d", "a comparison wants two parameters \"versione\" and one \"confronto\": here are %d and %d"}, versions, comparisons)
	}
	return out
}

// paramRules holds the parameters of a report against its SQL, and its queries of values against the rules of the layer.
func (f *file) paramRules(ctx context.Context, l *loader, q *Query) error {
	used := namesOfParams(q.SQL)
	for _, p := range q.Params {
		if !slices.Contains(used, p.Name) {
			f.add(p.Line, 4, Textf(Text{"l'SQL non usa il parametro «%s»", "the SQL does not use the parameter %q"}, p.Name), Textf(Text{"si scrive $%s", "it is written $%s"}, p.Name))
		}
		if p.Values == "" {
			continue
		}
		s, fault, err := l.syntax(ctx, p.Values)
		if err != nil {
			return err
		}
		if fault != nil {
			f.add(p.Line, 4, Textf(Text{"«values» di «%s»: %s", "\"values\" of %q: %s"}, p.Name, fault.message), Text{})
			continue
		}
		for _, r := range s.Readings {
			if r.Ref.Schema == "" && s.CTEs[strings.ToLower(r.Ref.Name)] {
				continue
			}
			if !slices.Contains(mayRead[Reports], r.Ref.Schema) {
				f.add(p.Line, 4, Textf(Text{"un file di %s non legge %s", "a file of %s does not read %s"}, Reports, r.Ref), layerHint[Reports])
			}
		}
	}
	for _, name := range used {
		if q.Param(name) == nil {
			var known []string
			for _, p := range q.Params {
				known = append(known, p.Name)
			}
			hint := Text{"va dichiarato in «params:»", "declare it under \"params:\""}
			if near := Nearest(name, known); near != "" {
				hint = Textf(Text{"forse $%s?", "did you mean $%s?"}, near)
			}
			f.add(q.SQLLine, 1, Textf(Text{"l'SQL usa $%s, che non è un parametro dichiarato", "the SQL uses $%s, which is no declared parameter"}, name), hint)
		}
	}
	return nil
}

var (
	sqlTexts  = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*`)
	sqlParams = regexp.MustCompile(`\$([a-z][a-z0-9_]*)`)
)

// namesOfParams are the names behind `$` in a statement, outside its texts and comments, each once.
func namesOfParams(statement string) (out []string) {
	for _, m := range sqlParams.FindAllStringSubmatch(sqlTexts.ReplaceAllString(statement, " "), -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

// unbound are NULL arguments for every parameter of q, to type its statement.
func (q *Query) unbound() (args []any) {
	for _, p := range q.Params {
		args = append(args, sql.Named(p.Name, nil))
	}
	return args
}

// describeValues binds the query of values of every parameter.
func (q *Query) describeValues(ctx context.Context, db *sql.DB) (out Problems) {
	for _, p := range q.Params {
		if p.Values == "" {
			continue
		}
		if _, err := db.ExecContext(ctx, fmt.Sprintf("describe %s", p.Values)); err != nil {
			out = append(out, Problem{File: q.Path, Line: p.Line, Col: 4, What: Textf(Text{"«values» di «%s»: %s", "\"values\" of %q: %s"}, p.Name, faultOf(err).message)})
		}
	}
	return out
}
