package site

import (
	"context"
	"slices"
	"strings"

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
	Soldi      []tessera
	Importi    []importoView
	Capienza   []capienzaRiga
	Imbuto     []faseView  // the figures published, of the call alone
	Contati    []conteggio // the rows delivered
	Matrice    []rigaMatrice
	Laboratori []laboratoriArea
	Attivita   []attivitaView
	Aree       []cifraView // figures of an area, union or place
	Finestre   bool        // the programme has a page of windows and decrees
	// PADigitale: the programme is known by its publisher's files, fetched or not.
	PADigitale, SenzaPADigitale bool
}

// rigaMatrice is one area of work with its interventions in each container.
type rigaMatrice struct {
	Ambito named
	Celle  []cellaMatrice
}

// cellaMatrice is one container of an area of work; a nil row says that there is no intervention.
type cellaMatrice struct {
	Contenitore string
	Riga        *contenitoreRiga
	Prova       prova
}

// contenitori of a plan, in the order of the call.
var contenitori = []string{"competenze", "strumenti-organizzativi", "consulenza-specialistica"}

// attivitaView is one kind of activity with the area of work that it is of, if any.
type attivitaView struct {
	attivitaRiga
	NomeAmbito named
}

// matrice puts a programme's interventions in a table of areas of work by containers; nothing where none was delivered.
func (b *builder) matrice(programma string) (out []rigaMatrice) {
	cells := map[string]*contenitoreRiga{}
	var areas []string
	for i, c := range b.out.contenitori {
		if c.Programma != programma {
			continue
		}
		cells[c.Ambito+"/"+c.Contenitore] = &b.out.contenitori[i]
		if !slices.Contains(areas, c.Ambito) {
			areas = append(areas, c.Ambito)
		}
	}
	for _, a := range areas {
		row := rigaMatrice{Ambito: b.w.ambitoRef(a)}
		for _, c := range contenitori {
			row.Celle = append(row.Celle, cellaMatrice{c, cells[a+"/"+c], prova{"interventi_per_contenitore", anchor("r", programma, a, c)}})
		}
		out = append(out, row)
	}
	return out
}

// consegnatiDi fills in what was delivered about a programme.
func (b *builder) consegnatiDi(ctx context.Context, p programma, v *programmaView) (err error) {
	if v.Soldi, err = b.soldiDi(p.Chiave); err != nil {
		return err
	}
	if v.Importi, err = b.w.importi(p.Chiave); err != nil {
		return err
	}
	for _, c := range b.out.capienza {
		if c.Programma == p.Chiave {
			v.Capienza = append(v.Capienza, c)
		}
	}
	if p.Chiave == avviso {
		if v.Imbuto, err = b.w.imbutoView(); err != nil {
			return err
		}
		v.Finestre = true
	}
	if v.Contati, err = b.imbutoDi(ctx, p.Chiave, "tutti", b.w.programmaRef(p.Chiave)); err != nil {
		return err
	}
	v.Matrice = b.matrice(p.Chiave)
	for _, l := range b.out.laboratori {
		if l.Programma == p.Chiave {
			v.Laboratori = append(v.Laboratori, l)
		}
	}
	for _, a := range b.out.attivita {
		if a.Programma == p.Chiave {
			row := attivitaView{attivitaRiga: a}
			if b.w.ambito[a.Ambito] != nil { // "nessuno" is none
				row.NomeAmbito = b.w.ambitoRef(a.Ambito)
			}
			v.Attivita = append(v.Attivita, row)
		}
	}
	return nil
}

// finestreView are the windows of the call, as sources tell them and as they were delivered, and its decrees.
type finestreView struct {
	Narrate []fattoView
	Righe   []finestraView
	Decreti []decretoView
}

type finestraView struct {
	finestraRiga
	Prova prova
}

// decretoView is a decree that a source names, with the figures published for the same day.
type decretoView struct {
	fattoView
	Cifre []cifraView
}

// finestrePage tells the windows and decrees of the call. A fact is one of them where its source's words say so.
func (b *builder) finestrePage(yield func(page) error, crumbs []crumb) error {
	var v finestreView
	for _, f := range b.w.fatti {
		if f.Programma != avviso && f.Programma != "piccoli" {
			continue
		}
		fv, err := b.w.fattoView(f)
		if err != nil {
			return err
		}
		text := strings.ToLower(f.It)
		switch {
		case strings.Contains(text, "prot. ") || strings.Contains(text, "con decreto") || strings.Contains(text, "provvedimento del"):
			d := decretoView{fattoView: fv}
			for _, c := range b.w.cifre {
				if c.Data == f.Data && c.Precisione == "giorno" && (c.Programma == avviso || c.Programma == "piccoli") {
					cv, err := b.w.cifraView(c)
					if err != nil {
						return err
					}
					d.Cifre = append(d.Cifre, cv)
				}
			}
			v.Decreti = append(v.Decreti, d)
		case strings.Contains(text, "finestra"):
			v.Narrate = append(v.Narrate, fv)
		}
	}
	here := named{b.text("finestre.titolo"), "programmi/" + avviso + "/finestre/"}
	for _, f := range b.out.finestre {
		if f.Programma == avviso {
			what := catalog.Text{It: here.Text.It + ": " + f.Finestra, En: here.Text.En + ": " + f.Finestra}
			v.Righe = append(v.Righe, finestraView{f, b.proves("domande", "", equals("programma", avviso, "finestra", f.Finestra), what, here)})
		}
	}
	return yield(page{Kind: "finestre", Path: here.Path, Section: "programmi", Title: here.Text, Description: b.text("finestre.descrizione"), Crumbs: crumbs, Data: v})
}

// osservatorioView is the state of the software of the municipalities checked, by region, and its way there.
type osservatorioView struct {
	AllaData string
	Regioni  []osservatorioRiga
	Date     []osservatorioData
}

// osservatorioData sums up one day over the regions: municipalities checked and those with each service, which add up.
type osservatorioData struct {
	AllaData                                               string
	Verificati, Spid, Cie, Pagopa, Dichiarano, Accessibili int64
	QuotaSpid, QuotaCie, QuotaPagopa, QuotaAccessibili     string
	Prova                                                  prova
}

func (b *builder) osservatorioPage(yield func(page) error, crumbs []crumb) error {
	var v osservatorioView
	here := named{b.text("osservatorio.titolo"), "osservatorio/"}
	for _, r := range b.out.osservatorio {
		if n := len(v.Date); n == 0 || v.Date[n-1].AllaData != r.AllaData {
			v.Date = append(v.Date, osservatorioData{AllaData: r.AllaData, Prova: b.proves("osservatorio_software", "comuni_verificati", equals("alla_data", r.AllaData),
				catalog.Text{It: here.Text.It + ", " + r.AllaData, En: here.Text.En + ", " + r.AllaData}, here)})
		}
		d := &v.Date[len(v.Date)-1]
		d.Verificati, d.Spid, d.Cie, d.Pagopa = d.Verificati+r.Verificati, d.Spid+r.Spid, d.Cie+r.Cie, d.Pagopa+r.Pagopa
		d.Dichiarano, d.Accessibili = d.Dichiarano+r.Dichiarano, d.Accessibili+r.Accessibili
		if r.Ultimo {
			v.AllaData = r.AllaData
			v.Regioni = append(v.Regioni, r)
		}
	}
	for i := range v.Date {
		d := &v.Date[i]
		d.QuotaSpid, d.QuotaCie, d.QuotaPagopa, d.QuotaAccessibili = percent(d.Spid, d.Verificati), percent(d.Cie, d.Verificati), percent(d.Pagopa, d.Verificati), percent(d.Accessibili, d.Dichiarano)
	}
	return yield(page{Kind: "osservatorio", Path: here.Path, Section: "programmi", Title: here.Text, Description: b.text("osservatorio.descrizione"), Crumbs: crumbs, Data: v})
}

func (b *builder) programmiPages(ctx context.Context, yield func(page) error) error {
	w := b.w
	home, here := crumb{b.text("briciole.home"), ""}, crumb{b.text("programmi.titolo"), "programmi/"}
	if err := yield(page{Kind: "programmi", Path: "programmi/", Section: "programmi", Title: here.Text, Description: b.text("programmi.descrizione"),
		Crumbs: []crumb{home}, Data: programmiView{w.programmi}}); err != nil {
		return err
	}
	for _, p := range w.programmi {
		v := programmaView{Programma: p, PADigitale: p.Chiave == padigitale, SenzaPADigitale: b.senzaPADigitale}
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
				if c.AmbitoTerr != "nazionale" && c.Regione == "" && !strings.Contains(c.AmbitoTerr, "ambito") {
					v.Aree = append(v.Aree, cv)
				}
			}
		}
		if err := b.consegnatiDi(ctx, p, &v); err != nil {
			return err
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
		if v.Finestre {
			if err := b.finestrePage(yield, []crumb{home, here, {same(p.Nome), "programmi/" + p.Chiave + "/"}}); err != nil {
				return err
			}
		}
	}
	return b.osservatorioPage(yield, []crumb{home, here})
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
	Contati       []conteggio   // the rows delivered
	Interventi    []rigaMatrice // one row, where interventions were delivered
	Altri         []ambito      // all of the programme, this one too
}

func (b *builder) ambitiPages(ctx context.Context, yield func(page) error) error {
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
		if v.Contati, err = b.imbutoDi(ctx, a.Programma, a.Chiave, w.ambitoRef(a.Chiave)); err != nil {
			return err
		}
		for _, row := range b.matrice(a.Programma) {
			if row.Ambito == w.ambitoRef(a.Chiave) {
				v.Interventi = append(v.Interventi, row)
			}
		}
		for _, other := range w.ambiti {
			if other.Programma == a.Programma {
				v.Altri = append(v.Altri, other)
			}
		}
		name := catalog.Text{It: a.NomeIt, En: a.NomeEn}
		if err := yield(page{Kind: "ambito", Path: "ambiti/" + a.Chiave + "/", Section: "programmi", Title: name,
			Description: b.text("ambito.descrizione", name), Crumbs: []crumb{home, here}, Data: v}); err != nil {
			return err
		}
	}
	return nil
}
