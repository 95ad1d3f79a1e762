package catalog

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// closedFunctions tell of the machine or the engine rather than of the data, or run a text as SQL.
var closedFunctions = []string{"current_setting", "getenv", "getvariable", "set_config", "write_log", "nextval", "currval", "json_execute_serialized_sql", "json_serialize_plan", "txid_current", "in_search_path", "current_database", "current_catalog"}

// engineTable names the views in which DuckDB tells of itself.
var engineTable = regexp.MustCompile(`(?i)^(duckdb|pragma|pg|sqlite)_`)

// CheckQuestion reads a free question before it is run: one select, over tables of the warehouse alone. What is wrong comes as Problems
// with line and column in the question; a statement that is none is told apart from one that DuckDB can't parse.
func CheckQuestion(ctx context.Context, db *sql.DB, question string) error {
	s, fault, err := parseSQL(ctx, db, question)
	if err != nil {
		return err
	}
	if fault != nil {
		return Problems{questionFault(question, fault)}
	}
	var problems Problems
	add := func(pos int, what, hint Text) {
		p := placeIn(question, pos)
		problems = append(problems, Problem{File: "SQL", Line: p.Line, Col: p.Col, What: what, Hint: hint})
	}
	outside := Text{"si leggono solo le tabelle del magazzino: `\\d` le elenca", "only the tables of the warehouse can be read: `\\d` lists them"}
	for _, r := range s.Readings {
		schema := strings.ToLower(r.Ref.Schema)
		switch {
		case schema == "" && s.CTEs[strings.ToLower(r.Ref.Name)]:
		case strings.ContainsAny(r.Ref.Name, "./\\:*?") || strings.Contains(schema, "."):
			add(r.Pos, Textf(Text{"«%s» è fuori dal magazzino", "%q is outside the warehouse"}, r.Ref.Name), outside)
		case schema == "pg_catalog" || schema == "system" || schema == "temp" || engineTable.MatchString(r.Ref.Name):
			add(r.Pos, Textf(Text{"«%s» non si legge", "%q can't be read"}, r.Ref), outside)
		}
	}
	for _, c := range s.Calls {
		name := strings.ToLower(c.Name)
		if c.Table && !slices.Contains(tableFunctions, name) {
			add(c.Pos, Textf(Text{"«%s()» legge fuori dal magazzino", "%q reads outside the warehouse"}, c.Name), outside)
		}
		if !c.Table && slices.Contains(closedFunctions, name) {
			add(c.Pos, Textf(Text{"«%s()» non si usa qui", "%q is not to be used here"}, c.Name), Text{})
		}
	}
	return problems.Err()
}

// QuestionFault turns DuckDB's refusal of a question, run with words before it, into a Problem that says near which word of the question it stumbled.
func QuestionFault(question, before string, err error) Problem {
	f := faultOf(err)
	f.pos -= len(before)
	return questionFault(question, f)
}

var (
	noTable    = regexp.MustCompile(`Table with name "?([^" ]+)"? does not exist`)
	noColumn   = regexp.MustCompile(`(?:Referenced column|column named|Table "[^"]*" does not have a column named) "([^"]+)"`)
	noSelect   = regexp.MustCompile(`(?i)only select statements can be serialized`)
	notGrouped = regexp.MustCompile(`^column "([^"]+)" must appear in the GROUP BY clause`)
	noFunction = regexp.MustCompile(`Function with name "?([^" ]+)"? does not exist`)
	otherTypes = regexp.MustCompile(`^No function matches the given name and argument types '([^\n]+?)'\.`)
	noParse    = regexp.MustCompile(`^syntax error at or near`)
	noCast     = regexp.MustCompile(`(?s)^Could not convert string '(.*)' to ([A-Z0-9(), ]+)`)
	noDate     = regexp.MustCompile(`^invalid date field format: "([^"]*)"`)
	describing = regexp.MustCompile(`(?i)^(describe|desc|show|summarize|explain|help)$`)
	didMean    = regexp.MustCompile(`(?:Did you mean|Candidate bindings:) ?"([^\n]+?)"?\??(?:\n|$)`)
)

func questionFault(question string, f *sqlFault) Problem {
	p := Problem{File: "SQL", What: Textf(Text{"la domanda non va: %s", "the question won't do: %s"}, f.message)}
	if f.pos >= 0 && f.pos <= len(question) {
		at := placeIn(question, f.pos)
		p.Line, p.Col = at.Line, at.Col
		if word := wordAt(question, f.pos); word != "" {
			p.What = Textf(Text{"la domanda non va, vicino a «%s»: %s", "the question won't do, near %q: %s"}, word, f.message)
		}
	}
	switch {
	case noSelect.MatchString(f.message):
		p.What = Text{"si può solo leggere: una sola istruzione select", "reading is all that can be done: one select statement"}
		p.Hint = Text{"il magazzino non si modifica da qui: i dati cambiano con le consegne e `piccoli build`", "the warehouse is not changed from here: the data change by deliveries and `piccoli build`"}
	case noTable.MatchString(f.message):
		name := noTable.FindStringSubmatch(f.message)[1]
		p.What = Textf(Text{"la tabella «%s» non c'è", "there is no table %q"}, name)
		p.Hint = Text{"`\\d` le elenca", "`\\d` lists them"}
		if m := didMean.FindStringSubmatch(f.message); m != nil {
			p.Hint = Textf(Text{"forse %s?", "did you mean %s?"}, m[1])
		}
	case noColumn.MatchString(f.message):
		name := noColumn.FindStringSubmatch(f.message)[1]
		p.What = Textf(Text{"la colonna «%s» non c'è", "there is no column %q"}, name)
		if m := didMean.FindStringSubmatch(f.message); m != nil {
			p.Hint = Textf(Text{"forse: %s", "perhaps: %s"}, strings.ReplaceAll(m[1], `"`, ""))
		}
	case notGrouped.MatchString(f.message):
		name := notGrouped.FindStringSubmatch(f.message)[1]
		p.What = Textf(Text{"la colonna «%s» sta accanto a un conteggio, e non è in group by", "the column %q stands beside an aggregate, and is not in group by"}, name)
		p.Hint = Textf(Text{"aggiungere in fondo: group by %[1]s; oppure contarla o sommarla, o prenderne uno qualsiasi con any_value(%[1]s)", "add at the end: group by %[1]s; or count or sum it, or take any with any_value(%[1]s)"}, name)
	case noFunction.MatchString(f.message):
		p.What = Textf(Text{"la funzione «%s» non c'è", "there is no function %q"}, noFunction.FindStringSubmatch(f.message)[1])
		if m := didMean.FindStringSubmatch(f.message); m != nil {
			p.Hint = Textf(Text{"forse %s?", "did you mean %s?"}, m[1])
		}
	case otherTypes.MatchString(f.message):
		p.What = Textf(Text{"«%s»: la funzione non prende valori di questo tipo", "%q: the function does not take values of this type"}, otherTypes.FindStringSubmatch(f.message)[1])
		p.Hint = Text{"`\\d TABELLA` dice di che tipo è ogni colonna; un testo fatto di cifre si converte con ::decimal(18, 2), una data con ::date", "`\\d TABLE` says the type of every column; a text made of digits is converted by ::decimal(18, 2), a date by ::date"}
	case noParse.MatchString(f.message) && describing.MatchString(wordAt(question, max(0, f.pos))):
		p.What = Textf(Text{"«%s» non è una domanda: qui si scrive un select", "%q is no question: a select is written here"}, wordAt(question, f.pos))
		p.Hint = Text{"nella shell `\\d` elenca le tabelle e `\\d NOME` ne spiega una; fuori, `piccoli explain NOME`", "in the shell `\\d` lists the tables and `\\d NAME` explains one; outside of it, `piccoli explain NAME`"}
	case noParse.MatchString(f.message):
		p.What = Textf(Text{"la domanda non si capisce da «%s» in poi", "the question can't be understood from %q on"}, wordAt(question, max(0, f.pos)))
		p.Hint = Text{"guardare anche la parola prima: può essere scritta male, o può mancare una virgola", "look at the word before it too: it may be misspelt, or a comma may be missing"}
	case noCast.MatchString(f.message):
		m := noCast.FindStringSubmatch(f.message)
		p.What = Textf(Text{"il testo «%s» non si può convertire in %s", "the text %q can't be made %s"}, m[1], strings.TrimSpace(m[2]))
		p.Hint = Text{"try_cast(colonna as tipo) lascia vuoto ciò che non si converte", "try_cast(column as type) leaves empty what can't be converted"}
	case noDate.MatchString(f.message):
		p.What = Textf(Text{"«%s» non è una data", "%q is no date"}, noDate.FindStringSubmatch(f.message)[1])
		p.Hint = Text{"in SQL una data si scrive date '2024-03-31'", "in SQL a date is written date '2024-03-31'"}
	}
	return p
}

func placeIn(text string, pos int) Place {
	q := Query{SQL: text, SQLLine: 1}
	return q.place(pos)
}

// wordAt is the word of a text that begins at or before pos.
func wordAt(text string, pos int) string {
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '.' }
	rest := strings.TrimLeft(text[pos:], " \t\n")
	end := strings.IndexFunc(rest, func(r rune) bool { return !isWord(r) })
	if end < 0 {
		end = len(rest)
	}
	if end == 0 && rest != "" {
		return string([]rune(rest)[0])
	}
	return rest[:end]
}
