package desk_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
)

// TestTerminalWidth writes one answer for terminals of several widths: texts are folded between words, and where the columns can't stand side by side
// each row is written below the other. No number, date or code is ever broken.
func TestTerminalWidth(t *testing.T) {
	text := func(s string) sql.NullString { return sql.NullString{String: s, Valid: true} }
	r := &desk.Report{Query: &catalog.Query{Path: "queries/reports/prova.sql", Title: catalog.Text{It: "Prova", En: "Trial"}}}
	r.Columns = []catalog.Column{{Name: "piano", Type: "text", Text: catalog.Text{It: "Piano"}}, {Name: "comune", Type: "text", Text: catalog.Text{It: "Comune capofila"}},
		{Name: "giorno", Type: "date", Text: catalog.Text{It: "Da presentare entro"}}, {Name: "importo_eur", Type: "decimal(18,2)", Unit: "EUR", Text: catalog.Text{It: "Importo"}}}
	r.Rows = [][]sql.NullString{{text("SIM-P-00108"), text("Santa Sofia d'Epiro"), text("2021-01-26"), text("1234567.50")}}
	for width, want := range map[int]string{
		80: `Prova
 Piano        Comune capofila      Da presentare entro   Importo (€)
─────────────────────────────────────────────────────────────────────
 SIM-P-00108  Santa Sofia d'Epiro  26/01/2021           1.234.567,50
1 riga
`,
		56: `Prova
 Piano        Comune        Da presentare   Importo (€)
              capofila      entro
────────────────────────────────────────────────────────
 SIM-P-00108  Santa Sofia   26/01/2021     1.234.567,50
              d'Epiro
1 riga
`,
		40: `Prova
── 1 ───────────────────────────────────
 Piano                SIM-P-00108
 Comune capofila      Santa Sofia
                      d'Epiro
 Da presentare entro  26/01/2021
 Importo (€)          1.234.567,50
1 riga
`,
	} {
		var b strings.Builder
		if err := r.Write(t.Context(), &b, "table", desk.Style{Lang: "it", Width: width}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, b.String()); d != "" {
			t.Errorf("%d columns: -want +got:\n%s", width, d)
		}
	}
}
