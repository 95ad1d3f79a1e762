package site

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
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

// inChromium runs a script of site/prove, which drives Chromium; without Chromium the test is skipped. See inNode.
func inChromium(t *testing.T, script string, input, report any) {
	t.Helper()
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	if _, err := os.Stat(chromium); err != nil {
		t.Skip("no Chromium at " + chromium)
	}
	inNode(t, script, input, report)
}

// inNode runs a script of site/prove with input on its standard input, and reads its report; without the packages the test is skipped.
func inNode(t *testing.T, script string, input, report any) {
	t.Helper()
	root := needPackages(t)
	if _, err := os.Stat(filepath.Join(root, "site", "node_modules", "playwright-core")); err != nil {
		t.Skip("the packages of the tests are not installed: run npm ci --ignore-scripts in site/")
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

// kindsOf names pages of each kind, in both languages: states worth a look of their own by name, and of every template that made a page the
// smallest and the largest of them.
func kindsOf(t *testing.T, dir string) []triedPage {
	t.Helper()
	var out []triedPage
	seen := map[string]bool{}
	add := func(p triedPage) {
		if !seen[p.Path] {
			seen[p.Path] = true
			out = append(out, p, triedPage{p.Kind + " (en)", "en/" + p.Path, true})
		}
	}
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
		add(p)
	}
	type extreme struct {
		path string
		size int64
	}
	least, most := map[string]extreme{}, map[string]extreme{}
	for path, text := range htmlFiles(t, dir) {
		if strings.HasPrefix(path, "en/") {
			continue
		}
		m := pageKind.FindStringSubmatch(text)
		if m == nil {
			t.Errorf("%s does not say of what kind it is", path)
			continue
		}
		e := extreme{strings.TrimSuffix(path, "index.html"), int64(len(text))}
		before := func(x, y extreme) bool { return x.size < y.size || x.size == y.size && x.path < y.path }
		if old, ok := least[m[1]]; !ok || before(e, old) {
			least[m[1]] = e
		}
		if old, ok := most[m[1]]; !ok || before(old, e) {
			most[m[1]] = e
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(most)) {
		add(triedPage{Kind: kind + ", la più grande", Path: most[kind].path})
		add(triedPage{Kind: kind + ", la più piccola", Path: least[kind].path})
	}
	return out
}

var pageKind = regexp.MustCompile(`<body data-tipo="([^"]+)"`)

// htmlTexts are the pages of the trees read so far: folder → slash path → text.
var htmlTexts = map[string]map[string]string{}

// htmlFiles reads every page of a built tree, once for all tests: slash path → text.
func htmlFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	if texts := htmlTexts[dir]; texts != nil {
		return texts
	}
	texts := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".html" {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(p)
		texts[filepath.ToSlash(rel)] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	htmlTexts[dir] = texts
	return texts
}

// samplePages draws that many pages of comuni, always the same, at one of the widths in turn.
func samplePages(t *testing.T, dir string, n int, widths []int) (out []map[string]any) {
	t.Helper()
	var all []string
	for path := range htmlFiles(t, dir) {
		if comunePage.MatchString(path) {
			all = append(all, strings.TrimSuffix(path, "index.html"))
		}
	}
	slices.Sort(all)
	r := rand.New(rand.NewPCG(2020, 158))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for i, path := range all[:min(n, len(all))] {
		out = append(out, map[string]any{"path": path, "width": widths[i%len(widths)]})
	}
	return out
}

var comunePage = regexp.MustCompile(`^(en/)?comuni/\d{6}/index\.html$`)

// browserReport is what browser.mjs says.
type browserReport struct {
	Problems []string
	Weights  map[string]struct {
		Path   string
		Bytes  int
		Charts bool
	}
	Checks  map[string]checkResult
	Tools   map[string]string
	Seconds map[string]int
}

type checkResult struct {
	Pages    int `json:"pagine"`
	Problems int `json:"problemi"`
}

// UnmarshalJSON reads the script's English names.
func (c *checkResult) UnmarshalJSON(raw []byte) error {
	var in struct{ Pages, Problems int }
	err := json.Unmarshal(raw, &in)
	*c = checkResult{in.Pages, in.Problems}
	return err
}

// way is a reader's way from a page, the first one unless Start names another; in at most Most clicks, if that is above 0.
type way struct {
	Name   string   `json:"name"`
	Start  string   `json:"start,omitempty"`
	Most   int      `json:"most,omitempty"`
	Clicks []string `json:"clicks"`
	Wants  []string `json:"wants"`
}

type searchWay struct {
	Prefix string `json:"prefix"`
	Query  string `json:"query"`
	Wants  string `json:"wants"`
}

// firstTasks are what somebody who has never been here came for: each is at most three clicks from the first page.
var firstTasks = []way{
	{Name: "find my comune", Most: 3, Clicks: []string{"Comuni", "C 1.001", "Casale Cremasco-Vidolasco"}, Wants: []string{"Casale Cremasco-Vidolasco", "Smart working", "PagoPA"}},
	{Name: "is Umbria 8 or 10", Most: 3, Clicks: []string{"Umbria"}, Wants: []string{"10 comuni", "8, 22 ottobre 2021", "Acquasparta", "Tuoro sul Trasimeno"}},
	{Name: "which ambito is most chosen", Most: 3, Clicks: []string{"Programmi", "Gli ambiti di lavoro, programma per programma"}, Wants: []string{"24% delle scelte"}},
	{Name: "how much of the 42 millions is paid, and who says so", Most: 3, Clicks: []string{"Avviso piccoli comuni"}, Wants: []string{"Disponibili 42.000.000 €", "Secondo CORCOM, 21 maggio 2020", "Pagati – non consegnato"}},
	{Name: "who says that 42 millions there are", Most: 3, Clicks: []string{"CORCOM, 21 maggio 2020"}, Wants: []string{"CORCOM", "https://www.corrierecomunicazioni.it"}},
	{Name: "download it", Most: 3, Clicks: []string{"Dati", "↓csv di: data/regioni.csv"}, Wants: []string{"codice_regione", "Umbria"}},
}

var otherWays = []way{
	{Name: "ten comuni of Umbria", Clicks: []string{"Umbria"}, Wants: []string{"Acquasparta", "Baschi", "Campello sul Clitunno", "Castel Ritaldi",
		"Cerreto di Spoleto", "Lisciano Niccone", "Massa Martana", "Montecchio", "Montone", "Tuoro sul Trasimeno", "10 comuni", "8, 22 ottobre 2021"}},
	{Name: "Casale Cremasco", Clicks: []string{"Lombardia", "Casale Cremasco-Vidolasco"}, Wants: []string{"Manifestazione di interesse", "Ammess", "Smart working",
		"Temi del piano", "PagoPA"}},
	{Name: "contested totals", Clicks: []string{"Cifre contese"}, Wants: []string{"1.502", "1.111", "42.000.000 €", "22.000.000 €", "25.000.000 €"}},
	{Name: "contested totals in English", Clicks: []string{"English", "Contested figures"}, Wants: []string{"1,502", "1,111", "€42,000,000"}},
	{Name: "a figure of a decree says of where it is", Clicks: []string{"Finestre e decreti dell’Avviso"}, Wants: []string{"Comuni partecipanti (Umbria): 8 comuni", "(regioni più sviluppate): 37,17 per cento"}},
	{Name: "budget", Clicks: []string{"Perché le cifre della dotazione sono diverse"}, Wants: []string{"42.000.000 €"}},
}

var searches = []searchWay{
	{"", "casale crem", "/comuni/019017/"}, {"en/", "umbr", "/en/regioni/umbria/"}, {"", "aglie", "/comuni/001001/"},
	{"", "cassale cremasko", "/comuni/019017/"}, {"", "umbira", "/regioni/umbria/"}, {"", "SANTAGATA DEL BIANCO", "/comuni/080079/"},
	{"en/", "metod", "/en/metodo/"}, {"", "vidolasco casale", "/comuni/019017/"}, {"404.html", "umbria", "/regioni/umbria/"},
	{"", "piano di intervento", "/metodo/#g-piano"}, {"en/", "maps", "/en/mappe/"},
}

// comparison is a set of comuni side by side: typed one after the other, and by the address that comes of it.
type comparison struct {
	Prefix string   `json:"prefix"`
	Typed  []string `json:"typed"`
	Codes  []string `json:"codes"`
	Wants  []string `json:"wants"` // words of the table
}

var compares = []comparison{
	{"", []string{"Casale Cremasco-Vidolasco (CR)", "montecchio (tr)"}, []string{"019017", "055018"}, []string{"Casale Cremasco-Vidolasco", "Montecchio", "Lombardia", "Umbria", "1.826"}},
	{"en/", []string{"019017", "001003", "054028", "090001"}, []string{"019017", "001003", "054028", "090001"}, []string{"Casale Cremasco-Vidolasco", "1,826", "Municipality"}},
}

// Widths in CSS pixels: a small telephone, or 1280 px at 400 %; a tablet; a desk.
var widths = []int{320, 768, 1280}

// What a page may weigh at the first visit, compressed, in bytes, with all that it asks for: more where it has charts or maps.
const (
	firstView           = 100_000
	firstViewWithCharts = 400_000
)

// lightEnough wants each of the pages to have been weighed, and to be within its bound.
func lightEnough(t *testing.T, pages []triedPage, report browserReport) {
	t.Helper()
	for _, p := range pages {
		w := report.Weights[p.Kind]
		t.Logf("%-40s %7d bytes compressed, charts: %-5t %s", p.Kind, w.Bytes, w.Charts, w.Path)
		most := firstView
		if w.Charts {
			most = firstViewWithCharts
		}
		if w.Bytes == 0 || w.Bytes > most {
			t.Errorf("%s: %d bytes in the first view, wanted some and no more than %d", w.Path, w.Bytes, most)
		}
	}
}

// TestBrowser opens pages of each kind in Chromium at all widths, and 200 comuni; walks by keyboard, by the ways of a reader and by search. What
// it found about accessibility is what the page of that name tells, from the committed result: with PICCOLI_ESITO=1 this run writes it.
func TestBrowser(t *testing.T) {
	dir := builtTree(t)
	server := httptest.NewServer(Handler(dir))
	defer server.Close()
	pages := kindsOf(t, dir)
	const comuni = 200
	var report browserReport
	start := time.Now()
	inChromium(t, "browser.mjs", map[string]any{
		"base": server.URL + "/", "pages": pages, "widths": widths, "tabs": 3, "sample": samplePages(t, dir, comuni, widths),
		"walks": []string{"", "comuni/019017/", "regioni/umbria/", "dati/imbuto_nazionale/", "laboratorio/", "en/"},
		"ways":  slices.Concat(firstTasks, otherWays), "searches": searches, "compares": compares,
	}, &report)
	for i, p := range report.Problems {
		if i == 60 {
			t.Errorf("and %d more", len(report.Problems)-i)
			break
		}
		t.Error(p)
	}
	lightEnough(t, pages, report)
	t.Logf("%d pages of all kinds, %d comuni, %s: %v %v", len(pages), comuni, time.Since(start).Round(time.Second), report.Seconds, report.Checks)
	if os.Getenv("PICCOLI_ESITO") != "" && !t.Failed() {
		writeOutcome(t, report, len(pages), comuni)
	}
}

// TestBrowserFails shows a page that is wrong in every way to the same script: what finds nothing here would find nothing anywhere.
func TestBrowserFails(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("prove", "cattiva.html"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/cattiva/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(raw)
	}))
	defer server.Close()
	var report browserReport
	inChromium(t, "browser.mjs", map[string]any{"base": server.URL + "/", "tabs": 1, "widths": widths, "walks": []string{"cattiva/"},
		"pages": []triedPage{{Kind: "cattiva", Path: "cattiva/"}}, "ways": []way{{Name: "nowhere", Start: "cattiva/", Clicks: []string{"Comuni"}}}}, &report)
	found := strings.Join(report.Problems, "\n")
	for _, want := range []string{"scrolls sideways", "asks https://example.org/", "404 for", "leaves something in storage or cookies", ": cookies", "need JavaScript",
		"shows no mark", "not the way to the content", `no link "Comuni"`} {
		if !strings.Contains(found, want) {
			t.Errorf("not found: %s", want)
		}
	}
	kinds := map[string]bool{}
	for _, p := range report.Problems {
		if _, rule, ok := strings.Cut(p, ": axe "); ok {
			kinds[strings.SplitN(rule, ":", 2)[0]] = true
		}
	}
	if len(kinds) < 8 {
		t.Errorf("axe finds %d kinds of violation, fewer than 8: %v", len(kinds), kinds)
	}
	t.Logf("%d problems, axe: %v", len(report.Problems), slices.Sorted(maps.Keys(kinds)))
}
