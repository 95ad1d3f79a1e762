package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the commands of the guides say into the guides: read every line before you commit it")

// took is how long something took, which is another on every run.
var took = regexp.MustCompile(`(in |\()\d+(\.\d+)?m?s`)

// size is what the summary of a build counts: it grows with every dataset and page.
var size = regexp.MustCompile(`(?m)^\d+ (dataset|datasets), .*$`)

// passed is how many rules hold, which grows with every rule.
var passed = regexp.MustCompile(`(?m)^(Controlli: |Checks: )[\d.,]+`)

// shownLines is how much of a long answer a guide shows.
const shownLines = 16

// TestGuides does what the guides say, by the book: every line `$ piccoli …` of a block of console is run, in the guide's language, and must say
// what stands below it. A long answer is cut in the guide, with a line that says so.
func TestGuides(t *testing.T) {
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for guide, lang := range map[string]string{"docs/guida-analisti.md": "it", "docs/guide-analysts.md": "en"} {
		t.Run(lang, func(t *testing.T) {
			dir := newProject(t)
			text, err := os.ReadFile(filepath.Join(repo, guide))
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			inside := false
			for line := range strings.SplitSeq(string(text), "\n") {
				switch {
				case line == "```console":
					inside = true
				case line == "```":
					inside = false
				case inside && !strings.HasPrefix(line, "$ "):
					continue // what was said last time
				}
				out = append(out, line)
				if command, ok := strings.CutPrefix(line, "$ piccoli"); inside && ok {
					r := piccoli(t, dir, nil, append([]string{"--lang", lang}, words(command)...)...)
					said := passed.ReplaceAllString(strings.ReplaceAll(r.out, dir, "…"), "${1}…")
					if r.code != 0 || r.out == "" {
						said += r.err
					}
					out = append(out, cutAnswer(took.ReplaceAllString(size.ReplaceAllString(said, "… ${1}, …"), "${1}…"))...)
				}
			}
			got := strings.Join(out, "\n")
			if *update {
				if err := os.WriteFile(filepath.Join(repo, guide), []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(text), got); d != "" {
				t.Errorf("the guide is stale: go test ./cmd/piccoli -run TestGuides -update\n-guide +now:\n%s", d)
			}
		})
	}
}

// words parts a command as a shell does, with single quotes.
func words(command string) (out []string) {
	for i, part := range strings.Split(command, "'") {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

func cutAnswer(said string) []string {
	lines := strings.Split(strings.TrimRight(said, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	if len(lines) <= shownLines+2 {
		return lines
	}
	return append(append(lines[:shownLines:shownLines], "[…]"), lines[len(lines)-1])
}
