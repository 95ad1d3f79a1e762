package site

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	provaLinks = regexp.MustCompile(`<a class="prova" href="([^"#]*)#([^"]*)"`)
	bigFigures = regexp.MustCompile(`<(?:p|dd)(?: lang="it")? class="(soldi-importo[^"]*)"[^>]*>`)
	openTags   = regexp.MustCompile(`<(/?)(span|p|td|dd|li|div)\b[^>]*>`)
)

// elements gives the inner text of every element whose class list holds the class.
func elements(text, class string) (out []string) {
	start := regexp.MustCompile(`<(span|p|td|dd|li|div)\b[^>]*class="(?:[^"]* )?` + class + `(?: [^"]*)?"[^>]*>`)
	for _, m := range start.FindAllStringSubmatchIndex(text, -1) {
		tag, depth, rest := text[m[2]:m[3]], 1, text[m[1]:]
		for _, t := range openTags.FindAllStringSubmatchIndex(rest, -1) {
			if rest[t[4]:t[5]] != tag {
				continue
			}
			if t[2] != t[3] {
				depth--
			} else {
				depth++
			}
			if depth == 0 {
				out = append(out, rest[:t[0]])
				break
			}
		}
	}
	return out
}

// TestEveryFigureHasItsProof wants each figure of the national and regional pages to hold a link to an anchor on its dataset's page that
// is there, and the amounts of money to be such figures.
func TestEveryFigureHasItsProof(t *testing.T) {
	dir := builtTree(t)
	var pages []string
	for _, pattern := range []string{"index.html", "programmi/*/index.html", "programmi/*/*/index.html", "osservatorio/index.html", "regioni/*/index.html"} {
		for _, lang := range []string{"", "en"} {
			found, err := filepath.Glob(filepath.Join(dir, lang, filepath.FromSlash(pattern)))
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, found...)
		}
	}
	anchors := map[string]string{}
	total := 0
	for _, p := range pages {
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			t.Fatal(err)
		}
		rel = filepath.ToSlash(rel)
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		figures := elements(string(raw), "cifra")
		total += len(figures)
		if strings.HasSuffix(rel, "programmi/piccoli/index.html") && len(figures) < 3 || (rel == "index.html" || rel == "en/index.html") && len(figures) < 10 {
			t.Errorf("%s: only %d figures", rel, len(figures))
		}
		for _, f := range figures {
			links := provaLinks.FindAllStringSubmatch(f, -1)
			proofs := 0
			for _, l := range links {
				target := path.Join(path.Dir(rel), l[1], "index.html")
				if !strings.Contains(target, "dati/") { // the page of contested figures, say
					continue
				}
				proofs++
				if _, ok := anchors[target]; !ok {
					text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(target)))
					if err != nil {
						t.Errorf("%s: proof %s: %v", rel, l[1], err)
					}
					anchors[target] = string(text)
				}
				if !strings.Contains(anchors[target], ` id="`+l[2]+`"`) {
					t.Errorf("%s: proof %s#%s is no anchor of a dataset's page", rel, l[1], l[2])
				}
			}
			if proofs == 0 {
				t.Errorf("%s: a figure without proof: %.120q", rel, f)
			}
		}
		for _, m := range bigFigures.FindAllStringSubmatchIndex(string(raw), -1) {
			classes := strings.Fields(string(raw[m[2]:m[3]]))
			after := string(raw[m[1]:min(len(raw), m[1]+40)])
			inside := slices.ContainsFunc(figures, func(f string) bool { return strings.Contains(f, after) })
			if !slices.Contains(classes, "cifra") && !inside && strings.ContainsAny(after[:strings.IndexByte(after+"<", '<')], "0123456789") {
				t.Errorf("%s: an amount that is no figure with a proof: %.60q", rel, after)
			}
		}
	}
	if total == 0 {
		t.Error("no figures at all")
	}
	t.Logf("%d figures on %d pages", total, len(pages))
}

// shownFigure is an amount of euro, a share or a count as pages show them.
var (
	shownFigure = regexp.MustCompile(`\d[\d.,]*(?:\x{a0}| )€|€\d|\d%|<td[^>]*class="[^"]*numero[^"]*"[^>]*>(?:<strong>)?\d|<dd[^>]*>(?:<strong>)?\d`)
	unseen      = regexp.MustCompile(`(?s)<(title|desc|pre)\b.*?</(title|desc|pre)>|aria-label="[^"]*"|<div class="solo-stampa.*?</div>`)
	proofLink   = regexp.MustCompile(`<a class="prova" href="[^"]*#[^"]+"`)
)

// withoutProof are the kinds of pages that prove, list or explain, and tell no fact of a programme or a territory by a figure.
var withoutProof = []string{"dataset", "dati", "prosa", "accessibilita", "laboratorio", "versioni", "versione", "cambiato", "fonti", "comuni", "lettera", "rinvio", "ritirato"}

// TestNoSectionWithoutProof wants a link to a proof in every section that shows a figure, of every page.
func TestNoSectionWithoutProof(t *testing.T) {
	everySectionProved(t, builtTree(t))
}

func everySectionProved(t *testing.T, dir string) {
	t.Helper()
	proved, bad := 0, 0
	for path, text := range htmlFiles(t, dir) {
		kind := pageKind.FindStringSubmatch(text)
		if kind == nil || slices.Contains(withoutProof, kind[1]) {
			continue
		}
		_, text, _ = strings.Cut(text, "<main")
		text, _, _ = strings.Cut(text, "</main>")
		var parts []string
		outside := ""
		for text != "" { // sections do not nest
			before, rest, _ := strings.Cut(text, "<section")
			inside, after, _ := strings.Cut(rest, "</section>")
			outside += before
			parts = append(parts, inside)
			text = after
		}
		for _, part := range append(parts, outside) {
			if proofLink.MatchString(part) {
				proved++
				continue
			}
			if figure := shownFigure.FindString(unseen.ReplaceAllString(part, "")); figure != "" {
				if bad++; bad <= 20 {
					t.Errorf("%s: a section shows %q and no proof: %.160q", path, figure, part)
				}
			}
		}
	}
	t.Logf("%d sections with a proof, %d with figures and without", proved, bad)
	if proved == 0 {
		t.Error("no proofs at all")
	}
}
