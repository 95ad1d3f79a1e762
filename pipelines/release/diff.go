package release

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strings"

	"piccoli/pipelines/warehouse"
)

// A frozen version holds what changed since the one before: a summary with the first rows, and every changed row in a CSV of each dataset.
const (
	changesName   = "changes.json"
	changesFolder = "changes/"
)

func ofChanges(path string) bool {
	return path == changesName || strings.HasPrefix(path, changesFolder)
}

// examples is the number of rows of each kind that a summary shows; all are in the CSV.
const examples = 20

// Changes is what became of the data between two versions.
type Changes struct {
	From     Point           `json:"from"`
	To       Point           `json:"to"`
	Level    Level           `json:"level"` // the least that a version needs for these changes; empty: nothing changed
	Schema   []SchemaChange  `json:"schema"`
	Datasets []DatasetChange `json:"datasets"` // all of both, sorted by name
}

// Point is one end of a comparison.
type Point struct {
	Version   string `json:"version,omitempty"` // empty: not frozen
	Date      string `json:"date"`
	SHA256    string `json:"manifest_sha256"`
	Simulated bool   `json:"simulated,omitempty"`
}

// DatasetChange says what became of one dataset: rows by key, and the totals.
type DatasetChange struct {
	Dataset    string    `json:"dataset"`
	Title      Words     `json:"title"`
	Before     *int64    `json:"rows_before"` // nil: the dataset is new
	After      *int64    `json:"rows_after"`  // nil: it is gone
	Added      int64     `json:"added"`
	Removed    int64     `json:"removed"`
	Changed    int64     `json:"changed"`
	Unpaired   bool      `json:"unpaired,omitempty"` // the key changed: no row can be said to be the same, all count as removed and added
	Key        []string  `json:"key"`
	Totals     []Total   `json:"totals"`
	Columns    []Touched `json:"columns"` // those with changed values
	AddedTop   []Row     `json:"added_first"`
	RemovedTop []Row     `json:"removed_first"`
	ChangedTop []Row     `json:"changed_first"`
	File       *Output   `json:"file,omitempty"` // every changed row
}

// Same reports whether no row differs.
func (d DatasetChange) Same() bool { return d.Added+d.Removed+d.Changed == 0 }

// Total is the total of an additive column, before and after; the parts sum to the change: After - Before = Added - Removed + Changed. All
// are decimal numbers as text, with a point.
type Total struct {
	Column      string `json:"column"`
	Unit        string `json:"unit,omitempty"`
	Description Words  `json:"description"`
	Before      string `json:"before"`
	Added       string `json:"added"`   // total of the rows that came
	Removed     string `json:"removed"` // total of the rows that went, to be taken away
	Changed     string `json:"changed"` // what the rows that stayed have more, or less
	After       string `json:"after"`
}

// Delta is After - Before.
func (m Total) Delta() string {
	d := new(big.Rat).Sub(rat(m.After), rat(m.Before))
	return d.FloatString(digits(m.After, m.Before))
}

// Taken is what the rows that went change the total by: Removed with the other sign.
func (m Total) Taken() string {
	return new(big.Rat).Neg(rat(m.Removed)).FloatString(digits(m.Removed, m.Removed))
}

// Still reports whether neither the total nor any of its parts moved.
func (m Total) Still() bool {
	return rat(m.Added).Sign() == 0 && rat(m.Removed).Sign() == 0 && rat(m.Changed).Sign() == 0
}

// Touched is a column with changed values, in so many rows.
type Touched struct {
	Column string `json:"column"`
	Rows   int64  `json:"rows"`
}

// Row is one row that differs: its key, and its values before and after. Of a changed row only what changed is there.
type Row struct {
	Key   []string `json:"key"`
	Cells []Cell   `json:"cells"`
}

// Cell is one value of a row; nil is empty.
type Cell struct {
	Column string  `json:"column"`
	Before *string `json:"before"`
	After  *string `json:"after"`
}

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic("no number: " + s) // DuckDB wrote it
	}
	return r
}

func digits(numbers ...string) (n int) {
	for _, s := range numbers {
		if _, frac, ok := strings.Cut(s, "."); ok {
			n = max(n, len(frac))
		}
	}
	return n
}

// Differ says how to compare.
type Differ struct {
	Threads     int
	Memory      string // of DuckDB, as it writes it; empty: 600MB
	SameMeaning bool   // see SchemaChanges
	Region      string // ISTAT code: only the datasets with a column codice_regione are compared, and of them only its rows; empty: everything
	Spill       string // folder for what does not fit into memory, made and removed; empty: one of the system's
	Rows        string // folder that gets changes/<dataset>.csv with every changed row; empty: none is written
	Brief       bool   // a dataset whose file is the same in both is not read: its totals, which are the same too, are left out
	Step        func(name string, done, total int)
}

// Diff compares two folders of data, dataset by dataset and row by row, by key. Columns that were renamed count as the same; a column that only one
// of the two has makes no row a changed one. Memory is bounded: what does not fit goes to disk.
func Diff(ctx context.Context, from, to string, o Differ) (out *Changes, err error) {
	a, rawA, err := readManifest(from)
	if err != nil {
		return nil, err
	}
	b, rawB, err := readManifest(to)
	if err != nil {
		return nil, err
	}
	if o.Memory == "" {
		o.Memory = "600MB"
	}
	spill, remove := o.Spill, func() error { return os.RemoveAll(o.Spill) }
	if spill == "" {
		spill, remove, err = warehouse.Temporary("piccoli-diff-")
	} else {
		err = os.MkdirAll(spill, 0o755)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	db, err := warehouse.Scratch(ctx, o.Threads, o.Memory, spill)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // temporary tables belong to a connection
	out = &Changes{From: pointOf(a, rawA), To: pointOf(b, rawB), Schema: SchemaChanges(a, b, o.SameMeaning)}
	var pairs []pair
	for i := range b.Datasets {
		d := &b.Datasets[i]
		old := a.Dataset(d.Name)
		if old == nil && d.RenamedFrom != "" {
			old = a.Dataset(d.RenamedFrom)
		}
		pairs = append(pairs, pair{old, d})
	}
	for i := range a.Datasets {
		if d := &a.Datasets[i]; !slices.ContainsFunc(pairs, func(p pair) bool { return p.a == d }) {
			pairs = append(pairs, pair{d, nil})
		}
	}
	slices.SortFunc(pairs, func(x, y pair) int { return strings.Compare(x.name(), y.name()) })
	if o.Region != "" {
		pairs = slices.DeleteFunc(pairs, func(p pair) bool { return p.now().column(regionColumn) == nil })
	}
	for i, p := range pairs {
		if o.Step != nil {
			o.Step(p.name(), i, len(pairs))
		}
		c := comparison{db: db, pair: p, o: o}
		d, err := c.run(ctx, from, to)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name(), err)
		}
		if !d.Same() {
			out.Level = Patch
		}
		out.Datasets = append(out.Datasets, d)
	}
	for _, s := range out.Schema {
		out.Level = higher(out.Level, s.Level)
	}
	if out.Level == "" && !SameData(a, b) {
		out.Level = Patch // the same rows in other bytes: a title, a date
	}
	return out, nil
}

func pointOf(m *Manifest, raw []byte) Point {
	p := Point{Date: m.Date, SHA256: Digest(raw), Simulated: m.Simulated}
	if m.Version != nil {
		p.Version = m.Version.Number
	}
	return p
}
