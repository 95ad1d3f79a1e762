package catalog

import (
	"fmt"
	"strings"
)

// Graph draws what reads what in Graphviz's DOT, one box per table, one rank per layer. The text is the same on every run.
func (c *Catalog) Graph() string {
	var b strings.Builder
	b.WriteString("digraph piccoli {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n")
	for _, l := range []Layer{Staging, Marts, Checks, Reports} {
		for _, q := range c.Layer(l) {
			fmt.Fprintf(&b, "  %q;\n", q)
		}
	}
	for _, q := range c.Queries {
		if q.Source != nil {
			for _, f := range q.Source.Files {
				fmt.Fprintf(&b, "  %q [shape=note];\n  %q -> %q;\n", f, f, q)
			}
		}
		for _, d := range q.DependsOn {
			if d.Schema != "raw" {
				fmt.Fprintf(&b, "  %q -> %q;\n", d, q)
			}
		}
	}
	b.WriteString("}\n")
	return b.String()
}
