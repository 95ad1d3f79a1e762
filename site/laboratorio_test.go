package site

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLaboratory asks the SQL page, in Chromium and under the headers of the server, for whole datasets and wants what their CSV files say.
func TestLaboratory(t *testing.T) {
	dir := builtTree(t)
	server := httptest.NewServer(Handler(dir))
	defer server.Close()
	type query struct {
		Name string `json:"name"`
		SQL  string `json:"sql"`
	}
	queries := []query{{"somma", "select sum(popolazione_legale_2011) as n, count(*) as righe from marts.comuni where piccolo_comune"}}
	for _, name := range []string{"regioni", "dotazioni", "cifre_ufficiali", "comuni", "cronologia"} {
		queries = append(queries, query{name, "-- tutte le righe; senza altro\nfrom " + name + ";"})
	}
	var report struct {
		Problems []string
		Answers  map[string]string
	}
	inChromium(t, "laboratorio.mjs", map[string]any{"base": server.URL + "/", "queries": queries}, &report)
	for _, p := range report.Problems {
		t.Error(p)
	}
	read := func(text string) [][]string {
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	for _, q := range queries[1:] {
		raw, err := os.ReadFile(filepath.Join(dir, "data", q.Name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(read(string(raw)), read(report.Answers[q.Name])); diff != "" {
			t.Errorf("%s: published, then asked:\n%s", q.Name, diff)
		}
	}
	var people, small string
	for _, r := range read(report.Answers["somma"])[1:] {
		people, small = r[0], r[1]
	}
	raw, err := os.ReadFile(filepath.Join(dir, "data", "regioni.json"))
	if err != nil {
		t.Fatal(err)
	}
	var regions []struct {
		Piccoli     int64 `json:"piccoli_comuni"`
		Popolazione int64 `json:"popolazione_piccoli_comuni_2011"`
	}
	if err := json.Unmarshal(raw, &regions); err != nil {
		t.Fatal(err)
	}
	var wantPeople, wantSmall int64
	for _, r := range regions {
		wantPeople, wantSmall = wantPeople+r.Popolazione, wantSmall+r.Piccoli
	}
	if people != itoa(wantPeople) || small != itoa(wantSmall) {
		t.Errorf("asked: %s people in %s comuni; published: %d in %d", people, small, wantPeople, wantSmall)
	}
}

// TestLaboratoryWeight wants the page to say before anything is loaded what the server then sends, in both languages.
func TestLaboratoryWeight(t *testing.T) {
	dir := builtTree(t)
	files, err := filepath.Glob(filepath.Join(dir, "assets", "laboratorio", "*"))
	if err != nil || len(files) != 3 {
		t.Fatalf("module, worker and engine are %q: %v", files, err)
	}
	var module, scripts float64
	for _, f := range files {
		sent := httptest.NewRecorder()
		asked := httptest.NewRequest("GET", "/assets/laboratorio/"+filepath.Base(f), nil)
		asked.Header.Set("Accept-Encoding", "gzip")
		Handler(dir).ServeHTTP(sent, asked)
		if sent.Code != 200 || sent.Header().Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %d, %v", f, sent.Code, sent.Header())
		}
		if mb := float64(sent.Body.Len()) / 1e6; strings.HasSuffix(f, ".wasm") {
			module += mb
		} else {
			scripts += mb
		}
	}
	number := `([0-9]+(?:[.,][0-9])?)`
	for page, sentence := range map[string]string{"": number + " MB compressi, più " + number + " MB di script", "en/": number + " MB compressed, plus " + number + " MB of scripts"} {
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(page), "laboratorio", "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		said := regexp.MustCompile(sentence).FindSubmatch(raw)
		if said == nil {
			t.Errorf("%slaboratorio/ does not say what it loads", page)
			continue
		}
		for i, sent := range []float64{module, scripts} {
			mb, err := strconv.ParseFloat(strings.Replace(string(said[i+1]), ",", ".", 1), 64)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(mb-sent) > max(0.06, sent/16) { // this server compresses in haste: some 4 % more than nginx and the page, which do so at level 6
				t.Errorf("%slaboratorio/ says %s MB, %.2f MB are sent", page, said[i+1], sent)
			}
		}
	}
}
