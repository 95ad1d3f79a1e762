package simulate

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// Days that no source gives, chosen for the simulation.
var (
	actOnFirstWindow = on(2020, time.November, 27)
	actOnLastWindow  = on(2022, time.January, 20)
	takenUpFifth     = on(2021, time.June, 15)
	takenUpLast      = on(2021, time.October, 11)
	horizon          = on(2025, time.December, 31) // nothing simulated happens after it
	received         = on(2026, time.January, 15)  // day on which the simulated offices deliver
	endOfPON         = on(2023, time.December, 31) // Reg. (EU) 1303/2013, art. 65(2)
)

// dice are the random numbers of one part of the simulation: each part has its own, so that a change in one leaves the others as they were.
type dice struct{ *rand.Rand }

func newDice(seed uint64, part string) *dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(part)) // never fails
	return &dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// between gives a whole number from a to b, both included.
func (d *dice) between(a, b int) int { return a + d.IntN(b-a+1) }

func (d *dice) chance(p float64) bool { return d.Float64() < p }

func pick[T any](d *dice, from []T) T { return from[d.IntN(len(from))] }

func shuffle[T any](d *dice, s []T) { d.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] }) }

// node is a row that others belong to.
type node struct {
	key      string
	children int
	bad      bool // its row goes to quarantine
}

// decision is one row of istruttorie.
type decision struct {
	on      day
	outcome string // ammessa, respinta, in_istruttoria
	why     string
}

// application is one row of domande.
type application struct {
	node
	window    int
	on        day
	form      string // singola, aggregata, unione
	comuni    []*comune
	areas     []string
	decisions []decision
	tooBig    bool // its comune has more than 5,000 residents: rejected
	admitted  day  // 0: not
	plan      *plan
}

// world is the simulated year before anyone makes a mistake. It holds what is as large as the programme; claims are split while they are written.
type world struct {
	seed     uint64
	registry *registry
	known    *published
	apps     []*application
	plans    []*plan
	actions  []*action
	claims   []*claim
	fast     map[string][]*comune // ambito → comuni admitted
	labs     []*lab
	mistakes int64 // made so far
}

func newWorld(seed uint64, r *registry, p *published) (*world, error) {
	w := &world{seed: seed, registry: r, known: p, fast: map[string][]*comune{}}
	if err := w.applications(newDice(seed, "domande")); err != nil {
		return nil, err
	}
	w.choose(newDice(seed, "ambiti"))
	w.designPlans(newDice(seed, "piani"))
	w.act(newDice(seed, "interventi"))
	w.join(newDice(seed, "fast"))
	w.claim(newDice(seed, "rendicontazioni"))
	w.meet(newDice(seed, "laboratori"))
	return w, nil
}

// outlook is what becomes of a group of applications.
type outlook struct {
	window  int
	outcome string // ammessa, respinta, in_istruttoria
	single  int
	sizes   []int // comuni of each joint application
	early   bool  // decided by the day on which the published count of admissions was made
}

// outlooks part the applications by window and outcome so that the published counts hold: on the day of the count so many admitted with so many
// comuni, and so many under review; in all so many single and joint ones from so many comuni.
func (w *world) outlooks(d *dice, again int) ([]outlook, error) {
	p := w.known
	earlyJoint := p.joint * 36 / 100
	earlyRejected := p.admitted * 8 / 100
	last := p.applications - p.admitted - earlyRejected - p.pending
	fifthAdmitted := p.pending * 9 / 10
	lastAdmitted := p.admittedInTheEnd - p.admitted - fifthAdmitted
	lastPending := last / 10
	lastRejected := last - lastAdmitted - lastPending
	if lastAdmitted < 0 || lastRejected < 0 {
		return nil, fmt.Errorf("the published totals leave no room: %d applications in the last window, %d of them admitted", last, lastAdmitted)
	}
	sizes := func(n, comuni int) []int {
		out := make([]int, n)
		for i := range out {
			out[i] = 2
		}
		for left := comuni - 2*n; left > 0; {
			if i := d.IntN(n); out[i] < 14 {
				out[i]++
				left--
			}
		}
		return out
	}
	early := sizes(earlyJoint, p.admittedComuni-p.admitted+earlyJoint)
	late := sizes(p.joint-earlyJoint, p.comuni-(p.single-again)-len(early)-(p.admittedComuni-p.admitted))
	take := func(n int) (out []int) {
		out, late = late[:n], late[n:]
		return out
	}
	var out []outlook
	part := func(n int, shares ...int) (ns []int) { // largest last
		left := n
		for _, s := range shares {
			ns = append(ns, n*s/100)
			left -= n * s / 100
		}
		return append(ns, left)
	}
	joint := part(earlyJoint, 20, 22, 26)
	rejectedJoint := part(6, 16, 17, 34)
	for i, n := range part(p.admitted-earlyJoint, 25, 21, 26) {
		out = append(out, outlook{i, "ammessa", n, early[:joint[i]], true})
		early = early[joint[i]:]
	}
	for i, n := range part(earlyRejected-6, 48, 22, 18) {
		out = append(out, outlook{i, "respinta", n, take(rejectedJoint[i]), true})
	}
	rest := len(late)
	out = append(out, outlook{4, "respinta", p.pending - fifthAdmitted - 4, take(4), false}, outlook{4, "ammessa", fifthAdmitted - rest*2/5, take(rest * 2 / 5), false},
		outlook{5, "respinta", lastRejected - 6, take(6), false}, outlook{5, "in_istruttoria", lastPending - 2, take(2), false})
	out = append(out, outlook{5, "ammessa", lastAdmitted - len(late), late, false})
	return out, nil
}

// secondTries is how many comuni apply again after a rejection: of the first window in the fourth, of the second and third in the last.
const (
	secondTriesFourth = 25
	secondTriesLast   = 15
)

// applications makes them all, on real small comuni, each comune in one (but for those that try again).
func (w *world) applications(d *dice) error {
	groups, err := w.outlooks(d, secondTriesFourth+secondTriesLast)
	if err != nil {
		return err
	}
	for _, g := range groups {
		for i := 0; i < g.single+len(g.sizes); i++ {
			a := &application{window: g.window, form: "singola", comuni: make([]*comune, 1)}
			if i >= g.single {
				a.comuni = make([]*comune, g.sizes[i-g.single])
				a.form = "aggregata"
				if d.chance(0.2) {
					a.form = "unione"
				}
			}
			w.date(d, a)
			w.decide(d, a, g.outcome)
			w.apps = append(w.apps, a)
		}
	}
	if err := w.settle(d); err != nil {
		return err
	}
	slices.SortStableFunc(w.apps, func(a, b *application) int { return cmp.Compare(a.on, b.on) })
	for i, a := range w.apps {
		a.key = fmt.Sprintf("SIM-D-%05d", i+1)
	}
	return nil
}

// date sets the day of an application: more come near the end of the window.
func (w *world) date(d *dice, a *application) {
	win := w.known.windows[a.window]
	length := int(win.shut - win.open)
	a.on = win.open.plus(max(d.between(0, length), d.between(0, length)))
}

var refusals = []string{"Documentazione incompleta", "Manca la firma digitale del legale rappresentante", "Ente non ammissibile ai sensi dell’art. 3 dell’Avviso", "Manca la delega degli altri comuni"}

func (w *world) decide(d *dice, a *application, outcome string) {
	act := w.known.acts[a.window]
	switch a.window {
	case 4:
		a.decisions = append(a.decisions, decision{on: takenUpFifth, outcome: "in_istruttoria"})
	case 5:
		a.decisions = append(a.decisions, decision{on: takenUpLast, outcome: "in_istruttoria"})
	}
	switch outcome {
	case "ammessa":
		a.decisions, a.admitted = append(a.decisions, decision{on: act, outcome: outcome}), act
	case "respinta":
		a.decisions = append(a.decisions, decision{on: act, outcome: outcome, why: pick(d, refusals)})
	}
}

func (a *application) rejected() bool {
	return a.decisions[len(a.decisions)-1].outcome == "respinta"
}

// settle gives every application its comuni. Regions with a published total have so many comuni in admitted applications; the others share the
// rest by their small comuni.
func (w *world) settle(d *dice) error {
	again := map[*application]bool{}
	tries := map[int][]*application{} // rejected single ones, by window
	retries := func(window int) (out []*application) {
		for _, a := range w.apps {
			if a.window == window && a.admitted.known() && a.form == "singola" {
				out = append(out, a)
			}
		}
		shuffle(d, out)
		return out
	}
	big := 0
	for _, a := range w.apps {
		if a.rejected() && a.form == "singola" && a.window < 4 {
			tries[a.window] = append(tries[a.window], a)
		}
	}
	var pairs [][2]*application
	for i, second := range retries(3)[:secondTriesFourth] {
		pairs, again[second] = append(pairs, [2]*application{tries[0][i], second}), true
		second.on = later(second.on, actOnFirstWindow+1)
	}
	for i, second := range retries(5)[:secondTriesLast] {
		first := append(slices.Clone(tries[1]), tries[2]...)[i]
		pairs, again[second] = append(pairs, [2]*application{first, second}), true
		second.on = later(second.on, w.known.acts[2]+1)
	}
	tried := map[*application]bool{}
	for _, p := range pairs {
		tried[p[0]] = true
	}
	free := w.free(d, w.known.windows[5].shut)
	wanted := map[string]int{} // region → comuni still to be put into admitted applications
	total := 0
	for _, a := range w.apps {
		if a.admitted.known() {
			total += len(a.comuni)
		}
	}
	free.quotas(wanted, total, w.known.byRegion)
	for _, a := range w.apps { // joint ones first: they need neighbours
		if len(a.comuni) > 1 && a.admitted.known() {
			free.neighbours(d, a.comuni, wanted)
		}
	}
	for _, a := range w.apps {
		if len(a.comuni) == 1 && a.admitted.known() && !again[a] {
			a.comuni[0] = free.one(d, wanted)
		}
	}
	for _, p := range pairs {
		p[1].comuni[0] = free.one(d, wanted)
		p[0].comuni[0] = p[1].comuni[0]
	}
	var large []*comune
	for _, c := range w.registry.comuni {
		if c.people > 5000 && c.people <= 15000 && !c.change.known() {
			large = append(large, c)
		}
	}
	shuffle(d, large)
	for _, a := range w.apps {
		switch {
		case a.admitted.known() || tried[a]:
		case len(a.comuni) > 1:
			free.neighbours(d, a.comuni, nil)
		case a.rejected() && big < 30 && d.chance(0.4):
			a.comuni[0], a.tooBig = large[big], true
			a.decisions[len(a.decisions)-1].why = "Popolazione superiore a 5.000 residenti"
			big++
		default:
			a.comuni[0] = free.one(d, nil)
		}
	}
	for _, a := range w.apps {
		if slices.Contains(a.comuni, nil) {
			return fmt.Errorf("the registry has too few small comuni for the published totals")
		}
	}
	return nil
}

// choose gives each application its ambiti, so that the published shares of choices hold to the per cent.
func (w *world) choose(d *dice) {
	counts := make([]int, len(w.apps))
	total := 0
	for i := range counts {
		counts[i] = []int{1, 2, 2, 3, 3, 4}[d.IntN(6)]
		total += counts[i]
	}
	left := make([]int, len(w.known.shares))
	given := 0
	for i, s := range w.known.shares {
		left[i] = int(s.pct * float64(total) / 100)
		given += left[i]
	}
	for i := 0; given < total; i, given = i+1, given+1 {
		left[i%len(left)]++
	}
	order := d.Perm(len(w.apps))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	chosen := make([][]int, len(w.apps))
	for _, i := range order { // always the ones with most left: so none is left over
		areas := d.Perm(len(left))
		slices.SortStableFunc(areas, func(a, b int) int { return cmp.Compare(left[b], left[a]) })
		for _, a := range areas[:counts[i]] {
			chosen[i] = append(chosen[i], a)
			left[a]--
		}
	}
	for range 20 * len(w.apps) { // exchanges keep the counts and undo the pattern
		i, j := d.IntN(len(chosen)), d.IntN(len(chosen))
		x, y := d.IntN(len(chosen[i])), d.IntN(len(chosen[j]))
		if a, b := chosen[i][x], chosen[j][y]; !slices.Contains(chosen[i], b) && !slices.Contains(chosen[j], a) {
			chosen[i][x], chosen[j][y] = b, a
		}
	}
	for i, a := range w.apps {
		slices.Sort(chosen[i])
		for _, x := range chosen[i] {
			a.areas = append(a.areas, w.known.shares[x].area)
		}
	}
}
