package site

import (
	"os"
	"path/filepath"
	"testing"
)

// needPackages gives the project's root, or skips where the front-end packages are not installed.
func needPackages(t testing.TB) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "site", "node_modules", "echarts")); err != nil {
		t.Skip("site/node_modules is missing: run npm ci --ignore-scripts in site/")
	}
	return root
}
