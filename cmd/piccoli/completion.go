package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
)

// The scripts by which a shell asks the program itself what may follow.
var completionScripts = map[string]string{
	"bash": `_piccoli() {
  local IFS=$'\n' cur=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "${COMP_WORDS[@]:1:COMP_CWORD-1}" --generate-bash-completion 2>/dev/null)" -- "$cur"))
}
complete -o default -F _piccoli piccoli
`,
	"zsh": `#compdef piccoli
_piccoli() {
  local -a found
  found=("${(@f)$("${words[1]}" "${(@)words[2,CURRENT-1]}" --generate-bash-completion 2>/dev/null)}")
  compadd -a found || _files
}
compdef _piccoli piccoli
`,
	"fish": `complete -c piccoli -a '(set -l w (commandline -opc); $w[1] $w[2..] --generate-bash-completion 2>/dev/null)'
`,
}

func completionCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     t.say("scrive lo script che completa i comandi nella shell", "prints the script that completes commands in the shell"),
		ArgsUsage: "bash|zsh|fish",
		Action: func(c *cli.Context) error {
			script, ok := completionScripts[c.Args().First()]
			if !ok || c.NArg() != 1 {
				return usageError{catalog.Text{It: "si scrive: piccoli completion bash|zsh|fish, per esempio source <(piccoli completion bash)", En: "write: piccoli completion bash|zsh|fish, e.g. source <(piccoli completion bash)"}}
			}
			return printf("%s", script)
		},
	}
}

func manCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: t.say("scrive la pagina di manuale, per esempio piccoli man | man -l -", "prints the manual page, e.g. piccoli man | man -l -"),
		Action: func(c *cli.Context) error {
			page, err := c.App.ToManWithSection(1)
			if err != nil {
				return err
			}
			if t.lang == "it" {
				page = helpWords.Replace(page)
			}
			return printf("%s", page)
		},
	}
}

const completionFlag = "--generate-bash-completion"

// complete prints what may follow the words, a line each: commands, then the names that the command takes and its flags.
func complete(app *cli.App, words []string) error {
	if len(words) == 0 {
		for _, c := range app.Commands {
			if err := printf("%s\n", c.Name); err != nil {
				return err
			}
		}
		return nil
	}
	at := slices.IndexFunc(app.Commands, func(c *cli.Command) bool { return slices.Contains(words, c.Name) })
	if at < 0 {
		return nil
	}
	command, last := app.Commands[at], words[len(words)-1]
	var out []string
	switch {
	case last == "--format" || last == "-format":
		out = slices.Clone(desk.Formats)
	case last == "--lang":
		out = []string{"it", "en"}
	case command.Name == "report" && last == "report":
		out = queryNames("reports", "-")
	case command.Name == "explain" && last == "explain":
		out = append(queryNames("marts", "_"), queryNames("staging", "_")...)
	case command.Name == "new" && last == "new":
		out = []string{"mart", "staging", "report", "inbox"}
	case command.Name == "completion" && last == "completion":
		out = []string{"bash", "fish", "zsh"}
	}
	if len(out) == 0 || !strings.HasPrefix(last, "-") {
		for _, f := range append(slices.Clone(command.Flags), app.Flags...) {
			out = append(out, "--"+f.Names()[0])
		}
	}
	return printf("%s\n", strings.Join(out, "\n"))
}

// queryNames are the names of the files of a layer in the project around the current folder, read from the folder alone: a completion may not take long.
func queryNames(layer, between string) (out []string) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if files, globErr := filepath.Glob(filepath.Join(dir, "queries", layer, "*.sql")); globErr == nil && len(files) > 0 {
			for _, f := range files {
				out = append(out, strings.ReplaceAll(strings.TrimSuffix(filepath.Base(f), ".sql"), "_", between))
			}
			return out
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
	return nil
}
