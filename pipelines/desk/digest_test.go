package desk_test

import (
	"strings"
	"testing"

	"piccoli/pipelines/desk"
	"piccoli/pipelines/release"
)

// TestDigestExplains wants a note to say what changed in the columns, by which rows a total moved, to the cent, and a value that went or came.
func TestDigestExplains(t *testing.T) {
	value := func(s string) *string { return &s }
	n := int64(3)
	d := desk.Digest{Site: "https://x.example.org/", Changes: &release.Changes{From: release.Point{Version: "1.0.0", Date: "2026-06-01"}, To: release.Point{Version: "2.0.0", Date: "2026-06-15"}, Level: release.Major,
		Schema: []release.SchemaChange{{Level: release.Major, Kind: release.DatasetRemoved, Dataset: "vecchie_righe"}},
		Datasets: []release.DatasetChange{{Dataset: "operazioni", Title: release.Words{It: "Elenco", En: "List"}, Before: &n, After: &n, Added: 1, Removed: 1, Changed: 1, Key: []string{"codice"},
			Totals:     []release.Total{{Column: "spesa", Unit: "EUR", Before: "3300.63", Added: "1000.90", Removed: "2000.20", Changed: "-0.33", After: "2301.00"}, {Column: "ferma", Before: "1.00", Added: "0.00", Removed: "0.00", Changed: "0.00", After: "1.00"}},
			AddedTop:   []release.Row{{Key: []string{"O-4"}, Cells: []release.Cell{{Column: "spesa", After: value("1000.90")}}}},
			ChangedTop: []release.Row{{Key: []string{"O-3"}, Cells: []release.Cell{{Column: "nota", Before: value("vecchia")}, {Column: "cup", After: value("nuovo")}}}},
		}}}}
	for lang, wants := range map[string][]string{
		"it": {"## Colonne e significati\n\n- vecchie\\_righe: dataset tolto (MAJOR)\n", "| Totale | Prima | Righe aggiunte | Righe tolte | Righe cambiate | Dopo | Differenza |\n",
			"| spesa (EUR) | 3.300,63 | +1.000,90 | −2.000,20 | −0,33 | 2.301,00 | −999,63 |\n", "- aggiunta: codice O-4\n", "- cambiata: codice O-3, nota: vecchia → ∅, cup: ∅ → nuovo\n"},
		"en": {"## Columns and meanings\n\n- vecchie\\_righe: dataset removed (MAJOR)\n", "| Total | Before | Rows added | Rows removed | Rows changed | After | Difference |\n",
			"| spesa (EUR) | 3,300.63 | +1,000.90 | −2,000.20 | −0.33 | 2,301.00 | −999.63 |\n", "- changed: codice O-3, nota: vecchia → ∅, cup: ∅ → nuovo\n"},
	} {
		got := d.Markdown(lang)
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in:\n%s", want, got)
			}
		}
		if strings.Contains(got, "ferma") {
			t.Errorf("a total that did not move is told:\n%s", got)
		}
	}
}
