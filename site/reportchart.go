package site

import "html/template"

// ChartDrawer draws the charts of reports as the site draws its own: SVG with title, description and no style of its own.
type ChartDrawer struct{ draw *drawer }

// NewChartDrawer makes a drawer for the project below root, whose npm packages are there (EnsurePackages).
func NewChartDrawer(root string) (*ChartDrawer, error) {
	b, err := readBlobs("", "")
	if err != nil {
		return nil, err
	}
	d, err := newDrawer(root, b)
	return &ChartDrawer{d}, err
}

// Draw draws bars or a line: labels, values as decimal strings, and the values as they are written out, one each a point.
func (c *ChartDrawer) Draw(id, kind, title, desc string, labels, values, shown []string) (template.HTML, error) {
	points := make([]point, len(labels))
	for i := range labels {
		points[i] = point{Label: labels[i], Value: values[i], Shown: shown[i]}
	}
	svg, err := c.draw.draw(drawing{ID: id, Kind: kind, Title: title, Desc: desc, Points: points})
	return template.HTML(svg), err //nolint:gosec // drawn from escaped texts
}

// Close frees the engine.
func (c *ChartDrawer) Close() error { return c.draw.close() }
