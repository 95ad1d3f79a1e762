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

// mapView is a choropleth: shapes that link to the pages of their territories, the legend and the same numbers.
type mapView struct {
	ID          string
	ViewBox     string
	Title, Desc catalog.Text
	Shapes      []mapShape // in the order of the areas, which is the order of the keyboard
	Legend      []mapClass
	Unit        string
	Side        int64 // of the square that a class's pattern repeats: ten of the screen's pixels or so, in units of ViewBox
	Provinces   bool  // of provinces, else of regions
}

type mapShape struct {
	Name, Path, Value string
	D                 string // the outline, or
	Ref               string // the id of one drawn once for several maps of the page
	Class             int
}

// mapClass is one class of the legend: whole numbers From to To, both inclusive; or, where Over is set, above From and up to To.
type mapClass struct {
	Class    int
	From, To string // From "" in the class of areas without a value
	Over     bool
}

// regionAreas are the regions with their outlines, in the order of their codes.
func (w *world) regionAreas(o *outline) ([]area, error) {
	var out []area
	for _, r := range w.regioni {
		i := slices.IndexFunc(o.Locations, func(l struct{ ID, Path string }) bool { return l.ID == r.Area })
		if i < 0 {
			return nil, fmt.Errorf("site: @svg-maps/italy has no area %q (marts.regioni.area_mappa of %s)", r.Area, r.Codice)
		}
		out = append(out, area{Codice: r.Codice, Nome: r.Nome, Path: "regioni/" + r.Slug + "/", D: o.Locations[i].Path})
	}
	return out, nil
}

// mapView draws one value for each region; a region without a value is in class 0, like one with zero.
func (w *world) mapView(o *outline, id string, title, desc catalog.Text, values map[string]string) (mapView, error) {
	areas, err := w.regionAreas(o)
	if err != nil {
		return mapView{}, err
	}
	return choropleth(id, o.ViewBox, title, desc, areas, values)
}

// choropleth draws one decimal value for each area, by its code; an area without a value is in class 0, like one with zero.
func choropleth(id, viewBox string, title, desc catalog.Text, areas []area, values map[string]string) (mapView, error) {
	m := mapView{ID: id, ViewBox: viewBox, Title: title, Desc: desc}
	box := strings.Fields(viewBox)
	if len(box) != 4 {
		return m, fmt.Errorf("site: map %s: viewBox %q", id, viewBox)
	}
	m.Side = max(wholePart(box[2])/50, 4)
	top, broken := int64(0), false
	upper := map[string]int64{} // the value, or the next whole number above it
	for code, v := range values {
		digits, frac, _ := strings.Cut(v, ".")
		if digits == "" {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return m, fmt.Errorf("site: map %s: %w", id, err)
		}
		if strings.HasPrefix(v, "-") {
			return m, fmt.Errorf("site: map %s: negative value %s of area %s", id, v, code)
		}
		if strings.Trim(frac, "0") != "" {
			n++
			broken = true
		}
		upper[code] = n
		top = max(top, n)
	}
	step := niceStep(top)
	for _, a := range areas {
		s := mapShape{Name: a.Nome, Path: a.Path, Value: values[a.Codice], D: a.D, Ref: a.Ref}
		if n := upper[a.Codice]; n > 0 {
			s.Class = int((n-1)/step) + 1
		}
		m.Shapes = append(m.Shapes, s)
	}
	m.Legend = append(m.Legend, mapClass{Class: 0})
	for c := int64(1); c <= mapSteps && (c-1)*step < top; c++ {
		from := (c-1)*step + 1
		if broken {
			from = (c - 1) * step
		}
		m.Legend = append(m.Legend, mapClass{Class: int(c), From: strconv.FormatInt(from, 10), To: strconv.FormatInt(c*step, 10), Over: broken})
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
