package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// often is how many times a test of endurance repeats: few in CI, as many as the environment variable says by hand.
func often(t *testing.T, variable string, few int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is no number of times", variable, text)
	}
	return n
}

var rowBounds = regexp.MustCompile(`(?m)^--( +)rows: \{.*$`)

// smallProject is this project with one comune in each province and those that evidence names, which builds in seconds. What counts all of Italy
// is taken out: the rules across datasets, and the bounds on rows.
func smallProject(t testing.TB) string {
	t.Helper()
	root := newProject(t)
	named := map[string]bool{}
	for _, name := range []string{"prove/evidenze_abbinate.csv", "evidenze_abbinamenti.csv"} {
		for _, row := range records(t, filepath.Join(root, "data", "seeds", filepath.FromSlash(name))) {
			for _, cell := range row {
				named[cell] = true
			}
		}
	}
	provinces, kept := map[string]bool{}, map[string]bool{}
	cut := func(name string, keep func(row []string) bool) {
		file := filepath.Join(root, "data", "seeds", name)
		rows := records(t, file)
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		if err := w.WriteAll(append(rows[:1:1], slices.DeleteFunc(rows[1:], func(r []string) bool { return !keep(r) })...)); err != nil {
			t.Fatal(err)
		}
		put(t, file, out.String())
	}
	cut("comuni.csv", func(r []string) bool {
		code, province := r[0], r[4]
		kept[code] = named[code] || !provinces[province]
		provinces[province] = true
		return kept[code]
	})
	cut("comuni_variazioni.csv", func(r []string) bool { return kept[r[0]] })
	if err := os.RemoveAll(filepath.Join(root, "queries", "checks")); err != nil {
		t.Fatal(err)
	}
	for _, layer := range []string{"staging", "marts"} {
		files, err := filepath.Glob(filepath.Join(root, "queries", layer, "*.sql"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			put(t, f, rowBounds.ReplaceAllString(read(t, f), "--${1}rows: {min: 0, max: 100000000}"))
		}
	}
	return root
}

func records(t testing.TB, file string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(read(t, file))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// killed starts the program and kills it after that time; it reports whether it still ran.
func killed(t *testing.T, dir string, env []string, wait time.Duration, args ...string) bool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir, cmd.Env = dir, append(append(os.Environ(), asProgram+"=1"), env...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(wait)
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return exit != nil && exit.ExitCode() == -1 // by the signal
}

// reader asks the served site for pages all the time. Each must be, byte by byte, that of the site before or of the one after, and once one was of
// the site after none may be of the one before.
type reader struct {
	mu       sync.Mutex
	from, to map[string]string
	arrived  bool
	asked    int
	wrong    []string
}

// expects says between which two sites the served one moves from now on.
func (r *reader) expects(from, to map[string]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.from, r.to, r.arrived = from, to, false
}

func (r *reader) ask(address, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	complain := func(format string, args ...any) { r.wrong = append(r.wrong, path+": "+fmt.Sprintf(format, args...)) }
	resp, err := http.Get(address + strings.TrimSuffix(path, "index.html"))
	if err != nil {
		complain("%v", err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		complain("%s %v", resp.Status, err)
		return
	}
	switch sum := shortSum(body); {
	case r.from[path] == r.to[path] && sum == r.to[path]:
	case sum == r.to[path]:
		r.arrived = true
	case sum != r.from[path]:
		complain("%d bytes of neither site", len(body))
	case r.arrived:
		complain("of the old site, after pages of the new one")
	}
}

// serveTo starts `piccoli serve` on a project and a reader of it, until the test ends.
func serveTo(t *testing.T, dir string, r *reader, paths []string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "serve", "--addr", "127.0.0.1:0")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asProgram+"=1")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				r.ask(strings.TrimSpace(line), paths[i%len(paths)])
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		<-done
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// names lists the files below a folder, but for the sites themselves and the packages.
func names(t *testing.T, root string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if n := d.Name(); n == "dist" || n == "dist.altro" || n == "node_modules" {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if !d.IsDir() {
			out = append(out, strings.TrimPrefix(path, root))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sameNames(t *testing.T, want, got []string) {
	t.Helper()
	for _, n := range got {
		if !slices.Contains(want, n) {
			t.Errorf("litter: %s", n)
		}
	}
	for _, n := range want {
		if !slices.Contains(got, n) {
			t.Errorf("gone: %s", n)
		}
	}
}

func replaceFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := errors.Join(os.RemoveAll(to), os.CopyFS(to, os.DirFS(from))); err != nil {
		t.Fatal(err)
	}
}

// TestKilledAnywhere kills build, release and fetch at moments spread over their whole run (PICCOLI_KILLS of them), then runs them undisturbed. The
// site stays whole, and is served meanwhile; the warehouse opens; in the end all is as if nobody had killed anything, without litter.
func TestKilledAnywhere(t *testing.T) {
	kills := often(t, "PICCOLI_KILLS", 4)
	random := rand.New(rand.NewPCG(42, 2020))
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	dir, versions, saved := smallProject(t), t.TempDir(), t.TempDir()
	dist, log := filepath.Join(dir, "site", "dist"), filepath.Join(dir, "data", "registro")
	run := func(args ...string) result {
		t.Helper()
		r := piccoli(t, dir, nil, args...)
		if r.code != 0 {
			t.Fatalf("%v: %d\n%s%s", args, r.code, r.out, r.err)
		}
		return r
	}
	// Two states of the project: a delivery with a wrong row, then one that mends it and has another, under a title that is new.
	const good = "D-1;avviso-piccoli-comuni;21/05/2020;Singola;054028;Massa Martana;smart-working\n"
	mart := filepath.Join(dir, "queries", "marts", "dotazioni.sql")
	before := read(t, mart)
	states := map[string][]string{
		"A": {before, domandeHeader + good + "D-2;avviso-piccoli-comuni;31/02/2021;singola;054028;;smart-working\n", "2020-06-01"},
		"B": {strings.Replace(before, "Dotazioni dichiarate", "Dotazioni dichiarate (prova)", 1), domandeHeader + good + "D-2;avviso-piccoli-comuni;28/05/2020;singola;054028;;smart-working\nD-3;avviso-piccoli-comuni;31/11/2020;singola;054028;;smart-working\n", "2020-07-01"},
	}
	set := func(state string) []string {
		put(t, mart, states[state][0])
		write(t, filepath.Join(dir, "data", "inbox", "domande", "domande.csv"), states[state][1])
		return []string{"build", "--as-of", states[state][2]}
	}
	delivered := func() string {
		r := piccoli(t, dir, nil, "query", "select count(*) as n from consegne", "--format", "csv")
		if r.code != 0 {
			t.Errorf("the warehouse can't be asked: %d\n%s%s", r.code, r.out, r.err)
		}
		return strings.TrimSpace(strings.TrimPrefix(r.out, "n"))
	}

	run(set("A")...)
	siteA, logA := digest(t, dist), filepath.Join(saved, "registro")
	replaceFolder(t, log, logA)
	run("release", "1.0.0", "--releases", versions)
	start := time.Now()
	run(set("B")...)
	whole := time.Since(start)
	siteB, madeB, namesB := digest(t, dist), digest(t, filepath.Join(dir, "data")), names(t, dir)
	maps.DeleteFunc(madeB, func(path, _ string) bool {
		return !strings.HasPrefix(path, "registro/") && !strings.HasPrefix(path, "quarantena/")
	})
	var pages []string
	for _, path := range slices.Sorted(maps.Keys(siteB)) {
		if siteA[path] != "" && (siteA[path] != siteB[path] && !strings.HasSuffix(path, ".arrows") || strings.HasPrefix(path, "regioni/")) {
			pages = append(pages, path)
		}
	}
	if len(pages) < 40 || siteA["dati/dotazioni/index.html"] == siteB["dati/dotazioni/index.html"] || len(madeB) < 2 {
		t.Fatalf("the two sites are too alike: %d pages, %d files of the log", len(pages), len(madeB))
	}
	watcher := &reader{}
	watcher.expects(siteB, siteB)
	serveTo(t, dir, watcher, pages)
	moment := func(i, n int, of time.Duration) time.Duration {
		return time.Duration((float64(i) + random.Float64()) / float64(n) * float64(of))
	}
	alive := map[string]int{}
	undisturbed := func(what string) {
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("%s: litter in the system's folder: %v %v", what, left, err)
		}
		if t.Failed() {
			t.FailNow()
		}
	}

	builds := (kills + 1) / 2
	for i := range builds {
		if err := errors.Join(os.RemoveAll(log), os.CopyFS(log, os.DirFS(logA))); err != nil {
			t.Fatal(err)
		}
		watcher.expects(siteB, siteA)
		run(set("A")...)
		compareTrees(t, siteA, digest(t, dist))
		watcher.expects(siteA, siteB)
		build, wait := set("B"), moment(i, builds, whole)
		if killed(t, dir, nil, wait, build...) {
			alive["build"]++
		}
		if got := digest(t, dist); got["dati/dotazioni/index.html"] == siteB["dati/dotazioni/index.html"] {
			compareTrees(t, siteB, got)
		} else {
			compareTrees(t, siteA, got)
		}
		if n := delivered(); n != "1" && n != "2" {
			t.Errorf("the warehouse after the kill has %q deliveries", n)
		}
		run(build...)
		compareTrees(t, siteB, digest(t, dist))
		made := digest(t, filepath.Join(dir, "data"))
		for path, sum := range madeB {
			if made[path] != sum {
				t.Errorf("data/%s is not as in an undisturbed build", path)
			}
		}
		sameNames(t, namesB, names(t, dir))
		if n := delivered(); n != "2" {
			t.Errorf("the warehouse has %q deliveries", n)
		}
		undisturbed(fmt.Sprintf("build killed after %s of %s", wait, whole))
	}

	watcher.expects(siteB, siteB)
	release := []string{"release", "2.0.0", "--releases", versions}
	run("release", "2.0.0", "--releases", versions)
	run("verify", filepath.Join(versions, "2.0.0"))
	frozen := digest(t, versions)
	clear := func() {
		if err := os.RemoveAll(filepath.Join(versions, "2.0.0")); err != nil {
			t.Fatal(err)
		}
	}
	clear()
	start = time.Now()
	run(release...)
	whole = time.Since(start)
	compareTrees(t, frozen, digest(t, versions))
	releases := (kills - builds + 1) / 2
	for i := range releases {
		clear()
		wait := moment(i, releases, whole)
		if killed(t, dir, nil, wait, release...) {
			alive["release"]++
		}
		for path, sum := range digest(t, versions) {
			if !strings.HasPrefix(path, ".") && frozen[path] != sum {
				t.Errorf("%s is not whole", path)
			}
		}
		run(release...)
		compareTrees(t, frozen, digest(t, versions))
		undisturbed(fmt.Sprintf("release killed after %s of %s", wait, whole))
	}
	compareTrees(t, siteB, digest(t, dist))
	killFetch(t, kills-builds-releases, moment, alive, undisturbed)

	watcher.mu.Lock()
	defer watcher.mu.Unlock()
	for i, w := range watcher.wrong[:min(10, len(watcher.wrong))] {
		t.Errorf("reader, %d of %d: %s", i+1, len(watcher.wrong), w)
	}
	t.Logf("%d kills: %d builds, %d releases, %d fetches; still running when killed: %v; the reader asked for %d pages", kills, builds, releases, kills-builds-releases, alive, watcher.asked)
}

// killFetch kills fetches from a slow server, one day after a first fetch.
func killFetch(t *testing.T, kills int, moment func(i, n int, of time.Duration) time.Duration, alive map[string]int, undisturbed func(string)) {
	if kills == 0 {
		return
	}
	var day atomic.Int32
	var contents sync.Map // what the publisher had, by its hash
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := filepath.Base(r.URL.Path)
		body := []byte(fmt.Sprintf("%s, giorno %d\n", name, day.Load()) + strings.Repeat(fmt.Sprintf("%d;riga;di;prova\n", day.Load()), 4000))
		contents.Store(shortSum(body), true)
		w.Header().Set("ETag", fmt.Sprintf("%q", shortSum(body)))
		for chunk := range slices.Chunk(body, 1+len(body)/5) {
			if _, err := w.Write(chunk); err != nil {
				return // the one who asked was killed
			}
			_ = http.NewResponseController(w).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	}))
	server.Config.SetKeepAlivesEnabled(false)
	defer server.Close()
	dir, first := queriesOnly(t), t.TempDir()
	raw := filepath.Join(dir, "data", "raw")
	args := []string{"fetch", "padigitale", "--mirror", server.URL}
	fetch := func() {
		t.Helper()
		if r := piccoli(t, dir, onDay(t, fmt.Sprintf("2026-08-%d", 21+day.Load())), args...); r.code != 0 {
			t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
		}
	}
	day.Store(1)
	fetch()
	replaceFolder(t, raw, first)
	day.Store(2)
	start := time.Now()
	fetch()
	whole := time.Since(start)
	want, wantNames := digest(t, raw), names(t, dir)
	for i := range kills {
		replaceFolder(t, first, raw)
		wait := moment(i, kills, whole)
		if killed(t, dir, onDay(t, "2026-08-23"), wait, args...) {
			alive["fetch"]++
		}
		for path, sum := range digest(t, raw) {
			if _, whole := contents.Load(sum); strings.HasSuffix(path, ".csv") && !strings.Contains(path, ".stato") && !whole {
				t.Errorf("%s is not whole", path)
			}
		}
		fetch()
		compareTrees(t, want, digest(t, raw))
		sameNames(t, wantNames, names(t, dir))
		undisturbed(fmt.Sprintf("fetch killed after %s of %s", wait, whole))
	}
}
