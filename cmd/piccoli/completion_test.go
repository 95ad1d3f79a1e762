package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestCompletion: a shell is told what may follow, from the files of the project, and the manual page names every command.
func TestCompletion(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]string{"": "report", "report": "piani-in-ritardo", "report --format": "xlsx", "query": "--timeout", "explain": "padigitale_lump_sum", "new": "inbox"} {
		r := piccoli(t, root, nil, append(strings.Fields(words), completionFlag)...)
		if r.code != 0 || !strings.Contains("\n"+r.out, "\n"+want+"\n") {
			t.Errorf("%q: %d, %q is not in\n%s", words, r.code, want, r.out)
		}
	}
	man := piccoli(t, root, nil, "man")
	for _, name := range []string{"build", "fetch", "report", "query", "serve"} {
		if !strings.Contains(man.out, ".SH "+name) && !strings.Contains(man.out, name+"\n") {
			t.Errorf("the manual page does not name %s", name)
		}
	}
	if r := piccoli(t, root, nil, "completion", "ksh"); r.code != exitUsage {
		t.Error(r.code)
	}
}
