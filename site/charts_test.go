package site

import (
	"strings"
	"testing"
)

// TestDraw draws a real bar chart and a line: no inline style, title and description, labels as given, the same bytes twice.
func TestDraw(t *testing.T) {
	root := needPackages(t)
	for _, kind := range []string{"bar", "line"} {
		d := drawing{ID: "prova", Kind: kind, Title: "Domande </script> & co", Desc: "Due voci", Points: []point{
			{"Domande presentate", "1502", "1.502"}, {"Domande ammesse alla fase di progettazione del piano", "1111", "1.111"}}}
		var first string
		for range 2 {
			dr, err := newDrawer(root, &blobs{now: map[string]string{}})
			if err != nil {
				t.Fatal(err)
			}
			svg, err := dr.draw(d)
			if err != nil {
				t.Fatal(err)
			}
			if err := dr.close(); err != nil {
				t.Fatal(err)
			}
			if first == "" {
				first = svg
				t.Log(svg)
			}
			if svg != first {
				t.Errorf("%s: two drawings differ", kind)
			}
		}
		for _, bad := range []string{"style=", "<style", "</script>", "NaN", "undefined"} {
			if strings.Contains(first, bad) {
				t.Errorf("%s: drawing holds %q", kind, bad)
			}
		}
		for _, want := range []string{`role="img"`, "Domande &lt;/script&gt; &amp; co</title>", "<desc", "Domande presentate"} {
			if !strings.Contains(first, want) {
				t.Errorf("%s: drawing lacks %q", kind, want)
			}
		}
	}
}
