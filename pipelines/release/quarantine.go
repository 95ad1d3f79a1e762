package release

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// The analyst's copy: so many rows are written one by one, and so many carry a comment on the cell; all are counted.
const (
	quarantineRows     = 100_000
	quarantineComments = 1_000
)

// fault is one thing wrong with a quarantined row.
type fault struct{ Column, Reason, Message string }

// WriteQuarantine writes, for each table with rows in quarantine, <dir>/quarantena-<table>.xlsx: in Italian, one row for each, with what is
// wrong, what to do, the values as they were written and the offending cells marked. A table without any has no file. Every value is
// written as a text, so that none is ever computed. The copy holds values and is never published. rows identifies what is in quarantine: files that the last build made of the
// same stay as they are.
func WriteQuarantine(ctx context.Context, db *sql.DB, dir, rows string, tree *Tree) error {
	look := func() (string, error) {
		names, err := filepath.Glob(filepath.Join(dir, "quarantena-*.xlsx"))
		for i, name := range names {
			info, err := os.Lstat(name)
			if err != nil {
				return "", err
			}
			names[i] = fmt.Sprintf("%q %d %d", filepath.Base(name), info.Size(), info.ModTime().UnixNano())
		}
		return dir + "\n" + strings.Join(names, "\n"), err
	}
	return tree.Outside(rows, look, func() error { return writeQuarantine(ctx, db, dir) })
}

func writeQuarantine(ctx context.Context, db *sql.DB, dir string) error {
	tables, err := texts(ctx, db, "select distinct tabella from piccoli.quarantena order by tabella")
	if err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "quarantena-*.xlsx"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "quarantena-"), ".xlsx"); !slices.Contains(tables, name) {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	if len(tables) == 0 {
		if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) && len(old) > 0 {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, table := range tables {
		if err := writeTable(ctx, db, table, filepath.Join(dir, "quarantena-"+table+".xlsx")); err != nil {
			return fmt.Errorf("quarantena-%s.xlsx: %w", table, err)
		}
	}
	return nil
}

func texts(ctx context.Context, db *sql.DB, query string, args ...any) (out []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// leading are the columns before the file's own.
var leading = []struct {
	name  string
	width float64
}{{"file", 34}, {"foglio", 10}, {"riga", 8}, {"che cosa non va e che cosa fare", 70}, {"motivo", 24}, {"in quarantena dal", 16}}

func writeTable(ctx context.Context, db *sql.DB, table, path string) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := book.SetSheetName("Sheet1", "Quarantena"); err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9E6F2"}}})
	if err != nil {
		return err
	}
	wrap, err := book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	marked, err := book.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true, Color: "7A0019"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFD6DB"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	columns, err := texts(ctx, db, "select unnest(colonne) from (select any_value(colonne) as colonne from piccoli.quarantena_valori where tabella = ? and len(colonne) = (select max(len(colonne)) from piccoli.quarantena_valori where tabella = ?))", table, table)
	if err != nil {
		return err
	}
	// A stream says that its sheet is the cell A1 alone, and programs that only read believe it. How many rows there are is known at their end: so it says nothing.
	if err := book.SetSheetDimension("Quarantena", ""); err != nil {
		return err
	}
	w, err := book.NewStreamWriter("Quarantena")
	if err != nil {
		return err
	}
	var header []any
	for i, l := range leading {
		header = append(header, excelize.Cell{StyleID: bold, Value: l.name})
		if err := w.SetColWidth(i+1, i+1, l.width); err != nil {
			return err
		}
	}
	for i, c := range columns {
		header = append(header, excelize.Cell{StyleID: bold, Value: c})
		if err := w.SetColWidth(len(leading)+i+1, len(leading)+i+1, 20); err != nil {
			return err
		}
	}
	if err := errors.Join(w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}), w.SetRow("A1", header)); err != nil {
		return err
	}
	comments, err := quarantinedRows(ctx, db, table, columns, w, wrap, marked)
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, c := range comments {
		if err := book.AddComment("Quarantena", c); err != nil {
			return err
		}
	}
	if err := book.SetDocProps(&excelize.DocProperties{Creator: "piccoli", Title: "Righe in quarantena: " + table, Language: "it-IT", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}); err != nil {
		return err
	}
	aside := path + ".nuovo.xlsx"
	if err := book.SaveAs(aside); err != nil {
		return err
	}
	return os.Rename(aside, path)
}

// quarantinedRows writes the rows, in the order of the files, and gives the comments to be set on their cells.
func quarantinedRows(ctx context.Context, db *sql.DB, table string, columns []string, w *excelize.StreamWriter, wrap, marked int) (comments []excelize.Comment, err error) {
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`select v.file, coalesce(v.foglio, ''), v.riga, to_json(v.colonne)::varchar, to_json(v.valori)::varchar,
			to_json(list({'Column': coalesce(q.colonna, ''), 'Reason': q.motivo, 'Message': q.messaggio_it} order by q.colonna, q.motivo))::varchar, min(q.in_quarantena_dal)::varchar, count(*) over ()
		from piccoli.quarantena_valori as v join piccoli.quarantena as q on q.tabella = v.tabella and q.file = v.file and q.riga = v.riga and q.foglio is not distinct from v.foglio
		where v.tabella = ? group by v.file, v.foglio, v.riga, v.colonne, v.valori order by v.file, v.foglio, v.riga limit %d`, quarantineRows), table)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	line, total := 1, 0
	for rows.Next() {
		var file, sheet, names, values, faults, since string
		var at int64
		if err := rows.Scan(&file, &sheet, &at, &names, &values, &faults, &since, &total); err != nil {
			return nil, err
		}
		var list []fault
		var written []string
		var cells []*string
		if err := errors.Join(json.Unmarshal([]byte(faults), &list), json.Unmarshal([]byte(names), &written), json.Unmarshal([]byte(values), &cells)); err != nil {
			return nil, err
		}
		line++
		var say, reasons []string
		byColumn := map[string]string{}
		for _, f := range list {
			say, reasons = append(say, f.Message), append(reasons, f.Reason)
			byColumn[f.Column] = strings.TrimPrefix(byColumn[f.Column]+"\n"+f.Message, "\n")
		}
		row := []any{text(file, wrap), text(sheet, wrap), text(fmt.Sprint(at), wrap), text(strings.Join(say, "\n"), wrap), text(strings.Join(reasons, ", "), wrap), text(since, wrap)}
		for i := range max(len(columns), len(cells)) {
			value := ""
			if i < len(cells) && cells[i] != nil {
				value = *cells[i]
			}
			style := wrap
			if i < len(written) && byColumn[written[i]] != "" {
				style = marked
				if len(comments) < quarantineComments {
					name, err := excelize.CoordinatesToCellName(len(leading)+i+1, line)
					if err != nil {
						return nil, err
					}
					comments = append(comments, excelize.Comment{Cell: name, Author: "piccoli", Text: byColumn[written[i]], Width: 300, Height: 90})
				}
			}
			row = append(row, text(value, style))
		}
		if err := w.SetRow(fmt.Sprintf("A%d", line), row); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if total > quarantineRows {
		err = w.SetRow(fmt.Sprintf("A%d", line+1), []any{text(fmt.Sprintf("e altre %d righe", total-quarantineRows), marked)})
	}
	return comments, err
}

// text is a cell that is never computed: excelize writes a Go string as an inline text, whatever it begins with. A spreadsheet counts the
// 32,767 characters of a cell in UTF-16.
func text(s string, style int) excelize.Cell {
	if len(s) > excelize.TotalCellChars {
		units, end := 0, 0
		for i, r := range s {
			if units += utf16.RuneLen(r); units > excelize.TotalCellChars {
				s = s[:end] + "…"
				break
			}
			if units < excelize.TotalCellChars {
				end = i + utf8.RuneLen(r)
			}
		}
	}
	return excelize.Cell{StyleID: style, Value: s}
}
