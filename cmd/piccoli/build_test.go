package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/warehouse"
)

// TestSameBytes builds the project in two folders, with other threads, time zone and locale, and wants the same bytes.
func TestSameBytes(t *testing.T) {
	one := built(t)
	two := newProject(t)
	r := piccoli(t, two, []string{"TZ=Pacific/Auckland", "LC_ALL=en_US.UTF-8", "GOMAXPROCS=1"}, "build", "--threads", "1")
	if r.code != 0 {
		t.Fatal(r.err)
	}
	compareTrees(t, digest(t, filepath.Join(one, "site", "dist")), digest(t, filepath.Join(two, "site", "dist")))
}

// TestNothingChanged builds again over a finished build: nothing is written, and the program says so.
func TestNothingChanged(t *testing.T) {
	dir := built(t)
	page := filepath.Join(dir, "site", "dist", "index.html")
	before, err := os.Stat(page)
	if err != nil {
		t.Fatal(err)
	}
	r := piccoli(t, dir, nil, "build")
	if r.code != 0 || !strings.Contains(r.out, "Niente è cambiato") {
		t.Fatalf("code %d, said %q %q", r.code, r.out, r.err)
	}
	after, err := os.Stat(page)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("index.html was written again")
	}
}

// TestTouchedFile damages a published file: the next build notices and mends it.
func TestTouchedFile(t *testing.T) {
	dir := built(t)
	dist := filepath.Join(dir, "site", "dist")
	want := digest(t, dist)
	put(t, filepath.Join(dist, "data", "comuni.csv"), "tampered\n")
	put(t, filepath.Join(dist, "fonti", "index.html"), "tampered\n")
	put(t, filepath.Join(dist, "comuni", "019017", "dati.csv"), "tampered\n")
	if r := piccoli(t, dir, nil, "build"); r.code != 0 {
		t.Fatal(r.err)
	}
	compareTrees(t, want, digest(t, dist))
}

// unholdable is a dataset with a character that CSV, JSON, Parquet and Arrow hold and a workbook does not.
const unholdable = `-- ---
-- title: {it: Testi per prova, en: Texts for a test}
-- description: {it: "Un testo con un carattere che i fogli di calcolo non contengono, per provare che nessuna forma dice altro.", en: "A text with a character that workbooks do not hold, to try that no form says something else."}
-- grain: {it: una riga per numero, en: one row per number}
-- key: [numero]
-- columns:
--   numero: {type: bigint, it: Numero, en: Number}
--   testo: {type: text, it: Testo, en: Text}
-- rows: {min: 3, max: 3}
-- ---
select
    range as numero,
    case when range = 1 then 'a' || chr(65535) else 'b' end as testo
from range(3)
`

// extra is a dataset that no other file of the project knows.
const extra = `-- ---
-- title: {it: Comuni per prova, en: Municipalities for a test}
-- description: {it: "Quanti comuni ha ogni regione, per provare che un file basta a fare un dataset intero.", en: "How many municipalities each region has, to show that one file is enough to make a whole dataset."}
-- grain: {it: una riga per regione, en: one row per region}
-- key: [codice_regione]
-- columns:
--   codice_regione: {type: text, ref: regioni.codice_regione, it: Codice ISTAT della regione, en: ISTAT code of the region}
--   comuni_di_prova: {type: bigint, unit: comuni, additive: true, it: Comuni contati per prova, en: Municipalities counted for a test}
-- rows: {min: 20, max: 20}
-- checks:
--   - comuni_di_prova > 0
-- charts:
--   - {kind: bar, category: codice_regione, value: comuni_di_prova}
-- ---
with
comuni as (select * from marts.comuni),

final as (
    select codice_regione, count(*) as comuni_di_prova
    from comuni
    group by codice_regione
)

select * from final
`

// TestOneFileIsADataset adds queries/marts/x.sql alone and wants table, pages, chart, downloads and catalogue entries; taken away,
// the tree is as before.
func TestOneFileIsADataset(t *testing.T) {
	dir := built(t)
	dist := filepath.Join(dir, "site", "dist")
	before := digest(t, dist)
	file := filepath.Join(dir, "queries", "marts", "x.sql")
	put(t, file, extra)
	if r := piccoli(t, dir, nil, "build"); r.code != 0 {
		t.Fatal(r.err)
	}
	rows, err := csv.NewReader(strings.NewReader(read(t, dist, "data", "x.csv"))).ReadAll()
	if err != nil || len(rows) != 21 || rows[10][0] != "10" || rows[10][1] != "92" {
		t.Errorf("data/x.csv: %d rows, Umbria %v, error %v", len(rows), rows[10], err)
	}
	for _, name := range []string{"data/x.parquet", "data/x.json"} {
		if info, err := os.Stat(filepath.Join(dist, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for page, wants := range map[string][]string{
		"dati/x/index.html":      {"Comuni per prova", "<svg", "comuni_di_prova", "/data/x.parquet", "select codice_regione"},
		"en/dati/x/index.html":   {"Municipalities for a test", "<svg", "Municipalities counted for a test"},
		"dati/index.html":        {"dati/x/"},
		"sitemap.xml":            {"/dati/x/", "/en/dati/x/"},
		"data/datapackage.json":  {`"path": "x.csv"`, "Comuni contati per prova"},
		"data/codebook.csv":      {"x,2,comuni_di_prova,bigint,comuni,true,false,false,,Comuni contati per prova"},
		"data/SHA256SUMS":        {"  x.csv", "  x.json", "  x.parquet"},
		"dati/comuni/index.html": {"dati/x/"},
	} {
		text := read(t, dist, filepath.FromSlash(page))
		for _, want := range wants {
			if !strings.Contains(text, want) && !strings.Contains(text, strings.TrimPrefix(want, "/")) {
				t.Errorf("%s does not hold %q", page, want)
			}
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if r := piccoli(t, dir, nil, "build"); r.code != 0 {
		t.Fatal(r.err)
	}
	compareTrees(t, before, digest(t, dist))
}

// TestBadInput breaks the project in one way at a time: the exit code and the message are as wanted, and the last good site and
// warehouse stay untouched.
func TestBadInput(t *testing.T) {
	dir := built(t)
	dist, db := filepath.Join(dir, "site", "dist"), filepath.Join(dir, "data", "piccoli.duckdb")
	before, file := digest(t, dist), read(t, db)
	path := func(p string) string { return filepath.Join(dir, filepath.FromSlash(p)) }
	add := func(p, text string) func() func() {
		return func() func() {
			put(t, path(p), text)
			return func() {
				if err := os.Remove(path(p)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	change := func(p, old, new string) func() func() {
		return func() func() { return edit(t, path(p), old, new) }
	}
	gone := func(p string) func() func() {
		return func() func() {
			text := read(t, path(p))
			if err := os.Remove(path(p)); err != nil {
				t.Fatal(err)
			}
			return func() { put(t, path(p), text) }
		}
	}
	cases := []struct {
		name string
		do   func() func()
		code int
		want []string
	}{
		{"broken header", add("queries/marts/x.sql", strings.Replace(extra, "-- title:", "-- titolo:", 1)), 3, []string{"queries/marts/x.sql:2:4: chiave «titolo» sconosciuta", "manca «title»"}},
		{"unknown column", add("queries/marts/x.sql", strings.Replace(extra, "as comuni_di_prova\n", "as comuni\n", 1)), 3,
			[]string{"queries/marts/x.sql:8:4: la colonna «comuni_di_prova» è dichiarata ma l'SQL non la dà", "consiglio: aggiungere a columns: «comuni: {type: bigint"}},
		{"type that does not fit", add("queries/marts/x.sql", strings.Replace(extra, "type: bigint", "type: integer", 1)), 3, []string{"«comuni_di_prova» è dichiarata INTEGER, l'SQL dà BIGINT"}},
		{"dangling reference", add("queries/marts/x.sql", strings.Replace(extra, "marts.comuni)", "marts.comune)", 1)), 3, []string{"queries/marts/x.sql:16:26: marts.comune non esiste", "forse marts.comuni?"}},
		{"cycle", add("queries/marts/x.sql", strings.Replace(extra, "marts.comuni)", "marts.x)", 1)), 3, []string{"i dataset si leggono in cerchio: marts.x → marts.x"}},
		{"staging reads a mart", add("queries/staging/x.sql", "-- ---\n-- title: {it: X, en: X}\n-- description: {it: X, en: X}\n-- key: [a]\n-- columns:\n--   a: {type: text, it: A, en: A}\n-- ---\nselect codice_istat as a from marts.comuni\n"), 3,
			[]string{"queries/staging/x.sql:8:31: un file di staging non legge marts.comuni"}},
		{"two datasets of one name", func() func() {
			if err := os.MkdirAll(path("queries/marts/altri"), 0o755); err != nil {
				t.Fatal(err)
			}
			undo := add("queries/marts/altri/comuni.sql", extra)()
			return func() {
				undo()
				if err := os.Remove(path("queries/marts/altri")); err != nil {
					t.Fatal(err)
				}
			}
		}, 3, []string{"il nome «comuni» è già di queries/marts/altri/comuni.sql"}},
		{"character that no workbook holds", add("queries/marts/x.sql", unholdable), 4, []string{"queries/marts/x.sql: alla riga 2 «testo» ha un carattere (U+FFFF) che né un foglio di calcolo né l’XML possono contenere", "toglierlo dove nasce"}},
		{"missing seed", gone("data/seeds/fonti.csv"), 3, []string{"il file data/seeds/fonti.csv non c'è"}},
		{"repeated key", func() func() {
			text := read(t, path("data/seeds/ambiti.csv"))
			lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
			put(t, path("data/seeds/ambiti.csv"), text+lines[len(lines)-1]+"\n")
			return func() { put(t, path("data/seeds/ambiti.csv"), text) }
		}, 4, []string{"la regola «chiave: ambito» non vale (righe: 1)", "Niente è stato pubblicato: resta l'ultimo sito buono."}},
		{"rows outside their bounds", add("queries/marts/x.sql", strings.Replace(extra, "max: 20}", "max: 19}", 1)), 3, []string{"il minimo 20 supera il massimo 19"}},
		{"too many rows", add("queries/marts/x.sql", strings.Replace(extra, "min: 20, max: 20}", "min: 1, max: 19}", 1)), 4, []string{"queries/marts/x.sql:9: marts.x: la regola «righe: 1-19» non vale (righe: 20)"}},
		{"personal code in a seed", change("data/seeds/cronologia.csv", "Si aprono i termini dell’Avviso", "Si aprono (RSSMRA80A01H501U) i termini dell’Avviso"), 4,
			[]string{"cronologia/index.html:", "data/cronologia.xlsx: codice fiscale di una persona «RSS…», xl/worksheets/sheet1.xml E3", "data/cronologia.parquet: codice fiscale di una persona «RSS…», colonna fatto_it, riga 2", "Niente è stato pubblicato"}},
		{"wrong publisher", change("site/sito.yaml", "editore:", "editori:"), 3, []string{"site/sito.yaml"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			undo := c.do()
			defer undo()
			r := piccoli(t, dir, nil, "build")
			if r.code != c.code {
				t.Errorf("exit code %d, want %d", r.code, c.code)
			}
			for _, want := range c.want {
				if !strings.Contains(r.err, want) {
					t.Errorf("the message does not hold %q:\n%s", want, r.err)
				}
			}
			compareTrees(t, before, digest(t, dist))
			if !bytes.Equal([]byte(read(t, db)), []byte(file)) {
				t.Error("the warehouse changed")
			}
			for _, litter := range []string{db + ".nuovo", db + ".nuovo.wal"} {
				if _, err := os.Stat(litter); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("litter: %s", litter)
				}
			}
		})
	}
}

// TestPackagesMissing takes away the front-end packages on a machine without npm.
func TestPackagesMissing(t *testing.T) {
	dir := built(t)
	before := digest(t, filepath.Join(dir, "site", "dist"))
	link := filepath.Join(dir, "site", "node_modules")
	target, err := os.Readlink(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}()
	undo := edit(t, filepath.Join(dir, "site", "sito.yaml"), "# Who publishes", "# (Who publishes")
	defer undo()
	r := piccoli(t, dir, []string{"PATH=" + t.TempDir()}, "build")
	if r.code != 3 || !strings.Contains(r.err, "npm non si trova") {
		t.Errorf("code %d: %s", r.code, r.err)
	}
	compareTrees(t, before, digest(t, filepath.Join(dir, "site", "dist")))
}

// TestUsage gives the command line wrongly.
func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"biuld"}, 2, "il comando «biuld» non esiste"},
		{[]string{"build", "--as-of", "31/12/2025"}, 2, "la data va scritta AAAA-MM-GG"},
		{[]string{"build", "qualcosa"}, 2, "build non vuole nomi"},
		{[]string{"build", "--out", "queries"}, 2, "c'è altro, non un sito di piccoli"},
		{[]string{"build", "--trheads", "2"}, 2, "trheads"},
		{[]string{"new", "mart"}, 2, "si scrive: piccoli new"},
		{[]string{"check", "--root", "/"}, 3, "nessun file SQL"},
		{[]string{"check", "--lang", "fr"}, 2, "--lang fr: la lingua è it o en"},
		{[]string{"--lang", "en", "biuld"}, 2, `there is no command "biuld"`},
	} {
		r := piccoli(t, "../..", nil, c.args...)
		if r.code != c.code || !strings.Contains(r.err, c.want) {
			t.Errorf("%v: code %d, want %d; said %q, want %q", c.args, r.code, c.code, r.err, c.want)
		}
	}
}

// TestNew writes a dataset, a source and a report as the README says and checks them; flags may follow the names.
func TestNew(t *testing.T) {
	dir := newProject(t)
	for _, args := range [][]string{{"new", "mart", "prova", "--lang", "en"}, {"new", "report", "prova"}, {"new", "staging", "prova"}} {
		if r := piccoli(t, dir, nil, args...); r.code != 0 {
			t.Fatalf("%v: %s", args, r.err)
		}
	}
	if r := piccoli(t, dir, nil, "check"); r.code != 0 {
		t.Error(r.err)
	}
	if r := piccoli(t, dir, nil, "new", "mart", "prova"); r.code != 3 || !strings.Contains(r.err, "il file c'è già") {
		t.Errorf("code %d: %s", r.code, r.err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"new", "inbox", "domande", "piani"}, 0, "modelli: domande, piani."},
		{[]string{"new", "inbox", "domande"}, 3, "domande.xlsx: il file c'è già"},
		{[]string{"new", "inbox", "comuni"}, 2, "«comuni» non è una tabella che gli uffici consegnano: atti_concessione, attivita, domande"},
	} {
		if r := piccoli(t, dir, nil, c.args...); r.code != c.code || !strings.Contains(r.out+r.err, c.says) {
			t.Errorf("%v: code %d: %s%s", c.args, r.code, r.out, r.err)
		}
	}
	if r := piccoli(t, dir, nil, "graph"); r.code != 0 || !strings.Contains(r.out, `"marts.comuni" -> "marts.prova";`) {
		t.Errorf("code %d: %s", r.code, r.out)
	}
}

// TestEvidenceMatch holds the rule that matches evidence to the registry against the committed, read result; every override must
// be needed, and where the fact table that the seeds come from is at hand it must say the same.
func TestEvidenceMatch(t *testing.T) {
	dir := built(t)
	evidence := table(t, filepath.Join(dir, "site", "dist", "data", "evidenze.csv"))
	if len(evidence) != 331 {
		t.Fatalf("%d rows of evidence, want 331", len(evidence))
	}
	rule, read, chosen := map[string]string{}, map[string]string{}, map[string]bool{}
	for _, e := range evidence {
		rule[e["id_evidenza"]] = e["codice_istat"]
		if e["abbinamento"] == "scelta_motivata" {
			chosen[e["nome_come_scritto"]] = true
		}
	}
	for _, e := range table(t, filepath.Join(dir, "data", "seeds", "prove", "evidenze_abbinate.csv")) {
		read[e["id_evidenza"]] = e["codice_istat"]
	}
	if d := cmp.Diff(read, rule); d != "" {
		t.Errorf("-read +rule:\n%s", d)
	}
	for _, o := range table(t, filepath.Join(dir, "data", "seeds", "evidenze_abbinamenti.csv")) {
		if !chosen[o["nome_come_scritto"]] {
			t.Errorf("the override for %s decides nothing", o["nome_come_scritto"])
		}
	}
	facts := filepath.Join("..", "..", "..", "shared", "facts", "comuni_events.csv")
	if _, err := os.Stat(facts); err != nil {
		t.Log("the fact table is not at hand: not held against it")
		return
	}
	byID := map[string]map[string]string{}
	for _, e := range evidence {
		byID[e["id_evidenza"]] = e
	}
	for i, f := range table(t, facts) {
		e := byID[fmt.Sprintf("e%03d", i+1)]
		if e == nil || e["nome_come_scritto"] != f["comune_name_as_written"] || e["codice_istat"] != f["codice_istat_2020"] || e["codice_catastale"] != f["codice_catastale"] {
			t.Errorf("row %d: %s is %s, here %v", i+1, f["comune_name_as_written"], f["codice_istat_2020"], e)
		}
	}
}

// table reads a CSV file as one map a row.
func table(t *testing.T, path string) (out []map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(read(t, path))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = r[i]
		}
		out = append(out, m)
	}
	return out
}

// TestLocked builds while another build holds the lock of the same warehouse, and of the same site.
func TestLocked(t *testing.T) {
	dir := built(t)
	for _, path := range []string{filepath.Join(dir, "data", "piccoli.duckdb.lock"), filepath.Join(dir, "site", "dist.lock")} {
		unlock, err := warehouse.Lock(path)
		if err != nil {
			t.Fatal(err)
		}
		r := piccoli(t, dir, nil, "build")
		if r.code != 6 || !strings.Contains(r.err, "un'altra costruzione è in corso") {
			t.Errorf("%s: code %d: %s", path, r.code, r.err)
		}
		if err := unlock(); err != nil {
			t.Fatal(err)
		}
	}
	if r := piccoli(t, dir, nil, "build"); r.code != 0 {
		t.Errorf("after the lock: code %d: %s", r.code, r.err)
	}
}
