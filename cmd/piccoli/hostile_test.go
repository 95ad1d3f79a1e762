package main

import (
	"bufio"
	"bytes"
	"cmp"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

// hostileCell is one text that some reader would obey.
type hostileCell struct {
	Group  string `json:"gruppo"`
	Text   string `json:"cella"`
	Times  int    `json:"volte"`   // that the text stands one after the other; 0: once
	Reason string `json:"motivo"`  // why its row goes to quarantine; empty: it is loaded
	Loaded string `json:"diventa"` // what is loaded, where that is not the text itself
}

// hostileCells reads testdata/ostili.jsonl.
func hostileCells(t *testing.T) (cells []hostileCell) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "ostili.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var c hostileCell
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			t.Fatalf("%v: %s", err, s.Text())
		}
		c.Text = strings.Repeat(c.Text, max(c.Times, 1))
		cells = append(cells, c)
	}
	return cells
}

// inboxTables are the tables that offices deliver.
func inboxTables(c *catalog.Catalog) (out []*catalog.Query) {
	for _, q := range c.Layer(catalog.Staging) {
		if q.Source != nil && strings.HasPrefix(q.Source.Files[0], "data/inbox/") {
			out = append(out, q)
		}
	}
	return out
}

// named reports whether another table names a row of this one by the column.
func named(tables []*catalog.Query, q *catalog.Query, column string) bool {
	return slices.ContainsFunc(tables, func(other *catalog.Query) bool {
		return slices.ContainsFunc(other.Source.Columns, func(c catalog.Column) bool { return c.Parent == q.Name+"."+column })
	})
}

// free reports whether a delivered column takes any text.
func free(tables []*catalog.Query, q *catalog.Query, c catalog.Column) bool {
	return c.Type == "text" && len(c.Allowed) == 0 && c.Format == "" && c.In == "" && c.Parent == "" && c.List == "" && c.Pad == 0 && c.Given == "" && !named(tables, q, c.Name) && fixed[q.Name+"."+c.Name] == ""
}

// fixed are values that rules on rows ask for; none is that of a column left empty.
const none = "-"

var fixed = map[string]string{
	"atti_concessione.ruolo_responsabile": "dirigente", "fabbisogni.id_laboratorio": none,
}

// hostileInbox writes, for every table that offices deliver, one row for each cell, with the cell in every column that takes any text and what is
// right in the others.
func hostileInbox(t *testing.T, root string, tables []*catalog.Query, cells []hostileCell) {
	t.Helper()
	comuni := records(t, filepath.Join(root, "data", "seeds", "comuni.csv"))[1:]
	for _, q := range tables {
		var header []string
		for _, c := range q.Source.Columns {
			header = append(header, c.Name)
		}
		rows := [][]string{header}
		for i, cell := range cells {
			var row []string
			for _, c := range q.Source.Columns {
				switch own := fixed[q.Name+"."+c.Name]; {
				case own != "":
					row = append(row, own)
				case c.Parent != "" || named(tables, q, c.Name):
					row = append(row, fmt.Sprintf("X%04d", i))
				case strings.HasSuffix(c.In, ".codice_istat"):
					row = append(row, comuni[i%len(comuni)][0])
				case free(tables, q, c):
					row = append(row, cell.Text)
				default:
					row = append(row, right(c))
				}
			}
			rows = append(rows, row)
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = ';'
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(root, "data", "inbox", q.Name, q.Name+".csv"), b.String())
	}
}

// right is a value that the contract of a column admits.
func right(c catalog.Column) string {
	switch {
	case len(c.Allowed) > 0:
		return c.Allowed[0]
	case c.Pad > 0 && c.Format == "":
		return strings.Repeat("1", c.Pad)
	case c.Type == "date":
		return "21/05/2020"
	case c.Type == "boolean":
		return "sì"
	case c.Numeric():
		return "1"
	}
	return map[string]string{"url": "https://www.example.org/", "cup": "J59D20000000007", "codice_fiscale_ente": "80188230587", "codice_ipa": "c_f839", "nuts": "ITI21"}[c.Format]
}

// TestHostile builds one site of an inbox whose every free text is hostile, and follows the texts through every way out.
func TestHostile(t *testing.T) {
	root := smallProject(t)
	cells, tables := hostileCells(t), inboxTables(contract(t))
	hostileInbox(t, root, tables, cells)
	if r := piccoli(t, root, nil, "build", "--as-of", "2020-06-01"); r.code != 0 {
		t.Fatal(r.code, r.err)
	}
	h := hostileSite{root: root, dist: filepath.Join(root, "site", "dist"), db: filepath.Join(root, "data", "piccoli.duckdb"), tables: tables, cells: cells}
	t.Run("loaded", h.loaded)
	t.Run("downloads", h.downloads)
	t.Run("workbooks", h.workbooks)
	reports := h.reports(t)
	t.Run("pages", func(t *testing.T) { h.pages(t, reports) })
	t.Run("terminal", h.terminal)
	t.Run("browser", func(t *testing.T) { h.browser(t, reports) })
	t.Run("files", h.files)

}

// hostileSite is a project built of hostile texts.
type hostileSite struct {
	root, dist, db string
	tables         []*catalog.Query
	cells          []hostileCell
}

func (h hostileSite) good() (out []string) {
	for _, c := range h.cells {
		if c.Reason == "" {
			out = append(out, cmp.Or(c.Loaded, c.Text))
		}
	}
	return out
}

// loaded: every column has the texts as they were written; only those that no text may be are in quarantine.
func (h hostileSite) loaded(t *testing.T) {
	want := slices.Sorted(slices.Values(h.good()))
	db := opened(t, h.db)
	for _, q := range h.tables {
		for _, c := range q.Source.Loaded() {
			if !free(h.tables, q, c) {
				continue
			}
			got := column(t, db, fmt.Sprintf("select %s from raw.%s", catalog.Quote(c.Name), catalog.Quote(q.Name)))
			slices.Sort(got)
			if d := differ(want, got); d != "" {
				t.Errorf("raw.%s.%s: %s", q.Name, c.Name, d)
			}
		}
		got := column(t, db, "select distinct motivo from marts.quarantena where tabella = "+catalog.Literal(q.Name)+" order by 1")
		if !slices.Equal(got, []string{"carattere_di_controllo", "testo_troppo_lungo"}) {
			t.Errorf("%s: in quarantine for %v", q.Name, got)
		}
	}
}

// differ says where two lists differ first.
func differ(want, got []string) string {
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf("%d. is %.80q, want %.80q", i, got[i], want[i])
		}
	}
	if len(want) != len(got) {
		return fmt.Sprintf("%d texts, want %d", len(got), len(want))
	}
	return ""
}

func opened(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := warehouse.Open(t.Context(), file, 2, "1GB")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// column gives the texts of a question's one column.
func column(t *testing.T, db *sql.DB, question string) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), question)
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s sql.NullString
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s.String)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// downloads: what was loaded stands in the published Parquet files, and the other forms, each read by its own reader, have the same texts.
func (h hostileSite) downloads(t *testing.T) {
	duck, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer duck.Close()
	files, err := filepath.Glob(filepath.Join(h.dist, "data", "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	published, carriers := map[string]bool{}, 0
	hostile := map[string]bool{}
	for _, c := range h.good() {
		hostile[c] = true
	}
	for _, file := range files {
		stem := strings.TrimSuffix(file, ".parquet")
		texts := column(t, duck, "select column_name from (describe from read_parquet("+catalog.Literal(file)+")) where column_type = 'VARCHAR'")
		rows := records(t, stem+".csv")
		sheet := sheetOf(t, stem+".xlsx")
		var objects []map[string]any
		if err := json.Unmarshal([]byte(read(t, stem+".json")), &objects); err != nil {
			t.Errorf("%s.json: %v", stem, err)
		}
		for _, name := range texts {
			want := column(t, duck, fmt.Sprintf("select %s from read_parquet(%s)", catalog.Quote(name), catalog.Literal(file)))
			n := 0
			for _, v := range want {
				if hostile[v] {
					published[v] = true
					n++
				}
			}
			if n < 100 {
				continue
			}
			carriers++
			at := slices.Index(rows[0], name)
			var csvTexts, sheetTexts, jsonTexts []string
			for i := range want {
				csvTexts = append(csvTexts, rows[i+1][at])
				sheetTexts = append(sheetTexts, append(sheet[i+1], make([]string, at+1)...)[at])
				s, _ := objects[i][name].(string)
				jsonTexts = append(jsonTexts, s)
			}
			for form, got := range map[string][]string{"csv": csvTexts, "xlsx": sheetTexts, "json": jsonTexts} {
				if d := differ(want, got); d != "" {
					t.Errorf("%s.%s, %s: %s", filepath.Base(stem), form, name, d)
				}
			}
		}
	}
	if carriers < 10 {
		t.Errorf("only %d published columns carry the texts", carriers)
	}
	for c := range hostile {
		if !published[c] {
			t.Errorf("in no published file: %.80q", c)
		}
	}
	if r := piccoli(t, h.root, nil, "verify", h.dist); r.code != 0 {
		t.Error(r.err)
	}
	for _, list := range []string{"operazioni.xml", "atti_di_concessione.xml"} {
		d := xml.NewDecoder(strings.NewReader(read(t, h.dist, "data", list)))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", list, err)
				break
			}
		}
	}
}

func sheetOf(t *testing.T, file string) [][]string {
	t.Helper()
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
