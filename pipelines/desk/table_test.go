package desk_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
)

// TestFolded writes an answer that fits only where its texts are folded after their signs, and one that would be a tower of lines: that one is written
// row by row. Codes with digits, numbers and dates stay whole in both.
func TestFolded(t *testing.T) {
	text := func(s string) sql.NullString { return sql.NullString{String: s, Valid: true} }
	r := &desk.Report{Simulated: true, Query: &catalog.Query{Path: "queries/reports/prova.sql", Title: catalog.Text{It: "Prova", En: "Trial"}}}
	r.Columns = []catalog.Column{{Name: "piano", Type: "text", Text: catalog.Text{It: "Piano"}}, {Name: "programma", Type: "text", Text: catalog.Text{It: "Programma"}},
		{Name: "casi", Type: "integer", Text: catalog.Text{It: "Casi conclusi in tempo"}}, {Name: "giorno", Type: "date", Text: catalog.Text{It: "Giorno"}}}
	r.Rows = [][]sql.NullString{{text("SIM-P-00108"), text("avviso-piccoli-comuni"), text("1340"), text("2021-01-26")}}
	for name, c := range map[string]struct{ programme, want string }{
		"signs": {"avviso-piccoli-comuni", `DATI SIMULATI: inventati da un programma per
  provare il sistema; niente va usato o citato
Prova
 Piano        Programma        Casi  Giorno
                           conclusi
                           in tempo
────────────────────────────────────────────────
 SIM-P-00108  avviso-         1.340  26/01/2021
              piccoli-
              comuni
1 riga
`},
		"tower": {strings.TrimSpace(strings.Repeat("molte parole ", 10)), `DATI SIMULATI: inventati da un programma per
  provare il sistema; niente va usato o citato
Prova
── 1 ───────────────────────────────────────────
 Piano                   SIM-P-00108
 Programma               molte parole molte
                         parole molte parole
                         molte parole molte
                         parole molte parole
                         molte parole molte
                         parole molte parole
                         molte parole
 Casi conclusi in tempo  1.340
 Giorno                  26/01/2021
1 riga
`},
	} {
		t.Run(name, func(t *testing.T) {
			r.Rows[0][1] = text(c.programme)
			var b strings.Builder
			if err := r.Write(t.Context(), &b, "table", desk.Style{Lang: "it", Width: 48}); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, b.String()); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

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
 Piano        Comune capofila  Da           Importo (€)
                               presentare
                               entro
────────────────────────────────────────────────────────
 SIM-P-00108  Santa Sofia      26/01/2021  1.234.567,50
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
