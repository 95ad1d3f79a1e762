package catalog_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"piccoli/pipelines/catalog"
)

var update = flag.Bool("update", false, "write what was got into the cases: read every line before you commit it")

// TestCases loads each testdata/*.txtar as a project and compares what is said of it with its files want.it and want.en, or,
// where the project is right, with want.graph. A case needs no Go.
func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			root := t.TempDir()
			want, got := map[string]string{}, map[string]string{}
			for _, f := range archive.Files {
				if strings.HasPrefix(f.Name, "want.") {
					want[f.Name] = string(f.Data)
					continue
				}
				to := filepath.Join(root, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(to, f.Data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			c, err := catalog.Load(t.Context(), root)
			var problems catalog.Problems
			switch {
			case err == nil:
				got["want.graph"] = c.Graph()
			case errors.As(err, &problems):
				got["want.it"], got["want.en"] = problems.In("it")+"\n", problems.In("en")+"\n"
			default:
				t.Fatal(err)
			}
			if *update {
				archive.Files = archive.Files[:len(archive.Files)-len(want)]
				for _, name := range []string{"want.it", "want.en", "want.graph"} {
					if text, ok := got[name]; ok {
						archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
					}
				}
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}
