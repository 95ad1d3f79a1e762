package desk

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// Digest is a note of what changed between two states of the data, ready to be mailed.
type Digest struct {
	Changes *release.Changes
	Region  string // name of the region that it is about, or empty
	Site    string // base address of the site, with a closing slash
}

// namedRows is how many rows of each kind a note names; the others are counted.
const namedRows = 10

// Markdown writes the note in a language.
func (d Digest) Markdown(lang string) string {
	var b strings.Builder
	say := func(it, en string) string { return catalog.Text{It: it, En: en}.In(lang) }
	number := func(n int64) string { return catalog.FormatNumber(lang, fmt.Sprint(n)) }
	title := say("Che cosa è cambiato", "What changed")
	if d.Region != "" {
		title += " · " + d.Region
	}
	fmt.Fprintf(&b, "# %s\n\n", plainMarkdown(title))
	if d.Changes.From.Simulated || d.Changes.To.Simulated {
		fmt.Fprintf(&b, "**%s**\n\n", plainMarkdown(SimulatedTexts.In(lang)))
	}
	fmt.Fprintf(&b, say("%s %s.\n\n", "From %s to %s.\n\n"), d.point(d.Changes.From, "da", lang), d.point(d.Changes.To, "a", lang))
	if len(d.Changes.Schema) > 0 {
		fmt.Fprintf(&b, "## %s\n\n", say("Colonne e significati", "Columns and meanings"))
		for _, s := range d.Changes.Schema {
			fmt.Fprintf(&b, "- %s: %s (%s)\n", plainMarkdown(s.Place()), plainMarkdown(s.What().In(lang)), strings.ToUpper(string(s.Level)))
		}
		b.WriteString("\n")
	}
	same := 0
	for _, x := range d.Changes.Datasets {
		if x.Same() {
			same++
			continue
		}
		fmt.Fprintf(&b, "## %s\n\n", plainMarkdown(x.Title.Text().In(lang)))
		fmt.Fprintf(&b, say("Righe aggiunte %s, tolte %s, cambiate %s. [Il dataset](%sdati/%s/)\n\n", "Rows added %s, removed %s, changed %s. [The dataset](%sdati/%s/)\n\n"),
			number(x.Added), number(x.Removed), number(x.Changed), d.Site+map[string]string{"en": "en/"}[lang], x.Dataset)
		d.measures(&b, x, lang)
		for _, kind := range []struct {
			name    catalog.Text
			all     int64
			rows    []release.Row
			changed bool
		}{{catalog.Text{It: "aggiunta", En: "added"}, x.Added, x.AddedTop, false}, {catalog.Text{It: "tolta", En: "removed"}, x.Removed, x.RemovedTop, false},
			{catalog.Text{It: "cambiata", En: "changed"}, x.Changed, x.ChangedTop, true}} {
			named := kind.rows[:min(len(kind.rows), namedRows)]
			for _, r := range named {
				fmt.Fprintf(&b, "- %s: %s\n", kind.name.In(lang), plainMarkdown(rowText(x, r, kind.changed)))
			}
			if more := kind.all - int64(len(named)); more > 0 && len(named) > 0 {
				fmt.Fprintf(&b, say("- … e altre %s\n", "- … and %s more\n"), number(more))
			}
		}
		b.WriteString("\n")
	}
	if same == len(d.Changes.Datasets) {
		b.WriteString(say("Non è cambiata nessuna riga.\n", "No row changed.\n"))
		return b.String()
	}
	fmt.Fprintf(&b, say("Dataset con le stesse righe: %d.\n", "Datasets with the same rows: %d.\n"), same)
	return b.String()
}

// measures is a table of the totals that moved, with the parts that explain them.
func (d Digest) measures(b *strings.Builder, x release.DatasetChange, lang string) {
	header := false
	for _, m := range x.Totals {
		if m.Still() {
			continue
		}
		if !header {
			b.WriteString(catalog.Text{It: "| Totale | Prima | Righe aggiunte | Righe tolte | Righe cambiate | Dopo | Differenza |\n", En: "| Total | Before | Rows added | Rows removed | Rows changed | After | Difference |\n"}.In(lang))
			b.WriteString("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n")
			header = true
		}
		name := m.Column
		if m.Unit != "" {
			name += " (" + m.Unit + ")"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", plainMarkdown(name), catalog.FormatAmount(lang, m.Before), catalog.FormatChange(lang, m.Added), catalog.FormatChange(lang, m.Taken()),
			catalog.FormatChange(lang, m.Changed), catalog.FormatAmount(lang, m.After), catalog.FormatChange(lang, m.Delta()))
	}
	if header {
		b.WriteString("\n")
	}
}

// point names an end of the comparison; in Italian with its preposition, da or a, since "i dati di ora" melts with it.
func (d Digest) point(p release.Point, preposition, lang string) string {
	day, err := catalog.FormatDate(lang, p.Date, "giorno")
	if err != nil {
		day = p.Date
	}
	name := catalog.Text{It: preposition + " " + p.Version, En: p.Version}
	if p.Version == "" {
		name = catalog.Text{It: preposition + "i dati di ora", En: "the data of now"}
	}
	if preposition == "da" {
		name.It = "D" + name.It[1:]
	}
	return fmt.Sprintf("%s (%s %s)", name.In(lang), catalog.Text{It: "dati al", En: "data as of"}.In(lang), day)
}

// rowText names a row by its key, or by its cells where it has none, and what changed in one that changed.
func rowText(x release.DatasetChange, r release.Row, changed bool) string {
	var parts []string
	for i, k := range r.Key {
		if i < len(x.Key) {
			parts = append(parts, x.Key[i]+" "+k)
		}
	}
	value := func(s *string) string {
		if s == nil {
			return "∅"
		}
		return *s
	}
	for _, c := range r.Cells {
		if changed || len(r.Key) == 0 {
			parts = append(parts, fmt.Sprintf("%s: %s → %s", c.Column, value(c.Before), value(c.After)))
		}
	}
	return Printable(strings.Join(parts, ", "))
}

// HTML is the same note as a page that needs nothing else.
func (d Digest) HTML(lang string) (string, error) {
	var body bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert([]byte(d.Markdown(lang)), &body); err != nil {
		return "", err
	}
	title := catalog.Text{It: "Che cosa è cambiato", En: "What changed"}.In(lang)
	return fmt.Sprintf("<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>body{max-width:48rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#17324d}table{border-collapse:collapse}th,td{border-bottom:1px solid #c5c7c9;padding:.3rem .6rem}</style>\n</head>\n<body>\n%s</body>\n</html>\n",
		lang, html.EscapeString(title), body.String()), nil
}
