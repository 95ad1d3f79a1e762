package main

import (
	"errors"
	"flag"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the commands of the guides say into the guides: read every line before you commit it")

// took is how long something took, which is another on every run.
var took = regexp.MustCompile(`(in |\()\d+([.,]\d+)? (min \d+ )?s`)

// size is what the summary of a build counts: it grows with every dataset and page.
var size = regexp.MustCompile(`(?m)^\d+ (dataset|datasets), .*$`)

// files is what `check`, `verify` and `diff` count, which grows too; digests are those of data that change.
var (
	files   = regexp.MustCompile(`(?m)^\d+ (file SQL in ordine, |SQL files in order, )\d+`)
	digests = regexp.MustCompile(`[0-9a-f]{64}`)
	frozen  = regexp.MustCompile(`(: )[\d.,]+ (files?), [\d.,]+ bytes?, [\d.,]+ (righe|rows) in [\d.,]+ (datasets?)`)
	version = regexp.MustCompile(`(: )\d+ (datasets?, (?:dati al|data as of))`)
)

// passed is how many rules hold, which grows with every rule.
var passed = regexp.MustCompile(`(?m)^(Controlli: |Checks: )[\d.,]+`)

// shownLines is how much of a long answer a guide shows.
const shownLines = 16

// guideWidth is how many columns the terminal of the guides has.
const guideWidth = 132

// TestGuides does what the guides say, by the book: every line `$ piccoli …` of a block of console is run, in the guide's language, and must say
// what stands below it. A long answer is cut in the guide, with a line that says so. Below each task stands a picture: one of a terminal is drawn
// from what the task's first block says and must be the one that is committed; one of a sheet or a page is made by `just immagini`.
func TestGuides(t *testing.T) {
	for guide, lang := range map[string]string{"guida-analisti.md": "it", "guide-analysts.md": "en"} {
		t.Run(lang, func(t *testing.T) { playGuide(t, newProject(t), guide, lang) })
	}
}

// TestGuidesMaintainer does the same with the maintainer's, whose blocks named by a file write it. The second language starts from what the first left,
// less the files of the example.
func TestGuidesMaintainer(t *testing.T) {
	dir := newProject(t)
	for i, guide := range []string{"guida-manutentori.md", "guide-maintainers.md"} {
		playGuide(t, dir, guide, []string{"it", "en"}[i])
		for _, made := range []string{"queries/*/prova_*", "data/seeds/prova_*", "data/releases"} {
			files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(made)))
			if err != nil || len(files) == 0 {
				t.Fatal(made, err)
			}
			for _, f := range files {
				if err := os.RemoveAll(f); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// block begins a block of a guide that holds a file: its language, and where the file belongs.
var block = regexp.MustCompile("^```(csv|sql) (.+)$")

// playGuide runs a guide in a project and compares, or with -update writes, what the commands say.
func playGuide(t *testing.T, dir, guide, lang string) {
	t.Helper()
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(repo, "docs", guide))
	if err != nil {
		t.Fatal(err)
	}
	var out, screen []string // screen: the task's first block of console
	var file string          // that a block holds
	var body strings.Builder
	inside, seen := false, false
	for line := range strings.SplitSeq(string(text), "\n") {
		switch m := block.FindStringSubmatch(line); {
		case m != nil:
			file = filepath.Join(dir, filepath.FromSlash(m[2]))
			body.Reset()
		case file != "" && line == "```":
			write(t, file, body.String())
			file = ""
		case file != "":
			body.WriteString(line + "\n")
		case strings.HasPrefix(line, "#"):
			screen, seen = nil, false
		case line == "```console":
			inside = true
		case line == "```":
			seen = seen || inside
			inside = false
		case inside && !strings.HasPrefix(line, "$ "):
			continue // what was said last time
		}
		out = append(out, line)
		if m := picture.FindStringSubmatch(line); m != nil {
			checkPicture(t, filepath.Join(repo, "docs", m[2]), m[1], screen)
		}
		command, ok := strings.CutPrefix(line, "$ ")
		if !inside || !ok {
			continue
		}
		answer := sayIn(t, dir, lang, command)
		out = append(out, answer...)
		if !seen {
			screen = append(append(screen, line), answer...)
		}
	}
	got := strings.Join(out, "\n")
	if *update {
		if err := os.WriteFile(filepath.Join(repo, "docs", guide), []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(text), got); d != "" {
		t.Errorf("%s is stale: go test ./cmd/piccoli -run TestGuides -update\n-guide +now:\n%s", guide, d)
	}
}

// sayIn runs a command of a guide and gives what it says, without what is another on every run or grows with every dataset.
func sayIn(t *testing.T, dir, lang, command string) []string {
	t.Helper()
	args := words(command)
	if args[0] != "piccoli" {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		said, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", command, err, said)
		}
		if len(said) == 0 {
			return nil
		}
		return cutAnswer(string(said))
	}
	r := piccoli(t, dir, []string{"COLUMNS=" + strconv.Itoa(guideWidth)}, append([]string{"--lang", lang}, args[1:]...)...)
	said := passed.ReplaceAllString(strings.ReplaceAll(r.out, dir, "…"), "${1}…")
	if r.code != 0 || r.out == "" {
		said += r.err
	}
	said = version.ReplaceAllString(frozen.ReplaceAllString(said, "${1}… ${2}, … ${3} in … ${4}"), "${1}… ${2}")
	said = files.ReplaceAllString(size.ReplaceAllString(said, "… ${1}, …"), "… ${1}…")
	return cutAnswer(digests.ReplaceAllString(took.ReplaceAllString(said, "${1}…"), "…"))
}

var picture = regexp.MustCompile(`^!\[(.*)\]\((immagini/.*)\)$`)

// checkPicture wants a picture that says what it shows to who can't see it, is small, and, drawn from a terminal, is that of now.
func checkPicture(t *testing.T, file, alt string, screen []string) {
	t.Helper()
	if len(alt) < 20 {
		t.Errorf("%s: %q does not say what the picture shows", file, alt)
	}
	if strings.HasSuffix(file, ".svg") {
		drawn := drawTerminal(screen)
		if *update {
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, drawn, 0o644)); err != nil {
				t.Fatal(err)
			}
			return
		}
		if there, err := os.ReadFile(file); err != nil || string(there) != string(drawn) {
			t.Errorf("%s is stale (%v): go test ./cmd/piccoli -run TestGuides -update", file, err)
		}
		return
	}
	if info, err := os.Stat(file); err != nil || info.Size() > 60<<10 {
		t.Errorf("%s is missing or larger than 60 kB (%v): `just immagini` makes it", file, err)
	}
}

// drawTerminal draws lines as a terminal shows them: what was typed in bold, the mark of simulated data in red.
func drawTerminal(lines []string) []byte {
	const column, row, margin = 7.2, 16, 12 // of 12 pixels of a monospaced font
	var folded []string
	for _, l := range lines { // a terminal breaks a long line where it ends
		for r := []rune(l); ; r = r[guideWidth:] {
			if len(r) <= guideWidth {
				folded = append(folded, string(r))
				break
			}
			folded = append(folded, string(r[:guideWidth]))
		}
	}
	width, height := guideWidth*column+2*margin, len(folded)*row+2*margin
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" width=\"%.0f\" height=\"%d\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"12\" fill=\"#e6ecf2\">\n<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#17212b\"/>\n", width, height, width, height)
	for i, l := range folded {
		if strings.TrimSpace(l) == "" {
			continue
		}
		style := ""
		switch {
		case strings.HasPrefix(l, "$ "):
			style = " font-weight=\"bold\""
		case strings.Contains(l, "SIMULAT"):
			style = " fill=\"#ff9ba8\""
		}
		fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" xml:space=\"preserve\"%s>%s</text>\n", margin, margin+12+i*row, style, html.EscapeString(l))
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
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
