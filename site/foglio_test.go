package site

import (
	"cmp"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// sheets is how many pages of comuni TestSheet prints: the longest ones.
const sheets = 24

// TestSheet prints the longest pages of comuni: each is one sheet of A4. See TestStates for the other states of the data.
func TestSheet(t *testing.T) {
	oneSheet(t, builtTree(t), sheets)
}

// oneSheet prints the n longest pages of comuni of a tree, in both languages, to PDF.
func oneSheet(t *testing.T, dir string, n int) {
	t.Helper()
	type long struct {
		path string
		size int
	}
	var pages []long
	for path, text := range htmlFiles(t, dir) {
		if comunePage.MatchString(path) {
			pages = append(pages, long{strings.TrimSuffix(path, "index.html"), len(text)})
		}
	}
	slices.SortFunc(pages, func(x, y long) int { return cmp.Or(cmp.Compare(y.size, x.size), cmp.Compare(x.path, y.path)) })
	var paths []string
	for _, p := range pages[:min(n, len(pages))] {
		paths = append(paths, p.path)
	}
	server := httptest.NewServer(Handler(dir))
	defer server.Close()
	var printed map[string]int
	inChromium(t, "foglio.mjs", map[string]any{"base": server.URL + "/", "paths": paths}, &printed)
	if len(printed) != len(paths) || len(paths) == 0 {
		t.Errorf("%d of %d pages printed", len(printed), len(paths))
	}
	for _, path := range paths {
		if printed[path] != 1 {
			t.Errorf("%s is printed on %d sheets, not on one", path, printed[path])
		}
	}
}
