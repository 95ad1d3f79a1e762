// Command piccoli turns what public bodies know about Italy's small comuni into a site, datasets and reports.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

// Exit codes, part of the command line's contract.
const (
	exitUnexpected = 1
	exitUsage      = 2
	exitProject    = 3 // a project file is wrong
	exitData       = 4 // the data are wrong
	exitSource     = 5 // a source could not be fetched
	exitLocked     = 6 // another build holds the lock
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args)
	stop()
	os.Exit(code)
}

// usageError is a command given wrongly.
type usageError struct{ catalog.Text }

func (e usageError) Error() string { return e.En }

func run(ctx context.Context, args []string) int {
	t := &terminal{lang: language(args), json: hasFlag(args, "--json")}
	if t.lang != "it" && t.lang != "en" {
		asked := t.lang
		t.lang = "it"
		return t.fail(usageError{catalog.Textf(catalog.Text{It: "--lang %s: la lingua è it o en", En: "--lang %s: the language is it or en"}, asked)})
	}
	app := &cli.App{
		Name:            "piccoli",
		Usage:           t.say("dai dati sui piccoli comuni a sito, dataset e rapporti", "from the data on small comuni to site, datasets and reports"),
		HideHelpCommand: true,

		DisableSliceFlagSeparator: true, // a value may hold a comma
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "lang", Usage: t.say("lingua dei messaggi: it o en", "language of the messages: it or en")},
			&cli.BoolFlag{Name: "json", Usage: t.say("messaggi in JSON, per le macchine", "messages as JSON, for machines")},
			&cli.StringFlag{Name: "root", Usage: t.say("cartella del progetto (altrimenti si cerca da quella corrente in su)", "project folder (else searched from the current one up)")},
		},
		Commands:       []*cli.Command{buildCommand(t), checkCommand(t), fetchCommand(t), graphCommand(t), newCommand(t), queryCommand(t), reportCommand(t), explainCommand(t), serveCommand(t), releaseCommand(t), diffCommand(t), verifyCommand(t), simulateCommand(t), digestCommand(t), completionCommand(t), manCommand(t)},
		ExitErrHandler: func(*cli.Context, error) {},
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return unknownCommand(c.App, name)
			}
			return cli.ShowAppHelp(c)
		},
	}
	app.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return misused(app.Flags, err) }
	for _, c := range app.Commands {
		c.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return misused(slices.Concat(c.Flags, app.Flags), err) }
	}
	t.speak(app)
	if n := len(args) - 1; n > 0 && args[n] == completionFlag {
		if err := complete(app, args[1:n]); err != nil {
			return t.fail(err)
		}
		return 0
	}
	ordered, err := t.flagsFirst(app, args)
	if err == nil {
		err = app.RunContext(ctx, ordered)
	}
	if err == nil {
		return 0
	}
	return t.fail(err)
}

// fail prints the error and gives the exit code that stands for its kind.
func (t *terminal) fail(err error) int {
	var usage usageError
	var problems catalog.Problems
	var strict *strictError
	var data *warehouse.DataError
	var source *ingest.FetchError
	var tree *release.TreeError
	var refusal *release.Refusal
	var ask *desk.AskError
	switch {
	case errors.As(err, &usage):
		hint := catalog.Text{It: "`piccoli --help` elenca i comandi", En: "`piccoli --help` lists the commands"}
		if t.command != "" {
			hint = catalog.Textf(catalog.Text{It: "`piccoli %s --help` dice che cosa vuole", En: "`piccoli %s --help` says what it takes"}, t.command)
		}
		t.problems(catalog.Problems{{What: usage.Text, Hint: hint}})
		return exitUsage
	case errors.As(err, &ask):
		t.problems(ask.Problems)
		return exitUsage
	case errors.As(err, &strict):
		t.problems(strict.Problems)
		return exitData
	case errors.As(err, &data):
		t.problems(data.Problems)
		t.remark(t.say("Niente è stato pubblicato: resta l'ultimo sito buono.", "Nothing was published: the last good site stays."))
		return exitData
	case errors.As(err, &tree):
		t.problems(tree.Problems)
		return exitData
	case errors.As(err, &refusal):
		t.problems(refusal.Problems)
		return exitUsage
	case errors.As(err, &source):
		t.problems(source.Problems)
		return exitSource
	case errors.As(err, &problems):
		t.problems(problems)
		return exitProject
	case errors.Is(err, warehouse.ErrLocked):
		t.problems(catalog.Problems{{What: catalog.Text{It: "un'altra costruzione è in corso", En: "another build is running"},
			Hint: catalog.Text{It: "aspettare che finisca; il blocco si libera da solo", En: "wait for it to end; the lock frees itself"}}})
		return exitLocked
	case errors.Is(err, context.Canceled):
		t.line(t.say("Interrotto: resta l'ultimo sito buono.", "Interrupted: the last good site stays."))
		return exitUnexpected
	}
	if warehouse.Corrupt(err) {
		t.problems(catalog.Problems{{What: catalog.Textf(catalog.Text{It: "il magazzino dati è rovinato: %s", En: "the warehouse is spoilt: %s"}, strings.SplitN(err.Error(), "\n", 2)[0]),
			Hint: catalog.Text{It: "cancellare il file e dare `piccoli build`, che lo ricostruisce dai file e dal registro delle consegne", En: "delete the file and give `piccoli build`, which builds it anew from the files and the log of deliveries"}}})
		return exitUnexpected
	}
	if lack, ok := warehouse.Machine(err); ok {
		cause := " (" + strings.SplitN(err.Error(), "\n", 2)[0] + ")"
		lack.What = catalog.Text{It: lack.What.It + cause, En: lack.What.En + cause}
		t.problems(catalog.Problems{lack})
		t.remark(t.say("Resta l'ultimo stato buono.", "The last good state stays."))
		return exitUnexpected
	}
	t.problems(catalog.Problems{{What: catalog.Text{It: err.Error(), En: err.Error()}}})
	return exitUnexpected
}

// remark adds a line to what is wrong; for machines what is wrong is one object, and enough.
func (t *terminal) remark(text string) {
	if !t.json {
		t.line(text)
	}
}

// problems prints them on stderr, as text or, with --json, one object.
func (t *terminal) problems(ps catalog.Problems) {
	if !t.json {
		t.line(ps.In(t.lang))
		return
	}
	type problem struct {
		File string `json:"file,omitempty"`
		Line int    `json:"line,omitempty"`
		Col  int    `json:"col,omitempty"`
		What string `json:"what"`
		Hint string `json:"hint,omitempty"`
	}
	out := struct {
		Errors []problem `json:"errors"`
	}{}
	for _, p := range ps {
		out.Errors = append(out.Errors, problem{p.File, p.Line, p.Col, p.What.In(t.lang), p.Hint.In(t.lang)})
	}
	if err := json.NewEncoder(os.Stderr).Encode(out); err != nil {
		panic(err) // a struct of strings and numbers
	}
}

// language is that of --lang, else that of the locale, else Italian.
func language(args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return v
		}
		if a == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "en") {
				return "en"
			}
			return "it"
		}
	}
	return "it"
}

func hasFlag(args []string, flag string) bool {
	for _, a := range args {
		if a == flag {
			return true
		}
	}
	return false
}

// flagsFirst moves the flags of a command before its names, since urfave/cli v2 stops reading flags at the first name, and
// those of the program before the command, which it notes. A flag without the value that it takes would swallow a name there, and is refused.
func (t *terminal) flagsFirst(app *cli.App, args []string) ([]string, error) {
	takesValue := map[string]bool{}
	global := map[string]bool{}
	note := func(flags []cli.Flag, isGlobal bool) {
		for _, f := range flags {
			_, boolean := f.(*cli.BoolFlag)
			for _, n := range f.Names() {
				takesValue[n] = !boolean
				if isGlobal {
					global[n] = true
				}
			}
		}
	}
	note(app.Flags, true)
	for _, c := range app.Commands {
		note(c.Flags, false)
	}
	out := []string{args[0]}
	var command string
	var flags, names []string
	rest := args[1:]
	for i := 0; i < len(rest); i++ {
		a := rest[i]
		if a == "--" {
			names = append(names, rest[i:]...)
			break
		}
		if !strings.HasPrefix(a, "-") || a == "-" {
			if command == "" {
				if command = a; app.Command(a) != nil {
					t.command = a
				}
			} else {
				names = append(names, a)
			}
			continue
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(a, "-"), "=")
		words := []string{a}
		if takesValue[name] && !hasValue {
			if i++; i == len(rest) {
				return nil, usageError{catalog.Textf(catalog.Text{It: "dopo %s manca il suo valore", En: "%s lacks its value"}, a)}
			}
			words = append(words, rest[i])
		}
		if global[name] {
			out = append(out, words...)
		} else {
			flags = append(flags, words...)
		}
	}
	if command == "" {
		return append(append(out, flags...), names...), nil
	}
	if command == "report" && len(names) > 0 { // urfave/cli would look for a topic of that name
		for i, f := range flags {
			if f == "--help" || f == "-h" {
				flags[i] = "--explain"
			}
		}
	}
	return append(append(append(out, command), flags...), names...), nil
}

// projectRoot is the folder of --root, else the nearest one above the current that holds queries/.
func projectRoot(c *cli.Context) (string, error) {
	if r := c.String("root"); r != "" {
		return filepath.Abs(r)
	}
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(filepath.Join(dir, "queries")); err == nil && info.IsDir() {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", catalog.Problems{{What: catalog.Textf(catalog.Text{It: "in %s non c'è un progetto piccoli", En: "%s holds no piccoli project"}, start),
				Hint: catalog.Text{It: "dare il comando dalla cartella che contiene queries/, o usare --root", En: "run it from the folder that holds queries/, or use --root"}}}
		}
	}
}

func printf(format string, args ...any) error {
	_, err := fmt.Print(harmless(fmt.Sprintf(format, args...)))
	return err
}
