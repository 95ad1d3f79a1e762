// Package desk answers the analyst's questions from the last good warehouse: reports with parameters, and anything else that one
// select can say. It reads only, writes nothing but the answers, and leaves no way out of the warehouse.
package desk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

// Desk is an open warehouse with the project's files that say what is in it.
type Desk struct {
	Catalog   *catalog.Catalog
	AsOf      string // ISO date of the data, as the build was told or found it; empty where it found none
	Lang      string // it or en: of the words that a report takes from the data
	Versions  Versions
	Simulated bool // what was delivered is simulated: every answer says so
	db        *sql.DB
}

// Open opens the warehouse file for questions. Without one the error is catalog.Problems.
func Open(ctx context.Context, c *catalog.Catalog, file string, l warehouse.Limits) (d *Desk, err error) {
	db, err := warehouse.OpenSealed(ctx, file, l)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	d = &Desk{Catalog: c, Lang: "it", db: db}
	if err := db.QueryRowContext(ctx, "select coalesce(bool_or(simulato), false) from piccoli.letti").Scan(&d.Simulated); err != nil {
		return nil, fmt.Errorf("reading the books of the warehouse: %w", err)
	}
	d.AsOf, err = warehouse.AsOf(ctx, db)
	return d, err
}

// Close closes the warehouse.
func (d *Desk) Close() error { return d.db.Close() }

// AskError says that a question is wrong: the report, a parameter or the SQL that was given, not the data.
type AskError struct{ Problems catalog.Problems }

func (e *AskError) Error() string { return e.Problems.Error() }

func wrong(what, hint catalog.Text) error {
	return &AskError{catalog.Problems{{What: what, Hint: hint}}}
}

// Answer is a table: what each column is, and the rows in their order, each value as DuckDB writes it (a decimal with its point, an ISO date,
// true or false), not Valid where there is none.
type Answer struct {
	Columns []catalog.Column
	Rows    [][]sql.NullString
	Cut     bool // there were more rows than asked for
}

// rows reads the answer to a statement, whose columns it names where nothing else is known of them; at most limit rows where limit is not 0.
func (d *Desk) rows(ctx context.Context, a *Answer, statement string, limit int, args ...any) (err error) {
	if limit > 0 {
		statement = fmt.Sprintf("select cast(columns(*) as varchar) from (%s\n) limit %d", statement, limit+1)
	} else {
		statement = fmt.Sprintf("select cast(columns(*) as varchar) from (%s\n)", statement)
	}
	rows, err := d.db.QueryContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	if a.Columns == nil {
		for _, n := range names {
			a.Columns = append(a.Columns, catalog.Column{Name: n})
		}
	}
	for rows.Next() {
		if limit > 0 && len(a.Rows) == limit {
			a.Cut = true
			break
		}
		row, into := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		a.Rows = append(a.Rows, row)
	}
	return rows.Err()
}
