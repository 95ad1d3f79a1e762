package release_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// TestList holds the further forms of a list by law against its CSV: the same rows under English headings, the pieces by year and Fund, XML; and wants them in the manifest, checked by verify.
func TestList(t *testing.T) {
	p := newProject(t, "testdata/elenco.txtar")
	p.publish()
	read := func(name string) [][]string {
		t.Helper()
		f, err := os.Open(filepath.Join(p.data(), filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	rows := read("atti.csv")
	if d := cmp.Diff([][]string{{"id", "anno", "fondo", "beneficiario", "importo_eur", "quota_pct", "data"}, {"A", "2021", "FSE", "L’ente \"uno\", il primo", "1000.00", "50.00", "2021-12-31"},
		{"B", "2022", "FESR", "Ente & Figli <srl>", "0.10", "80.00", "2022-02-01"}}, rows); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	english := read("list-of-acts.en.csv")
	if d := cmp.Diff([]string{"Identifier", "Year", "Fund", `Beneficiary name, "as stated"`, "Amount", "Share (%)", "Date"}, english[0]); d != "" {
		t.Errorf("English headings: -want +got:\n%s", d)
	}
	if d := cmp.Diff(rows[1:], english[1:]); d != "" {
		t.Errorf("rows under English headings: -want +got:\n%s", d)
	}
	for i, piece := range []string{"2021-FSE", "2022-FESR"} {
		if d := cmp.Diff([][]string{rows[0], rows[i+1]}, read("atti/"+piece+".csv")); d != "" {
			t.Errorf("%s: -want +got:\n%s", piece, d)
		}
		if d := cmp.Diff([][]string{english[0], rows[i+1]}, read("list-of-acts/"+piece+".en.csv")); d != "" {
			t.Errorf("%s under English headings: -want +got:\n%s", piece, d)
		}
	}
	type value struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	}
	var x struct {
		Law     []string `xml:"norma"`
		Columns []struct {
			Name  string   `xml:"nome,attr"`
			Words []string `xml:"voce"`
		} `xml:"colonne>colonna"`
		Rows []struct {
			Values []value `xml:",any"`
		} `xml:"righe>riga"`
	}
	raw, err := os.ReadFile(filepath.Join(p.data(), "atti.xml"))
	if err == nil {
		err = xml.Unmarshal(raw, &x)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Law) != 2 || x.Law[0] != "Legge & norma" || len(x.Columns) != 7 || x.Columns[3].Words[1] != english[0][3] {
		t.Errorf("XML: %q %v", x.Law, x.Columns)
	}
	var got [][]string
	for _, r := range x.Rows {
		var line []string
		for i, v := range r.Values {
			if v.XMLName.Local != rows[0][i] {
				t.Errorf("XML: <%s> in the place of %s", v.XMLName.Local, rows[0][i])
			}
			line = append(line, v.Text)
		}
		got = append(got, line)
	}
	if d := cmp.Diff(rows[1:], got); d != "" {
		t.Errorf("XML: -want +got:\n%s", d)
	}
	v, err := release.Verify(t.Context(), p.data(), release.Verifier{Threads: 2})
	if err != nil || len(v.Problems) > 0 {
		t.Fatal(err, v.Problems)
	}
	files := map[string]release.Output{}
	for _, o := range v.Manifest.Files {
		files[o.Path] = o
	}
	for _, path := range []string{"atti.xml", "list-of-acts.en.csv", "atti/2021-FSE.csv", "list-of-acts/2022-FESR.en.csv"} {
		if files[path].Dataset != "atti" || (files[path].Rows != nil) == strings.Contains(path, "/") {
			t.Errorf("manifest: %s: %+v", path, files[path])
		}
	}
	// Other headings, under the digest that they have, are still found.
	forge(t, p.data(), "list-of-acts.en.csv", func(s string) string { return strings.Replace(s, "Amount", "Importo", 1) })
	if v, err = release.Verify(t.Context(), p.data(), release.Verifier{Threads: 2}); err != nil || !strings.Contains(v.Problems.In("en"), "list-of-acts.en.csv: the columns are Identifier") {
		t.Error("headings of another language are not found", err, v.Problems)
	}
}

// forge changes a file and makes manifest and checksums agree with it.
func forge(t *testing.T, folder, path string, change func(string) string) {
	t.Helper()
	at := func(name string) string { return filepath.Join(folder, filepath.FromSlash(name)) }
	body, err := os.ReadFile(at(path))
	if err != nil {
		t.Fatal(err)
	}
	was, now := release.Digest(body), []byte(change(string(body)))
	for name, text := range map[string][]byte{path: now} {
		if err := os.Remove(at(name)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	manifest, err := os.ReadFile(at("manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := release.ReadManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(manifest), was, release.Digest(now))
	for _, o := range m.Files {
		if o.Path == path && o.Bytes != int64(len(now)) {
			old, _ := json.Marshal(o.Bytes)
			size, _ := json.Marshal(len(now))
			from := strings.Index(changed, `"path": "`+path+`"`)
			changed = changed[:from] + strings.Replace(changed[from:], `"bytes": `+string(old), `"bytes": `+string(size), 1)
		}
	}
	sums, err := os.ReadFile(at("SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"manifest.json": changed,
		"SHA256SUMS": strings.NewReplacer(was, release.Digest(now), release.Digest(manifest), release.Digest([]byte(changed))).Replace(string(sums))} {
		if err := os.Remove(at(name)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestListSchema holds the lists of this project against the table schemas written for them, where those are at hand: the same fields in the same order, what they require, their patterns on
// the columns' names.
func TestListSchema(t *testing.T) {
	c, err := catalog.Load(t.Context(), "../..")
	if err != nil {
		t.Fatal(err)
	}
	for dataset, file := range map[string]string{"operazioni": "operazioni", "atti_di_concessione": "atti-concessione"} {
		raw, err := os.ReadFile("../../../shared/standards/schemas/" + file + ".tableschema.json")
		if os.IsNotExist(err) {
			t.Skip("the table schemas are not at hand")
		}
		var s struct {
			Fields []struct {
				Name, Type  string
				Constraints struct{ Required bool }
			}
		}
		if err == nil {
			err = json.Unmarshal(raw, &s)
		}
		if err != nil {
			t.Fatal(err)
		}
		q := c.Find(catalog.Marts, dataset)
		if q.List == nil || len(q.Columns) < len(s.Fields) {
			t.Fatalf("%s is no list, or has %d columns of %d", dataset, len(q.Columns), len(s.Fields))
		}
		kinds := map[string]string{"text": "string", "date": "date", "integer": "year", "decimal(18,2)": "number", "decimal(5,2)": "number"}
		for i, f := range s.Fields {
			col := q.Columns[i]
			key := len(q.Key) > 0 && (col.Name == q.Key[0] || col.Name == "anno")
			if col.Name != f.Name || kinds[col.Type] != f.Type || f.Constraints.Required && !col.Required && !key {
				t.Errorf("%s: column %d is %s (%s, required %t), the schema wants %+v", dataset, i+1, col.Name, col.Type, col.Required, f)
			}
		}
	}
}
