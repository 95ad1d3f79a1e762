package site

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"modernc.org/quickjs"
)

// Colours of the charts, with at least 3:1 on white: the blue of Italian public sites (5.57:1) and its text colour (13.1:1).
const (
	chartFill = "#0066CC"
	chartText = "#17324D"
	chartAxis = "#5C6F82"
	chartGrid = "#D9DADB"
	chartFont = "Titillium Web, Geneva, Tahoma, sans-serif"
)

// point is one bar or one point of a line: its label, its value as a decimal string, and the value written out.
type point struct {
	Label, Value, Shown string
}

// drawing is what an SVG chart is made from, in one language.
type drawing struct {
	ID          string // fixed, unique in its page
	Kind        string // bar or line
	Title, Desc string
	Points      []point
}

// chartWidth is the width of the drawing surface; the SVG scales to its column.
const chartWidth = 640

func (d drawing) height() int {
	if d.Kind == "line" {
		return 320
	}
	h := 24
	for _, p := range d.Points {
		h += 12 + 18*(1+strings.Count(wrapLabel(p.Label), "\n"))
	}
	return h
}

// wrapLabel breaks a long label into lines of at most 30 signs, three lines at most.
func wrapLabel(s string) string {
	const width, most = 30, 3
	var lines []string
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > width {
			if lines = append(lines, line); len(lines) == most {
				return strings.Join(lines, "\n") + "…"
			}
			line = w
			continue
		}
		line = strings.TrimSpace(line + " " + w)
	}
	return strings.Join(append(lines, line), "\n")
}

// options builds the chart with go-echarts and gives its JSON, in which `<` can't end a script.
func (d drawing) options() ([]byte, error) {
	labels := make([]string, len(d.Points))
	for i, p := range d.Points {
		labels[i] = wrapLabel(p.Label)
	}
	global := []charts.GlobalOpts{
		charts.WithInitializationOpts(opts.Initialization{ChartID: d.ID}),
		charts.WithAnimation(false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(false)}),
		charts.WithColorsOpts(opts.Colors{chartFill}),
	}
	value := func(p point) json.Number { return json.Number(p.Value) }
	var option map[string]any
	label := func(p point, pos string) *opts.Label {
		return &opts.Label{Show: opts.Bool(true), Position: pos, Color: chartText, FontSize: 14, FontFamily: chartFont,
			Formatter: plainFormat(p.Shown)}
	}
	axisText := &opts.AxisLabel{Show: opts.Bool(true), Color: chartText, FontSize: 14, FontFamily: chartFont, Interval: "0"}
	noAxis := opts.XAxis{Type: "value", Show: opts.Bool(false), Min: 0}
	switch d.Kind {
	case "bar":
		bar := charts.NewBar()
		bar.SetGlobalOptions(append(global,
			charts.WithXAxisOpts(noAxis),
			charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true), AxisLabel: axisText,
				AxisLine: &opts.AxisLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: chartAxis}}}),
			charts.WithGridOpts(opts.Grid{Left: "230", Right: "96", Top: "8", Bottom: "8"}))...)
		data := make([]opts.BarData, len(d.Points))
		for i, p := range d.Points {
			data[i] = opts.BarData{Name: labels[i], Value: value(p), Label: label(p, "right")}
		}
		bar.SetXAxis(labels).AddSeries("", data, charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "35%"}))
		bar.XYReversal()
		bar.Validate()
		option = bar.JSON()
	case "line":
		line := charts.NewLine()
		line.SetGlobalOptions(append(global,
			charts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: axisText, AxisLine: &opts.AxisLine{LineStyle: &opts.LineStyle{Color: chartAxis}}}),
			charts.WithYAxisOpts(opts.YAxis{Type: "value", Min: 0, AxisLabel: &opts.AxisLabel{Show: opts.Bool(false)},
				SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: chartGrid}}}),
			charts.WithGridOpts(opts.Grid{Left: "24", Right: "48", Top: "32", Bottom: "32"}))...)
		data := make([]opts.LineData, len(d.Points))
		for i, p := range d.Points {
			data[i] = opts.LineData{Name: labels[i], Value: value(p), Symbol: "circle", SymbolSize: 9}
		}
		line.SetXAxis(labels).AddSeries("", data, charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Position: "top",
			Color: chartText, FontSize: 14, FontFamily: chartFont}),
			charts.WithLineStyleOpts(opts.LineStyle{Color: chartFill, Width: 3}))
		line.Validate()
		option = line.JSON()
	default:
		return nil, fmt.Errorf("site: chart of unknown kind %q", d.Kind)
	}
	for _, unused := range []string{"title", "legend", "tooltip", "toolbox"} {
		delete(option, unused)
	}
	option["animation"] = false
	raw, err := json.Marshal(option)
	if err != nil || d.Kind != "line" {
		return raw, err
	}
	return lineLabels(raw, d.Points)
}

// lineLabels writes the value of each point as the language has it: go-echarts gives bars a label each, but not points.
func lineLabels(raw []byte, points []point) ([]byte, error) {
	var option map[string]any
	if err := json.Unmarshal(raw, &option); err != nil {
		return nil, err
	}
	series, _ := option["series"].([]any)
	if len(series) != 1 {
		return nil, fmt.Errorf("site: a line chart with %d series", len(series))
	}
	data := series[0].(map[string]any)["data"].([]any)
	for i, p := range data {
		p.(map[string]any)["label"] = map[string]any{"formatter": plainFormat(points[i].Shown)}
	}
	return json.Marshal(option)
}

// plainFormat keeps ECharts from reading a label as a pattern.
func plainFormat(s string) string { return strings.NewReplacer("{", "(", "}", ")").Replace(s) }

// drawer draws charts with ECharts' server-side renderer inside a JavaScript engine written in Go. It is started only when
// a chart is not in the cache, and is used by one goroutine at a time (blobs.get holds its lock).
type drawer struct {
	root    string
	library string // version of echarts, part of the key
	blobs   *blobs
	vm      *quickjs.VM
}

func newDrawer(root string, b *blobs) (*drawer, error) {
	version, err := packageVersion(root, "echarts")
	if err != nil {
		return nil, err
	}
	return &drawer{root: root, library: version, blobs: b}, nil
}

func (dr *drawer) close() error {
	if dr.vm == nil {
		return nil
	}
	return dr.vm.Close()
}

// draw gives the chart as an SVG without inline style, with title and description.
func (dr *drawer) draw(d drawing) (string, error) {
	option, err := d.options()
	if err != nil {
		return "", err
	}
	key := contentKey("chart", dr.library, d.ID, d.Title, d.Desc, fmt.Sprint(d.height()), string(option))
	return dr.blobs.get(key, func() (string, error) {
		svg, err := dr.render(string(option), chartWidth, d.height())
		if err != nil {
			return "", fmt.Errorf("site: chart %s: %w", d.ID, err)
		}
		return plainSVG(svg, d)
	})
}

// glue is the page that ECharts thinks it is in: no window, no clock that moves, no timer that fires.
const glue = `
var self = globalThis, window = undefined, document = undefined;
var setTimeout = function(){ return 0 }, clearTimeout = function(){}, setInterval = setTimeout, clearInterval = clearTimeout;
var console = { log(){}, warn(){}, error(){} };
`

const drawFunction = `
function disegna(option, width, height) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height });
  try { chart.setOption(JSON.parse(option)); return chart.renderToSVGString(); } finally { chart.dispose(); }
}
`

func (dr *drawer) render(option string, width, height int) (string, error) {
	if dr.vm == nil {
		lib, err := os.ReadFile(filepath.Join(dr.root, "site", "node_modules", "echarts", "dist", "echarts.common.min.js"))
		if err != nil {
			return "", err
		}
		vm, err := quickjs.NewVM()
		if err != nil {
			return "", err
		}
		for _, js := range []string{glue, string(lib), drawFunction} {
			if _, err := vm.Eval(js, quickjs.EvalGlobal); err != nil {
				return "", err
			}
		}
		dr.vm = vm
	}
	out, err := dr.vm.Call("disegna", option, width, height)
	if err != nil {
		return "", err
	}
	svg, ok := out.(string)
	if !ok || !strings.HasPrefix(svg, "<svg") {
		return "", fmt.Errorf("echarts gave %T", out)
	}
	return svg, nil
}

var (
	svgHead     = regexp.MustCompile(`^<svg [^>]*>`)
	svgStyle    = regexp.MustCompile(` style="([^"]*)"`)
	svgSheet    = regexp.MustCompile(`(?s)<style\b.*?</style>`)
	svgClasses  = regexp.MustCompile(` (?:class|ecmeta_[a-z_]+|xml:space)="[^"]*"`)
	svgGeometry = regexp.MustCompile(` (?:d|transform|x|y|width|height|points)="[^"]*"`)
	svgNumber   = regexp.MustCompile(`-?\d+\.\d{3,}`)
	svgIDs      = regexp.MustCompile(`\bzr\d+-`) // counted by drawing, so they would differ with what the cache holds
)

// plainSVG makes ECharts' drawing fit for a page with a strict policy: style attributes become presentation attributes,
// its own style sheet goes, title and description come in.
func plainSVG(svg string, d drawing) (string, error) {
	head := svgHead.FindString(svg)
	if head == "" {
		return "", fmt.Errorf("site: chart %s: no svg", d.ID)
	}
	body := svgSheet.ReplaceAllString(svg[len(head):], "")
	var bad error
	body = svgStyle.ReplaceAllStringFunc(body, func(s string) string {
		attrs, err := styleToAttributes(svgStyle.FindStringSubmatch(s)[1])
		if err != nil {
			bad = err
		}
		return attrs
	})
	if bad != nil {
		return "", fmt.Errorf("site: chart %s: %w", d.ID, bad)
	}
	body = svgClasses.ReplaceAllString(body, "")
	body = svgIDs.ReplaceAllString(body, d.ID+"-")
	body = svgGeometry.ReplaceAllStringFunc(body, func(attr string) string {
		return svgNumber.ReplaceAllStringFunc(attr, func(s string) string { return s[:strings.IndexByte(s, '.')+3] })
	})
	esc := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="grafico" viewBox="0 0 %d %d" role="img" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s`,
		chartWidth, d.height(), d.ID, d.ID, d.ID, esc.Replace(d.Title), d.ID, esc.Replace(d.Desc), body), nil
}

// styleToAttributes rewrites CSS declarations as SVG presentation attributes. What has no such attribute is known and
// dropped; anything new is an error, so that a new version of ECharts can't slip in unseen.
func styleToAttributes(css string) (string, error) {
	var b strings.Builder
	for decl := range strings.SplitSeq(css, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(decl), ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch name = strings.TrimSpace(name); name {
		case "font-size", "font-family", "font-weight", "font-style", "fill", "stroke", "stroke-width", "opacity", "fill-opacity", "text-anchor", "dominant-baseline":
			fmt.Fprintf(&b, ` %s="%s"`, name, value)
		case "white-space", "user-select", "-webkit-user-select", "position", "left", "top", "cursor", "pointer-events":
		default:
			return "", fmt.Errorf("style %q of the drawing has no known attribute", name)
		}
	}
	return b.String(), nil
}
