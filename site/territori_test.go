package site

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rsc.io/qr"
)

// comuneJSON is a comune's file as its readers take it.
type comuneJSON struct {
	Codice  string                      `json:"codice_istat"`
	Nome    string                      `json:"denominazione"`
	Dataset map[string][]map[string]any `json:"dataset"`
}

func readComune(t *testing.T, dir, code string) (comuneJSON, [][]string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "comuni", code, "dati.json"))
	if err != nil {
		t.Fatal(err)
	}
	var c comuneJSON
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber() // an amount is compared as it is written
	if err := dec.Decode(&c); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "comuni", code, "dati.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return c, rows
}

// TestComuneFiles wants in a comune's two files the same values, and in each dataset of theirs the rows that the published dataset has.
func TestComuneFiles(t *testing.T) {
	dir := builtTree(t)
	for _, code := range []string{"019017", "001003", "054028", "090001"} {
		c, rows := readComune(t, dir, code)
		if c.Codice != code || len(c.Dataset["comuni"]) != 1 || c.Dataset["comuni"][0]["codice_istat"] != code {
			t.Errorf("%s: the file is about %q, comuni %v", code, c.Codice, c.Dataset["comuni"])
		}
		values := map[[4]string]bool{}
		for _, r := range rows[1:] {
			if r[0] != code {
				t.Fatalf("%s: a line of %s", code, r[0])
			}
			values[[4]string{r[1], r[2], r[3], r[4]}] = true
		}
		found := 0
		for name, list := range c.Dataset {
			for i, row := range list {
				for column, v := range row {
					if v == nil || column == "codice_istat" {
						continue
					}
					found++
					text, ok := v.(string)
					if !ok {
						raw, err := json.Marshal(v)
						if err != nil {
							t.Fatal(err)
						}
						text = string(raw)
					}
					if !values[[4]string{name, itoa(int64(i + 1)), column, text}] {
						t.Errorf("%s: %s, row %d: %s = %s is not in the CSV", code, name, i+1, column, text)
					}
				}
			}
			if got := publishedRows(t, dir, name, code); got >= 0 && got != len(list) {
				t.Errorf("%s: %d rows of %s, the dataset has %d", code, len(list), name, got)
			}
		}
		if found != len(values) {
			t.Errorf("%s: %d values in JSON, %d in CSV", code, found, len(values))
		}
	}
}

// publishedRows counts the rows of a comune in a dataset that has its code; -1 in one that has not.
func publishedRows(t *testing.T, dir, name, code string) int {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "data", name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], "codice_istat")
	if at < 0 {
		return -1
	}
	n := 0
	for _, r := range rows[1:] {
		if r[at] == code {
			n++
		}
	}
	return n
}

// TestComuneFilesComplete wants both files beside every comune's page, and none elsewhere.
func TestComuneFilesComplete(t *testing.T) {
	dir := builtTree(t)
	pages, err := filepath.Glob(filepath.Join(dir, "comuni", "[0-9]*", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	with, without := 0, 0
	for _, p := range pages {
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		own := strings.Contains(string(raw), `id="scheda"`)
		for _, name := range []string{"dati.csv", "dati.json"} {
			if _, err := os.Stat(filepath.Join(filepath.Dir(p), name)); (err == nil) != own {
				t.Errorf("%s: a comune's page %t, %s there %t", p, own, name, err == nil)
			}
		}
		if own {
			with++
		} else {
			without++
		}
	}
	if with < 5490 || without < 300 {
		t.Errorf("%d pages of comuni, %d of later codes", with, without)
	}
}

// TestLaterCodes wants the pages at codes given after 2020 to lead to those of 2020: one by itself, several by links.
func TestLaterCodes(t *testing.T) {
	dir := builtTree(t)
	read := func(path string) string {
		raw, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	sitemap := read("sitemap.xml")
	for prefix, root := range map[string]string{"": "", "en/": "en/"} {
		// Aggius was 090001 in 2020; the Sardinian reform of 2025 made it 113001.
		one := read(prefix + "comuni/113001/index.html")
		for _, want := range []string{`<meta http-equiv="refresh" content="0; url=../../` + strings.Repeat("../", strings.Count(prefix, "/")) + root + `comuni/090001/">`,
			`rel="canonical" href="https://piccoli.example.org/` + root + `comuni/090001/"`, `comuni/090001/">Aggius</a>`} {
			if !strings.Contains(one, want) {
				t.Errorf("%scomuni/113001/ lacks %s", prefix, want)
			}
		}
		// Moransengo-Tonengo was born of two.
		many := read(prefix + "comuni/005122/index.html")
		if strings.Contains(many, "http-equiv=\"refresh\"") || !strings.Contains(many, "comuni/005079/") || !strings.Contains(many, "comuni/005110/") {
			t.Errorf("%scomuni/005122/ must lead to both", prefix)
		}
	}
	if strings.Contains(sitemap, "comuni/113001/") || !strings.Contains(sitemap, "comuni/090001/") || !strings.Contains(sitemap, "comuni/005122/") {
		t.Error("the sitemap must hold the pages, not those that only send on")
	}
}

func TestSumEuro(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want string
	}{{nil, ""}, {[]string{""}, ""}, {[]string{"0.10", "0.20"}, "0.30"}, {[]string{"99999999999999.99", "0.01", ""}, "100000000000000.00"},
		{[]string{"5", "-7.01"}, "-2.01"}, {[]string{"0.05", "-0.01"}, "0.04"}} {
		got, err := sumEuro(c.in, func(s string) string { return s })
		if err != nil || got != c.want {
			t.Errorf("%v: %q, %v, want %q", c.in, got, err, c.want)
		}
	}
	if _, err := sumEuro([]string{"1.005"}, func(s string) string { return s }); err == nil {
		t.Error("a third decimal must be an error")
	}
}

// TestQR draws the path on a grid and wants every module of the code, with four of quiet around it.
func TestQR(t *testing.T) {
	const address = "https://piccoli.example.org/en/comuni/019017/"
	v, err := qrCode(address)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(address, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	black := map[[2]int]bool{}
	for run := range strings.SplitSeq(strings.Trim(v.D, "Mz"), "zM") {
		at := strings.FieldsFunc(run, func(r rune) bool { return r < '0' || r > '9' })
		x, y, n := wholePart(at[0]), wholePart(at[1]), wholePart(at[2])
		for i := range n {
			black[[2]int{int(x + i), int(y)}] = true
		}
	}
	for y := range v.Size {
		for x := range v.Size {
			if want := code.Black(x-4, y-4); black[[2]int{x, y}] != want {
				t.Fatalf("module %d, %d: %t, want %t", x, y, !want, want)
			}
		}
	}
}

// TestPunti wants north above, east on the right, a degree of longitude shorter than one of latitude, and each comune in its class.
func TestPunti(t *testing.T) {
	w := &world{luoghi: luoghi{percorsi: map[string][]percorso{
		"2": {{Programma: avviso, Domande: "1", Esito: "ammessa"}, {Programma: "piccoli", Pagato: "0.00"}},
		"3": {{Programma: "piccoli", Pagato: "10.00"}}, "4": {{Programma: padigitale, Pagato: "10.00"}},
	}, diComune: map[string][]evidenza{"5": {{Ammissione: true}}}}}
	comuni := []*comune{
		{Codice: "1", Latitudine: "42.000000", Longitudine: "12.000000"},
		{Codice: "2", Piccolo: true, Latitudine: "43.000000", Longitudine: "12.000000"},
		{Codice: "3", Piccolo: true, Latitudine: "42.000000", Longitudine: "13.000000"},
		{Codice: "4", Piccolo: true},
		{Codice: "5", Piccolo: true, Latitudine: "42.500000", Longitudine: "12.500000"},
	}
	for simulated, five := range map[bool]string{false: "ammesso", true: "nessuna"} {
		v, err := w.punti("c", same("t"), same("d"), comuni, simulated)
		if err != nil {
			t.Fatal(err)
		}
		if v.Width != 783 || v.Height != 1040 || v.SenzaCoordinate != 1 {
			t.Errorf("%d × %d, %d without coordinates", v.Width, v.Height, v.SenzaCoordinate)
		}
		got := map[string]string{}
		for _, c := range v.Classi {
			got[c.Fase.Chiave()] = c.D
		}
		want := map[string]string{"oltre": "M20 1020h0", "ammesso": "M20 20h0", "pagato": "M763 1020h0", "nessuna": ""}
		if five == "ammesso" {
			want[five] += "M391 520h0"
		} else {
			want[five] = "M391 520h0"
		}
		for class, d := range want {
			if got[class] != d {
				t.Errorf("simulated %t, %s: %q, want %q", simulated, class, got[class], d)
			}
		}
	}
}

func TestCorrection(t *testing.T) {
	for contact, want := range map[string]string{
		"": "", "mailto:dati@ente.example": "mailto:dati@ente.example?subject=Correzione%20%C2%B7%20correction:%20comuni%2F019017",
		"https://ente.example/scrivi?tema=dati": "https://ente.example/scrivi?riga=comuni%2F019017&tema=dati",
	} {
		if got := (Publisher{Contatto: contact}).correction("comuni/019017"); got != want {
			t.Errorf("%q: %q, want %q", contact, got, want)
		}
	}
}

// TestComuneRegion wants a comune's page to count, among its region's small comuni, the small ones alone that a source names.
func TestComuneRegion(t *testing.T) {
	dir := builtTree(t)
	var comuni []struct {
		Codice   string `json:"codice_istat"`
		Regione  string
		Piccolo  bool  `json:"piccolo_comune"`
		Evidenze int64 `json:"evidenze"`
	}
	raw, err := os.ReadFile(filepath.Join(dir, "data", "comuni.json"))
	if err == nil {
		err = json.Unmarshal(raw, &comuni)
	}
	if err != nil {
		t.Fatal(err)
	}
	small, named, one := map[string]int64{}, map[string]int64{}, map[string]string{}
	for _, c := range comuni {
		if c.Piccolo {
			small[c.Regione]++
			one[c.Regione] = c.Codice
			if c.Evidenze > 0 {
				named[c.Regione]++
			}
		}
	}
	for region, code := range one {
		raw, err := os.ReadFile(filepath.Join(dir, "comuni", code, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("Dei %s piccoli comuni (%s) le fonti pubbliche ne nominano %s.", formatInt("it", small[region]), region, formatInt("it", named[region]))
		if !strings.Contains(html.UnescapeString(string(raw)), want) {
			t.Errorf("comuni/%s/ does not say: %s", code, want)
		}
	}
}
