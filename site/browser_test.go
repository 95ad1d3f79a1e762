package site

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// builtTree gives the built site to try: PICCOLI_DIST, or site/dist; without one the test is skipped.
func builtTree(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PICCOLI_DIST")
	if dir == "" {
		dir = "dist"
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "index.html")); err != nil {
		t.Skipf("no built site in %s: run piccoli build, or set PICCOLI_DIST", dir)
	}
	return dir
}

// inChromium runs a script of site/prove, which drives Chromium, with input on its standard input, and reads its report. Without Chromium
// or the packages the test is skipped.
func inChromium(t *testing.T, script string, input, report any) {
	t.Helper()
	root := needPackages(t)
	if _, err := os.Stat(filepath.Join(root, "site", "node_modules", "playwright-core")); err != nil {
		t.Skip("playwright-core is not installed: run npm ci --ignore-scripts in site/")
	}
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	if _, err := os.Stat(chromium); err != nil {
		t.Skip("no Chromium at " + chromium)
	}
	in, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script)
	cmd.Dir = filepath.Join(root, "site", "prove")
	cmd.Stdin = bytes.NewReader(in)
	var out, diag bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diag
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, diag.String())
	}
	if err := json.Unmarshal(out.Bytes(), report); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
}

type triedPage struct {
	Kind string `json:"kind"`
	Path string `json:"path"`
	// Narrow pages, the English ones, are tried at the first width only: they have the same form as their twins.
	Narrow bool `json:"narrow"`
}

// kindsOf names one page of each kind, in both languages.
func kindsOf() []triedPage {
	var out []triedPage
	for _, p := range []triedPage{
		{Kind: "home", Path: ""}, {Kind: "comuni", Path: "comuni/"}, {Kind: "lettera", Path: "comuni/c/"}, {Kind: "comune con percorso", Path: "comuni/019017/"},
		{Kind: "comune senza evidenze", Path: "comuni/001003/"}, {Kind: "comune cambiato", Path: "comuni/090001/"}, {Kind: "regioni", Path: "regioni/"},
		{Kind: "regione", Path: "regioni/umbria/"}, {Kind: "programmi", Path: "programmi/"}, {Kind: "programma", Path: "programmi/piccoli/"},
		{Kind: "finestre", Path: "programmi/avviso-piccoli-comuni/finestre/"}, {Kind: "osservatorio", Path: "osservatorio/"}, {Kind: "qualita", Path: "qualita/"},
		{Kind: "province", Path: "province/"}, {Kind: "provincia", Path: "province/pg/"}, {Kind: "confronta", Path: "confronta/"}, {Kind: "coppia", Path: "confronta/lazio/umbria/"},
		{Kind: "codice nato da più comuni", Path: "comuni/005122/"}, {Kind: "correzioni", Path: "correzioni/"},
		{Kind: "ambiti", Path: "ambiti/"}, {Kind: "ambito", Path: "ambiti/smart-working/"}, {Kind: "confronti", Path: "confronti/"}, {Kind: "cronologia", Path: "cronologia/"},
		{Kind: "fonti", Path: "fonti/"}, {Kind: "dati", Path: "dati/"}, {Kind: "dataset con grafico", Path: "dati/imbuto_nazionale/"},
		{Kind: "dataset con mappa", Path: "dati/ammessi_per_regione/"}, {Kind: "dataset lungo", Path: "dati/comuni/"}, {Kind: "metodo", Path: "metodo/"}, {Kind: "laboratorio", Path: "laboratorio/"},
		{Kind: "note legali", Path: "note-legali/"}, {Kind: "privacy", Path: "privacy/"}, {Kind: "accessibilita", Path: "accessibilita/"}, {Kind: "404", Path: "404.html"},
	} {
		out = append(out, p, triedPage{p.Kind + " (en)", "en/" + p.Path, true})
	}
	return out
}

// TestBrowser opens one page of each kind in Chromium, at 320 and 1280 px, and walks the ways from the first page.
func TestBrowser(t *testing.T) {
	dir := builtTree(t)
	server := httptest.NewServer(squeezed(http.FileServer(http.Dir(dir))))
	defer server.Close()
	type way struct {
		Name   string   `json:"name"`
		Clicks []string `json:"clicks"`
		Wants  []string `json:"wants"`
	}
	type search struct {
		Prefix string `json:"prefix"`
		Query  string `json:"query"`
		Wants  string `json:"wants"`
	}
	input := map[string]any{
		"base": server.URL + "/", "pages": kindsOf(), "widths": []int{320, 1280},
		"ways": []way{
			{"ten comuni of Umbria", []string{"Umbria"}, []string{"Acquasparta", "Baschi", "Campello sul Clitunno", "Castel Ritaldi",
				"Cerreto di Spoleto", "Lisciano Niccone", "Massa Martana", "Montecchio", "Montone", "Tuoro sul Trasimeno", "10 comuni", "8, 22 ottobre 2021"}},
			{"Casale Cremasco", []string{"Lombardia", "Casale Cremasco-Vidolasco"}, []string{"Manifestazione di interesse", "Ammess", "Smart working",
				"Temi del piano", "PagoPA"}},
			{"contested totals", []string{"Cifre contese"}, []string{"1.502", "1.111", "42.000.000 €", "22.000.000 €", "25.000.000 €"}},
			{"contested totals in English", []string{"English", "Contested figures"}, []string{"1,502", "1,111", "€42,000,000"}},
			{"budget", []string{"Perché le cifre della dotazione sono diverse"}, []string{"42.000.000 €"}},
		},
		"searches": []search{
			{"", "casale crem", "/comuni/019017/"}, {"en/", "umbr", "/en/regioni/umbria/"}, {"", "aglie", "/comuni/001001/"},
			{"", "cassale cremasko", "/comuni/019017/"}, {"", "umbira", "/regioni/umbria/"}, {"", "SANTAGATA DEL BIANCO", "/comuni/080079/"}, {"en/", "metod", "/en/metodo/"},
			{"", "vidolasco casale", "/comuni/019017/"},
		},
	}
	var report struct {
		Problems []string
		Weights  map[string]struct {
			Path  string
			Bytes int
		}
	}
	inChromium(t, "browser.mjs", input, &report)
	for _, p := range report.Problems {
		t.Error(p)
	}
	for kind, w := range report.Weights {
		t.Logf("%-28s %7d bytes compressed  %s", kind, w.Bytes, w.Path)
		if limit := 130_000; w.Bytes > limit {
			t.Errorf("%s: %d bytes in the first view, more than %d", w.Path, w.Bytes, limit)
		}
	}
}

// squeezed compresses text as a real server would, so that weights are those of the wire.
func squeezed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".woff2") || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		r.Header.Del("Range")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		next.ServeHTTP(squeezedWriter{w, z}, r)
	})
}

type squeezedWriter struct {
	http.ResponseWriter
	z io.Writer
}

func (w squeezedWriter) WriteHeader(code int) {
	w.Header().Del("Content-Length")
	w.ResponseWriter.WriteHeader(code)
}

func (w squeezedWriter) Write(b []byte) (int, error) { return w.z.Write(b) }
