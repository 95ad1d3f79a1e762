package ingest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
)

// TestMergedHeaders reads both sheets of a real workbook: one with a title, two header rows and merged cells, one clean.
func TestMergedHeaders(t *testing.T) {
	folder, err := filepath.Abs("../../../shared/data/messy")
	if err != nil {
		t.Fatal(err)
	}
	const file = "ricostruzione_2026_merged_headers.xlsx"
	if _, err := os.Stat(filepath.Join(folder, file)); errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs ../shared")
	}
	for _, sheet := range []struct {
		name       string
		headers    []string
		headerRows int
		rows       int
		first      string // of the first row: region|comune
		line       int64  // of the first row
		sum        string
		want       string
	}{
		{"Ric_Priv_All_1_2026", []string{"REG", "PROVINCIA", "COMUNE", "RCR (n) / Tot.\nPres.", "RCR (n) / Approvate", "IMPORTI (€) / Importo richiesto:eur", "IMPORTI (€) / importo concesso:eur", "IMPORTI (€) / importo liquidato:eur", "CANTIERI / in corso", "CANTIERI / chiusi"},
			2, 429, "Abruzzo|Abbateggio", 5, "sum(c5) filter (where c0 = 'Abruzzo' and c2 in ('Abbateggio', 'Acciano'))", "941459.84"},
		{"OOPP_2026", []string{"EU_id", "Ordinanza attuale", "Regione", "Prov.", "Comune", "CUP", "Codice USR", "Intervento_nome", "Categoria", "Importo  programmato  per  intervento  € (esclusa assegnazione con Decreti OC-126):eur", "FASE di avanzamento al 30 aprile 2026"},
			1, 3667, "EU_3031|ABRUZZO", 2, "count(c9)", "3662"},
	} {
		t.Run(sheet.name, func(t *testing.T) {
			q := &catalog.Query{Name: "x", Path: "queries/staging/x.sql", Source: &catalog.Source{Formats: []string{"xlsx"}, Rows: &catalog.Bounds{Min: 1, Max: 1e6}, Dialect: filled(catalog.Dialect{HeaderWithin: 5, HeaderRows: sheet.headerRows})}}
			for i, h := range sheet.headers {
				c := catalog.Column{Name: "c" + string(rune('0'+i%10)) + strings.Repeat("x", i/10), Type: "text"}
				if name, ok := strings.CutSuffix(h, ":eur"); ok {
					h, c.Type = name, "decimal(18,2)"
				}
				c.Headers = []string{h}
				q.Source.Columns = append(q.Source.Columns, c)
			}
			conn, x := newLoading(t, q)
			x.root = folder
			f, err := hashFile(folder, filepath.Join(folder, file))
			if err != nil {
				t.Fatal(err)
			}
			ctx := context.Background()
			if _, problems, err := x.file(ctx, Delivery{File: f, Table: "x", Lot: "x", Kind: Full, Received: "2026-01-01"}); err != nil || len(problems) > 0 {
				t.Fatal(err, problems.In("en"))
			}
			var rows, bad int
			var first, sum, foglio string
			var line int64
			if err := conn.QueryRowContext(ctx, "select count(*), count(*) filter (where _errori is not null), ("+sheet.sum+")::varchar, (select c0 || '|' || c2 from ingresso.x where rowid = 0), (select foglio from piccoli.letti), (select min(riga) from piccoli.salti) from ingresso.x").Scan(&rows, &bad, &sum, &first, &foglio, &line); err != nil {
				t.Fatal(err)
			}
			if rows != sheet.rows || bad != 0 || sum != sheet.want || first != sheet.first || foglio != sheet.name || line != sheet.line {
				t.Errorf("rows %d, bad %d, sum %s, first %s, sheet %s, line %d", rows, bad, sum, first, foglio, line)
			}
		})
	}
}

// TestSpreadsheets makes small workbooks as people make them.
func TestSpreadsheets(t *testing.T) {
	type cells map[string]any
	for _, c := range []struct {
		name    string
		sheets  map[string]cells
		hide    string
		want    string // c0|c1|c2 of the good rows; line:column:reason of what is wrong
		refused string
	}{
		{name: "title, gap and empty rows", sheets: map[string]cells{"Foglio1": {"A1": "Elenco al 31 gennaio", "A3": "Codice", "B3": "Data", "C3": "Importo", "A4": "A", "B4": 44227, "C4": 12.5, "A6": "B", "B6": "01/02/2021", "C6": "1.234,50", "A9": " "}},
			want: "A|2021-01-31|12.50 B|2021-02-01|1234.50"},
		{name: "floats as stored", sheets: map[string]cells{"Foglio1": {"A1": "Codice", "B1": "Data", "C1": "Importo", "A2": "A", "B2": 44227, "C2": 0.1 + 0.2, "A3": "B", "B3": 44227, "C3": 1.2e5, "A4": "C", "B4": 44227, "C4": 1.234}},
			want: "A|2021-01-31|0.30 B|2021-01-31|120000.00 4:c2:numero_ambiguo"},
		{name: "exponents", sheets: map[string]cells{"Foglio1": {"A1": "Codice", "B1": "Data", "C1": "Importo", "A2": "A", "B2": 44227, "C2": "1e5", "A3": "B", "B3": 44227, "C3": "1E5", "A4": "C", "B4": 44227, "C4": "1.2E+5"}},
			want: "C|2021-01-31|120000.00 2:c2:numero_illeggibile 3:c2:numero_illeggibile"},
		{name: "a code kept as number, an error cell", sheets: map[string]cells{"Foglio1": {"A1": "Codice", "B1": "Data", "C1": "Importo", "A2": 28001, "B2": "#N/D", "C2": "#REF!"}},
			want: "2:c1:errore_di_foglio 2:c2:errore_di_foglio"},
		{name: "more cells than columns", sheets: map[string]cells{"Foglio1": {"A1": "Codice", "B1": "Data", "C1": "Importo", "A2": "A", "B2": 44227, "C2": 1, "A3": "B", "B3": 44227, "C3": 1, "D3": "nota"}},
			want: "A|2021-01-31|1.00 3::campi_in_piu"},
		{name: "two sheets fit", sheets: map[string]cells{"Nord": {"A1": "Codice", "B1": "Data", "C1": "Importo", "A2": "A"}, "Sud": {"A1": "Codice", "B1": "Data", "C1": "Importo", "A2": "B"}}, refused: "più fogli hanno le colonne previste"},
		{name: "the other is hidden", sheets: map[string]cells{"Nord": {"A1": "Codice", "B1": "Data", "C1": "Importo", "A2": "A"}, "Sud": {"A1": "Codice", "B1": "Data", "C1": "Importo", "A2": "B"}}, hide: "Sud", want: "A||"},
		{name: "a column is missing", sheets: map[string]cells{"Foglio1": {"A1": "Codice", "B1": "Data", "C1": "Valore"}}, refused: "manca la colonna «c2»"},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := excelize.NewFile()
			for name, cells := range c.sheets {
				if _, err := book.NewSheet(name); err != nil {
					t.Fatal(err)
				}
				for at, v := range cells {
					if err := book.SetCellValue(name, at, v); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := book.DeleteSheet("Sheet1"); err != nil {
				t.Fatal(err)
			}
			if c.hide != "" {
				nord, err := book.GetSheetIndex("Nord")
				if err != nil {
					t.Fatal(err)
				}
				book.SetActiveSheet(nord) // the sheet in front can't be hidden
				if err := book.SetSheetVisible(c.hide, false); err != nil {
					t.Fatal(err)
				}
			}
			folder := t.TempDir()
			if err := errors.Join(book.SaveAs(filepath.Join(folder, "x.xlsx")), book.Close()); err != nil {
				t.Fatal(err)
			}
			q := &catalog.Query{Name: "x", Path: "queries/staging/x.sql", Source: &catalog.Source{Formats: []string{"csv", "xlsx"}, Rows: &catalog.Bounds{Min: 1, Max: 100},
				Dialect: filled(catalog.Dialect{HeaderWithin: 5, Decimals: []string{","}, Dates: []string{"italian"}}), Columns: []catalog.Column{
					{Name: "c0", Type: "text", Delivery: catalog.Delivery{Headers: []string{"Codice"}}}, {Name: "c1", Type: "date", Delivery: catalog.Delivery{Headers: []string{"Data"}}}, {Name: "c2", Type: "decimal(18,2)", Delivery: catalog.Delivery{Headers: []string{"Importo"}}}}}}
			got, problems := readAll(t, q, folder, "x.xlsx")
			if c.refused != "" {
				if !strings.Contains(problems.In("it"), c.refused) {
					t.Fatalf("said %q, want %q", problems.In("it"), c.refused)
				}
				return
			}
			if got != c.want || len(problems) > 0 {
				t.Errorf("got %s %s, want %s", got, problems.In("it"), c.want)
			}
		})
	}
}

// readAll reads one file and gives its good rows as c0|c1|…, then what is wrong as line:column:reason.
func readAll(t *testing.T, q *catalog.Query, folder, name string) (string, catalog.Problems) {
	t.Helper()
	conn, x := newLoading(t, q)
	x.root = folder
	f, err := hashFile(folder, filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	_, problems, err := x.file(ctx, Delivery{File: f, Table: "x", Lot: "x", Kind: Full, Received: "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) > 0 {
		return "", problems
	}
	rows, err := conn.QueryContext(ctx, `select * from (select concat_ws('|', coalesce(c0, ''), coalesce(c1::varchar, ''), coalesce(c2::varchar, '')) from ingresso.x where _errori is null order by rowid)
		union all select * from (select concat_ws(':', coalesce(riga, (select j.riga + (s.posto - j.posto) from piccoli.salti as j where j.posto <= s.posto order by j.posto desc limit 1)), coalesce(colonna, ''), motivo) from piccoli.scarti as s order by 1)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " "), nil
}
