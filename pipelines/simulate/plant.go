package simulate

import (
	"slices"
)

// kind is one way to make a mistake in a table, with the column that the quarantine marks and the reason that it gives.
type kind struct {
	column, reason string
	rule           bool                               // of a rule of this table: at least one is made wherever one fits
	make           func(p *planter, r *record) string // changes the row and says how, in Italian; empty: it does not fit this row, which is as it was
}

// planter makes mistakes in the rows of one file.
type planter struct {
	*dice
	world    *world
	table    *table
	kinds    []kind
	next     int // the kind whose turn it is
	eligible int64
	wanted   int64
	reserved map[int]*kind // place of a row → the kind that it is kept for
	donors   donors
	keys     map[string]bool // wrong keys made so far
	long     int             // texts too long made so far
}

// donors are good rows that a mistake can point to.
type donors struct {
	plans   []*plan   // not approved
	actions []*action // of approved plans
	labs    []*lab
}

// firmly lists what mistakes can point to, by the rows that are good by now.
func (w *world) firmly() (out donors) {
	for _, p := range w.plans {
		if p.outcome != "approvato" && !p.bad {
			out.plans = append(out.plans, p)
		}
	}
	for _, a := range w.actions {
		if !a.bad {
			out.actions = append(out.actions, a)
		}
	}
	for _, l := range w.labs {
		if !l.bad {
			out.labs = append(out.labs, l)
		}
	}
	return out
}

// atMostPct is the greatest share of the rows whose parents are good that can be wrong: where the parents' mistakes leave few good rows, some stay.
const atMostPct = 60

// newPlanter decides how many mistakes a file has: the share of its rows asked for, at least one of each rule, never more than most of the rows
// that can have one. rows is the number of them, of which get gives the i-th one of each claim or all; each stands for parts rows.
func newPlanter(w *world, t *table, share float64, rows int, parts int64, get func(int) *record) *planter {
	p := &planter{dice: newDice(w.seed, "errori "+t.file), world: w, table: t, kinds: kindsOf(t), reserved: map[int]*kind{}, keys: map[string]bool{}, donors: w.firmly()}
	if share == 0 {
		return p
	}
	var places []int
	for i := range rows {
		if r := get(i); !r.spared && !r.orphan() {
			places = append(places, i)
		}
	}
	p.eligible = int64(len(places)) * parts
	p.wanted = int64(share*float64(int64(rows)*parts) + 0.5)
	shuffle(p.dice, places)
	for _, k := range p.kinds {
		if !k.rule {
			continue
		}
		for at, i := range places {
			if _, taken := p.reserved[i]; taken {
				continue
			}
			if k.make(p, get(i).clone()) != "" {
				p.reserved[i] = &k
				places = slices.Delete(places, at, at+1)
				break
			}
		}
	}
	shuffle(p.dice, p.kinds)
	p.eligible -= int64(len(p.reserved))
	p.wanted = max(min(p.wanted-int64(len(p.reserved)), p.eligible*atMostPct/100), 0)
	return p
}

// offer makes a mistake in the row, or none: exactly so many of the rows offered get one, each with the same chance. first is the place of the row
// for which one may be reserved, or -1.
func (p *planter) offer(r *record, first int) {
	if r.orphan() && r.self != nil { // it follows its parent to quarantine, and its own children follow it
		r.self.bad = true
	}
	if r.spared || r.orphan() {
		return
	}
	if k := p.reserved[first]; k != nil {
		if !p.try(k, r) {
			panic("simulate: the mistake " + k.reason + " fitted a row and no longer does")
		}
		return
	}
	if p.wanted > 0 && p.Int64N(p.eligible) < p.wanted {
		for i := range p.kinds {
			if k := &p.kinds[(p.next+i)%len(p.kinds)]; p.try(k, r) {
				p.kinds[(p.next+i)%len(p.kinds)], p.kinds[p.next] = p.kinds[p.next], *k
				p.next = (p.next + 1) % len(p.kinds)
				p.wanted--
				break
			}
		}
	}
	p.eligible--
}

// readable are the reasons of rows whose key, though wrong, is one: the reader compares it with those of other rows.
var readable = []string{"codice_sconosciuto", "codice_non_valido_alla_data", "comune_valido_alla_domanda", "padre_assente"}

func (p *planter) try(k *kind, r *record) bool {
	var before *record
	if slices.Contains(readable, k.reason) {
		before = r.clone()
	}
	text := k.make(p, r)
	if text == "" {
		return false
	}
	if before != nil && r.keyText() != before.keyText() { // two rows with one wrong key would be in conflict
		if p.keys[r.keyText()] {
			*r = *before
			return false
		}
		p.keys[r.keyText()] = true
	}
	r.wrong = &mistake{column: k.column, reason: k.reason, text: text}
	if r.self != nil && k.reason != "riga_ripetuta" { // of repeated rows the first one counts
		r.self.bad = true
	}
	return true
}
