package site

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
)

// The outlines of the provinces are openpolis' simplification of ISTAT's boundaries (CC BY 4.0), in TopoJSON. They are no data: the only use of
// the file is a drawing. `piccoli fetch confini` takes it; without it the site is whole and has no map of the provinces.
const (
	boundariesSource = "confini"
	boundariesFile   = "limits_IT_provinces.topo.json"
	boundariesOfYear = "limits_IT_provinces.2023.topo.json" // so called where the file is kept with its year
	boundariesFolder = "https://raw.githubusercontent.com/openpolis/geojson-italy/master/topojson/"
)

// FetchSources are the files that the site draws with and that `piccoli fetch` takes, beside those of the contracts.
func FetchSources() []ingest.FetchSource {
	return []ingest.FetchSource{{Name: boundariesSource, Files: []ingest.FetchFile{{
		Name: boundariesFile, Mirrored: []string{boundariesOfYear}, URL: boundariesFolder + boundariesFile, Contract: "site/boundaries.go", Line: 1}}}}
}

// topology is what we read of a TopoJSON file (https://github.com/topojson/topojson-specification): quantised, with one object of areas.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int64
	Objects   map[string]struct {
		Geometries []struct {
			Type       string
			Arcs       json.RawMessage
			Properties struct {
				Code string `json:"prov_istat_code"`
			}
		}
	}
}

// boundaries are the outlines of provinces by code, on a drawing of that size.
type boundaries struct {
	ViewBox string
	D       map[string]string
}

// boundariesScale is the pixels of a degree of latitude: Italy is about a thousand high. Points that fall on one pixel become one.
const boundariesScale = 86

// readBoundaries gives the newest fetched outlines, or nil where none were fetched.
func readBoundaries(root string) (*boundaries, error) {
	stem, end := strings.TrimSuffix(boundariesFile, filepath.Ext(boundariesFile)), filepath.Ext(boundariesFile)
	names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(catalog.FetchFolder), boundariesSource, stem+"_????-??-??"+end))
	if err != nil || len(names) == 0 {
		return nil, err
	}
	slices.Sort(names)
	raw, err := os.ReadFile(names[len(names)-1])
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	b, err := drawBoundaries(raw)
	if err != nil {
		file := catalog.FetchFolder + "/" + boundariesSource + "/" + filepath.Base(names[len(names)-1])
		return nil, catalog.Problems{{File: file, What: catalog.Text{It: "non è un TopoJSON di province: " + err.Error(), En: "is no TopoJSON of provinces: " + err.Error()},
			Hint: catalog.Text{It: "togli il file, o riprendilo con piccoli fetch " + boundariesSource, En: "remove the file, or take it again with piccoli fetch " + boundariesSource}}}
	}
	return b, nil
}

// drawBoundaries turns a topology into paths: degrees become pixels, a degree of longitude as long as at 42.5° north.
func drawBoundaries(raw []byte) (*boundaries, error) {
	var t topology
	if err := json.Unmarshal(raw, &t); err != nil {
		return nil, err
	}
	if len(t.Objects) != 1 || t.Transform.Scale[0] <= 0 || t.Transform.Scale[1] <= 0 {
		return nil, fmt.Errorf("%d objects, scale %v", len(t.Objects), t.Transform.Scale)
	}
	squeeze := math.Cos(42.5 * math.Pi / 180)
	arcs := make([][][2]int64, len(t.Arcs))
	low, high := [2]int64{math.MaxInt64, math.MaxInt64}, [2]int64{math.MinInt64, math.MinInt64}
	for i, arc := range t.Arcs {
		var x, y int64
		for _, step := range arc {
			x, y = x+step[0], y+step[1]
			p := [2]int64{
				int64(math.Round((float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0]) * squeeze * boundariesScale)),
				int64(math.Round(-(float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1]) * boundariesScale)),
			}
			for k := range p {
				low[k], high[k] = min(low[k], p[k]), max(high[k], p[k])
			}
			arcs[i] = append(arcs[i], p)
		}
	}
	const margin = 4
	out := &boundaries{ViewBox: fmt.Sprintf("0 0 %d %d", high[0]-low[0]+2*margin, high[1]-low[1]+2*margin), D: map[string]string{}}
	ring := func(indices []int) (string, error) {
		var points [][2]int64
		for _, i := range indices {
			at := i
			if i < 0 {
				at = ^i
			}
			if at >= len(arcs) {
				return "", fmt.Errorf("no arc %d", at)
			}
			arc := arcs[at]
			if i < 0 {
				arc = slices.Clone(arc)
				slices.Reverse(arc)
			}
			points = append(points, arc...)
		}
		points = slices.Compact(points)
		if len(points) < 4 {
			return "", nil // an islet smaller than a pixel
		}
		var d strings.Builder
		fmt.Fprintf(&d, "M%d %dl", points[0][0]-low[0]+margin, points[0][1]-low[1]+margin)
		for i, p := range points[1 : len(points)-1] {
			fmt.Fprintf(&d, "%d %d ", p[0]-points[i][0], p[1]-points[i][1])
		}
		return strings.TrimSuffix(d.String(), " ") + "z", nil
	}
	for _, object := range t.Objects {
		for _, g := range object.Geometries {
			var polygons [][][]int
			var err error
			switch g.Type {
			case "Polygon":
				polygons = make([][][]int, 1)
				err = json.Unmarshal(g.Arcs, &polygons[0])
			case "MultiPolygon":
				err = json.Unmarshal(g.Arcs, &polygons)
			default:
				err = fmt.Errorf("a geometry of type %q", g.Type)
			}
			if err != nil {
				return nil, err
			}
			if g.Properties.Code == "" || out.D[g.Properties.Code] != "" {
				return nil, fmt.Errorf("an area without prov_istat_code, or twice: %q", g.Properties.Code)
			}
			var d strings.Builder
			for _, polygon := range polygons {
				for _, indices := range polygon {
					part, err := ring(indices)
					if err != nil {
						return nil, err
					}
					d.WriteString(part)
				}
			}
			out.D[g.Properties.Code] = d.String()
		}
	}
	return out, nil
}
