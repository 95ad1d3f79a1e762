// Package ingest turns files into the typed tables of the schema raw, by the contract above each staging query, and keeps the
// ledger of rows read and loaded.
package ingest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"piccoli/pipelines/catalog"
)

// File is one input file as it is on disk.
type File struct {
	Path     string // slash path from the project root
	SHA256   string // lower-case hex
	Bytes    int64
	on       string    // where it lies, if not below the root
	modified time.Time // when its hash was taken
}

// at gives the file's place on disk.
func (f File) at(root string) string {
	if f.on != "" {
		return f.on
	}
	return filepath.Join(root, filepath.FromSlash(f.Path))
}

// Entry is one line of the ledger: what became of the rows of one file. Rows read = loaded + quarantined, always.
type Entry struct {
	File
	Table                     string // e.g. comuni
	Read, Loaded, Quarantined int64
}

// Files gives the files that a source names, sorted by path, with their hashes. A pattern that finds nothing is a problem.
func Files(root string, q *catalog.Query) ([]File, error) {
	var out []File
	var problems catalog.Problems
	for _, pattern := range q.Source.Files {
		matches, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", q.Path, pattern, err)
		}
		if len(matches) == 0 {
			problems = append(problems, catalog.Problem{File: q.Path, Line: q.Source.Line, Col: 4,
				What: catalog.Textf(catalog.Text{It: "il file %s non c'è", En: "the file %s is missing"}, pattern),
				Hint: catalog.Text{It: "i dati di base sono nel repository: `git status` dice se è stato cancellato; altrimenti correggere «files:»",
					En: "seeds are part of the repository: `git status` says whether it was deleted; else mend \"files:\""}})
		}
		slices.Sort(matches)
		for _, m := range matches {
			f, err := hashFile(root, m)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	return out, problems.Err()
}

func hashFile(root, path string) (f File, err error) {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return f, err
	}
	in, err := os.Open(path)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	info, err := in.Stat()
	if err != nil {
		return f, err
	}
	h := sha256.New()
	n, err := io.Copy(h, in)
	return File{Path: filepath.ToSlash(rel), SHA256: hex.EncodeToString(h.Sum(nil)), Bytes: n, modified: info.ModTime()}, err
}

// Load makes raw.<name> from the files, which all have the contract's form. Rows keep the order of the files and of the lines,
// so that rowid is a row's place. Whatever does not fit is named by file, line and column and nothing is loaded.
func Load(ctx context.Context, conn *sql.Conn, root string, q *catalog.Query, files []File) ([]Entry, error) {
	table := catalog.Ref{Schema: "raw", Name: q.Name}
	var ledger []Entry
	var problems catalog.Problems
	rows := int64(0) // of the table so far
	for _, f := range files {
		entry, found, err := loadFile(ctx, conn, root, q, table, f, rows)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
		ledger = append(ledger, entry)
		rows += entry.Loaded
	}
	if len(problems) == 0 {
		if b := q.Source.Rows; rows < b.Min || rows > b.Max {
			problems = append(problems, catalog.Problem{File: q.Path, Line: b.Line, Col: 4,
				What: catalog.Textf(catalog.Text{It: "%s: righe %d, il contratto ne ammette da %d a %d", En: "%s: %d rows, the contract admits %d to %d"}, q.Source.Files[0], rows, b.Min, b.Max),
				Hint: catalog.Text{It: "guardare se il file è troncato; se il numero è giusto, correggere «rows:» e dire perché", En: "see whether the file is truncated; if the number is right, mend \"rows:\" and say why"}})
		}
	}
	return ledger, problems.Err()
}
