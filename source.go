// Package piccoli holds the source of the program itself, so that a manifest can say which program made the data. The build id of a binary
// would differ from one C compiler to the next; these bytes are those of the commit.
package piccoli

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed go.mod go.sum source.go cmd/piccoli/*.go pipelines/*/*.go site/*.go
var source embed.FS

// SourceSHA256 identifies the program: the SHA-256 of the list of its Go files and module files with the digest of each, sorted by path,
// in the form that sha256sum writes. Tests are left out: they make no data.
func SourceSHA256() (string, error) {
	list := sha256.New()
	err := fs.WalkDir(source, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		body, err := source.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(list, "%x  %s\n", sha256.Sum256(body), path)
		return err
	})
	return hex.EncodeToString(list.Sum(nil)), err
}
