package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
	"piccoli/site"
)

func reportCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     t.say("esegue un rapporto; senza nome li elenca", "runs a report; without a name, lists them"),
		ArgsUsage: "[NAME]",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "param", Usage: t.say("un parametro, nome=valore; si può ripetere", "a parameter, name=value; may be repeated")},
			&cli.StringFlag{Name: "format", Usage: strings.Join(desk.Formats, ", ") + t.say(" (altrimenti dal nome di --out, o table)", " (else by the name of --out, or table)")},
			&cli.StringFlag{Name: "out", Usage: t.say("file da scrivere; con --all-regions, una cartella", "file to write; with --all-regions, a folder")},
			&cli.BoolFlag{Name: "all-regions", Usage: t.say("un file per ogni regione", "one file for each region")},
			&cli.StringFlag{Name: "db", Usage: t.say("file del magazzino dati", "the warehouse file") + " (data/piccoli.duckdb)"},
			&cli.StringFlag{Name: "memory-limit", Value: "1GB", Usage: t.say("memoria al massimo", "memory at the most")},
			&cli.StringFlag{Name: "site", Usage: t.say("cartella del sito con i dati di ora, per un rapporto che confronta versioni", "folder of the site with the data of now, for a report that compares versions") + " (site/dist)"},
			releasesFlag(t),
			&cli.BoolFlag{Name: "explain", Usage: t.say("spiega il rapporto (anche NOME --help)", "explains the report (also NAME --help)")},
		},
		Action: func(c *cli.Context) error { return report(c, t) },
	}
}

func report(c *cli.Context, t *terminal) (err error) {
	name := c.Args().First()
	if c.NArg() > 1 {
		return usageError{catalog.Textf(catalog.Text{It: "un rapporto alla volta: «%s» è di troppo", En: "one report at a time: %q is one too many"}, c.Args().Get(1))}
	}
	if name == "" {
		_, cat, err := project(c)
		if err != nil {
			return err
		}
		return t.listReports(cat)
	}
	root, err := projectRoot(c)
	if err != nil {
		return err
	}
	ahead := t.openDesk(c, root)
	defer func() { err = errors.Join(err, ahead.close()) }()
	cat, err := known(c.Context, root)
	if err != nil {
		return err
	}
	q, err := desk.Find(cat, name)
	if err != nil {
		return err
	}
	params, err := writtenParams(c.StringSlice("param"))
	if err != nil {
		return err
	}
	d, err := ahead.take(cat)
	if err != nil {
		if c.Bool("explain") { // the explanation needs no data, only the list of values does
			return t.explainReport(c.Context, nil, q)
		}
		return err
	}
	if c.Bool("explain") {
		return t.explainReport(c.Context, d, q)
	}
	out := c.String("out")
	if c.Bool("all-regions") {
		out = "" // a folder
	}
	format, err := formatOf(c.String("format"), out)
	if err != nil {
		return err
	}
	style, closeCharts, err := t.style(root, format, q)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeCharts()) }()
	if c.Bool("all-regions") {
		return t.allRegions(c, d, q, params, format, style)
	}
	r, err := d.Run(c.Context, q, params)
	if err != nil {
		return err
	}
	return t.write(c.Context, r, format, c.String("out"), style)
}

// writtenParams reads --param name=value.
func writtenParams(list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range list {
		name, value, ok := strings.Cut(p, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, usageError{catalog.Textf(catalog.Text{It: "--param %s: si scrive nome=valore, per esempio --param regione=Umbria", En: "--param %s: write name=value, e.g. --param regione=Umbria"}, p)}
		}
		if _, twice := out[name]; twice {
			return nil, usageError{catalog.Textf(catalog.Text{It: "--param %s è dato due volte", En: "--param %s is given twice"}, name)}
		}
		out[name] = value
	}
	return out, nil
}

// formatOf is the format asked for, else the one that the name of the file says, else a table.
func formatOf(asked, out string) (string, error) {
	end := strings.TrimPrefix(filepath.Ext(out), ".")
	switch {
	case asked != "" && slices.Contains(desk.Formats, asked):
		return asked, nil
	case asked != "":
		hint := strings.Join(desk.Formats, ", ")
		return "", usageError{catalog.Textf(catalog.Text{It: "--format %s: i formati sono %s", En: "--format %s: the formats are %s"}, asked, hint)}
	case end != "" && slices.Contains(desk.Formats, end):
		return end, nil
	case end != "" && end != "txt":
		return "", usageError{catalog.Textf(catalog.Text{It: "--out %s: in un file .%s non si sa che cosa scrivere; i formati sono %s", En: "--out %s: it is not known what to write into a .%s; the formats are %s"}, out, end, strings.Join(desk.Formats[1:], ", "))}
	}
	return "table", nil
}

// style is how answers are written; the charts are drawn only where the format shows them.
func (t *terminal) style(root, format string, q *catalog.Query) (desk.Style, func() error, error) {
	s := desk.Style{Lang: t.lang, Width: tableWidth()}
	if (format != "html" && format != "pdf") || len(q.Charts) == 0 {
		return s, func() error { return nil }, nil
	}
	drawer, err := site.NewChartDrawer(root)
	if err != nil {
		return s, nil, catalog.Problems{{File: "site/node_modules", What: catalog.Text{It: "mancano i pacchetti che disegnano i grafici", En: "the packages that draw the charts are missing"},
			Hint: catalog.Text{It: "`piccoli build` li installa", En: "`piccoli build` installs them"}}}
	}
	s.Draw = func(x desk.Chart) (string, error) {
		svg, err := drawer.Draw(x.ID, x.Kind, x.Title, x.Desc, x.Labels, x.Values, x.Shown)
		return string(svg), err
	}
	return s, drawer.Close, nil
}

// write writes to the file, or to the standard output: a table that is longer than the screen through a pager.
func (t *terminal) write(ctx context.Context, r *desk.Report, format, out string, s desk.Style) error {
	if out == "" {
		if (format == "xlsx" || format == "pdf") && outputWidth() > 0 {
			return usageError{catalog.Textf(catalog.Text{It: "%s non si scrive sul terminale: dare --out FILE.%[1]s", En: "%s is not for a terminal: give --out FILE.%[1]s"}, format)}
		}
		if format == "table" {
			return t.paged(func(w io.Writer) error { return r.Write(ctx, w, format, s) })
		}
		return r.Write(ctx, os.Stdout, format, s)
	}
	if format == "table" {
		s.Width = 0
	}
	if err := writeAside(out, func(w io.Writer) error { return r.Write(ctx, w, format, s) }); err != nil {
		return err
	}
	return printf(t.say("%s: %d righe.\n", "%s: %d rows.\n"), out, len(r.Rows))
}

// writeAside writes a file under another name and puts it in place when it is whole.
func writeAside(path string, fill func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	if err = errors.Join(fill(f), f.Chmod(0o644), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

// allRegions runs the report once for each region that its parameter regione knows, into a folder.
func (t *terminal) allRegions(c *cli.Context, d *desk.Desk, q *catalog.Query, params map[string]string, format string, s desk.Style) error {
	p := q.Param("regione")
	if p == nil {
		return usageError{catalog.Textf(catalog.Text{It: "--all-regions: il rapporto %s non ha il parametro «regione»", En: "--all-regions: the report %s has no parameter \"regione\""}, desk.Name(q))}
	}
	if _, given := params["regione"]; given {
		return usageError{catalog.Text{It: "--all-regions e --param regione non vanno insieme", En: "--all-regions and --param regione don't go together"}}
	}
	folder := orElse(c.String("out"), desk.Name(q))
	codes, names, err := d.Choices(c.Context, q, p)
	if err != nil {
		return err
	}
	end := format
	if format == "table" {
		end = "txt"
	}
	s.Width = 0
	t.stage(q.Title.It, q.Title.En)
	for i, code := range codes {
		params["regione"] = code
		r, err := d.Run(c.Context, q, params)
		if err != nil {
			return err
		}
		path := filepath.Join(folder, fmt.Sprintf("%s-%s.%s", desk.Name(q), slug(names[i]), end))
		if err := writeAside(path, func(w io.Writer) error { return r.Write(c.Context, w, format, s) }); err != nil {
			return err
		}
		t.step(i+1, len(codes))
	}
	t.clear()
	return printf(t.say("%d file in %s.\n", "%d files in %s.\n"), len(codes), folder)
}

// slug is a name fit for a file: valle-d-aosta.
func slug(name string) string {
	var out []string
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" '’-/", r) }) {
		if f := desk.Fold(part); f != "" {
			out = append(out, f)
		}
	}
	return strings.Join(out, "-")
}

// listReports names every report with what it answers.
func (t *terminal) listReports(cat *catalog.Catalog) error {
	reports := cat.Layer(catalog.Reports)
	width := 0
	for _, q := range reports {
		width = max(width, len(desk.Name(q)))
	}
	for _, q := range reports {
		if err := printf("%-*s  %s\n", width, desk.Name(q), q.Title.In(t.lang)); err != nil {
			return err
		}
	}
	return printf("%s\n", t.say("\n`piccoli report NOME --help` dice che cosa risponde e che parametri vuole.", "\n`piccoli report NAME --help` says what it answers and which parameters it takes."))
}

// explainReport says what a report answers, its parameters with their values, and its columns. Without a desk the values are left out.
func (t *terminal) explainReport(ctx context.Context, d *desk.Desk, q *catalog.Query) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", q.Title.In(t.lang), q.Description.In(t.lang))
	if len(q.Params) > 0 {
		b.WriteString("\n" + t.say("Parametri (--param nome=valore):", "Parameters (--param name=value):") + "\n")
	}
	for _, p := range q.Params {
		if !p.Given() {
			continue
		}
		fmt.Fprintf(&b, "  %s  %s", p.Name, p.Text.In(t.lang))
		switch {
		case p.Default != "":
			fmt.Fprintf(&b, t.say(" (altrimenti %s)", " (else %s)"), p.Default)
		case !p.Optional:
			b.WriteString(t.say(" (obbligatorio)", " (required)"))
		}
		b.WriteString("\n")
		if d == nil {
			continue
		}
		values, labels, err := d.Choices(ctx, q, &p)
		if err != nil {
			return err
		}
		for i, v := range values[:min(len(values), 25)] {
			if labels[i] != v {
				v += "  " + labels[i]
			}
			b.WriteString("      " + desk.Printable(v) + "\n")
		}
		if more := len(values) - 25; more > 0 {
			fmt.Fprintf(&b, t.say("      … e altri %d\n", "      … and %d more\n"), more)
		}
	}
	b.WriteString("\n" + t.say("Colonne:", "Columns:") + "\n")
	for _, c := range q.Columns {
		fmt.Fprintf(&b, "  %s  %s\n", c.Name, c.Text.In(t.lang))
	}
	fmt.Fprintf(&b, "\n%s: %s\n%s: %s\n", t.say("Formati", "Formats"), strings.Join(desk.Formats, ", "), t.say("File", "File"), q.Path)
	return t.print(b.String())
}
