package site

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// writeOutcome records what a run of the browser tests found, with the day on which it ran.
func writeOutcome(t *testing.T, report browserReport, pages, comuni int) {
	t.Helper()
	o := outcome{Data: time.Now().UTC().Format(time.DateOnly), Axe: report.Tools["axe"], Chromium: report.Tools["chromium"],
		Regole: []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"}, Larghezze: widths, Pagine: pages, Comuni: comuni}
	for _, name := range slices.Sorted(maps.Keys(report.Checks)) {
		c := report.Checks[name]
		o.Prove = append(o.Prove, outcomeCheck{name, c.Pages, c.Problems})
	}
	raw, err := json.MarshalIndent(o, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join("..", filepath.FromSlash(outcomeFile)), append(raw, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
