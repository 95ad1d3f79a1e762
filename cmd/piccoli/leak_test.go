package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// usage is what a process holds.
type usage struct{ files, threads, kB int }

func usageOf(t *testing.T, pid int) (u usage) {
	t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	files, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		t.Fatal(err)
	}
	u.files = len(files)
	for _, line := range strings.Split(read(t, proc, "status"), "\n") {
		name, value, _ := strings.Cut(line, ":")
		n, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(value, "kB")))
		switch name {
		case "Threads":
			u.threads = n
		case "VmRSS":
			u.kB = n
		}
	}
	return u
}

// TestWatchLeaksNothing lets `serve --watch` build over and over (PICCOLI_RICOSTRUZIONI times) while pages are read and an open page listens: files and
// goroutines stay as many as after the first builds, memory stays flat.
func TestWatchLeaksNothing(t *testing.T) {
	builds := often(t, "PICCOLI_RICOSTRUZIONI", 10)
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("no /proc on this system")
	}
	dir := smallProject(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "serve", "--watch", "--addr", "127.0.0.1:0")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=it_IT.UTF-8", asProgram+"=1")
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if err := in.Close(); err != nil { // the program's end is its own
		t.Fatal(err)
	}
	lines := make(chan string, 10_000)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
		close(lines)
	}()
	said := func(want string) string {
		t.Helper()
		var all []string
		for end := time.After(3 * time.Minute); ; {
			select {
			case l := <-lines:
				if all = append(all, l); strings.Contains(l, want) {
					return strings.TrimSpace(l)
				}
			case <-end:
				t.Fatalf("%q was not said:\n%s", want, strings.Join(all, "\n"))
			}
		}
	}
	address := said("http://")
	mart := filepath.Join(dir, "queries", "marts", "dotazioni.sql")
	text := read(t, mart)
	var seen []usage
	for i := range builds {
		listening, err := http.Get(address + "_ricarica") // a reader whose page is open
		if err != nil {
			t.Fatal(err)
		}
		put(t, mart, strings.Replace(text, "Dotazioni dichiarate", fmt.Sprintf("Dotazioni dichiarate (%d)", i), 1))
		said("Il sito è in")
		if page, err := http.Get(address + "dati/dotazioni/"); err != nil || page.StatusCode != http.StatusOK {
			t.Fatal(page, err)
		} else if err := page.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if err := listening.Body.Close(); err != nil {
			t.Fatal(err)
		}
		http.DefaultClient.CloseIdleConnections()
		time.Sleep(200 * time.Millisecond)
		seen = append(seen, usageOf(t, cmd.Process.Pid))
	}
	half := len(seen) / 2
	early, late := seen[half-min(half, 5):half], seen[len(seen)-min(half, 5):]
	most := func(of []usage, what func(usage) int) (n int) {
		for _, u := range of {
			n = max(n, what(u))
		}
		return n
	}
	for name, what := range map[string]func(usage) int{"files": func(u usage) int { return u.files }, "threads": func(u usage) int { return u.threads }} {
		if a, b := most(early, what), most(late, what); b > a+3 {
			t.Errorf("%s: %d halfway, %d in the end", name, a, b)
		}
	}
	if a, b := most(early, func(u usage) int { return u.kB }), most(late, func(u usage) int { return u.kB }); b > a+a/4 {
		t.Errorf("memory: %d kB halfway, %d in the end", a, b)
	}
	if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil { // Go tells every goroutine and ends
		t.Fatal(err)
	}
	_ = cmd.Wait()
	goroutines := 0
	for l := range lines {
		if strings.HasPrefix(l, "goroutine ") && strings.HasSuffix(l, "]:") {
			goroutines++
		}
	}
	if goroutines == 0 || goroutines > 40 {
		t.Errorf("%d goroutines in the end", goroutines)
	}
	t.Logf("%d builds; %d goroutines in the end; first %+v, halfway %+v, last %+v; most memory %d kB", builds, goroutines, seen[0], seen[half], seen[len(seen)-1], slices.MaxFunc(seen, func(a, b usage) int { return a.kB - b.kB }).kB)
}
