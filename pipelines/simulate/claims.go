package simulate

import (
	"fmt"
	"math"
)

// claim is one row of rendicontazioni, or, with a scale, the whole of which each row is a part. Amounts are in cents; -1 is none.
type claim struct {
	key                                        string
	plan                                       *plan   // nil for Fast
	action                                     *action // nil for Fast
	place                                      *comune
	programme, operation                       string
	form                                       string
	cost                                       string // category of cost
	method, waiver, rateKind                   string
	output, unit                               string
	units                                      int64
	price, cents, certified, paid, base, whole int64
	rate                                       int64 // per cent
	state                                      string
	decided                                    day
	done, claimed, certifiedOn, paidOn, fixed  day
	complementary                              bool // POC
	axis                                       string
}

// Unit costs in cents, invented for the simulation.
var prices = []int64{280_00, 320_00, 350_00, 450_00}

const (
	leastClaim       = 150_00 // cents: what a claim is worth at least
	leastPart        = 1      // cent: of a claim in parts
	fastClaimsAPlace = 4
)

// claim makes the claims of plans and those of Fast, before they are split.
func (w *world) claim(d *dice) {
	for _, p := range w.plans {
		var actions []*action
		for _, a := range p.actions {
			if a.state == "concluso" || a.state == "in_corso" {
				actions = append(actions, a)
			}
		}
		if len(actions) == 0 {
			continue
		}
		budget := p.approved * int64(d.between(88, 100)) / 100
		for i, a := range actions {
			part := budget / int64(len(actions)-i)
			budget -= part
			n := min(d.between(3, 6), int(part/leastClaim))
			for j, amount := range parts(d, part, n) {
				c := &claim{key: fmt.Sprintf("SIM-R-%06d", len(w.claims)+1), plan: p, action: a, programme: anci, operation: p.operation(), decided: p.decided, place: pick(d, p.app.comuni)}
				c.output = fmt.Sprintf("%s, prodotto %d dell’intervento %s", a.theme, j+1, a.key)
				end := horizon.plus(200)
				if a.end.known() {
					end = a.end
				}
				c.done = a.start.plus(20 + d.IntN(max(int(end-a.start)-19, 1)))
				w.cost(d, c, a.container, amount)
				w.proceed(d, c)
				w.claims = append(w.claims, c)
			}
		}
	}
	w.claimFast(d)
}

// parts splits an amount in cents into n unequal ones of at least leastClaim each.
func parts(d *dice, amount int64, n int) (out []int64) {
	weights, total := make([]float64, n), 0.0
	for i := range weights {
		weights[i] = 0.4 + d.Float64()
		total += weights[i]
	}
	spare := amount - int64(n)*leastClaim
	for i := range weights {
		out = append(out, leastClaim+int64(float64(spare)*weights[i]/total))
	}
	return out
}

// claimFast makes the claims of Fast, which have no plan: its operation is one for each ambito.
func (w *world) claimFast(d *dice) {
	places := 0
	for _, area := range fastAreas {
		places += len(w.fast[area])
	}
	amounts := parts(d, w.known.budget[fastP]*fastTakesPct/100, places*fastClaimsAPlace)
	what := map[string][]string{"transizione-digitale": {"Affiancamento dei facilitatori", "Rilevazione dei software"}, "transizione-amministrativa": {"Affiancamento della micro task force", "Revisione dei procedimenti"},
		"tecnologie-per-gli-atti": {"Avvio della piattaforma per gli atti", "Formazione sulla piattaforma"}}
	begin := w.known.windows[len(w.known.windows)-1].shut.plus(60)
	for i, area := range fastAreas {
		for _, place := range w.fast[area] {
			for j := range fastClaimsAPlace {
				c := &claim{key: fmt.Sprintf("SIM-R-%06d", len(w.claims)+1), programme: fastP, operation: "SIM-OP-FAST-" + string(rune('A'+i)), decided: begin, place: place}
				c.output = fmt.Sprintf("%s, prodotto %d per %s (%s)", pick(d, what[area]), j+1, place.name, area)
				c.done = begin.plus(d.between(30, int(horizon-begin)+60))
				w.cost(d, c, pick(d, containers), amounts[len(amounts)-1])
				amounts = amounts[:len(amounts)-1]
				w.proceed(d, c)
				w.claims = append(w.claims, c)
			}
		}
	}
}

// costs are the categories of cost, one for each form: so no category has two options (LS-07).
var costs = map[string]string{"costi_unitari": "Giornate di lavoro", "somma_forfettaria": "Prodotti a forfait", "tasso_forfettario": "Costi indiretti", "costi_reali": "Acquisti"}

// cost chooses the form of support of a claim of about that amount, which it never exceeds.
func (w *world) cost(d *dice, c *claim, container string, amount int64) {
	forms := map[string][]string{"competenze": {"costi_unitari", "costi_unitari", "costi_unitari", "somma_forfettaria", "somma_forfettaria"},
		"strumenti-organizzativi":  {"somma_forfettaria", "somma_forfettaria", "costi_reali"},
		"consulenza-specialistica": {"costi_unitari", "costi_unitari", "costi_reali", "tasso_forfettario"}}
	c.form, c.cents, c.base, c.whole, c.price = pick(d, forms[container]), amount, -1, -1, -1
	c.cost, c.axis = costs[c.form], "Asse 1"
	if d.chance(0.12) {
		c.axis = "Asse 3"
	}
	switch c.form {
	case "costi_unitari":
		c.price, c.method, c.unit = pick(d, prices), "a", "giornata"
		if amount < c.price {
			c.price = amount
		}
		c.units = amount / c.price
		c.cents = c.units * c.price
	case "somma_forfettaria":
		c.method, c.whole = "a", amount
		if c.plan != nil && c.plan.approved <= 100_000_00 && d.chance(0.2) {
			c.method = "aa" // the draft budget: up to 100,000 EUR of public support
		}
	case "tasso_forfettario":
		c.method, c.rate, c.rateKind = "d", 25, "indiretti-su-diretti"
		if d.chance(0.4) {
			c.rate, c.rateKind = 15, "indiretti-su-personale"
		}
	case "costi_reali":
		c.waiver = "Acquisto con appalto"
	}
}

// proceed takes a claim through its states up to the horizon.
func (w *world) proceed(d *dice, c *claim) {
	c.certified, c.paid = -1, -1
	c.claimed = c.done.plus(d.between(15, 75))
	c.certifiedOn = c.claimed.plus(d.between(40, 160))
	c.paidOn = c.certifiedOn.plus(d.between(20, 90))
	c.complementary = c.done > endOfPON
	c.state = "pagata"
	switch {
	case c.claimed > horizon:
		c.state, c.done, c.claimed, c.certifiedOn, c.paidOn = "prevista", 0, 0, 0, 0
		return
	case c.certifiedOn > horizon:
		c.state, c.certifiedOn, c.paidOn = "rendicontata", 0, 0
		return
	case c.paidOn > horizon:
		c.state, c.paidOn, c.certified = "certificata", 0, c.cents
		return
	}
	c.certified, c.paid = c.cents, c.cents
	if c.form != "somma_forfettaria" && d.chance(0.04) { // a lump sum is due whole or not at all
		if c.fixed = c.paidOn.plus(d.between(30, 100)); c.fixed > horizon {
			c.fixed = 0
			return
		}
		c.state = "rettificata"
		c.certified = c.cents * int64(d.between(85, 99)) / 100
		c.paid = c.certified
	}
}

// portion gives the i-th of n parts of an amount in cents: they differ by a cent at most and add up to it.
func portion(amount, i, n int64) int64 {
	if amount < 0 {
		return amount
	}
	part := amount / n
	if i < amount%n {
		part++
	}
	return part
}

// baseFor gives the base that, at that rate, makes the amount to the cent.
func baseFor(cents, rate int64) int64 {
	return int64(math.Round(float64(cents) * 100 / float64(rate)))
}
