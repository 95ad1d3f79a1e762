package site

import (
	"strconv"
	"strings"
	"testing"
	"time"
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

// BenchmarkCharts draws bar charts of ten bars, each with other values, and then takes them from the cache.
func BenchmarkCharts(b *testing.B) {
	root := needPackages(b)
	const charts = 200
	drawings := make([]drawing, charts)
	for i := range drawings {
		d := drawing{ID: "prova", Kind: "bar", Title: "Domande", Desc: "Per regione"}
		for k := range 10 {
			value := strconv.Itoa(1000 + 7*i + 31*k)
			d.Points = append(d.Points, point{"Regione " + strconv.Itoa(k), value, value})
		}
		drawings[i] = d
	}
	for b.Loop() {
		cache := map[string]string{}
		for _, what := range []string{"drawn", "cached"} {
			dr, err := newDrawer(root, &blobs{old: cache, now: map[string]string{}})
			if err != nil {
				b.Fatal(err)
			}
			start := time.Now()
			for _, d := range drawings {
				if _, err := dr.draw(d); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(charts/time.Since(start).Seconds(), what+"/s")
			cache = dr.blobs.now
			if err := dr.close(); err != nil {
				b.Fatal(err)
			}
		}
	}
}
