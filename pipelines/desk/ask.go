package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"piccoli/pipelines/catalog"
)

// Bounds of a free question.
type Bounds struct {
	Time time.Duration // 0: none
	Rows int           // 0: none
}

// questionPath stands where a report names its file.
const questionPath = "SQL"

// Ask answers a question in SQL: one select over the tables of the warehouse, which may be named without their schema. What is wrong with
// it is an *AskError that says near which word.
func (d *Desk) Ask(ctx context.Context, question string, b Bounds) (*Report, error) {
	question = strings.TrimRight(strings.TrimSpace(question), "; \t\n")
	if question == "" {
		return nil, wrong(catalog.Text{It: "la domanda è vuota", En: "the question is empty"}, catalog.Text{It: "per esempio: select count(*) from comuni", En: "for example: select count(*) from comuni"})
	}
	if err := catalog.CheckQuestion(ctx, d.db, question); err != nil {
		return nil, asked(err)
	}
	if b.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, b.Time)
		defer cancel()
	}
	r := &Report{AsOf: d.AsOf, Simulated: d.Simulated, Query: &catalog.Query{Layer: catalog.Reports, Name: "domanda", Path: questionPath, SQL: question,
		Title: catalog.Text{It: "Domanda libera", En: "Free question"}}}
	err := d.shape(ctx, r, question)
	if err == nil {
		err = d.rows(ctx, &r.Answer, question, b.Rows)
	}
	if err != nil {
		return nil, d.refusal(ctx, question, b, err)
	}
	return r, nil
}

// asked makes Problems of a question an error of the question.
func asked(err error) error {
	var p catalog.Problems
	if errors.As(err, &p) {
		return &AskError{p}
	}
	return err
}

// shape asks DuckDB for the columns of the answer.
func (d *Desk) shape(ctx context.Context, r *Report, question string) (err error) {
	rows, err := d.db.QueryContext(ctx, "describe "+question)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name, typ string
		var rest [4]any
		if err := rows.Scan(&name, &typ, &rest[0], &rest[1], &rest[2], &rest[3]); err != nil {
			return err
		}
		c := catalog.Column{Name: name, Type: typeOf(typ)}
		if strings.HasSuffix(name, "_eur") && c.Numeric() {
			c.Unit = "EUR"
		}
		r.Columns = append(r.Columns, c)
	}
	return rows.Err()
}

// typeOf names a DuckDB type as headers do; what they have no name for is shown as a text.
func typeOf(duck string) string {
	switch {
	case strings.HasPrefix(duck, "DECIMAL"):
		return strings.ToLower(duck)
	case duck == "INTEGER" || duck == "SMALLINT" || duck == "TINYINT":
		return "integer"
	case duck == "BIGINT" || duck == "HUGEINT" || duck == "UBIGINT" || duck == "UINTEGER":
		return "bigint"
	case duck == "DOUBLE" || duck == "FLOAT":
		return "double"
	case duck == "DATE":
		return "date"
	case duck == "BOOLEAN":
		return "boolean"
	}
	return "text"
}

// refusal says why a question was not answered.
func (d *Desk) refusal(ctx context.Context, question string, b Bounds, err error) error {
	var e *duckdb.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return wrong(catalog.Textf(catalog.Text{It: "la domanda ha superato il tempo (%s)", En: "the question took longer than the time allowed (%s)"}, b.Time),
			catalog.Text{It: "restringerla con una condizione, o dare più tempo con --timeout", En: "narrow it by a condition, or give more time with --timeout"})
	case errors.Is(ctx.Err(), context.Canceled):
		return context.Canceled
	case errors.As(err, &e) && strings.Contains(e.Msg, "Out of Memory"):
		return wrong(catalog.Text{It: "la domanda vuole più memoria di quella concessa", En: "the question wants more memory than it is given"},
			catalog.Text{It: "restringerla con una condizione, o dare più memoria con --memory-limit", En: "narrow it by a condition, or give more memory with --memory-limit"})
	case errors.As(err, &e):
		return &AskError{catalog.Problems{catalog.QuestionFault(question, "describe ", err)}}
	}
	return fmt.Errorf("answering the question: %w", err)
}
