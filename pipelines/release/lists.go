package release

import (
	"bufio"
	"context"
	"database/sql/driver"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strconv"
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
	var named []string
	for _, c := range in.columns(q) {
		named = append(named, catalog.Quote(c.Name)+" as "+catalog.Quote(c.Text.En))
	}
	statement := fmt.Sprintf("copy (select %s from (%s)) to %%s (format csv, header true, dateformat '%%%%Y-%%%%m-%%%%d')", escapeVerbs(strings.Join(named, ", ")), ordered)
	return append(out, format{name: englishFormat, path: "data/" + q.List.English + "." + englishFormat, options: statement, write: func(ctx context.Context, to string) error {
		_, err := in.DB.ExecContext(ctx, fmt.Sprintf(statement, catalog.Literal(to)))
		return err
	}})
}

// yearly writes one CSV for each year of a list, in a folder of the dataset's name.
func (in Input) yearly(ctx context.Context, q *catalog.Query) (out []part, err error) {
	if q.List == nil || q.List.Yearly == "" {
		return nil, nil
	}
	columns, key := in.selection(q)
	column := catalog.Quote(q.List.Yearly)
	years, err := in.pieceRows(ctx, q, q.List.Yearly)
	if err != nil {
		return nil, err
	}
	for _, year := range years {
		if _, err := strconv.Atoi(year.Value); err != nil {
			return nil, fmt.Errorf("%s: %w", q.List.Yearly, err)
		}
		out = append(out, part{path: "data/" + q.Name + "/" + year.Value + ".csv", format: "csv", rows: year,
			statement: fmt.Sprintf("copy (select %s from %s where %s = %s order by %s) to %%s (format csv, header true, dateformat '%%%%Y-%%%%m-%%%%d')", columns, q.Ref().SQL(), column, year.Value, key)})
	}
	return out, nil
}

// escapeVerbs keeps a text that goes through fmt as it is.
func escapeVerbs(s string) string { return strings.ReplaceAll(s, "%", "%%") }

// part is a file that holds a part of a dataset; statement writes it, with %s for its place.
type part struct {
	path, format, statement string
	rows                    Part
}

// pieceRows counts the rows of each value of a column.
func (in Input) pieceRows(ctx context.Context, q *catalog.Query, column string) (out []Part, err error) {
	rows, err := in.DB.QueryContext(ctx, fmt.Sprintf("select coalesce(%s::varchar, ''), count(*) from %s group by 1 order by 1", catalog.Quote(column), q.Ref().SQL()))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		p := Part{Column: column}
		if err := rows.Scan(&p.Value, &p.Rows); err != nil {
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
