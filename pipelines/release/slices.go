package release

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"piccoli/pipelines/catalog"
)

type duckDecimal = duckdb.Decimal

// sliceRows is the number of rows read at once: DuckDB's own row group. The driver holds the whole result of a query, so that a large
// dataset is never asked for in one.
const sliceRows = 122_880

// slices reads the rows of a mart in the order of its key, so many at once: each for every row, flush after every slice and once where there
// is no row at all. The values given to each are overwritten by the next row. The warehouse writes a mart's rows in the order of its
// key, so that their places in the table (rowid) are that order.
func (in Input) slices(ctx context.Context, q *catalog.Query, expressions []string, rows int64, each func([]driver.Value), flush func() error) error {
	conn, err := in.DB.Conn(ctx)
	if err != nil {
		return err
	}
	read := int64(0)
	err = conn.Raw(func(raw any) error {
		for from := int64(0); from < rows || from == 0; from += sliceRows {
			n, err := readSlice(ctx, raw.(driver.QueryerContext), fmt.Sprintf("select %s from %s where rowid >= %d and rowid < %d order by rowid",
				strings.Join(expressions, ", "), q.Ref().SQL(), from, from+sliceRows), len(expressions), each)
			if err != nil {
				return err
			}
			read += n
			if err := flush(); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && read != rows {
		err = fmt.Errorf("%d rows read of %d", read, rows)
	}
	return errors.Join(err, conn.Close())
}

// readSlice goes by the driver itself: database/sql would convert every value once more.
func readSlice(ctx context.Context, conn driver.QueryerContext, statement string, columns int, each func([]driver.Value)) (n int64, err error) {
	result, err := conn.QueryContext(ctx, statement, nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, result.Close()) }()
	values := make([]driver.Value, columns)
	for {
		switch err := result.Next(values); {
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		}
		each(values)
		n++
	}
}
