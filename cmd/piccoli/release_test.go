package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"piccoli/pipelines/release"
)

// TestVersions goes a publisher's and a researcher's way: build, release, correct a figure and add a dataset, release, read the difference, verify, build again from the
// inputs, break a byte; then the dataset goes and its address leads on.
func TestVersions(t *testing.T) {
	dir := built(t)
	path := func(p string) string { return filepath.Join(dir, filepath.FromSlash(p)) }
	seed := path("data/seeds/comuni.csv")
	undo := edit(t, seed, ",2644,true,45.368,", ",2650,true,45.368,")
	undo()
	mart := path("queries/marts/x.sql")
	t.Cleanup(func() {
		undo()
		if err := os.RemoveAll(path("data/releases")); err != nil {
			t.Fatal(err)
		}
		if r := piccoli(t, dir, nil, "build"); r.code != 0 {
			t.Error(r.err)
		}
	})
	run := func(code int, args ...string) result {
		t.Helper()
		r := piccoli(t, dir, nil, args...)
		if r.code != code {
			t.Fatalf("piccoli %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), r.code, code, r.out, r.err)
		}
		return r
	}
	says := func(text string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in:\n%s", want, text)
			}
		}
	}
	says(run(2, "report", "confronto-versioni").err, "non c'è ancora nessuna versione da confrontare", "`piccoli release 1.0.0` ne fa una")
	says(run(0, "release", "1.0.0").out, "Versione 1.0.0, la prima (non firmata)")
	undo = edit(t, seed, ",2644,true,45.368,", ",2650,true,45.368,")
	says(run(3, "release", "1.0.1").err, "data/seeds/comuni.csv: è cambiato o manca, dopo la costruzione")
	put(t, mart, extra)
	run(0, "build")
	says(run(2, "release", "1.0.1", "--lang", "en").err, "after 1.0.0 a MINOR version is needed, at least 1.1.0", "x: new dataset")
	says(run(0, "release", "1.1.0").out, "Versione 1.1.0 (MINOR), dopo la 1.0.0", "codice_istat=001001, popolazione_legale_2011: 2644 → 2650", "= +6")
	var changes release.Changes
	if err := json.Unmarshal([]byte(run(0, "diff", "1.0.0", "1.1.0", "--json").out), &changes); err != nil {
		t.Fatal(err)
	}
	says(run(0, "diff", "1.0.0", "1.1.0", "--format", "atom").out, `<entry xmlns="http://www.w3.org/2005/Atom" xml:lang="it">`, ":it/releases/1.1.0</id>", "releases/1.1.0/cosa-e-cambiato/")
	says(run(0, "diff", "1.0.0", "1.1.0", "--format", "html", "--lang", "en").out, "<!DOCTYPE html>", "2644 → 2650", "<li>x: new dataset (MINOR)</li>", "<td>popolazione_legale_2011 (abitanti)</td>\n<td style=\"text-align:right\">59,433,744</td>\n<td style=\"text-align:right\">0</td>\n<td style=\"text-align:right\">0</td>\n<td style=\"text-align:right\">+6</td>")
	says(run(2, "diff", "1.0.0", "1.1.0", "--format", "xml").err, "--format xml: è text, html o atom")
	for _, d := range changes.Datasets {
		if want := map[string]int64{"comuni": 1, "regioni": 1, "x": 20, "fonti": 0}; d.Added+d.Changed != want[d.Dataset] && (want[d.Dataset] > 0 || d.Dataset == "fonti") {
			t.Errorf("%s: added %d, changed %d", d.Dataset, d.Added, d.Changed)
		}
	}
	says(run(0, "digest", "--since", "1.0.0").out, "# Che cosa è cambiato", "Da 1.0.0 (dati al", "popolazione\\_legale\\_2011: 2644 → 2650", "| popolazione\\_legale\\_2011 (abitanti) | 59.433.744 | 0 | 0 | +6 | 59.433.750 | +6 |")
	says(run(0, "digest", "--since", "1.0.0", "--region", "piemonte", "--lang", "en").out, "What changed · Piemonte", "popolazione\\_legale\\_2011: 2644 → 2650", "Rows added 1, removed 0")
	if out := run(0, "digest", "--since", "1.0.0", "--region", "12").out; strings.Contains(out, "2644") {
		t.Errorf("the note of Lazio tells of a municipality of Piemonte\n%s", out)
	}
	says(run(2, "digest", "--since", "1.0.0", "--region", "Piemontese").err, "non è una regione (Piemonte?)")
	csv := run(0, "report", "confronto-versioni", "--param", "da=1.0.0", "--param", "a=1.1.0", "--format", "csv").out
	says(csv, "\ncomuni,", ",1.0.0,1.1.0,7904,0,0,1,7904,popolazione_legale_2011,abitanti,59433744.0000,59433750.0000,6.0000\r\n", "\nx,", ",1.0.0,1.1.0,,20,0,0,20,")
	if strings.Contains(csv, "\nfonti,") {
		t.Errorf("nothing changed in fonti\n%s", csv)
	}
	says(run(0, "report", "confronto-versioni", "--param", "da=v1.0.0", "--lang", "en").out, "Versions compared · 1.0.0\n", "59,433,744", " now ")
	says(run(2, "report", "confronto-versioni", "--param", "da=1.0.7", "--param", "confronto=[]").err, "da=1.0.7: non è una versione", "le versioni sono: 1.1.0, 1.0.0, ora", "non ha il parametro «confronto»")
	says(run(0, "report", "confronto-versioni", "--help").out, "da  Versione di partenza (altrimenti ultima)", "1.1.0", "ora  i dati di ora")
	says(run(0, "verify", "1.1.0", "--rebuild").out, "NON è firmata", "0 non provati", "uguale       x.parquet")
	if err := os.Remove(mart); err != nil {
		t.Fatal(err)
	}
	run(0, "build")
	dist := path("site/dist")
	says(run(0, "verify", filepath.Join(dist, "releases", "1.1.0")).out, "La versione 1.1.0 è ciò che dice il suo manifesto")
	for page, wants := range map[string][]string{
		"releases/index.html":                          {"1.1.0/", "1.0.0/", "dati/x/"},
		"releases/1.1.0/data/CITATION.cff":             {"\nversion: \"1.1.0\"\n", "\nurl: \"https://piccoli.example.org/releases/1.1.0/\"\n", "\nrepository-artifact: \"https://piccoli.example.org/releases/1.1.0/data/manifest.json\"\n"},
		"releases/1.1.0/index.html":                    {"data/x.csv", "data/manifest.json", "cosa-e-cambiato/"},
		"releases/1.1.0/cosa-e-cambiato/index.html":    {"59.433.744", "59.433.750", `&#43;6</td>`, "<del>2644</del>", "data/changes/comuni.csv"},
		"en/releases/1.1.0/cosa-e-cambiato/index.html": {"59,433,744", "59,433,750"},
		"dati/x/index.html":                            {"fino alla 1.1.0", "releases/1.1.0/"},
		"en/dati/x/index.html":                         {"up to 1.1.0"},
		"feed.atom":                                    {"/releases/1.1.0</id>", "/releases/1.0.0</id>", "Versione 1.1.0", "Sono cambiati"},
		"en/regioni/piemonte/feed.atom":                {":en/regioni/piemonte/releases/1.1.0</id>", "Italian municipalities: rows added 0, removed 0, changed 1"},
		"data/latest.json":                             {`"version": "1.1.0"`, `"unreleased": true`, `"dataset": "x"`},
	} {
		says(read(t, filepath.Join(dist, filepath.FromSlash(page))), wants...)
	}
	says(run(2, "release", "1.2.0").err, "serve una versione MAJOR, almeno 2.0.0", "x: dataset tolto")
	// A byte of a past version: verify finds it and names the file, release and build refuse.
	broken := path("data/releases/1.0.0/data/comuni.parquet")
	if err := os.Chmod(broken, 0o644); err != nil {
		t.Fatal(err)
	}
	body := []byte(read(t, broken))
	body[len(body)/2] ^= 1
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	put(t, broken, string(body))
	says(run(4, "verify", "1.0.0", "--lang", "en").err, "comuni.parquet: the bytes are not those of the manifest")
	says(run(4, "release", "2.0.0").err, "releases/1.0.0/data/comuni.parquet: i byte non sono quelli del manifesto")
	says(run(2, "verify", "https://piccoli.example.org/releases/1.0.0").err, "wget")
}
