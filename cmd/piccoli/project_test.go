package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"piccoli/site"
)

// asProgram makes the test binary behave as the program: tests run it as a process of its own, with its own environment.
const asProgram = "PICCOLI_PROVA_PROGRAMMA"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(context.Background(), os.Args))
	}
	code := m.Run()
	if builtOnce.dir != "" {
		if err := os.RemoveAll(builtOnce.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// result is how one run of the program ended.
type result struct {
	code     int
	out, err string
}

// piccoli runs the program in a folder.
func piccoli(t testing.TB, dir string, env []string, args ...string) result {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "LC_ALL=it_IT.UTF-8", asProgram+"=1"), env...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err = cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

// newProject copies this repository's inputs into a new folder; the front-end packages are linked, installed first if need be.
func newProject(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	copyProject(t, root)
	return root
}

func copyProject(t testing.TB, root string) {
	t.Helper()
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		if _, err := os.Stat(filepath.Join(repo, "site", "node_modules")); err != nil {
			t.Skip("npm is not installed and site/node_modules is absent: the site can't be built")
		}
	}
	if err := site.EnsurePackages(context.Background(), repo, func(s string) { t.Log(s) }); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"queries", "data/seeds", "site"} {
		err := filepath.WalkDir(filepath.Join(repo, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(repo, path)
			if err != nil {
				return err
			}
			to := filepath.Join(root, rel)
			switch {
			case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist" || d.Name() == "dist.altro"):
				return filepath.SkipDir
			case d.IsDir():
				return os.MkdirAll(to, 0o755)
			case strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".lock"):
				return nil
			}
			return copyFile(path, to)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(repo, "site", "node_modules"), filepath.Join(root, "site", "node_modules")); err != nil {
		t.Fatal(err)
	}
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}

// builtOnce is one project built for all tests that only look at it or that must not change it.
var builtOnce struct {
	sync.Once
	dir   string
	first result
}

// built gives a project that was built from a clean state. Tests may add to it and take away again, never leave it changed.
func built(t testing.TB) string {
	t.Helper()
	builtOnce.Do(func() {
		dir, err := os.MkdirTemp("", "piccoli")
		if err != nil {
			t.Fatal(err)
		}
		builtOnce.dir = dir
		copyProject(t, dir)
		builtOnce.first = piccoli(t, dir, nil, "build")
	})
	if builtOnce.dir == "" {
		t.Skip("the project could not be prepared")
	}
	if builtOnce.first.code != 0 {
		t.Fatalf("the build ended with %d:\n%s", builtOnce.first.code, builtOnce.first.err)
	}
	return builtOnce.dir
}

// digest identifies a tree: the path and bytes of every file.
func digest(t testing.TB, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(rel)] = shortSum(b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func shortSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// compare names up to ten files in which two trees differ.
func compareTrees(t testing.TB, a, b map[string]string) {
	t.Helper()
	n := 0
	report := func(format, path string) {
		if n++; n <= 10 {
			t.Errorf(format, path)
		}
	}
	for path, sum := range a {
		switch other, ok := b[path]; {
		case !ok:
			report("%s is only in the first tree", path)
		case other != sum:
			report("%s differs", path)
		}
	}
	for path := range b {
		if _, ok := a[path]; !ok {
			report("%s is only in the second tree", path)
		}
	}
}

func read(t testing.TB, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// edit replaces a text in a file and gives back a function that undoes it.
func edit(t testing.TB, path, old, new string) (undo func()) {
	t.Helper()
	before := read(t, path)
	if !strings.Contains(before, old) {
		t.Fatalf("%s holds no %q", path, old)
	}
	put(t, path, strings.Replace(before, old, new, 1))
	return func() { put(t, path, before) }
}

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
