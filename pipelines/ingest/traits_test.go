package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"piccoli/pipelines/catalog"
)

// TestLook looks for blanks at the edges of cells, wherever they fall in the pieces in which a file is read.
func TestLook(t *testing.T) {
	for _, c := range []struct {
		text, delimiter string
		want            bool
	}{
		{"a;b c;d\ne;f;g\n", ";", false},
		{"a;b, c;d\r\n\"e\";\"f;x\";g\r\n", ";", false},
		{"a\tb\t\td\n\t\t\t\n", "\t", false},
		{"città;perché;\u00e0\n", ";", false},
		{"a;b", ";", false},
		{"\"a\";\"b\"\n\"\";\"\"\n", ";", false},
		{" a;b\n", ";", true},
		{"a;b \n", ";", true},
		{"a;b\r\nc;d \r\n", ";", true},
		{"a; b\n", ";", true},
		{"a;\tb\n", ";", true},
		{"a\t b\n", "\t", true},
		{"a;b\u00a0;c\n", ";", true},
		{"a;\u2007b\n", ";", true},
		{"a;b\u202f", ";", true},
		{"\ufeffa;b", ";", true},
		{"a;\" b\"\n", ";", true},
		{"a;\"b \"\n", ";", true},
		{"a;\"\nb\"\n", ";", true},
		{"a;\"b\n\"\n", ";", true},
		{"a;=\"028001\"\n", ";", true},
		{"a;\"=\"\"028001\"\"\"\n", ";", true},
		{"a;b ", ";", true},
		{"a ", ";", true},
	} {
		for _, before := range []int{0, 1<<20 - 12, 1<<20 - 5, 1<<20 - 4, 1<<20 - 3, 1<<20 - 2, 1<<20 - 1, 1 << 20, 1<<20 + 3, 2<<20 + 1} {
			path := filepath.Join(t.TempDir(), "x.csv")
			head := strings.Repeat("x", max(before-1, 0))
			if before > 0 {
				head += "\n"
			}
			if err := os.WriteFile(path, []byte(head+c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, from := range []int64{0, int64(before)} {
				columns := make([]catalog.Column, 3)
				looks, err := lookAt(path, c.delimiter, from, strings.Contains(c.text, `"`), columns, -1, catalog.Dialect{})
				known := traits{columns: looks}
				if got := known.column(0).edged || known.column(1).edged || known.column(2).edged; err != nil || got != c.want {
					t.Errorf("%q after %d bytes from %d: %t %v", c.text, before, from, got, err)
				}
			}
		}
	}
}

// TestKeysInOrder looks whether each key is greater than the one before, wherever they fall in the pieces and parts in which a file is read.
func TestKeysInOrder(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"R1;x\nR2;x\nR3;x\n", true},
		{"R1;x\r\n\"R2\";x\r\nR3;x", true},
		{"R1;x\n\nR2;x\n\n", true},
		{"R1;x\nR1;x\n", false},
		{"R1;x\n\"R1\";x\n", false},
		{"R1;x\nR2;x\nR10;x\n", false},
		{"R2;x\nR1;x\nR3;x\n", false},
		{"R1;x\nR2;x\n;x\n", false},
		{"R1;\"x\nx\"\nR1;x\n", false},
	} {
		for _, before := range []int{0, 1<<20 - 12, 1<<20 - 7, 1<<20 - 5, 1<<20 - 4, 1<<20 - 3, 1<<20 - 2, 1<<20 - 1, 1 << 20} {
			path := filepath.Join(t.TempDir(), "x.csv")
			head := ""
			if before > 0 {
				head = "A;" + strings.Repeat("x", before-3) + "\n"
			}
			if err := os.WriteFile(path, []byte(head+c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			looks, err := lookAt(path, ";", 0, strings.Contains(c.text, `"`), make([]catalog.Column, 2), 0, catalog.Dialect{})
			if err != nil {
				t.Fatal(err)
			}
			if got := looks[0].rising && looks[0].full; got != c.want {
				t.Errorf("%q after %d bytes: %t", c.text, before, got)
			}
		}
	}
}

// TestLookSparesNothing loads files of arbitrary cells twice, as they were looked at and as if nothing were known of them: each row must come out
// the same, with its values, what was mended, what is wrong and its cells as they stand in the file.
func TestLookSparesNothing(t *testing.T) {
	pools := map[string][2][]string{ // by column: cells written in one way, and any
		"codice":    {{"A", "B1", "più"}, {"", "N/D", "nd", " A", "A ", "=\"001\"", "=x", "\u00a0", "a\u2007", "#N/D", "x\x1by", "\t", "\ufeffA", strings.Repeat("è", 20_000), strings.Repeat("z", 32_768)}},
		"stato":     {{"aperta", "chiusa"}, {"", "Aperta", "nd", "CHIUSA ", "altro", "#RIF!", "aperta."}},
		"giorno":    {{"31/01/2021", "29/02/2020", "28/02/1900", "31/12/2099"}, {"", "29/02/1900", "30/02/2021", "1/2/2021", "31/01/1899", "31/01/2100", "2021-01-31", "31-01-2021", "20210131", "44227", "31/01/2021 10:00", "00/01/2021", "01/00/2021", "nd", " 31/01/2021", "31/01/21"}},
		"data":      {{"2021-01-31", "2020-02-29"}, {"", "31/01/2021", "2021-02-29", "2021-1-1", "2021-01-31T10:00:00", "1899-01-01", "2100-01-01", "9999-99-99"}},
		"importo":   {{"1,50", "0,00", "-3,25", "1234567890123456,00"}, {"", "1.234,56", "1.50", "1,5", "1,500", "12", "1e3", "1e3,00", "1_000,00", "+1,00", "-0,00", "-0,50", "01,00", "€ 1,00", "12345678901234567,00", "nd", ",50", "1,", "1,2,3", "-", "1,00 ", "1,00 EUR"}},
		"quantita":  {{"1.2500", "0.0000", "-3.2500"}, {"", "1.25", "1.234", "1,2500", "7", "1.23456", "1.2500000", ".5000", "nan", "inf"}},
		"giornate":  {{"1", "0", "-7", "123456789"}, {"", "1.0", "1,00", "1,5", "2147483648", "1.000", "01", "+1", "-0", "1e3", "nd"}},
		"codice_is": {{"028001", "001001"}, {"", "28001", "1", "x", "0280011", "nd", "02800١", "02800 "}},
		"cup":       {{"J59D20000000007", "A00B12345678901"}, {"", "j59d20000000007", "J59D2000000000", "J59D200000000070", "nd", "J59D20000000007 ", "J59Ì20000000007"}},
	}
	q := &catalog.Query{Name: "x", Path: "queries/staging/x.sql", Key: []string{"codice"}, Source: &catalog.Source{Formats: []string{"csv"}, Rows: &catalog.Bounds{Min: 0, Max: 1000}, Files: []string{"data/inbox/x/*.csv"},
		Dialect: filled(catalog.Dialect{Delimiters: []string{";"}, Encodings: []string{"utf-8"}, Decimals: []string{",", "."}, Dates: []string{"iso", "italian", "compact", "serial"}, Null: []string{"", "N/D", "nd"}, HeaderWithin: 1, Quotes: "doubled", Unwrap: true}),
		Columns: []catalog.Column{{Name: "codice", Type: "text"}, {Name: "stato", Type: "text", Allowed: []string{"aperta", "chiusa"}}, {Name: "giorno", Type: "date", Required: true}, {Name: "data", Type: "date"}, {Name: "importo", Type: "decimal(18,2)", Unit: "EUR"},
			{Name: "quantita", Type: "decimal(14,4)", Required: true}, {Name: "giornate", Type: "integer"}, {Name: "codice_is", Type: "text", Format: "codice_istat", Delivery: catalog.Delivery{Pad: 6}},
			{Name: "cup", Type: "text", Format: "cup"}}}}
	conn, x := newLoading(t, q)
	ctx := context.Background()
	if err := x.exec(ctx, "set disabled_optimizers = 'in_clause'"); err != nil {
		t.Fatal(err)
	}
	x.root = t.TempDir()
	var names []string
	for _, c := range q.Source.Columns {
		names = append(names, c.Name)
	}
	row := "(" + strings.Join(names, ", ") + ", _riparata, _errori, _testo, _fuori)" // which columns the table keeps is left to the look
	load := func(t *rapid.T, p *prepared) string {
		var rows sql.NullString
		err := errors.Join(x.start(ctx), x.keep(ctx, p.positions()), x.exec(ctx, x.statement(p, p.positions(), Delivery{Lot: "x", Received: "2026-01-01"})),
			conn.QueryRowContext(ctx, fmt.Sprintf("select string_agg(%s::varchar, chr(10) order by rowid) from ingresso.x", row)).Scan(&rows))
		if err != nil {
			t.Fatal(err)
		}
		refused, err := x.rejects(ctx, p.Delimiter)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s\n%+v", rows.String, refused)
	}
	typed := 0
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
		var ways []string
		for _, c := range q.Source.Columns {
			ways = append(ways, rapid.SampledFrom([]string{"one", "any", "same", "none"}).Draw(t, c.Name))
		}
		var b strings.Builder
		same := make([]string, len(names))
		b.WriteString(strings.Join(names, ";") + end)
		for n := range rapid.IntRange(1, 6).Draw(t, "rows") {
			var cells []string
			for i, name := range names {
				pool := pools[name][0]
				if ways[i] == "none" {
					cells = append(cells, "")
					continue
				}
				switch all := slices.Concat(pool, pools[name][1]); ways[i] {
				case "any":
					pool = all
				case "same": // one cell in every row: what looks written in one way must be of the ways that the reader takes
					if same[i] == "" {
						same[i] = rapid.SampledFrom(all).Draw(t, name)
					}
					pool = same[i : i+1]
				}
				cell := rapid.SampledFrom(pool).Draw(t, name)
				if rapid.IntRange(0, 9).Draw(t, "quoted") == 0 {
					cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
				}
				cells = append(cells, cell)
			}
			switch rapid.IntRange(0, 19).Draw(t, "misfit") {
			case 0:
				cells = cells[1:]
			case 1:
				cells = append(cells, "x")
			}
			b.WriteString(strings.Join(cells, ";"))
			if n%2 == 0 || rapid.Bool().Draw(t, "blank line") {
				b.WriteString(end)
			}
			b.WriteString(end)
		}
		path := filepath.Join(x.root, "x")
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := hashFile(x.root, path)
		if err != nil {
			t.Fatal(err)
		}
		p, problems, err := prepare(ctx, x.root, file, q, nil, x.spill)
		if err != nil {
			t.Fatal(err)
		}
		if len(problems) > 0 { // refused as a whole
			return
		}
		looked := load(t, p)
		if date, sign := p.have.typed(); date != "" || sign != "" {
			typed++
		}
		p.have.columns = nil
		if blind := load(t, p); looked != blind {
			t.Fatalf("%q\nlooked at:\n%s\nnot looked at:\n%s", b.String(), looked, blind)
		}
		if err := p.discard(); err != nil {
			t.Fatal(err)
		}
	})
	if typed == 0 {
		t.Error("no file was read with its types")
	}
}
