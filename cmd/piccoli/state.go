package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
)

// state is what one warehouse remembers of the last build of one site folder, beside the warehouse file.
type state struct {
	db    string
	out   string
	tree  string // release.OpenTree
	drawn string // site.Input.Cache
	print string // fingerprint of everything that went into the last build
}

func newState(db, out string) state {
	sum := sha256.Sum256([]byte(out))
	base := filepath.Join(db+".stato", hex.EncodeToString(sum[:6]))
	return state{db: db, out: out, tree: base, drawn: base + ".disegni", print: base + ".impronta"}
}

// same reports whether the last build was made from the same and its warehouse and tree are still as they were written.
func (s state) same(print string) bool {
	old, err := os.ReadFile(s.print)
	return err == nil && string(old) == print+s.written() && release.Intact(s.out, s.tree)
}

// written is how the warehouse file looks: one that somebody removed, cut or wrote over is looked at, and made anew.
func (s state) written() string {
	info, err := os.Stat(s.db)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("\n%d %d", info.Size(), info.ModTime().UnixNano())
}

func (s state) save(print string) error {
	if err := os.WriteFile(s.print+".nuovo", []byte(print+s.written()), 0o644); err != nil {
		return errors.Join(err, os.Remove(s.print+".nuovo"))
	}
	return os.Rename(s.print+".nuovo", s.print)
}

// inputFolders are all that a build reads, so that a build of the same can end at once, before DuckDB is opened.
var inputFolders = []string{"queries", "data", "site"}

// madeFolders stand among the inputs but are made from them.
var madeFolders = []string{".piccoli", "node_modules", "dist", "dist.altro", "quarantena", releasesFolder}

// fingerprint identifies everything that goes into a build: program, options, the bytes of every input file and, after a space, those of
// the log of deliveries.
func fingerprint(root string, inputs ingest.Inputs, options ...string) (string, error) {
	h := sha256.New()
	for _, o := range options {
		fmt.Fprintf(h, "%d:%s", len(o), o)
	}
	folders := []string{}
	for _, folder := range inputFolders {
		folders = append(folders, filepath.Join(root, filepath.FromSlash(folder)))
	}
	if inputs.Inbox != "" {
		folders = append(folders, inputs.Inbox)
	}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			made := slices.Contains(madeFolders, d.Name()) || path == inputs.Registry() || strings.HasSuffix(d.Name(), ".stato")
			switch {
			case d.IsDir() && made:
				return filepath.SkipDir
			case d.IsDir() || made: // a link may stand for a folder
				return nil
			}
			if strings.HasSuffix(d.Name(), ".go") || strings.HasSuffix(d.Name(), ".lock") || strings.Contains(d.Name(), ".duckdb") {
				return nil // the program is an option of its own; locks and warehouses are made, not read
			}
			return addFile(h, folder, path)
		})
		if err != nil {
			return "", err
		}
	}
	return relogged(hex.EncodeToString(h.Sum(nil)), inputs)
}

// relogged is a fingerprint with the log of deliveries as it is now: a build adds to it what it has taken in.
func relogged(print string, inputs ingest.Inputs) (string, error) {
	print, _, _ = strings.Cut(print, " ")
	log, err := os.ReadFile(filepath.Join(inputs.Registry(), "consegne.csv"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	sum := sha256.Sum256(log)
	return print + " " + hex.EncodeToString(sum[:]), nil
}

func addFile(h io.Writer, root, path string) (err error) {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	_, err = fmt.Fprintf(h, "%s %x\n", filepath.ToSlash(rel), sum.Sum(nil))
	return err
}
