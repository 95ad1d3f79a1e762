package release

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"piccoli/pipelines/catalog"
)

// Quality is how one dataset fares on the four characteristics of ISO/IEC 25012 that AgID's guidelines for open data ask for (Det. 183/2023,
// chapter 5 and recommendation 8). Each is a part of a whole that is given with it; a whole of zero says that the question does not arise.
type Quality struct {
	Dataset       string
	Filled, Cells int64  // completeness: cells with a value, of all cells; a cell may be empty because the source says nothing
	Loaded, Read  int64  // accuracy: rows that obey their contract, of those read in the files behind the dataset
	Held, Rules   int64  // consistency: rules of the dataset that hold, of all its rules
	Broken        int64  // rows that break a rule
	Oldest        string // ISO date of the oldest fact, or empty
	Newest        string // currentness: ISO date of the newest fact that is not after asOf, or empty
	Files         int64  // read behind the dataset
}

// measure gives the quality of every mart, in the order of the catalogue, from the warehouse as it stands after its checks.
func (in Input) measure(ctx context.Context) ([]Quality, error) {
	marts := in.Catalog.Marts()
	out := make([]Quality, len(marts))
	at, behind := map[string]*Quality{}, map[string][]*Quality{} // by dataset; by the name in the ledger of what stands behind it
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, q := range marts {
		m := &out[i]
		m.Dataset, at[q.Name] = q.Name, m
		for _, table := range originTables(in.Catalog, q) {
			behind[table] = append(behind[table], m)
		}
		group.Go(func() error {
			if err := in.cells(groupCtx, q, m); err != nil {
				return fmt.Errorf("release: quality of %s: %w", q, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var name string
	var a, b, c int64
	err := eachRow(ctx, in.DB, "select dataset, count(*), count(*) filter (where esito = 'superato'), cast(coalesce(sum(righe_violate), 0) as bigint) from piccoli.controlli group by dataset",
		[]any{&name, &a, &b, &c}, func() {
			if m := at[name]; m != nil {
				m.Rules, m.Held, m.Broken = a, b, c
			}
		})
	if err != nil {
		return nil, fmt.Errorf("release: quality: %w", err)
	}
	err = eachRow(ctx, in.DB, "select tabella, count(*), cast(coalesce(sum(righe_lette), 0) as bigint), cast(coalesce(sum(righe_caricate), 0) as bigint) from piccoli.registro_righe group by tabella",
		[]any{&name, &a, &b, &c}, func() {
			for _, m := range behind[name] {
				m.Files, m.Read, m.Loaded = m.Files+a, m.Read+b, m.Loaded+c
			}
		})
	if err != nil {
		return nil, fmt.Errorf("release: quality: %w", err)
	}
	return out, nil
}

// cells counts what of a dataset's rows the measures need. From the same rows it was counted before.
func (in Input) cells(ctx context.Context, q *catalog.Query, m *Quality) error {
	counts := make([]string, len(q.Columns))
	for i, c := range q.Columns {
		counts[i] = "count(" + catalog.Quote(c.Name) + ")"
	}
	oldest, newest := "null", "null"
	if q.Date != "" {
		oldest = fmt.Sprintf("cast(min(cast(%s as date)) as varchar)", catalog.Quote(q.Date))
		newest = fmt.Sprintf("cast(max(cast(%s as date)) filter (where cast(%[1]s as date) <= date %s) as varchar)", catalog.Quote(q.Date), catalog.Literal(in.AsOf))
	}
	statement := fmt.Sprintf("select count(*) * %d, cast(%s as bigint), %s, %s from %s", len(q.Columns), strings.Join(counts, " + "), oldest, newest, q.Ref().SQL())
	found, err := in.Tree.Recall(in.Keys[q.String()]+statement, func() (string, error) {
		var cells, filled int64
		var first, last sql.NullString
		if err := in.DB.QueryRowContext(ctx, statement).Scan(&cells, &filled, &first, &last); err != nil {
			return "", err
		}
		return fmt.Sprintf("%d,%d,%s,%s", cells, filled, first.String, last.String), nil
	})
	if err != nil {
		return err
	}
	parts := strings.Split(found, ",")
	if len(parts) != 4 {
		return fmt.Errorf("remembered as %q", found)
	}
	m.Oldest, m.Newest = parts[2], parts[3]
	_, err = fmt.Sscan(parts[0]+" "+parts[1], &m.Cells, &m.Filled)
	return err
}

// eachRow scans every row of a question into the same places.
func eachRow(ctx context.Context, db *sql.DB, question string, into []any, see func()) error {
	rows, err := db.QueryContext(ctx, question)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		see()
	}
	return rows.Err()
}

// originTables are the names in the ledger of the tables with a source that stand behind a query.
func originTables(cat *catalog.Catalog, q *catalog.Query) (out []string) {
	seen := map[string]bool{}
	var walk func(q *catalog.Query)
	walk = func(q *catalog.Query) {
		for _, r := range q.DependsOn {
			dep := cat.Find(catalog.Layer(r.Schema), r.Name)
			if dep == nil || seen[r.String()] {
				continue
			}
			seen[r.String()] = true
			if dep.Layer == catalog.Staging && dep.Source != nil {
				out = append(out, dep.Name)
			}
			walk(dep)
		}
	}
	walk(q)
	return out
}
