package release

import (
	"bufio"
	"context"
	"database/sql/driver"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strings"

	"piccoli/pipelines/catalog"
)

// englishFormat is the format of a list's CSV with English headings.
const englishFormat = "en.csv"

// listFormats are the further forms of a list that a law wants: XML and, where it has a name for it, a CSV with English headings.
func (in Input) listFormats(q *catalog.Query, rows int64, columns, ordered string) (out []format) {
	if q.List == nil {
		return nil
	}
	schema := in.arrowSchema(q).String()
	out = append(out, format{name: "xml", options: columns + schema, write: func(ctx context.Context, to string) error { return in.writeXML(ctx, q, rows, to) }})
	if q.List.English == "" {
		return out
	}
	statement := in.englishCSV(q, ordered)
	return append(out, format{name: englishFormat, path: "data/" + q.List.English + "." + englishFormat, options: statement, write: func(ctx context.Context, to string) error {
		_, err := in.DB.ExecContext(ctx, fmt.Sprintf(statement, catalog.Literal(to)))
		return err
	}})
}

// copiedCSV is a statement that writes the rows of a selection as CSV, with %s for its place.
func copiedCSV(selection string) string {
	return "copy (" + escapeVerbs(selection) + ") to %s (format csv, header true, dateformat '%%Y-%%m-%%d')"
}

// englishCSV is a statement that writes the same rows under the columns' English words.
func (in Input) englishCSV(q *catalog.Query, rows string) string {
	var named []string
	for _, c := range in.columns(q) {
		named = append(named, catalog.Quote(c.Name)+" as "+catalog.Quote(c.Text.En))
	}
	return copiedCSV(fmt.Sprintf("select %s from (%s)", strings.Join(named, ", "), rows))
}

// listParts are the pieces that the law parts a list in (years; programmes and Funds): one CSV for each, in a folder of the dataset's name, and one with English headings
// beside those of the whole.
func (in Input) listParts(ctx context.Context, q *catalog.Query) (out []part, err error) {
	if q.List == nil || q.List.By == nil {
		return nil, nil
	}
	columns, key := in.selection(q)
	pieces, err := in.pieceRows(ctx, q, q.List.By)
	if err != nil {
		return nil, err
	}
	for _, p := range pieces {
		rows := fmt.Sprintf("select %s from %s where %s order by %s", columns, q.Ref().SQL(), p.condition(), key)
		out = append(out, part{path: "data/" + q.Name + "/" + p.Name() + ".csv", format: "csv", rows: p, statement: copiedCSV(rows)})
		if q.List.English != "" {
			out = append(out, part{path: "data/" + q.List.English + "/" + p.Name() + "." + englishFormat, format: englishFormat, rows: p, statement: in.englishCSV(q, rows)})
		}
	}
	return out, nil
}

// Name tells a piece from the others of its dataset: 2021, PON-FSE.
func (p *Part) Name() string {
	var values []string
	for _, e := range p.Where {
		values = append(values, e.Value)
	}
	return strings.Join(values, "-")
}

// condition is the SQL that its rows alone fulfil.
func (p *Part) condition() string {
	var all []string
	for _, e := range p.Where {
		test := " = " + catalog.Literal(e.Value)
		if e.Value == "" {
			test = " is null"
		}
		all = append(all, catalog.Quote(e.Column)+test)
	}
	return strings.Join(all, " and ")
}

// escapeVerbs keeps a text that goes through fmt as it is.
func escapeVerbs(s string) string { return strings.ReplaceAll(s, "%", "%%") }

// part is a file that holds a part of a dataset; statement writes it, with %s for its place.
type part struct {
	path, format, statement string
	rows                    Part
}

// pieceRows counts the rows of each value of some columns.
func (in Input) pieceRows(ctx context.Context, q *catalog.Query, columns []string) (out []Part, err error) {
	var values []string
	for _, c := range columns {
		values = append(values, "coalesce("+catalog.Quote(c)+"::varchar, '')")
	}
	rows, err := in.DB.QueryContext(ctx, fmt.Sprintf("select %s, count(*) from %s group by all order by all", strings.Join(values, ", "), q.Ref().SQL()))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		p := Part{Where: make([]Equal, len(columns))}
		var into []any
		for i := range columns {
			p.Where[i].Column = columns[i]
			into = append(into, &p.Where[i].Value)
		}
		if err := rows.Scan(append(into, &p.Rows)...); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// parts writes what a dataset is also published in pieces as.
func (in Input) parts(ctx context.Context, q *catalog.Query, d *Dataset, list []part) error {
	for _, p := range list {
		f, err := in.file(ctx, q, format{name: p.format, path: p.path, options: p.statement, write: func(ctx context.Context, to string) error {
			_, err := in.DB.ExecContext(ctx, fmt.Sprintf(p.statement, catalog.Literal(to)))
			return err
		}})
		if err != nil {
			return err
		}
		f.Part = &p.rows
		d.Parts = append(d.Parts, f)
	}
	return nil
}

// writeXML writes a dataset as XML: what it is, the headings of its columns in both languages, then a <riga> for each row with an element for each value; one that is
// empty is left out. Columns bear the names that the CSV has.
func (in Input) writeXML(ctx context.Context, q *catalog.Query, rows int64, to string) (err error) {
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriterSize(file, 1<<18)
	var line []byte
	escaped := func(s string) string {
		var b strings.Builder
		xml.EscapeText(&b, []byte(s)) //nolint:errcheck // a Builder takes all
		return b.String()
	}
	say := func(format string, args ...any) { fmt.Fprintf(w, format, args...) } //nolint:errcheck // Flush tells
	say("%s<elenco dataset=%q", xml.Header, q.Name)
	if in.Simulated {
		say(" simulato=\"true\"")
	}
	say(" data=%q>\n", in.AsOf)
	if in.Simulated {
		say("<avvertenza>%s</avvertenza>\n", escaped(in.warning()))
	}
	for _, lang := range []string{"it", "en"} {
		say("<titolo xml:lang=%q>%s</titolo>\n", lang, escaped(in.marked(q.Title).In(lang)))
	}
	if q.List != nil {
		for _, lang := range []string{"it", "en"} {
			say("<norma xml:lang=%q>%s</norma>\n", lang, escaped(q.List.Law.In(lang)))
		}
	}
	say("<licenza>%s</licenza>\n<colonne>\n", escaped(in.Site.Licence.URL))
	columns := in.columns(q)
	wanted := make([]string, len(columns))
	for i, c := range columns {
		wanted[i] = exact(c)
		say("<colonna nome=%q><voce xml:lang=\"it\">%s</voce><voce xml:lang=\"en\">%s</voce></colonna>\n", c.Name, escaped(c.Text.It), escaped(c.Text.En))
	}
	say("</colonne>\n<righe>\n")
	var failed error
	number := 0
	if err := in.slices(ctx, q, wanted, rows, func(values []driver.Value) {
		number++
		line = append(line[:0], "<riga>"...)
		for i, v := range values {
			if v == nil {
				continue
			}
			if failed == nil {
				failed = xmlHolds(q, columns[i], number, v)
			}
			line = fmt.Appendf(line, "<%s>%s</%[1]s>", columns[i].Name, escaped(fmt.Sprint(v)))
		}
		line = append(line, "</riga>\n"...)
		w.Write(line) //nolint:errcheck // Flush tells
	}, func() error { return failed }); err != nil {
		return err
	}
	say("</righe>\n</elenco>\n")
	return w.Flush()
}
