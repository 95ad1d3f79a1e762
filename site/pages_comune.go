package site

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// padigitale is the key of the programme whose microdata are public.
const padigitale = "padigitale-2026"

// comuneView is what a comune's page tells.
type comuneView struct {
	Comune  comune
	Regione regioneRiga
	Pagina  named // the region's
	PaginaP named // the province's
	Breve   breve
	// Domande are the applications delivered that the comune is in; Percorsi where it stands in each programme, PA digitale aside.
	Domande  []domandaView
	Percorsi []percorsoView
	Stato    string
	Gruppi   []gruppoEvidenze
	Ambiti   []ambitoChiesto // of all evidences, each once
	Temi     []tema
	Fonte    fonteRef // of the themes
	// PADigitale are the comune's funded applications to PA digitale 2026; SenzaPADigitale: its files have not been fetched.
	PADigitale      []candidatura
	SenzaPADigitale bool
	FontePADigitale fonteRef
	Simili          []similView
	Confronta       string // path of the comparison with the first of them
	Simulata        bool   // what real sources say of the comune is left out
	Cambio          bool   // code, name, province or region are no longer those of 2020
	Oggi            string // path of the page of the comune that succeeded it, if it has one of its own
	Correzione      string // where to report a mistake, an address or a path of the site
	Chiave          string // of the row, for the report
}

// breve answers in one screen what a citizen asks. Its words are keys of texts.
type breve struct {
	Consegnate                         bool // the applications were delivered, so that one that is missing there did not apply
	Chiesto, Ammesso, Previsto, Pagato string
	DataChiesto, DataAmmesso           string
	PrecisioneChiesto                  string
	PrecisioneAmmesso                  string
	DataPiano                          string
	Piani, Approvati                   string
	Rendicontato, ImportoPagato        string
	PADigitale                         *percorso
	Vicini                             []vicino
	Fonti                              []fonteRef // public sources
	Archivi                            []archivio // deliveries
}

// vicino is where the comune stands among those of its region in one programme.
type vicino struct {
	Programma named
	percorso
}

// archivio are the deliveries of one body as the source of facts, each with its dataset.
type archivio struct {
	Editore string
	Dataset []named
}

type domandaView struct {
	domandaComune
	NomeProgramma named
	Capo          named // page of the leading comune
	AmbitiScelti  []named
	Mediana       mediana
	Piani         []pianoView
}

type pianoView struct {
	pianoDomanda
	Mediana mediana
}

type percorsoView struct {
	percorso
	NomeProgramma named
}

type similView struct {
	Codice, Nome string
	Popolazione  int64
	Ambiti       int64
	Fase         fase
	PADigitale   string // paid, or empty
	Pagina       bool
}

// fattiComuni is what the microdata say of the comuni of one piece of the alphabet of codes: pages are made piece by piece, so that
// the rows of all comuni are never in memory at once.
type fattiComuni struct {
	candidature map[string][]candidatura
	domande     map[string][]domandaComune
	piani       map[string][]pianoDomanda // by application
	simili      map[string][]simile
}

// pieces is how many comuni are read at once.
const pieces = 700

// What fattiComuni reads, each for the comuni from one code to another.
const (
	soloDomande   = "(select distinct id_domanda from marts.domande_comuni where %s)"
	leCandidature = "(select * from marts.padigitale_candidature where %s)"
	leDomande     = `(select parte.codice_istat, parte.codice_istat_domanda, parte.capofila, domande.*
		from marts.domande_comuni as parte inner join marts.domande as domande on domande.id_domanda = parte.id_domanda where parte.%s)`
	iPiani = `(select piani.*, coalesce(stati.conclusi, 0) as conclusi, coalesce(stati.in_corso, 0) as in_corso, coalesce(stati.annullati, 0) as annullati
		from marts.piani as piani left join (select id_piano, count(*) filter (where stato = 'concluso') as conclusi, count(*) filter (where stato = 'in_corso') as in_corso,
			count(*) filter (where stato = 'annullato') as annullati from marts.interventi group by id_piano) as stati on stati.id_piano = piani.id_piano
		where piani.id_domanda in ` + soloDomande + ")"
	iSimili = "(select * from marts.comuni_simili where %s)"
)

func (s *schede) fattiComuni(ctx context.Context, within string) (*fattiComuni, error) {
	r := &reader{ctx: ctx, db: s.db}
	candidature := readAll[candidatura](r, fmt.Sprintf(leCandidature, within), "codice_istat, codice_misura, avviso, istante_invio")
	domande := readAll[domandaComune](r, fmt.Sprintf(leDomande, within), "codice_istat, data_presentazione, id_domanda, codice_istat_domanda")
	piani := readAll[pianoDomanda](r, fmt.Sprintf(iPiani, within), "id_domanda, data_presentazione nulls last, id_piano")
	simili := readAll[simile](r, fmt.Sprintf(iSimili, within), "codice_istat, posto")
	if r.err != nil {
		return nil, r.err
	}
	if err := s.declared(r.lette); err != nil {
		return nil, err
	}
	return &fattiComuni{
		candidature: group(candidature, func(c candidatura) string { return c.Comune }),
		domande:     group(domande, func(d domandaComune) string { return d.Comune }),
		piani:       group(piani, func(p pianoDomanda) string { return p.Domanda }),
		simili:      group(simili, func(s simile) string { return s.Comune }),
	}, nil
}

// pages yields the page of each comune that has one, piece by piece in the order of the codes, and writes its files.
func (s *schede) pages(ctx context.Context, yield func(page) error) error {
	w := s.w
	rows := index(w.regioniRighe(), func(r regioneRiga) string { return r.Codice })
	order := slices.Clone(w.pagine)
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(w.comuni[i].Codice, w.comuni[j].Codice) })
	for piece := range slices.Chunk(order, pieces) {
		within := fmt.Sprintf("codice_istat between '%s' and '%s'", w.comuni[piece[0]].Codice, w.comuni[piece[len(piece)-1]].Codice) // codes of the registry: six digits
		f, err := s.fattiComuni(ctx, within)
		if err != nil {
			return err
		}
		for _, i := range piece {
			c := w.comuni[i]
			v, err := s.comuneView(c, rows[c.Regione], f)
			if err != nil {
				return err
			}
			if err := yield(page{Kind: schedaKind, Path: "comuni/" + c.Codice + "/", Section: "comuni", Title: same(c.Nome),
				Description: s.text("comune.descrizione", same(c.Nome), same(c.Sigla)), Crumbs: s.provinceCrumbs(w, &c), Data: v}); err != nil {
				return err
			}
		}
		if err := s.files(ctx, piece, within); err != nil {
			return err
		}
	}
	return nil
}

// fontePADigitale is the publisher's own repository, in marts.fonti.
const fontePADigitale = "PADIGITALE-OPENDATA"

// comuneView is what a comune's page tells. Invented and real facts of one comune are never on one page.
func (s *schede) comuneView(c comune, r *regioneRiga, f *fattiComuni) (comuneView, error) {
	w := s.w
	v := comuneView{Comune: c, Regione: *r, Pagina: w.regioneRef(c.Regione), PaginaP: w.provinciaRef(&c), Simulata: s.simulated,
		SenzaPADigitale: s.senzaPADigitale, Cambio: c.changed(), Chiave: "comuni/" + c.Codice}
	v.Correzione = s.pub.correction(v.Chiave)
	if next := w.comune[c.CodiceOggi]; next != nil && next.Codice != c.Codice && w.conPagina[next.Codice] {
		v.Oggi = "comuni/" + next.Codice + "/"
	}
	for _, d := range f.domande[c.Codice] {
		v.Domande = append(v.Domande, w.domandaView(d, f))
	}
	for _, p := range w.percorsi[c.Codice] {
		if p.Programma != padigitale {
			v.Percorsi = append(v.Percorsi, percorsoView{p, w.programmaRef(p.Programma)})
		}
	}
	for _, o := range f.simili[c.Codice] {
		other := w.comune[o.Codice]
		sv := similView{Codice: o.Codice, Nome: o.Nome, Popolazione: o.Popolazione, Ambiti: o.Ambiti, Fase: w.fase(other, s.simulated), Pagina: w.conPagina[o.Codice]}
		for _, p := range w.percorsi[o.Codice] {
			if p.Programma == padigitale && !s.simulated {
				sv.PADigitale = p.Pagato
			}
		}
		v.Simili = append(v.Simili, sv)
	}
	v.Confronta = "confronta/?a=" + c.Codice
	for i, o := range v.Simili[:min(len(v.Simili), 3)] {
		v.Confronta += "&" + []string{"b", "c", "d"}[i] + "=" + o.Codice
	}
	var evs []evidenza
	if !s.simulated {
		evs = w.diComune[c.Codice]
		v.Temi, v.PADigitale = w.temi[c.Codice], f.candidature[c.Codice]
	}
	v.Stato = stato(evs)
	var err error
	if v.Gruppi, err = w.gruppi(evs); err != nil {
		return v, err
	}
	for _, g := range v.Gruppi {
		for _, e := range g.Evidenze {
			for _, a := range e.Ambiti {
				if !slices.Contains(v.Ambiti, a) {
					v.Ambiti = append(v.Ambiti, a)
				}
			}
		}
	}
	if len(v.PADigitale) > 0 {
		if v.FontePADigitale, err = w.fonteRef(fontePADigitale); err != nil {
			return v, err
		}
	}
	if len(v.Temi) > 0 {
		if v.Fonte, err = w.fonteRef(v.Temi[0].Fonte); err != nil {
			return v, err
		}
	}
	v.Breve, err = s.breve(&v, evs)
	return v, err
}

func (w *luoghi) domandaView(d domandaComune, f *fattiComuni) domandaView {
	v := domandaView{domandaComune: d, NomeProgramma: w.programmaRef(d.Programma), Mediana: w.mediane[[3]string{"istruttoria", d.Programma, w.comune[d.Comune].Regione}]}
	if d.CodiceCapofila != "" && w.conPagina[d.CodiceCapofila] {
		v.Capo = named{same(d.NomeCapofila), "comuni/" + d.CodiceCapofila + "/"}
	} else {
		v.Capo = named{Text: same(d.NomeCapofila)}
	}
	for a := range strings.SplitSeq(d.Ambiti, "|") {
		if w.ambito[a] != nil {
			v.AmbitiScelti = append(v.AmbitiScelti, w.ambitoRef(a))
		} else if a != "" {
			v.AmbitiScelti = append(v.AmbitiScelti, named{Text: same(a)})
		}
	}
	for _, p := range f.piani[d.ID] {
		v.Piani = append(v.Piani, pianoView{p, w.mediane[[3]string{"progettazione", d.Programma, w.comune[d.Comune].Regione}]})
	}
	return v
}

// breve puts the answers of a page together: from deliveries where there are any, else from public sources, else it is not known.
func (s *schede) breve(v *comuneView, evs []evidenza) (breve, error) {
	w := s.w
	a := breve{Consegnate: s.consegnate, Chiesto: "ignoto", Ammesso: "ignoto", Previsto: "ignoto", Pagato: "ignoto"}
	if a.Consegnate {
		a.Chiesto, a.Ammesso, a.Previsto, a.Pagato = "no", "no", "no", "no"
	}
	best := func(event func(evidenza) bool) *evidenza {
		var found *evidenza
		for i := range evs {
			if event(evs[i]) && (found == nil || cmp.Or(cmp.Compare(evs[i].Data, found.Data), cmp.Compare(evs[i].ID, found.ID)) < 0) {
				found = &evs[i]
			}
		}
		return found
	}
	if e := best(func(e evidenza) bool { return e.Ammissione }); e != nil {
		a.Ammesso, a.DataAmmesso, a.PrecisioneAmmesso = "fonte", e.Data, e.Precisione
		a.Chiesto = "dedotto"
	} else if e := best(func(e evidenza) bool { return e.Evento == "affiancamento_avviato" }); e != nil {
		a.Ammesso, a.DataAmmesso, a.PrecisioneAmmesso = "affiancato", e.Data, e.Precisione
	}
	if e := best(func(e evidenza) bool { return e.Evento == "manifestazione_interesse" }); e != nil {
		a.Chiesto, a.DataChiesto, a.PrecisioneChiesto = "fonte", e.Data, e.Precisione
	} else if a.Chiesto == "ignoto" && len(evs) > 0 {
		a.Chiesto = "partecipa"
	}
	if len(v.Temi) > 0 {
		a.Previsto = "temi"
	}
	for _, p := range v.Percorsi {
		if p.Domande != "" {
			a.Chiesto, a.DataChiesto, a.PrecisioneChiesto = "si", p.DataDomanda, "giorno"
			switch p.Esito {
			case "ammessa":
				a.Ammesso, a.DataAmmesso, a.PrecisioneAmmesso = "si", p.Ammissione, "giorno"
			case "respinta", "in_istruttoria":
				a.Ammesso = p.Esito
			default:
				a.Ammesso = "attesa"
			}
			switch {
			case positive(p.Approvati):
				a.Previsto, a.DataPiano, a.Approvati = "approvato", p.DataPiano, p.Approvati
			case positive(p.Piani):
				a.Previsto, a.Piani = "piano", p.Piani
			}
		}
	}
	rendicontato, err := sumEuro(v.Percorsi, func(p percorsoView) string { return p.Rendicontato })
	if err != nil {
		return a, err
	}
	if rendicontato != "" {
		a.Rendicontato = rendicontato
		if a.ImportoPagato, err = sumEuro(v.Percorsi, func(p percorsoView) string { return p.Pagato }); err != nil {
			return a, err
		}
		a.Pagato = "rendicontato"
		if positive(a.ImportoPagato) {
			a.Pagato = "si"
		}
	}
	for _, p := range w.percorsi[v.Comune.Codice] {
		if s.simulated && p.Programma == padigitale {
			continue
		}
		if p.Programma == padigitale {
			a.PADigitale = &p
		}
		if p.Posto != "" {
			a.Vicini = append(a.Vicini, vicino{w.programmaRef(p.Programma), p})
		}
	}
	for _, e := range evs {
		f, err := w.fonteRef(e.Fonte)
		if err != nil {
			return a, err
		}
		if !slices.Contains(a.Fonti, f) {
			a.Fonti = append(a.Fonti, f)
		}
	}
	if len(v.PADigitale) > 0 {
		a.Fonti = append(a.Fonti, v.FontePADigitale)
	}
	a.Archivi = s.archivi
	return a, nil
}

// correction is where a reader reports a mistake in the row: the publisher's contact with the key in it, or the page that says how.
func (p Publisher) correction(key string) string {
	switch {
	case strings.HasPrefix(p.Contatto, "mailto:"):
		sign := "?"
		if strings.Contains(p.Contatto, "?") {
			sign = "&"
		}
		return p.Contatto + sign + "subject=" + url.PathEscape("Correzione · correction: "+key)
	case p.Contatto != "":
		u, err := url.Parse(p.Contatto)
		if err != nil {
			return p.Contatto
		}
		q := u.Query()
		q.Set("riga", key)
		u.RawQuery = q.Encode()
		return u.String()
	}
	return ""
}

// rinvii are pages at the codes that comuni took after 2020, which send on to the page under the code of 2020: facts are kept under
// that one. A code born of several comuni leads to each of them.
func (b *builder) rinvii(yield func(page) error) error {
	w := b.w
	after := map[string][]*comune{}
	for i := range w.comuni {
		c := &w.comuni[i]
		if w.comune[c.CodiceOggi] == nil && w.conPagina[c.Codice] {
			after[c.CodiceOggi] = append(after[c.CodiceOggi], c)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(after)) {
		from := after[code]
		v := rinvioView{Codice: code, Nome: from[0].NomeOggi}
		for _, c := range from {
			v.Comuni = append(v.Comuni, b.w.inList(c))
		}
		p := page{Kind: "rinvio", Path: "comuni/" + code + "/", Section: "comuni", Title: same(v.Nome),
			Description: b.text("rinvio.descrizione", same(v.Nome), same(code)), Crumbs: b.provinceCrumbs(&w.luoghi, from[0]), Data: v}
		if len(from) == 1 {
			p.Rinvia = "comuni/" + from[0].Codice + "/"
			b.senzaMappa[p.Path] = true
		}
		if err := yield(p); err != nil {
			return err
		}
	}
	return nil
}

type rinvioView struct {
	Codice, Nome string
	Comuni       []nomeComune
}
