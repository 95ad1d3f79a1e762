package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/site"
)

func diffCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     t.say("dice che cosa è cambiato tra due versioni, riga per riga e nei totali", "says what changed between two versions, row by row and in the totals"),
		ArgsUsage: "A B",
		Flags: []cli.Flag{
			releasesFlag(t),
			&cli.StringFlag{Name: "format", Value: "text", Usage: t.say("text, html (una pagina) o atom (una voce di feed)", "text, html (a page) or atom (an entry of a feed)")},
			&cli.StringFlag{Name: "out", Usage: t.say("cartella in cui scrivere tutte le righe cambiate, un CSV per dataset", "folder to write all changed rows into, one CSV a dataset")},
			&cli.BoolFlag{Name: "same-meaning", Usage: t.say("le descrizioni cambiate dicono la stessa cosa con altre parole", "changed descriptions say the same in other words")},
			&cli.IntFlag{Name: "threads", Usage: t.say("quanti processori usare (altrimenti tutti)", "how many processors to use (else all)")},
			&cli.StringFlag{Name: "memory-limit", Value: "600MB", Usage: t.say("memoria del confronto; oltre, si usa il disco", "memory of the comparison; beyond it the disk is used")},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return usageError{catalog.Text{It: "si scrive: piccoli diff A B, versioni (1.0.0) o cartelle (site/dist)", En: "write: piccoli diff A B, versions (1.0.0) or folders (site/dist)"}}
			}
			if f := c.String("format"); f != "text" && f != "html" && f != "atom" {
				return usageError{catalog.Textf(catalog.Text{It: "--format %s: è text, html o atom; per i programmi c'è --json", En: "--format %s: it is text, html or atom; for programs there is --json"}, f)}
			}
			from, err := dataOf(c, c.Args().Get(0))
			if err != nil {
				return err
			}
			to, err := dataOf(c, c.Args().Get(1))
			if err != nil {
				return err
			}
			t.stage("confronto", "comparison")
			changes, err := release.Diff(c.Context, from, to, release.Differ{Threads: c.Int("threads"), Memory: c.String("memory-limit"), SameMeaning: c.Bool("same-meaning"), Rows: c.String("out"),
				Step: func(_ string, done, total int) { t.step(done, total) }})
			t.clear()
			if err != nil {
				return err
			}
			if t.json {
				return json.NewEncoder(os.Stdout).Encode(changes)
			}
			if c.String("format") == "text" {
				return t.changes(changes)
			}
			return changesAs(c, t, changes)
		},
	}
}

// changesAs prints the changes as a page, or as an entry to be put into a feed.
func changesAs(c *cli.Context, t *terminal, changes *release.Changes) error {
	root, err := projectRoot(c)
	if err != nil {
		return err
	}
	publisher, err := site.LoadPublisher(root)
	if err != nil {
		return err
	}
	if c.String("format") == "html" {
		page, err := desk.Digest{Changes: changes, Site: publisher.BaseURL}.HTML(t.lang)
		if err != nil {
			return err
		}
		return printf("%s", page)
	}
	entry := release.FeedEntry{Date: changes.To.Date, Title: fmt.Sprintf(t.say("Da %s a %s", "From %s to %s"), t.point(changes.From), t.point(changes.To))}
	entry.ID, entry.Path = "dati/"+changes.To.Date+"/"+changes.To.SHA256[:12], "dati/"
	if v := changes.To.Version; v != "" {
		entry.ID, entry.Path, entry.Title = "releases/"+v, "releases/"+v+"/cosa-e-cambiato/", fmt.Sprintf(t.say("Versione %s", "Version %s"), v)
	}
	entry.Summary, entry.Lines = release.Told(t.lang, changes.Counts())
	text, err := release.Feed{Site: publisher.Release(t.lang), Lang: t.lang, Simulated: changes.To.Simulated}.Entry(entry)
	if err != nil {
		return err
	}
	return printf("%s", text)
}

// dataOf finds the data of a version or folder that the user names.
func dataOf(c *cli.Context, name string) (string, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return release.Folder(name)
	}
	releases := c.String("releases")
	if releases == "" {
		if root, err := projectRoot(c); err == nil {
			releases = releasesOf(c, root, ingest.Inputs{Root: root})
		}
	}
	if at := filepath.Join(releases, name); releases != "" && !strings.Contains(name, string(filepath.Separator)) {
		if info, err := os.Stat(at); err == nil && info.IsDir() {
			return release.Folder(at)
		}
	}
	return "", usageError{catalog.Textf(catalog.Text{It: "«%s» non è né una versione né una cartella", En: "%q is neither a version nor a folder"}, name)}
}

// changes says what changed, dataset by dataset; the first rows of each kind are shown and the others counted.
func (t *terminal) changes(c *release.Changes) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if c.From.Simulated || c.To.Simulated {
		line("%s", desk.SimulatedTexts.In(t.lang))
	}
	line(t.say("Da %s a %s", "From %s to %s"), t.point(c.From), t.point(c.To))
	if c.Level == "" {
		line("%s", t.say("Non è cambiato niente.", "Nothing changed."))
		return printf("%s", b.String())
	}
	line(t.say("Per SemVer il cambiamento è %s.", "By SemVer the change is %s."), strings.ToUpper(string(c.Level)))
	if len(c.Schema) > 0 {
		line("\n%s", t.say("Schema", "Schema"))
		for _, s := range c.Schema {
			line("  %s: %s (%s)", s.Place(), s.What().In(t.lang), strings.ToUpper(string(s.Level)))
		}
	}
	same := 0
	for _, d := range c.Datasets {
		if d.Same() {
			same++
			continue
		}
		line("\n%s · %s", d.Dataset, d.Title.Text().In(t.lang))
		before, after := int64(0), int64(0)
		if d.Before != nil {
			before = *d.Before
		}
		if d.After != nil {
			after = *d.After
		}
		line(t.say("  righe: %s → %s (aggiunte %s, tolte %s, cambiate %s)", "  rows: %s → %s (added %s, removed %s, changed %s)"),
			t.number(before), t.number(after), t.number(d.Added), t.number(d.Removed), t.number(d.Changed))
		if d.Unpaired {
			line("%s", t.say("  la chiave è cambiata: nessuna riga si può dire la stessa", "  the key changed: no row can be said to be the same"))
		}
		for _, m := range d.Totals {
			if m.Still() {
				continue
			}
			line("  %s %s: %s → %s = %s", m.Column, m.Unit, catalog.FormatAmount(t.lang, m.Before), catalog.FormatAmount(t.lang, m.After), catalog.FormatChange(t.lang, m.Delta()))
			line(t.say("    righe aggiunte %s, tolte %s, cambiate %s", "    rows added %s, removed %s, changed %s"), catalog.FormatChange(t.lang, m.Added), catalog.FormatChange(t.lang, m.Taken()), catalog.FormatChange(t.lang, m.Changed))
		}
		for _, k := range []struct {
			sign string
			n    int64
			rows []release.Row
		}{{"+", d.Added, d.AddedTop}, {"-", d.Removed, d.RemovedTop}, {"~", d.Changed, d.ChangedTop}} {
			for _, r := range k.rows {
				line("  %s %s", k.sign, t.row(d, r, k.sign))
			}
			if rest := k.n - int64(len(k.rows)); rest > 0 {
				line(t.say("    … e altre %s", "    … and %s more"), t.number(rest))
			}
		}
		if d.File != nil {
			line(t.say("  tutte le righe: %s", "  all rows: %s"), d.File.Path)
		}
	}
	line("\n"+t.say("Dataset con le stesse righe: %d.", "Datasets with the same rows: %d."), same)
	return printf("%s", b.String())
}

func (t *terminal) row(d release.DatasetChange, r release.Row, sign string) string {
	var key, cells []string
	for i, k := range r.Key {
		key = append(key, d.Key[i]+"="+k)
	}
	value := func(s *string) string {
		if s == nil {
			return "∅"
		}
		return *s
	}
	for _, c := range r.Cells {
		switch {
		case sign == "~":
			cells = append(cells, fmt.Sprintf("%s: %s → %s", c.Column, value(c.Before), value(c.After)))
		case len(r.Key) == 0: // nothing else tells the row
			cells = append(cells, value(c.Before)+value(c.After))
		}
	}
	if len(cells) > 0 {
		key = append(key, strings.Join(cells, "; "))
	}
	return strings.Join(key, ", ")
}

func (t *terminal) point(p release.Point) string {
	date := t.say(" (dati al ", " (data as of ") + p.Date + ")"
	if p.Version == "" {
		return t.say("una costruzione", "a build") + date
	}
	return p.Version + date
}

func (t *terminal) number(n int64) string { return catalog.FormatNumber(t.lang, fmt.Sprint(n)) }
