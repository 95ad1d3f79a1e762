package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"piccoli/pipelines/catalog"
)

// limitsContract is a contract of three columns that takes what there is of forms.
func limitsContract() *catalog.Query {
	return &catalog.Query{Name: "x", Path: "queries/staging/x.sql", Source: &catalog.Source{Formats: []string{"csv", "xlsx"}, Packed: []string{"gzip", "zip"}, Rows: &catalog.Bounds{Min: 1, Max: 100},
		Files:   []string{"data/inbox/x/*.{csv,xlsx}"},
		Dialect: filled(catalog.Dialect{Delimiters: []string{";"}, Decimals: []string{","}, HeaderWithin: 2}), Columns: []catalog.Column{
			{Name: "c0", Type: "text"}, {Name: "c1", Type: "date"}, {Name: "c2", Type: "decimal(18,2)"}}}}
}

// workbook makes a workbook of one sheet from the XML of its rows and of its shared strings.
func workbook(t *testing.T, prologue, rows, strings string) string {
	t.Helper()
	const names = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	const relations = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	return zipped(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+relations+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook `+names+`><sheets><sheet name="Foglio1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+relations+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="`+relations+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml", prologue+`<sst `+names+`>`+strings+`</sst>`,
		"xl/worksheets/sheet1.xml", prologue+`<worksheet `+names+`><sheetData><row r="1"><c t="inlineStr"><is><t>c0</t></is></c><c t="inlineStr"><is><t>c1</t></is></c><c t="inlineStr"><is><t>c2</t></is></c></row>`+rows+`</sheetData></worksheet>`)
}

// TestLimits refuses what would fill memory or disk, and what a reader would cut off in silence, each with what it is. Files are as small as the
// limits allow.
func TestLimits(t *testing.T) {
	const good = "A;2021-01-31;1,50\n"
	text := func(n int) string { return strings.Repeat("x", n) }
	laughs := `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	row := `<row r="2"><c t="inlineStr"><is><t>A</t></is></c></row>`
	for _, c := range []struct{ name, text, want, refused string }{
		{"a record beyond 16 MiB", "c0;c1;c2\n" + good + text(maxRecord) + ";;\n" + good, "", "x:3: qui comincia una riga più lunga di 16 MiB"},
		{"one that DuckDB would leave out without a word", "c0;c1;c2\n" + good + text(2*maxRecord+1) + ";;\n" + good, "", "x:3: qui comincia una riga più lunga di 16 MiB"},
		{"one over many lines", "c0;c1;c2\n" + good + `"` + strings.Repeat("x\n", maxRecord/2) + "\";;\n" + good, "", "x:3: qui comincia una riga più lunga di 16 MiB"},
		{"a header that never ends", text(headBytes + 1), "", "nessuna delle prime righe ha i nomi"},
		{"rows of another file", "c0;c1;c2\n" + strings.Repeat("a;b\n", fewMisfits+1), "", "10001 righe su 10001 non hanno i 3 campi"},
		{"texts after closing quotes", "c0;c1;c2\n" + strings.Repeat("\"a\"b;;\n", fewMisfits+1), "", "10001 righe su 10001 non hanno i 3 campi"},
		{"a hundred thousand columns", "c0;c1;c2" + strings.Repeat(";x", 100_000) + "\nA;;\n", "", "x:1: 100003 colonne: più di 1000 non se ne leggono"},
		{"rows of a hundred thousand fields, empty but for one", "c0;c1;c2\nA;;\n" + strings.Repeat("B"+strings.Repeat(";", 100_000)+"\n", 2) + strings.Repeat(";", 100_000) + "x\n", "A|| B|| B|| 5::campi_in_piu", ""},
		{"more rows than the contract admits", "c0;c1;c2\n" + strings.Repeat("A;;\n", 101), "", "il file ha 101 righe, il contratto ne ammette da 1 a 100"},
		{"a zip bomb", zipped(t, "a.csv", "c0;c1;c2\n"+strings.Repeat("\n", freeRatio+1)), "", "aperto, il file supera 64 MiB"},
		{"a zip in a gzip", gzipped(t, zipped(t, "a.csv", "c0;c1;c2\nA;;\n")), "", "un archivio dentro un archivio"},
		{"a workbook in a zip", zipped(t, "a.xlsx", workbook(t, "", row, "")), "A||", ""},

		{"a workbook", workbook(t, "", row, ""), "A||", ""},
		{"entities that grow", workbook(t, laughs, `<row r="2"><c t="inlineStr"><is><t>&b;</t></is></c></row>`, ""), "", "DOCTYPE"},
		{"an unknown entity", workbook(t, "", row+`<row r="3"><c t="inlineStr"><is><t>&b;</t></is></c></row>`, ""), "", "rovinato o troncato"},
		{"a sheet cut off", workbook(t, "", row+`<row r="3"><c t="inlineStr"><is><t>B`, ""), "", "rovinato o troncato"},
		{"a control character", workbook(t, "", row+"<row r=\"3\"><c t=\"inlineStr\"><is><t>\x01</t></is></c></row>", ""), "", "rovinato o troncato"},
		{"a workbook that unpacks to too much", workbook(t, "", row+strings.Repeat(" ", freeRatio), ""), "", "aperto, il file supera 64 MiB"},
		{"a cell beyond 16 MiB", workbook(t, "", `<row r="2"><c t="inlineStr"><is><t>`+text(maxRecord+1)+`</t></is></c></row>`, ""), "", "x:2: foglio «Foglio1»: una riga è più lunga di 16 MiB"},
		{"a shared text beyond 16 MiB", workbook(t, "", row, `<si><t>`+text(maxRecord+1)+`</t></si>`), "", "una cella è più lunga di 16 MiB"},
		{"a long text in many cells of a row", workbook(t, "", `<row r="2">`+strings.Repeat(`<c t="s"><v>0</v></c>`, 20)+`</row>`, `<si><t>`+text(1<<20)+`</t></si>`), "", "x:2: foglio «Foglio1»: una riga è più lunga di 16 MiB"},
		{"a cell of 1 MB", workbook(t, "", row+`<row r="3"><c t="s"><v>0</v></c></row>`, `<si><t>`+text(1<<20)+`</t></si>`), "A|| 3:c0:testo_troppo_lungo", ""},
		{"too many rows", workbook(t, "", strings.Repeat("<row/>", maxSheetRows), ""), "", "il foglio ha più di 1048576 righe"},
		{"a row too far", workbook(t, "", row+`<row r="4000000000"/>`, ""), "", "il foglio ha più di 1048576 righe"},
		{"rows that go back", workbook(t, "", row+`<row r="-5"><c t="inlineStr"><is><t>B</t></is></c></row>`, ""), "", "il foglio è rovinato: la riga -5 viene dopo la 2"},
		{"a cell in the last column", workbook(t, "", row+`<row r="3"><c r="XFD3"><v>1</v></c></row>`, ""), "A|| 3::campi_in_piu", ""},
		{"a text that is not there", workbook(t, "", row+`<row r="3"><c r="A3" t="s"><v>7</v></c></row>`, ""), "", "x:3: foglio «Foglio1»: la cella A3 rimanda a un testo che nel file non c'è"},
		{"a formula without its result", workbook(t, "", row+`<row r="3"><c r="A3" t="inlineStr"><is><t>B</t></is></c><c r="C3"><f>1+1</f></c></row>`, ""), "", "x:3: foglio «Foglio1»: la cella C3 ha una formula e il suo risultato non è nel file"},
		{"a formula with its result", workbook(t, "", `<row r="2"><c r="A2" t="str"><f>"A"</f><v>A</v></c><c r="C2"><f>1+1</f><v>2</v></c></row>`, ""), "A||2.00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "x"), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			got, problems := readAll(t, limitsContract(), folder, "x")
			said := problems.In("it")
			if c.refused != "" && (!strings.Contains(said, c.refused) || len(problems) != 1) {
				t.Errorf("got %.200q, said %.500q, want %q", got, said, c.refused)
			}
			if c.refused == "" && (got != c.want || said != "") {
				t.Errorf("got %.200q, said %.500q, want %q", got, said, c.want)
			}
		})
	}
}

// TestNoFile refuses what is no file: a pipe would be waited for, a device has no end.
func TestNoFile(t *testing.T) {
	for name, make := range map[string]func(string) error{
		"pipe.csv":   func(p string) error { return syscall.Mkfifo(p, 0o644) },
		"device.csv": func(p string) error { return os.Symlink("/dev/zero", p) },
		"gone.csv":   func(p string) error { return os.Symlink("/nowhere", p) },
	} {
		t.Run(name, func(t *testing.T) {
			inbox := t.TempDir()
			if err := os.Mkdir(filepath.Join(inbox, "x"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := make(filepath.Join(inbox, "x", name)); err != nil {
				t.Skip(err)
			}
			_, _, err := Deliveries(Inputs{Root: t.TempDir(), Inbox: inbox, Clock: "2026-01-01"}, limitsContract(), nil)
			if want := fmt.Sprintf("data/inbox/x/%s: it is no file", name); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("said %v, want %q", err, want)
			}
		})
	}
}
