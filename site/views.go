package site

import (
	"cmp"
	"fmt"
	"slices"

	"piccoli/pipelines/catalog"
)

// Views are what templates show: rows with the names and links of what they refer to. They hold everything, so that a
// page's content key is the hash of its view.

// fonteRef is a source as it is named beside a fact.
type fonteRef struct{ ID, LabelIt, LabelEn, Data, Precisione string }

func (w *luoghi) fonteRef(id string) (fonteRef, error) {
	if id == "" {
		return fonteRef{}, nil
	}
	f := w.fonte[id]
	if f == nil {
		return fonteRef{}, fmt.Errorf("site: source %q is not in marts.fonti", id)
	}
	return fonteRef{f.ID, f.LabelIt, f.LabelEn, f.Data, f.Precisione}, nil
}

// named is something with a page of its own.
type named struct {
	Text catalog.Text
	Path string
}

func (w *luoghi) programmaRef(key string) named {
	if p := w.programma[key]; p != nil {
		return named{same(p.Nome), "programmi/" + key + "/"}
	}
	return named{Text: same(key)} // the frame programme, which has figures but no page
}

func (w *luoghi) ambitoRef(key string) named {
	a := w.ambito[key]
	return named{catalog.Text{It: a.NomeIt, En: a.NomeEn}, "ambiti/" + key + "/"}
}

func (w *luoghi) regioneRef(code string) named {
	r := w.regione[code]
	return named{same(r.Nome), "regioni/" + r.Slug + "/"}
}

// evidenzaView is one public trace of a comune, union or area in a programme.
type evidenzaView struct {
	evidenza
	NomeProgramma named
	DalleFonti    fonteRef
	Ambiti        []ambitoChiesto
	PaginaComune  string // path of the comune's page, if the subject is one
	SiglaComune   string
}

// ambitoChiesto is an ambito named in an evidence, with the words of the source.
type ambitoChiesto struct {
	Ambito  named
	Scritto string
}

func (w *luoghi) evidenzaView(e evidenza) (evidenzaView, error) {
	f, err := w.fonteRef(e.Fonte)
	if err != nil {
		return evidenzaView{}, err
	}
	v := evidenzaView{evidenza: e, NomeProgramma: w.programmaRef(e.Programma), DalleFonti: f}
	if e.Comune != "" {
		v.PaginaComune = "comuni/" + e.Comune + "/"
		v.SiglaComune = w.comune[e.Comune].Sigla
	}
	for _, a := range w.ambitiDi[e.ID] {
		if w.ambito[a.Ambito] == nil {
			return v, fmt.Errorf("site: marts.evidenze_ambiti: unknown ambito %q", a.Ambito)
		}
		v.Ambiti = append(v.Ambiti, ambitoChiesto{w.ambitoRef(a.Ambito), a.Scritto})
	}
	return v, nil
}

// eventOrder is the order of a path: asked, admitted, supported, then what took place.
var eventOrder = []string{"manifestazione_interesse", "ammesso", "affiancamento_avviato", "laboratorio", "evento_formativo", "altro"}

func eventRank(evento string) int {
	if i := slices.Index(eventOrder, evento); i >= 0 {
		return i
	}
	return len(eventOrder)
}

// soggetto is one comune, union or area in a list of what a source says of many.
type soggetto struct{ ID, Nome, Sigla, Pagina, Tipo string }

// gruppoEventi is one event that one source tells of one or many subjects.
type gruppoEventi struct {
	Evento           catalog.Text
	Data, Precisione string
	Forma            string
	DallaFonte       fonteRef
	Soggetti         []soggetto
}

// programmaEventi are the events of one programme, in the order of the path.
type programmaEventi struct {
	Programma named
	Eventi    []gruppoEventi
}

// eventi groups evidences by programme, event, source, date and form: "ten comuni, says this source" is one entry.
func (w *world) eventi(rows []evidenza) ([]programmaEventi, error) {
	type key struct{ evento, fonte, data, precisione, forma string }
	var out []programmaEventi
	for _, p := range w.programmi {
		var order []key
		at := map[key]*gruppoEventi{}
		for _, e := range rows {
			if e.Programma != p.Chiave {
				continue
			}
			k := key{e.Evento, e.Fonte, e.Data, e.Precisione, e.Forma}
			if at[k] == nil {
				f, err := w.fonteRef(e.Fonte)
				if err != nil {
					return nil, err
				}
				at[k] = &gruppoEventi{Evento: catalog.Text{It: e.EventoIt, En: e.EventoEn}, Data: e.Data, Precisione: e.Precisione, Forma: e.Forma, DallaFonte: f}
				order = append(order, k)
			}
			s := soggetto{ID: e.ID, Nome: e.Scritto, Tipo: e.Soggetto}
			if e.Comune != "" {
				s.Nome, s.Sigla, s.Pagina = e.NomeComune, w.comune[e.Comune].Sigla, "comuni/"+e.Comune+"/"
			}
			at[k].Soggetti = append(at[k].Soggetti, s)
		}
		slices.SortStableFunc(order, func(a, b key) int {
			return cmp.Or(cmp.Compare(eventRank(a.evento), eventRank(b.evento)), cmp.Compare(a.data, b.data), cmp.Compare(a.fonte, b.fonte))
		})
		pe := programmaEventi{Programma: w.programmaRef(p.Chiave)}
		for _, k := range order {
			g := at[k]
			slices.SortStableFunc(g.Soggetti, func(a, b soggetto) int { return cmp.Compare(fold(a.Nome), fold(b.Nome)) })
			pe.Eventi = append(pe.Eventi, *g)
		}
		if len(pe.Eventi) > 0 {
			out = append(out, pe)
		}
	}
	return out, nil
}

// gruppoEvidenze is what is known within one programme, in the order of the path.
type gruppoEvidenze struct {
	Programma named
	Evidenze  []evidenzaView
}

func (w *luoghi) gruppi(rows []evidenza) ([]gruppoEvidenze, error) {
	var out []gruppoEvidenze
	for _, p := range w.programmi {
		g := gruppoEvidenze{Programma: w.programmaRef(p.Chiave)}
		for _, e := range rows {
			if e.Programma != p.Chiave {
				continue
			}
			v, err := w.evidenzaView(e)
			if err != nil {
				return nil, err
			}
			g.Evidenze = append(g.Evidenze, v)
		}
		slices.SortStableFunc(g.Evidenze, func(a, b evidenzaView) int {
			return cmp.Or(cmp.Compare(eventRank(a.Evento), eventRank(b.Evento)), cmp.Compare(a.Data, b.Data), cmp.Compare(a.ID, b.ID))
		})
		if len(g.Evidenze) > 0 {
			out = append(out, g)
		}
	}
	return out, nil
}

// stato sums up in one word what public sources say of a comune: the furthest point of the path that one of them names.
func stato(rows []evidenza) string {
	best := "nessuna"
	rank := map[string]int{"nessuna": 0, "partecipa": 1, "manifestazione": 2, "affiancato": 3, "ammesso": 4}
	for _, e := range rows {
		s := "partecipa"
		switch {
		case e.Ammissione:
			s = "ammesso"
		case e.Evento == "affiancamento_avviato":
			s = "affiancato"
		case e.Evento == "manifestazione_interesse":
			s = "manifestazione"
		}
		if rank[s] > rank[best] {
			best = s
		}
	}
	return best
}

// cifraView is one published figure with its source.
type cifraView struct {
	cifra
	Accanto       *riconciliata // what the delivered rows count, where the page shows it
	NomeProgramma named
	DallaFonte    fonteRef
}

func (w *world) cifraView(c cifra) (cifraView, error) {
	f, err := w.fonteRef(c.Fonte)
	return cifraView{c, nil, w.programmaRef(c.Programma), f}, err
}

// fattoView is one line of the chronology with its source.
type fattoView struct {
	fatto
	NomeProgramma named
	DallaFonte    fonteRef
}

func (w *world) fattoView(f fatto) (fattoView, error) {
	s, err := w.fonteRef(f.Fonte)
	return fattoView{f, w.programmaRef(f.Programma), s}, err
}

// each applies a view to all rows and stops at the first error.
func each[A, B any](rows []A, f func(A) (B, error)) ([]B, error) {
	out := make([]B, 0, len(rows))
	for _, r := range rows {
		v, err := f(r)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
