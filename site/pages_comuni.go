package site

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// lettera is one page of the list from A to Z.
type lettera struct {
	Lettera, Path string
	Comuni        int64
}

type comuniView struct {
	Lettere     []lettera
	Totale      int64 // small comuni
	Oltre       []nomeComune
	ConEvidenza []nomeComune
}

// sillaba groups the names that start with the same two letters.
type sillaba struct {
	Inizio string
	Comuni []nomeComune
}

type letteraView struct {
	Lettera string
	Lettere []lettera
	Sillabe []sillaba
	Totale  int64
}

func (b *builder) comuniPages(ctx context.Context, yield func(page) error) error {
	w := b.w
	home, here := crumb{b.text("briciole.home"), ""}, crumb{b.text("comuni.titolo"), "comuni/"}
	lettere, per := w.lettere()
	v := comuniView{Lettere: lettere}
	for _, i := range w.pagine {
		c := &w.comuni[i]
		if c.Piccolo {
			v.Totale++
		} else {
			v.Oltre = append(v.Oltre, w.inList(c))
		}
		if c.NumeroEvidenze > 0 {
			v.ConEvidenza = append(v.ConEvidenza, w.inList(c))
		}
	}
	if err := yield(page{Kind: "comuni", Path: "comuni/", Section: "comuni", Title: here.Text, Description: b.text("comuni.descrizione"),
		Crumbs: []crumb{home}, Data: v}); err != nil {
		return err
	}
	for _, l := range lettere {
		lv := letteraView{Lettera: l.Lettera, Lettere: lettere, Totale: l.Comuni}
		for _, c := range per[l.Lettera] {
			start := firstLetters(c.Nome, 2)
			if n := len(lv.Sillabe); n == 0 || lv.Sillabe[n-1].Inizio != start {
				lv.Sillabe = append(lv.Sillabe, sillaba{Inizio: start})
			}
			s := &lv.Sillabe[len(lv.Sillabe)-1]
			s.Comuni = append(s.Comuni, c)
		}
		if err := yield(page{Kind: "lettera", Path: l.Path, Section: "comuni", Title: b.text("lettera.titolo", same(l.Lettera)),
			Description: b.text("lettera.descrizione", same(l.Lettera)), Crumbs: []crumb{home, here}, Data: lv}); err != nil {
			return err
		}
	}
	return b.comunePages(ctx, yield)
}

// changed reports whether code, name, province or region are no longer those of 2020.
func (c *comune) changed() bool {
	return c.CodiceOggi != c.Codice || c.NomeOggi != c.Nome || c.ProvinciaOggi != c.Provincia || c.RegioneOggi != c.NomeRegione
}

// lettere splits the comuni that have a page by the first letter of their folded name.
func (w *world) lettere() ([]lettera, map[string][]nomeComune) {
	per := map[string][]nomeComune{}
	var out []lettera
	for _, i := range w.pagine {
		c := &w.comuni[i]
		l := firstLetters(c.Nome, 1)
		if per[l] == nil {
			out = append(out, lettera{Lettera: l, Path: "comuni/" + strings.ToLower(l) + "/"})
		}
		per[l] = append(per[l], w.inList(c))
	}
	for i := range out {
		out[i].Comuni = int64(len(per[out[i].Lettera]))
	}
	return out, per
}

// firstLetters gives the first n letters of a name without accents, the first one large.
func firstLetters(name string, n int) string {
	f := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, fold(name))
	f = f[:min(n, len(f))]
	if f == "" {
		return "A"
	}
	_, size := utf8.DecodeRuneInString(f)
	return strings.ToUpper(f[:size]) + f[size:]
}

// sortFolded puts names in order without regard to accents and case.
func sortFolded(names []string) {
	slices.SortFunc(names, func(a, b string) int {
		if c := strings.Compare(fold(a), fold(b)); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
}
