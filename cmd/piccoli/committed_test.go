package main

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"piccoli/pipelines/catalog"
)

// TestCommitted wants every query and input of a version in a commit; what no version depends on may be changed meanwhile.
func TestCommitted(t *testing.T) {
	dir := t.TempDir()
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) {
		t.Helper()
		out, err := exec.Command("git", append([]string{"-C", root, "-c", "user.name=prova", "-c", "user.email=prova@example.org", "-c", "commit.gpgsign=false"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %s", args[0], out)
		}
	}
	if commit, err := committed(context.Background(), root); commit != "" || err != nil {
		t.Errorf("without git: %q %v", commit, err)
	}
	write(t, filepath.Join(root, "queries", "marts", "x.sql"), "select 1\n")
	git("init", "-q")
	git("add", ".")
	git("commit", "-qm", "x")
	write(t, filepath.Join(root, "appunti.txt"), "non tocca i dati\n")
	if commit, err := committed(context.Background(), root); err != nil || !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(commit) {
		t.Errorf("all committed: %q %v", commit, err)
	}
	write(t, filepath.Join(root, "queries", "marts", "x.sql"), "select 2\n")
	write(t, filepath.Join(root, "data", "seeds", "y.csv"), "y\n")
	_, err = committed(context.Background(), root)
	var problems catalog.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("changed: %v", err)
	}
	for _, want := range []string{"ci sono modifiche che nessun commit contiene (2 file)", "queries/marts/x.sql", "data/seeds/", "fare il commit, `piccoli build`, poi di nuovo `piccoli release`"} {
		if !strings.Contains(problems.In("it"), want) {
			t.Errorf("%q is not in:\n%s", want, problems.In("it"))
		}
	}
}
