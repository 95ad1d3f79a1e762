package site

import (
	"strings"

	"piccoli/pipelines/catalog"
)

// page is one page of the site before it is written, once in each language. Everything that its template may show is in it
// or is the same on all pages: so the key of its content tells whether it must be written again.
type page struct {
	Kind        string // templates/<Kind>.html
	Path        string // folder from the language's root with a slash at its end, "" for the first page
	File        string // other than index.html, e.g. 404.html
	Section     string // entry of the menu that is marked
	Title       catalog.Text
	Description catalog.Text
	Crumbs      []crumb
	Linked      map[string]linkedData // language → what search engines read of the page, or nothing
	Rinvia      string                // path of the page that this one only sends on to, or empty
	Feed        string                // folder of the feed that the page has beside the site's own, or empty
	Data        any
}

// crumb is one step of the path shown above the title.
type crumb struct {
	Text catalog.Text
	Path string
}

// file is the page's path from the site's root in the language.
func (p page) file(lang string) string {
	name := p.File
	if name == "" {
		name = "index.html"
	}
	return langPrefix(lang) + p.Path + name
}

// langPrefix is the folder of a language: the first one is the root.
func langPrefix(lang string) string {
	if lang == languages[0] {
		return ""
	}
	return lang + "/"
}

// rootOf is the relative way from a page back to the root of the site.
func rootOf(file string) string { return strings.Repeat("../", strings.Count(file, "/")) }

// same is a text that reads alike in both languages: a name.
func same(s string) catalog.Text { return catalog.Text{It: s, En: s} }

// regionCrumbs is the path to what lies in a region: the region's page last.
func (t *wording) regionCrumbs(w *luoghi, code string) []crumb {
	r := w.regioneRef(code)
	return []crumb{{t.text("briciole.home"), ""}, {t.text("regioni.titolo"), "regioni/"}, {catalog.Text(r.Text), r.Path}}
}

// provinceCrumbs is the path to a comune: its region's page, its province's.
func (t *wording) provinceCrumbs(w *luoghi, c *comune) []crumb {
	p := w.provinciaRef(c)
	out := t.regionCrumbs(w, c.Regione)
	if p.Text == out[len(out)-1].Text { // Aosta's region is its province
		p.Text = t.text("provincia.briciola", same(c.Provincia))
	}
	return append(out, crumb{catalog.Text(p.Text), p.Path})
}
