package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEdged looks for blanks at the edges of cells, wherever they fall in the pieces in which a file is read.
func TestEdged(t *testing.T) {
	for _, c := range []struct {
		text, delimiter string
		want            bool
	}{
		{"a;b c;d\ne;f;g\n", ";", false},
		{"a;b, c;d\r\n\"e\";\"f;x\";g\r\n", ";", false},
		{"a\tb\t\td\n\t\t\t\n", "\t", false},
		{"città;perché;\u00e0\n", ";", false},
		{"a;b", ";", false},
		{"\"a\";\"b\"\n\"\";\"\"\n", ";", false},
		{" a;b\n", ";", true},
		{"a;b \n", ";", true},
		{"a;b\r\nc;d \r\n", ";", true},
		{"a; b\n", ";", true},
		{"a;\tb\n", ";", true},
		{"a\t b\n", "\t", true},
		{"a;b\u00a0;c\n", ";", true},
		{"a;\u2007b\n", ";", true},
		{"a;b\u202f", ";", true},
		{"\ufeffa;b", ";", true},
		{"a;\" b\"\n", ";", true},
		{"a;\"b \"\n", ";", true},
		{"a;\"\nb\"\n", ";", true},
		{"a;\"b\n\"\n", ";", true},
		{"a;=\"028001\"\n", ";", true},
		{"a;\"=\"\"028001\"\"\"\n", ";", true},
		{"a;b ", ";", true},
		{"a ", ";", true},
	} {
		for _, before := range []int{0, 1<<20 - 12, 1<<20 - 5, 1<<20 - 4, 1<<20 - 3, 1<<20 - 2, 1<<20 - 1, 1 << 20, 1<<20 + 3, 2<<20 + 1} {
			path := filepath.Join(t.TempDir(), "x.csv")
			head := strings.Repeat("x", max(before-1, 0))
			if before > 0 {
				head += "\n"
			}
			if err := os.WriteFile(path, []byte(head+c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, from := range []int64{0, int64(before)} {
				if got, err := edged(path, c.delimiter, from); err != nil || got != c.want {
					t.Errorf("%q after %d bytes from %d: %t %v", c.text, before, from, got, err)
				}
			}
		}
	}
}
