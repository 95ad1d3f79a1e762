package ingest

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"piccoli/pipelines/catalog"
)

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// locked makes a workbook that wants a password, as Excel does.
func locked(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	var b bytes.Buffer
	if err := book.Write(&b, excelize.Options{Password: "segreta"}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestFiles reads small files as people make them, or refuses them by name.
func TestFiles(t *testing.T) {
	const plain = "codice;data;importo\nA;2021-01-31;1,50\nB;01/02/2021;2\n"
	const read = "A|2021-01-31|1.50 B|2021-02-01|2.00"
	const accents = "codice;data;importo\nMalé;2021-01-31;1,50\n"
	wide := "codice;data;importo"
	for range 1200 {
		wide += ";x"
	}
	for _, c := range []struct{ name, text, want, refused string }{
		{"UTF-8", plain, read, ""},
		{"UTF-8 with a byte order mark", "\ufeff" + plain, read, ""},
		{"a byte order mark and a quoted header", "\ufeff\"codice\";\"data\";\"importo\"\nA;;\n", "A||", ""},
		{"windows-1252", encoded(t, charmap.Windows1252, accents), "Malé|2021-01-31|1.50", ""},
		{"UTF-16, little end first", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), accents), "Malé|2021-01-31|1.50", ""},
		{"UTF-16, big end first", encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), accents), "Malé|2021-01-31|1.50", ""},
		{"UTF-16 without a mark", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), plain), read, ""},
		{"comma", "codice,data,importo\nA,2021-01-31,\"1,50\"\n", "A|2021-01-31|1.50", ""},
		{"tab", "codice\tdata\timporto\nA\t2021-01-31\t1,50\n", "A|2021-01-31|1.50", ""},
		{"pipe", "codice|data|importo\nA|2021-01-31|1,50\n", "A|2021-01-31|1.50", ""},
		{"CRLF", strings.ReplaceAll(plain, "\n", "\r\n"), read, ""},
		{"CR alone", strings.ReplaceAll(plain, "\n", "\r"), read, ""},
		{"mixed line ends", "codice;data;importo\r\nA;2021-01-31;1,50\nB;01/02/2021;2\r\n", read, ""},
		{"no line end at the end", strings.TrimSuffix(plain, "\n"), read, ""},
		{"quotes inside quotes", "codice;data;importo\n\"A \"\"x\"\"; y\";;\n", `A "x"; y||`, ""},
		{"line breaks inside quotes", "codice;data;importo\n\"A\nB\";;\nC;x;\n", "A\nB|| 4:c1:data_illeggibile", ""},
		{"a stray quote", "codice;data;importo\nA\"B;;\nC;x;\n", "A\"B|| 3:c1:data_illeggibile", ""},
		{"header in capitals, with accents and blanks", "  Codicé ;DATA;\"Importo (€)\"\nA;;1\n", "A||1.00", ""},
		{"a header over two lines", "\"codice\n\";data;importo\nA;;\nB;x;\n", "A|| 4:c1:data_illeggibile", ""},
		{"columns in another order", "importo;codice;data\n1;A;2021-01-31\n", "A|2021-01-31|1.00", ""},
		{"title rows", "Elenco;;\n\nAggiornato a gennaio\ncodice;data;importo\nA;;\nB;x;\n", "A|| 6:c1:data_illeggibile", ""},
		{"blank lines and rows of separators", "codice;data;importo\nA;;\n\n;;\n;\nB;x;\n\n", "A|| 6:c1:data_illeggibile", ""},
		{"a field too few, one too many", "codice;data;importo\nA;\nB;;1;2\nC;;3\n", "C||3.00 2::campi_in_meno 3::campi_in_piu", ""},
		{"text after a closing quote", "codice;data;importo\n\"A\"x;;\n\"B\";;\n", "B|| 2::virgolette_non_chiuse", ""},
		{"gzip", gzipped(t, plain), read, ""},
		{"zip", zipped(t, "../../etc/x.csv", plain), read, ""},
		{"zip of Mac", zipped(t, "x.csv", plain, "__MACOSX/._x.csv", "x"), read, ""},
		{"hostile cells", "codice;data;importo\n\"<script>alert(1)</script>\";;\n=1+1;;\n\"'; drop table x; --\";;\n../../etc/passwd;;\n\u202eabc;;\n\x1b[31mred;;\n",
			"<script>alert(1)</script>|| =1+1|| '; drop table x; --|| ../../etc/passwd|| \u202eabc|| 7:c0:carattere_di_controllo", ""},
		{"a cell of 1 MB", "codice;data;importo\n" + strings.Repeat("x", 1<<20) + ";;\nB;;\n", "B|| 2:c0:testo_troppo_lungo", ""},

		{"empty", "", "", "il file è vuoto"},
		{"just blanks", "\n\n  \n", "", "il file non contiene niente"},
		{"just a header", "codice;data;importo", "", "solo l'intestazione"},
		{"a header and blank rows", "codice;data;importo\n;;\n\n", "", "solo l'intestazione"},
		{"an undeclared delimiter", strings.ReplaceAll(plain, ";", ":"), "", "le colonne sono separate da «:», ma il contratto ammette solo questi separatori: ; , tab |"},
		{"no header", "A;2021-01-31;1,50\nB;2021-01-31;2\n", "", "la prima riga deve dare i nomi, per esempio: c0, c1, c2"},
		{"a web page", "<!DOCTYPE html><html><body>404</body></html>", "", "è una pagina web"},
		{"JSON", `{"error": "no"}`, "", "è un file JSON"},
		{"a PDF", "%PDF-1.7\nxx", "", "è un PDF"},
		{"an OLE file of some kind", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx", "", "vecchio file Excel"},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "Workbook"), "", "vecchio formato di Excel (.xls)"},
		{"a workbook with a password", locked(t), "", "protetto da una password"},
		{"a missing column", "codice;importo\nA;1\n", "", "manca la colonna «c1»"},
		{"a misspelt column", "codice;dato;importo\nA;;1\n", "", "forse «data»?"},
		{"a column too many", "codice;data;importo;note\nA;;1;x\n", "", "la colonna «note» non è tra quelle previste"},
		{"a column twice", "codice;data;importo;Importo (€)\nA;;1;2\n", "", "c'è due volte"},
		{"a column without a name", "codice;data;importo;\nA;;1;x\n", "", "la colonna 4 ha valori ma non un nome"},
		{"too many columns", wide + "\nA;;1\n", "", "più di 1000"},
		{"truncated in a quote", "codice;data;importo\nA;;\n\"B;;1\nC;;2\n", "", "x.csv:3: una virgoletta aperta qui non si chiude"},
		{"zero bytes", "codice;data;importo\nA\x00;;\n", "", "byte zero"},
		{"two files in a zip", zipped(t, "a.csv", plain, "b.csv", plain), "", "ci sono 2 file"},
		{"a zip in a zip", zipped(t, "a.zip", zipped(t, "a.csv", plain)), "", "un archivio dentro un archivio"},
		{"a truncated gzip", gzipped(t, plain)[:40], "", "rovinato o troncato"},
		{"a gzip bomb", gzipped(t, "codice;data;importo\n"+strings.Repeat("\n", freeRatio+(1<<20))), "", "supera 64 MiB"},
		{"a truncated zip", zipped(t, "a.csv", plain)[:60], "", "rovinato o troncato"},
		{"a text with a broken ZIP's name", "PK\x03\x04xxxxxxxxxxxxxxxxxxxxxxx", "", "rovinato o troncato"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "x.csv"), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			q := &catalog.Query{Name: "x", Path: "queries/staging/x.sql", Source: &catalog.Source{Formats: []string{"csv"}, Packed: []string{"gzip", "zip"}, Rows: &catalog.Bounds{Min: 1, Max: 100},
				Dialect: filled(catalog.Dialect{Delimiters: []string{";", ",", "\t", "|"}, Encodings: []string{"utf-8", "windows-1252", "utf-16"}, Decimals: []string{",", "."}, Dates: []string{"iso", "italian"}, HeaderWithin: 10}),
				Columns: []catalog.Column{
					{Name: "c0", Type: "text", Delivery: catalog.Delivery{Headers: []string{"Codice"}}}, {Name: "c1", Type: "date", Delivery: catalog.Delivery{Headers: []string{"data"}}}, {Name: "c2", Type: "decimal(18,2)", Delivery: catalog.Delivery{Headers: []string{"Importo", "Importo (€)"}}}}}}
			got, problems := readAll(t, q, folder, "x.csv")
			said := problems.In("it")
			if c.refused != "" && (!strings.Contains(said, c.refused) || !strings.HasPrefix(said, "x.csv")) {
				t.Errorf("said %q, want %q", said, c.refused)
			}
			if c.refused == "" && (got != c.want || said != "") {
				t.Errorf("got %q %s, want %q", got, said, c.want)
			}
		})
	}
}

// TestShapeInParts looks at files of arbitrary bytes in parts and in one: the parts must tell the same, wherever they begin.
func TestShapeInParts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{"\n", "\r\n", "\r", "\x00", "\n\x00", "a", "perché", "\xe8", "\xc3", "\u00a0", `"`, "#N/D", "Err:502", ":", "\x1b", "\ufeff", "\uffff", strings.Repeat("x", 100)})).Draw(t, "pieces")
		body := []byte(strings.Join(pieces, ""))
		if err := os.WriteFile(path, body, 0o644); err != nil {
			t.Fatal(err)
		}
		parts, err := shapeOf(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := shapeOfPart(context.Background(), bytes.NewReader(body), 0)
		if err != nil {
			t.Fatal(err)
		}
		if whole.faults && !parts.faults || whole.controls && !parts.controls {
			t.Fatalf("%q\n%+v\n%+v", body, parts, whole)
		}
		whole.faults, whole.controls, whole.head = parts.faults, parts.controls, body[:min(4, len(body))]
		if d := cmp.Diff(fmt.Sprintf("%+v", whole), fmt.Sprintf("%+v", parts)); d != "" {
			t.Fatalf("%q\n%s", body, d)
		}
	})
}
