package warehouse

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
)

// step is one thing that a build does, with what it depends on by content: it reruns only if one of the three changed.
type step struct {
	name       string // raw.comuni, staging.comuni, marts.comuni, controlli.comuni
	sql        string // hash of its contract or SQL
	inputs     string // hash of what it reads
	engine     string // identity of DuckDB and of this program
	query      *catalog.Query
	files      []ingest.File // of a seed
	current    []ingest.Delivery
	superseded []ingest.Delivery
	books      *books   // of the step that writes them
	reads      []string // tables that it reads
	content    string   // identity of the rows it made; empty for checks
	replace    bool     // to be done in this build
	byInput    bool     // only because of what it reads
	reason     catalog.Text
}

// loads reports whether the step reads files.
func (s *step) loads() bool { return strings.HasPrefix(s.name, "raw.") }

func (s *step) key() string { return hash(s.name, s.sql, s.inputs, s.engine) }

func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func hashOf(v any) (string, error) {
	b, err := json.Marshal(v)
	return hash(string(b)), err
}

// shape is what of the columns can change a table: their meaning in words can't.
func shape(cols []catalog.Column) []catalog.Column {
	out := slices.Clone(cols)
	for i := range out {
		out[i].Text, out[i].Unit, out[i].Additive, out[i].Ref = catalog.Text{}, "", nil, ""
	}
	return out
}

// refs are the references of the columns to other datasets.
func refs(cols []catalog.Column) (out []string) {
	for _, c := range cols {
		out = append(out, c.Ref)
	}
	return out
}

// books are what the step that writes the books reads beside the warehouse.
type books struct {
	inputs    ingest.Inputs
	clock     string                       // ISO date of the data
	log       []ingest.Delivery            // as it was before this build
	delivered []*catalog.Query             // staging tables, in the order in which they are made
	now, past map[string][]ingest.Delivery // by table: those loaded, and those on disk that later ones replaced
}

// deliveries are all that were found, as they are to be logged.
func (b *books) deliveries() (out []ingest.Delivery) {
	for _, q := range b.delivered {
		out = append(append(out, b.past[q.Name]...), b.now[q.Name]...)
	}
	return out
}

// delivered reports whether q is the staging table of a delivered source: a view over its good rows.
func delivered(q *catalog.Query) bool {
	return q.Layer == catalog.Staging && q.Source != nil && q.Source.Delivered()
}

// plan lists every step in the order in which it must run.
func plan(ctx context.Context, c *catalog.Catalog, o Options) ([]*step, *books, error) {
	engine := o.Engine
	var steps []*step
	var problems catalog.Problems
	b := &books{inputs: o.Inputs, clock: o.Inputs.Clock, now: map[string][]ingest.Delivery{}, past: map[string][]ingest.Delivery{}}
	var err error
	if b.log, err = ingest.ReadLog(o.Inputs); err != nil {
		return nil, nil, err
	}
	strays, err := ingest.Strays(o.Inputs, c)
	if err != nil {
		return nil, nil, err
	}
	if len(strays) > 0 {
		return nil, nil, &DataError{Problems: strays}
	}
	keys := map[string]string{} // table → key of the step that makes it
	add := func(s *step) {
		steps = append(steps, s)
		keys[s.name] = s.key()
	}
	var raws []string
	for _, q := range c.Layer(catalog.Staging) {
		if q.Source == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if q.Source.Delivered() {
			s, err := planDeliveries(b, q, engine)
			var found catalog.Problems
			if errors.As(err, &found) {
				problems = append(problems, found...)
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			add(s)
			raws = append(raws, s.key())
			continue
		}
		files, err := ingest.Files(c.Root, q)
		var found catalog.Problems
		if errors.As(err, &found) {
			problems = append(problems, found...)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		src := q.Source
		contract, err := hashOf([]any{src.Files, src.Formats, src.Packed, src.Optional, src.Snapshots, src.Amount, src.Dialect, shape(src.Columns), src.Rows})
		if err != nil {
			return nil, nil, err
		}
		var inputs []string
		for _, f := range files {
			inputs = append(inputs, f.Path, f.SHA256)
		}
		s := &step{name: "raw." + q.Name, sql: contract, inputs: hash(inputs...), engine: engine, query: q, files: files}
		add(s)
		raws = append(raws, s.key())
	}
	if err := problems.Err(); err != nil {
		return nil, nil, err
	}
	written := false
	write := func() error {
		if written {
			return nil
		}
		written = true
		if len(b.delivered) == 0 { // the ledger of seeds is all there is
			keys["piccoli.registro_righe"] = hash(raws...)
			return nil
		}
		s, err := planBooks(b, append(raws, keysOf(keys, b.delivered)...), engine)
		if err != nil {
			return err
		}
		add(s)
		for name := range catalog.Bookkeeping {
			keys["piccoli."+name] = s.key()
		}
		return nil
	}
	for _, q := range c.Order() {
		rules := []any{q.Statement(), shape(q.Columns), q.Key}
		if delivered(q) {
			b.delivered = append(b.delivered, q)
			rules = append(rules, q.Checks)
			for _, check := range c.RowChecks(q) {
				rules = append(rules, check.Name, check.Mark, check.Description, check.Statement())
			}
		}
		if q.Layer == catalog.Marts {
			if err := write(); err != nil {
				return nil, nil, err
			}
		}
		contract, err := hashOf(rules)
		if err != nil {
			return nil, nil, err
		}
		var inputs, reads []string
		for _, d := range append(slices.Clone(q.DependsOn), c.Filters(q)...) {
			inputs, reads = append(inputs, d.String(), keys[d.String()]), append(reads, d.String())
		}
		slices.Sort(inputs)
		add(&step{name: q.String(), sql: contract, inputs: hash(inputs...), engine: engine, query: q, reads: reads})
	}
	if err := write(); err != nil {
		return nil, nil, err
	}
	for _, q := range c.Queries {
		if q.Layer == catalog.Reports || q.Layer == catalog.Checks && q.Severity == catalog.Row {
			continue
		}
		rules := []any{q.Key, shape(q.Columns), q.Rows, q.Checks, refs(q.Columns)}
		if q.Layer == catalog.Checks {
			rules = []any{q.Severity, q.Description, q.Statement()}
		}
		contract, err := hashOf(rules)
		if err != nil {
			return nil, nil, err
		}
		var inputs, reads []string
		if q.Layer == catalog.Checks {
			for _, d := range q.DependsOn {
				reads = append(reads, d.String())
			}
		} else {
			reads = append(reads, q.String())
		}
		for _, col := range q.Columns {
			if dataset, _, ok := strings.Cut(col.Ref, "."); ok {
				reads = append(reads, "marts."+dataset)
			}
		}
		for _, name := range reads {
			inputs = append(inputs, name, keys[name])
		}
		add(&step{name: "controlli/" + q.String(), sql: contract, inputs: hash(inputs...), engine: engine, query: q, reads: reads})
	}
	return steps, b, nil
}

// planDeliveries is the step that loads a delivered source.
func planDeliveries(b *books, q *catalog.Query, engine string) (*step, error) {
	current, superseded, err := ingest.Deliveries(b.inputs, q, b.log)
	if err != nil {
		return nil, err
	}
	src := q.Source
	if len(current) == 0 && !src.Optional {
		return nil, catalog.Problems{{File: q.Path, Line: src.Line, Col: 4, What: catalog.Textf(catalog.Text{It: "nessun file %s", En: "there is no file %s"}, strings.Join(src.Files, ", ")),
			Hint: catalog.Text{It: "consegnarlo, oppure «optional: true» se può mancare", En: "deliver it, or \"optional: true\" if it may be missing"}}}
	}
	b.now[q.Name], b.past[q.Name] = current, superseded
	contract, err := hashOf([]any{src.Files, src.Formats, src.Packed, src.Snapshots, src.Amount, src.Dialect, shape(src.Columns), src.Rows, q.Key})
	if err != nil {
		return nil, err
	}
	var inputs []string
	for _, list := range [][]ingest.Delivery{current, superseded} {
		for _, d := range list {
			inputs = append(inputs, d.Path, d.SHA256, d.Received, string(d.Kind), d.Lot, d.Sender)
		}
		inputs = append(inputs, "|")
	}
	return &step{name: "raw." + q.Name, sql: contract, inputs: hash(inputs...), engine: engine, query: q, current: current, superseded: superseded}, nil
}

func keysOf(keys map[string]string, tables []*catalog.Query) (out []string) {
	for _, q := range tables {
		out = append(out, keys[q.String()])
	}
	return out
}

// planBooks is the step that writes the books of the deliveries. It depends on the log but for what this build adds to it.
func planBooks(b *books, inputs []string, engine string) (*step, error) {
	clock := ""
	if len(b.deliveries()) > 0 { // only then does anything depend on the day
		clock = b.clock
	}
	loaded := map[string]bool{}
	for _, d := range b.deliveries() {
		loaded[d.Table+d.Path+d.SHA256] = true
	}
	var log []string
	for _, d := range b.log {
		if !loaded[d.Table+d.Path+d.SHA256] {
			log = append(log, d.Table, d.Path, d.SHA256, d.Received, string(d.Kind), d.Lot, d.Sender)
		}
	}
	sum, err := hashOf([]any{catalog.Bookkeeping})
	if err != nil {
		return nil, err
	}
	return &step{name: BooksStep, sql: sum, inputs: hash(append(inputs, append(log, clock)...)...), engine: engine, books: b}, nil
}

// compare marks the steps that must be done, and says why, from the keys that the last good warehouse remembers.
func compare(steps []*step, last map[string]step) {
	for _, s := range steps {
		old, ok := last[s.name]
		switch {
		case !ok:
			s.reason = catalog.Text{It: "nuovo", En: "new"}
		case old.engine != s.engine:
			s.reason = catalog.Text{It: "cambiato il motore", En: "the engine changed"}
		case old.sql != s.sql && s.loads():
			s.reason = catalog.Text{It: "cambiato il contratto", En: "the contract changed"}
		case old.sql != s.sql && strings.HasPrefix(s.name, "controlli/"):
			s.reason = catalog.Text{It: "cambiate le regole", En: "the rules changed"}
		case old.sql != s.sql:
			s.reason = catalog.Text{It: "cambiato l'SQL", En: "the SQL changed"}
		case old.inputs != s.inputs && s.loads():
			s.reason = catalog.Text{It: "cambiati i file", En: "the files changed"}
		case old.inputs != s.inputs:
			s.reason = catalog.Text{It: "cambiati gli ingressi", En: "the inputs changed"}
			s.byInput = s.books == nil
		default:
			continue
		}
		s.replace = true
	}
}

// remembered reads the keys of the last build and the date of its data from its warehouse.
func remembered(ctx context.Context, db *sql.DB) (steps map[string]step, asOf string, err error) {
	rows, err := db.QueryContext(ctx, "select nodo, testo, ingressi, motore, contenuto from piccoli.passi")
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	steps = map[string]step{}
	for rows.Next() {
		var s step
		if err := rows.Scan(&s.name, &s.sql, &s.inputs, &s.engine, &s.content); err != nil {
			return nil, "", err
		}
		if s.name == asOfName {
			asOf = s.sql
			continue
		}
		steps[s.name] = s
	}
	return steps, asOf, rows.Err()
}

// AsOf is the date of the data in a good warehouse, as its build was told or found it.
func AsOf(ctx context.Context, db *sql.DB) (asOf string, err error) {
	err = db.QueryRowContext(ctx, "select testo from piccoli.passi where nodo = ?", asOfName).Scan(&asOf)
	if errors.Is(err, sql.ErrNoRows) {
		return "", catalog.Problems{{What: catalog.Text{It: "il magazzino dati non dice di che giorno sono i dati: l'ha fatto un programma più vecchio", En: "the warehouse does not say of which day its data are: an older program made it"},
			Hint: catalog.Text{It: "`piccoli build` lo rifà", En: "`piccoli build` makes it anew"}}}
	}
	return asOf, err
}

// Engine identifies this program and the DuckDB inside it: the hash of the running executable.
func Engine() (id string, err error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	if id, ok := buildID(path); ok {
		return id, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}
