package release

import (
	"bytes"
	"fmt"
	"strings"
)

// turtle writes the graph as RDF 1.1 Turtle (https://www.w3.org/TR/turtle/). There is no kept Go library that writes it, and of the language only prefixes,
// addresses and quoted strings are needed.
func (g *graph) turtle() []byte {
	var b bytes.Buffer
	for _, v := range g.prefixes() {
		fmt.Fprintf(&b, "@prefix %s: <%s> .\n", v.prefix, v.base)
	}
	for _, n := range g.nodes {
		fmt.Fprintf(&b, "\n%s", turtleAddress(n.iri))
		end := ""
		if len(n.classes) > 0 {
			fmt.Fprintf(&b, " a %s", strings.Join(n.classes, " , "))
			end = " ;\n "
		}
		for _, p := range n.properties {
			fmt.Fprintf(&b, "%s %s ", end, p.name)
			for i, o := range p.objects {
				if i > 0 {
					b.WriteString(" , ")
				}
				b.WriteString(o.turtle())
			}
			end = " ;\n "
		}
		b.WriteString(" .\n")
	}
	return b.Bytes()
}

// turtleEscapes are those of strings in Turtle; other characters stand for themselves.
var turtleEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func (v value) turtle() string {
	if v.iri != "" {
		return turtleAddress(v.iri)
	}
	text := `"` + turtleEscapes.Replace(v.text) + `"`
	switch {
	case v.lang != "":
		return text + "@" + v.lang
	case v.datatype != "":
		return text + "^^" + v.datatype
	}
	return text
}

// turtleAddress writes an address; what may not stand in one as it is gets the escape of the language.
func turtleAddress(address string) string {
	var b strings.Builder
	b.WriteByte('<')
	for _, r := range address {
		if r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) {
			fmt.Fprintf(&b, `\u%04X`, r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteByte('>')
	return b.String()
}
