package site

import (
	"context"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

type confrontaView struct {
	Regioni   []confrontaRegione
	Script    string // path of the script that compares comuni
	Programmi []programma
}

// confrontaRegione is a region with the pages that compare it with each other one.
type confrontaRegione struct {
	Nome, Slug string
	Altre      []named
}

// coppiaView are two regions side by side.
type coppiaView struct {
	Uno, Altro regioneRiga
	Programmi  []coppiaProgramma
	Altre      []confrontaRegione
}

// coppiaProgramma are the two in one programme; a side of which nothing was delivered is empty.
type coppiaProgramma struct {
	Programma  named
	Uno, Altro territorio
	// AmmessiUno and AmmessiAltro are what public sources name, with the published totals.
	AmmessiUno, AmmessiAltro ammessiView
}

// confrontaPath is the page that compares two regions, the same in either order.
func confrontaPath(a, b string) string {
	if b < a {
		a, b = b, a
	}
	return "confronta/" + a + "/" + b + "/"
}

func (b *builder) confrontaPages(_ context.Context, yield func(page) error) error {
	w := b.w
	home, here := crumb{b.text("briciole.home"), ""}, crumb{b.text("confronta.titolo"), "confronta/"}
	rows := w.regioniRighe()
	var v confrontaView
	for _, r := range rows {
		own := confrontaRegione{Nome: r.Nome, Slug: r.Slug}
		for _, o := range rows {
			if o.Codice != r.Codice {
				own.Altre = append(own.Altre, named{same(o.Nome), confrontaPath(r.Slug, o.Slug)})
			}
		}
		v.Regioni = append(v.Regioni, own)
	}
	v.Programmi = w.programmi
	var err error
	if v.Script, err = b.confrontaScript(); err != nil {
		return err
	}
	if err := yield(page{Kind: "confronta", Path: here.Path, Section: "regioni", Title: here.Text, Description: b.text("confronta.descrizione"),
		Crumbs: []crumb{home}, Data: v}); err != nil {
		return err
	}
	for i, one := range rows {
		for j, other := range rows {
			if one.Slug >= other.Slug {
				continue
			}
			cv := coppiaView{Uno: one, Altro: other, Altre: []confrontaRegione{v.Regioni[i], v.Regioni[j]}}
			for _, p := range w.programmi {
				cp := coppiaProgramma{Programma: w.programmaRef(p.Chiave)}
				if !b.in.Simulated || p.Chiave != padigitale {
					cp.Uno, cp.Altro = w.inProgramma(one.Codice, p.Chiave), w.inProgramma(other.Codice, p.Chiave)
				}
				if cp.AmmessiUno, err = w.ammessiDi(one.Codice, p.Chiave); err != nil {
					return err
				}
				if cp.AmmessiAltro, err = w.ammessiDi(other.Codice, p.Chiave); err != nil {
					return err
				}
				if cp.Uno.Noto() || cp.Altro.Noto() || cp.AmmessiUno.ConEvidenza+cp.AmmessiAltro.ConEvidenza > 0 || cp.AmmessiUno.Totale+cp.AmmessiAltro.Totale != "" {
					cv.Programmi = append(cv.Programmi, cp)
				}
			}
			if err := yield(page{Kind: "coppia", Path: confrontaPath(one.Slug, other.Slug), Section: "regioni",
				Title: b.text("coppia.titolo", same(one.Nome), same(other.Nome)), Description: b.text("coppia.descrizione", same(one.Nome), same(other.Nome)),
				Crumbs: []crumb{home, here}, Data: cv}); err != nil {
				return err
			}
		}
	}
	return nil
}

// ammessiDi is what public sources name in a region and programme.
func (w *world) ammessiDi(region, programme string) (ammessiView, error) {
	for _, a := range w.ammessiIn[region] {
		if a.Programma == programme {
			return w.ammessiView(a)
		}
	}
	return ammessiView{}, nil
}

// confrontaScript is the script of the one page that compares comuni by their files.
func (b *builder) confrontaScript() (string, error) {
	raw, err := os.ReadFile(filepath.Join(b.in.Root, "site", "assets", "confronta.js"))
	if err != nil {
		return "", err
	}
	res := api.Transform(string(raw), api.TransformOptions{Loader: api.LoaderJS, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatIIFE, Target: api.ES2020, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone, Sourcefile: "assets/confronta.js"})
	if err := buildErrors("assets/confronta.js", res.Errors); err != nil {
		return "", err
	}
	return b.hashed("assets/confronta", ".js", res.Code)
}
