package site

import (
	"context"

	"piccoli/pipelines/catalog"
)

type regioniView struct {
	Mappa   mapView
	Regioni []regioneRiga
}

// ammessiView is what is known of one programme in one region, with the published totals.
type ammessiView struct {
	ammessi
	NomeProgramma                    named
	Unita                            catalog.Text // of the total
	DaFonteTotale, DaFontePrecedente fonteRef
	Confronto                        string
}

// nomeComune is a comune in a list.
type nomeComune struct {
	Codice, Nome, Sigla string
	Popolazione         int64
	Evidenze            int64
	Ammesso, Piccolo    bool
}

type provinciaComuni struct {
	Nome, Sigla string
	Comuni      []nomeComune
}

type regioneView struct {
	Regione   regioneRiga
	Programmi []ammessiView
	Eventi    []programmaEventi
	Province  []provinciaComuni
	Confronti []confronto
	// Misure are PA digitale's measures in the region; SenzaPADigitale: its files have not been fetched.
	Misure          []misuraRegione
	SenzaPADigitale bool
	FontePADigitale fonteRef
}

func (b *builder) regioniPages(_ context.Context, yield func(page) error) error {
	w := b.w
	rows := w.regioniRighe()
	m, err := b.evidenceMap("mappa")
	if err != nil {
		return err
	}
	home := crumb{b.text("briciole.home"), ""}
	here := crumb{b.text("regioni.titolo"), "regioni/"}
	if err := yield(page{Kind: "regioni", Path: "regioni/", Section: "regioni", Title: here.Text, Description: b.text("regioni.descrizione"),
		Crumbs: []crumb{home}, Data: regioniView{m, rows}}); err != nil {
		return err
	}
	fetched := b.righe("padigitale_candidature")
	byRegion := group(w.evidenze, func(e evidenza) string { return e.Regione })
	for _, r := range rows {
		v := regioneView{Regione: r, Misure: w.misure[r.Codice], SenzaPADigitale: fetched == 0}
		if len(v.Misure) > 0 {
			if v.FontePADigitale, err = w.fonteRef(fontePADigitale); err != nil {
				return err
			}
		}
		if v.Eventi, err = w.eventi(byRegion[r.Codice]); err != nil {
			return err
		}
		if v.Programmi, err = each(w.ammessiIn[r.Codice], w.ammessiView); err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, c := range w.cifre {
			if c.Regione == r.Codice && c.Confronto != "" && !seen[c.Confronto] {
				seen[c.Confronto] = true
				v.Confronti = append(v.Confronti, *w.confronto[c.Confronto])
			}
		}
		v.Province = w.province(r.Codice)
		if err := yield(page{Kind: "regione", Path: "regioni/" + r.Slug + "/", Section: "regioni", Title: same(r.Nome),
			Description: b.text("regione.descrizione", same(r.Nome)), Crumbs: []crumb{home, here}, Data: v}); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) ammessiView(a ammessi) (ammessiView, error) {
	v := ammessiView{ammessi: a, NomeProgramma: w.programmaRef(a.Programma)}
	var err error
	if v.DaFonteTotale, err = w.fonteRef(a.FonteTotale); err != nil {
		return v, err
	}
	if v.DaFontePrecedente, err = w.fonteRef(a.FontePrecedente); err != nil {
		return v, err
	}
	v.Unita = same(a.UnitaTotale)
	for _, c := range w.cifre {
		if c.Unita == a.UnitaTotale && c.UnitaEn != "" {
			v.Unita.En = c.UnitaEn
			break
		}
	}
	if a.Precedente != "" {
		for _, c := range w.cifre {
			if c.Regione == a.Regione && c.Fonte == a.FonteTotale && c.Confronto != "" {
				v.Confronto = c.Confronto
			}
		}
	}
	return v, nil
}

// province groups the comuni of a region that have a page, in the order of the provinces' names.
func (w *world) province(region string) []provinciaComuni {
	at := map[string]*provinciaComuni{}
	var order []string
	for _, i := range w.pagine {
		c := &w.comuni[i]
		if c.Regione != region {
			continue
		}
		p := at[c.Provincia]
		if p == nil {
			p = &provinciaComuni{Nome: c.Provincia, Sigla: c.Sigla}
			at[c.Provincia] = p
			order = append(order, c.Provincia)
		}
		p.Comuni = append(p.Comuni, c.inList())
	}
	sortFolded(order)
	out := make([]provinciaComuni, len(order))
	for i, name := range order {
		out[i] = *at[name]
	}
	return out
}

func (c *comune) inList() nomeComune {
	return nomeComune{c.Codice, c.Nome, c.Sigla, c.Popolazione, c.NumeroEvidenze, c.AmmessoNominato, c.Piccolo}
}

// regionCrumbs is the path to a comune: its region's page.
func (b *builder) regionCrumbs(code string) []crumb {
	r := b.w.regioneRef(code)
	return []crumb{{b.text("briciole.home"), ""}, {b.text("regioni.titolo"), "regioni/"}, {catalog.Text(r.Text), r.Path}}
}
