package desk

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"piccoli/pipelines/catalog"
)

// languageParam is the parameter that takes the language of the command where none is given.
const languageParam = "lingua"

// englishNames is the column of a parameter's values that says what they are called in English, where the second column does not say it in both languages.
const englishNames = "nome_en"

// Given is a parameter with the value that a report is run with.
type Given struct {
	Param *catalog.Param
	Value sql.NullString // as it is bound
	Label string         // what people call the value: Umbria for 10; else the value itself; empty where there is none
}

// shown reports whether a reader is told the value: the language is seen, and a comparison is the answer.
func (g Given) shown() bool { return g.Param.Name != languageParam && g.Param.Given() }

// title is what the parameter is, without what its help says of leaving it out.
func (g Given) title(lang string) string {
	text, _, _ := strings.Cut(g.Param.Text.In(lang), ";")
	return text
}

// choice is one value that a parameter may have.
type choice struct {
	value, label string
	names        []string // all by which it may be asked for, folded
}

// resolve turns what was written on the command line into the values to be bound; e are the versions, for a report that asks for some. All that is wrong is told at once.
func (d *Desk) resolve(ctx context.Context, q *catalog.Query, written map[string]string, e *editions) ([]Given, error) {
	var problems catalog.Problems
	var known []string
	for _, p := range q.Params {
		if p.Given() {
			known = append(known, p.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if p := q.Param(name); p != nil && p.Given() {
			continue
		}
		hint := catalog.Text{It: "non ne ha", En: "it has none"}
		if near := catalog.Nearest(name, known); near != "" {
			hint = catalog.Textf(catalog.Text{It: "forse «%s»?", En: "did you mean %q?"}, near)
		} else if len(known) > 0 {
			hint = catalog.Textf(catalog.Text{It: "i suoi parametri sono: %s", En: "its parameters are: %s"}, strings.Join(known, ", "))
		}
		problems = append(problems, catalog.Problem{What: catalog.Textf(catalog.Text{It: "il rapporto %s non ha il parametro «%s»", En: "the report %s has no parameter %q"}, Name(q), name), Hint: hint})
	}
	var out []Given
	for i := range q.Params {
		g := Given{Param: &q.Params[i]}
		if !g.Param.Given() { // see compare
			out = append(out, g)
			continue
		}
		text, ok := written[g.Param.Name]
		switch {
		case !ok && g.Param.Name == languageParam:
			text = d.Lang
		case !ok:
			text = g.Param.Default
		}
		if text = strings.TrimSpace(text); text == "" {
			if !g.Param.Optional && g.Param.Default == "" {
				problems = append(problems, catalog.Problem{What: catalog.Textf(catalog.Text{It: "manca il parametro «%s»: %s", En: "the parameter %q is missing: %s"}, g.Param.Name, g.Param.Text.It),
					Hint: catalog.Textf(catalog.Text{It: "si scrive --param %s=VALORE; `piccoli report %s --help` spiega", En: "write --param %s=VALUE; `piccoli report %s --help` explains"}, g.Param.Name, Name(q))})
				problems[len(problems)-1].What.En = fmt.Sprintf("the parameter %q is missing: %s", g.Param.Name, g.Param.Text.En)
			}
			out = append(out, g)
			continue
		}
		problem, err := d.choose(ctx, q, &g, text, e)
		if err != nil {
			return nil, err
		}
		if problem != nil && !slices.Contains(problems, *problem) {
			problems = append(problems, *problem)
		}
		out = append(out, g)
	}
	if len(problems) > 0 {
		return nil, &AskError{problems}
	}
	return out, nil
}

// choose finds the value that a text means, or says why there is none.
func (d *Desk) choose(ctx context.Context, q *catalog.Query, g *Given, text string, e *editions) (*catalog.Problem, error) {
	if g.Param.Type == catalog.VersionParam {
		return d.chooseVersion(e, g, text), nil
	}
	if g.Param.Values == "" {
		value, hint := typed(g.Param.Type, text)
		if value == "" {
			return &catalog.Problem{What: catalog.Textf(catalog.Text{It: "%s=%s: il valore non va", En: "%s=%s: the value won't do"}, g.Param.Name, text), Hint: hint}, nil
		}
		g.Value, g.Label = sql.NullString{String: value, Valid: true}, value
		return nil, nil
	}
	choices, err := d.choices(ctx, q, g.Param)
	if err != nil {
		return nil, err
	}
	if len(choices) == 0 {
		return &catalog.Problem{What: catalog.Textf(catalog.Text{It: "%s=%s: nei dati non c'è ancora nessun valore", En: "%s=%s: the data hold no value yet"}, g.Param.Name, text),
			Hint: d.absent(ctx, q)}, nil
	}
	var found []choice
	asked := Fold(text)
	for _, c := range choices {
		if c.value == text {
			found = []choice{c}
			break
		}
		if slices.Contains(c.names, asked) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 1:
		g.Value, g.Label = sql.NullString{String: found[0].value, Valid: true}, found[0].label
		return nil, nil
	case 0:
		return &catalog.Problem{What: catalog.Textf(catalog.Text{It: "%s=%s: non si conosce", En: "%s=%s: not known"}, g.Param.Name, text), Hint: nearest(asked, choices)}, nil
	}
	var all []string
	for _, c := range found {
		all = append(all, c.value+" = "+c.label)
	}
	return &catalog.Problem{What: catalog.Textf(catalog.Text{It: "%s=%s: è il nome di più d'uno", En: "%s=%s: more than one has that name"}, g.Param.Name, text),
		Hint: catalog.Textf(catalog.Text{It: "scegliere con il codice: %s", En: "choose by the code: %s"}, strings.Join(all, ", "))}, nil
}

// nearest lists the choices that a mistyped name may mean: those that begin as it does, else that which is spelled most like it; or all where they are few.
func nearest(asked string, choices []choice) catalog.Text {
	var names, begun, begunEn []string
	label := map[string]string{}
	for _, c := range choices {
		for _, n := range c.names {
			names = append(names, n)
			label[n] = c.label
		}
		if asked != "" && slices.ContainsFunc(c.names, func(n string) bool { return strings.HasPrefix(n, asked) }) {
			begun, begunEn = append(begun, "«"+c.label+"»"), append(begunEn, strconv.Quote(c.label))
		}
	}
	const told = 12
	switch n := len(begun); {
	case n == 1:
		return catalog.Text{It: "forse " + begun[0] + "?", En: "did you mean " + begunEn[0] + "?"}
	case n > told:
		return catalog.Text{It: fmt.Sprintf("così cominciano %d nomi: %s …", n, strings.Join(begun[:told], ", ")), En: fmt.Sprintf("%d names begin so: %s …", n, strings.Join(begunEn[:told], ", "))}
	case n > 1:
		return catalog.Text{It: "così cominciano: " + strings.Join(begun, ", "), En: "these begin so: " + strings.Join(begunEn, ", ")}
	}
	if near := catalog.Nearest(asked, names); near != "" {
		return catalog.Textf(catalog.Text{It: "forse «%s»?", En: "did you mean %q?"}, label[near])
	}
	const part = 4 // letters of a name that say which
	if i := slices.IndexFunc(names, func(n string) bool { return strings.Contains(n, asked) }); i >= 0 && len(asked) >= part {
		return catalog.Textf(catalog.Text{It: "forse «%s»?", En: "did you mean %q?"}, label[names[i]])
	}
	const few = 30
	if len(choices) > few {
		return catalog.Textf(catalog.Text{It: "i valori possibili sono %s; il primo è «%s», l'ultimo «%s»", En: "there are %s possible values; the first is %q, the last %q"}, fmt.Sprint(len(choices)), choices[0].label, choices[len(choices)-1].label)
	}
	var all []string
	for _, c := range choices {
		if c.label == c.value {
			all = append(all, c.value)
		} else {
			all = append(all, c.label+" ("+c.value+")")
		}
	}
	return catalog.Textf(catalog.Text{It: "i valori possibili: %s", En: "possible values: %s"}, strings.Join(all, ", "))
}

// choices reads the values that a parameter may have, in the order of its query.
func (d *Desk) choices(ctx context.Context, q *catalog.Query, p *catalog.Param) ([]choice, error) {
	var a Answer
	if err := d.rows(ctx, &a, p.Values, 0); err != nil {
		return nil, fmt.Errorf("%s:%d: values: %w", q.Path, p.Line, err)
	}
	called := min(1, len(a.Columns)-1) // the column that says what people call a value
	if i := slices.IndexFunc(a.Columns, func(c catalog.Column) bool { return c.Name == englishNames }); i >= 0 && d.Lang == "en" {
		called = i
	}
	var out []choice
	seen := map[string]bool{}
	for _, row := range a.Rows {
		c := choice{value: row[0].String, label: row[0].String}
		if seen[c.value] {
			continue
		}
		seen[c.value] = true
		if row[called].Valid {
			c.label = row[called].String
		}
		for _, cell := range row {
			if !cell.Valid {
				continue
			}
			// In a land of two languages a name is both, and each by itself: Valle d'Aosta/Vallée d'Aoste.
			for _, name := range append(strings.Split(cell.String, "/"), cell.String) {
				if n := Fold(name); n != "" && !slices.Contains(c.names, n) {
					c.names = append(c.names, n)
				}
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// typed reads a value of a type as people write it; "" where it is none, with a hint.
func typed(typ, text string) (string, catalog.Text) {
	switch typ {
	case "text":
		return text, catalog.Text{}
	case "date":
		for _, form := range []string{time.DateOnly, "02/01/2006", "2/1/2006", "02.01.2006", "2.1.2006", "02-01-2006"} {
			if t, err := time.Parse(form, text); err == nil {
				return t.Format(time.DateOnly), catalog.Text{}
			}
		}
		return "", catalog.Text{It: "serve una data che esiste: 2024-03-31 oppure 31/03/2024", En: "a date that exists is wanted: 2024-03-31 or 31/03/2024"}
	case "integer":
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			return strconv.FormatInt(n, 10), catalog.Text{}
		}
		return "", catalog.Text{It: "serve un numero intero: 30", En: "a whole number is wanted: 30"}
	}
	plain := text
	if strings.Contains(text, ",") { // 1.234,56
		plain = strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", ".")
	}
	if _, ok := new(big.Rat).SetString(plain); ok && !strings.ContainsAny(plain, "/eExX_") {
		return plain, catalog.Text{}
	}
	return "", catalog.Text{It: "serve un numero: 1234,56", En: "a number is wanted: 1234.56"}
}

// Fold gives a name as it is compared: without accents, case, apostrophes, hyphens and blanks. "Emilia-Romagna", "EMILIA ROMAGNA" and "emilia romagna" are one.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFD.String(s)) { // the accents come apart, and are no letters
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}
