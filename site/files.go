package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// files writes what is no page: sitemap, robots, search index.
func (b *builder) files() error {
	if err := b.sitemap(sitemapMost); err != nil {
		return err
	}
	robots := "User-agent: *\nAllow: /\n\nSitemap: " + b.pub.BaseURL + "sitemap.xml\n"
	if b.in.Simulated {
		robots = "User-agent: *\nDisallow: /\n"
	}
	return b.tree.Put("robots.txt", []byte(robots))
}

// sitemapMost is how many addresses one sitemap may hold (https://www.sitemaps.org/protocol.html).
const sitemapMost = 50_000

// sitemap lists every page with its twin in the other language; where they are more than one file may hold, sitemap.xml lists the files.
func (b *builder) sitemap(most int) error {
	var paths []string
	for _, file := range b.tree.Paths() {
		if rest, ok := strings.CutSuffix(file, "index.html"); ok && !strings.HasPrefix(file, "en/") && !b.senzaMappa[rest] {
			paths = append(paths, rest)
		}
	}
	slices.Sort(paths)
	const head, space = `<?xml version="1.0" encoding="UTF-8"?>` + "\n", `xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`
	base := html.EscapeString(b.pub.BaseURL)
	var parts [][]byte
	for chunk := range slices.Chunk(paths, most/len(languages)) {
		var x bytes.Buffer
		x.WriteString(head + "<urlset " + space + ` xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
		for _, p := range chunk {
			links := ""
			for _, l := range [][2]string{{"it", ""}, {"en", "en/"}, {"x-default", ""}} {
				links += `<xhtml:link rel="alternate" hreflang="` + l[0] + `" href="` + base + l[1] + p + `"/>`
			}
			for _, lang := range languages {
				x.WriteString("<url><loc>" + base + langPrefix(lang) + p + "</loc><lastmod>" + b.common.AsOf + "</lastmod>" + links + "</url>\n")
			}
		}
		x.WriteString("</urlset>\n")
		parts = append(parts, x.Bytes())
	}
	if len(parts) == 1 {
		return b.tree.Put("sitemap.xml", parts[0])
	}
	var x bytes.Buffer
	x.WriteString(head + "<sitemapindex " + space + ">\n")
	for i, part := range parts {
		name := fmt.Sprintf("sitemap-%d.xml", i+1)
		if err := b.tree.Put(name, part); err != nil {
			return err
		}
		fmt.Fprintf(&x, "<sitemap><loc>%s%s</loc><lastmod>%s</lastmod></sitemap>\n", base, name, b.common.AsOf)
	}
	x.WriteString("</sitemapindex>\n")
	return b.tree.Put("sitemap.xml", x.Bytes())
}

// voice is one entry of the search: what is shown, where it leads (from the language's root), what it is.
type voice [3]string

// searchIndexes writes one index for each language: regions, provinces, programmes, ambiti, datasets, pages, words of the glossary, sources, comuni with a page.
// Of answers that are equally good a reader sees them in this order.
func (b *builder) searchIndexes() error {
	b.common.Index = map[string]string{}
	for _, lang := range languages {
		var out []voice
		add := func(name, path, kind string) { out = append(out, voice{name, path, kind}) }
		for _, r := range b.w.regioni {
			add(r.Nome, "regioni/"+r.Slug+"/", b.text("cerca.regione").In(lang))
		}
		for _, r := range b.w.regioni {
			for _, p := range b.w.provinceIn(r.Codice) {
				add(p.Nome, p.Path(), b.text("cerca.provincia").In(lang)+", "+r.Nome)
			}
		}
		for _, p := range b.w.programmi {
			add(p.Nome, "programmi/"+p.Chiave+"/", b.text("cerca.programma").In(lang))
		}
		for _, a := range b.w.ambiti {
			add(b.w.ambitoRef(a.Chiave).Text.In(lang), "ambiti/"+a.Chiave+"/", b.text("cerca.ambito").In(lang))
		}
		for _, q := range b.in.Catalog.Marts() {
			add(q.Title.In(lang), "dati/"+q.Name+"/", b.text("cerca.dataset").In(lang))
		}
		for _, p := range []string{"confronti", "cronologia", "fonti", "metodo"} {
			add(b.text("menu."+p).In(lang), p+"/", b.text("cerca.pagina").In(lang))
		}
		for _, p := range []string{"ambiti", "confronta", "elenchi", "finestre", "mappe", "osservatorio", "qualita"} {
			path := p + "/"
			if p == "finestre" {
				path = "programmi/" + avviso + "/" + path
			}
			add(b.text(p+".titolo").In(lang), path, b.text("cerca.pagina").In(lang))
		}
		for _, g := range b.common.Glossario[lang] {
			add(g.Nome, "metodo/#g-"+g.ID, b.text("cerca.parola").In(lang))
		}
		add(b.text("piede.accessibilita").In(lang), "accessibilita/", b.text("cerca.pagina").In(lang))
		for _, f := range b.w.fonti {
			label := catalog.Text{It: f.LabelIt, En: f.LabelEn}.In(lang)
			if !strings.Contains(fold(label), fold(f.Titolo)) {
				label += ": " + f.Titolo
			}
			add(label, "fonti/#"+anchor("f", f.ID), b.text("cerca.fonte").In(lang))
		}
		for _, i := range b.w.pagine {
			c := &b.w.comuni[i]
			name := c.Nome
			if c.AltraLingua != "" && c.AltraLingua != c.Nome {
				name += " / " + c.AltraLingua
			}
			add(name, c.Codice, c.Sigla) // a path of six digits is short for comuni/<path>/
		}
		raw, err := marshalPlain(out)
		if err != nil {
			return err
		}
		if b.common.Index[lang], err = b.hashed("assets/cerca-"+lang, ".json", raw); err != nil {
			return err
		}
	}
	return b.err
}

func marshalPlain(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return buf.Bytes(), err
}
