package site

import (
	"context"
	"regexp"
	"strings"
	"testing"
)

var foot = regexp.MustCompile(`(?s)<footer class="piede">.*</footer>`)

// TestDuties wants on every page, of a site that a body publishes, what the law and the guidelines want there: privacy, legal notes, accessibility, a contact, the licence, the day of the
// last update, the Union's emblem with the Funds; and a policy against all that is loaded from elsewhere. A demonstration copy has neither contact nor emblem.
func TestDuties(t *testing.T) {
	in := realSite(t)
	prepared, err := Prepare(context.Background(), in.Root, "", "test", &Memory{})
	if err != nil {
		t.Fatal(err)
	}
	prepared.pub.Editore, prepared.pub.CodiceIPA, prepared.pub.Contatto = "Ente di prova", "c_prova", "mailto:ufficio@ente.example.org"
	in.Prepared = prepared
	build(t, in)
	words := map[bool][]string{
		false: {">Informativa privacy</a>", ">Note legali</a>", ">Accessibilità</a>", "Ultimo aggiornamento: 20 febbraio 2026", "Unione europea"},
		true:  {">Privacy notice</a>", ">Legal notes</a>", ">Accessibility</a>", "Last update: 20 February 2026", "European Union"},
	}
	pages := htmlFiles(t, in.Tree.Dir())
	for path, text := range pages {
		if strings.Contains(text, `http-equiv="refresh"`) { // sends on
			continue
		}
		footer := foot.FindString(text)
		for _, want := range append([]string{`data-element="privacy-policy-link"`, `data-element="legal-notes"`, `href="mailto:ufficio@ente.example.org" data-element="feedback"`, `href="https://creativecommons.org/licenses/by/4.0/" rel="license"`,
			`<svg class="emblema"`, "Ente di prova"}, words[strings.HasPrefix(path, "en/")]...) {
			if !strings.Contains(footer, want) {
				t.Fatalf("%s: the foot of the page lacks %q\n%s", path, want, footer)
			}
		}
		if !strings.Contains(text, `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'`) {
			t.Fatalf("%s has no content security policy", path)
		}
	}
	if len(pages) < 11000 {
		t.Errorf("%d pages", len(pages))
	}
	for path, text := range htmlFiles(t, builtTree(t)) {
		if footer := foot.FindString(text); strings.Contains(footer, "emblema") || strings.Contains(footer, `data-element="feedback"`) {
			t.Fatalf("%s: a demonstration copy shows an emblem or a contact", path)
		}
	}
}
