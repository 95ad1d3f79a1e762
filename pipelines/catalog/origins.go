package catalog

// Origins are the staging files with a source that stand behind a query, through whatever it reads, in the order of Queries.
func (c *Catalog) Origins(q *Query) (out []*Query) {
	behind := map[*Query]bool{}
	var walk func(q *Query)
	walk = func(q *Query) {
		for _, r := range q.DependsOn {
			if dep := c.Find(Layer(r.Schema), r.Name); dep != nil && !behind[dep] {
				behind[dep] = true
				walk(dep)
			}
		}
	}
	walk(q)
	for _, dep := range c.Queries {
		if behind[dep] && dep.Layer == Staging && dep.Source != nil {
			out = append(out, dep)
		}
	}
	return out
}
