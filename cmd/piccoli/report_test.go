package main

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
)

// reports runs every report of the project over a warehouse of simulated deliveries, in every format that needs no browser: the rows are the
// same in all of them and on every run, and each says that it is simulated.
func reports(t *testing.T, dir, inbox, dist, db string) {
	versions := filepath.Join(dir, "versioni")
	if r := piccoli(t, dir, nil, "release", "1.0.0", "--releases", versions, "--inbox", inbox, "--out", dist); r.code != 0 {
		t.Fatal(r.err)
	}
	words := codes(t, dir, db)
	for _, q := range contract(t).Layer(catalog.Reports) {
		t.Run(q.Name, func(t *testing.T) {
			args := []string{"report", desk.Name(q), "--db", db}
			for _, p := range q.Params {
				if p.Type == catalog.ComparisonParam { // nothing changed since the version: all datasets are wanted
					args = append(args, "--releases", versions, "--site", dist, "--param", "tutti=sì")
				} else if !p.Optional && p.Default == "" {
					value := map[string]string{"regione": "umbria", "comune": "054028", "programma": "P.I.C.C.O.L.I."}[p.Name]
					if value == "" {
						t.Fatalf("the test gives no value for the required parameter %s", p.Name)
					}
					args = append(args, "--param", p.Name+"="+value)
				}
			}
			one := piccoli(t, dir, nil, append(args, "--format", "csv")...)
			two := piccoli(t, dir, nil, append(args, "--format", "csv")...)
			if one.code != 0 || one.out != two.out {
				t.Fatalf("code %d, or two runs differ\n%s", one.code, one.err)
			}
			records, err := csv.NewReader(strings.NewReader(one.out)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if table := piccoli(t, dir, nil, args...); len(records) < 2 && q.Name != "doppio_finanziamento" && !strings.Contains(table.out, "Manca:") {
				t.Error("no rows: the simulated year holds something for every report but of double funding, which would stop its build")
			}
			if last := records[0][len(records[0])-1]; last != "costruzione_simulata" {
				t.Errorf("the last column is %s: nothing says that the rows are simulated", last)
			}
			english, err := csv.NewReader(strings.NewReader(piccoli(t, dir, nil, append(args, "--lang", "en", "--format", "csv")...).out)).ReadAll()
			if err != nil || len(english) != len(records) {
				t.Fatalf("in English: %v, %d rows of %d", err, len(english), len(records))
			}
			wantWords(t, words, records, "it")
			wantWords(t, words, english, "en")
			keys := map[string]bool{}
			for _, r := range records[1:] {
				var key []string
				for i, name := range records[0] {
					for _, k := range q.Key {
						if k == name {
							key = append(key, r[i])
						}
					}
				}
				if k := strings.Join(key, "|"); keys[k] {
					t.Errorf("the key %s stands twice", k)
				} else {
					keys[k] = true
				}
			}
			var asJSON struct {
				Simulated bool
				Rows      []map[string]any
			}
			r := piccoli(t, dir, nil, append(args, "--format", "json")...)
			if err := json.Unmarshal([]byte(r.out), &asJSON); err != nil || !asJSON.Simulated || len(asJSON.Rows) != len(records)-1 {
				t.Errorf("json: %v, %d rows of %d", err, len(asJSON.Rows), len(records)-1)
			}
			for _, format := range []string{"table", "md", "html"} {
				if r := piccoli(t, dir, nil, append(args, "--format", format)...); r.code != 0 || !strings.Contains(r.out, "DATI SIMULATI") {
					t.Errorf("%s: code %d\n%s%s", format, r.code, r.out, r.err)
				}
			}
			book := filepath.Join(t.TempDir(), "rapporto.xlsx")
			if r := piccoli(t, dir, nil, append(args, "--out", book)...); r.code != 0 {
				t.Fatalf("xlsx: code %d\n%s", r.code, r.err)
			}
			f, err := excelize.OpenFile(book)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			rows, err := f.GetRows("Dati", excelize.Options{RawCellValue: true})
			if err != nil || len(rows) != len(records)+1 || !strings.HasPrefix(rows[0][0], "DATI SIMULATI") {
				t.Errorf("xlsx: %v, %d rows, want the mark and %d", err, len(rows), len(records))
			}
			wantSheet(t, book, len(records), len(records[0])-1, len(q.Charts) > 0 && len(records) > 1)
		})
	}
	// What changed between simulated data is as simulated as they are.
	first := filepath.Join(versions, "1.0.0")
	for _, args := range [][]string{{"diff", first, dist}, {"diff", "--format", "html", first, dist}, {"digest", "--since", first, "--site", dist, "--db", db}} {
		if r := piccoli(t, dir, nil, args...); r.code != 0 || !strings.Contains(r.out, "DATI SIMULATI") {
			t.Errorf("%v: code %d, not marked as simulated\n%s%s", args, r.code, r.out, r.err)
		}
	}
	// The day of the data is the one that the build was given; up to when delays are counted, the last delivery says.
	if r := piccoli(t, dir, nil, "report", "piani-in-ritardo", "--db", db); !strings.Contains(r.out, "· dati al 28 febbraio 2026 · ultima consegna del 15 gennaio 2026\n") {
		t.Errorf("not of the day that was given:\n%s%s", r.out, r.err)
	}
	t.Run("regions", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "tutte")
		if r := piccoli(t, dir, nil, "report", "piani-in-ritardo", "--db", db, "--all-regions", "--format", "md", "--out", out); r.code != 0 {
			t.Fatal(r.code, r.err)
		}
		files, err := os.ReadDir(out)
		if err != nil || len(files) != 20 || files[0].Name() != "piani-in-ritardo-abruzzo.md" {
			t.Fatal(err, len(files), files)
		}
	})
}

// codes are the words by which data say what something is: all that a contract allows in a column, the programmes, the areas of work and how a published
// figure compares. They are Italian, and those of more than one word are made for machines.
func codes(t *testing.T, dir, db string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, q := range contract(t).Layer(catalog.Staging) {
		if q.Source == nil {
			continue
		}
		for _, c := range q.Source.Columns {
			for _, word := range c.Allowed {
				out[word] = true
			}
		}
	}
	r := piccoli(t, dir, nil, "query", "select programma from programmi union select ambito from ambiti union select esito from riconciliazione union select tipo from consegne union select motivo from quarantena", "--db", db, "--format", "csv")
	records, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	if err != nil || len(records) < 20 {
		t.Fatal(err, r.err, records)
	}
	for _, row := range records[1:] {
		out[row[0]] = true
	}
	return out
}

// wantWords wants no code where a reader expects a name, and in English no Italian word of the data.
func wantWords(t *testing.T, codes map[string]bool, records [][]string, lang string) {
	t.Helper()
	said := map[string]bool{}
	for _, row := range records[1:] {
		for i, cell := range row {
			name := records[0][i]
			if !codes[cell] || name == "tabella" || name == "dataset" || said[name+cell] { // those two are what one asks `explain` and --param for
				continue
			}
			if lang == "en" && cell != strings.ToUpper(cell) || strings.ContainsAny(cell, "_-") { // EUR is EUR everywhere
				said[name+cell] = true
				t.Errorf("--lang %s: %s holds the code %q", lang, name, cell)
			}
		}
	}
}

// wantSheet wants the sheet's filter over the whole table, its frozen header, and a chart where one is declared.
func wantSheet(t *testing.T, book string, rows, columns int, chart bool) {
	t.Helper()
	z, err := zip.OpenReader(book)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	last, err := excelize.CoordinatesToCellName(columns, max(rows, 2)+1)
	if err != nil {
		t.Fatal(err)
	}
	wanted := []string{`<autoFilter ref="A2:` + last + `"`, `topLeftCell="A3"`, `state="frozen"`, `fitToPage="true"`, `<dimension ref="A1:` + last + `"`}
	drawn := false
	for _, f := range z.File {
		drawn = drawn || strings.HasPrefix(f.Name, "xl/charts/")
		if f.Name != "xl/worksheets/sheet1.xml" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		for _, want := range wanted {
			if !strings.Contains(strings.ReplaceAll(string(text), "$", ""), want) {
				t.Errorf("%s: the sheet lacks %s", filepath.Base(book), want)
			}
		}
	}
	if drawn != chart {
		t.Errorf("a chart is drawn: %t, declared: %t", drawn, chart)
	}
}

// TestReportRefusals reads every message that an analyst gets who asks for something that is not there.
func TestReportRefusals(t *testing.T) {
	dir := newProject(t)
	if r := piccoli(t, dir, nil, "report", "piani-in-ritardo"); r.code != exitProject || !strings.Contains(r.err, "il magazzino dati non c'è ancora") || !strings.Contains(r.err, "`piccoli build`") {
		t.Fatalf("%d\n%s", r.code, r.err)
	}
	db := filepath.Join(dir, "data", "piccoli.duckdb")
	if r := piccoli(t, dir, nil, "build"); r.code != 0 {
		t.Fatal(r.err)
	}
	for _, c := range []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"pian-in-ritardo"}, exitUsage, []string{"il rapporto «pian-in-ritardo» non esiste", "forse piani-in-ritardo?"}},
		{[]string{"piani-in-ritardo", "--param", "region=Umbria"}, exitUsage, []string{"non ha il parametro «region»", "forse «regione»?"}},
		{[]string{"piani-in-ritardo", "--param", "regione=Calabia"}, exitUsage, []string{"regione=Calabia: non si conosce", "forse «Calabria»?"}},
		{[]string{"piani-in-ritardo", "--param", "alla_data=31/02/2024"}, exitUsage, []string{"alla_data=31/02/2024: il valore non va", "una data che esiste"}},
		{[]string{"piani-in-ritardo", "--param", "regione"}, exitUsage, []string{"si scrive nome=valore"}},
		{[]string{"piani-in-ritardo", "--param", "regione=Umbria", "--param", "regione=Lazio"}, exitUsage, []string{"è dato due volte"}},
		{[]string{"piani-in-ritardo", "--format", "xls"}, exitUsage, []string{"i formati sono"}},
		{[]string{"scheda-regione", "--param", "regione=Romagna"}, exitUsage, []string{"forse «Emilia-Romagna»?"}},
		{[]string{"scheda-regione", "--param", "regione=Südtirol"}, 0, []string{"Scheda della regione · Trentino-Alto Adige/Südtirol"}},
		{[]string{"scheda-regione", "--param", "regione=Umbria", "--out", filepath.Join(dir, "umbria.docx")}, exitUsage, []string{"in un file .docx non si sa che cosa scrivere; i formati sono csv"}},
		{[]string{"piani-in-ritardo", "--limt", "3"}, exitUsage, []string{"l'opzione --limt non c'è", "`piccoli report --help`"}},
		{[]string{"qualita-file", "--all-regions"}, exitUsage, []string{"non ha il parametro «regione»"}},
		{[]string{"qualita-file", "--param", "mittente=Ufficio"}, exitUsage, []string{"nei dati non c'è ancora nessun valore"}},
		// A right question over what nobody delivered yet is answered: there are no rows, and this is how to get some.
		{[]string{"piani-in-ritardo", "--param", "regione=EMILIA ROMAGNA"}, 0, []string{"Emilia-Romagna", "Nessuna riga", "Piani di intervento: niente consegnato. Mettere i file in data/inbox/piani, poi `piccoli build`"}},
		{[]string{"non-raggiunti", "--param", "regione=valle d'aosta"}, 0, []string{"Candidature di PA digitale 2026: non scaricato. `piccoli fetch padigitale`, poi `piccoli build`"}},
		{[]string{"piani-in-ritardo", "--help"}, 0, []string{"regione", "10  Umbria", "giorni_ritardo"}},
	} {
		r := piccoli(t, dir, nil, append(append([]string{"report"}, c.args...), "--db", db)...)
		if r.code != c.code {
			t.Errorf("%v: code %d, want %d\n%s", c.args, r.code, c.code, r.err)
		}
		for _, w := range c.want {
			if !strings.Contains(r.out+r.err, w) {
				t.Errorf("%v: %q is not in\n%s%s", c.args, w, r.out, r.err)
			}
		}
	}
}

// TestMisused reads what is said of a command line that is wrong, before any file is opened.
func TestMisused(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"reprot"}, "il comando «reprot» non esiste: forse report?"},
		{[]string{"report", "piani-in-ritardo", "--param"}, "dopo --param manca il suo valore"}, // and not the report's name, which stands before it
		{[]string{"query", "select 1", "--limit", "abc"}, "--limit abc: serve un numero intero"},
		{[]string{"query", "select 1", "--timeout", "10"}, "--timeout 10: serve un tempo con la sua unità"},
		{[]string{"query", "select 1", "--tmeout", "10s"}, "l'opzione --tmeout non c'è in questo comando: forse --timeout?"},
		{[]string{"simulate", "--errors", "x"}, "--errors x: serve un numero con il punto"},
		{[]string{"build", "--strict=forse"}, "--strict forse: il valore non va"},
	} {
		r := piccoli(t, dir, nil, c.args...)
		if r.code != exitUsage || !strings.Contains(r.err, c.want) {
			t.Errorf("%v: code %d, %q is not in\n%s%s", c.args, r.code, c.want, r.out, r.err)
		}
	}
	for lang, words := range map[string][]string{"it": {"USO:", "mostra questo aiuto", "NOME:"}, "en": {"USAGE:", "shows this help"}} {
		r := piccoli(t, dir, nil, "report", "--help", "--lang", lang)
		for _, w := range words {
			if r.code != 0 || !strings.Contains(r.out, w) {
				t.Errorf("--lang %s: %q is not in\n%s", lang, w, r.out)
			}
		}
	}
}
