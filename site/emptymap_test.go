package site

import (
	"os"
	"strings"
	"testing"
)

// TestEmptyMap: where nothing of what a dataset's map shows has been delivered, the page says so; a map whose every region is "none" would say something else.
func TestEmptyMap(t *testing.T) {
	in := realSite(t)
	build(t, in)
	raw, err := os.ReadFile(in.Tree.Path("dati/ammessi_per_regione/index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range strings.Split(string(raw), `<section class="sezione-grafico">`)[1:] {
		section, _, _ = strings.Cut(section, "</section>")
		drawn, said := strings.Contains(section, "<svg"), strings.Contains(section, "non è ancora arrivato alcun dato")
		delivered := !strings.Contains(section, "dalle domande consegnate")
		if drawn != delivered || said == delivered {
			t.Errorf("drawn: %t, said that nothing came: %t\n%.200s", drawn, said, section)
		}
	}
}
