package site

import (
	"context"
	"database/sql"
	"fmt"
	"html/template"
	"strings"

	"piccoli/pipelines/catalog"
)

// graficoView is one chart with the numbers it draws.
type graficoView struct {
	ID              string
	Title           catalog.Text
	SvgIt, SvgEn    template.HTML
	Category, Value colonna
	CategoryEn      colonna // the column of the English labels, where there is one
	Rows            []graficoRiga
	Where           string
	Unit            string
	Dataset         string
}

// graficoRiga is one row of a chart's table: the label as the file has it in both languages, the label as shown, and the
// value as a decimal string.
type graficoRiga struct {
	It, En string
	Shown  catalog.Text
	Value  string
}

// mappaView is one map of a dataset with its table.
type mappaView struct {
	Map     mapView
	Value   colonna
	Dataset string
	Vuota   bool // no row has a value: a map of it would say "none" of every region
}

// graphics draws the charts of a dataset's header.
func (b *builder) graphics(ctx context.Context, q *catalog.Query, v *datasetView) error {
	for i, c := range q.Charts {
		id := fmt.Sprintf("g%d", i+1)
		title := c.Title
		if title.It == "" {
			title = q.Title
		}
		if c.Kind == "map" {
			m, err := b.datasetMap(ctx, q, c, id, title)
			if err != nil {
				return err
			}
			v.Mappe = append(v.Mappe, m)
			continue
		}
		g, err := b.datasetChart(ctx, q, c, id, title)
		if err != nil {
			return err
		}
		if len(g.Rows) > 0 {
			v.Grafici = append(v.Grafici, g)
		}
	}
	return nil
}

func (b *builder) datasetChart(ctx context.Context, q *catalog.Query, c catalog.Chart, id string, title catalog.Text) (graficoView, error) {
	en := englishTwin(q, c.Category)
	g := graficoView{ID: id, Title: title, Where: c.Where, Dataset: q.Name,
		Category: b.colonna(q, *q.Column(c.Category)), CategoryEn: b.colonna(q, *q.Column(en)), Value: b.colonna(q, *q.Column(c.Value))}
	g.Unit = g.Value.Unita
	rows, err := queryText(ctx, b.in.DB, fmt.Sprintf("select cast(%s as varchar), cast(%s as varchar), cast(%s as varchar) from %s",
		quoteName(c.Category), quoteName(en), quoteName(c.Value), chartRows(q, c)))
	if err != nil {
		return g, err
	}
	for _, r := range rows {
		row := graficoRiga{It: r[0].String, En: r[1].String, Shown: catalog.Text{It: r[0].String, En: r[1].String}, Value: r[2].String}
		if g.Category.Tipo == "date" {
			if row.Shown.It, err = formatDate("it", row.It, "giorno"); err == nil {
				row.Shown.En, err = formatDate("en", row.En, "giorno")
			}
			if err != nil {
				return g, err
			}
		}
		g.Rows = append(g.Rows, row)
	}
	if len(g.Rows) == 0 {
		return g, nil
	}
	for _, lang := range languages {
		d := drawing{ID: id, Kind: c.Kind, Title: title.In(lang)}
		for _, r := range g.Rows {
			shown := formatNumber(lang, r.Value)
			if g.Unit == "EUR" {
				shown = formatEuro(lang, r.Value)
			}
			d.Points = append(d.Points, point{Label: r.Shown.In(lang), Value: r.Value, Shown: shown})
		}
		first, last := d.Points[0], d.Points[len(d.Points)-1]
		d.Desc = b.text("grafico.desc", same(formatInt(lang, int64(len(d.Points)))), same(first.Label), same(first.Shown), same(last.Label), same(last.Shown)).In(lang)
		svg, err := b.draw.draw(d)
		if err != nil {
			return g, err
		}
		if lang == "it" {
			g.SvgIt = template.HTML(svg)
		} else {
			g.SvgEn = template.HTML(svg)
		}
	}
	return g, nil
}

func (b *builder) datasetMap(ctx context.Context, q *catalog.Query, c catalog.Chart, id string, title catalog.Text) (mappaView, error) {
	m := mappaView{Value: b.colonna(q, *q.Column(c.Value)), Dataset: q.Name}
	rows, err := queryText(ctx, b.in.DB, fmt.Sprintf("select cast(%s as varchar), cast(%s as varchar) from %s",
		quoteName(c.Area), quoteName(c.Value), chartRows(q, c)))
	if err != nil {
		return m, err
	}
	values := map[string]string{}
	for _, r := range rows {
		if _, twice := values[r[0].String]; twice {
			return m, catalog.Problems{{File: q.Path, Line: c.Line, What: catalog.Textf(catalog.Text{
				It: "la mappa ha più righe per l'area %s: serve un where che ne lasci una",
				En: "the map has more rows for area %s: it needs a where that leaves one"}, r[0].String)}}
		}
		values[r[0].String] = r[1].String
	}
	m.Vuota = len(values) == 0
	o, err := readOutline(b.in.Root)
	if err != nil {
		return m, err
	}
	m.Map, err = b.w.mapView(o, id, title, b.text("mappa.descdati", q.Column(c.Value).Text), values)
	m.Map.Unit = m.Value.Unita
	return m, err
}

// chartRows is the rest of a chart's query: rows with a value, in the order of the key or of the value.
func chartRows(q *catalog.Query, c catalog.Chart) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s where %s is not null", q.Ref(), quoteName(c.Value))
	if c.Where != "" {
		fmt.Fprintf(&s, " and (%s)", c.Where)
	}
	s.WriteString(" order by ")
	if c.Sort == "value" {
		fmt.Fprintf(&s, "%s desc, ", quoteName(c.Value))
	}
	for i, k := range q.Key {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(quoteName(k))
	}
	if c.Limit > 0 {
		fmt.Fprintf(&s, " limit %d", c.Limit)
	}
	return s.String()
}

// englishTwin is the column that holds the same in English (fase_it, fase_en), or the column itself.
func englishTwin(q *catalog.Query, name string) string {
	if stem, ok := strings.CutSuffix(name, "_it"); ok && q.Column(stem+"_en") != nil {
		return stem + "_en"
	}
	return name
}

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// queryText reads small results whose columns are all text.
func queryText(ctx context.Context, db *sql.DB, q string) ([][]sql.NullString, error) {
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("site: %s: %w", q, err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]sql.NullString
	for rows.Next() {
		cells := make([]sql.NullString, len(cols))
		ptrs := make([]any, len(cols))
		for i := range cells {
			ptrs[i] = &cells[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		out = append(out, cells)
	}
	return out, rows.Err()
}
