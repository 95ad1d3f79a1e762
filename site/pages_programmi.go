package site

import (
	"context"
	"slices"

	"piccoli/pipelines/catalog"
)

type programmiView struct {
	Programmi []programma
}

type regioneProgramma struct {
	Regione named
	Riga    ammessiView
}

type programmaView struct {
	Programma  programma
	DallaFonte fonteRef
	Ambiti     []ambito
	Regioni    []regioneProgramma
	Eventi     []gruppoEventi
	Comuni     int64 // distinct comuni named
	Altri      int64 // unions and areas named, as written
	Cifre      []cifraView
	Fatti      []fattoView
}

func (b *builder) programmiPages(_ context.Context, yield func(page) error) error {
	w := b.w
	home, here := crumb{b.text("briciole.home"), ""}, crumb{b.text("programmi.titolo"), "programmi/"}
	if err := yield(page{Kind: "programmi", Path: "programmi/", Section: "programmi", Title: here.Text, Description: b.text("programmi.descrizione"),
		Crumbs: []crumb{home}, Data: programmiView{w.programmi}}); err != nil {
		return err
	}
	for _, p := range w.programmi {
		v := programmaView{Programma: p}
		var err error
		if v.DallaFonte, err = w.fonteRef(p.Fonte); err != nil {
			return err
		}
		for _, a := range w.ambiti {
			if a.Programma == p.Chiave {
				v.Ambiti = append(v.Ambiti, a)
			}
		}
		for _, a := range w.ammessi {
			if a.Programma == p.Chiave && (a.ConEvidenza > 0 || a.Totale != "") {
				row, err := w.ammessiView(a)
				if err != nil {
					return err
				}
				v.Regioni = append(v.Regioni, regioneProgramma{w.regioneRef(a.Regione), row})
			}
		}
		var own []evidenza
		comuni, altri := map[string]bool{}, map[string]bool{}
		for _, e := range w.evidenze {
			if e.Programma != p.Chiave {
				continue
			}
			own = append(own, e)
			if e.Comune != "" {
				comuni[e.Comune] = true
			} else {
				altri[e.Scritto] = true
			}
		}
		v.Comuni, v.Altri = int64(len(comuni)), int64(len(altri))
		groups, err := w.eventi(own)
		if err != nil {
			return err
		}
		if len(groups) > 0 {
			v.Eventi = groups[0].Eventi
		}
		for _, c := range w.cifre {
			if c.Programma == p.Chiave {
				cv, err := w.cifraView(c)
				if err != nil {
					return err
				}
				v.Cifre = append(v.Cifre, cv)
			}
		}
		for _, f := range w.fatti {
			if f.Programma == p.Chiave {
				fv, err := w.fattoView(f)
				if err != nil {
					return err
				}
				v.Fatti = append(v.Fatti, fv)
			}
		}
		if err := yield(page{Kind: "programma", Path: "programmi/" + p.Chiave + "/", Section: "programmi", Title: same(p.Nome),
			Description: b.text("programma.descrizione", same(p.Nome)), Crumbs: []crumb{home, here}, Data: v}); err != nil {
			return err
		}
	}
	return nil
}

type ambitiView struct {
	Programmi []programmaAmbiti
}

type programmaAmbiti struct {
	Programma named
	Ambiti    []ambito
}

type ambitoView struct {
	Ambito        ambito
	NomeProgramma named
	DallaFonte    fonteRef
	QuotaFonte    fonteRef
	Eventi        []gruppoEventi
}

func (b *builder) ambitiPages(_ context.Context, yield func(page) error) error {
	w := b.w
	home, here := crumb{b.text("briciole.home"), ""}, crumb{b.text("ambiti.titolo"), "ambiti/"}
	var list ambitiView
	for _, p := range w.programmi {
		g := programmaAmbiti{Programma: w.programmaRef(p.Chiave)}
		for _, a := range w.ambiti {
			if a.Programma == p.Chiave {
				g.Ambiti = append(g.Ambiti, a)
			}
		}
		if len(g.Ambiti) > 0 {
			list.Programmi = append(list.Programmi, g)
		}
	}
	if err := yield(page{Kind: "ambiti", Path: "ambiti/", Section: "programmi", Title: here.Text, Description: b.text("ambiti.descrizione"),
		Crumbs: []crumb{home}, Data: list}); err != nil {
		return err
	}
	for _, a := range w.ambiti {
		v := ambitoView{Ambito: a, NomeProgramma: w.programmaRef(a.Programma)}
		var err error
		if v.DallaFonte, err = w.fonteRef(a.Fonte); err != nil {
			return err
		}
		if v.QuotaFonte, err = w.fonteRef(a.FonteQuota); err != nil {
			return err
		}
		var own []evidenza
		for _, e := range w.evidenze {
			if slices.ContainsFunc(w.ambitiDi[e.ID], func(ea evidenzaAmbito) bool { return ea.Ambito == a.Chiave }) {
				own = append(own, e)
			}
		}
		groups, err := w.eventi(own)
		if err != nil {
			return err
		}
		for _, g := range groups {
			v.Eventi = append(v.Eventi, g.Eventi...)
		}
		name := catalog.Text{It: a.NomeIt, En: a.NomeEn}
		if err := yield(page{Kind: "ambito", Path: "ambiti/" + a.Chiave + "/", Section: "programmi", Title: name,
			Description: b.text("ambito.descrizione", name), Crumbs: []crumb{home, here}, Data: v}); err != nil {
			return err
		}
	}
	return nil
}
