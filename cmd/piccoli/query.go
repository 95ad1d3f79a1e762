package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
)

func queryCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "query",
		Usage:     t.say("risponde a un select sul magazzino, in sola lettura; senza select, una shell", "answers a select over the warehouse, read-only; without one, a shell"),
		ArgsUsage: "['SQL']",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: strings.Join(desk.Formats, ", ") + t.say(" (altrimenti dal nome di --out, o table)", " (else by the name of --out, or table)")},
			&cli.StringFlag{Name: "out", Usage: t.say("file da scrivere", "file to write")},
			&cli.StringFlag{Name: "db", Usage: t.say("file del magazzino dati", "the warehouse file") + " (data/piccoli.duckdb)"},
			&cli.DurationFlag{Name: "timeout", Value: 10 * time.Second, Usage: t.say("tempo al massimo, per esempio 60s", "time at the most, e.g. 60s")},
			&cli.IntFlag{Name: "limit", Value: 10_000, Usage: t.say("righe al massimo; 0: tutte", "rows at the most; 0: all")},
			&cli.StringFlag{Name: "memory-limit", Value: "1GB", Usage: t.say("memoria al massimo", "memory at the most")},
		},
		Action: func(c *cli.Context) error { return query(c, t) },
	}
}

func query(c *cli.Context, t *terminal) (err error) {
	if c.NArg() > 1 {
		return usageError{catalog.Text{It: "la domanda va tra apici: piccoli query 'select …'", En: "quote the question: piccoli query 'select …'"}}
	}
	if c.Int("limit") < 0 || c.Duration("timeout") < 0 {
		return usageError{catalog.Text{It: "--limit e --timeout non sono negativi", En: "--limit and --timeout are not negative"}}
	}
	d, err := t.desk(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	bounds := desk.Bounds{Time: c.Duration("timeout"), Rows: c.Int("limit")}
	if !c.Args().Present() {
		return t.shell(c.Context, d, bounds)
	}
	format, err := formatOf(c.String("format"), c.String("out"))
	if err != nil {
		return err
	}
	r, err := d.Ask(c.Context, c.Args().First(), bounds)
	if err != nil {
		return err
	}
	if err := t.write(c.Context, r, format, c.String("out"), desk.Style{Lang: t.lang, Width: tableWidth()}); err != nil {
		return err
	}
	if r.Cut {
		t.line(catalog.Textf(catalog.Text{It: "La risposta è più lunga: sono le prime %d righe. Con --limit 0 si hanno tutte.", En: "The answer is longer: these are the first %d rows. --limit 0 gives all."}, bounds.Rows).In(t.lang))
	}
	return nil
}

// shell asks questions until the end: from the terminal with editing, history and completion, else from the standard input.
func (t *terminal) shell(ctx context.Context, d *desk.Desk, b desk.Bounds) error {
	s := &desk.Shell{Desk: d, Bounds: b, Out: os.Stdout, Style: func() desk.Style { return desk.Style{Lang: t.lang, Width: tableWidth()} }, Fail: func(err error) { t.fail(err) }}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		s.In = io.Reader(os.Stdin)
		return s.Run(ctx)
	}
	if dir, err := os.UserConfigDir(); err == nil {
		s.History = filepath.Join(dir, "piccoli", "domande")
	}
	// Ctrl-C ends the question that is being answered, not the shell: there it is a sign like others.
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer stop()
	s.Interrupt = os.Interrupt
	t.line(t.say(`Domande al magazzino, in sola lettura. \? aiuta, \q esce.`, `Questions to the warehouse, read-only. \? helps, \q leaves.`))
	return s.Run(ctx)
}

func explainCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     t.say("dice che cosa è un dataset, una tabella o una colonna, da dove viene e come vanno i suoi controlli", "says what a dataset, a table or a column is, where it comes from and how its checks went"),
		ArgsUsage: "NAME",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "db", Usage: t.say("file del magazzino dati", "the warehouse file") + " (data/piccoli.duckdb)"},
			&cli.StringFlag{Name: "memory-limit", Value: "1GB", Usage: t.say("memoria al massimo", "memory at the most")},
		},
		Action: func(c *cli.Context) (err error) {
			if c.NArg() != 1 {
				return usageError{catalog.Text{It: "si scrive: piccoli explain NOME, per esempio spesa_per_regione o importo_eur", En: "write: piccoli explain NAME, e.g. spesa_per_regione or importo_eur"}}
			}
			d, err := t.desk(c)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			return t.paged(func(w io.Writer) error {
				return d.Explain(c.Context, w, c.Args().First(), desk.Style{Lang: t.lang, Width: tableWidth()})
			})
		},
	}
}
