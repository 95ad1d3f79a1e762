package site

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// outline is the drawing of Italy's regions from the npm package @svg-maps/italy (CC BY 4.0).
type outline struct {
	ViewBox   string
	Locations []struct{ ID, Path string }
}

func readOutline(root string) (*outline, error) {
	raw, err := os.ReadFile(filepath.Join(root, "site", "node_modules", "@svg-maps", "italy", "index.js"))
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	body := strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(string(raw), "export default ")), ";")
	var o outline
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		return nil, fmt.Errorf("site: @svg-maps/italy: %w", err)
	}
	return &o, nil
}

// mapSteps are the classes of a map beside "none".
const mapSteps = 4

// mapView is a choropleth of the regions: shapes that link to the regions' pages, the legend and the same numbers.
type mapView struct {
	ID          string
	ViewBox     string
	Title, Desc catalog.Text
	Shapes      []mapShape // in the order of the region codes, which is the order of the keyboard
	Legend      []mapClass
	Unit        string
}

type mapShape struct {
	Name, Path, Value string
	D                 string
	Class             int
}

type mapClass struct {
	Class    int
	From, To string // both inclusive; From "" in the class of regions without a value
}

// mapView draws one value for each region; a region without a value is in class 0, like one with zero.
func (w *world) mapView(o *outline, id string, title, desc catalog.Text, values map[string]string) (mapView, error) {
	m := mapView{ID: id, ViewBox: o.ViewBox, Title: title, Desc: desc}
	top := int64(0)
	whole := map[string]int64{}
	for code, v := range values {
		digits, _, _ := strings.Cut(v, ".")
		if digits == "" {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return m, fmt.Errorf("site: map %s: %w", id, err)
		}
		if n < 0 {
			return m, fmt.Errorf("site: map %s: negative value %s of region %s", id, v, code)
		}
		whole[code] = n
		top = max(top, n)
	}
	step := niceStep(top)
	for _, r := range w.regioni {
		i := slices.IndexFunc(o.Locations, func(l struct{ ID, Path string }) bool { return l.ID == r.Area })
		if i < 0 {
			return m, fmt.Errorf("site: @svg-maps/italy has no area %q (marts.regioni.area_mappa of %s)", r.Area, r.Codice)
		}
		s := mapShape{Name: r.Nome, Path: "regioni/" + r.Slug + "/", Value: values[r.Codice], D: o.Locations[i].Path}
		if n := whole[r.Codice]; n > 0 {
			s.Class = int((n-1)/step) + 1
		}
		m.Shapes = append(m.Shapes, s)
	}
	m.Legend = append(m.Legend, mapClass{Class: 0})
	for c := int64(1); c <= mapSteps && (c-1)*step < top; c++ {
		m.Legend = append(m.Legend, mapClass{Class: int(c), From: strconv.FormatInt((c-1)*step+1, 10), To: strconv.FormatInt(c*step, 10)})
	}
	return m, nil
}

// niceStep is the width of the classes: a round number (1, 2, 5 and their tens) so that mapSteps classes reach the top.
func niceStep(top int64) int64 {
	for ten := int64(1); ; ten *= 10 {
		for _, f := range []int64{1, 2, 3, 5} {
			if f*ten*mapSteps >= top {
				return f * ten
			}
		}
	}
}
