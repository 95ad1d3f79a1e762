package release

import (
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// The catalogue is one set of triples that three serialisers write (turtle.go, rdfxml.go, jsonld.go): the files can't say different things.
// Every node has an address of its own, also those that others leave blank, so that two graphs are the same if their triples are.

// vocabulary is a namespace with the prefix it is written by.
type vocabulary struct{ prefix, base string }

// vocabularies are those in use, by prefix.
var vocabularies = []vocabulary{
	{"dcat", "http://www.w3.org/ns/dcat#"},
	{"dcatapit", "http://dati.gov.it/onto/dcatapit#"},
	{"dct", "http://purl.org/dc/terms/"},
	{"dqv", "http://www.w3.org/ns/dqv#"},
	{"foaf", "http://xmlns.com/foaf/0.1/"},
	{"oa", "http://www.w3.org/ns/oa#"},
	{"owl", "http://www.w3.org/2002/07/owl#"},
	{"prov", "http://www.w3.org/ns/prov#"},
	{"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
	{"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
	{"skos", "http://www.w3.org/2004/02/skos/core#"},
	{"spdx", "http://spdx.org/rdf/terms#"},
	{"vcard", "http://www.w3.org/2006/vcard/ns#"},
	{"xsd", "http://www.w3.org/2001/XMLSchema#"},
}

// full writes out a prefixed name of a known vocabulary: dct:title.
func full(name string) string {
	prefix, local, _ := strings.Cut(name, ":")
	i := slices.IndexFunc(vocabularies, func(v vocabulary) bool { return v.prefix == prefix })
	if i < 0 {
		panic("release: no vocabulary " + prefix)
	}
	return vocabularies[i].base + local
}

// value is the object of a triple: an address, or a literal with a language or a datatype.
type value struct {
	iri      string // an absolute address, or empty
	text     string
	lang     string // it, en, or empty
	datatype string // a prefixed name, or empty: a plain string
}

func iri(address string) value       { return value{iri: address} }
func term(name string) value         { return value{iri: full(name)} }
func literal(text string) value      { return value{text: text} }
func typed(text, of string) value    { return value{text: text, datatype: of} }
func isoDate(date string) value      { return typed(date, "xsd:date") }
func worded(lang, text string) value { return value{text: text, lang: lang} }
func both(t catalog.Text) []value    { return []value{worded("it", t.It), worded("en", t.En)} }

// property is one predicate, by its prefixed name, with its objects in the order of writing.
type property struct {
	name    string
	objects []value
}

// node is a subject with its classes and properties, in the order of writing.
type node struct {
	iri        string
	classes    []string // prefixed names
	properties []property
}

// add says something of the node; no object, nothing said.
func (n *node) add(name string, objects ...value) {
	if len(objects) > 0 {
		n.properties = append(n.properties, property{name, objects})
	}
}

// graph is a set of triples, by subject.
type graph struct{ nodes []*node }

// node starts the description of a thing.
func (g *graph) node(address string, classes ...string) *node {
	n := &node{iri: address, classes: classes}
	g.nodes = append(g.nodes, n)
	return n
}

// prefixes are the vocabularies that the graph uses.
func (g *graph) prefixes() (out []vocabulary) {
	used := map[string]bool{}
	use := func(name string) { prefix, _, _ := strings.Cut(name, ":"); used[prefix] = true }
	for _, n := range g.nodes {
		for _, c := range n.classes {
			use(c)
		}
		for _, p := range n.properties {
			use(p.name)
			for _, o := range p.objects {
				if o.datatype != "" {
					use(o.datatype)
				}
			}
		}
	}
	for _, v := range vocabularies {
		if used[v.prefix] {
			out = append(out, v)
		}
	}
	return out
}
