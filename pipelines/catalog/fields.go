package catalog

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xrash/smetrics"
	"go.yaml.in/yaml/v4"
)

var (
	types       = []string{"text", "integer", "bigint", "date", "boolean", "double"}
	decimalType = regexp.MustCompile(`^decimal\((?:[1-9]|[12]\d|3[0-8]),(?:\d|[12]\d|3[0-8])\)$`)
	formats     = []string{"codice_istat", "codice_catastale", "cup", "cig", "codice_fiscale_ente", "codice_ipa", "nuts", "url"}
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	isoDate     = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
)

func isName(s string) bool { return nameForm.MatchString(s) }

// Place is a line and a column, from 1.
type Place struct{ Line, Col int }

// file is one file while it is read: where it is and what is wrong with it.
type file struct {
	path     string
	problems Problems
	offset   Place // of the YAML in the file: lines above it, characters before it
	calls    []placedCall
	headers  headers
}

// placedCall is a call of a scalar function, in lower case, where it stands in the file.
type placedCall struct {
	name string
	at   Place
}

func (f *file) add(line, col int, what, hint Text) {
	f.problems = append(f.problems, Problem{File: f.path, Line: line, Col: col, What: what, Hint: hint})
}

func (f *file) line(n *yaml.Node) int { return n.Line + f.offset.Line }

// remark is a problem just added, to which advice can be given.
type remark struct{ p *Problem }

func (f *file) at(n *yaml.Node, what Text, args ...any) remark {
	if len(args) > 0 {
		what = Textf(what, args...)
	}
	f.add(f.line(n), n.Column+f.offset.Col, what, Text{})
	return remark{&f.problems[len(f.problems)-1]}
}

func (r remark) advise(t Text) { r.p.Hint = t }

// guess advises the known word nearest to what was written, or lists them all.
func (r remark) guess(written string, known []string) {
	if len(known) == 0 {
		return
	}
	if best := Nearest(written, known); best != "" {
		r.p.Hint = Textf(Text{"forse «%s»?", "did you mean %q?"}, best)
		return
	}
	r.p.Hint = Textf(Text{"si conoscono: %s", "known are: %s"}, strings.Join(known, ", "))
}

// Nearest gives the word of known that is nearest to what was written, or "" where none is near.
func Nearest(written string, known []string) string {
	best, distance := "", max(1, (len(written)+1)/3)+1
	for _, k := range known {
		if max(len(written), len(k))-min(len(written), len(k)) >= distance { // no nearer than that; a cell of a megabyte would take minutes
			continue
		}
		if d := smetrics.WagnerFischer(written, k, 1, 1, 1); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// yamlError says where the YAML itself is broken.
func (f *file) yamlError(err error) {
	line, col, message := 1, 1, err.Error()
	var load *yaml.LoadError
	if errors.As(err, &load) {
		line, col, message = load.Mark.Line+1, load.Mark.Column+3, load.Message
	}
	f.add(line, col, Textf(Text{"l'intestazione non è YAML: %s", "the header is not YAML: %s"}, message),
		Text{"va tra virgolette un testo che contiene «: » o comincia con { [ * & ! % @", "quote a text that holds \": \" or starts with { [ * & ! % @"})
}

type presence bool

const (
	must presence = true
	may  presence = false
)

// mapping reads the keys of one YAML mapping; each key may be taken once, and those left at the end are unknown.
type mapping struct {
	f      *file
	what   Text
	at     *yaml.Node
	line   int
	order  []string
	fields map[string]*yaml.Node // values by key
	keys   map[string]*yaml.Node
	asked  []string
}

func (f *file) mapping(n *yaml.Node, what Text) *mapping {
	m := &mapping{f: f, what: what, at: n, line: f.line(n), fields: map[string]*yaml.Node{}, keys: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		f.at(n, Text{what.It + ": servono chiavi e valori", what.En + ": keys and values are wanted"}).
			advise(Text{"per esempio {it: …, en: …}", "for example {it: …, en: …}"})
		return m
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if m.fields[k.Value] != nil {
			f.at(k, Text{"la chiave «%s» è ripetuta", "the key %q is repeated"}, k.Value).
				advise(Textf(Text{"la prima è alla riga %d", "the first is on line %d"}, f.line(m.keys[k.Value])))
			continue
		}
		m.fields[k.Value], m.keys[k.Value] = v, k
		m.order = append(m.order, k.Value)
	}
	return m
}

// take gives the value of a key, or nil.
func (m *mapping) take(key string) *yaml.Node {
	m.asked = append(m.asked, key)
	return m.fields[key]
}

// need gives the value of a key and adds a problem where it is absent.
func (m *mapping) need(key string) *yaml.Node {
	n := m.take(key)
	if n == nil {
		m.missing(key)
	}
	return n
}

func (m *mapping) missing(key string) {
	m.f.at(m.at, Text{m.what.It + ": manca «" + key + "»", m.what.En + `: "` + key + `" is missing`})
}

// done adds a problem for every key that nothing asked for.
func (m *mapping) done() {
	for _, k := range m.order {
		if slices.Contains(m.asked, k) {
			continue
		}
		r := m.f.at(m.keys[k], Text{"chiave «%s» sconosciuta", "unknown key %q"}, k)
		var free []string
		for _, a := range m.asked {
			if m.fields[a] == nil {
				free = append(free, a)
			}
		}
		if len(free) == 0 {
			free = m.asked
		}
		r.guess(k, free)
	}
}

func (m *mapping) scalar(key string, p presence) string {
	n := m.take(key)
	if n == nil {
		if p == must {
			m.missing(key)
		}
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		m.f.at(n, Text{"«%s» dev'essere un testo", "%q must be a text"}, key)
		return ""
	}
	if p == must && strings.TrimSpace(n.Value) == "" {
		m.f.at(n, Text{"«%s» è vuoto", "%q is empty"}, key)
	}
	return n.Value
}

func (m *mapping) boolean(key string) *bool {
	n := m.take(key)
	if n == nil {
		return nil
	}
	b := n.Value == "true"
	if n.Value != "true" && n.Value != "false" {
		m.f.at(n, Text{"«%s» dev'essere true o false", "%q must be true or false"}, key)
	}
	return &b
}

// set writes a key's value to a field, if the key is there.
func (m *mapping) set(key string, to *bool) {
	if b := m.boolean(key); b != nil {
		*to = *b
	}
}

func (m *mapping) whole(key string, p presence) int64 {
	n := m.take(key)
	if n == nil {
		if p == must {
			m.missing(key)
		}
		return 0
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil || v < 0 {
		m.f.at(n, Text{"«%s» dev'essere un numero intero, non «%s»", "%q must be a whole number, not %q"}, key, n.Value)
	}
	return v
}

// text reads {it: …, en: …}.
func (m *mapping) text(key string, p presence) Text {
	n := m.take(key)
	if n == nil {
		if p == must {
			m.missing(key)
		}
		return Text{}
	}
	t := m.f.mapping(n, Textf(Text{"«%s»", "%q"}, key))
	out := Text{}
	if n.Kind == yaml.MappingNode {
		out = Text{t.scalar("it", must), t.scalar("en", must)}
		t.done()
	}
	return out
}

// words reads a list of texts.
func (m *mapping) words(key string, p presence) []string {
	n := m.take(key)
	if n == nil {
		if p == must {
			m.missing(key)
		}
		return nil
	}
	var out []string
	for _, e := range m.f.sequence(n, key) {
		if e.Kind != yaml.ScalarNode {
			m.f.at(e, Text{"«%s» è un elenco di testi", "%q is a list of texts"}, key)
			continue
		}
		out = append(out, e.Value)
	}
	return out
}

// sequence gives the elements of a list; none where n is nil.
func (f *file) sequence(n *yaml.Node, key string) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		f.at(n, Text{"«%s» dev'essere un elenco: [a, b]", "%q must be a list: [a, b]"}, key)
		return nil
	}
	return n.Content
}

// column reads the name of a declared column of q.
func (f *file) column(n *yaml.Node, q *Query, key string) string {
	if n == nil {
		return ""
	}
	if q.Column(n.Value) == nil {
		f.unknownColumn(n, q, n.Value, key)
		return ""
	}
	return n.Value
}

func (f *file) unknownColumn(n *yaml.Node, q *Query, name, key string) {
	var known []string
	for _, c := range q.Columns {
		known = append(known, c.Name)
	}
	f.at(n, Text{"«%s»: la colonna «%s» non è tra quelle dichiarate", "%s: the column %q is not among those declared"}, key, name).guess(name, known)
}
