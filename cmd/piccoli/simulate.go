package main

import (
	"path/filepath"
	"strconv"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/simulate"
)

func simulateCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:  "simulate",
		Usage: t.say("scrive consegne simulate dell'amministrazione, tarate sui totali pubblicati", "writes simulated deliveries of the administration, calibrated to the published totals"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "seed", Value: "1", Usage: t.say("seme: lo stesso dà gli stessi file", "seed: the same one gives the same files")},
			&cli.Int64Flag{Name: "scale", Value: 1, Usage: t.say("in quante parti dividere ogni rendicontazione; i totali non cambiano", "into how many parts to split each claim; totals stay the same")},
			&cli.Float64Flag{Name: "errors", Value: 0.05, Usage: t.say("quota di righe sbagliate, da 0 a 0.5", "share of wrong rows, from 0 to 0.5")},
			&cli.StringFlag{Name: "out", Usage: t.say("cartella nuova o vuota", "a new or an empty folder")},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usageError{catalog.Textf(catalog.Text{It: "simulate non vuole nomi: «%s»", En: "simulate takes no names: %q"}, c.Args().First())}
			}
			if c.String("out") == "" {
				return usageError{catalog.Text{It: "dove scrivere? Dare --out CARTELLA", En: "where to write? Give --out FOLDER"}}
			}
			seed, err := strconv.ParseUint(c.String("seed"), 10, 64)
			if err != nil {
				return usageError{catalog.Textf(catalog.Text{It: "--seed %s: il seme è un numero intero da 0 in su", En: "--seed %s: the seed is a whole number from 0 up"}, c.String("seed"))}
			}
			out, err := filepath.Abs(c.String("out"))
			if err != nil {
				return err
			}
			_, cat, err := project(c)
			if err != nil {
				return err
			}
			files, err := simulate.Write(c.Context, simulate.Options{Catalog: cat, Seed: seed, Scale: c.Int64("scale"), Errors: c.Float64("errors"), Out: out})
			if err != nil {
				return err
			}
			var rows, wrong int64
			for _, f := range files {
				rows, wrong = rows+f.Rows, wrong+f.Wrong
			}
			return printf(t.say("%d file, %s righe, %s sbagliate, in %s: sono dati SIMULATI.\nPer costruirne il sito: piccoli build --inbox %[4]s --out CARTELLA --db FILE\n",
				"%d files, %s rows, %s of them wrong, in %s: the data are SIMULATED.\nTo build a site of them: piccoli build --inbox %[4]s --out FOLDER --db FILE\n"), len(files), t.number(rows), t.number(wrong), out)
		},
	}
}
