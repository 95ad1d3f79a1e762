package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"
)

// files writes what is no page: sitemap, robots, search index.
func (b *builder) files() error {
	if err := b.sitemap(); err != nil {
		return err
	}
	robots := "User-agent: *\nAllow: /\n\nSitemap: " + b.pub.BaseURL + "sitemap.xml\n"
	if b.in.Simulated {
		robots = "User-agent: *\nDisallow: /\n"
	}
	return b.plain("robots.txt", []byte(robots))
}

// sitemap lists every page with its twin in the other language.
func (b *builder) sitemap() error {
	var paths []string
	for _, file := range b.tree.Paths() {
		if rest, ok := strings.CutSuffix(file, "index.html"); ok && !strings.HasPrefix(file, "en/") {
			paths = append(paths, rest)
		}
	}
	slices.Sort(paths)
	var x bytes.Buffer
	x.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	base := html.EscapeString(b.pub.BaseURL)
	for _, p := range paths {
		links := fmt.Sprintf(`<xhtml:link rel="alternate" hreflang="it" href="%s%s"/><xhtml:link rel="alternate" hreflang="en" href="%sen/%s"/>`, base, p, base, p)
		for _, lang := range languages {
			fmt.Fprintf(&x, "<url><loc>%s%s%s</loc><lastmod>%s</lastmod>%s</url>\n", base, langPrefix(lang), p, b.common.AsOf, links)
		}
	}
	x.WriteString("</urlset>\n")
	return b.plain("sitemap.xml", x.Bytes())
}

// voice is one entry of the search: what is shown, where it leads (from the language's root), what it is.
type voice [3]string

// searchIndexes writes one index for each language: comuni with a page, regions, programmes, ambiti, datasets.
func (b *builder) searchIndexes() error {
	b.common.Index = map[string]string{}
	for _, lang := range languages {
		var out []voice
		add := func(name, path, kind string) { out = append(out, voice{name, path, kind}) }
		for _, r := range b.w.regioni {
			add(r.Nome, "regioni/"+r.Slug+"/", b.text("cerca.regione").In(lang))
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
