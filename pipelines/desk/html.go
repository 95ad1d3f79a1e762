package desk

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

//go:embed report.html.tmpl
var pageText string

var page = template.Must(template.New("report").Parse(pageText))

type shownCell struct {
	Text    string
	Numeric bool
	Long    bool // a sentence: squeezed into what figures leave, it would be a column of single words
	Whole   bool // a code or a date: its hyphens are no place to break it
}

const (
	sentence = 60 // from how many characters on a text is one
	word     = 24 // up to how many a text without a blank is kept whole
)

type shownParam struct{ Text, Value string }

type shownChart struct {
	Title string
	SVG   template.HTML
}

// html writes one page that needs nothing else: to be read, printed or mailed.
func (r *Report) html(w io.Writer, s Style) error {
	v := struct {
		Lang, Heading, Title, Description, Simulated, Closing, SQL, File string
		Params                                                           []shownParam
		Missing, Origins                                                 []string
		Charts                                                           []shownChart
		Head                                                             []shownCell
		Rows                                                             [][]shownCell
		Words                                                            struct{ Read, SQL string }
	}{Lang: s.Lang, Heading: r.heading(s.Lang), Title: r.Query.Title.In(s.Lang), Description: r.Query.Description.In(s.Lang), SQL: strings.Trim(r.Query.SQL, "\n"), File: r.Query.Path}
	v.Words.Read, v.Words.SQL = catalog.Text{It: "Da dove viene", En: "Where it comes from"}.In(s.Lang), "SQL"
	if r.Simulated {
		v.Simulated = SimulatedTexts.In(s.Lang)
	}
	for _, g := range r.Given {
		if g.Value.Valid && g.shown() {
			v.Params = append(v.Params, shownParam{g.title(s.Lang), showParam(g, s.Lang)})
		}
	}
	for _, m := range r.Missing {
		v.Missing = append(v.Missing, m.In(s.Lang))
	}
	v.Closing, _, _ = strings.Cut(r.closing(s.Lang), "\n")
	v.Origins = r.originLines(s.Lang)
	for i, c := range r.Columns {
		v.Head = append(v.Head, shownCell{Text: r.label(i, s.Lang), Numeric: c.Numeric()})
	}
	for _, row := range r.Rows {
		cells := make([]shownCell, len(row))
		for i, value := range row {
			if cells[i].Numeric = r.Columns[i].Numeric(); value.Valid {
				cells[i].Text = Show(r.Columns[i], value.String, s.Lang)
				length := utf8.RuneCountInString(cells[i].Text)
				cells[i].Long, cells[i].Whole = length >= sentence, length <= word && !strings.Contains(cells[i].Text, " ")
			}
		}
		v.Rows = append(v.Rows, cells)
	}
	if s.Draw != nil {
		for i, c := range r.Query.Charts {
			drawn := r.chart(i, c, s.Lang)
			if len(drawn.Labels) == 0 {
				continue
			}
			svg, err := s.Draw(drawn)
			if err != nil {
				return err
			}
			v.Charts = append(v.Charts, shownChart{drawn.Title, template.HTML(svg)}) //nolint:gosec // drawn by the program from escaped texts
		}
	}
	return page.Execute(w, v)
}

// originLines says of each source who publishes it, how many files came and when.
func (r *Report) originLines(lang string) (out []string) {
	for _, o := range r.Origins {
		line := o.Title.In(lang) + " · " + o.Publisher
		if o.Files > 0 {
			line += fmt.Sprintf(" · %s %d", catalog.Text{It: "file:", En: "files:"}.In(lang), o.Files)
		}
		if o.Received != "" {
			if day, err := catalog.FormatDate(lang, o.Received, "giorno"); err == nil {
				line += " · " + catalog.Text{It: "ricevuto il ", En: "received on "}.In(lang) + day
			}
		}
		out = append(out, line)
	}
	return out
}

// chart takes from the rows what the chart of the header shows, in the order of the rows; a map is drawn as bars.
func (r *Report) chart(n int, c catalog.Chart, lang string) Chart {
	out := Chart{ID: fmt.Sprintf("grafico%d", n+1), Kind: c.Kind, Title: c.Title.In(lang)}
	if c.Kind == "map" {
		out.Kind = "bar"
	}
	if out.Title == "" {
		out.Title = r.Query.Title.In(lang)
	}
	label, value := -1, -1
	for i, col := range r.Columns {
		switch col.Name {
		case c.Category + c.Area:
			label = i
		case c.Value:
			value = i
		}
	}
	out.Desc = r.Columns[value].Text.In(lang)
	for _, row := range r.Rows {
		if c.Limit > 0 && len(out.Labels) == c.Limit {
			break
		}
		if !row[value].Valid {
			continue
		}
		out.Labels = append(out.Labels, Show(r.Columns[label], row[label].String, lang))
		out.Values = append(out.Values, row[value].String)
		out.Shown = append(out.Shown, Show(r.Columns[value], row[value].String, lang))
	}
	return out
}

// pdf prints the page through Chromium. Where there is none it says so.
func (r *Report) pdf(ctx context.Context, w io.Writer, s Style) (err error) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if browser, err = exec.LookPath(name); err == nil {
			break
		}
	}
	if browser == "" {
		return wrong(catalog.Text{It: "per il PDF serve Chromium, che qui non si trova", En: "a PDF needs Chromium, which is not found here"},
			catalog.Text{It: "installarlo (Debian: apt install chromium), o stampare dal browser il file di --format html", En: "install it (Debian: apt install chromium), or print the file of --format html from a browser"})
	}
	dir, remove, err := warehouse.Temporary("piccoli-pdf-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	source, target := filepath.Join(dir, "rapporto.html"), filepath.Join(dir, "rapporto.pdf")
	f, err := os.Create(source)
	if err != nil {
		return err
	}
	if err := errors.Join(r.html(f, s), f.Close()); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--user-data-dir="+filepath.Join(dir, "profilo"), "--no-pdf-header-footer", "--print-to-pdf="+target, "file://"+source)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", browser, err, out)
	}
	made, err := os.Open(target)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, made)
	return errors.Join(err, made.Close())
}
