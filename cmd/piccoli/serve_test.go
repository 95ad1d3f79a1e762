package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWatch serves a project, changes a query, templates and the inbox, and sees the pages change by themselves; a wrong file is told and the last good
// site stays; when all is taken back the site is the one that it was.
func TestWatch(t *testing.T) {
	dir := newProject(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "serve", "--watch", "--addr", "127.0.0.1:0")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=it_IT.UTF-8", asProgram+"=1")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = write.Close()
	})
	lines := make(chan string, 1000)
	go func() {
		for s := bufio.NewScanner(read); s.Scan(); {
			lines <- s.Text()
		}
	}()
	said := func(want string) string {
		t.Helper()
		var all []string
		for end := time.After(5 * time.Minute); ; { // a build under the race detector takes minutes
			select {
			case l := <-lines:
				if all = append(all, l); strings.Contains(l, want) {
					return l
				}
			case <-end:
				t.Fatalf("%q was not said:\n%s", want, strings.Join(all, "\n"))
			}
		}
	}
	address := strings.TrimSpace(said("http://"))
	get := func(path string) string {
		t.Helper()
		resp, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if page := get("metodo/"); !strings.Contains(page, "/_ricarica.js") {
		t.Error("the page does not listen for changes")
	}
	before := digest(t, filepath.Join(dir, "site", "dist"))
	events, err := http.Get(address + "_ricarica")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	change := func(path string, edit func(string) string) {
		t.Helper()
		file := filepath.Join(dir, path)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(edit(string(b))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	change("queries/marts/dotazioni.sql", func(s string) string {
		i := strings.Index(s, "{it: ")
		return s[:i] + "{it: Provvisto, en: Provided}" + s[i+strings.Index(s[i:], "}")+1:]
	})
	said("Il sito è in")
	if page := get("dati/dotazioni/"); !strings.Contains(page, "Provvisto") {
		t.Error("the page of the dataset has not changed")
	}
	if b, err := io.ReadAll(events.Body); err != nil || !strings.Contains(string(b), "data: nuovo") {
		t.Errorf("the open page was not told: %q %v", b, err)
	}
	change("queries/marts/dotazioni.sql", func(s string) string { return strings.Replace(s, "Provvisto", "Provvisto}", 1) })
	said("queries/marts/dotazioni.sql:")
	if page := get("dati/dotazioni/"); !strings.Contains(page, "Provvisto") {
		t.Error("the last good site is gone")
	}
	change("queries/marts/dotazioni.sql", func(s string) string { return strings.Replace(s, "Provvisto}", "Fornito", 1) })
	said("Il sito è in")
	change("site/templates/prosa.html", func(s string) string { return strings.Replace(s, "</h1>", "</h1>\n<p>Segno</p>", 1) })
	said("Il sito è in")
	change("site/templates/comune.html", func(s string) string { return strings.Replace(s, "</h1>", "</h1>\n<p>Segno</p>", 1) })
	said("Il sito è in")
	for path, want := range map[string]bool{"privacy/": true, "en/comuni/019017/": true, "dati/dotazioni/": false} {
		if page := get(path); strings.Contains(page, "<p>Segno</p>") != want {
			t.Errorf("%s has what was added to the templates of others, or lacks what was to its own", path)
		}
	}
	if page := get("dati/dotazioni/"); !strings.Contains(page, "Fornito") {
		t.Error("the page of the dataset has not changed")
	}
	for _, path := range []string{"queries/marts/dotazioni.sql", "site/templates/prosa.html", "site/templates/comune.html"} {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		change(path, func(string) string { return string(text) })
		said("Il sito è in")
	}
	compareTrees(t, before, digest(t, filepath.Join(dir, "site", "dist")))
	inbox := filepath.Join(dir, "data", "inbox", "finestre")
	if err := os.MkdirAll(inbox, 0o755); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // the folder is watched from when it is seen
	if err := os.WriteFile(filepath.Join(inbox, "finestre.csv"), []byte("finestra;avviso;programma;apertura;chiusura\nF1;A;avviso-piccoli-comuni;20/05/2020;20/07/2020\nF2;A;avviso-piccoli-comuni;21/07/2020;20/07/2020\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if l := said("Righe in quarantena"); !strings.Contains(l, "finestre 1") {
		t.Error(l)
	}
}
