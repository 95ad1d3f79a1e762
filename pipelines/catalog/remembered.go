package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// remembered is a catalog that was found right, with the identity of the program and files that it was read from, and what DuckDB said of it.
type remembered struct {
	Print    string
	Engine   string
	Findings findings
	Queries  []*Query
	Additive []string // of each query's columns and its source's: gob does not tell a pointer to false from none
}

// rememberedFile is where it is kept below the root. It is made, never read by a person, and can be thrown away.
const rememberedFile = "data/.piccoli/catalogo"

// Known is Load for a project that the same program found right before: then nothing is parsed nor typed; where files changed, only they
// are. Where the program changed, or nothing is remembered, it loads all. It remembers what it found.
func Known(ctx context.Context, root, engine string) (*Catalog, error) {
	var m Memory
	c, err := m.Known(ctx, root, engine)
	m.Save(root)
	return c, err
}

// Memory is what is remembered of one project: in this process, and between processes in a file. The zero value has not read the file yet.
type Memory struct {
	last  remembered
	read  bool
	saved bool // the file holds it
}

// Known is the function of that name, which keeps what it finds in memory alone: see Save. The catalog is shared with the calls that follow.
func (m *Memory) Known(ctx context.Context, root, engine string) (*Catalog, error) {
	print, err := printOf(root, engine)
	if err != nil {
		return nil, err
	}
	if !m.read {
		path := filepath.Join(root, filepath.FromSlash(rememberedFile))
		sweep(path)
		m.last, m.read, m.saved = recall(path), true, true
	}
	if m.last.Print == print {
		return &Catalog{Root: root, Queries: m.last.Queries}, nil
	}
	if m.last.Engine != engine {
		m.last.Findings = findings{}
	}
	c, found, err := load(ctx, root, m.last.Findings)
	if err != nil {
		return nil, err
	}
	if again, err := printOf(root, engine); err != nil || again != print {
		return c, err // somebody saved a file meanwhile
	}
	m.last, m.saved = remembered{Print: print, Engine: engine, Findings: found, Queries: c.Queries}, false
	return c, nil
}

// Save writes down what Known found, for the next process. A folder that can't be written costs time alone.
func (m *Memory) Save(root string) {
	if m.read && !m.saved {
		m.saved = remember(filepath.Join(root, filepath.FromSlash(rememberedFile)), m.last) == nil
	}
}

// printOf identifies the program and every SQL file below queries.
func printOf(root, engine string) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", engine)
	for _, layer := range []Layer{Staging, Marts, Checks, Reports} {
		paths, err := sqlFiles(root, "queries/"+string(layer))
		if err != nil {
			return "", err
		}
		for _, p := range paths {
			text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p)))
			if err != nil {
				return "", err
			}
			fmt.Fprintf(h, "%s %d\n", p, len(text))
			h.Write(text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// recall gives what is remembered, or nothing.
func recall(path string) (r remembered) {
	f, err := os.Open(path)
	if err != nil {
		return remembered{}
	}
	defer f.Close()
	if err := gob.NewDecoder(f).Decode(&r); err != nil || len(r.Additive) != len(r.Queries) {
		return remembered{}
	}
	for i, q := range r.Queries {
		columns := q.additives()
		if len(r.Additive[i]) != len(columns) {
			return remembered{}
		}
		for j, c := range columns {
			switch flag := r.Additive[i][j] == 't'; r.Additive[i][j] {
			case 't', 'f':
				c.Additive = &flag
			default:
				c.Additive = nil
			}
		}
	}
	return r
}

// sweep removes what a killed run left half written. One that a run beside this is writing goes with it: that run then remembers nothing, which costs
// time alone.
func sweep(path string) {
	left, _ := filepath.Glob(path + ".*") // the pattern is a right one
	for _, l := range left {
		_ = os.Remove(l) // gone already, or the folder can't be written
	}
}

func remember(path string, r remembered) error {
	for _, q := range r.Queries {
		var b strings.Builder
		for _, c := range q.additives() {
			switch {
			case c.Additive == nil:
				b.WriteByte('-')
			case *c.Additive:
				b.WriteByte('t')
			default:
				b.WriteByte('f')
			}
		}
		r.Additive = append(r.Additive, b.String())
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	if err := errors.Join(gob.NewEncoder(f).Encode(r), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

// additives are the columns that may say whether they add up.
func (q *Query) additives() (out []*Column) {
	for i := range q.Columns {
		out = append(out, &q.Columns[i])
	}
	if q.Source != nil {
		for i := range q.Source.Columns {
			out = append(out, &q.Source.Columns[i])
		}
	}
	return out
}
