package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// files: what no reader could bear is refused by its name, all of it at once, and the last good site stays.
func (h hostileSite) files(t *testing.T) {
	before := digest(t, h.dist)
	was := names(t, h.root)
	const header = "id_fabbisogno;id_domanda;id_laboratorio;fabbisogno;area;priorita\n"
	long := 64 << 20
	if os.Getenv("PICCOLI_OSTILI") != "" {
		long = 1 << 30
	}
	wanted := map[string]string{}
	for _, f := range []struct {
		name, want string
		write      func(io.Writer) error
	}{
		{"cella_enorme.csv", ":2: qui comincia una riga più lunga di 16 MiB", func(w io.Writer) error {
			_, err := io.Copy(w, io.MultiReader(strings.NewReader(header+"F-1;;X0001;"), io.LimitReader(letters{}, int64(long)), strings.NewReader(";a;alta\n")))
			return err
		}},
		{"centomila_colonne.csv", ":1: 100006 colonne: più di 1000 non se ne leggono", asText(strings.TrimSuffix(header, "\n") + strings.Repeat(";x", 100_000) + "\n" + strings.Repeat(";", 100_005) + "\n")},
		{"intestazione_enorme.csv", "nessuna delle prime righe ha i nomi", asText(strings.Repeat("script=", 1<<20) + "\n")},
		{"byte_zero.csv", "il file contiene byte zero", asText(header + "F-1;;X0001;a\x00b;a;alta\n")},
		{"bomba_compressa.csv.gz", "supera", func(w io.Writer) error {
			z := gzip.NewWriter(w)
			_, err := io.Copy(z, io.MultiReader(strings.NewReader(header), io.LimitReader(letters{}, 256<<20)))
			return firstOf(err, z.Close())
		}},
		{"bomba.zip", "supera", archive("fabbisogni.csv", io.MultiReader(strings.NewReader(header), io.LimitReader(letters{}, 256<<20)))},
		{"risate.xlsx", "DOCTYPE", book(`<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "`+strings.Repeat("&a;", 1000)+`"><!ENTITY c "`+strings.Repeat("&b;", 1000)+`">]>`, "&c;")},
		{"fuori.xlsx", "DOCTYPE", book(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`, "&a;")},
		{"pagina.csv", "pagina", asText("<!DOCTYPE html><script>piccoliEseguito=1</script>\n")},
		{"programma.csv", "", asText("\x7fELF\x02\x01\x01\x00\x00\x00")},
		{"archivio_in_archivio.zip", "un archivio dentro un archivio", func(w io.Writer) error {
			var inner bytes.Buffer
			if err := archive("fabbisogni.csv", strings.NewReader(header+"F-1;;X0001;a;a;alta\n"))(&inner); err != nil {
				return err
			}
			return archive("fabbisogni.zip", &inner)(w)
		}},
	} {
		path := filepath.Join(h.root, "data", "inbox", "fabbisogni", f.name)
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := firstOf(f.write(out), out.Close()); err != nil {
			t.Fatal(err)
		}
		wanted[f.name] = f.want
	}
	link := filepath.Join(h.root, "data", "inbox", "piani", "fuori.csv") // what the link leads to is read like any file, and is none of ours
	if err := os.Symlink("/etc/passwd", link); err != nil {
		t.Fatal(err)
	}
	wanted["fuori.csv"] = ""
	outside := filepath.Join(h.root, "data", "evaso.csv")
	escaping := filepath.Join(h.root, "data", "inbox", "attivita", "evade.zip")
	out, err := os.Create(escaping)
	if err != nil {
		t.Fatal(err)
	}
	if err := firstOf(archive("../../evaso.csv", strings.NewReader("id_attivita;programma\nA;piccoli\n"))(out), out.Close()); err != nil {
		t.Fatal(err)
	}
	wanted["evade.zip"] = ""

	r := piccoli(t, h.root, nil, "build", "--as-of", "2020-06-01")
	if r.code != 4 {
		t.Errorf("%d\n%s", r.code, r.err)
	}
	lines := strings.Split(r.err, "\n")
	for name, want := range wanted {
		found := ""
		for _, l := range lines {
			if strings.Contains(l, "/"+name+":") {
				found = l
			}
		}
		if found == "" || !strings.Contains(found, want) || len(found) > 1000 {
			t.Errorf("%s: said %.300q, want %q", name, found, want)
		}
	}
	if strings.Contains(r.err, "root:") {
		t.Error("what stands in /etc/passwd is told")
	}
	if _, err := os.Lstat(outside); err == nil {
		t.Error("an archive wrote outside")
	}
	compareTrees(t, before, digest(t, h.dist))
	for _, n := range names(t, h.root) {
		if !strings.HasPrefix(n, "/data/inbox/") && !slices.Contains(was, n) {
			t.Errorf("litter: %s", n)
		}
	}
	t.Logf("%d files refused", len(wanted))
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// letters is a text without an end.
type letters struct{}

func (letters) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func asText(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func archive(name string, r io.Reader) func(io.Writer) error {
	return func(w io.Writer) error {
		z := zip.NewWriter(w)
		f, err := z.Create(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, r)
		return firstOf(err, z.Close())
	}
}

// book is a workbook whose one sheet has that prologue and, in its one cell, that text.
func book(prologue, cell string) func(io.Writer) error {
	const main, relations = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`, `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	return func(w io.Writer) error {
		z := zip.NewWriter(w)
		for _, part := range [][2]string{
			{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`},
			{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
			{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + relations + `"><sheets><sheet name="Foglio1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
			{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relations + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
			{"xl/worksheets/sheet1.xml", prologue + fmt.Sprintf(`<worksheet xmlns=%q><sheetData><row r="1"><c t="inlineStr"><is><t>%s</t></is></c></row></sheetData></worksheet>`, main, cell)},
		} {
			f, err := z.Create(part[0])
			if err != nil {
				return err
			}
			if _, err := io.WriteString(f, part[1]); err != nil {
				return err
			}
		}
		return z.Close()
	}
}
