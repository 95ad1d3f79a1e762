package release

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkGate reads the built site as a first build does, with no file known from the last.
func BenchmarkGate(b *testing.B) {
	dir := os.Getenv("PICCOLI_DIST")
	if dir == "" {
		dir = "../../site/dist"
	}
	var bytes int64
	tree := &Tree{aside: dir, now: newTreeState()}
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		tree.now.Files[filepath.ToSlash(rel)] = made{Bytes: info.Size()}
		bytes += info.Size()
		return err
	}); err != nil {
		b.Skip(err)
	}
	b.SetBytes(bytes)
	for b.Loop() {
		for path, m := range tree.now.Files {
			m.Read = ""
			tree.now.Files[path] = m
		}
		if _, err := (Gate{}).Check(context.Background(), tree); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(tree.now.Files)), "files")
}
