package site

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
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
	simile
	Fase       fase
	PADigitale string // paid, or empty
	Pagina     bool
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

func (b *builder) fattiComuni(ctx context.Context, from, to string) (*fattiComuni, error) {
	within := fmt.Sprintf("codice_istat between '%s' and '%s'", from, to) // codes of the registry: six digits
	in := "select distinct id_domanda from marts.domande_comuni where " + within
	candidature, err := load[candidatura](ctx, b.in.DB, "(select * from marts.padigitale_candidature where "+within+")", "codice_istat, codice_misura, avviso, istante_invio")
	if err != nil {
		return nil, err
	}
	domande, err := load[domandaComune](ctx, b.in.DB, `(select parte.codice_istat, parte.codice_istat_domanda, parte.capofila, domande.*
		from marts.domande_comuni as parte inner join marts.domande as domande on domande.id_domanda = parte.id_domanda
		where parte.`+within+")", "codice_istat, data_presentazione, id_domanda, codice_istat_domanda")
	if err != nil {
		return nil, err
	}
	piani, err := load[pianoDomanda](ctx, b.in.DB, `(select piani.*, coalesce(stati.conclusi, 0) as conclusi, coalesce(stati.in_corso, 0) as in_corso, coalesce(stati.annullati, 0) as annullati
		from marts.piani as piani left join (select id_piano, count(*) filter (where stato = 'concluso') as conclusi, count(*) filter (where stato = 'in_corso') as in_corso,
			count(*) filter (where stato = 'annullato') as annullati from marts.interventi group by id_piano) as stati on stati.id_piano = piani.id_piano
		where piani.id_domanda in (`+in+"))", "id_domanda, data_presentazione nulls last, id_piano")
	if err != nil {
		return nil, err
	}
	simili, err := load[simile](ctx, b.in.DB, "(select * from marts.comuni_simili where "+within+")", "codice_istat, posto")
	if err != nil {
		return nil, err
	}
	return &fattiComuni{
		candidature: group(candidature, func(c candidatura) string { return c.Comune }),
		domande:     group(domande, func(d domandaComune) string { return d.Comune }),
		piani:       group(piani, func(p pianoDomanda) string { return p.Domanda }),
		simili:      group(simili, func(s simile) string { return s.Comune }),
	}, nil
}

// comunePages yields the page of each comune that has one, piece by piece in the order of the codes, and writes its files.
func (b *builder) comunePages(ctx context.Context, yield func(page) error) error {
	w := b.w
	rows := index(w.regioniRighe(), func(r regioneRiga) string { return r.Codice })
	order := slices.Clone(w.pagine)
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(w.comuni[i].Codice, w.comuni[j].Codice) })
	for piece := range slices.Chunk(order, pieces) {
		from, to := w.comuni[piece[0]].Codice, w.comuni[piece[len(piece)-1]].Codice
		f, err := b.fattiComuni(ctx, from, to)
		if err != nil {
			return err
		}
		for _, i := range piece {
			c := w.comuni[i]
			v, err := b.comuneView(c, rows[c.Regione], f)
			if err != nil {
				return err
			}
			if err := yield(page{Kind: "comune", Path: "comuni/" + c.Codice + "/", Section: "comuni", Title: same(c.Nome),
				Description: b.text("comune.descrizione", same(c.Nome), same(c.Sigla)), Crumbs: b.provinceCrumbs(&c), Data: v}); err != nil {
				return err
			}
		}
		if err := b.comuneFiles(ctx, piece, from, to); err != nil {
			return err
		}
	}
	return b.rinvii(yield)
}

// fontePADigitale is the publisher's own repository, in marts.fonti.
const fontePADigitale = "PADIGITALE-OPENDATA"

// comuneView is what a comune's page tells. Invented and real facts of one comune are never on one page.
func (b *builder) comuneView(c comune, r *regioneRiga, f *fattiComuni) (comuneView, error) {
	w := b.w
	v := comuneView{Comune: c, Regione: *r, Pagina: w.regioneRef(c.Regione), PaginaP: w.provinciaRef(&c), Simulata: b.in.Simulated,
		SenzaPADigitale: b.senzaPADigitale, Cambio: c.changed(), Chiave: "comuni/" + c.Codice}
	v.Correzione = b.pub.correction(v.Chiave)
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
	for _, s := range f.simili[c.Codice] {
		other := w.comune[s.Codice]
		sv := similView{simile: s, Fase: w.fase(other, b.in.Simulated), Pagina: w.conPagina[s.Codice]}
		for _, p := range w.percorsi[s.Codice] {
			if p.Programma == padigitale && !b.in.Simulated {
				sv.PADigitale = p.Pagato
			}
		}
		v.Simili = append(v.Simili, sv)
	}
	v.Confronta = "confronta/?a=" + c.Codice
	for i, s := range v.Simili[:min(len(v.Simili), 3)] {
		v.Confronta += "&" + []string{"b", "c", "d"}[i] + "=" + s.Codice
	}
	var evs []evidenza
	if !b.in.Simulated {
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
	v.Breve, err = b.breve(&v, evs)
	return v, err
}

func (w *world) domandaView(d domandaComune, f *fattiComuni) domandaView {
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
func (b *builder) breve(v *comuneView, evs []evidenza) (breve, error) {
	w := b.w
	s := breve{Consegnate: b.consegnate, Chiesto: "ignoto", Ammesso: "ignoto", Previsto: "ignoto", Pagato: "ignoto"}
	if s.Consegnate {
		s.Chiesto, s.Ammesso, s.Previsto, s.Pagato = "no", "no", "no", "no"
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
		s.Ammesso, s.DataAmmesso, s.PrecisioneAmmesso = "fonte", e.Data, e.Precisione
		s.Chiesto = "dedotto"
	} else if e := best(func(e evidenza) bool { return e.Evento == "affiancamento_avviato" }); e != nil {
		s.Ammesso, s.DataAmmesso, s.PrecisioneAmmesso = "affiancato", e.Data, e.Precisione
	}
	if e := best(func(e evidenza) bool { return e.Evento == "manifestazione_interesse" }); e != nil {
		s.Chiesto, s.DataChiesto, s.PrecisioneChiesto = "fonte", e.Data, e.Precisione
	} else if s.Chiesto == "ignoto" && len(evs) > 0 {
		s.Chiesto = "partecipa"
	}
	if len(v.Temi) > 0 {
		s.Previsto = "temi"
	}
	for _, p := range v.Percorsi {
		if p.Domande != "" {
			s.Chiesto, s.DataChiesto, s.PrecisioneChiesto = "si", p.DataDomanda, "giorno"
			switch p.Esito {
			case "ammessa":
				s.Ammesso, s.DataAmmesso, s.PrecisioneAmmesso = "si", p.Ammissione, "giorno"
			case "respinta", "in_istruttoria":
				s.Ammesso = p.Esito
			default:
				s.Ammesso = "attesa"
			}
			switch {
			case positive(p.Approvati):
				s.Previsto, s.DataPiano, s.Approvati = "approvato", p.DataPiano, p.Approvati
			case positive(p.Piani):
				s.Previsto, s.Piani = "piano", p.Piani
			}
		}
	}
	rendicontato, err := sumEuro(v.Percorsi, func(p percorsoView) string { return p.Rendicontato })
	if err != nil {
		return s, err
	}
	if rendicontato != "" {
		s.Rendicontato = rendicontato
		if s.ImportoPagato, err = sumEuro(v.Percorsi, func(p percorsoView) string { return p.Pagato }); err != nil {
			return s, err
		}
		s.Pagato = "rendicontato"
		if positive(s.ImportoPagato) {
			s.Pagato = "si"
		}
	}
	for _, p := range w.percorsi[v.Comune.Codice] {
		if b.in.Simulated && p.Programma == padigitale {
			continue
		}
		if p.Programma == padigitale {
			s.PADigitale = &p
		}
		if p.Posto != "" {
			s.Vicini = append(s.Vicini, vicino{w.programmaRef(p.Programma), p})
		}
	}
	for _, e := range evs {
		f, err := w.fonteRef(e.Fonte)
		if err != nil {
			return s, err
		}
		if !slices.Contains(s.Fonti, f) {
			s.Fonti = append(s.Fonti, f)
		}
	}
	if len(v.PADigitale) > 0 {
		s.Fonti = append(s.Fonti, v.FontePADigitale)
	}
	for _, name := range []string{"domande", "piani", "rendicontazioni"} {
		q := b.in.Catalog.Find(catalog.Staging, name)
		if !b.arrivate[name] || q == nil || q.Source == nil {
			continue
		}
		d := named{q.Title, "fonti/#" + anchor("a", name)}
		if n := len(s.Archivi); n == 0 || s.Archivi[n-1].Editore != q.Source.Publisher {
			s.Archivi = append(s.Archivi, archivio{Editore: q.Source.Publisher})
		}
		last := &s.Archivi[len(s.Archivi)-1]
		last.Dataset = append(last.Dataset, d)
	}
	return s, nil
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
			Description: b.text("rinvio.descrizione", same(v.Nome), same(code)), Crumbs: b.provinceCrumbs(from[0]), Data: v}
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
