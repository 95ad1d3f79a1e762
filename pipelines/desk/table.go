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
		b.WriteString(simulatedTexts.In(s.Lang) + "\n")
	}
	if r.Query.Path != questionPath {
		b.WriteString(r.heading(s.Lang) + "\n")
	}
	if len(r.Rows) > 0 {
		b.WriteString(r.layout(s).Render() + "\n")
	}
	b.WriteString(r.closing(s.Lang))
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown writes the same for a note.
func (r *Report) markdown(w io.Writer, s Style) error {
	var b strings.Builder
	b.WriteString("# " + plainMarkdown(r.heading(s.Lang)) + "\n\n")
	if r.Simulated {
		b.WriteString("**" + simulatedTexts.In(s.Lang) + "**\n\n")
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
		if g.Value.Valid && g.Param.Name != languageParam && g.Value.String != g.Param.Default {
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

// layout sets the rows in a table no wider than the terminal: texts are folded, numbers never.
func (a *Answer) layout(s Style) table.Writer {
	t := table.NewWriter()
	style := table.StyleLight
	style.Format = table.FormatOptions{}
	style.Options.SeparateColumns = false
	style.Options.DrawBorder = false
	t.SetStyle(style)
	head := make(table.Row, len(a.Columns))
	widest := make([]int, len(a.Columns))
	for i, c := range a.Columns {
		label := a.label(i, s.Lang)
		head[i] = label
		for _, word := range strings.Fields(label) {
			widest[i] = max(widest[i], text.StringWidthWithoutEscSequences(word))
		}
		const enough = 16 // above numbers a long label is folded
		if length := text.StringWidthWithoutEscSequences(label); !c.Numeric() {
			widest[i] = max(widest[i], length)
		} else {
			widest[i] = max(widest[i], min(length, enough))
		}
	}
	t.AppendHeader(head)
	for _, row := range a.Rows {
		cells := make(table.Row, len(row))
		for i, v := range row {
			shown := ""
			if v.Valid {
				shown = Printable(Show(a.Columns[i], v.String, s.Lang))
			}
			cells[i] = shown
			widest[i] = max(widest[i], text.StringWidthWithoutEscSequences(shown))
		}
		t.AppendRow(cells)
	}
	configs := make([]table.ColumnConfig, len(a.Columns))
	for i, width := range a.fit(widest, s.Width) {
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: width, WidthMaxEnforcer: text.WrapSoft}
		if a.Columns[i].Numeric() {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	t.SetColumnConfigs(configs)
	t.SuppressTrailingSpaces()
	return t
}

// fit shares a terminal's width among the columns: the widest texts give first.
func (a *Answer) fit(widest []int, width int) []int {
	out := append([]int(nil), widest...)
	if width <= 0 {
		return out
	}
	const least = 8
	for {
		total, at := 0, -1
		for i, w := range out {
			total += w + 2
			if !a.Columns[i].Numeric() && w > least && (at < 0 || w > out[at]) {
				at = i
			}
		}
		if total <= width || at < 0 {
			return out
		}
		out[at]--
	}
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
