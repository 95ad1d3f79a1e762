package simulate

import (
	"fmt"
	"strconv"
	"time"
)

// lab is one row of laboratori.
type lab struct {
	node
	programme, title, place, area, mode string
	on                                  day
	people                              int
	comuni                              []*comune
}

const labs = 64

// meet makes the labs, each for neighbouring small comuni of one region; their areas are invented and say so.
func (w *world) meet(d *dice) {
	subjects := []string{"identità digitale", "pagamenti elettronici", "gestione associata dei servizi", "appalti", "tributi", "piattaforme nazionali", "dati aperti"}
	free := w.free(d, horizon)
	for i := range labs {
		l := &lab{node: node{key: fmt.Sprintf("SIM-L-%03d", i+1)}, programme: "italiae", mode: pick(d, []string{"presenza", "distanza", "mista"}), people: d.between(8, 60)}
		switch i % 4 {
		case 2:
			l.programme = fastP
		case 3:
			l.programme = anci
		}
		l.comuni = make([]*comune, d.between(4, 18))
		free.neighbours(d, l.comuni, nil)
		l.place = l.comuni[0].name
		l.area = "SIM-Area " + strconv.Itoa(i+1)
		l.title = "Laboratorio simulato su " + pick(d, subjects)
		l.on = on(2022, time.November, 10).plus(d.between(0, 780))
		w.labs = append(w.labs, l)
	}
}

// activity is one row of attivita.
type activity struct {
	programme, area, kind, channel, theme string
	comune                                *comune
	territory                             string
	from, to                              day
	quantity                              int // in halves
	unit                                  string
}

// activities are what Fast and ITALIAE do on the territory, counted.
func (w *world) activities(d *dice) (out []activity) {
	halves := func(year, half int) (day, day) {
		from := on(year, time.Month(1+6*half), 1)
		return from, on(year, time.Month(7+6*half), 1) - 1
	}
	for _, area := range fastAreas {
		for _, c := range w.fast[area] {
			for year := 2023; year <= 2024; year++ {
				for half := range 2 {
					a := activity{programme: fastP, area: area, comune: c}
					a.from, a.to = halves(year, half)
					switch area {
					case "transizione-digitale":
						a.kind, a.unit, a.quantity = "facilitatori", "giornate", d.between(2, 40)
					case "transizione-amministrativa":
						a.kind, a.unit, a.quantity = "micro-task-force", "giornate", d.between(4, 60)
					default:
						a.kind, a.unit, a.quantity = "knowledge-management", "accessi", 2*d.between(0, 400)
					}
					if d.chance(0.8) {
						out = append(out, a)
					}
				}
			}
		}
	}
	themes := []string{"SPID e CIE", "pagoPA", "App IO", "Accessibilità", "Atti e protocollo"}
	for month := range 24 {
		from := on(2023, time.Month(1+month), 1)
		for _, channel := range []string{"telefono", "posta-elettronica", "piattaforma", "videochiamata"} {
			for _, theme := range themes {
				out = append(out, activity{programme: fastP, area: "transizione-digitale", kind: "help-desk", channel: channel, theme: theme, territory: "Italia", from: from, to: on(2023, time.Month(2+month), 1) - 1,
					quantity: 2 * d.between(0, 90), unit: "richieste"})
			}
		}
	}
	for _, l := range w.labs {
		if l.programme == "italiae" {
			out = append(out, activity{programme: "italiae", kind: "laboratorio", theme: l.title, territory: l.area, from: l.on, to: l.on, quantity: 2, unit: "laboratori"})
		}
	}
	return out
}

// need is one row of fabbisogni.
type need struct {
	app      *application
	lab      *lab
	comune   *comune
	text     string
	area     string
	priority string
}

// needs are those of the admitted applications and of the labs.
func (w *world) needs(d *dice) (out []need) {
	texts := map[string][]string{"Competenze": {"Formare il personale sugli appalti", "Aggiornare le competenze contabili", "Imparare a usare le piattaforme nazionali"},
		"Strumenti":      {"Sostituire il software dei tributi", "Digitalizzare le pratiche edilizie", "Collegare il protocollo alla conservazione"},
		"Organizzazione": {"Associare la centrale di committenza", "Ridurre i tempi dei procedimenti", "Condividere il personale tecnico"}}
	areas := []string{"Competenze", "Strumenti", "Organizzazione"}
	add := func(n need) {
		n.area = pick(d, areas)
		n.text, n.priority = pick(d, texts[n.area]), pick(d, []string{"alta", "media", "media", "bassa"})
		out = append(out, n)
	}
	for _, a := range w.apps {
		if a.admitted.known() {
			for range d.between(1, 3) {
				add(need{app: a, comune: pick(d, a.comuni)})
			}
		}
	}
	for _, l := range w.labs {
		for range d.between(2, 6) {
			n := need{lab: l}
			if d.chance(0.5) {
				n.comune = pick(d, l.comuni)
			}
			add(n)
		}
	}
	return out
}

// software is one row of osservatorio_software.
type software struct {
	comune            *comune
	name              string
	on                day
	spid, cie, pagopa bool
	accessible        string
	updated           bool
}

// observe looks three times at the application systems of the comuni of Fast's first ambito: what they have they keep, and more is added.
func (w *world) observe(d *dice) (out []software) {
	names := []string{"SIM-Anagrafe", "SIM-Tributi", "SIM-Sportello", "SIM-Protocollo"}
	for _, c := range w.fast[fastAreas[0]] {
		for _, name := range names[:d.between(2, 4)] {
			s := software{comune: c, name: name}
			for round := range 3 {
				s.on = on(2023, time.February, 1).plus(210*round + d.between(0, 60))
				s.spid, s.cie, s.pagopa = s.spid || d.chance(0.35), s.cie || d.chance(0.3), s.pagopa || d.chance(0.3)
				s.accessible, s.updated = pick(d, []string{"conforme", "parzialmente-conforme", "parzialmente-conforme", "non-conforme", ""}), d.chance(0.7)
				out = append(out, s)
			}
		}
	}
	return out
}
