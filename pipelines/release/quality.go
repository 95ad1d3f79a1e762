package release

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

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

// Measure gives the quality of every mart, in the order of the catalogue, from the warehouse as it stands after its checks. asOf is an ISO date.
func Measure(ctx context.Context, cat *catalog.Catalog, db *sql.DB, asOf string) ([]Quality, error) {
	var out []Quality
	for _, q := range cat.Marts() {
		m := Quality{Dataset: q.Name}
		counts := make([]string, len(q.Columns))
		for i, c := range q.Columns {
			counts[i] = "count(" + catalog.Quote(c.Name) + ")"
		}
		oldest, newest := "null", "null"
		if q.Date != "" {
			oldest = fmt.Sprintf("cast(min(cast(%s as date)) as varchar)", catalog.Quote(q.Date))
			newest = fmt.Sprintf("cast(max(cast(%s as date)) filter (where cast(%[1]s as date) <= date %s) as varchar)", catalog.Quote(q.Date), catalog.Literal(asOf))
		}
		var first, date sql.NullString
		err := db.QueryRowContext(ctx, fmt.Sprintf("select count(*) * %d, cast(%s as bigint), %s, %s from %s", len(q.Columns), strings.Join(counts, " + "), oldest, newest, q.Ref().SQL())).
			Scan(&m.Cells, &m.Filled, &first, &date)
		if err != nil {
			return nil, fmt.Errorf("release: quality of %s: %w", q, err)
		}
		m.Oldest, m.Newest = first.String, date.String
		err = db.QueryRowContext(ctx, "select count(*), count(*) filter (where esito = 'superato'), cast(coalesce(sum(righe_violate), 0) as bigint) from piccoli.controlli where dataset = "+catalog.Literal(q.Name)).
			Scan(&m.Rules, &m.Held, &m.Broken)
		if err != nil {
			return nil, fmt.Errorf("release: quality of %s: %w", q, err)
		}
		if behind := originTables(cat, q); len(behind) > 0 {
			err = db.QueryRowContext(ctx, "select count(*), cast(coalesce(sum(righe_lette), 0) as bigint), cast(coalesce(sum(righe_caricate), 0) as bigint) from piccoli.registro_righe where tabella in ("+
				strings.Join(behind, ", ")+")").Scan(&m.Files, &m.Read, &m.Loaded)
			if err != nil {
				return nil, fmt.Errorf("release: quality of %s: %w", q, err)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// originTables are the names in the ledger, as SQL literals, of the tables with a source that stand behind a query.
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
				out = append(out, catalog.Literal(dep.Name))
			}
			walk(dep)
		}
	}
	walk(q)
	return out
}
