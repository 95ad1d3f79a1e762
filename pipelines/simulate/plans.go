package simulate

import (
	"cmp"
	"fmt"
	"slices"
)

// plan is one row of piani; amounts are in cents.
type plan struct {
	node
	app       *application
	due       day
	presented day    // 0: not yet
	decided   day    // 0: not yet
	outcome   string // "", in_valutazione, approvato, rinviato, respinto
	decree    string
	asked     int64
	approved  int64
	ceiling   int64
	centres   []centre
	actions   []*action
}

// centre is one row of piani_centri.
type centre struct {
	name  string
	cents int64
}

// Shares of the money that the simulated plans and claims take up, and greatest amounts of a plan. All are invented.
const (
	plansTakePct      = 95 // of the budget of P.I.C.C.O.L.I.
	fastTakesPct      = 88 // of the budget of Fast, claims
	secondCentrePct   = 10 // of plans
	ceilingSingle     = 75_000_00
	ceilingJoint      = 400_000_00
	roundTo           = 10_00 // plan amounts are whole tens of euro
	medianPlan        = 20_000_00
	sharePlansDelayed = 0.2
)

// operation names the operation (art. 115) of a plan.
func (p *plan) operation() string { return "SIM-OP-" + p.key[len("SIM-P-"):] }

// designPlans gives every admitted application its plan, has as many approved by each decree as published, and parts the money among them.
func (w *world) designPlans(d *dice) {
	for _, a := range w.apps {
		if !a.admitted.known() {
			continue
		}
		p := &plan{node: node{key: fmt.Sprintf("SIM-P-%05d", len(w.plans)+1)}, app: a, due: a.admitted.plus(60), ceiling: ceilingSingle}
		if len(a.comuni) > 1 {
			p.ceiling = ceilingJoint
		}
		a.plan = p
		w.plans = append(w.plans, p)
	}
	order := slices.Clone(w.plans)
	shuffle(d, order)
	last := w.lastDecree(order)
	var first, others []*plan
	for _, p := range order {
		switch {
		case slices.Contains(last, p):
		case len(first) < w.known.approved()-len(last):
			first = append(first, p)
		default:
			others = append(others, p)
		}
	}
	for _, p := range append(slices.Clone(first), last...) {
		w.present(d, p)
	}
	for i, p := range others { // the outcomes that are no approval; the last third has not presented a plan
		if i < len(others)*2/3 {
			w.present(d, p)
			p.outcome = []string{"in_valutazione", "rinviato", "rinviato", "respinto"}[i%4]
			if p.outcome != "in_valutazione" {
				p.decided, p.decree = later(p.presented.plus(d.between(40, 200)), p.presented), fmt.Sprintf("SIM-ATTO-%05d", i+1)
			}
		}
	}
	slices.SortStableFunc(first, func(a, b *plan) int { return cmp.Compare(a.presented, b.presented) })
	for i, dec := range w.known.decrees {
		part := last
		if i < len(w.known.decrees)-1 {
			part, first = first[:dec.plans], first[dec.plans:]
		}
		for _, p := range part {
			p.outcome, p.decided, p.decree = "approvato", dec.on, fmt.Sprintf("SIM-DECRETO-%s", dec.on.iso())
			p.presented = later(earlier(p.presented, dec.on.plus(-15)), p.app.admitted.plus(1))
		}
	}
	w.fund(d)
}

// lastDecree picks the plans of the last decree, whose forms and categories of region are published.
func (w *world) lastDecree(order []*plan) (out []*plan) {
	joint, left := w.known.lastJoint, map[string]int{}
	for c, n := range w.known.lastByCategory {
		left[c] = n
	}
	single := w.known.lastSingle
	for _, p := range order {
		c := category(p.app.comuni[0].region)
		room := &single
		if len(p.app.comuni) > 1 {
			room = &joint
		}
		if *room > 0 && left[c] > 0 {
			out = append(out, p)
			*room--
			left[c]--
		}
	}
	return out
}

// present sets the day on which a plan is presented: most within the sixty days, some later.
func (w *world) present(d *dice, p *plan) {
	days := d.between(20, 60)
	if d.chance(sharePlansDelayed) {
		days = d.between(61, 120)
	}
	p.presented = p.app.admitted.plus(days)
}

// fund parts the money of P.I.C.C.O.L.I. among the approved plans by ambiti and comuni, and says what each plan asked for.
func (w *world) fund(d *dice) {
	var approved []*plan
	weights, total := map[*plan]float64{}, 0.0
	for _, p := range w.plans {
		weights[p] = (0.7 + 0.6*d.Float64()) * (1 + 0.35*float64(len(p.app.areas)-1)) * (1 + 0.5*float64(min(len(p.app.comuni), 6)-1))
		if p.outcome == "approvato" {
			approved = append(approved, p)
			total += weights[p]
		}
	}
	money := w.known.budget[anci] * plansTakePct / 100 / roundTo * roundTo
	left := money
	for _, p := range approved {
		p.approved = int64(float64(money)*weights[p]/total) / roundTo * roundTo
		left -= p.approved
	}
	for i := 0; left > 0; i, left = i+1, left-roundTo {
		approved[i%len(approved)].approved += roundTo
	}
	for _, p := range w.plans {
		switch {
		case p.outcome == "approvato":
			p.asked = p.approved
			if d.chance(0.5) {
				p.asked += p.approved * int64(d.between(1, 25)) / 100 / roundTo * roundTo
			}
			p.ceiling = max(p.ceiling, p.approved)
			w.assign(d, p)
		case p.outcome != "":
			p.asked = int64(weights[p]*medianPlan) / roundTo * roundTo
		}
	}
}

// assign says which centres support a plan: always ANCI, for some Formez PA too.
func (w *world) assign(d *dice, p *plan) {
	second := int64(0)
	if d.IntN(100) < secondCentrePct {
		second = p.approved * int64(d.between(20, 40)) / 100
		p.centres = append(p.centres, centre{w.known.bodies[fastP], second})
	}
	p.centres = slices.Insert(p.centres, 0, centre{w.known.bodies[anci], p.approved - second})
}

// action is one row of interventi.
type action struct {
	node
	plan            *plan
	area, container string
	theme           string
	from, to        day // as planned
	start, end      day // 0: not yet
	state           string
	halfDays        int // of work
}

var containers = []string{"competenze", "competenze", "strumenti-organizzativi", "consulenza-specialistica"}

var themes = map[string][]string{
	"smart-working":                          {"Formazione per il lavoro agile", "Strumenti per lavorare a distanza", "Regolamento del lavoro agile"},
	"bilancio-contabilita-personale-tributi": {"Contabilità economico-patrimoniale", "Riscossione dei tributi", "Fabbisogni di personale", "Pagamenti elettronici"},
	"acquisti-appalti":                       {"Formazione su gare e contratti", "Modelli per gli affidamenti", "Trasparenza e anticorruzione"},
	"semplificazione-tempi-costi":            {"Tempi dei procedimenti", "Sportello virtuale del cittadino", "Fascicolo digitale"},
	"gestione-associata-servizi":             {"Convenzione per le funzioni associate", "Ufficio unico di progettazione", "Servizi sociali associati"},
}

// act makes the interventions of the approved plans, as many as published with as many days of work.
func (w *world) act(d *dice) {
	var approved []*plan
	for _, p := range w.plans {
		if p.outcome == "approvato" {
			approved = append(approved, p)
		}
	}
	counts := map[*plan]int{}
	for _, p := range approved {
		counts[p] = 1
	}
	for left := w.known.actions - len(approved); left > 0; {
		if p := pick(d, approved); counts[p] < 2+len(p.app.areas) {
			counts[p]++
			left--
		}
	}
	for _, p := range approved {
		for range counts[p] {
			a := &action{node: node{key: fmt.Sprintf("SIM-I-%05d", len(w.actions)+1)}, plan: p, area: p.app.areas[d.IntN(len(p.app.areas))], container: pick(d, containers), halfDays: 2}
			a.theme = pick(d, themes[a.area])
			a.from = p.decided.plus(d.between(15, 120))
			a.to = a.from.plus(d.between(60, 420))
			w.advance(d, a)
			p.actions, w.actions = append(p.actions, a), append(w.actions, a)
		}
	}
	for left := 2*w.known.days - 2*len(w.actions); left > 0; left-- {
		pick(d, w.actions).halfDays++
	}
}

// advance says how far an intervention has come.
func (w *world) advance(d *dice, a *action) {
	switch a.state = "concluso"; {
	case d.chance(0.02):
		a.state = "annullato"
		return
	case d.chance(0.02):
		a.state = "previsto"
		return
	}
	a.start = a.from.plus(d.between(-5, 60))
	if a.end = later(a.to.plus(d.between(-20, 150)), a.start.plus(21)); a.end > horizon || d.chance(0.04) {
		a.end, a.state = 0, "in_corso"
	}
}
