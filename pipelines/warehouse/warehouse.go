// Package warehouse keeps the DuckDB file: it builds the layers in order, reruns only what changed by content, checks the
// result and puts a new file in the place of the old one in one move.
package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"strings"
	"sync"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
)

// Options of a build.
type Options struct {
	DB          string // the warehouse file
	Threads     int    // 0: as many as there are cores
	MemoryLimit string // as DuckDB writes it, e.g. 1GB
	Engine      string // identity of the program: every step depends on it
	Inputs      ingest.Inputs
	AsOf        string // ISO date of the data as the user gives it; empty: the newest on which something was received
	Step        func(name string, reason catalog.Text, done, total int)
	Note        func(catalog.Text) // something worth a line to the user, e.g. an unreadable old file
	// Previous gives what OpenPrevious gave for the same options; Build takes it over. nil: Build opens it.
	Previous func() (*Previous, error)
}

// Built is a warehouse whose every check of severity error holds. It is not yet in its place: see Commit.
type Built struct {
	DB    *sql.DB           // to be read only
	Keys  map[string]string // step → identity of its content, e.g. marts.comuni
	Done  int               // steps that were rerun
	Steps int

	AsOf        string // ISO date of the data, which the warehouse keeps; empty where nothing says when it was received
	Simulated   bool   // the deliveries are simulated
	Quarantined int64  // rows
	final       string // where the file belongs
	inputs      ingest.Inputs
	deliveries  []ingest.Delivery // to be logged
	aside       string            // where it is now; empty if the last good one still holds
	checkpoint  func() error      // waits until all that was made is in the file
}

// Build brings the warehouse up to date. What is wrong in project files comes back as catalog.Problems, what is wrong in the
// data as *DataError; in both cases the last good file is untouched.
func Build(ctx context.Context, c *catalog.Catalog, o Options) (b *Built, err error) {
	if o.Inputs.Root == "" {
		o.Inputs.Root = c.Root
	}
	previous := o.Previous
	if previous == nil {
		previous = func() (*Previous, error) { return OpenPrevious(ctx, o) }
	}
	steps, books, err := plan(ctx, c, o)
	was, errWas := previous()
	if err := errors.Join(err, errWas); err != nil {
		return nil, errors.Join(err, was.Discard())
	}
	if o.Note != nil && was.spoilt != nil {
		o.Note(*was.spoilt)
	}
	aside, last := was.aside, was.steps
	compare(steps, last)
	b = &Built{Keys: map[string]string{}, Steps: len(steps), AsOf: o.AsOf, final: o.DB, inputs: o.Inputs, deliveries: books.deliveries()}
	if b.AsOf == "" {
		received := ""
		for _, d := range b.deliveries {
			received = max(received, d.Received)
		}
		b.AsOf = c.Newest(received)
	}
	changed := len(last) != len(steps) || was.asOf != b.AsOf
	for _, s := range steps {
		s.content = last[s.name].content
		changed = changed || s.replace
	}
	if changed {
		if b.DB, b.Done, err = construct(ctx, c, o, b.AsOf, steps, last, was.db, aside); err != nil {
			return nil, errors.Join(err, removeAside(aside))
		}
		b.aside = aside
		b.checkpoint = sync.OnceValue(func() error { _, err := b.DB.ExecContext(ctx, "checkpoint"); return err })
		if was.db == nil { // all is new, and what is not in the file yet is in memory
			err = b.checkpoint()
		} else {
			go b.checkpoint() //nolint:errcheck // told by Commit
		}
	} else if err := was.Discard(); err != nil {
		return nil, err
	} else if b.DB, err = Open(ctx, o.DB, o.Threads, o.MemoryLimit); err != nil {
		return nil, err
	}
	for _, s := range steps {
		b.Keys[s.name] = s.content
	}
	if err == nil {
		err = b.look(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, b.Discard())
	}
	return b, nil
}

// look reads from the books what the build says of its deliveries.
func (b *Built) look(ctx context.Context) error {
	return b.DB.QueryRowContext(ctx, "select (select coalesce(bool_or(simulato), false) from piccoli.letti), (select coalesce(sum(righe_quarantena), 0)::bigint from piccoli.registro_righe)").Scan(&b.Simulated, &b.Quarantined)
}

// Open opens a warehouse read-only, without a way to any file, extension or network.
func Open(ctx context.Context, file string, threads int, memory string) (*sql.DB, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	return connect(ctx, file, "read_only", map[string]string{"threads": threadsText(threads), "memory_limit": memory})
}

// Commit closes the warehouse, logs the deliveries that are new and puts the file in the place of the last one, in one rename.
func (b *Built) Commit() error {
	if b.checkpoint != nil {
		if err := b.checkpoint(); err != nil {
			return errors.Join(err, b.DB.Close())
		}
	}
	if err := b.DB.Close(); err != nil {
		return err
	}
	if err := ingest.AppendLog(b.inputs, b.deliveries); err != nil {
		return err
	}
	if b.aside == "" {
		return nil
	}
	if err := os.Rename(b.aside, b.final); err != nil {
		return err
	}
	spill := b.aside + ".tmp"
	b.aside = ""
	return os.RemoveAll(spill)
}

// Discard closes the warehouse and leaves the last good one as it was.
func (b *Built) Discard() error {
	if b.checkpoint != nil {
		_ = b.checkpoint() // nobody wants the file
	}
	err := b.DB.Close()
	if b.aside != "" {
		err = errors.Join(err, removeAside(b.aside))
	}
	return err
}

// Sweep removes what a build that was killed left of a warehouse half made. The caller holds the lock.
func Sweep(db string) error { return removeAside(db + ".nuovo") }

func removeAside(aside string) error {
	for _, p := range []string{aside, aside + ".wal"} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.RemoveAll(aside + ".tmp")
}

// construct makes the new file and leaves it open; done is the number of steps that were rerun. db is the copy of the last good one, or nil.
func construct(ctx context.Context, c *catalog.Catalog, o Options, asOf string, steps []*step, last map[string]step, db *sql.DB, aside string) (_ *sql.DB, done int, err error) {
	if db != nil && ofEngine(last, o.Engine) == nil {
		if err := errors.Join(db.Close(), removeAside(aside)); err != nil {
			return nil, done, err
		}
		db = nil
	}
	if db == nil {
		last = nil
		if db, err = connectAside(ctx, o, aside); err != nil {
			return nil, done, err
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	conn, err := db.Conn(ctx) // one connection: the reader's table of rejects is temporary
	if err != nil {
		return nil, done, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	r := &run{conn: conn, catalog: c, spill: aside + ".tmp", note: o.Note}
	if err := r.prepare(ctx, steps, last); err != nil {
		return nil, done, err
	}
	total := 0
	for _, s := range steps {
		if s.replace {
			total++
		}
	}
	now := map[string]string{} // content of the tables made so far
	for i, s := range steps {
		if s.replace && !(s.byInput && sameInputs(s, now, last)) {
			if o.Step != nil {
				o.Step(s.name, s.reason, done, total)
			}
			if err := r.do(ctx, s); err != nil {
				return nil, done, err
			}
			if s.content, err = r.contentOf(ctx, steps[i]); err != nil {
				return nil, done, err
			}
			done++
		}
		now[s.name] = s.content
	}
	if err := r.verdict(ctx); err != nil {
		return nil, done, err
	}
	if r.books != nil {
		if err := r.keepKeys(ctx, r.books); err != nil {
			return nil, done, err
		}
	}
	return db, done, r.remember(ctx, steps, last, asOf)
}

// ofEngine is what the last build remembers if this very program made it, else nothing: every step is to be done again, and the books may have
// had other columns.
func ofEngine(last map[string]step, engine string) map[string]step {
	for _, s := range last {
		if s.engine != engine {
			return nil
		}
	}
	return last
}

// sameInputs reports whether all that the step reads holds the same rows as at the last build: an edit upstream that changed no row
// goes no further.
func sameInputs(s *step, now map[string]string, last map[string]step) bool {
	for _, name := range s.reads {
		if now[name] == "" || now[name] != last[name].content {
			return false
		}
	}
	return true
}

// contentOf identifies the rows that a step made: their number and two sums of DuckDB's 64-bit hash of each, with the columns' names
// and types. It notices changes; it is no proof against somebody who looks for a collision.
func (r *run) contentOf(ctx context.Context, s *step) (string, error) {
	switch {
	case len(r.wrong) > 0 || strings.HasPrefix(s.name, "controlli/"):
		return "", nil
	case s.loads() || s.books != nil || delivered(s.query): // a row's place in its file counts too
		return s.key(), nil
	}
	columns, err := hashOf([]any{shape(s.query.Columns), s.query.Key})
	if err != nil {
		return "", err
	}
	var rows string
	err = r.conn.QueryRowContext(ctx, fmt.Sprintf("select concat_ws(':', count(*), bit_xor(hash(riga_intera)), sum(hash(riga_intera)::hugeint)) from %s as riga_intera", s.query.Ref().SQL())).Scan(&rows)
	return hash(s.name, columns, s.engine, rows), err
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// run is one construction of the warehouse on its one connection.
type run struct {
	conn       *sql.Conn
	catalog    *catalog.Catalog
	spill      string // folder for what is made on the way
	note       func(catalog.Text)
	ledger     []ingest.Entry   // not yet written
	checked    []string         // names of piccoli.controlli whose results are made anew
	results    []string         // rows of piccoli.controlli not yet written
	violations []string         // rows of piccoli.violazioni not yet written
	checkFiles []string         // names of check files run in this build
	books      *books           // if they were written in this build
	wrong      catalog.Problems // broken contracts of project files
	data       catalog.Problems // rules of severity error that do not hold
}

func (r *run) exec(ctx context.Context, statements ...string) error {
	for _, s := range statements {
		if _, err := r.conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%w\n%s", err, s)
		}
	}
	return nil
}

// prepare makes the schemas and books, and drops what no query makes any longer.
func (r *run) prepare(ctx context.Context, steps []*step, last map[string]step) error {
	for _, s := range []string{"ingresso", "raw", "staging", "marts", "piccoli"} {
		if err := r.exec(ctx, "create schema if not exists "+s); err != nil {
			return err
		}
	}
	tables := maps.Clone(catalog.Bookkeeping)
	maps.Copy(tables, ingest.Books)
	for name, cols := range tables {
		defs := make([]string, len(cols))
		for i, c := range cols {
			defs[i] = catalog.Quote(c.Name) + " " + c.DuckDB()
		}
		if err := r.exec(ctx, fmt.Sprintf("create table if not exists piccoli.%s (%s)", catalog.Quote(name), strings.Join(defs, ", "))); err != nil {
			return err
		}
	}
	if err := r.exec(ctx, "create table if not exists piccoli.passi (nodo varchar, testo varchar, ingressi varchar, motore varchar, contenuto varchar)"); err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, s := range steps {
		wanted[s.name] = true
	}
	for name := range last {
		if wanted[name] {
			continue
		}
		if of, ok := strings.CutPrefix(name, "controlli/"); ok {
			if file, ok := strings.CutPrefix(of, "checks."); ok {
				r.checkFiles = append(r.checkFiles, file)
			}
			r.checked = append(r.checked, catalog.Literal(strings.TrimPrefix(of, "marts.")))
			continue
		}
		schema, table, _ := strings.Cut(name, ".")
		if schema == "piccoli" {
			continue
		}
		if err := r.drop(ctx, catalog.Ref{Schema: schema, Name: table}); err != nil {
			return err
		}
		if err := r.exec(ctx, "drop table if exists "+catalog.Ref{Schema: "ingresso", Name: table}.SQL(),
			"delete from piccoli.registro_righe where tabella = "+catalog.Literal(table)); err != nil {
			return err
		}
	}
	return nil
}

// drop removes a table, or the view that stands for one.
func (r *run) drop(ctx context.Context, ref catalog.Ref) error {
	var view bool
	if err := r.conn.QueryRowContext(ctx, fmt.Sprintf("select count(*) > 0 from duckdb_views() where schema_name = %s and view_name = %s", catalog.Literal(ref.Schema), catalog.Literal(ref.Name))).Scan(&view); err != nil {
		return err
	}
	if view {
		return r.exec(ctx, "drop view "+ref.SQL())
	}
	return r.exec(ctx, "drop table if exists "+ref.SQL())
}

func (r *run) do(ctx context.Context, s *step) error {
	switch {
	case s.loads() && s.query.Source.Delivered():
		return r.take(ctx, s)
	case s.loads():
		ledger, err := ingest.Load(ctx, r.conn, r.catalog.Root, s.query, s.files)
		if err != nil {
			return r.collect(err)
		}
		r.ledger = append(r.ledger, ledger...)
		return nil
	case strings.HasPrefix(s.name, "controlli/"):
		if len(r.wrong) > 0 {
			return r.wrong.Err()
		}
		return r.check(ctx, s.query)
	default:
		if err := r.readable(); err != nil {
			return err
		}
		if err := r.writeLedger(ctx); err != nil {
			return err
		}
		switch {
		case s.books != nil:
			if err := errors.Join(r.unmixed(ctx), r.writeBooks(ctx, s.books)); err != nil {
				return err
			}
			r.books = s.books
			return nil
		case delivered(s.query):
			return r.filter(ctx, s.query)
		}
		return r.materialise(ctx, s.query)
	}
}

// readable stops the build before the first query runs if a file could not be read: all files are read first, so that every broken
// line is told at once. Simulated and real deliveries are never read into one warehouse.
func (r *run) readable() error {
	if len(r.wrong) > 0 {
		return r.wrong.Err()
	}
	if len(r.data) > 0 {
		return &DataError{Problems: r.data}
	}
	return nil
}

// unmixed stops the build where some deliveries are simulated and others are not.
func (r *run) unmixed(ctx context.Context) error {
	var simulated, real int
	var example sql.NullString
	err := r.conn.QueryRowContext(ctx, "select count(*) filter (where simulato), count(*) filter (where not simulato), min(file) filter (where not simulato) from piccoli.letti where not superata and tipo <> 'rifiutata'").Scan(&simulated, &real, &example)
	if err != nil || simulated == 0 || real == 0 {
		return err
	}
	return &DataError{Problems: catalog.Problems{{File: example.String, What: catalog.Textf(catalog.Text{It: "file simulati (%d) e reali (%d) insieme: non si pubblica niente", En: "simulated files (%d) and real ones (%d) together: nothing is published"}, simulated, real),
		Hint: catalog.Text{It: "tenere i file di `piccoli simulate` in una cartella a parte e darla con --inbox", En: "keep the files of `piccoli simulate` in a folder of their own and give it by --inbox"}}}}
}

// writeLedger writes what became of the rows of every file read in this build. It is one statement for all, before the first
// query runs: every commit waits for the disk.
func (r *run) writeLedger(ctx context.Context) error {
	if len(r.ledger) == 0 {
		return nil
	}
	var tables, lines []string
	for _, e := range r.ledger {
		tables = append(tables, catalog.Literal(e.Table))
		lines = append(lines, fmt.Sprintf("(%s, %s, %s, %d, %d, %d, 0, 0, 0, 0, null, null, null)", catalog.Literal(e.Path), catalog.Literal(e.SHA256), catalog.Literal(e.Table), e.Read, e.Loaded, e.Quarantined))
	}
	r.ledger = nil
	return r.exec(ctx, "delete from piccoli.registro_righe where tabella in ("+strings.Join(tables, ", ")+")",
		"insert into piccoli.registro_righe values "+strings.Join(lines, ", "))
}

// collect keeps the problems of one file so that those of the others can be told too; any other error ends the build.
func (r *run) collect(err error) error {
	var p catalog.Problems
	if errors.As(err, &p) {
		r.wrong = append(r.wrong, p...)
		return nil
	}
	return err
}

// materialise makes the table of a query, its rows in the order of its key.
func (r *run) materialise(ctx context.Context, q *catalog.Query) error {
	_, err := r.conn.ExecContext(ctx, fmt.Sprintf("create or replace table %s as select * from (\n%s\n) order by %s", q.Ref().SQL(), q.Statement(), orderBy(q)))
	if err != nil {
		return onData(err, catalog.Problem{File: q.Path, Line: q.SQLLine, What: catalog.Textf(catalog.Text{It: "l'SQL si ferma sui dati: %s", En: "the SQL fails on the data: %s"}, firstLine(err))})
	}
	return nil
}

func orderBy(q *catalog.Query) string {
	keys := make([]string, len(q.Key))
	for i, k := range q.Key {
		keys[i] = catalog.Quote(k)
	}
	return strings.Join(keys, ", ")
}

func firstLine(err error) string { return strings.SplitN(err.Error(), "\n", 2)[0] }

// asOfName is the entry, among the remembered steps, that holds the date of the data.
const asOfName = "dati al"

// remember writes the keys of the steps that are not remembered so from the last build, and the date of the data, last: a warehouse without
// them is not a good one.
func (r *run) remember(ctx context.Context, steps []*step, last map[string]step, asOf string) error {
	gone := []string{catalog.Literal(asOfName)}
	lines := []string{fmt.Sprintf("(%s, %s, '', '', '')", catalog.Literal(asOfName), catalog.Literal(asOf))}
	now := map[string]bool{}
	for _, s := range steps {
		now[s.name] = true
		if old, ok := last[s.name]; ok && old.sql == s.sql && old.inputs == s.inputs && old.engine == s.engine && old.content == s.content {
			continue
		}
		gone = append(gone, catalog.Literal(s.name))
		lines = append(lines, fmt.Sprintf("(%s, %s, %s, %s, %s)", catalog.Literal(s.name), catalog.Literal(s.sql), catalog.Literal(s.inputs), catalog.Literal(s.engine), catalog.Literal(s.content)))
	}
	for name := range last {
		if !now[name] {
			gone = append(gone, catalog.Literal(name))
		}
	}
	if err := r.exec(ctx, "begin", "delete from piccoli.passi where nodo in ("+strings.Join(gone, ", ")+")", "insert into piccoli.passi values "+strings.Join(lines, ", ")); err != nil {
		return err
	}
	return r.exec(ctx, "commit")
}
