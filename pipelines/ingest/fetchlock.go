package ingest

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// Locked is one line of a source's lock file, data/raw/<source>.lock: one file as it was fetched, which must never change again.
type Locked struct {
	File     string // name below data/raw/<source>, e.g. avvisi_2026-08-22.csv
	Date     string // ISO day in the name
	Bytes    int64
	SHA256   string // lower-case hex
	Seen     string // ISO day on which it was last seen there unchanged
	URL      string // where the bytes came from; mirror:NAME for a folder, whose place is nobody's business
	ETag     string // as the server gave it, empty where it gave none
	Modified string // the server's Last-Modified, likewise
}

// lockColumns are those of a lock file, a CSV sorted by file.
var lockColumns = []string{"file", "date", "bytes", "sha256", "seen", "url", "etag", "last_modified"}

// readLock reads a lock file; there is none before the first fetch. What is wrong with it is Problems.
func readLock(root, rel string) ([]Locked, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(rel)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	broken := func(line int, what catalog.Text) error {
		return catalog.Problems{{File: rel, Line: line, What: what,
			Hint: catalog.Text{It: "il file lo scrive `piccoli fetch`: rimetterlo com'era (`git checkout` se è nel repository), non correggerlo a mano", En: "`piccoli fetch` writes this file: put it back as it was (`git checkout` if it is in the repository), don't mend it by hand"}}}
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = len(lockColumns)
	rows, err := r.ReadAll()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return nil, broken(parse.Line, catalog.Text{It: "riga illeggibile", En: "unreadable line"})
	}
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], lockColumns) {
		return nil, broken(1, catalog.Textf(catalog.Text{It: "non ha le colonne %s", En: "it does not have the columns %s"}, strings.Join(lockColumns, ",")))
	}
	var out []Locked
	for i, row := range rows[1:] {
		n, err := strconv.ParseInt(row[2], 10, 64)
		l := Locked{row[0], row[1], n, row[3], row[4], row[5], row[6], row[7]}
		d, ok := readDated(l.File)
		switch {
		case err != nil || !ok || d.date != l.Date || !isoDate.MatchString(l.Seen) || len(l.SHA256) != 64 || path.Base(l.File) != l.File:
			return nil, broken(i+2, catalog.Text{It: "riga illeggibile", En: "unreadable line"})
		case slices.ContainsFunc(out, func(o Locked) bool { return o.File == l.File }):
			return nil, broken(i+2, catalog.Textf(catalog.Text{It: "il file %s è ripetuto", En: "the file %s is repeated"}, l.File))
		}
		out = append(out, l)
	}
	return out, nil
}

// writeLock puts a lock file in place in one step. The same lines give the same bytes.
func writeLock(root, rel string, lock []Locked) error {
	lock = slices.SortedFunc(slices.Values(lock), func(a, b Locked) int { return cmp.Compare(a.File, b.File) })
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{lockColumns}
	for _, l := range lock {
		rows = append(rows, []string{l.File, l.Date, strconv.FormatInt(l.Bytes, 10), l.SHA256, l.Seen, l.URL, l.ETag, l.Modified})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	to := filepath.Join(root, filepath.FromSlash(rel))
	if old, err := os.ReadFile(to); err == nil && bytes.Equal(old, b.Bytes()) || errors.Is(err, fs.ErrNotExist) && len(lock) == 0 {
		return nil
	}
	aside := to + ".nuovo.lock" // an ending that a build does not take for data
	if err := os.WriteFile(aside, b.Bytes(), 0o644); err != nil {
		return err
	}
	return place(aside, to)
}

// place forces a file to the disk and gives it its name: whoever looks there sees the old one or the whole new one.
func place(aside, to string) error {
	if err := flush(aside); err != nil {
		return err
	}
	if err := os.Rename(aside, to); err != nil {
		return err
	}
	return flush(filepath.Dir(to))
}

// flush forces a file, or the names in a folder, to the disk.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
