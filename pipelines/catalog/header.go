package catalog

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

const mark = "-- ---"

// splitHeader parts a file into the YAML of its header and the SQL below it. The header stands in `-- ` lines between two
// marks `-- ---`, the first of them on line 1: never in /* */, which DuckDB nests, so that a glob inside would break the file.
func (f *file) splitHeader(text string) (header, sql string, sqlLine int, ok bool) {
	lines := strings.SplitAfter(text, "\n")
	if strings.TrimRight(lines[0], "\r\n") != mark {
		f.add(1, 1, Text{"manca l'intestazione", "the header is missing"},
			Text{"la prima riga deve essere «-- ---», poi le chiavi in righe «-- », poi di nuovo «-- ---»; `piccoli new mart NOME` ne scrive una",
				"the first line must be \"-- ---\", then the keys in \"-- \" lines, then \"-- ---\" again; `piccoli new mart NAME` writes one"})
		return "", "", 0, false
	}
	var b strings.Builder
	for i, l := range lines[1:] {
		l = strings.TrimRight(l, "\r\n")
		switch {
		case l == mark:
			return b.String(), strings.Join(lines[i+2:], ""), i + 3, true
		case l == "--":
			b.WriteString("\n")
		case strings.HasPrefix(l, "-- "):
			b.WriteString(l[3:] + "\n")
		default:
			f.add(i+2, 1, Text{"riga dell'intestazione senza «-- »", "header line without \"-- \""},
				Text{"ogni riga dell'intestazione comincia con «-- »; la chiude una riga «-- ---»",
					"every header line starts with \"-- \"; a line \"-- ---\" closes it"})
			return "", "", 0, false
		}
	}
	f.add(1, 1, Text{"l'intestazione non è chiusa", "the header is not closed"},
		Text{"aggiungere una riga «-- ---» prima dell'SQL", "add a line \"-- ---\" before the SQL"})
	return "", "", 0, false
}

// headers are those that one load took apart, by their text. Whoever reads one leaves it as it is.
type headers struct{ last, now map[string]*yaml.Node }

func (h headers) parse(text string) (*yaml.Node, error) {
	doc := h.last[text]
	if doc == nil {
		doc = &yaml.Node{}
		if err := yaml.Unmarshal([]byte(text), doc); err != nil {
			return nil, err
		}
	}
	if h.now != nil {
		h.now[text] = doc
	}
	return doc, nil
}

// parse reads one SQL file into a Query. Whatever is wrong is added to the file's problems; the Query holds what could be read.
func (f *file) parse(layer Layer, name, text string) *Query {
	q := &Query{Layer: layer, Name: name, Path: f.path, Line: 1}
	header, sql, sqlLine, ok := f.splitHeader(text)
	if !ok {
		return q
	}
	q.SQL, q.SQLLine = sql, sqlLine
	if strings.TrimSpace(sql) == "" {
		f.add(sqlLine, 1, Text{"sotto l'intestazione non c'è SQL", "there is no SQL below the header"}, Text{})
	}
	doc, err := f.headers.parse(header)
	if err != nil {
		f.yamlError(err)
		return q
	}
	if len(doc.Content) == 0 {
		f.add(1, 1, Text{"l'intestazione è vuota", "the header is empty"}, Text{})
		return q
	}
	f.offset = Place{1, 3}
	m := f.mapping(doc.Content[0], Text{"l'intestazione", "the header"})
	f.query(q, m)
	return q
}

// themes and frequencies are the codes of the EU's vocabularies data-theme and frequency that a dataset may name
// (https://op.europa.eu/en/web/eu-vocabularies).
var (
	themes      = []string{"AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN"}
	frequencies = []string{"ANNUAL", "ANNUAL_2", "ANNUAL_3", "BIENNIAL", "BIMONTHLY", "BIWEEKLY", "DAILY", "IRREG", "MONTHLY", "NEVER", "QUARTERLY", "TRIENNIAL", "UPDATE_CONT", "WEEKLY"}
)

// query reads the keys that the layer of q knows.
func (f *file) query(q *Query, m *mapping) {
	q.Title = m.text("title", must)
	q.Description = m.text("description", must)
	switch q.Layer {
	case Staging:
		if n := m.take("source"); n != nil {
			q.Source = f.source(n)
		}
		q.Key = m.words("key", must)
		q.Columns = f.columns(m.take("columns"), false)
		if q.Columns == nil && q.Source != nil {
			q.Columns = q.Source.Loaded()
		} else if q.Columns == nil {
			m.missing("columns")
		}
		q.Checks = f.checks(m.take("checks"))
	case Marts:
		q.Grain = m.text("grain", must)
		q.Key = m.words("key", must)
		q.Columns = f.columns(m.need("columns"), false)
		q.Rows = f.bounds(m.need("rows"))
		q.Checks = f.checks(m.take("checks"))
		q.Charts = f.charts(m.take("charts"), q)
		q.Keywords = f.keywords(m.take("keywords"))
		q.Themes = m.words("themes", may)
		q.Frequency = m.scalar("frequency", may)
		if n := m.fields["frequency"]; n != nil && !slices.Contains(frequencies, q.Frequency) {
			f.at(n, Text{"frequenza «%s» sconosciuta", "unknown frequency %q"}, q.Frequency).guess(q.Frequency, frequencies)
		}
		for i, t := range q.Themes {
			if !slices.Contains(themes, t) {
				f.at(m.fields["themes"].Content[i], Text{"tema «%s» sconosciuto", "unknown theme %q"}, t).guess(t, themes)
			}
		}
		q.Sources = m.words("sources", may)
		if n := m.take("date"); n != nil {
			q.Date = f.column(n, q, "date")
		}
		f.history(q, m)
		if n := m.take("list"); n != nil {
			q.List = f.list(n, q)
		}
	case Checks:
		q.Severity = f.severity(m.need("severity"))
		f.rowCheck(q, m)
	case Reports:
		q.Params = f.params(m.take("params"))
		q.Columns = f.columns(m.need("columns"), false)
		q.Key = m.words("key", must)
		q.Charts = f.charts(m.take("charts"), q)
	}
	m.done()
	f.keyColumns(q, m)
}

// history reads what became of columns and of the dataset's name since they were published: addresses of old versions lead on from it.
func (f *file) history(q *Query, m *mapping) {
	if n := m.take("renamed"); n != nil {
		r := f.mapping(n, Text{"«renamed»", "\"renamed\""})
		q.RenamedFrom = r.scalar("dataset", may)
		if q.RenamedFrom == q.Name {
			f.at(r.fields["dataset"], Text{"«%s» è il nome di adesso", "%q is the present name"}, q.Name)
		}
		if c := r.take("columns"); c != nil {
			columns := f.mapping(c, Text{"«columns» di «renamed»", "\"columns\" of \"renamed\""})
			for _, old := range columns.order {
				if q.Column(old) != nil {
					f.at(columns.keys[old], Text{"«%s» c'è ancora: non ha cambiato nome", "%q is still there: it was not renamed"}, old).
						advise(Text{"si scrive {nome_vecchio: nome_nuovo}", "write {old_name: new_name}"})
				}
				q.Renamed = append(q.Renamed, Rename{old, f.column(columns.take(old), q, "renamed")})
			}
		}
		r.done()
	}
	for i, old := range m.words("removed", may) {
		if q.Column(old) != nil {
			f.at(m.fields["removed"].Content[i], Text{"«%s» c'è ancora: non è stata tolta", "%q is still there: it was not removed"}, old)
		}
		q.Removed = append(q.Removed, old)
	}
}

func (f *file) keyColumns(q *Query, m *mapping) {
	n := m.fields["key"]
	for i, k := range q.Key {
		c := q.Column(k)
		if c == nil && len(q.Columns) > 0 {
			f.unknownColumn(n.Content[i], q, k, "key")
		}
		if slices.Contains(q.Key[:i], k) {
			f.at(n.Content[i], Text{"la chiave ripete «%s»", "the key repeats %q"}, k)
		}
	}
	if len(q.Key) == 0 && n != nil {
		f.at(n, Text{"la chiave è vuota", "the key is empty"})
	}
}

// columns reads a block of column declarations, in their order; nil where n is nil.
func (f *file) columns(n *yaml.Node, ofSource bool) []Column {
	if n == nil {
		return nil
	}
	m := f.mapping(n, Text{"«columns»", "\"columns\""})
	cols := []Column{}
	for _, name := range m.order {
		c := f.mapping(m.take(name), Textf(Text{"la colonna «%s»", "the column %q"}, name))
		col := Column{Name: name, Line: c.line}
		if !isName(name) {
			f.at(c.at, Text{"«%s» non è un nome di colonna", "%q is not a column name"}, name).
				advise(Text{"minuscole, cifre e trattini bassi, a cominciare da una lettera: importo_eur", "lower case, digits and underscores, a letter first: importo_eur"})
		}
		col.Type = f.typeName(c)
		col.Text = Text{c.scalar("it", must), c.scalar("en", must)}
		col.Unit = c.scalar("unit", may)
		col.Ref = c.scalar("ref", may)
		if col.Ref != "" && strings.Count(col.Ref, ".") != 1 {
			f.at(c.fields["ref"], Text{"«%s» non è dataset.colonna", "%q is not dataset.column"}, col.Ref)
			col.Ref = ""
		}
		if b := c.boolean("required"); b != nil {
			col.Required = *b
		}
		if col.Additive = c.boolean("additive"); col.Additive != nil && !col.Numeric() {
			f.at(c.fields["additive"], Text{"solo un numero può essere additivo, «%s» è %s", "only a number can be additive, %q is %s"}, name, col.Type)
		}
		col.Allowed = c.words("allowed", may)
		if col.Format = c.scalar("format", may); col.Format != "" && !slices.Contains(formats, col.Format) {
			f.at(c.fields["format"], Text{"formato «%s» sconosciuto", "unknown format %q"}, col.Format).guess(col.Format, formats)
		}
		if ofSource {
			f.sourceColumn(c, &col)
		}
		c.done()
		cols = append(cols, col)
	}
	return cols
}

func (f *file) typeName(c *mapping) string {
	t := c.scalar("type", must)
	if t != "" && !slices.Contains(types, t) && !decimalType.MatchString(t) {
		f.at(c.fields["type"], Text{"tipo «%s» sconosciuto", "unknown type %q"}, t).
			advise(Text{"i tipi sono " + strings.Join(types, ", ") + " e \"decimal(18,2)\" (tra virgolette)",
				"the types are " + strings.Join(types, ", ") + " and \"decimal(18,2)\" (quoted)"})
		return "text"
	}
	return t
}

func (f *file) bounds(n *yaml.Node) *Bounds {
	if n == nil {
		return nil
	}
	m := f.mapping(n, Text{"«rows»", "\"rows\""})
	before := len(f.problems)
	b := &Bounds{Min: m.whole("min", must), Max: m.whole("max", must), Line: m.line}
	m.done()
	if len(f.problems) == before && b.Min > b.Max {
		f.at(n, Text{"il minimo %d supera il massimo %d", "the minimum %d is above the maximum %d"}, b.Min, b.Max)
	}
	return b
}

func (f *file) checks(n *yaml.Node) []Check {
	var out []Check
	for _, e := range f.sequence(n, "checks") {
		if e.Kind == yaml.ScalarNode {
			out = append(out, Check{Rule: e.Value, Severity: Error, Line: f.line(e)})
			continue
		}
		m := f.mapping(e, Text{"la regola", "the rule"})
		c := Check{Rule: m.scalar("rule", must), Text: Text{m.scalar("it", must), m.scalar("en", must)}, Line: m.line, Severity: Error}
		if s := m.take("severity"); s != nil {
			c.Severity = f.severity(s)
		}
		c.Reason, c.Column = m.scalar("reason", may), m.scalar("column", may)
		if (c.Severity == Row) != (c.Reason != "") {
			f.at(e, Text{"«severity: row» e «reason» vanno insieme", "\"severity: row\" and \"reason\" go together"}).
				advise(Text{"reason è la sigla del motivo nella quarantena: date_non_in_ordine", "reason is the short name of the reason in the quarantine: date_non_in_ordine"})
		}
		m.done()
		out = append(out, c)
	}
	return out
}

func (f *file) severity(n *yaml.Node) Severity {
	if n == nil {
		return Error
	}
	if s := Severity(n.Value); s == Error || s == Warning || s == Row {
		return s
	}
	f.at(n, Text{"gravità «%s» sconosciuta", "unknown severity %q"}, n.Value).advise(Text{"error, warning oppure row", "error, warning or row"})
	return Error
}

func (f *file) charts(n *yaml.Node, q *Query) []Chart {
	var out []Chart
	for _, e := range f.sequence(n, "charts") {
		m := f.mapping(e, Text{"il grafico", "the chart"})
		c := Chart{Kind: m.scalar("kind", must), Title: m.text("title", may), Where: m.scalar("where", may), Sort: m.scalar("sort", may), Line: m.line}
		if m.fields["limit"] != nil {
			c.Limit = int(m.whole("limit", may))
		}
		label := "category"
		switch c.Kind {
		case "map":
			label = "area"
			c.Area = f.column(m.need("area"), q, "area")
		case "bar", "line":
			c.Category = f.column(m.need("category"), q, "category")
		default:
			if k := m.fields["kind"]; k != nil {
				f.at(k, Text{"tipo di grafico «%s» sconosciuto", "unknown kind of chart %q"}, c.Kind).guess(c.Kind, []string{"bar", "line", "map"})
			}
			m.take("category")
			m.take("area")
		}
		value := m.need("value")
		c.Value = f.column(value, q, "value")
		if col := q.Column(c.Value); col != nil && !col.Numeric() {
			f.at(value, Text{"il valore «%s» non è un numero ma %s", "the value %q is no number but %s"}, c.Value, col.Type)
		}
		if col := q.Column(c.Category + c.Area); col != nil && label == "area" && col.Type != "text" {
			f.at(m.fields[label], Text{"l'area «%s» dev'essere un codice di testo", "the area %q must be a text code"}, col.Name)
		}
		if c.Sort != "" && c.Sort != "key" && c.Sort != "value" {
			f.at(m.fields["sort"], Text{"ordine «%s» sconosciuto", "unknown order %q"}, c.Sort).advise(Text{"key oppure value", "key or value"})
		}
		m.done()
		out = append(out, c)
	}
	return out
}

func (f *file) keywords(n *yaml.Node) map[string][]string {
	if n == nil {
		return nil
	}
	m := f.mapping(n, Text{"«keywords»", "\"keywords\""})
	out := map[string][]string{"it": m.words("it", must), "en": m.words("en", must)}
	m.done()
	for _, lang := range []string{"it", "en"} {
		for i, w := range out[lang] {
			if strings.ContainsAny(w, ",'’") {
				f.at(m.fields[lang].Content[i], Text{"la parola chiave «%s» ha una virgola o un apostrofo", "the keyword %q has a comma or an apostrophe"}, w).
					advise(Text{"DCAT-AP_IT non li ammette nelle parole chiave", "DCAT-AP_IT does not admit them in keywords"})
			}
		}
	}
	return out
}
