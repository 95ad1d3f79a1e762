package release

import (
	"bufio"
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// writeJSON writes a dataset as one array of objects, a row a line, numbers with all their digits: DuckDB's own JSON writer takes a
// DECIMAL through a double, which loses cents from 16 digits on and the zeros of 0.10 before.
func (in Input) writeJSON(ctx context.Context, q *catalog.Query, rows int64, to string) (err error) {
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriterSize(file, 1<<18)
	columns := in.columns(q)
	names, wanted := make([][]byte, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i] = appendJSON(nil, c.Name)
		wanted[i] = exact(c)
	}
	var line []byte
	separator := "[\n\t{"
	if err := in.slices(ctx, q, wanted, rows, func(values []driver.Value) {
		line = append(line[:0], separator...)
		separator = ",\n\t{"
		for i, v := range values {
			if i > 0 {
				line = append(line, ',')
			}
			line = append(append(line, names[i]...), ':')
			switch v := v.(type) {
			case nil:
				line = append(line, "null"...)
			case string:
				if columns[i].Numeric() {
					line = append(line, v...)
				} else {
					line = appendJSON(line, v)
				}
			case bool:
				line = strconv.AppendBool(line, v)
			default:
				line = fmt.Append(line, v) // int32, int64
			}
		}
		line = append(line, '}')
		w.Write(line) //nolint:errcheck // Flush tells
	}, func() error { return nil }); err != nil {
		return err
	}
	if separator[0] == '[' { // no row
		w.WriteString("[") //nolint:errcheck // Flush tells
	}
	w.WriteString("\n]\n") //nolint:errcheck // Flush tells
	return w.Flush()
}

// exact is the SQL that reads a column for a format that is text: amounts and dates as DuckDB writes them.
func exact(c catalog.Column) string {
	switch {
	case c.Name == simulatedColumn.Name:
		return "true"
	case strings.HasPrefix(c.Type, "decimal("), c.Type == "double", c.Type == "date":
		return catalog.Quote(c.Name) + "::varchar"
	}
	return catalog.Quote(c.Name)
}

// appendJSON writes a text with the fewest escapes that JSON asks for.
func appendJSON(to []byte, s string) []byte {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] != '"' && s[i] != '\\'
	}
	if plain {
		return append(append(append(to, '"'), s...), '"')
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a text always encodes
	}
	return append(to, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
