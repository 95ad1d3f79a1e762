package piccoli_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
)

// TestLicencesAreListed: docs/licenze.csv has every module that the program is made of and every npm package, in their versions, each with its licence.
func TestLicencesAreListed(t *testing.T) {
	f, err := os.Open("docs/licenze.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, r := range rows[1:] {
		listed[r[0]+" "+r[1]+" "+r[2]] = r[3]
	}
	used := map[string]bool{}
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if .Version}}go {{.Path}} {{.Version}}{{end}}{{end}}", "./cmd/piccoli").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if m != "" {
			used[m] = true
		}
	}
	for _, lock := range []string{"site/package-lock.json", "data/seeds/package-lock.json"} {
		text, err := os.ReadFile(lock)
		if err != nil {
			t.Fatal(err)
		}
		var l struct {
			Packages map[string]struct {
				Version  string
				Optional bool
			}
		}
		if err := json.Unmarshal(text, &l); err != nil {
			t.Fatal(err)
		}
		for at, p := range l.Packages {
			if _, name, ok := strings.Cut(at, "node_modules/"); ok && !p.Optional {
				if i := strings.LastIndex(name, "node_modules/"); i >= 0 {
					name = name[i+len("node_modules/"):]
				}
				used["npm "+path.Clean(name)+" "+p.Version] = true
			}
		}
	}
	for u := range used {
		if listed[u] == "" {
			t.Errorf("docs/licenze.csv lacks %s: `just licenze` writes it anew", u)
		}
	}
	if len(used) < 100 {
		t.Errorf("only %d parts: the pattern no longer fits", len(used))
	}
}
