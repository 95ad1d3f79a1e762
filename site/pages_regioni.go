package site

import (
	"cmp"
	"context"
	"slices"

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

type regioneView struct {
	Regione   regioneRiga
	Programmi []ammessiView
	Eventi    []programmaEventi
	Confronti []confronto
	// Quote is the region in each programme of which something was delivered; Province its provinces, the first first.
	Quote      []territorioView
	Fasi       []faseConta
	Mappa      puntiView
	Province   []provinciaRiga
	Elenco     []provinciaComuni
	Classifica []classificaView
	Consegnate bool
	Simulata   bool
	// Misure are PA digitale's measures in the region; SenzaPADigitale: its files have not been fetched.
	Misure          []misuraRegione
	SenzaPADigitale bool
	FontePADigitale fonteRef
}

// provinciaComuni are the comuni of a province in the list of its region.
type provinciaComuni struct {
	Nome, Sigla, Path string
	Comuni            []nomeComune
}

// classificaView are the comuni of a region for which most was paid per resident, in one programme.
type classificaView struct {
	Programma named
	Quanti    string
	Comuni    []postoComune
}

type postoComune struct {
	nomeComune
	percorso
}

// primi is how many comuni a ranking shows.
const primi = 10

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
		if err := b.territorio(&v, r); err != nil {
			return err
		}
		if err := yield(page{Kind: "regione", Path: "regioni/" + r.Slug + "/", Section: "regioni", Title: same(r.Nome),
			Description: b.text("regione.descrizione", same(r.Nome)), Crumbs: []crumb{home, here}, Feed: "regioni/" + r.Slug + "/", Data: v}); err != nil {
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

// territorio fills in what the region's comuni add up to: shares, map, ranking of provinces and of comuni, the list.
func (b *builder) territorio(v *regioneView, r regioneRiga) (err error) {
	w := b.w
	v.Consegnate, v.Simulata = b.consegnate, b.in.Simulated
	v.Quote = b.territorioViews(r.Codice)
	provinces := w.provinceIn(r.Codice)
	v.Province = b.classifica(provinces)
	var all, withPage []*comune
	for _, p := range provinces {
		list := provinciaComuni{Nome: p.Nome, Sigla: p.Sigla, Path: p.Path()}
		for _, c := range p.Comuni {
			list.Comuni = append(list.Comuni, w.inList(c))
		}
		v.Elenco = append(v.Elenco, list)
		all, withPage = append(all, p.Tutti...), append(withPage, p.Comuni...)
	}
	v.Fasi = w.fasi(withPage, b.in.Simulated)
	for _, p := range w.programmi {
		if b.in.Simulated && p.Chiave == padigitale {
			continue
		}
		c := classificaView{Programma: w.programmaRef(p.Chiave)}
		for _, place := range withPage {
			for _, row := range w.percorsi[place.Codice] {
				if row.Programma == p.Chiave && row.Posto != "" && wholePart(row.Posto) <= primi {
					c.Comuni = append(c.Comuni, postoComune{w.inList(place), row})
					c.Quanti = row.InClassifica
				}
			}
		}
		slices.SortFunc(c.Comuni, func(x, y postoComune) int {
			return cmp.Or(cmp.Compare(wholePart(x.Posto), wholePart(y.Posto)), cmp.Compare(x.Codice, y.Codice))
		})
		if len(c.Comuni) > 0 {
			v.Classifica = append(v.Classifica, c)
		}
	}
	v.Mappa, err = w.punti("carta", b.text("punti.titolo", same(r.Nome)), b.text("punti.desc", same(r.Nome)), all, b.in.Simulated)
	return err
}

func (w *world) inList(c *comune) nomeComune {
	n := nomeComune{Codice: c.Codice, Nome: c.Nome, Sigla: c.Sigla, Popolazione: c.Popolazione, Piccolo: c.Piccolo}
	if !w.simulati {
		n.Evidenze, n.Ammesso = c.NumeroEvidenze, c.AmmessoNominato
	}
	return n
}
