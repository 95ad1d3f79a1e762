package site

import (
	"context"

	"piccoli/pipelines/catalog"
)

// editore groups the sources of one publisher.
type editore struct {
	Nome  string
	Fonti []fonte
}

type annoFatti struct {
	Anno  string
	Fatti []fattoView
}

// confrontoView is one group of published figures that speak of the same thing.
type confrontoView struct {
	confronto
	Figure []cifraView
}

// fattiPages are the pages of what sources say: sources, chronology, contested figures.
func (b *builder) fattiPages(_ context.Context, yield func(page) error) error {
	w := b.w
	home := []crumb{{b.text("briciole.home"), ""}}

	byName := group(w.fonti, func(f fonte) string { return f.Editore })
	var names []string
	for n := range byName {
		names = append(names, n)
	}
	sortFolded(names)
	var editori []editore
	for _, n := range names {
		editori = append(editori, editore{n, byName[n]})
	}
	if err := yield(page{Kind: "fonti", Path: "fonti/", Section: "fonti", Title: b.text("fonti.titolo"), Description: b.text("fonti.descrizione"),
		Crumbs: home, Data: struct {
			Editori []editore
			Fonti   int64
			Arrivi  []arrivo
		}{editori, int64(len(w.fonti)), b.arrivi()}}); err != nil {
		return err
	}

	var anni []annoFatti
	for _, f := range w.fatti {
		v, err := w.fattoView(f)
		if err != nil {
			return err
		}
		year := ""
		if len(f.Data) >= 4 {
			year = f.Data[:4]
		}
		if n := len(anni); n == 0 || anni[n-1].Anno != year {
			anni = append(anni, annoFatti{Anno: year})
		}
		anni[len(anni)-1].Fatti = append(anni[len(anni)-1].Fatti, v)
	}
	if err := yield(page{Kind: "cronologia", Path: "cronologia/", Section: "cronologia", Title: b.text("cronologia.titolo"),
		Description: b.text("cronologia.descrizione"), Crumbs: home, Data: struct{ Anni []annoFatti }{anni}}); err != nil {
		return err
	}

	figures := group(w.cifre, func(c cifra) string { return c.Confronto })
	groups, err := each(w.confronti, func(c confronto) (confrontoView, error) {
		rows, err := each(figures[c.Chiave], w.cifraView)
		for i := range rows {
			if r, ok := b.out.riconciliate[rows[i].ID]; ok {
				rows[i].Accanto = &r
			}
		}
		return confrontoView{c, rows}, err
	})
	if err != nil {
		return err
	}
	return yield(page{Kind: "confronti", Path: "confronti/", Section: "confronti", Title: b.text("confronti.titolo"),
		Description: b.text("confronti.descrizione"), Crumbs: home, Data: struct{ Confronti []confrontoView }{groups}})
}

// prosePages are the pages of longer text, and the page for addresses that are not there.
func (b *builder) prosePages(_ context.Context, yield func(page) error) error {
	home := []crumb{{b.text("briciole.home"), ""}}
	for _, name := range []string{"metodo", "note-legali", "privacy", "accessibilita", "correzioni", "404"} {
		p := page{Kind: "prosa", Path: name + "/", Crumbs: home}
		if name == "metodo" {
			p.Section = name
		}
		if name == "404" {
			p.Path, p.File, p.Crumbs = "", "404.html", nil
		}
		var body catalog.Text
		for _, lang := range languages {
			data, err := b.proseData(lang, rootOf(p.file(lang))+langPrefix(lang))
			if err != nil {
				return err
			}
			if name == "404" {
				data.Root = b.common.BasePath + langPrefix(lang)
			}
			text, err := loadProse(b.in.Root, name, lang, data)
			if err != nil {
				return err
			}
			if lang == "it" {
				p.Title.It, body.It = text.Title, string(text.Body)
			} else {
				p.Title.En, body.En = text.Title, string(text.Body)
			}
		}
		p.Description = b.text("prosa.descrizione", p.Title)
		p.Data = proseView{body}
		if name == "accessibilita" {
			o, err := loadOutcome(b.in.Root)
			if err != nil {
				return err
			}
			p.Kind, p.Data = name, accessibilitaView{body, o}
		}
		if err := yield(p); err != nil {
			return err
		}
	}
	return nil
}

// proseView is a page of Markdown, already HTML in both languages.
type proseView struct{ Body catalog.Text }

func (b *builder) proseData(lang, root string) (proseData, error) {
	d := proseData{Publisher: b.pub, Official: b.pub.Official(), Licence: b.pub.Licence(lang), Root: root,
		ComuniTutti: formatInt(lang, int64(len(b.w.comuni))), Evidenze: formatInt(lang, int64(len(b.w.evidenze))),
		Fonti: formatInt(lang, int64(len(b.w.fonti))), Cifre: formatInt(lang, int64(len(b.w.cifre))),
		ComuniConFatt: formatInt(lang, int64(len(b.w.diComune)))}
	small := int64(0)
	for _, c := range b.w.comuni {
		if c.Piccolo {
			small++
		}
	}
	d.Comuni = formatInt(lang, small)
	var err error
	d.AsOf, err = formatDate(lang, b.common.AsOf, "giorno")
	return d, err
}
