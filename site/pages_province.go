package site

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// provincia is a province or metropolitan city of 2020.
type provincia struct {
	Codice, Nome, Sigla, Regione string
	Comuni                       []*comune // that have a page, in the order of their names
	Tutti                        []*comune // all, in the order of their codes
}

// Path is the province's page.
func (p *provincia) Path() string { return "province/" + strings.ToLower(p.Sigla) + "/" }

// territorioView is a territory in one programme of which something was delivered.
type territorioView struct {
	territorio
	NomeProgramma named
}

// comuneRiga is one comune in the table of its province.
type comuneRiga struct {
	nomeComune
	Fase       fase
	Pagato     string // in all programmes but PA digitale
	PADigitale *percorso
}

// provinciaRiga is one province in the ranking of its region.
type provinciaRiga struct {
	Posto      int64 // 0 where nothing ranks it
	Nome       string
	Sigla      string
	Path       string
	Piccoli    int64
	Avviso     territorio // the call for small comuni
	PADigitale territorio
}

type provinceView struct{ Regioni []regioneProvince }

type regioneProvince struct {
	Regione  named
	Province []provinciaRiga
}

type provinciaView struct {
	Provincia       provinciaRiga
	Regione         named
	Residenti       int64
	Fasi            []faseConta
	Programmi       []territorioView
	Mappa           puntiView
	Comuni          []comuneRiga
	Altre           []provinciaRiga
	Consegnate      bool
	SenzaPADigitale bool
	Simulata        bool
	CSV             string
}

// faseConta is how many small comuni have come that far and no farther.
type faseConta struct {
	Fase   fase
	Comuni int64
}

// avviso is the key of the call for small comuni, whose shares rank the provinces.
const avviso = "avviso-piccoli-comuni"

// provinceIn are the provinces of a region, in the order of their names.
func (w *world) provinceIn(region string) []*provincia { return w.province[region] }

// groupProvince gives the provinces of each region, in the order of their names.
func (w *luoghi) groupProvince() map[string][]*provincia {
	at := map[string]*provincia{}
	var all []*provincia
	for i := range w.comuni {
		c := &w.comuni[i]
		code := c.Codice[:3]
		if at[code] == nil {
			at[code] = &provincia{Codice: code, Nome: c.Provincia, Sigla: c.Sigla, Regione: c.Regione}
			all = append(all, at[code])
		}
		at[code].Tutti = append(at[code].Tutti, c)
	}
	for _, i := range w.pagine {
		p := at[w.comuni[i].Codice[:3]]
		p.Comuni = append(p.Comuni, &w.comuni[i])
	}
	slices.SortFunc(all, func(a, b *provincia) int {
		return cmp.Or(cmp.Compare(fold(a.Nome), fold(b.Nome)), cmp.Compare(a.Codice, b.Codice))
	})
	return group(all, func(p *provincia) string { return p.Regione })
}

func (w *luoghi) provinciaRef(c *comune) named {
	return named{same(c.Provincia), "province/" + strings.ToLower(c.Sigla) + "/"}
}

// inProgramma is a territory's row of one programme.
func (w *world) inProgramma(code, programme string) territorio {
	for _, t := range w.territori[code] {
		if t.Programma == programme {
			return t
		}
	}
	return territorio{}
}

// territorioViews are the programmes of which something about the territory was delivered. A simulated build shows none of the real ones.
func (b *builder) territorioViews(code string) (out []territorioView) {
	for _, p := range b.w.programmi {
		if b.in.Simulated && p.Chiave == padigitale {
			continue
		}
		if t := b.w.inProgramma(code, p.Chiave); t.Noto() {
			out = append(out, territorioView{t, b.w.programmaRef(p.Chiave)})
		}
	}
	return out
}

// classifica ranks provinces by the share of their small comuni admitted to the call; without applications, by what PA digitale has
// paid per resident. Where neither was delivered they stay in the order of their names, without a place.
func (b *builder) classifica(provinces []*provincia) []provinciaRiga {
	out := make([]provinciaRiga, 0, len(provinces))
	for _, p := range provinces {
		r := provinciaRiga{Nome: p.Nome, Sigla: p.Sigla, Path: p.Path(), Avviso: b.w.inProgramma(p.Codice, avviso)}
		r.Piccoli = r.Avviso.Piccoli
		if !b.in.Simulated {
			r.PADigitale = b.w.inProgramma(p.Codice, padigitale)
		}
		out = append(out, r)
	}
	key := func(r provinciaRiga) int64 {
		if b.consegnate {
			return tenths(r.Avviso.QuotaAmmessi)
		}
		return cents(r.PADigitale.PagatoProCapite)
	}
	if !b.consegnate && (b.senzaPADigitale || b.in.Simulated) {
		return out
	}
	slices.SortStableFunc(out, func(x, y provinciaRiga) int { return cmp.Compare(key(y), key(x)) })
	for i := range out {
		if key(out[i]) < 0 {
			continue
		}
		out[i].Posto = int64(i + 1)
		if i > 0 && key(out[i]) == key(out[i-1]) {
			out[i].Posto = out[i-1].Posto
		}
	}
	return out
}

// tenths and cents read a decimal with one or two places as a whole number; -1 where there is none.
func tenths(s string) int64 { return digitsOf(s, 1) }
func cents(s string) int64  { return digitsOf(s, 2) }

func digitsOf(s string, places int) int64 {
	if s == "" {
		return -1
	}
	whole, frac, _ := strings.Cut(s, ".")
	return wholePart(whole + (frac + "00")[:places])
}

func (b *builder) provincePages(_ context.Context, yield func(page) error) error {
	w := b.w
	home := crumb{b.text("briciole.home"), ""}
	var list provinceView
	for _, r := range w.regioni {
		list.Regioni = append(list.Regioni, regioneProvince{w.regioneRef(r.Codice), b.classifica(w.provinceIn(r.Codice))})
	}
	if err := yield(page{Kind: "province", Path: "province/", Section: "regioni", Title: b.text("province.titolo"), Description: b.text("province.descrizione"),
		Crumbs: []crumb{home, {b.text("regioni.titolo"), "regioni/"}}, Data: list}); err != nil {
		return err
	}
	for i, r := range w.regioni {
		rows := index(list.Regioni[i].Province, func(p provinciaRiga) string { return p.Sigla })
		for _, p := range w.provinceIn(r.Codice) {
			v := provinciaView{Provincia: *rows[p.Sigla], Regione: w.regioneRef(r.Codice), Programmi: b.territorioViews(p.Codice), Altre: list.Regioni[i].Province,
				Consegnate: b.consegnate, SenzaPADigitale: b.senzaPADigitale, Simulata: b.in.Simulated}
			v.Residenti = w.inProgramma(p.Codice, avviso).Residenti
			v.Fasi = w.fasi(p.Comuni, b.in.Simulated)
			var err error
			name := same(p.Nome)
			if v.Mappa, err = w.punti("carta", b.text("punti.titolo", name), b.text("punti.desc", name), p.Tutti, b.in.Simulated); err != nil {
				return err
			}
			for _, c := range p.Comuni {
				row := comuneRiga{nomeComune: w.inList(c), Fase: w.fase(c, b.in.Simulated)}
				var own []percorso
				for _, pc := range w.percorsi[c.Codice] {
					if pc.Programma != padigitale {
						own = append(own, pc)
					} else if !b.in.Simulated {
						row.PADigitale = &pc
					}
				}
				if row.Pagato, err = sumEuro(own, func(p percorso) string { return p.Pagato }); err != nil {
					return err
				}
				v.Comuni = append(v.Comuni, row)
			}
			crumbs := append(b.regionCrumbs(&b.w.luoghi, r.Codice), crumb{})[:3]
			title := same(p.Nome)
			if p.Nome == r.Nome {
				title = b.text("provincia.briciola", same(p.Nome))
			}
			if err := yield(page{Kind: "provincia", Path: p.Path(), Section: "regioni", Title: title,
				Description: b.text("provincia.descrizione", same(p.Nome)), Crumbs: crumbs, Data: v}); err != nil {
				return err
			}
		}
	}
	return nil
}

// fasi counts the small comuni by how far they have come, the farthest first.
func (w *world) fasi(comuni []*comune, simulated bool) (out []faseConta) {
	count := map[fase]int64{}
	for _, c := range comuni {
		if c.Piccolo {
			count[w.fase(c, simulated)]++
		}
	}
	for f := fasePagato; f >= faseNessuna; f-- {
		if count[f] > 0 {
			out = append(out, faseConta{f, count[f]})
		}
	}
	return out
}
