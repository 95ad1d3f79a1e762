package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/site"
)

func checkCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: t.say("legge intestazioni, query, strati e rimandi, senza dati", "reads headers, queries, layers and references, without data"),
		Action: func(c *cli.Context) error {
			root, cat, err := project(c)
			if err != nil {
				return err
			}
			if _, err := site.LoadPublisher(root); err != nil {
				return err
			}
			return printf(t.say("%d file SQL in ordine, %d dataset.\n", "%d SQL files in order, %d datasets.\n"), len(cat.Queries), len(cat.Marts()))
		},
	}
}

func graphCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:  "graph",
		Usage: t.say("disegna chi legge che cosa, in DOT di Graphviz", "draws what reads what, in Graphviz's DOT"),
		Action: func(c *cli.Context) error {
			_, cat, err := project(c)
			if err != nil {
				return err
			}
			return printf("%s", cat.Graph())
		},
	}
}

func newCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "new",
		Usage:     t.say("scrive un file nuovo con l'intestazione giusta", "writes a new file with a right header"),
		ArgsUsage: t.say("mart|staging|report NOME | inbox [TABELLA…]", "mart|staging|report NAME | inbox [TABLE…]"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Usage: t.say("cartella dei modelli", "folder of the templates") + " (data/inbox/modelli)"},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Get(0) == "inbox" {
				return newTemplates(c, t)
			}
			layers := map[string]catalog.Layer{"mart": catalog.Marts, "staging": catalog.Staging, "report": catalog.Reports}
			layer, ok := layers[c.Args().Get(0)]
			if !ok || c.NArg() != 2 {
				return usageError{catalog.Text{It: "si scrive: piccoli new mart|staging|report NOME, oppure piccoli new inbox [TABELLA…]", En: "write: piccoli new mart|staging|report NAME, or piccoli new inbox [TABLE…]"}}
			}
			root, err := projectRoot(c)
			if err != nil {
				return err
			}
			path, err := catalog.Scaffold(root, layer, c.Args().Get(1))
			if err != nil {
				return err
			}
			return printf(t.say("Scritto %s: completare l'intestazione e l'SQL, poi `piccoli check`.\n", "Wrote %s: fill in the header and the SQL, then `piccoli check`.\n"), path)
		},
	}
}

// newTemplates writes a workbook to be filled in for each table named, or for all that offices deliver. A file that is there is kept: someone may
// have filled it in.
func newTemplates(c *cli.Context, t *terminal) error {
	root, cat, err := project(c)
	if err != nil {
		return err
	}
	all := ingest.Templates(cat)
	var known []string
	for _, q := range all {
		known = append(known, q.Name)
	}
	wanted := c.Args().Tail()
	if len(wanted) == 0 {
		wanted = known
	}
	out := orElse(c.String("out"), filepath.Join(root, "data", "inbox", "modelli"))
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, name := range wanted {
		at := slices.Index(known, name)
		if at < 0 {
			return usageError{catalog.Textf(catalog.Text{It: "«%s» non è una tabella che gli uffici consegnano: %s", En: "%q is no table that offices deliver: %s"}, name, strings.Join(known, ", "))}
		}
		path := filepath.Join(out, name+".xlsx")
		if _, err := os.Stat(path); err == nil {
			return catalog.Problems{{File: path, What: catalog.Text{It: "il file c'è già", En: "the file exists already"}, Hint: catalog.Text{It: "spostarlo o cancellarlo, o scegliere un'altra cartella con --out", En: "move or delete it, or choose another folder with --out"}}}
		}
		if err := ingest.WriteTemplate(path, all[at]); err != nil {
			return err
		}
	}
	return printf(t.say("Modelli scritti in %s: %s.\nRiempire il foglio «Dati» e mettere ogni file in data/inbox/<tabella>, poi `piccoli build`.\n",
		"Templates written to %s: %s.\nFill in the sheet \"Dati\" and put each file into data/inbox/<table>, then `piccoli build`.\n"), out, strings.Join(wanted, ", "))
}
