package site

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// The rows of every dataset that speak of one comune, in two files beside its page: comuni/<code>/dati.json holds them by dataset as
// they are in the datasets' own JSON; dati.csv has one line for each value that is not empty, so that the files of many comuni can be
// put one after the other. A dataset is in them because of its columns, never because of a list.

// Names of the two files of each comune, beside its page.
const righeCSV, righeJSON = "dati.csv", "dati.json"

// comuneVia is how a mart's rows lead to a comune: by its own code, or through the applications it is in.
func comuneVia(q *catalog.Query) (join string, ok bool) {
	const parts = "(select distinct codice_istat, id_domanda from marts.domande_comuni where %s)"
	switch {
	case q.Column("codice_istat") != nil:
		return "", true
	case q.Column("id_domanda") != nil:
		return " inner join " + parts + " as parte on parte.id_domanda = righe.id_domanda", true
	case q.Column("id_piano") != nil:
		return " inner join marts.piani as piano on piano.id_piano = righe.id_piano inner join " + parts + " as parte on parte.id_domanda = piano.id_domanda", true
	}
	return "", false
}

// realColumns are what real sources say of a comune inside the registry of comuni: not in a simulated build.
var realColumns = []string{"evidenze", "ammesso_nominato"}

// comuneFile is one comune's files under way.
type comuneFile struct {
	csv     bytes.Buffer
	out     *csv.Writer
	json    bytes.Buffer
	dataset string
	row     int
}

// files writes the files of the comuni of one piece.
func (s *schede) files(ctx context.Context, piece []int, within string) error {
	files := map[string]*comuneFile{}
	for _, i := range piece {
		c := &s.w.comuni[i]
		f := &comuneFile{}
		f.out = csv.NewWriter(&f.csv)
		head := []string{"codice_istat", "dataset", "riga", "colonna", "valore"}
		if s.simulated {
			head = append(head, "costruzione_simulata")
		}
		_ = f.out.Write(head) // into memory
		f.json.WriteString(`{"codice_istat":"` + c.Codice + `","denominazione":`)
		f.json.Write(jsonText(c.Nome))
		f.json.WriteString(`,"alla_data":"` + s.asOf + `","licenza":`)
		f.json.Write(jsonText(s.pub.Licenza.Codice))
		if s.simulated {
			f.json.WriteString(`,"costruzione_simulata":true`)
		}
		f.json.WriteString(`,"dataset":{`)
		files[c.Codice] = f
	}
	for _, q := range s.datasets {
		if err := s.rows(ctx, q, within, files); err != nil {
			return err
		}
	}
	for _, i := range piece {
		code := s.w.comuni[i].Codice
		f := files[code]
		if f.dataset != "" {
			f.json.WriteString("]")
		}
		f.json.WriteString("}}\n")
		f.out.Flush()
		if err := s.tree.Put("comuni/"+code+"/"+righeCSV, f.csv.Bytes()); err != nil {
			return err
		}
		if err := s.tree.Put("comuni/"+code+"/"+righeJSON, f.json.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// rows adds the rows of one dataset to the files of some comuni.
func (s *schede) rows(ctx context.Context, q *catalog.Query, within string, files map[string]*comuneFile) error {
	join, _ := comuneVia(q)
	var columns []catalog.Column
	for _, c := range q.Columns {
		if s.simulated && q.Name == "comuni" && slices.Contains(realColumns, c.Name) {
			continue
		}
		columns = append(columns, c)
	}
	code := "righe.codice_istat"
	var sqlText strings.Builder
	if join != "" {
		code, join = "parte.codice_istat", fmt.Sprintf(join, within)
	}
	sqlText.WriteString("select " + code)
	for _, c := range columns {
		sqlText.WriteString(", cast(righe." + quoteName(c.Name) + " as varchar)")
	}
	fmt.Fprintf(&sqlText, " from %s as righe%s", q.Ref(), join)
	if join == "" {
		sqlText.WriteString(" where righe." + within)
	}
	sqlText.WriteString(" order by " + code)
	for _, k := range q.Key {
		sqlText.WriteString(", righe." + quoteName(k))
	}
	rows, err := s.db.QueryContext(ctx, sqlText.String())
	if err != nil {
		return fmt.Errorf("site: %s: %w", q.Ref(), err)
	}
	defer rows.Close()
	cells := make([]sql.NullString, len(columns)+1)
	ptrs := make([]any, len(cells))
	for i := range cells {
		ptrs[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return fmt.Errorf("site: %s: %w", q.Ref(), err)
		}
		if f := files[cells[0].String]; f != nil {
			f.add(q.Name, columns, cells[1:], cells[0].String, s.simulated)
		}
	}
	return rows.Err()
}

// add writes one row of a dataset.
func (f *comuneFile) add(dataset string, columns []catalog.Column, cells []sql.NullString, code string, simulated bool) {
	if f.dataset != dataset {
		if f.dataset != "" {
			f.json.WriteString("],")
		}
		f.json.WriteString("\n\"" + dataset + "\":[\n{")
		f.dataset, f.row = dataset, 0
	} else {
		f.json.WriteString(",\n{")
	}
	f.row++
	for i, c := range columns {
		if i > 0 {
			f.json.WriteByte(',')
		}
		f.json.WriteString(`"` + c.Name + `":`)
		switch {
		case !cells[i].Valid:
			f.json.WriteString("null")
			continue
		case c.Numeric() || c.Type == "boolean":
			f.json.WriteString(cells[i].String)
		default:
			f.json.Write(jsonText(cells[i].String))
		}
		if c.Name == "codice_istat" {
			continue // the first column of every line
		}
		line := []string{code, dataset, strconv.Itoa(f.row), c.Name, cells[i].String}
		if simulated {
			line = append(line, "true")
		}
		_ = f.out.Write(line) // into memory
	}
	f.json.WriteByte('}')
}

// jsonText is a text as JSON writes it.
func jsonText(s string) []byte {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			plain = false
			break
		}
	}
	if plain {
		return []byte(`"` + s + `"`)
	}
	raw, err := marshalPlain(s)
	if err != nil { // a string always can be
		panic(err)
	}
	return bytes.TrimRight(raw, "\n")
}
