package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// faulty is a project whose deliveries, warehouse and site lie in one folder, on a small disk where one can be mounted.
type faulty struct {
	t                   *testing.T
	root, disk, saved   string
	mounted             bool
	siteA, siteB, madeB map[string]string
	namesB              []string
}

// states are two states of the inbox, and the day of each.
var faultStates = map[string][2]string{
	"A": {domandeHeader + "D-1;avviso-piccoli-comuni;21/05/2020;Singola;054028;Massa Martana;smart-working\nD-2;avviso-piccoli-comuni;31/02/2021;singola;054028;;smart-working\n", "2020-06-01"},
	"B": {domandeHeader + "D-1;avviso-piccoli-comuni;21/05/2020;Singola;054028;Massa Martana;smart-working\nD-2;avviso-piccoli-comuni;28/05/2020;singola;054028;;smart-working\nD-3;avviso-piccoli-comuni;31/11/2020;singola;054028;;smart-working\n", "2020-07-01"},
}

func (f *faulty) args(state string) []string {
	return []string{"build", "--as-of", faultStates[state][1], "--inbox", filepath.Join(f.disk, "inbox"), "--out", filepath.Join(f.disk, "dist"), "--db", filepath.Join(f.disk, "w.duckdb")}
}

func (f *faulty) delivery() string { return filepath.Join(f.disk, "inbox", "domande", "domande.csv") }

func (f *faulty) deliver(t *testing.T, state string) { write(t, f.delivery(), faultStates[state][0]) }

// newFaulty builds state A, keeps it, and builds B to know what is wanted.
func newFaulty(t *testing.T) *faulty {
	f := &faulty{t: t, root: smallProject(t), disk: t.TempDir(), saved: t.TempDir()}
	if err := unix.Mount("tmpfs", f.disk, "tmpfs", 0, "size=512m"); err == nil {
		f.mounted = true
		t.Cleanup(func() { _ = unix.Unmount(f.disk, unix.MNT_DETACH) })
	}
	f.deliver(t, "A")
	if r := piccoli(t, f.root, nil, f.args("A")...); r.code != 0 {
		t.Fatal(r.err)
	}
	f.siteA = digest(t, filepath.Join(f.disk, "dist"))
	f.copy(t, f.disk, f.saved)
	f.deliver(t, "B")
	if r := piccoli(t, f.root, nil, f.args("B")...); r.code != 0 {
		t.Fatal(r.err)
	}
	f.siteB, f.madeB, f.namesB = digest(t, filepath.Join(f.disk, "dist")), digest(t, filepath.Join(f.disk, "inbox")), names(t, f.disk)
	return f
}

// copy takes a folder's files, with their times, by which a build knows them.
func (f *faulty) copy(t *testing.T, from, to string) {
	t.Helper()
	if out, err := exec.Command("cp", "-a", from+"/.", to).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// again is state A with the delivery of B in the inbox.
func (f *faulty) again(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir(f.disk)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(f.disk, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	f.copy(t, f.saved, f.disk)
	f.deliver(t, "B")
}

// stays wants the last good state: the site of A or of B whole, and a warehouse that answers.
func (f *faulty) stays(t *testing.T) {
	t.Helper()
	got := digest(t, filepath.Join(f.disk, "dist"))
	if got["data/SHA256SUMS"] == f.siteB["data/SHA256SUMS"] {
		compareTrees(t, f.siteB, got)
	} else {
		compareTrees(t, f.siteA, got)
	}
	r := piccoli(t, f.root, nil, "query", "select count(*) as n from consegne", "--db", filepath.Join(f.disk, "w.duckdb"), "--format", "csv")
	if r.code != 0 {
		t.Errorf("the warehouse can't be asked: %s", r.err)
	}
}

// mends builds undisturbed and wants what nothing ever went wrong would have given, without litter.
func (f *faulty) mends(t *testing.T) result {
	t.Helper()
	r := piccoli(t, f.root, nil, f.args("B")...)
	if r.code != 0 {
		t.Fatalf("%d\n%s", r.code, r.err)
	}
	compareTrees(t, f.siteB, digest(t, filepath.Join(f.disk, "dist")))
	compareTrees(t, f.madeB, digest(t, filepath.Join(f.disk, "inbox")))
	sameNames(t, f.namesB, names(t, f.disk))
	return r
}

// next wants the last good state, and by hand that a build mends it before the next fault: in CI several faults follow each other.
func (f *faulty) next(t *testing.T) {
	t.Helper()
	f.stays(t)
	if thorough() {
		f.mends(t)
		f.again(t)
	}
}

// fails builds and wants the exit code and the words.
func (f *faulty) fails(t *testing.T, args []string, code int, words ...string) {
	t.Helper()
	r := piccoli(t, f.root, nil, args...)
	if r.code != code {
		t.Errorf("code %d, want %d\n%s", r.code, code, r.err)
	}
	for _, w := range words {
		if !strings.Contains(r.err, w) {
			t.Errorf("not said: %q\n%s", w, r.err)
		}
	}
}

// TestFaults lets the machine fail in the middle of a build, in every way that can be made to happen: words that say what to do, the last good
// state kept, and a next build that gives the same bytes without litter.
func TestFaults(t *testing.T) {
	f := newFaulty(t)
	t.Run("disk", f.diskFaults)
	t.Run("memory", f.memory)
	t.Run("inputs", f.inputs)
	t.Run("builds", f.together)
	t.Run("warehouse", f.spoilt)
	t.Run("caches", f.caches)
	t.Run("clock", f.clock)
}

// thorough reports whether every variant is wanted: CI tries some.
func thorough() bool { return os.Getenv("PICCOLI_GUASTI") != "" }

func (f *faulty) diskFaults(t *testing.T) {
	if !f.mounted {
		t.Skip("a small disk can't be mounted: root alone can")
	}
	english := func(args []string) []string { return append([]string{"--lang", "en"}, args...) }
	remount := func(flags uintptr, options string) {
		t.Helper()
		if err := unix.Mount("tmpfs", f.disk, "tmpfs", unix.MS_REMOUNT|flags, options); err != nil {
			t.Fatal(err)
		}
	}
	f.again(t)
	lefts := []int64{0, 12 << 20} // too little for anything, for the site
	if thorough() {
		lefts = []int64{0, 100 << 10, 1 << 20, 3 << 20, 6 << 20, 12 << 20}
	}
	for i, left := range lefts {
		var s unix.Statfs_t
		if err := unix.Statfs(f.disk, &s); err != nil {
			t.Fatal(err)
		}
		ballast := filepath.Join(f.disk, "zavorra")
		if err := fill(ballast, int64(s.Bfree)*s.Bsize-left); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			f.fails(t, f.args("B"), 1, "il disco è pieno", "liberare spazio")
		} else {
			f.fails(t, english(f.args("B")), 1, "the disk is full", "make room")
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		f.next(t)
	}

	var s unix.Statfs_t
	if err := unix.Statfs(f.disk, &s); err != nil {
		t.Fatal(err)
	}
	remount(0, fmt.Sprintf("nr_inodes=%d", s.Files-s.Ffree+3))
	f.fails(t, english(f.args("B")), 1, "the disk is full", "df -i")
	remount(0, "nr_inodes=1000000")
	f.next(t)

	remount(unix.MS_RDONLY, "")
	f.fails(t, f.args("B"), 1, "il disco si può solo leggere", "--out e --db")
	f.stays(t)
	remount(0, "")
	f.mends(t)
}

// fill writes a file of so many bytes.
func fill(path string, n int64) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	for block := make([]byte, 1<<20); n > 0 && err == nil; n -= int64(len(block)) {
		_, err = out.Write(block[:min(n, int64(len(block)))])
	}
	if errors.Is(err, unix.ENOSPC) {
		err = nil
	}
	return errors.Join(err, out.Close())
}

func (f *faulty) memory(t *testing.T) {
	f.again(t)
	f.fails(t, append(f.args("B"), "--memory-limit", "8MB"), 1, "la memoria non basta", "--memory-limit")
	f.next(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", append([]string{"-c", `ulimit -v 900000; exec "$0" "$@"`, exe}, f.args("B")...)...) // kB of addresses
	cmd.Dir, cmd.Env = f.root, append(os.Environ(), asProgram+"=1")
	if out, err := cmd.CombinedOutput(); err == nil {
		t.Errorf("a build fits in 900 MB of addresses: the limit no longer bites\n%s", out)
	}
	f.stays(t)
	f.mends(t)
}

func (f *faulty) inputs(t *testing.T) {
	meddle := func(each func()) (stop func()) {
		done, ended := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			for {
				select {
				case <-done:
					return
				default:
					each()
				}
			}
		}()
		return func() { close(done); <-ended }
	}
	f.again(t)
	copying, err := os.OpenFile(f.delivery(), os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	stop := meddle(func() { // a copy that is still running
		_, _ = copying.WriteString("\n")
		time.Sleep(time.Millisecond)
	})
	f.fails(t, f.args("B"), 4, "domande.csv: il file è cambiato mentre lo si leggeva", "ripetere il comando")
	stop()
	if err := copying.Close(); err != nil {
		t.Fatal(err)
	}
	f.deliver(t, "B")
	f.stays(t)

	stop = meddle(func() { // between being seen and being opened
		_ = os.Remove(f.delivery())
		time.Sleep(time.Millisecond)
		_ = os.WriteFile(f.delivery()+"~", []byte(faultStates["B"][0]), 0o644)
		_ = os.Rename(f.delivery()+"~", f.delivery())
		time.Sleep(time.Millisecond)
	})
	said := map[string]bool{}
	for range 3 {
		r := piccoli(t, f.root, nil, f.args("B")...)
		switch {
		case r.code == 0:
		case strings.Contains(r.err, "il file è cambiato mentre lo si leggeva") && r.code == 4, strings.Contains(r.err, "il file non c’è, o è stato tolto mentre lo si leggeva"):
			said[strings.TrimSpace(r.err)] = true
		default:
			t.Errorf("%d\n%s", r.code, r.err)
		}
	}
	stop()
	t.Logf("a file that comes and goes: %d messages", len(said))
	f.again(t)
	f.mends(t)
}

func (f *faulty) together(t *testing.T) {
	f.again(t)
	var wait sync.WaitGroup
	results := make([]result, 3)
	for i := range results {
		wait.Go(func() { results[i] = piccoli(t, f.root, nil, f.args("B")...) })
	}
	answers := 0
	for range 6 { // and an analyst who asks meanwhile
		r := piccoli(t, f.root, nil, "report", "qualita-file", "--db", filepath.Join(f.disk, "w.duckdb"), "--format", "csv")
		if r.code != 0 || !strings.Contains(r.out, "domande") {
			t.Errorf("a report beside builds: %d\n%s", r.code, r.err)
		}
		answers++
	}
	wait.Wait()
	built := 0
	for _, r := range results {
		switch {
		case r.code == 0:
			built++
		case r.code != 6 || !strings.Contains(r.err, "un'altra costruzione è in corso"):
			t.Errorf("%d\n%s", r.code, r.err)
		}
	}
	if built == 0 {
		t.Error("no build ended well")
	}
	t.Logf("%d of 3 builds at once ended well, %d reports", built, answers)
	f.mends(t)
}

func (f *faulty) spoilt(t *testing.T) {
	file := filepath.Join(f.disk, "w.duckdb")
	for name, spoil := range map[string]func([]byte) []byte{
		"another file":      func([]byte) []byte { return []byte("questo non è un magazzino\n") },
		"nothing":           func([]byte) []byte { return nil },
		"half":              func(b []byte) []byte { return b[:len(b)/2] },
		"zeros in its head": func(b []byte) []byte { copy(b[4096:], make([]byte, 8192)); return b },
		"other bytes all over": func(b []byte) []byte {
			for i := 20_000; i < len(b); i += 50_000 {
				b[i] ^= 0xff
			}
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			if !thorough() && name != "another file" && name != "other bytes all over" {
				t.Skip("tried where PICCOLI_GUASTI is set")
			}
			f.again(t)
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, spoil(bytes.Clone(b)), 0o644); err != nil {
				t.Fatal(err)
			}
			if r := f.mends(t); !strings.Contains(r.err, "lo si ricostruisce da capo") {
				t.Errorf("not said that the warehouse is built anew:\n%s", r.err)
			}
		})
	}
	if err := os.Remove(file); err != nil { // with nothing else changed
		t.Fatal(err)
	}
	f.mends(t)
	if err := os.WriteFile(file, []byte("rovinato"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r := piccoli(t, f.root, nil, "query", "select 1", "--db", file); r.code != 3 || !strings.Contains(r.err, "il magazzino dati non si apre") || !strings.Contains(r.err, "piccoli build") {
		t.Errorf("a question to it: %d\n%s", r.code, r.err)
	}
}

func (f *faulty) caches(t *testing.T) {
	for round := range 2 {
		if round > 0 && !thorough() {
			break
		}
		f.again(t)
		spoilt := 0
		for _, folder := range []string{filepath.Join(f.disk, "w.duckdb.stato"), filepath.Join(f.root, "data", ".piccoli")} {
			err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				spoilt++
				b, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				if (spoilt+round)%2 == 0 {
					return os.WriteFile(path, b[:len(b)/2], 0o644)
				}
				return os.WriteFile(path, bytes.Repeat([]byte{0xff}, len(b)), 0o644)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if spoilt < 4 {
			t.Fatalf("only %d files of what is remembered", spoilt)
		}
		f.mends(t)
	}
}

// clock: what came last counts, also where the clock was years ahead before.
func (f *faulty) clock(t *testing.T) {
	f.again(t)
	inbox := filepath.Join(f.disk, "inbox", "domande")
	if err := os.Rename(f.delivery(), filepath.Join(inbox, "domande_v1.csv")); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"build"}, f.args("B")[3:]...)
	build := func(day string) {
		t.Helper()
		if r := piccoli(t, f.root, onDay(t, day), args...); r.code != 0 {
			t.Fatalf("%d\n%s", r.code, r.err)
		}
	}
	build("2035-01-01")
	write(t, filepath.Join(inbox, "domande_v2.csv"), domandeHeader+"D-9;avviso-piccoli-comuni;21/05/2020;singola;054028;;smart-working\n")
	build("2020-06-02")
	if got := ask(t, filepath.Join(f.disk, "w.duckdb"), "select string_agg(id_domanda, ' ') from marts.domande"); got != "D-9" {
		t.Errorf("applications %s, want those of the last file", got)
	}
}
