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
	name    string // raw.comuni, staging.comuni, marts.comuni, controlli.comuni
	sql     string // hash of its contract or SQL
	inputs  string // hash of what it reads
	engine  string // identity of DuckDB and of this program
	query   *catalog.Query
	files   []ingest.File
	reads   []string // tables that it reads
	content string   // identity of the rows it made; empty for checks
	replace bool     // to be done in this build
	byInput bool     // only because of what it reads
	reason  catalog.Text
}

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

// plan lists every step in the order in which it must run.
func plan(ctx context.Context, c *catalog.Catalog, engine string) ([]*step, error) {
	var steps []*step
	var problems catalog.Problems
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
			return nil, err
		}
		files, err := ingest.Files(c.Root, q)
		var found catalog.Problems
		if errors.As(err, &found) {
			problems = append(problems, found...)
			continue
		}
		if err != nil {
			return nil, err
		}
		src := q.Source
		contract, err := hashOf([]any{src.Files, src.Formats, src.Packed, src.Optional, src.Snapshots, src.Amount, src.Dialect, shape(src.Columns), src.Rows})
		if err != nil {
			return nil, err
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
		return nil, err
	}
	keys["piccoli.registro_righe"] = hash(raws...)
	for _, q := range c.Order() {
		contract, err := hashOf([]any{q.Statement(), shape(q.Columns), q.Key})
		if err != nil {
			return nil, err
		}
		var inputs, reads []string
		for _, d := range q.DependsOn {
			inputs, reads = append(inputs, d.String(), keys[d.String()]), append(reads, d.String())
		}
		slices.Sort(inputs)
		add(&step{name: q.String(), sql: contract, inputs: hash(inputs...), engine: engine, query: q, reads: reads})
	}
	for _, q := range c.Queries {
		if q.Layer == catalog.Reports {
			continue
		}
		rules := []any{q.Key, shape(q.Columns), q.Rows, q.Checks, refs(q.Columns)}
		if q.Layer == catalog.Checks {
			rules = []any{q.Severity, q.Description, q.Statement()}
		}
		contract, err := hashOf(rules)
		if err != nil {
			return nil, err
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
	return steps, nil
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
		case old.sql != s.sql && s.files != nil:
			s.reason = catalog.Text{It: "cambiato il contratto", En: "the contract changed"}
		case old.sql != s.sql && strings.HasPrefix(s.name, "controlli/"):
			s.reason = catalog.Text{It: "cambiate le regole", En: "the rules changed"}
		case old.sql != s.sql:
			s.reason = catalog.Text{It: "cambiato l'SQL", En: "the SQL changed"}
		case old.inputs != s.inputs && s.files != nil:
			s.reason = catalog.Text{It: "cambiati i file", En: "the files changed"}
		case old.inputs != s.inputs:
			s.reason = catalog.Text{It: "cambiati gli ingressi", En: "the inputs changed"}
			s.byInput = true
		default:
			continue
		}
		s.replace = true
	}
}

// remembered reads the keys of the last build from its warehouse.
func remembered(ctx context.Context, db *sql.DB) (map[string]step, error) {
	rows, err := db.QueryContext(ctx, "select nodo, testo, ingressi, motore, contenuto from piccoli.passi")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]step{}
	for rows.Next() {
		var s step
		if err := rows.Scan(&s.name, &s.sql, &s.inputs, &s.engine, &s.content); err != nil {
			return nil, err
		}
		out[s.name] = s
	}
	return out, rows.Err()
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
