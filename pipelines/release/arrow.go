package release

import (
	"bufio"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"piccoli/pipelines/catalog"
)

// writeArrow writes a dataset as an Arrow IPC stream (Apache Arrow columnar format 1.5), one record batch a slice of rows. Neither
// dictionaries nor compressed buffers: a reader without any codec must read it, among them DuckDB in a browser.
func (in Input) writeArrow(ctx context.Context, q *catalog.Query, rows int64, to string) (err error) {
	columns, schema := in.columns(q), in.arrowSchema(q)
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	buffer := bufio.NewWriterSize(file, 1<<20)
	memory := memory.NewGoAllocator()
	w := ipc.NewWriter(buffer, ipc.WithSchema(schema), ipc.WithAllocator(memory))
	builder := array.NewRecordBuilder(memory, schema)
	defer builder.Release()
	appends := make([]func(driver.Value), len(columns))
	wanted := make([]string, len(columns))
	for i, c := range columns {
		appends[i], wanted[i] = arrowColumn(builder.Field(i), c)
	}
	flush := func() error {
		batch := builder.NewRecordBatch()
		defer batch.Release()
		return w.Write(batch)
	}
	if err := in.slices(ctx, q, wanted, rows, func(values []driver.Value) {
		for i, v := range values {
			if v == nil {
				builder.Field(i).AppendNull()
				continue
			}
			appends[i](v)
		}
	}, flush); err != nil {
		return errors.Join(err, w.Close())
	}
	return errors.Join(w.Close(), buffer.Flush())
}

// arrowSchema says of the file and of every column what the Parquet says.
func (in Input) arrowSchema(q *catalog.Query) *arrow.Schema {
	var fields []arrow.Field
	for _, c := range in.columns(q) {
		keys, values := []string{"description_it", "description_en"}, []string{c.Text.It, c.Text.En}
		if c.Unit != "" {
			keys, values = append(keys, "unit"), append(values, c.Unit)
		}
		fields = append(fields, arrow.Field{Name: c.Name, Type: arrowType(c), Nullable: !c.Required && !slices.Contains(q.Key, c.Name), Metadata: arrow.NewMetadata(keys, values)})
	}
	var keys, values []string
	for _, kv := range in.about(q) {
		keys, values = append(keys, kv[0]), append(values, kv[1])
	}
	metadata := arrow.NewMetadata(keys, values)
	return arrow.NewSchema(fields, &metadata)
}

func arrowType(c catalog.Column) arrow.DataType {
	switch c.Type {
	case "text":
		return arrow.BinaryTypes.String
	case "integer":
		return arrow.PrimitiveTypes.Int32
	case "bigint":
		return arrow.PrimitiveTypes.Int64
	case "double":
		return arrow.PrimitiveTypes.Float64
	case "boolean":
		return arrow.FixedWidthTypes.Boolean
	case "date":
		return arrow.FixedWidthTypes.Date32
	}
	precision, scale := decimalOf(c.Type) // the catalog accepts no other type
	return &arrow.Decimal128Type{Precision: precision, Scale: scale}
}

// decimalOf reads the digits of decimal(p,s), all of them and those after the point; none of another type.
func decimalOf(typ string) (precision, scale int32) {
	if _, err := fmt.Sscanf(typ, "decimal(%d,%d)", &precision, &scale); err != nil {
		return 0, 0
	}
	return precision, scale
}

// arrowColumn gives the SQL by which a column is read and what appends a value of it. Amounts are read as whole numbers of their last
// digit (cents), dates as days since 1970: no float and no clock in between.
func arrowColumn(b array.Builder, c catalog.Column) (appends func(driver.Value), expression string) {
	expression = catalog.Quote(c.Name)
	if c.Name == simulatedColumn.Name {
		expression = "true"
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		return func(v driver.Value) { b.Append(v.(string)) }, expression
	case *array.Int32Builder:
		return func(v driver.Value) { b.Append(v.(int32)) }, expression
	case *array.Int64Builder:
		return func(v driver.Value) { b.Append(v.(int64)) }, expression
	case *array.Float64Builder:
		return func(v driver.Value) { b.Append(v.(float64)) }, expression
	case *array.BooleanBuilder:
		return func(v driver.Value) { b.Append(v.(bool)) }, expression
	case *array.Date32Builder:
		return func(v driver.Value) { b.Append(arrow.Date32(v.(int64))) }, fmt.Sprintf("(%s - date '1970-01-01')::bigint", expression)
	case *array.Decimal128Builder:
		precision, scale := decimalOf(c.Type)
		if precision > 18 { // beyond what a whole number of 64 bits holds
			return func(v driver.Value) { b.Append(decimal128.FromBigInt(v.(duckDecimal).Value)) }, expression
		}
		return func(v driver.Value) { b.Append(decimal128.FromI64(v.(int64))) }, fmt.Sprintf("(%s * 1%s)::bigint", expression, strings.Repeat("0", int(scale)))
	}
	panic(fmt.Sprintf("no way to append to %T", b)) // arrowType gives no other
}
