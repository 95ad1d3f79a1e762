package release

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree is a folder of a site with what is remembered of it.
type tree struct {
	t           *testing.T
	live, state string
}

// build fills the tree: a lone file, and a group of files made from one identity. It gives what was taken over as it was.
func (tr tree) build(lone, identity string, group ...string) (kept int, whole bool) {
	tr.t.Helper()
	t, err := OpenTree(tr.live, tr.state, "engine")
	if err != nil {
		tr.t.Fatal(err)
	}
	whole, err = t.KeepAll("group", identity, group)
	if err != nil {
		tr.t.Fatal(err)
	}
	if !whole {
		for _, path := range group {
			if err := t.Put(path, []byte(identity+path)); err != nil {
				tr.t.Fatal(err)
			}
		}
	}
	if err := t.Put("lone", []byte(lone)); err != nil {
		tr.t.Fatal(err)
	}
	if err := t.Publish(); err != nil {
		tr.t.Fatal(err)
	}
	return t.Kept(), whole
}

func (tr tree) files(dir string) map[string]string {
	tr.t.Helper()
	out := map[string]string{}
	for _, path := range []string{"lone", "a/x", "b/y", "c/z"} {
		if text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path))); err == nil {
			out[path] = string(text)
		}
	}
	return out
}

// TestTree: a group is taken over only whole and only from the same; what is aside can be made level with what is live; nothing that no build made stays.
func TestTree(t *testing.T) {
	dir := t.TempDir()
	tr := tree{t, filepath.Join(dir, "site"), filepath.Join(dir, "state")}
	aside := tr.live + ".altro"
	twin := func() {
		t.Helper()
		if err := Twin(tr.live, tr.state); err != nil {
			t.Fatal(err)
		}
	}
	want := func(dir string, files map[string]string) {
		t.Helper()
		if d := cmp.Diff(files, tr.files(dir)); d != "" {
			t.Errorf("%s: -want +found\n%s", filepath.Base(dir), d)
		}
	}
	twin() // nothing is there yet
	if kept, whole := tr.build("1", "m", "a/x", "b/y"); whole || kept != 0 {
		t.Errorf("of nothing %d files were kept, whole: %t", kept, whole)
	}
	first := map[string]string{"lone": "1", "a/x": "ma/x", "b/y": "mb/y"}
	want(tr.live, first)
	twin()
	want(aside, first)
	one, err := os.Stat(filepath.Join(tr.live, "a", "x"))
	if err != nil {
		t.Fatal(err)
	}
	if other, err := os.Stat(filepath.Join(aside, "a", "x")); err != nil || !os.SameFile(one, other) {
		t.Errorf("the twin is no link: %v", err)
	}
	if kept, whole := tr.build("2", "m", "a/x", "b/y"); !whole || kept != 2 {
		t.Errorf("the same group: %d files kept, whole: %t", kept, whole)
	}
	want(tr.live, map[string]string{"lone": "2", "a/x": "ma/x", "b/y": "mb/y"})
	want(aside, first)

	// Somebody writes over a file of the group; the group is made anew, the file mended.
	path := filepath.Join(tr.live, "a", "x")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("other"), 0o644); err != nil {
		t.Fatal(err)
	}
	twin()
	if err := os.Remove(filepath.Join(aside, "a", "x")); err != nil {
		t.Fatal(err)
	}
	if kept, whole := tr.build("2", "m", "a/x", "b/y"); whole || kept != 2 {
		t.Errorf("a spoilt group: %d files kept, whole: %t", kept, whole)
	}
	want(tr.live, map[string]string{"lone": "2", "a/x": "ma/x", "b/y": "mb/y"})

	// The group comes out otherwise, and with another file.
	if _, whole := tr.build("2", "n", "a/x", "c/z"); whole {
		t.Error("a group of another identity was kept")
	}
	last := map[string]string{"lone": "2", "a/x": "na/x", "c/z": "nc/z"}
	want(tr.live, last)
	twin()
	tr.build("2", "n", "a/x", "c/z")
	want(tr.live, last)
	if !slices.Equal(entriesOf(t, tr.live), []string{"a", "c", "lone"}) {
		t.Errorf("left: %q", entriesOf(t, tr.live))
	}
}

func entriesOf(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
