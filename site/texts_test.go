package site

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"piccoli/pipelines/catalog"
)

// TestCodeTexts holds the list of keys that the code names together with the code.
func TestCodeTexts(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?:\.text|example)\("([^"]+)"`)
	found := map[string]bool{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(raw), -1) {
			found[m[1]] = true
			ofFamily := slices.ContainsFunc(codeFamilies, func(family string) bool { return strings.HasPrefix(m[1], family) })
			if !ofFamily && !slices.Contains(codeTexts, m[1]) {
				t.Errorf("%s names the text %q, which codeTexts lacks", f, m[1])
			}
		}
	}
	for _, key := range codeTexts {
		if !found[key] {
			t.Errorf("codeTexts holds %q, which no code names", key)
		}
	}
}

// project makes a small project root with the real templates and the given other files.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "site", "templates"), os.DirFS("templates")); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// wantProblem wants a catalog.Problems with the words in both languages.
func wantProblem(t *testing.T, err error, it, en string) {
	t.Helper()
	var ps catalog.Problems
	if !errors.As(err, &ps) {
		t.Fatalf("got %v, want a problem with %q", err, en)
	}
	if !strings.Contains(ps.In("it"), it) || !strings.Contains(ps.In("en"), en) {
		t.Errorf("got\n%s\n%s\nwant %q, %q", ps.In("it"), ps.In("en"), it, en)
	}
}

func TestTextsStrict(t *testing.T) {
	real, err := os.ReadFile("testi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, it, en string }{
		"repeated":  {string(real) + "sito.nome: {it: a, en: b}\n", `chiave "sito.nome" ripetuta`, `key "sito.nome" repeated`},
		"unused":    {string(real) + "nessuno.lo.usa: {it: a, en: b}\n", `"nessuno.lo.usa" non usato`, `"nessuno.lo.usa" is not used`},
		"missing":   {strings.Replace(string(real), "menu.fonti:", "menu.altro:", 1), `manca il testo "menu.fonti"`, `text "menu.fonti" is missing`},
		"half":      {string(real) + "sito.altro: {it: a}\n", "servono it ed en", "it and en are both needed"},
		"values":    {string(real) + "sito.altro: {it: 'a %s', en: b}\n", "numero diverso", "different numbers"},
		"languages": {string(real) + "sito.altro: {it: a, en: b, fr: c}\n", `lingua "fr"`, `language "fr"`},
	} {
		t.Run(name, func(t *testing.T) {
			root := project(t, map[string]string{"site/testi.yaml": c.text})
			tx, err := loadTexts(root)
			if err == nil {
				_, err = readTemplates(root, tx, nil)
			}
			wantProblem(t, err, c.it, c.en)
		})
	}
}

func TestPublisherStrict(t *testing.T) {
	real, err := os.ReadFile("sito.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, it, en string }{
		"unknown key": {string(real) + "colore: blu\n", "colore", "colore"},
		"address":     {strings.Replace(string(real), "example.org/", "example.org", 1), "finisce con /", "ends with /"},
		"ipa alone":   {strings.Replace(string(real), `codice_ipa: ""`, "codice_ipa: c_x", 1), "senza editore", "without editore"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadPublisher(project(t, map[string]string{"site/sito.yaml": c.text}))
			wantProblem(t, err, c.it, c.en)
		})
	}
	p, err := LoadPublisher(project(t, map[string]string{"site/sito.yaml": string(real)}))
	if err != nil {
		t.Fatal(err)
	}
	if p.Official() {
		t.Error("as committed, nobody publishes the site")
	}
}

// TestPackages wants a plain error without npm, before anything is touched, and no run where the mark is right.
func TestPackages(t *testing.T) {
	root := project(t, map[string]string{"site/package-lock.json": "{}"})
	t.Setenv("PATH", t.TempDir())
	err := EnsurePackages(context.Background(), root, func(string) { t.Error("nothing may be said before npm is found") })
	wantProblem(t, err, "npm non si trova", "npm was not found")
	if _, err := os.Stat(filepath.Join(root, "site", "node_modules")); err == nil {
		t.Error("node_modules was made")
	}
	mark := filepath.Join(root, "site", "node_modules", lockMark)
	if err := os.MkdirAll(filepath.Dir(mark), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mark, []byte("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := EnsurePackages(context.Background(), root, func(string) {}); err != nil {
		t.Errorf("packages are as the lock says, but: %v", err)
	}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{formatNumber("it", "1502"), "1.502"}, {formatNumber("en", "1502"), "1,502"}, {formatNumber("it", "-1234567.50"), "−1.234.567,5"},
		{formatEuro("it", "13085265.98"), "13.085.265,98 €"}, {formatEuro("it", "42000000.00"), "42.000.000 €"},
		{formatEuro("en", "13085265.90"), "€13,085,265.90"}, {formatNumber("it", "0"), "0"}, {formatNumber("it", ""), ""},
		{formatSize("it", 999), "999\u00a0byte"}, {formatSize("en", 1_000), "1\u00a0kB"}, {formatSize("it", 1_449), "1,4\u00a0kB"}, {formatSize("it", 9_949_999), "9,9\u00a0MB"}, {formatSize("en", 36_915_877), "37\u00a0MB"},
		{fold("Agliè"), "aglie"}, {anchor("r", "01", "a b/c"), "r-01-a-b-c"}, {brief("Si chiude la prima finestra."), "Si chiude la prima finestra"},
		{brief("Con decreto del Capo Dipartimento della funzione pubblica, sono approvati il progetto e il suo Avviso."), "Con decreto del Capo Dipartimento della funzione pubblica…"}, {firstLetters("Aiello", 2), "Ai"}, {firstLetters("Ìtri", 1), "I"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	for _, c := range []struct{ lang, iso, precision, want string }{
		{"it", "2020-05-01", "giorno", "1º maggio 2020"}, {"en", "2020-05-20", "giorno", "20 May 2020"},
		{"it", "2021-10-01", "mese", "ottobre 2021"}, {"en", "2021-01-01", "anno", "2021"},
	} {
		if got, err := formatDate(c.lang, c.iso, c.precision); err != nil || got != c.want {
			t.Errorf("got %q, %v, want %q", got, err, c.want)
		}
	}
	if _, err := formatDate("it", "2021-01-01", "secolo"); err == nil {
		t.Error("an unknown precision must be an error")
	}
}

func TestMapClasses(t *testing.T) {
	for top, want := range map[int64]int64{0: 1, 3: 1, 4: 1, 5: 2, 51: 20, 100: 30, 216: 100} {
		if got := niceStep(top); got != want {
			t.Errorf("step for %d: %d, want %d", top, got, want)
		}
	}
}
