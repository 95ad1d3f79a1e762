package release

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// rdfXML writes the graph as RDF 1.1 XML (https://www.w3.org/TR/rdf-syntax-grammar/), the form that national portals harvest.
func (g *graph) rdfXML() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString("<rdf:RDF")
	rdf := false
	for _, v := range g.prefixes() {
		fmt.Fprintf(&b, "\n  xmlns:%s=%q", v.prefix, v.base)
		rdf = rdf || v.prefix == "rdf"
	}
	if !rdf {
		fmt.Fprintf(&b, "\n  xmlns:rdf=%q", full("rdf:"))
	}
	b.WriteString(">\n")
	var err error
	escaped := func(text string) string {
		var e bytes.Buffer
		if e2 := xml.EscapeText(&e, []byte(text)); e2 != nil {
			err = e2
		}
		return e.String()
	}
	for _, n := range g.nodes {
		name := "rdf:Description"
		classes := n.classes
		if len(classes) > 0 {
			name, classes = classes[0], classes[1:]
		}
		fmt.Fprintf(&b, "  <%s rdf:about=\"%s\">\n", name, escaped(n.iri))
		for _, c := range classes {
			fmt.Fprintf(&b, "    <rdf:type rdf:resource=\"%s\"/>\n", escaped(full(c)))
		}
		for _, p := range n.properties {
			for _, o := range p.objects {
				switch {
				case o.iri != "":
					fmt.Fprintf(&b, "    <%s rdf:resource=\"%s\"/>\n", p.name, escaped(o.iri))
				case o.lang != "":
					fmt.Fprintf(&b, "    <%s xml:lang=\"%s\">%s</%[1]s>\n", p.name, o.lang, escaped(o.text))
				case o.datatype != "":
					fmt.Fprintf(&b, "    <%s rdf:datatype=\"%s\">%s</%[1]s>\n", p.name, escaped(full(o.datatype)), escaped(o.text))
				default:
					fmt.Fprintf(&b, "    <%s>%s</%[1]s>\n", p.name, escaped(o.text))
				}
			}
		}
		fmt.Fprintf(&b, "  </%s>\n", name)
	}
	b.WriteString("</rdf:RDF>\n")
	return b.Bytes(), err
}
