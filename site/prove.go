package site

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// prova is where a figure is proved: an anchor on the page of its dataset. Of a small dataset that is the row itself; a figure made of
// several rows has an entry of its own there, with the filter that gives them in the CSV.
type prova struct{ D, A string }

// filtrata is a figure made of the rows that a filter gives.
type filtrata struct {
	Ancora  string
	Cosa    catalog.Text // the figure in words
	Colonna string       // the column added up or counted, or empty: the rows are counted
	Diversi string       // an SQL expression whose different values are counted, in place of the above
	Filtro  string       // an SQL condition over the dataset's columns
	Pagina  named        // the first page that shows the figure
}

// proves notes a figure of several rows and gives its anchor. Pages of datasets are made after those that call it; see builder.pages.
func (b *builder) proves(dataset, column, filter string, what catalog.Text, where named) prova {
	return b.filters(dataset, filtrata{Cosa: what, Colonna: column, Filtro: filter, Pagina: where})
}

// provesDifferent notes a figure that counts the different values of an expression in the rows that a filter gives.
func (b *builder) provesDifferent(dataset, expression, filter string, what catalog.Text, where named) prova {
	return b.filters(dataset, filtrata{Cosa: what, Diversi: expression, Filtro: filter, Pagina: where})
}

func (b *builder) filters(dataset string, f filtrata) prova {
	sum := sha256.Sum256([]byte(f.Colonna + f.Diversi + "\x00" + f.Filtro))
	f.Ancora = "p-" + hex.EncodeToString(sum[:4])
	if b.prove == nil {
		b.prove = map[string][]filtrata{}
	}
	if !slices.ContainsFunc(b.prove[dataset], func(known filtrata) bool { return known.Ancora == f.Ancora }) {
		b.prove[dataset] = append(b.prove[dataset], f)
	}
	return prova{dataset, f.Ancora}
}

// equals is the SQL condition that columns have these values: column, value, column, value…
func equals(kv ...string) string {
	var parts []string
	for i := 0; i+1 < len(kv); i += 2 {
		parts = append(parts, kv[i]+" = "+catalog.Literal(kv[i+1]))
	}
	return strings.Join(parts, " and ")
}
