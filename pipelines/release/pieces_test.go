package release_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

// tampered is a file that somebody changed, and what verify says of it.
type tampered struct {
	file string
	edit func([]byte) []byte
	want string
}

// finds changes one file after the other, with every digest mended, and wants each found by what is in it; values is Verifier's.
func (p project) finds(values int64, cases []tampered) {
	p.t.Helper()
	t := p.t.(*testing.T)
	said := func() string {
		v, err := release.Verify(t.Context(), p.data(), release.Verifier{Threads: 2, Values: values})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Problems) == 0 {
			return ""
		}
		return v.Problems.In("en")
	}
	if got := said(); got != "" {
		t.Fatalf("as built: %s", got)
	}
	for _, c := range cases {
		before, err := os.ReadFile(filepath.Join(p.data(), filepath.FromSlash(c.file)))
		if err != nil {
			t.Fatal(err)
		}
		after := c.edit(bytes.Clone(before))
		if bytes.Equal(before, after) {
			t.Fatalf("%s: nothing to change for %s", c.file, c.want)
		}
		reissue(t, p.data(), c.file, after)
		if got := said(); !strings.Contains(got, c.file+": "+c.want) {
			t.Errorf("%s: %q, want %s", c.file, got, c.want)
		}
		reissue(t, p.data(), c.file, before)
	}
	if got := said(); got != "" {
		t.Errorf("put back: %s", got)
	}
}

// TestListPieces tampers with the forms that a list has beside those of every dataset: years and Funds, XML, English headings.
func TestListPieces(t *testing.T) {
	p := newProject(t, "testdata/elenco.txtar")
	p.publish()
	replaced := func(old, new string) func([]byte) []byte {
		return func(body []byte) []byte { return bytes.Replace(body, []byte(old), []byte(new), 1) }
	}
	p.finds(release.SmallRows, []tampered{
		{"atti/2021-FSE.csv", func(b []byte) []byte { return append(b, "D,2021,FSE,Ente,1.00,50.00,2021-01-01\n"...) }, "it has 2 rows, the manifest says 1"},
		{"atti/2022-FESR.csv", replaced("quota_pct", "quota"), "the columns are id, anno, fondo, beneficiario, importo_eur, quota, data"},
		{"atti/2021-FSE.csv", replaced("1000.00", "1000.01"), `in row 1 "importo_eur" is "1000.01", in the Parquet it is "1000.00"`},
		{"atti/2022-FESR.csv", replaced(",2022,", ",2021,"), `in row 1 "anno" is "2021", in the Parquet it is "2022"`},
		{"atti.xml", replaced("</riga>\n<riga>", "</riga>\n<righa>"), "it has 1 rows, the manifest says 2"},
		{"atti.xml", replaced(`<colonna nome="anno">`, `<colonna nome="anni">`), "the columns are id, anni,"},
		{"atti.xml", replaced(`dataset="atti"`, `dataset="arti"`), `the file says that it is "arti"`},
		{"atti.xml", replaced("Amount", "Sum"), `of "importo_eur" the file says something else than the manifest`},
		{"atti.xml", replaced(">0.10<", ">0.11<"), `in row 2 "importo_eur" is "0.11", in the Parquet it is "0.10"`},
		{"atti.xml", replaced("<quota_pct>50.00</quota_pct>", ""), `in row 1 "quota_pct" is "∅", in the Parquet it is "50.00"`},
		{"atti.xml", replaced("</righe>\n</elenco>", ""), "it can't be read to its end"},
		{"atti/2022-FESR.csv", replaced("FESR", "FSE"), `in row 1 "fondo" is "FSE", in the Parquet it is "FESR"`},
		{"list-of-acts/2021-FSE.en.csv", replaced("Fund", "Fondo"), "the columns are Identifier, Year, Fondo"},
		{"list-of-acts/2022-FESR.en.csv", replaced("0.10", "0.20"), `in row 1 "importo_eur" is "0.20", in the Parquet it is "0.10"`},
		{"list-of-acts.en.csv", replaced("2022-02-01", "2022-02-02"), `in row 2 "data" is "2022-02-02", in the Parquet it is "2022-02-01"`},
		{"atti.parquet", replaced(`"name":"importo_eur","type":"number"`, `"name":"importo_eur","type":"string"`), `of "schema.importo_eur" the file says something else than the manifest`},
		{"croissant.json", replaced(`"contentUrl": "atti/2022-FESR.csv"`, `"contentUrl": "atti/2023-FESR.csv"`), `"atti/2022-FESR.csv, size": the document says`},
		{"manifest.json", replaced("],\n        \"rows\": 1", "],\n        \"rows\": 2"), `the pieces of "atti" have 3 rows in all, the dataset has 2`},
	})
}

// TestRegionPieces tampers with a large dataset's folder by region: rows and types are found always, cells where they are asked for.
func TestRegionPieces(t *testing.T) {
	p := newProject(t, "testdata/project.txtar")
	mart := filepath.Join(p.root, "queries", "marts", "molte.sql")
	text, err := os.ReadFile(mart)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mart, []byte(regional("queries/marts/molte.sql", string(text))), 0o644); err != nil {
		t.Fatal(err)
	}
	p.publish()
	db, err := warehouse.Scratch(t.Context(), 2, "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file := func(region string) string { return "molte/codice_regione=" + region + "/molte.parquet" }
	// written is a piece made anew from another, with what the file says of itself or not.
	written := func(from, selects string, says bool) func([]byte) []byte {
		return func([]byte) []byte {
			at, to, options := catalog.Literal(filepath.Join(p.data(), file(from))), filepath.Join(t.TempDir(), "x.parquet"), ""
			if says {
				if err := db.QueryRow(`select ', kv_metadata {' || string_agg('"' || decode(key) || '": ''' || replace(decode(value), '''', '''''') || '''', ', ') || '}' from parquet_kv_metadata(` + at + ")").Scan(&options); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := db.Exec(fmt.Sprintf("copy (select %s from read_parquet(%s, hive_partitioning = false) order by numero) to %s (format parquet%s)", selects, at, catalog.Literal(to), options)); err != nil {
				t.Fatal(err)
			}
			body, err := os.ReadFile(to)
			if err != nil {
				t.Fatal(err)
			}
			return body
		}
	}
	p.finds(release.SmallRows, []tampered{
		{file("01"), written("12", "*", true), "it has 83333 rows, the manifest says 83334"},
		{file("12"), written("12", "numero, codice_istat, importo_eur::double as importo_eur", true), `the column "importo_eur" is DOUBLE, the manifest says decimal(18,2)`},
		{file("12"), written("12", "numero, importo_eur", true), "the columns are numero, importo_eur, the manifest says numero, codice_istat, importo_eur"},
		{file("12"), written("12", "*", false), `of "column.codice_istat.en" the file says something else than the manifest`},
	})
	p.finds(math.MaxInt64, []tampered{
		{file("12"), written("__HIVE_DEFAULT_PARTITION__", "*", true), `in row 1 "numero" is "2", in the Parquet it is "1"`},
		{file("12"), written("12", "* replace ((importo_eur + (numero = 4)::integer)::decimal(18,2) as importo_eur)", true), `in row 2 "importo_eur" is "31677.00", in the Parquet it is "31676.00"`},
	})
}

// TestBesideData puts a file next to data/: in the archive and on the site, where a version's two pages stand there. A folder of another name is somebody's own.
func TestBesideData(t *testing.T) {
	p := newProject(t, "testdata/versioni.base.txtar")
	p.publish()
	folder := p.mustFreeze("1.0.0").Folder
	version := filepath.Dir(folder)
	for _, name := range []string{"index.html", "cosa-e-cambiato/index.html", "altro.csv", "cosa-e-cambiato/altro.html", "data.zip"} {
		at := filepath.Join(version, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	got := problems(t, folder)
	for _, name := range []string{"altro.csv", "cosa-e-cambiato/altro.html", "data.zip"} {
		if !strings.Contains(got, "../"+name+": the manifest does not know this file") {
			t.Errorf("%s is not named: %s", name, got)
		}
	}
	if strings.Contains(got, "index.html") {
		t.Error(got)
	}
	own := filepath.Join(p.root, "scaricati")
	if err := os.Rename(version, own); err != nil {
		t.Fatal(err)
	}
	if got := problems(t, filepath.Join(own, "data")); got != "" {
		t.Error(got)
	}
}
