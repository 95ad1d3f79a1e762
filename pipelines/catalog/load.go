package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
	"golang.org/x/sync/errgroup"
)

// Load reads every SQL file below root/queries, enforces the rules of the layers and types every query, without any data. Where
// anything is wrong the error is Problems, all of them at once.
func Load(ctx context.Context, root string) (*Catalog, error) {
	c, _, err := load(ctx, root, findings{})
	return c, err
}

// load is Load with what DuckDB found of the statements before: only of those that changed is it asked again. It gives what holds now.
func load(ctx context.Context, root string, last findings) (*Catalog, findings, error) {
	l := &loader{root: root, last: last, parser: sync.OnceValues(func() (*sql.DB, error) { return openParser(ctx) }), now: findings{Syntax: map[[sha256.Size]byte]syntax{}, Typed: map[string]string{}, headers: map[string]*yaml.Node{}}}
	go l.parser() //nolint:errcheck // told to whoever asks for it
	c, err := l.read(ctx)
	if err == nil {
		var problems Problems
		problems, err = l.typeAll(ctx, c)
		if err == nil {
			err = problems.Err()
		}
	}
	if db, _ := l.parser(); db != nil {
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		return nil, findings{}, err
	}
	return c, l.now, nil
}

// findings are DuckDB's answers of one load, by what was asked. They hold for one program, which has one DuckDB in it.
type findings struct {
	Syntax   map[[sha256.Size]byte]syntax // digest of a statement → what its tree shows
	Changing map[string]bool              // functions whose value is not given by their arguments
	Typed    map[string]string            // path of a query without a problem → what it was typed from
	headers  map[string]*yaml.Node        // in this process alone: see headers
}

// loader is one reading of a project.
type loader struct {
	root      string
	parser    func() (*sql.DB, error) // the DuckDB that parses and types, opened while files are read
	last, now findings
}

// syntax is parseSQL, of a statement that was parsed before without asking again.
func (l *loader) syntax(ctx context.Context, statement string) (*syntax, *sqlFault, error) {
	key := sha256.Sum256([]byte(statement))
	s, known := l.last.Syntax[key]
	if !known {
		db, err := l.parser()
		if err != nil {
			return nil, nil, err
		}
		found, fault, err := parseSQL(ctx, db, statement)
		if err != nil || fault != nil {
			return nil, fault, err
		}
		s = *found
	}
	l.now.Syntax[key] = s
	return &s, nil, nil
}

func (l *loader) read(ctx context.Context) (*Catalog, error) {
	root := l.root
	c := &Catalog{Root: root}
	var problems Problems
	var group errgroup.Group
	if l.now.Changing = l.last.Changing; l.now.Changing == nil {
		group.Go(func() (err error) { // on a DuckDB of its own: the list takes as long as reading twenty files
			l.now.Changing, err = changingFunctions(ctx)
			return err
		})
	}
	var files []*file
	for _, layer := range []Layer{Staging, Marts, Checks, Reports} {
		paths, err := sqlFiles(root, "queries/"+string(layer))
		if err != nil {
			return nil, err
		}
		for _, p := range paths {
			f := &file{path: p, headers: headers{l.last.headers, l.now.headers}}
			name := strings.TrimSuffix(path.Base(p), ".sql")
			if !isName(name) {
				f.add(0, 0, Textf(Text{"«%s» non è un nome di tabella", "%q is not a table name"}, name),
					Text{"il nome del file è il nome della tabella: minuscole, cifre e trattini bassi", "the file's name is the table's name: lower case, digits and underscores"})
			}
			if other := c.Find(layer, name); other != nil {
				f.add(0, 0, Textf(Text{"il nome «%s» è già di %s", "the name %q is taken by %s"}, name, other.Path),
					Text{"rinominare uno dei due file", "rename one of the two files"})
			}
			text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p)))
			if err != nil {
				return nil, err
			}
			q := f.parse(layer, name, string(text))
			q.print = sha256.Sum256(text)
			if q.SQL != "" {
				if err := f.readSyntax(ctx, l, q); err != nil {
					return nil, errors.Join(err, group.Wait())
				}
			}
			files = append(files, f)
			c.Queries = append(c.Queries, q)
		}
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, f := range files {
		f.refuse(l.now.Changing)
		problems = append(problems, f.problems...)
	}
	if len(c.Queries) == 0 {
		problems = append(problems, Problem{File: "queries", What: Text{"nessun file SQL", "no SQL file"},
			Hint: Text{"il comando va dato dalla cartella del progetto", "run the command from the project's folder"}})
	}
	problems = append(problems, c.layerRules()...)
	problems = append(problems, c.cycles()...)
	problems = append(problems, c.references()...)
	problems = append(problems, c.personalRules()...)
	problems = append(problems, c.listRules()...)
	problems = append(problems, c.deliveryRules()...)
	problems = append(problems, c.fetchRules()...)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// sqlFiles lists the .sql files below a folder as slash paths from the root, sorted; an absent folder holds none.
func sqlFiles(root, dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(filepath.Join(root, filepath.FromSlash(dir)), func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if !d.IsDir() && strings.HasSuffix(p, ".sql") {
			rel, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			out = append(out, filepath.ToSlash(rel))
		}
		return nil
	})
	slices.Sort(out)
	return out, err
}

// changingFunctions are DuckDB's functions whose value is not given by their arguments: they would make the same input give other bytes.
func changingFunctions(ctx context.Context) (out map[string]bool, err error) {
	db, err := openParser(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, "select distinct function_name from duckdb_functions() where stability <> 'CONSISTENT' and function_name <> 'error'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out = map[string]bool{"getenv": true, "current_user": true, "current_setting": true}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out[name] = true
	}
	return out, rows.Err()
}

// tableFunctions are the only functions that may stand in FROM: every other reads something that is not in the warehouse.
var tableFunctions = []string{"generate_series", "range", "unnest"}

// readSyntax fills q.DependsOn from the syntax tree of its SQL and adds what the tree shows to be wrong.
func (f *file) readSyntax(ctx context.Context, l *loader, q *Query) error {
	s, fault, err := l.syntax(ctx, q.SQL)
	if err != nil {
		return err
	}
	if fault != nil {
		p := q.place(fault.pos)
		f.add(p.Line, p.Col, Textf(Text{"SQL: %s", "SQL: %s"}, fault.message),
			Text{"il file contiene una sola istruzione select; un pivot vuole il suo elenco in (…)", "the file holds one select statement; a pivot needs its in (…) list"})
		return nil
	}
	for _, r := range s.Readings {
		if r.Ref.Schema == "" {
			if s.CTEs[strings.ToLower(r.Ref.Name)] {
				continue
			}
			p := q.place(r.Pos)
			f.add(p.Line, p.Col, Textf(Text{"«%s» è senza schema", "%q has no schema"}, r.Ref.Name),
				Text{"scrivere schema.tabella (staging.comuni, marts.comuni); dai file legge solo lo strato di caricamento",
					"write schema.table (staging.comuni, marts.comuni); only the ingest stage reads files"})
			continue
		}
		if !slices.Contains(q.DependsOn, r.Ref) {
			q.DependsOn = append(q.DependsOn, r.Ref)
			q.places = append(q.places, q.place(r.Pos))
		}
	}
	if q.Layer == Reports {
		if err := f.paramRules(ctx, l, q); err != nil {
			return err
		}
	}
	for _, call := range s.Calls {
		p := q.place(call.Pos)
		name := strings.ToLower(call.Name)
		if call.Table && !slices.Contains(tableFunctions, name) {
			f.add(p.Line, p.Col, Textf(Text{"«%s()» legge fuori dal magazzino dati", "%q reads outside the warehouse"}, call.Name),
				Text{"i file si dichiarano in «source:» di un file in queries/staging", "files are declared under \"source:\" of a file in queries/staging"})
		}
		if !call.Table {
			f.calls = append(f.calls, placedCall{name, p})
		}
	}
	return nil
}

// refuse adds a problem for every call of a function whose value changes from run to run.
func (f *file) refuse(changing map[string]bool) {
	for _, c := range f.calls {
		if changing[c.name] {
			f.add(c.at.Line, c.at.Col, Textf(Text{"«%s()» dà valori diversi a ogni esecuzione", "%q gives another value on every run"}, c.name),
				Text{"lo stesso ingresso deve dare gli stessi byte: usare una data presa dai dati", "the same input must give the same bytes: use a date taken from the data"})
		}
	}
}

// Order gives the queries of staging and marts so that each stands after all that it reads; ties by name.
func (c *Catalog) Order() []*Query {
	var out []*Query
	done := map[Ref]bool{}
	var visit func(q *Query)
	visit = func(q *Query) {
		if done[q.Ref()] {
			return
		}
		done[q.Ref()] = true
		for _, d := range append(slices.Clone(q.DependsOn), c.Filters(q)...) {
			if dep := c.Find(Layer(d.Schema), d.Name); dep != nil {
				visit(dep)
			}
		}
		out = append(out, q)
	}
	for _, l := range []Layer{Staging, Marts} {
		for _, q := range c.Layer(l) {
			visit(q)
		}
	}
	return out
}

// ReadBy gives the queries of every layer that read q, sorted by layer and name.
func (c *Catalog) ReadBy(q *Query) []*Query {
	var out []*Query
	for _, other := range c.Queries {
		if slices.Contains(other.DependsOn, q.Ref()) {
			out = append(out, other)
		}
	}
	return out
}

// String is the query's table, e.g. marts.comuni.
func (q *Query) String() string { return fmt.Sprintf("%s.%s", q.Layer, q.Name) }

// Statement is the SQL without a closing semicolon, so that it can stand inside another statement.
func (q *Query) Statement() string {
	return strings.TrimSuffix(strings.TrimSpace(q.SQL), ";")
}
