package ingest

import "piccoli/pipelines/catalog"

// Present gives the input files that lie where the contracts say, by table and SHA-256: table, digest → path.
func Present(in Inputs, c *catalog.Catalog) (map[[2]string]string, error) {
	out := map[[2]string]string{}
	for _, q := range c.Layer(catalog.Staging) {
		if q.Source == nil {
			continue
		}
		if !q.Source.Delivered() {
			files, err := Files(in.Root, q)
			if err != nil {
				return nil, err
			}
			for _, f := range files {
				out[[2]string{q.Name, f.SHA256}] = f.Path
			}
			continue
		}
		for _, pattern := range q.Source.Files {
			files, err := in.matches(pattern, len(q.Source.Packed) > 0)
			if err != nil {
				return nil, err
			}
			for _, f := range files {
				out[[2]string{q.Name, f.SHA256}] = f.Path
			}
		}
	}
	return out, nil
}
