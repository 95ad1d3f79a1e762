package desk

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"piccoli/pipelines/catalog"
)

// table writes for a terminal: the title, the parameters, the rows aligned with numbers as the language writes them, and what stands behind them.
func (r *Report) table(w io.Writer, s Style) error {
	var b strings.Builder
	if r.Simulated {
		b.WriteString(Wrap(SimulatedTexts.In(s.Lang), s.Width) + "\n")
	}
	if r.Query.Path != questionPath {
		b.WriteString(Wrap(r.heading(s.Lang), s.Width) + "\n")
	}
	if len(r.Rows) > 0 {
		if t := r.layout(s); t != nil {
			b.WriteString(t.Render() + "\n")
		} else {
			b.WriteString(r.records(s))
		}
	}
	b.WriteString(Wrap(r.closing(s.Lang), s.Width))
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown writes the same for a note.
func (r *Report) markdown(w io.Writer, s Style) error {
	var b strings.Builder
	b.WriteString("# " + plainMarkdown(r.heading(s.Lang)) + "\n\n")
	if r.Simulated {
		b.WriteString("**" + SimulatedTexts.In(s.Lang) + "**\n\n")
	}
	b.WriteString(r.Query.Description.In(s.Lang) + "\n\n")
	if len(r.Rows) > 0 {
		t := r.layout(Style{Lang: s.Lang})
		b.WriteString(t.RenderMarkdown() + "\n\n")
	}
	b.WriteString(plainMarkdown(r.closing(s.Lang)))
	_, err := io.WriteString(w, b.String())
	return err
}

// heading is the title with the parameters that were given.
func (r *Report) heading(lang string) string {
	parts := []string{r.Query.Title.In(lang)}
	for _, g := range r.Given {
		if g.Value.Valid && g.shown() && g.Value.String != g.Param.Default {
			parts = append(parts, Printable(showParam(g, lang)))
		}
	}
	return strings.Join(parts, " · ")
}

func showParam(g Given, lang string) string {
	if g.Param.Type == "date" {
		if d, err := catalog.FormatDate(lang, g.Value.String, "giorno"); err == nil {
			return d
		}
	}
	return g.Label
}

// closing says how many rows there are, of which day the data are and when the last delivery behind them came, and which sources lack.
func (r *Report) closing(lang string) string {
	var b strings.Builder
	n := catalog.FormatNumber(lang, fmt.Sprint(len(r.Rows)))
	count := catalog.Textf(catalog.Text{It: "%s righe", En: "%s rows"}, n)
	switch len(r.Rows) {
	case 0:
		count = catalog.Text{It: "Nessuna riga", En: "No rows"}
	case 1:
		count = catalog.Text{It: "1 riga", En: "1 row"}
	}
	b.WriteString(count.In(lang))
	if day, err := catalog.FormatDate(lang, r.AsOf, "giorno"); err == nil && day != "" {
		b.WriteString(catalog.Textf(catalog.Text{It: " · dati al %s", En: " · data as of %s"}, day).In(lang))
	}
	if day, err := catalog.FormatDate(lang, r.Delivered, "giorno"); err == nil && day != "" && r.Delivered != r.AsOf {
		b.WriteString(catalog.Textf(catalog.Text{It: " · ultima consegna del %s", En: " · last delivery of %s"}, day).In(lang))
	}
	b.WriteString("\n")
	for _, m := range r.Missing {
		b.WriteString(catalog.Text{It: "Manca: ", En: "Missing: "}.In(lang) + m.In(lang) + "\n")
	}
	return b.String()
}

// tall is how many lines a row may have at the most.
const tall = 6

// layout sets the rows in a table no wider than the terminal: labels and texts are folded between words, then also after the signs within them; numbers,
// dates and codes never. Where the columns do not fit side by side even so, or a row becomes a tower of lines, it is nil.
func (a *Answer) layout(s Style) table.Writer {
	labels, rows := make([]string, len(a.Columns)), a.shown(s.Lang)
	for i := range a.Columns {
		labels[i] = a.label(i, s.Lang)
	}
	const low = 3 // lines of a row
	widths, height := a.widths(labels, rows, s.Width, false)
	if widths == nil || height > low {
		if inner, h := a.widths(labels, rows, s.Width, true); inner != nil && (widths == nil || h < height) {
			widths, height = inner, h
		}
	}
	if widths == nil || s.Width > 0 && height > tall {
		return nil
	}
	t := table.NewWriter()
	style := table.StyleLight
	style.Format = table.FormatOptions{}
	style.Options.SeparateColumns = false
	style.Options.DrawBorder = false
	t.SetStyle(style)
	line := func(cells []string) table.Row {
		out := make(table.Row, len(cells))
		for i, c := range cells {
			out[i] = c
		}
		return out
	}
	t.AppendHeader(line(labels))
	for _, row := range rows {
		t.AppendRow(line(row))
	}
	configs := make([]table.ColumnConfig, len(a.Columns))
	for i, width := range widths {
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: width, WidthMaxEnforcer: func(cell string, width int) string { return strings.Join(fold(cell, width), "\n") }}
		if a.Columns[i].Numeric() {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	t.SetColumnConfigs(configs)
	t.SuppressTrailingSpaces()
	return t
}

// widths shares the terminal's width among the columns and says how many lines the tallest row has then; nil where they do not fit. Texts are folded
// between words, with signs also after signs.
func (a *Answer) widths(labels []string, rows [][]string, width int, signs bool) (widths []int, height int) {
	piece := func(s string) int { return longest(strings.Fields(s)) }
	if signs {
		piece = func(s string) int { return longest(pieces(s)) }
	}
	widest, least, body := make([]int, len(a.Columns)), make([]int, len(a.Columns)), make([]int, len(a.Columns))
	for i, c := range a.Columns {
		least[i] = piece(labels[i])
		const enough = 16 // above numbers a long label is folded
		if widest[i] = columns(labels[i]); c.Numeric() {
			widest[i] = max(least[i], min(widest[i], enough))
		}
		for _, row := range rows {
			length := columns(row[i])
			widest[i], body[i] = max(widest[i], length), max(body[i], length)
			if c.Numeric() || c.Type == "date" {
				least[i] = max(least[i], length)
			} else {
				const bearable = 24 // a longer word is broken
				least[i] = max(least[i], min(piece(row[i]), bearable))
			}
		}
	}
	// A label folded costs a line once, a cell in every row: the labels give first, as far as they stay low.
	for i, label := range labels {
		const low = 3 // lines of the header
		body[i] = min(widest[i], max(least[i], body[i]))
		for body[i] < widest[i] && len(fold(label, body[i])) > low {
			body[i]++
		}
	}
	widths, fits := fit(widest, body, width)
	if !fits {
		widths, fits = fit(body, least, width)
	}
	if !fits {
		return nil, 0
	}
	for i, label := range labels {
		const bearable = 4 // lines of the header
		if width > 0 && len(fold(label, widths[i])) > bearable {
			return nil, 0
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell == "" || widths[i] >= widest[i] {
				continue
			}
			if least := columns(cell) / max(1, widths[i]); least > tall { // how many they are in the end is of no matter
				height = max(height, least)
			} else {
				height = max(height, len(fold(cell, widths[i])))
			}
		}
	}
	return widths, height
}

// shown are the rows as the language writes them, safe for a terminal.
func (a *Answer) shown(lang string) [][]string {
	out := make([][]string, len(a.Rows))
	for n, row := range a.Rows {
		out[n] = make([]string, len(row))
		for i, v := range row {
			if v.Valid {
				out[n][i] = Printable(Show(a.Columns[i], v.String, lang))
			}
		}
	}
	return out
}

// fit shares a terminal's width among the columns: the widest give first, none less than it can bear.
func fit(widest, least []int, width int) (out []int, fits bool) {
	out = append([]int(nil), widest...)
	if width <= 0 {
		return out, true
	}
	for {
		total, at := 0, -1
		for i, w := range out {
			total += w + 2
			if w > least[i] && (at < 0 || w > out[at]) {
				at = i
			}
		}
		if total <= width {
			return out, true
		}
		if at < 0 {
			return nil, false
		}
		out[at]--
	}
}

// records writes one row below the other, each value beside its label: for a terminal that is too narrow for the columns.
func (a *Answer) records(s Style) string {
	var b strings.Builder
	width := 0
	labels := make([]string, len(a.Columns))
	for i := range a.Columns {
		labels[i] = a.label(i, s.Lang)
		width = max(width, columns(labels[i]))
	}
	room := max(10, s.Width-width-4)
	for n, row := range a.shown(s.Lang) {
		mark := fmt.Sprintf("── %s ", catalog.FormatNumber(s.Lang, fmt.Sprint(n+1)))
		b.WriteString(mark + strings.Repeat("─", max(0, s.Width-columns(mark))) + "\n")
		for i, value := range row {
			for j, line := range fold(value, room) {
				label := labels[i]
				if j > 0 {
					label = ""
				}
				b.WriteString(strings.TrimRight(" "+text.Pad(label, width, ' ')+"  "+line, " ") + "\n")
			}
		}
	}
	return b.String()
}

// label is what a column is called above a table: its text and unit for a report, its name for a free question.
func (a *Answer) label(i int, lang string) string {
	c := a.Columns[i]
	label := c.Text.In(lang)
	if label == "" {
		return Printable(c.Name)
	}
	if c.Unit == "EUR" {
		label += " (€)"
	} else if c.Unit == "pct" {
		label += " (%)"
	}
	return label
}

// Show writes a value as the language does: amounts with their cents, numbers grouped, dates with the day first in Italian.
func Show(c catalog.Column, value, lang string) string {
	switch {
	case c.Unit == "EUR", c.Unit == "pct":
		return catalog.FormatAmount(lang, value)
	case c.Numeric() && c.Unit == "anno":
		return value
	case c.Numeric():
		return catalog.FormatNumber(lang, value)
	case c.Type == "date" && len(value) == 10:
		if lang == "it" {
			return value[8:] + "/" + value[5:7] + "/" + value[:4]
		}
		return value
	case c.Type == "boolean":
		return map[string]catalog.Text{"true": {It: "sì", En: "yes"}, "false": {It: "no", En: "no"}}[value].In(lang)
	}
	return value
}

// Printable makes a text safe for a terminal: signs that would move the cursor, colour or turn what follows are shown as their code.
func Printable(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !shown(r) }) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case shown(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "<%04X>", r)
		}
	}
	return b.String()
}

func shown(r rune) bool { return unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r) }

// plainMarkdown escapes what Markdown would read as its own.
func plainMarkdown(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`).Replace(s)
}
