package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
	"piccoli/site"
)

// everyFile calls look for every file below a folder whose name ends so.
func everyFile(t *testing.T, folder, ending string, look func(path string)) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ending) {
			seen++
			look(path)
		}
		return err
	})
	if err != nil || seen == 0 {
		t.Fatalf("%d files *%s in %s: %v", seen, ending, folder, err)
	}
}

var formula = regexp.MustCompile(`<f[ />]|<(oleLink|ddeLink|externalReference|hyperlink)[ />]`)

// workbooks: no published workbook, no copy of the quarantine and no report has a cell that is computed or leads away.
func (h hostileSite) workbooks(t *testing.T) {
	book := filepath.Join(t.TempDir(), "fabbisogni.xlsx")
	if r := piccoli(t, h.root, nil, "query", "select * from staging.fabbisogni", "--out", book, "--format", "xlsx"); r.code != 0 {
		t.Error(r.err)
	}
	look := func(path string) {
		z, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		for _, f := range z.File {
			if !strings.HasPrefix(f.Name, "xl/") {
				continue
			}
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if found := formula.Find(text); found != nil {
				t.Errorf("%s: %s holds %s", path, f.Name, found)
			}
		}
	}
	look(book)
	everyFile(t, h.dist, ".xlsx", look)
	everyFile(t, filepath.Join(h.root, "data", "quarantena"), ".xlsx", look)

	if _, err := exec.LookPath("soffice"); err != nil {
		t.Log("soffice is not installed: no workbook is opened in LibreOffice")
		return
	}
	out := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "soffice", "--headless", "-env:UserInstallation=file://"+filepath.Join(out, "profilo"), "--convert-to", `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false`, "--outdir", out, book)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	want, got := sheetOf(t, book), records(t, filepath.Join(out, "fabbisogni.csv"))
	if len(got) < len(want) {
		t.Fatalf("%d rows in LibreOffice, want %d", len(got), len(want))
	}
	for i := range want {
		if !slices.Equal(want[i], got[i][:len(want[i])]) {
			t.Errorf("row %d is %.200q in LibreOffice, want %.200q", i, got[i], want[i])
		}
	}
}

// reports are the answers to questions that show the texts, each an HTML file: reports are written by the same hand.
func (h hostileSite) reports(t *testing.T) (files []string) {
	t.Helper()
	folder := t.TempDir()
	for _, table := range []string{"domande", "fabbisogni", "laboratori", "operazioni", "rendicontazioni"} {
		file := filepath.Join(folder, table+".html")
		if r := piccoli(t, h.root, nil, "query", "select * from staging."+table, "--format", "html", "--out", file); r.code != 0 {
			t.Error(r.err)
		}
		files = append(files, file)
	}
	return files
}

// pages: no tag, handler, address or script of a text is in any page.
func (h hostileSite) pages(t *testing.T, reports []string) {
	holding := 0
	look := func(path string) {
		text := read(t, path)
		if strings.Contains(text, "piccoliEseguito") {
			holding++
		}
		z, script := html.NewTokenizer(strings.NewReader(text)), false
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			token := z.Token()
			if kind == html.TextToken && script && strings.Contains(token.Data, "piccoliEseguito") {
				t.Errorf("%s: a text is in a script: %.200s", path, token.Data)
			}
			if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
				continue
			}
			script = token.Data == "script"
			if slices.Contains([]string{"iframe", "object", "embed", "base", "frame", "applet", "marquee", "xss", "x", "plaintext"}, token.Data) {
				t.Errorf("%s: a tag of a text: %s", path, token)
			}
			for _, a := range token.Attr {
				leads := slices.Contains([]string{"href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href", "style"}, a.Key)
				if strings.HasPrefix(a.Key, "on") || leads && (strings.Contains(strings.ToLower(a.Val), "script:") || strings.Contains(a.Val, "ostile.invalid")) {
					t.Errorf("%s: a text has an effect: %s", path, token)
				}
			}
			if script {
				for _, a := range token.Attr {
					script = script && (a.Key != "type" || a.Val != "application/ld+json")
				}
			}
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r", r) || r == 0x7f }); i >= 0 {
			t.Errorf("%s: a control character at byte %d", path, i)
		}
	}
	everyFile(t, h.dist, ".html", look)
	for _, file := range reports {
		look(file)
	}
	if holding < 15 {
		t.Errorf("only %d pages hold a text that would run", holding)
	}
}

// terminal: reports, answers and digests have nothing that a terminal obeys or hides.
func (h hostileSite) terminal(t *testing.T) {
	said := func(args ...string) {
		t.Helper()
		r := piccoli(t, h.root, nil, args...)
		if r.code != 0 {
			t.Errorf("%v: %d\n%s", args, r.code, r.err)
		}
		text := r.out + r.err
		if i := strings.IndexFunc(text, func(r rune) bool {
			return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.In(r, unicode.Zl, unicode.Zp))
		}); i >= 0 {
			t.Errorf("%v: %q", args, text[max(0, i-20):min(len(text), i+20)])
		}
	}
	said("query", "select * from staging.fabbisogni", "--format", "md")
	said("query", "select * from staging.domande", "--lang", "en")
	for _, q := range contract(t).Layer(catalog.Reports) {
		args, compares := []string{"report", desk.Name(q)}, false
		for _, p := range q.Params {
			compares = compares || p.Type == catalog.ComparisonParam // of versions, of which there are none
			if !p.Optional && p.Default == "" {
				args = append(args, "--param", p.Name+"="+map[string]string{"regione": "umbria", "comune": "054028", "programma": "P.I.C.C.O.L.I."}[p.Name])
			}
		}
		if !compares {
			said(args...)
		}
	}
}

// browser: in Chromium, without the site's policy, nothing of the texts runs and nothing is asked of anybody else.
func (h hostileSite) browser(t *testing.T, reports []string) {
	chromium := orElse(os.Getenv("CHROMIUM"), "/usr/bin/chromium")
	if _, err := os.Stat(chromium); err != nil {
		t.Skip("no Chromium at " + chromium)
	}
	prove, err := filepath.Abs("../../site/prove")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(prove, "..", "node_modules", "playwright-core")); err != nil {
		t.Skip("the packages of the tests are not installed: run npm ci --ignore-scripts in site/")
	}
	mux := http.NewServeMux()
	mux.Handle("/", site.Handler(h.dist))
	mux.Handle("/rapporti/", http.StripPrefix("/rapporti/", http.FileServer(http.Dir(filepath.Dir(reports[0])))))
	server := httptest.NewServer(mux)
	defer server.Close()
	var paths []string
	for _, file := range reports {
		paths = append(paths, "rapporti/"+filepath.Base(file))
	}
	comuni := 0
	everyFile(t, h.dist, ".html", func(path string) {
		rel, err := filepath.Rel(h.dist, path)
		if err != nil {
			t.Fatal(err)
		}
		rel = filepath.ToSlash(rel)
		if text := read(t, path); !strings.HasPrefix(rel, "en/") && (strings.Contains(text, "piccoliEseguito") || strings.Contains(text, "ostile.invalid")) {
			if strings.HasPrefix(rel, "comuni/") {
				if comuni++; comuni > 10 {
					return
				}
			}
			paths = append(paths, strings.TrimSuffix(rel, "index.html"))
		}
	})
	in, err := json.Marshal(map[string]any{"base": server.URL + "/", "paths": paths})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "ostili.mjs")
	cmd.Dir, cmd.Stdin = prove, bytes.NewReader(in)
	var out, diag bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diag
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, diag.String())
	}
	var report struct {
		Pages    int
		Control  bool
		Problems []string
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if !report.Control {
		t.Error("a page that does run a text was not noticed")
	}
	for _, p := range report.Problems {
		t.Error(p)
	}
	t.Logf("%d pages in Chromium", report.Pages)
}
