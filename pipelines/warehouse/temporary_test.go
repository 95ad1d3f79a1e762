package warehouse

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestTemporary wants the folder of a run that was killed removed by the next one, and that of a run that goes on, or what has another name, left alone.
func TestTemporary(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	killed, other := filepath.Join(os.TempDir(), "prova-1"), filepath.Join(os.TempDir(), "altro-1")
	for _, dir := range []string{killed, other} {
		if err := errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, "resti"), []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	first, remove, err := Temporary("prova-")
	if err != nil {
		t.Fatal(err)
	}
	second, removeSecond, err := Temporary("prova-")
	if err != nil {
		t.Fatal(err)
	}
	there := func(dir string, want bool) {
		t.Helper()
		if _, err := os.Stat(dir); (err == nil) != want || err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want it there: %t", dir, err, want)
		}
	}
	there(killed, false)
	there(other, true)
	there(first, true)
	there(second, true)
	if err := errors.Join(remove(), removeSecond()); err != nil {
		t.Fatal(err)
	}
	there(first, false)
	there(second, false)
}
