package main

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"piccoli/pipelines/catalog"
)

// terminal speaks to the person at the command line: progress on stderr only, a bar on a terminal, plain lines elsewhere.
type terminal struct {
	lang string
	json bool
	bar  *progressbar.ProgressBar
	name string
}

func (t *terminal) say(it, en string) string { return catalog.Text{It: it, En: en}.In(t.lang) }

// line prints one line on stderr.
func (t *terminal) line(text string) {
	t.clear()
	fmt.Fprintln(os.Stderr, text)
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
