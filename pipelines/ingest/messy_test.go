package ingest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"

	"piccoli/pipelines/catalog"
)

// messy are real files that public bodies published. Each is read right, every cell compared with what Go's own CSV reader finds in the
// decoded text, or refused by name with the reason.
var messy = []struct {
	file     string
	encoding string            // in which the test itself decodes the file
	dialect  catalog.Dialect   // of the contract; what is empty is the default
	types    map[string]string // header → type of the columns that are not text
	rows     int
	bad      int    // rows with a fault
	sum      string // SQL over the typed columns, by their header in double quotes
	want     string // what it must give
	refused  string // what is said of the file
}{
	{file: "istat_elenco_comuni_2020_cp1252.csv", encoding: "windows-1252", dialect: catalog.Dialect{Encodings: []string{"utf-8", "windows-1252"}, Delimiters: []string{";"}, Decimals: []string{","}},
		types: map[string]string{"Popolazione legale 2011 (09/10/2011)": "integer"}, rows: 7904, sum: `sum("Popolazione legale 2011 (09/10/2011)")`, want: "59433744"},
	{file: "sut_comuni_raw.csv", encoding: "utf-8", dialect: catalog.Dialect{Delimiters: []string{";"}, Unwrap: true}, rows: 7894, sum: `count(*) filter (where regexp_full_match("CODICE ISTAT", '[0-9]{6}'))`, want: "7894"},
	{file: "candidature_altrienti_finanziate_2022-10-24.csv", encoding: "utf-8", refused: "il file ha solo l'intestazione"},
	{file: "candidature_comuni_finanziate_2023-01-23.csv", encoding: "utf-8", refused: "il file ha solo l'intestazione"},
	{file: "candidature_altrienti_finanziate_2022-10-06.csv", encoding: "utf-8", dialect: catalog.Dialect{Quotes: "bare"}, types: map[string]string{"importo_finanziamento": "decimal(18,2)", "numero_di_protocollo": "integer", "data_invio_candidatura": "date"},
		rows: 9, sum: `sum("importo_finanziamento") || ' ' || sum("numero_di_protocollo") || ' ' || max("data_invio_candidatura")`, want: "2202541.00 432 2022-07-27"},
	{file: "padigitale2026-stats_data.json", refused: "è un file JSON, non una tabella"},
	{file: "italiadomani_PNRR_Bandi e Avvisi.csv", encoding: "utf-8", dialect: catalog.Dialect{Delimiters: []string{";"}, Decimals: []string{","}, Dates: []string{"italian"}, Null: []string{"N/A"}},
		types: map[string]string{"Data apertura bando": "date", "Importo previsto PNRR": "decimal(18,2)"}, rows: 245, bad: 1 /* an amount of 1492857,143 */, sum: `count("Data apertura bando")`, want: "245"},
	{file: "italiadomani_PNRR_Localizzazione.csv", encoding: "utf-8", dialect: catalog.Dialect{Delimiters: []string{";"}}, rows: 5246},
	{file: "ricostruzione_pubblica_2026.csv", encoding: "utf-8", rows: 3667},
	{file: "opencoesione_progetti_beni_confiscati_20181031.csv", encoding: "utf-8", dialect: catalog.Dialect{Delimiters: []string{";"}, Decimals: []string{","}},
		types: map[string]string{"FINANZ_TOTALE_PUBBLICO": "decimal(18,2)"}, rows: 290, sum: `sum("FINANZ_TOTALE_PUBBLICO")`, want: "188225579.73"},
	{file: "GR_ListOfOperations_20160513_cp1253.csv", encoding: "windows-1253", dialect: catalog.Dialect{Encodings: []string{"utf-8", "windows-1253"}, Delimiters: []string{";"}, Decimals: []string{","}, Dates: []string{"italian"}},
		types: map[string]string{}, rows: 2029},
	{file: "GR_ListOfOperations_20160513_cp1253.csv", refused: "non è UTF-8, e il contratto ammette solo utf-8"},
}

func TestMessyFiles(t *testing.T) {
	folder, err := filepath.Abs("../../../shared/data/messy")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs ../shared")
	}
	ctx := context.Background()
	for _, m := range messy {
		t.Run(m.file, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(folder, m.file))
			if err != nil {
				t.Fatal(err)
			}
			var oracle [][]string
			if m.encoding != "" {
				e, err := htmlindex.Get(m.encoding)
				if err != nil {
					t.Fatal(err)
				}
				text, err := e.NewDecoder().Bytes(raw)
				if err != nil {
					t.Fatal(err)
				}
				delimiter := ","
				if len(m.dialect.Delimiters) > 0 {
					delimiter = m.dialect.Delimiters[0]
				}
				r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
				r.Comma, r.LazyQuotes = rune(delimiter[0]), m.dialect.Unwrap
				if oracle, err = r.ReadAll(); err != nil {
					t.Fatal(err)
				}
			}
			q := &catalog.Query{Name: "x", Path: "queries/staging/x.sql", Source: &catalog.Source{Formats: []string{"csv"}, Rows: &catalog.Bounds{Min: 1, Max: 1e6}, Dialect: filled(m.dialect)}}
			headers := []string{"a", "b"}
			if oracle != nil {
				headers = oracle[0]
			}
			for i, h := range headers {
				typ := m.types[strings.TrimSpace(h)]
				if typ == "" {
					typ = "text"
				}
				q.Source.Columns = append(q.Source.Columns, catalog.Column{Name: fmt.Sprintf("c%d", i), Type: typ, Delivery: catalog.Delivery{Headers: []string{h}}})
			}
			conn, x := newLoading(t, q)
			f, err := hashFile(folder, filepath.Join(folder, m.file))
			if err != nil {
				t.Fatal(err)
			}
			x.root = folder
			_, problems, err := x.file(ctx, Delivery{File: f, Table: "x", Lot: "x", Kind: Full, Received: "2026-01-01"})
			if err != nil {
				t.Fatal(err)
			}
			if m.refused != "" || len(problems) > 0 {
				if got := problems.In("it"); m.refused == "" || !strings.Contains(got, m.refused) || !strings.HasPrefix(got, m.file) {
					t.Fatalf("refused with %q, want %q", got, m.refused)
				}
				return
			}
			compareCells(t, conn, q, oracle, m.rows, m.bad)
			if m.sum == "" {
				return
			}
			query := m.sum
			for i, h := range headers {
				query = strings.ReplaceAll(query, `"`+strings.TrimSpace(h)+`"`, fmt.Sprintf("c%d", i))
			}
			var got string
			if err := conn.QueryRowContext(ctx, "select ("+query+")::varchar from ingresso.x").Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != m.want {
				t.Errorf("%s is %s, want %s", m.sum, got, m.want)
			}
		})
	}
}

// filled gives a dialect the defaults of the grammar.
func filled(d catalog.Dialect) catalog.Dialect {
	for _, x := range []struct {
		to     *[]string
		preset []string
	}{{&d.Delimiters, []string{","}}, {&d.Encodings, []string{"utf-8"}}, {&d.Decimals, []string{"."}}, {&d.Dates, []string{"iso"}}} {
		if len(*x.to) == 0 {
			*x.to = x.preset
		}
	}
	d.HeaderWithin, d.HeaderRows = max(d.HeaderWithin, 1), max(d.HeaderRows, 1)
	return d
}

// newLoading makes an empty table for q in a database in memory.
func newLoading(t *testing.T, q *catalog.Query) (*sql.Conn, *loading) {
	t.Helper()
	ctx := context.Background()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	x := &loading{conn: conn, q: q, spill: t.TempDir(), entry: catalog.Ref{Schema: "ingresso", Name: q.Name}}
	if err := x.exec(ctx, "create schema ingresso", "create schema raw", "create schema piccoli"); err != nil {
		t.Fatal(err)
	}
	for name, columns := range Books {
		var defs []string
		for _, c := range columns {
			defs = append(defs, c.Name+" "+c.DuckDB())
		}
		if err := x.exec(ctx, fmt.Sprintf("create table piccoli.%s (%s)", name, strings.Join(defs, ", "))); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.start(ctx); err != nil {
		t.Fatal(err)
	}
	return conn, x
}

// compareCells compares every text cell with the oracle's, and the numbers of rows and of those with a fault.
func compareCells(t *testing.T, conn *sql.Conn, q *catalog.Query, oracle [][]string, rows, bad int) {
	t.Helper()
	var n, faults int
	if err := conn.QueryRowContext(context.Background(), "select count(*), count(*) filter (where _errori is not null) from ingresso.x").Scan(&n, &faults); err != nil {
		t.Fatal(err)
	}
	if n != rows || faults != bad {
		var sample sql.NullString
		if err := conn.QueryRowContext(context.Background(), "select any_value(_errori::varchar || _testo::varchar) from ingresso.x where _errori is not null").Scan(&sample); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%d rows with %d bad ones, want %d and %d; for example %s", n, faults, rows, bad, sample.String)
	}
	var texts []string
	for _, c := range q.Source.Columns {
		texts = append(texts, c.Name+"::varchar")
	}
	got, err := conn.QueryContext(context.Background(), "select "+strings.Join(texts, ", ")+" from ingresso.x order by rowid")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	values, into := make([]sql.NullString, len(q.Source.Columns)), make([]any, len(q.Source.Columns))
	for i := range values {
		into[i] = &values[i]
	}
	for line := 1; got.Next(); line++ {
		if err := got.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, c := range q.Source.Columns {
			want := strings.ReplaceAll(strings.Trim(oracle[line][i], blanks), "\r\n", "\n")
			if q.Source.Dialect.Unwrap && strings.HasPrefix(want, `="`) {
				want = strings.TrimSuffix(strings.TrimPrefix(want, `="`), `"`)
			}
			for _, null := range q.Source.Dialect.Null {
				if want == null {
					want = ""
				}
			}
			if c.Type == "text" && values[i].String != want {
				t.Fatalf("row %d, %s: got %q, want %q", line, c.Headers[0], values[i].String, want)
			}
		}
	}
	if err := got.Err(); err != nil {
		t.Fatal(err)
	}
}
