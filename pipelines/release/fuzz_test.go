package release

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// FuzzManifest reads any bytes as a manifest: they are refused as a *TreeError, or they say the same when they are written and read again; and a folder
// that holds nothing else is never found whole.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"format": 1, "datasets": [{"name": "x"}], "files": [{"path": "../../etc/passwd", "sha256": "00", "bytes": 1}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, manifestName), body, 0o644); err != nil {
			t.Fatal(err)
		}
		m, err := ReadManifest(folder)
		var tree *TreeError
		if err != nil {
			if !errors.As(err, &tree) || len(tree.Problems) == 0 {
				t.Fatal(err)
			}
			return
		}
		once, err := encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, manifestName), once, 0o644); err != nil {
			t.Fatal(err)
		}
		again, err := ReadManifest(folder)
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, once)
		}
		twice, err := encode(again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v\n%s\n%s", err, once, twice)
		}
		v, err := Verify(t.Context(), folder, Verifier{Threads: 1})
		if err == nil && len(v.Problems) == 0 {
			t.Fatalf("a manifest alone is found whole:\n%s", once)
		}
	})
}
