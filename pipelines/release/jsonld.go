package release

// jsonLD writes the graph as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) with its context inside: nothing has to be fetched to read it.
func (g *graph) jsonLD() ([]byte, error) {
	context := map[string]string{}
	for _, v := range g.prefixes() {
		context[v.prefix] = v.base
	}
	nodes := make([]map[string]any, len(g.nodes))
	for i, n := range g.nodes {
		out := map[string]any{"@id": n.iri}
		if len(n.classes) > 0 {
			out["@type"] = n.classes
		}
		for _, p := range n.properties {
			values, _ := out[p.name].([]map[string]string)
			for _, o := range p.objects {
				values = append(values, o.jsonLD())
			}
			out[p.name] = values
		}
		nodes[i] = out
	}
	return encode(map[string]any{"@context": context, "@graph": nodes})
}

func (v value) jsonLD() map[string]string {
	switch {
	case v.iri != "":
		return map[string]string{"@id": v.iri}
	case v.lang != "":
		return map[string]string{"@value": v.text, "@language": v.lang}
	case v.datatype != "":
		return map[string]string{"@value": v.text, "@type": v.datatype}
	}
	return map[string]string{"@value": v.text}
}
