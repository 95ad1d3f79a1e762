package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkWatch times what somebody sees who works on a page that `serve --watch` shows: from the moment in which a file is written to that in which the
// open page is told to load anew, and the new page has been read. First on the committed facts, then with a simulated year in the inbox.
func BenchmarkWatch(b *testing.B) {
	for b.Loop() {
		fmt.Printf("\n%-62s %9s\n", "serve --watch: from the file written to the new page read", "median")
		for _, year := range []bool{false, true} {
			watched(b, year)
		}
	}
}

func watched(b *testing.B, year bool) {
	dir := newProject(b)
	inbox, name := filepath.Join(dir, "data", "inbox"), "facts"
	args := []string{"serve", "--watch", "--addr", "127.0.0.1:0"}
	if year {
		inbox, name = filepath.Join(b.TempDir(), "consegne"), "simulated year"
		if r := piccoli(b, dir, nil, "simulate", "--out", inbox); r.code != 0 {
			b.Fatal(r.err)
		}
		args = append(args, "--inbox", inbox, "--out", filepath.Join(dir, "sito"), "--db", filepath.Join(dir, "w.duckdb"))
	}
	address := serving(b, dir, args...)
	get := func(path string) string {
		resp, err := http.Get(address + path)
		if err != nil {
			b.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
		return string(text)
	}
	n := 0
	seen := func(what, page string, change func(mark string)) {
		var open *http.Response
		var mark string
		took := median(b, func() {
			time.Sleep(time.Second) // so that what follows the last build is over
			var err error
			if open, err = http.Get(address + "_ricarica"); err != nil {
				b.Fatal(err)
			}
			n++
			mark = fmt.Sprintf("Segno%d", n)
		}, func() {
			change(mark)
			if _, err := io.ReadAll(open.Body); err != nil {
				b.Fatal(err)
			}
			open.Body.Close()
			if text := get(page); !strings.Contains(text, mark) {
				b.Fatalf("%s: %s is not on %s", what, mark, page)
			}
		})
		fmt.Printf("%-62s %7.2f s\n", name+": "+what, took.Seconds())
	}
	edited := func(path string, edit func(text, mark string) string) func(string) {
		first := read(b, dir, filepath.FromSlash(path))
		return func(mark string) { put(b, filepath.Join(dir, filepath.FromSlash(path)), edit(first, mark)) }
	}
	seen("the rows of one mart", "dati/dotazioni/", edited("queries/marts/dotazioni.sql", func(text, mark string) string {
		return strings.Replace(text, "'Parte attuata da '", "'"+mark+" attuata da '", 1)
	}))
	seen("the template of one kind of page", "privacy/", edited("site/templates/prosa.html", func(text, mark string) string {
		return strings.Replace(text, "</div>", "</div>\n<p>"+mark+"</p>", 1)
	}))
	seen("a long text", "privacy/", edited("site/pages/privacy.it.md", func(text, mark string) string { return text + "\n\n" + mark + "\n" }))
	if !year { // one table more, whose windows change with every file dropped
		if err := os.MkdirAll(filepath.Join(inbox, "finestre"), 0o755); err != nil {
			b.Fatal(err)
		}
		time.Sleep(time.Second)
		seen("a file dropped in the inbox", "dati/finestre/", func(mark string) {
			put(b, filepath.Join(inbox, "finestre", "finestre.csv"), "finestra;avviso;programma;apertura;chiusura\n"+mark+";A;avviso-piccoli-comuni;20/05/2020;20/07/2020\n")
		})
	}
}

// serving starts `serve` and gives the address at which it answers.
func serving(tb testing.TB, dir string, args ...string) string {
	tb.Helper()
	exe, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=it_IT.UTF-8", asProgram+"=1")
	said, err := cmd.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	found := make(chan string, 1)
	go func() {
		defer close(found)
		for s := bufio.NewScanner(said); s.Scan(); {
			if strings.HasPrefix(s.Text(), "http://") {
				found <- strings.TrimSpace(s.Text())
			}
		}
	}()
	address := <-found
	if address == "" {
		tb.Fatal("serve ended without an address")
	}
	return address
}
