package main

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
	"piccoli/site"
)

func digestCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:  "digest",
		Usage: t.say("scrive una nota di che cosa è cambiato da una versione, pronta da spedire", "writes a note of what changed since a version, ready to be mailed"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "since", Usage: t.say("versione o cartella di partenza", "version or folder to start from")},
			&cli.StringFlag{Name: "region", Usage: t.say("solo una regione, per nome o codice", "only one region, by name or code")},
			&cli.StringFlag{Name: "out", Usage: t.say("file da scrivere, .md o .html (altrimenti Markdown sullo schermo)", "file to write, .md or .html (else Markdown on the screen)")},
			&cli.StringFlag{Name: "site", Usage: t.say("cartella del sito di ora", "folder of the site of now") + " (site/dist)"},
			&cli.StringFlag{Name: "db", Usage: t.say("file del magazzino dati", "the warehouse file") + " (data/piccoli.duckdb)"},
			releasesFlag(t),
		},
		Action: func(c *cli.Context) error { return changedNote(c, t) },
	}
}

func changedNote(c *cli.Context, t *terminal) error {
	if c.Args().Present() || c.String("since") == "" {
		return usageError{catalog.Text{It: "si scrive: piccoli digest --since VERSIONE, per esempio --since 1.0.0", En: "write: piccoli digest --since VERSION, e.g. --since 1.0.0"}}
	}
	end := strings.TrimPrefix(filepath.Ext(c.String("out")), ".")
	if c.String("out") != "" && end != "md" && end != "html" {
		return usageError{catalog.Textf(catalog.Text{It: "--out %s: il nome finisce con .md o .html", En: "--out %s: the name ends with .md or .html"}, c.String("out"))}
	}
	root, err := projectRoot(c)
	if err != nil {
		return err
	}
	publisher, err := site.LoadPublisher(root)
	if err != nil {
		return err
	}
	from, err := dataOf(c, c.String("since"))
	if err != nil {
		return err
	}
	to, err := release.Folder(orElse(c.String("site"), filepath.Join(root, "site", "dist")))
	if err != nil {
		return err
	}
	note := desk.Digest{Site: publisher.BaseURL}
	differ := release.Differ{SameMeaning: true}
	if asked := c.String("region"); asked != "" {
		if differ.Region, note.Region, err = t.region(c.Context, orElse(c.String("db"), filepath.Join(root, "data", "piccoli.duckdb")), asked); err != nil {
			return err
		}
	}
	if note.Changes, err = release.Diff(c.Context, from, to, differ); err != nil {
		return err
	}
	text := note.Markdown(t.lang)
	if end == "html" {
		if text, err = note.HTML(t.lang); err != nil {
			return err
		}
	}
	if c.String("out") == "" {
		return printf("%s", text)
	}
	return writeAside(c.String("out"), func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// region finds the region that a name or a code means.
func (t *terminal) region(ctx context.Context, file, asked string) (code, name string, err error) {
	db, err := warehouse.OpenSealed(ctx, file, warehouse.Limits{Memory: "500MB"})
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var known []string
	found := func(rows *sql.Rows) error {
		var c, n, slug string
		if err := rows.Scan(&c, &n, &slug); err != nil {
			return err
		}
		known = append(known, n)
		if c == asked || desk.Fold(n) == desk.Fold(asked) || desk.Fold(slug) == desk.Fold(asked) {
			code, name = c, n
		}
		return nil
	}
	if err := each(ctx, db, "select codice_regione, denominazione, slug from marts.regioni order by codice_regione", found); err != nil {
		return "", "", err
	}
	if code == "" {
		hint := strings.Join(known, ", ")
		if near := catalog.Nearest(asked, known); near != "" {
			hint = near + "?"
		}
		return "", "", usageError{catalog.Textf(catalog.Text{It: "--region %s: non è una regione (%s)", En: "--region %s: it is no region (%s)"}, asked, hint)}
	}
	return code, name, nil
}
