package release_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/release"
)

// reissue writes a file of a folder of data and mends every digest and size that speaks of it, as somebody would who wants a wrong file to pass.
func reissue(t *testing.T, folder, path string, body []byte) {
	t.Helper()
	at := filepath.Join(folder, path)
	old, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, body, 0o644); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() == path || !bytes.Contains(text, []byte(release.Digest(old))) {
			continue
		}
		mended := strings.NewReplacer(release.Digest(old), release.Digest(body), fmt.Sprintf(`"bytes": %d`, len(old)), fmt.Sprintf(`"bytes": %d`, len(body)),
			fmt.Sprintf(`"%d B"`, len(old)), fmt.Sprintf(`"%d B"`, len(body))).Replace(string(text))
		reissue(t, folder, e.Name(), []byte(mended))
	}
}

// problems verifies a folder with all its values.
func problems(t *testing.T, folder string) string {
	t.Helper()
	v, err := release.Verify(context.Background(), folder, release.Verifier{Threads: 2, Values: release.SmallRows})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Problems) == 0 {
		return ""
	}
	return v.Problems.In("en")
}

// TestFormsThatDiffer changes one cell of one form, with every digest mended: verify names the file, the row, the column and both values.
func TestFormsThatDiffer(t *testing.T) {
	p := newProject(t, "testdata/versioni.base.txtar")
	p.publish()
	if got := problems(t, p.data()); got != "" {
		t.Fatalf("as built: %s", got)
	}
	replaced := func(old, new string) func([]byte) []byte {
		return func(body []byte) []byte { return bytes.Replace(body, []byte(old), []byte(new), 1) }
	}
	inSheet := func(cell string, value any) func([]byte) []byte {
		return func(body []byte) []byte {
			book, err := excelize.OpenReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := book.SetCellValue(book.GetSheetName(0), cell, value); err != nil {
				t.Fatal(err)
			}
			if err := book.Write(&out); err != nil {
				t.Fatal(err)
			}
			return out.Bytes()
		}
	}
	for _, c := range []struct {
		file string
		edit func([]byte) []byte
		want string
	}{
		{"spesa.csv", replaced("1000.10", "1000.11"), `in row 1 "importo_eur" is "1000.11", in the Parquet it is "1000.10"`},
		{"spesa.csv", replaced("054029", "054020"), `in row 3 "codice_istat" is "054020"`},
		{"spesa.csv", replaced("2021-10-22", "2021-10-23"), `in row 2 "data" is "2021-10-23"`},
		{"spesa.json", replaced("1000.10", "1000.1 "), `in row 1 "importo_eur" is "1000.1", in the Parquet it is "1000.10"`},
		{"spesa.json", replaced(`"data":null`, `"data":""  `), `in row 3 "data" is "", in the Parquet it is "∅"`},
		{"spesa.json", replaced("\n]", "\n "), "it can't be read to its end"},
		{"spesa.arrows", replaced("\xaa\x86\x01\x00\x00\x00\x00\x00", "\xab\x86\x01\x00\x00\x00\x00\x00"), `in row 1 "importo_eur" is "1000.11", in the Parquet it is "1000.10"`},
		{"spesa.arrows", replaced("Aglié", "Agliè"), `in row 1 "nome"`},
		{"spesa.xlsx", inSheet("D2", 1000.11), `in row 1 "importo_eur" is "1000.11", in the Parquet it is "1000.10"`},
		{"spesa.xlsx", inSheet("A3", "54028"), `in row 2 "codice_istat" is "54028", in the Parquet it is "054028"`},
		{"spesa.xlsx", inSheet("F2", false), `in row 1 "ammessa" is "false", in the Parquet it is "true"`},
		{"spesa.xlsx", inSheet("A5", "x"), "it has more rows than the Parquet, which has 3"},
	} {
		path := filepath.Join(p.data(), c.file)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		after := c.edit(bytes.Clone(before))
		if bytes.Equal(before, after) {
			t.Fatalf("%s: nothing to change for %s", c.file, c.want)
		}
		reissue(t, p.data(), c.file, after)
		if got := problems(t, p.data()); !strings.Contains(got, c.want) || strings.Count(got, "spesa.") != 1 {
			t.Errorf("%s: %s, want %s", c.file, got, c.want)
		}
		reissue(t, p.data(), c.file, before)
	}
	if got := problems(t, p.data()); got != "" {
		t.Errorf("put back: %s", got)
	}
}

// TestDocumentsThatDiffer changes one word of one document, with every digest mended: verify says what the document says and what the manifest.
func TestDocumentsThatDiffer(t *testing.T) {
	p := newProject(t, "testdata/versioni.base.txtar")
	p.publish()
	frozen := p.mustFreeze("1.0.0")
	if got := problems(t, frozen.Folder); got != "" {
		t.Fatalf("as frozen: %s", got)
	}
	for _, c := range []struct{ file, old, new, want string }{
		{"codebook.csv", "EUR", "USD", `"spesa.importo_eur, unita": the document says "USD", the manifest "EUR"`},
		{"codebook.csv", "Amount", "Sum", `"spesa.importo_eur, descrizione_en": the document says "Sum", the manifest "Amount"`},
		{"codebook.csv", "spesa,6,ammessa", "spesa,6,amessa", `"spesa.amessa, tipo": the document says "boolean", the manifest ""`},
		{"datapackage.json", `"type": "number"`, `"type": "string"`, `"spesa.importo_eur, type": the document says "string", the manifest "number"`},
		{"datapackage.json", `"version": "1.0.0"`, `"version": "1.0.1"`, `"version": the document says "1.0.1", the manifest "1.0.0"`},
		{"datapackage.json", `"required": true`, `"required": false`, `"spesa.codice_istat, required": the document says "false"`},
		{"datapackage.json", `"name": "nome"`, `"name": "cognome"`, `"spesa.cognome, type": the document says "string", the manifest ""`},
		{"spesa.csv-metadata.json", `"base": "decimal"`, `"base": "double"`, `"spesa.importo_eur, type": the document says "double", the manifest "decimal"`},
		{"spesa.csv-metadata.json", "The spending of municipalities", "The spending", `"spesa, description en": the document says "The spending", the manifest "The spending of municipalities"`},
		{"croissant.json", `"sc:Date"`, `"sc:Text"`, `"spesa.data, type": the document says "sc:Text", the manifest "sc:Date"`},
		{"croissant.json", `"datePublished": "2026-01-31"`, `"datePublished": "2026-01-30"`, `"date": the document says "2026-01-30"`},
		{"index.json", `"rows": 3`, `"rows": 4`, `"spesa, rows": the document says "4", the manifest "3"`},
		{"CITATION.cff", "\nversion: \"1.0.0\"", "\nversion: \"2.0.0\"", `"version": the document says "2.0.0", the manifest "1.0.0"`},
		{"CITATION.cff", "CC-BY-4.0", "CC0-1.0", `"licence": the document says "CC0-1.0", the manifest "CC-BY-4.0"`},
		{"datacite.json", `"publicationYear": "2026"`, `"publicationYear": "2025"`, `"year": the document says "2025", the manifest "2026"`},
	} {
		before, err := os.ReadFile(filepath.Join(frozen.Folder, c.file))
		if err != nil {
			t.Fatal(err)
		}
		after := strings.Replace(string(before), c.old, c.new, 1)
		if after == string(before) {
			t.Fatalf("%s does not hold %s", c.file, c.old)
		}
		reissue(t, frozen.Folder, c.file, []byte(after))
		if got := problems(t, frozen.Folder); !strings.Contains(got, c.file) || !strings.Contains(got, c.want) {
			t.Errorf("%s, %s: %s", c.file, c.new, got)
		}
		reissue(t, frozen.Folder, c.file, before)
	}
	if got := problems(t, frozen.Folder); got != "" {
		t.Errorf("put back: %s", got)
	}
}

// TestBrokenManifest truncates the manifest, empties it, takes it for another's: verify says what it is and what to do.
func TestBrokenManifest(t *testing.T) {
	p := newProject(t, "testdata/versioni.base.txtar")
	p.publish()
	at := filepath.Join(p.data(), "manifest.json")
	body, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	for name, broken := range map[string][]byte{"half": body[:len(body)/2], "a byte less than its end": body[:len(body)-3], "empty": nil,
		"another format": bytes.Replace(body, []byte("piccoli-manifest/1"), []byte("piccoli-manifest/9"), 1), "an unknown key": bytes.Replace(body, []byte(`"format"`), []byte(`"form": 1, "format"`), 1)} {
		if err := os.Remove(at); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, broken, 0o644); err != nil {
			t.Fatal(err)
		}
		if got := problems(t, p.data()); !strings.Contains(got, "manifest.json: it is no manifest that this program can read") || !strings.Contains(got, "download it again from its publisher") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestLicenceNotOpen wants a licence of open data, and of a publisher its code.
func TestLicenceNotOpen(t *testing.T) {
	_, err := release.Write(context.Background(), release.Input{Site: release.Publisher{BaseURL: "https://piccoli.example.org/", Name: "Comune di Prova", Licence: release.Licence{ID: "CC-BY-NC-4.0"}}})
	got := said(err)
	for _, want := range []string{"site/sito.yaml: la licenza «CC-BY-NC-4.0» non è tra quelle dei dati aperti", "CC-BY-4.0 or CC0-1.0", "codice_ipa «»: chi pubblica va detto anche con il suo codice", "the administration's code in the IPA index"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in:\n%s", want, got)
		}
	}
}
