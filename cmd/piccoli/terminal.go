package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
)

// terminal speaks to the person at the command line: progress on stderr only, a bar on a terminal, plain lines elsewhere.
type terminal struct {
	lang string
	json bool
	bar  *progressbar.ProgressBar
	name string

	command string // that was given, where there is one of that name
}

func (t *terminal) say(it, en string) string { return catalog.Text{It: it, En: en}.In(t.lang) }

// line prints one line on stderr.
func (t *terminal) line(text string) {
	t.clear()
	width := 0
	if !t.json {
		width = widthOf(os.Stderr)
	}
	fmt.Fprintln(os.Stderr, desk.Wrap(harmless(text), width))
}

// print writes to stdout what is to be read: on a terminal its lines are broken between words.
func (t *terminal) print(text string) error {
	_, err := fmt.Print(desk.Wrap(harmless(text), outputWidth()))
	return err
}

// harmless is a text without what a terminal obeys: names of files, of columns and cells stand in messages, and nobody vouches for them.
func harmless(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = desk.Printable(l)
	}
	return strings.Join(lines, "\n")
}

// stage announces a part of the work; with --json nothing is said.
func (t *terminal) stage(it, en string) {
	t.clear()
	t.name = t.say(it, en)
	if !t.json && !interactive() {
		fmt.Fprintln(os.Stderr, t.name)
	}
}

// step says how far the part has come.
func (t *terminal) step(done, total int) {
	if t.json || !interactive() {
		return
	}
	if t.bar == nil {
		t.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(t.name),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	if err := t.bar.Set(done); err != nil {
		t.bar = nil // a bar that can't be drawn is no reason to stop
	}
}

func (t *terminal) clear() {
	if t.bar != nil {
		_ = t.bar.Clear() // only a drawing
		t.bar = nil
	}
}

func interactive() bool { return term.IsTerminal(int(os.Stderr.Fd())) }

// outputWidth is the width of the terminal that stdout is, or 0 where it is none.
func outputWidth() int { return widthOf(os.Stdout) }

func widthOf(f *os.File) int {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// tableWidth is the width that a table on stdout may have: the terminal's, else what COLUMNS asks for, or 0 for as wide as its rows.
func tableWidth() int {
	if width := outputWidth(); width > 0 {
		return width
	}
	width, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || width < 0 {
		return 0
	}
	return width
}

// paged writes to stdout; on a terminal, what is longer than the screen goes through $PAGER, or less.
func (t *terminal) paged(fill func(io.Writer) error) error {
	var b bytes.Buffer
	if err := fill(&b); err != nil {
		return err
	}
	_, height, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || bytes.Count(b.Bytes(), []byte("\n")) < height {
		_, err := os.Stdout.Write(b.Bytes())
		return err
	}
	words := strings.Fields(orElse(os.Getenv("PAGER"), "less")) // it may have options
	pager, err := exec.LookPath(words[0])
	if err != nil {
		_, err := os.Stdout.Write(b.Bytes())
		return err
	}
	cmd := exec.Command(pager, words[1:]...)
	prompt := t.say(`spazio\: avanti, q\: esce`, `space\: on, q\: quit`)
	cmd.Env = append(os.Environ(), "LESS="+orElse(os.Getenv("LESS"), "-FSX -Ps"+prompt+"$"),
		"LESSCHARSET="+orElse(os.Getenv("LESSCHARSET"), "utf-8")) // answers are UTF-8 whatever the locale
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &b, os.Stdout, os.Stderr
	return cmd.Run()
}
