package release

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// pair is a dataset before and after; one of the two may be nil.
type pair struct{ a, b *Contract }

func (p pair) name() string { return p.now().Name }

func (p pair) now() *Contract {
	if p.b != nil {
		return p.b
	}
	return p.a
}

// comparison of one dataset.
type comparison struct {
	db *sql.DB
	pair
	o       Differ
	columns []pairedColumn
	keys    int // the first so many columns are the key
}

// pairedColumn is a column before and after; nil where it is not.
type pairedColumn struct{ a, b *ColumnOf }

func (c pairedColumn) name() string {
	if c.b != nil {
		return c.b.Name
	}
	return c.a.Name
}

// expr reads the column of one side: as text where its type changed.
func (c pairedColumn) expr(side string) string {
	of := c.b
	if side == "a" {
		of = c.a
	}
	if of == nil {
		return "null"
	}
	e := side + "." + catalog.Quote(of.Name)
	if c.a != nil && c.b != nil && c.a.Type != c.b.Type {
		e += "::varchar"
	}
	return e
}

func (c *comparison) run(ctx context.Context, from, to string) (d DatasetChange, err error) {
	now := c.now()
	d = DatasetChange{Dataset: now.Name, Title: now.Title, Key: now.Key, Totals: []Total{}, Columns: []Touched{}, AddedTop: []Row{}, RemovedTop: []Row{}, ChangedTop: []Row{}}
	c.pairColumns()
	left, right := "(select null where false)", "(select null where false)"
	if c.a != nil {
		d.Before = &c.a.Rows
		left = c.readOf(from, c.a)
	}
	if c.b != nil {
		d.After = &c.b.Rows
		right = c.readOf(to, c.b)
	}
	if c.o.Region != "" {
		if err := c.countRows(ctx, &d, left, right); err != nil {
			return d, err
		}
	}
	d.Unpaired = c.a != nil && c.b != nil && c.keys == 0
	if d.Unpaired {
		d.Key = nil
	}
	unchanged := c.a != nil && c.b != nil && c.a.SHA256 == c.b.SHA256 && slices.Equal(names(c.a), names(c.b))
	if unchanged && c.o.Brief {
		return d, nil
	}
	if _, err := c.db.ExecContext(ctx, c.changedSQL(left, right, unchanged)); err != nil {
		return d, err
	}
	defer func() {
		_, dropErr := c.db.ExecContext(ctx, "drop table if exists cambi")
		err = errors.Join(err, dropErr)
	}()
	if err := c.db.QueryRowContext(ctx, "select count(*) filter (modifica = 'aggiunta'), count(*) filter (modifica = 'tolta'), count(*) filter (modifica = 'cambiata') from cambi").Scan(&d.Added, &d.Removed, &d.Changed); err != nil {
		return d, err
	}
	if err := c.measures(ctx, &d, left, right); err != nil {
		return d, err
	}
	if d.Same() {
		return d, nil
	}
	if d.Changed > 0 {
		if err := c.touched(ctx, &d); err != nil {
			return d, err
		}
	}
	for _, k := range []struct {
		name string
		n    int64
		to   *[]Row
	}{{"aggiunta", d.Added, &d.AddedTop}, {"tolta", d.Removed, &d.RemovedTop}, {"cambiata", d.Changed, &d.ChangedTop}} {
		if k.n > 0 {
			if *k.to, err = c.first(ctx, k.name); err != nil {
				return d, err
			}
		}
	}
	if c.o.Rows == "" {
		return d, nil
	}
	d.File, err = c.write(ctx)
	return d, err
}

// regionColumn is the column by which a dataset's rows belong to a region.
const regionColumn = "codice_regione"

func (c *comparison) readOf(folder string, d *Contract) string {
	all := fmt.Sprintf("read_parquet(%s, hive_partitioning = false)", catalog.Literal(filepath.Join(folder, d.Name+".parquet")))
	if c.o.Region == "" || d.column(regionColumn) == nil {
		return all
	}
	return fmt.Sprintf("(select * from %s where %s = %s)", all, regionColumn, catalog.Literal(c.o.Region))
}

// countRows counts the rows of the region on each side, of which the manifests know nothing.
func (c *comparison) countRows(ctx context.Context, d *DatasetChange, left, right string) error {
	for _, side := range []struct {
		of   string
		rows **int64
	}{{left, &d.Before}, {right, &d.After}} {
		if *side.rows == nil {
			continue
		}
		var n int64
		if err := c.db.QueryRowContext(ctx, "select count(*) from "+side.of).Scan(&n); err != nil {
			return err
		}
		*side.rows = &n
	}
	return nil
}

// pairColumns puts the key first, then the columns of the later version, then those that are gone.
func (c *comparison) pairColumns() {
	byNow := map[string]*ColumnOf{}
	var gone []pairedColumn
	if c.a != nil {
		for i := range c.a.Columns {
			x := &c.a.Columns[i]
			name := x.Name
			if c.b != nil && c.b.column(name) == nil {
				name = c.b.renamed(name)
			}
			if c.b == nil || c.b.column(name) == nil {
				gone = append(gone, pairedColumn{a: x})
				continue
			}
			byNow[name] = x
		}
	}
	key := c.now().Key
	paired := true
	if c.a != nil && c.b != nil { // the key must be the same, by its present names
		old := make([]string, len(c.a.Key))
		for i, k := range c.a.Key {
			old[i] = k
			if to := c.b.renamed(k); to != "" && c.b.column(k) == nil {
				old[i] = to
			}
		}
		slices.Sort(old)
		paired = slices.Equal(old, slices.Sorted(slices.Values(key)))
	}
	add := func(name string) {
		if c.b == nil {
			c.columns = append(c.columns, pairedColumn{a: c.a.column(name)})
			return
		}
		c.columns = append(c.columns, pairedColumn{byNow[name], c.b.column(name)})
	}
	if paired {
		c.keys = len(key)
		for _, k := range key {
			add(k)
		}
	}
	for _, n := range names(c.now()) {
		if !paired || !slices.Contains(key, n) {
			add(n)
		}
	}
	if c.b != nil {
		c.columns = append(c.columns, gone...)
	}
}

// changedSQL makes the temporary table cambi: every row that differs, with all values before (a0, a1 …) and after (b0, b1 …).
func (c *comparison) changedSQL(left, right string, unchanged bool) string {
	side := func(s string) string {
		out := make([]string, len(c.columns))
		for i, col := range c.columns {
			out[i] = fmt.Sprintf("%s as %s%d", col.expr(s), s, i)
		}
		return strings.Join(out, ", ")
	}
	whole := func(s, kind, of string) string {
		other := map[string]string{"a": "b", "b": "a"}[s]
		return fmt.Sprintf("select '%s' as modifica, %s from %s as %s", kind, orderSides(s, side(s), strings.Join(c.nulls(other), ", ")), of, s)
	}
	create := "create or replace temp table cambi as "
	switch {
	case c.a == nil:
		return create + whole("b", "aggiunta", right)
	case c.b == nil:
		return create + whole("a", "tolta", left)
	case unchanged:
		return create + fmt.Sprintf("select 'cambiata' as modifica, %s, %s from (select 1) where false", strings.Join(c.nulls("a"), ", "), strings.Join(c.nulls("b"), ", "))
	case c.keys == 0:
		return create + whole("a", "tolta", left) + " union all by name " + whole("b", "aggiunta", right)
	}
	var on, differ []string
	for i, col := range c.columns {
		switch {
		case i < c.keys:
			on = append(on, col.expr("a")+" = "+col.expr("b"))
		case col.a != nil && col.b != nil:
			differ = append(differ, col.expr("a")+" is distinct from "+col.expr("b"))
		}
	}
	first := c.columns[0]
	gone, came := first.expr("a")+" is null", first.expr("b")+" is null"
	return create + fmt.Sprintf("select case when %[1]s then 'aggiunta' when %[2]s then 'tolta' else 'cambiata' end as modifica, %[3]s, %[4]s from %[5]s as a full join %[6]s as b on %[7]s where %[8]s",
		gone, came, side("a"), side("b"), left, right, strings.Join(on, " and "), strings.Join(append([]string{gone, came}, differ...), " or "))
}

// orderSides puts the values before in front of those after, whichever of the two is there.
func orderSides(side, there, absent string) string {
	if side == "a" {
		return there + ", " + absent
	}
	return absent + ", " + there
}

// nulls are the values of a side that is not there, of the type of the other.
func (c *comparison) nulls(side string) []string {
	out := make([]string, len(c.columns))
	for i, col := range c.columns {
		of := col.b
		if of == nil {
			of = col.a
		}
		out[i] = fmt.Sprintf("null::%s as %s%d", duckdbType(of.Type), side, i)
	}
	return out
}

// measures sums every column that is additive before and after, and makes sure that the parts give the change.
func (c *comparison) measures(ctx context.Context, d *DatasetChange, left, right string) error {
	for i, col := range c.columns {
		x := col.b
		if x == nil {
			x = col.a
		}
		if x.Additive == nil || !*x.Additive || c.a != nil && c.b != nil && (col.a == nil || col.b == nil || col.a.Unit != col.b.Unit) {
			continue
		}
		total := func(side, of string, there bool) string {
			if !there {
				return "0"
			}
			return fmt.Sprintf("(select coalesce(sum(%s), 0) from %s as %s)", number(col.expr(side), x.Type), of, side)
		}
		part := func(e, kind string) string {
			return fmt.Sprintf("(select coalesce(sum(%s), 0) from cambi where modifica = '%s')", e, kind)
		}
		before, after := number(fmt.Sprintf("a%d", i), x.Type), number(fmt.Sprintf("b%d", i), x.Type)
		m := Total{Column: x.Name, Unit: x.Unit, Description: x.Description}
		if err := c.db.QueryRowContext(ctx, fmt.Sprintf("select %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar",
			total("a", left, c.a != nil), part(after, "aggiunta"), part(before, "tolta"), part(fmt.Sprintf("coalesce(%s, 0) - coalesce(%s, 0)", after, before), "cambiata"), total("b", right, c.b != nil))).
			Scan(&m.Before, &m.Added, &m.Removed, &m.Changed, &m.After); err != nil {
			return err
		}
		parts := new(big.Rat).Sub(rat(m.Added), rat(m.Removed))
		if parts.Add(parts, rat(m.Changed)).Cmp(new(big.Rat).Sub(rat(m.After), rat(m.Before))) != 0 {
			return fmt.Errorf("%s: %s + %s - %s + %s is not %s: the key does not tell the rows apart", x.Name, m.Before, m.Added, m.Removed, m.Changed, m.After)
		}
		n := digits(m.Before, m.Added, m.Removed, m.Changed, m.After)
		for _, s := range []*string{&m.Before, &m.Added, &m.Removed, &m.Changed, &m.After} {
			*s = rat(*s).FloatString(n)
		}
		d.Totals = append(d.Totals, m)
	}
	return nil
}

// number makes a column summable without loss: whole numbers as they are, a double by its first nine decimals.
func number(e, typ string) string {
	if p, s := decimalOf(typ); p > 0 {
		return fmt.Sprintf("%s::decimal(%d, %d)", e, min(38, max(p, 18)), s)
	}
	if typ == "double" {
		return e + "::decimal(38, 9)"
	}
	return e + "::bigint"
}

func (c *comparison) touched(ctx context.Context, d *DatasetChange) error {
	var counts, names []string
	for i, col := range c.columns[c.keys:] {
		if col.a == nil || col.b == nil {
			continue
		}
		names = append(names, col.name())
		counts = append(counts, fmt.Sprintf("count(*) filter (a%[1]d is distinct from b%[1]d)", i+c.keys))
	}
	values := make([]int64, len(counts))
	places := make([]any, len(counts))
	for i := range values {
		places[i] = &values[i]
	}
	if err := c.db.QueryRowContext(ctx, "select "+strings.Join(counts, ", ")+" from cambi where modifica = 'cambiata'").Scan(places...); err != nil {
		return err
	}
	for i, n := range values {
		if n > 0 {
			d.Columns = append(d.Columns, Touched{names[i], n})
		}
	}
	return nil
}

// order is the total order of the changed rows: by key, or by all values where there is none.
func (c *comparison) order() string {
	n := c.keys
	if n == 0 {
		n = len(c.columns)
	}
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("coalesce(b%[1]d, a%[1]d)", i))
	}
	return strings.Join(out, ", ") + ", modifica"
}

// first gives the first rows of a kind.
func (c *comparison) first(ctx context.Context, kind string) (out []Row, err error) {
	var list []string
	for i := range c.columns {
		list = append(list, fmt.Sprintf("a%[1]d::varchar, b%[1]d::varchar", i))
	}
	rows, err := c.db.QueryContext(ctx, fmt.Sprintf("select %s from cambi where modifica = '%s' order by %s limit %d", strings.Join(list, ", "), kind, c.order(), examples))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		values := make([]*string, 2*len(c.columns))
		places := make([]any, len(values))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		r := Row{Key: []string{}, Cells: []Cell{}}
		for i, col := range c.columns {
			before, after := values[2*i], values[2*i+1]
			if i < c.keys {
				if after == nil {
					after = before
				}
				r.Key = append(r.Key, *after)
				continue
			}
			same := before == nil && after == nil || before != nil && after != nil && *before == *after
			if kind == "cambiata" && (same || col.a == nil || col.b == nil) {
				continue
			}
			r.Cells = append(r.Cells, Cell{col.name(), before, after})
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// write writes every changed row: what became of it (aggiunta, tolta, cambiata), its key, and every other column before and after.
func (c *comparison) write(ctx context.Context) (*Output, error) {
	path := changesFolder + c.name() + ".csv"
	to := filepath.Join(c.o.Rows, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return nil, err
	}
	list := []string{"modifica"}
	for i, col := range c.columns {
		if i < c.keys {
			list = append(list, fmt.Sprintf("coalesce(b%[1]d, a%[1]d) as %[2]s", i, catalog.Quote(col.name())))
			continue
		}
		if col.a != nil {
			list = append(list, fmt.Sprintf("a%d as %s", i, catalog.Quote(col.a.Name+"_prima")))
		}
		if col.b != nil {
			list = append(list, fmt.Sprintf("b%d as %s", i, catalog.Quote(col.b.Name+"_dopo")))
		}
	}
	if _, err := c.db.ExecContext(ctx, fmt.Sprintf("copy (select %s from cambi order by %s) to %s (format csv, header true, dateformat '%%Y-%%m-%%d')", strings.Join(list, ", "), c.order(), catalog.Literal(to))); err != nil {
		return nil, err
	}
	f, err := describe(to, path, "csv")
	return &Output{Path: path, SHA256: f.SHA256, Bytes: f.Bytes, Format: "csv"}, err
}
