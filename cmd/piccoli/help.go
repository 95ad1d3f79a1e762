package main

import (
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
)

// The words of urfave/cli around ours, longest first.
var (
	helpWords = strings.NewReplacer("GLOBAL OPTIONS", "OPZIONI GENERALI", "[global options]", "[opzioni generali]", "[GLOBAL OPTIONS]", "[OPZIONI GENERALI]", "command [command options]", "comando [opzioni]",
		"command [COMMAND OPTIONS] [ARGUMENTS...]", "comando [OPZIONI] [ARGOMENTI…]", `{{template "usageTemplate" .}}`, `{{.HelpName}}{{if .VisibleFlags}} [opzioni]{{end}}{{if .ArgsUsage}} {{.ArgsUsage}}{{end}}`,
		"NAME:", "NOME:", "USAGE:", "USO:", "COMMANDS:", "COMANDI:", "OPTIONS:", "OPZIONI:",
		".SH NAME", ".SH NOME", ".SH SYNOPSIS", ".SH SINTASSI", ".SH COMMANDS", ".SH COMANDI", `\fBUsage\fP`, `\fBUso\fP`, "(default: ", "(altrimenti ", "[value]", "[VALORE]")
	flagWords = strings.NewReplacer(" value ", " VALORE ", " value\t", " VALORE\t", "(default: ", "(altrimenti ")
)

// stringFlag is the library's line of help for a flag.
var stringFlag = cli.FlagStringer

// speak makes the library's own words those of the language.
func (t *terminal) speak(app *cli.App) {
	cli.HelpFlag = &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: t.say("mostra questo aiuto", "shows this help"), DisableDefaultText: true}
	cli.FlagStringer = func(f cli.Flag) string {
		line := strings.TrimSuffix(strings.TrimSuffix(stringFlag(f), " (default: false)"), " (default: 0)")
		if t.lang == "it" {
			line = flagWords.Replace(line)
		}
		return line
	}
	if t.lang != "it" {
		return
	}
	app.CustomAppHelpTemplate = helpWords.Replace(cli.AppHelpTemplate)
	for _, c := range app.Commands {
		c.CustomHelpTemplate = helpWords.Replace(cli.CommandHelpTemplate)
		c.ArgsUsage = strings.ReplaceAll(c.ArgsUsage, "NAME", "NOME")
	}
}

// badValue is how the library's parser says that a flag has a value it can't read.
var badValue = regexp.MustCompile(`(?s)^invalid (?:boolean )?value "(.*)" for (?:flag )?-([a-z-]+): `)

// misused says what is wrong with the flags of a command.
func misused(flags []cli.Flag, err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		what := catalog.Textf(catalog.Text{It: "l'opzione --%s non c'è in questo comando", En: "this command has no option --%s"}, name)
		var known []string
		for _, f := range flags {
			known = append(known, f.Names()[0])
		}
		if near := catalog.Nearest(name, known); near != "" {
			what = catalog.Text{It: what.It + ": forse --" + near + "?", En: what.En + ": did you mean --" + near + "?"}
		}
		return usageError{what}
	}
	if m := badValue.FindStringSubmatch(err.Error()); m != nil {
		wanted := catalog.Text{It: "il valore non va", En: "the value won't do"}
		for _, f := range flags {
			if f.Names()[0] != m[2] {
				continue
			}
			switch f.(type) {
			case *cli.IntFlag, *cli.Int64Flag, *cli.UintFlag, *cli.Uint64Flag:
				wanted = catalog.Text{It: "serve un numero intero", En: "a whole number is wanted"}
			case *cli.Float64Flag:
				wanted = catalog.Text{It: "serve un numero con il punto, per esempio 0.05", En: "a number is wanted, e.g. 0.05"}
			case *cli.DurationFlag:
				wanted = catalog.Text{It: "serve un tempo con la sua unità, per esempio 60s o 2m", En: "a time with its unit is wanted, e.g. 60s or 2m"}
			}
		}
		return usageError{catalog.Textf(catalog.Text{It: "--%s %s: " + wanted.It, En: "--%s %s: " + wanted.En}, m[2], m[1])}
	}
	return usageError{catalog.Text{It: err.Error(), En: err.Error()}}
}

// unknownCommand names the command that was perhaps meant.
func unknownCommand(app *cli.App, name string) error {
	var known []string
	for _, c := range app.Commands {
		known = append(known, c.Name)
	}
	what := catalog.Textf(catalog.Text{It: "il comando «%s» non esiste", En: "there is no command %q"}, name)
	if near := catalog.Nearest(name, known); near != "" {
		what = catalog.Text{It: what.It + ": forse " + near + "?", En: what.En + ": did you mean " + near + "?"}
	}
	return usageError{what}
}
