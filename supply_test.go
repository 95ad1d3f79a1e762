package piccoli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var npmInstalls = regexp.MustCompile(`npm (ci|i|install)\b|"npm", "(ci|i|install)"|npm, "(ci|i|install)"`)

// TestNoPackageRunsScripts: wherever packages from npm are installed, by a command or by one that a text tells, their scripts are not run.
func TestNoPackageRunsScripts(t *testing.T) {
	files := []string{"Justfile", ".ci/run"}
	for _, pattern := range []string{"*.md", "docs/*.md", "site/*.go", "data/seeds/crea/*.go", "cmd/piccoli/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, found...)
	}
	seen := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if !npmInstalls.MatchString(line) || strings.HasSuffix(file, "_test.go") {
				continue
			}
			seen++
			told := strings.Contains(line, "Errorf") || strings.Contains(line, "It:") || strings.Contains(line, "En:") || strings.Contains(strings.TrimSpace(line), "// ")
			if !told && !strings.Contains(line, "--ignore-scripts") {
				t.Errorf("%s:%d installs packages and runs their scripts: %s", file, i+1, strings.TrimSpace(line))
			}
		}
	}
	if seen < 4 {
		t.Errorf("only %d places install packages: the pattern no longer fits", seen)
	}
}
