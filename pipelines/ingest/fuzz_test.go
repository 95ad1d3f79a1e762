package ingest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	text16 "golang.org/x/text/encoding/unicode"

	"piccoli/pipelines/catalog"
)

// fuzzed is a contract that takes what there is of forms, with few rows.
func fuzzed() *catalog.Query {
	return &catalog.Query{Name: "x", Path: "queries/staging/x.sql", Source: &catalog.Source{Formats: []string{"csv", "xlsx"}, Packed: []string{"gzip", "zip"}, Rows: &catalog.Bounds{Min: 1, Max: 1000}, Files: []string{"data/inbox/x/*.{csv,xlsx}"},
		Dialect: filled(catalog.Dialect{Delimiters: []string{";", ",", "\t", "|"}, Encodings: []string{"utf-8", "windows-1252", "utf-16"}, Decimals: []string{",", "."}, Dates: []string{"iso", "italian", "compact", "serial"}, HeaderWithin: 5, Quotes: "doubled", Unwrap: true}),
		Columns: []catalog.Column{{Name: "c0", Type: "text", Delivery: catalog.Delivery{Headers: []string{"Codice"}}}, {Name: "c1", Type: "date"}, {Name: "c2", Type: "decimal(18,2)", Unit: "EUR"}}}}
}

// readAny reads bytes as a delivery: they are refused as a whole, in words, or every record is booked as loaded or with what is wrong.
func readAny(t *testing.T, body []byte) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "x"), body, 0o644); err != nil {
		t.Fatal(err)
	}
	q := fuzzed()
	conn, x := newLoading(t, q)
	x.root = folder
	file, err := hashFile(folder, filepath.Join(folder, "x"))
	if err != nil {
		t.Fatal(err)
	}
	_, problems, err := x.file(context.Background(), Delivery{File: file, Table: "x", Lot: "x", Kind: Full, Received: "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if p.What.It == "" || p.What.En == "" || !utf8.ValidString(p.What.It) {
			t.Fatalf("%+v", p)
		}
	}
	if len(problems) > 0 {
		return
	}
	var stored, good, bad, first, last, unread, explained int
	err = conn.QueryRowContext(context.Background(), `select count(*), count(*) filter (where _errori is null), count(*) filter (where _errori is not null), (select min(primo) from piccoli.letti), (select max(ultimo) from piccoli.letti),
		(select sum(illeggibili)::bigint from piccoli.letti), (select count(distinct posto) + count(*) filter (where posto is null) from piccoli.scarti where motivo is not null) from ingresso.x`).Scan(&stored, &good, &bad, &first, &last, &unread, &explained)
	if err != nil {
		t.Fatal(err)
	}
	if first != 0 || last != stored || good+bad != stored || explained < bad+unread {
		t.Fatalf("%d records from %d to %d: %d good, %d bad, %d unreadable, %d explained", stored, first, last, good, bad, unread, explained)
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"codice;c1;c2\nA;2021-01-31;1,50\nB;01/02/2021;2\n", "\ufeff\"codice\";\"c1\";\"c2\"\r\n\"A\nB\";;\r\n", "x\n\ncodice,c1,c2\nA,,\"1,50\"\n;;\nA,,,x\n", "codice\tc1\tc2\nA\"B\t\t\n\"A\"x\t\t\n", "codice|c1|c2\rA|20210131|€ 1.234,56\r",
		"codice;c1;c2\n=\"001\";44227;-1\n\"un \"nome\" tra virgolette\";;\n", "codice;c1;c2\n\"A;;\n", "DATI SIMULATI\ncodice;c1;c2\nA;;\n", "<html>", "{}", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) { readAny(t, body) })
}

func FuzzWorkbook(f *testing.F) {
	f.Add(`<row r="2"><c t="inlineStr"><is><t>A</t></is></c><c><v>44227</v></c><c><v>1.5</v></c></row>`, `<si><t>x</t></si>`)
	f.Add(`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="str"><f>1+1</f><v>2</v></c></row><row r="9"><c r="XFD9"><v>1E5</v></c></row>`, `<si><r><t>a</t></r><r><t>b</t></r></si>`)
	f.Add(`<row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="n"><v>-0</v></c></row>`, ``)
	f.Fuzz(func(t *testing.T, rows, shared string) { readAny(t, []byte(workbook(t, "", rows, shared))) })
}

// FuzzPacked reads any bytes, above all archives.
func FuzzPacked(f *testing.F) {
	plain := "codice;c1;c2\nA;2021-01-31;1,50\n"
	t := &testing.T{}
	for _, s := range []string{gzipped(t, plain), zipped(t, "x.csv", plain), zipped(t, "x.csv", plain, "__MACOSX/._x.csv", "x"), zipped(t, "a.xlsx", workbook(t, "", `<row/>`, "")), gzipped(t, plain)[:30], zipped(t, "../x", plain)[:50], "PK\x03\x04", "\x1f\x8b"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) { readAny(t, body) })
}

// FuzzEncoding: whatever the bytes, the text that is read on is UTF-8, and bytes that were UTF-8 stay as they are.
func FuzzEncoding(f *testing.F) {
	const accents = "codice;città\nMalé;perché\n"
	ansi, err := charmap.Windows1252.NewEncoder().String(accents)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(accents))
	f.Add([]byte("\ufeff" + accents))
	f.Add([]byte(ansi))
	for _, order := range []text16.Endianness{text16.LittleEndian, text16.BigEndian} {
		for _, mark := range []text16.BOMPolicy{text16.UseBOM, text16.IgnoreBOM} {
			wide, err := text16.UTF16(order, mark).NewEncoder().String(accents)
			if err != nil {
				f.Fatal(err)
			}
			f.Add([]byte(wide))
		}
	}
	f.Add([]byte{0xff, 0xfe, 0x00, 0xd8, 0x41})
	f.Fuzz(func(t *testing.T, body []byte) {
		folder := t.TempDir()
		path := filepath.Join(folder, "x")
		if err := os.WriteFile(path, body, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := shapeOf(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		p := &prepared{file: File{Path: "x", Bytes: int64(len(body))}, original: path}
		name, problems := p.encodingOf(s, fuzzed().Source.Dialect)
		if len(problems) > 0 {
			return
		}
		to := path
		if name != "utf-8" {
			if to, err = p.transcode(path, name, folder); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(got) {
			t.Fatalf("read as %s: %q", name, got)
		}
		if utf8.Valid(body) && !bytes.ContainsRune(body, 0) && !bytes.Equal(got, body) {
			t.Fatalf("UTF-8 was read as %s", name)
		}
	})
}

// FuzzHeaderNames: names are compared in a form that is itself compared as the same, and rows of any names are fitted to the contract without a column
// named twice.
func FuzzHeaderNames(f *testing.F) {
	for _, s := range []string{"Codice;c1;c2", "  Codicé ;C1;\"C 2\"", "codice;codice;c2", ";;", "x\ny;z\nCODICE;c1;c2;note", "\ufb01nestra;ⅷ;ß;İ;K", "c_0;c-1;c.2", "=\"codice\";c1;c2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := plainHeader(text)
		if again := plainHeader(plain); again != plain {
			t.Errorf("%q is compared as %q, that as %q", text, plain, again)
		}
		for _, r := range plain {
			if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				t.Errorf("%q is compared as %q", text, plain)
			}
		}
		var rows []row
		for i, line := range strings.Split(text, "\n") {
			rows = append(rows, row{cells: strings.Split(line, ";"), line: i + 1})
		}
		q, seen := fuzzed(), map[string]bool{}
		best := (&prepared{file: File{Path: "x"}}).fit(rows, q)
		for _, name := range best.columns {
			if name != "" && (seen[name] || q.Source.Column(name) == nil) {
				t.Errorf("the column %q is there twice or not in the contract: %q", name, best.columns)
			}
			seen[name] = true
		}
		if len(best.missing) == 0 && best.matched != len(q.Source.Columns) {
			t.Errorf("%d columns matched and none missing", best.matched)
		}
	})
}

var digits = regexp.MustCompile(`[0-9]+`)

// significant are the digits of a number that tell its amount.
func significant(s string) string {
	return strings.Trim(strings.Join(digits.FindAllString(s, -1), ""), "0")
}

// FuzzCells reads any text as an amount, a whole number and a date in every declared form: a value that is given has the digits, the sign and the day that
// were written, or else there is a reason.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"1,50", "1.234,56", "€ 1.234,56", "12.345", "1,234.5", "-0,01", "+7", "1e5", "1_000", "12.00", "٣", "2021-01-31", "31/01/2021", "1.2.2021", "20210131", "44227", "44227.5", "2021-01-31T10:00:00Z", "30/02/2021", "1900-01-01", "99999", "=\"12\"", "nd", " 5 ", "1\u00a0000", "∞", "0x10", "1,2,3", "--1", "1.000.000"} {
		f.Add(s)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	var statement []string
	for _, typ := range []string{"decimal(18,2)", "bigint", "date"} {
		q := fuzzed()
		q.Source.Columns = []catalog.Column{{Name: "x", Type: typ, Unit: "EUR"}}
		c := cells(q, map[string]int{"x": 0}, false, traits{faults: true, controls: true})[0]
		statement = append(statement, fmt.Sprintf(`(select [t_x, v_x::varchar, e_x] from (select *, %s as "e_x" from (select *, %s as "v_x" from (select %s as "t_x" from (select ?::varchar as r0)))))`, c.reason, c.value, c.text))
	}
	prepared, err := db.Prepare("select " + strings.Join(statement, ", "))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = prepared.Close() })
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			t.Skip("no such cell gets this far")
		}
		var money, whole, day []any
		if err := prepared.QueryRow(text, text, text).Scan(&money, &whole, &day); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for kind, got := range map[string][]any{"amount": money, "whole number": whole} {
			written, value, reason := fmt.Sprint(got[0]), fmt.Sprint(got[1]), got[2]
			if (got[0] == nil) != (got[1] == nil && reason == nil) || (got[1] != nil && reason != nil) {
				t.Errorf("%s %q: text %v, value %v, reason %v", kind, text, got[0], got[1], reason)
			}
			if got[1] == nil {
				continue
			}
			if significant(written) != significant(value) {
				t.Errorf("%s %q became %s: other digits", kind, text, value)
			}
			if minus := strings.Contains(written, "-"); minus != strings.HasPrefix(value, "-") && significant(value) != "" {
				t.Errorf("%s %q became %s: another sign", kind, text, value)
			}
		}
		if day[1] == nil {
			return
		}
		value := fmt.Sprint(day[1])
		y, m, d := value[:4], strings.TrimPrefix(value[5:7], "0"), strings.TrimPrefix(value[8:], "0")
		parts := digits.FindAllString(fmt.Sprint(day[0]), -1)
		switch {
		case len(value) != 10 || value < "1900-01-01" || value > "2100-12-31":
			t.Errorf("date %q became %s", text, value)
		case len(parts[0]) == 8 && len(parts) == 1:
			if parts[0] != strings.ReplaceAll(value, "-", "") {
				t.Errorf("date %q became %s", text, value)
			}
		case len(parts[0]) == 5: // a count of days
		case len(parts) < 3:
			t.Errorf("date %q became %s", text, value)
		default:
			a, b, c := strings.TrimPrefix(parts[0], "0"), strings.TrimPrefix(parts[1], "0"), strings.TrimPrefix(parts[2], "0")
			if !(parts[0] == y && b == m && c == d || a == d && b == m && parts[2] == y) {
				t.Errorf("date %q became %s", text, value)
			}
		}
	})
}
