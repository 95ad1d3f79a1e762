package simulate

import (
	"fmt"
	"strconv"
	"strings"
)

// The rows of each table, in the order of the files. Each child counts itself on its parents.

func child(parents ...*node) []*node {
	for _, p := range parents {
		p.children++
	}
	return parents
}

func (w *world) windowRows(t *table) (out []*record) {
	for i := range w.known.windows {
		v := &w.known.windows[i]
		r := t.record().set("finestra", v.id).set("avviso", "Avviso piccoli comuni").set("programma", call).day("apertura", v.open).day("chiusura", v.shut).set("atto", "SIM-ATTO-"+strconv.Itoa(i+1))
		if strings.HasPrefix(v.id, "SIM-FAST") {
			r.set("avviso", "Fast Piccoli Comuni").set("programma", fastP)
		}
		r.self, r.of, r.spared = v.node, v, !strings.HasPrefix(v.id, "SIM-FAST") // a mistake in a window takes all its applications with it
		out = append(out, r)
	}
	return out
}

func (w *world) applicationRows(t *table, d *dice) (out []*record) {
	for i, a := range w.apps {
		lead := a.comuni[0]
		r := t.record().set("id_domanda", a.key).set("programma", call).set("finestra", w.known.windows[a.window].id).day("data_presentazione", a.on).set("protocollo", fmt.Sprintf("SIM-%06d", 100+7*i)).
			set("forma", a.form).set("codice_istat", lead.codeOn(a.on)).set("codice_catastale", lead.cadastral).set("denominazione", lead.name).number("popolazione", lead.people).flag("nato_da_fusione", false).
			set("ambiti", strings.Join(a.areas, "|"))
		if d.chance(0.1) {
			r.set("nato_da_fusione", "")
		}
		r.parents, r.self, r.of = child(w.known.windows[a.window].node), &a.node, a
		out = append(out, r)
	}
	return out
}

func (w *world) memberRows(t *table) (out []*record) {
	for _, a := range w.apps {
		for i, c := range a.comuni {
			r := t.record().set("id_domanda", a.key).set("codice_istat", c.codeOn(a.on)).set("ruolo", "partecipante").set("denominazione", c.name).number("popolazione", c.people).set("data_popolazione", "09/10/2011").flag("nato_da_fusione", false)
			if i == 0 {
				r.set("ruolo", "capofila")
			}
			r.parents, r.of = child(&a.node), a
			out = append(out, r)
		}
	}
	return out
}

func (w *world) decisionRows(t *table) (out []*record) {
	for _, a := range w.apps {
		for _, x := range a.decisions {
			r := t.record().set("id_domanda", a.key).day("data_esito", x.on).set("esito", x.outcome).set("motivazione", x.why)
			if x.outcome != "in_istruttoria" {
				r.set("protocollo", fmt.Sprintf("SIM-PROT-%s", x.on.iso()))
			}
			r.parents, r.of = child(&a.node), a
			out = append(out, r)
		}
	}
	return out
}

func (w *world) planRows(t *table) (out []*record) {
	for _, p := range w.plans {
		r := t.record().set("id_piano", p.key).set("id_domanda", p.app.key).set("id_operazione", p.operation()).day("data_scadenza", p.due).day("data_presentazione", p.presented).day("data_esito", p.decided).
			set("esito", p.outcome).set("decreto", p.decree).money("importo_massimale_eur", p.ceiling).money("importo_richiesto_eur", orNone(p.asked)).money("importo_approvato_eur", orNone(p.approved))
		r.parents, r.self, r.of = child(&p.app.node), &p.node, p
		out = append(out, r)
	}
	return out
}

// orNone is -1, an empty cell, for no amount.
func orNone(cents int64) int64 {
	if cents == 0 {
		return -1
	}
	return cents
}

func (w *world) centreRows(t *table) (out []*record) {
	for _, p := range w.plans {
		for _, c := range p.centres {
			r := t.record().set("id_piano", p.key).set("centro_competenza", c.name).money("importo_eur", c.cents)
			r.parents, r.of = child(&p.node), p
			out = append(out, r)
		}
	}
	return out
}

func (w *world) actionRows(t *table) (out []*record) {
	for _, a := range w.actions {
		r := t.record().set("id_intervento", a.key).set("id_piano", a.plan.key).set("ambito", a.area).set("contenitore", a.container).set("tema", a.theme).
			day("data_inizio_prevista", a.from).day("data_fine_prevista", a.to).day("data_inizio", a.start).day("data_fine", a.end).set("stato", a.state).set("giornate", halves(a.halfDays))
		r.parents, r.self, r.of = child(&a.plan.node), &a.node, a
		out = append(out, r)
	}
	return out
}

// halves writes a number counted in halves: 3 or 3,5.
func halves(n int) string {
	if n%2 == 0 {
		return strconv.Itoa(n / 2)
	}
	return strconv.Itoa(n/2) + ",5"
}

func (w *world) activityRows(t *table, d *dice) (out []*record) {
	for i, a := range w.activities(d) {
		r := t.record().set("id_attivita", fmt.Sprintf("SIM-A-%06d", i+1)).set("programma", a.programme).set("ambito", a.area).set("tipo", a.kind).set("canale", a.channel).set("tema", a.theme).set("area", a.territory).
			day("periodo_dal", a.from).day("periodo_al", a.to).set("quantita", halves(a.quantity)).set("unita", a.unit)
		if a.comune != nil {
			r.set("codice_istat", a.comune.codeOn(a.from))
		}
		out = append(out, r)
	}
	return out
}

func (w *world) labRows(t *table) (out []*record) {
	for _, l := range w.labs {
		r := t.record().set("id_laboratorio", l.key).set("programma", l.programme).set("titolo", l.title).day("data_laboratorio", l.on).set("luogo", l.place).set("area", l.area).set("modalita", l.mode).number("partecipanti", l.people)
		r.self, r.of = &l.node, l
		out = append(out, r)
	}
	return out
}

func (w *world) labMemberRows(t *table) (out []*record) {
	for _, l := range w.labs {
		for _, c := range l.comuni {
			r := t.record().set("id_laboratorio", l.key).set("codice_istat", c.codeOn(l.on)).set("riferimento", "SIM-Elenco dei presenti")
			r.parents = child(&l.node)
			out = append(out, r)
		}
	}
	return out
}

func (w *world) needRows(t *table, d *dice) (out []*record) {
	for i, n := range w.needs(d) {
		r := t.record().set("id_fabbisogno", fmt.Sprintf("SIM-B-%05d", i+1)).set("fabbisogno", n.text).set("area", n.area).set("priorita", n.priority)
		if n.comune != nil {
			r.set("codice_istat", n.comune.code)
		}
		if n.app != nil {
			r.set("id_domanda", n.app.key).parents = child(&n.app.node)
		} else {
			r.set("id_laboratorio", n.lab.key).parents = child(&n.lab.node)
		}
		out = append(out, r)
	}
	return out
}

func (w *world) softwareRows(t *table, d *dice) (out []*record) {
	for _, s := range w.observe(d) {
		out = append(out, t.record().set("codice_istat", s.comune.codeOn(s.on)).set("applicativo", s.name).day("data_verifica", s.on).flag("spid", s.spid).flag("cie", s.cie).flag("pagopa", s.pagopa).
			set("accessibilita", s.accessible).flag("aggiornato", s.updated))
	}
	return out
}

// portionRow is a claim, or the i-th of n parts of it, as its row says.
type portionRow struct {
	*claim
	cents int64
}

// claimRow writes what all parts of a claim have in common.
func (w *world) claimRow(t *table, c *claim) *record {
	r := t.record().set("id_operazione", c.operation).set("programma", c.programme).set("asse", c.axis).set("cup", w.known.cup).day("data_decisione", c.decided).set("affidata_interamente", "no").
		set("forma_sostegno", c.form).set("metodo_calcolo", c.method).set("documento_condizioni", "SIM-Convenzione "+c.operation).set("deroga", c.waiver).set("categoria_costo", c.cost).set("tipo_tasso", c.rateKind).
		set("output", c.output).day("data_completamento", c.done).set("unita", c.unit).set("valuta", "EUR").set("stato", c.state).
		day("data_rendicontazione", c.claimed).day("data_certificazione", c.certifiedOn).day("data_pagamento", c.paidOn).day("data_rettifica", c.fixed)
	region := category(c.place.region)
	r.set("categoria_regione", region)
	switch {
	case c.complementary:
		r.set("programma_operativo", "POC").set("fondo", "FDR")
	case c.axis == "Asse 3":
		r.set("programma_operativo", "PON").set("fondo", "FESR").set("tasso_cofinanziamento_ue_pct", cofinancing[region])
	default:
		r.set("programma_operativo", "PON").set("fondo", "FSE").set("tasso_cofinanziamento_ue_pct", cofinancing[region])
	}
	valid := c.done
	if !valid.known() {
		valid = horizon
	}
	r.set("codice_istat", c.place.codeOn(valid))
	if c.rate > 0 {
		r.number("tasso_pct", int(c.rate))
	}
	if c.plan != nil {
		r.set("id_piano", c.plan.key).set("id_intervento", c.action.key).money("contributo_pubblico_eur", c.plan.approved)
		r.parents = []*node{&c.plan.node, &c.action.node}
	}
	return r
}

// cofinancing is the Union's share by category of region, invented for the simulation.
var cofinancing = map[string]string{"meno-sviluppate": "80,00", "in-transizione": "60,00", "piu-sviluppate": "50,00"}

// varying are the places of the columns in which the parts of a claim differ.
type varying struct {
	id, amount, certified, paid, units, price, base, whole, stage, stages int
}

func (t *table) varying() varying {
	return varying{id: t.at["id_rendicontazione"], amount: t.at["importo_eur"], certified: t.at["importo_certificato_eur"], paid: t.at["importo_pagato_eur"], units: t.at["quantita"],
		price: t.at["importo_unitario_eur"], base: t.at["base_eur"], whole: t.at["importo_somma_eur"], stage: t.at["fase"], stages: t.at["fasi_previste"]}
}

// partWriter fills in cells one after the other in one buffer, so that millions of rows need no memory of their own.
type partWriter struct {
	varying
	buffer []byte
	from   int
}

// end makes what was written since the last cell the one at a place.
func (w *partWriter) end(r *record, at int) {
	r.cells[at] = w.buffer[w.from:len(w.buffer):len(w.buffer)]
	w.from = len(w.buffer)
}

func (w *partWriter) money(r *record, at int, cents int64) {
	if cents >= 0 {
		w.buffer = appendMoney(w.buffer, cents, false)
		w.end(r, at)
	}
}

func (w *partWriter) number(r *record, at int, n int64) {
	w.buffer = strconv.AppendInt(w.buffer, n, 10)
	w.end(r, at)
}

// write fills in the i-th of n parts of a claim; its identifier and amounts are what parts differ in. The cells last until the next part.
func (w *partWriter) write(r *record, c *claim, i, n int64) {
	w.buffer, w.from = w.buffer[:0], 0
	cents := portion(c.cents, i, n)
	w.buffer = append(w.buffer, c.key...)
	if n > 1 {
		w.buffer = strconv.AppendInt(append(w.buffer, '-'), i+1, 10)
	}
	w.end(r, w.id)
	w.money(r, w.amount, cents)
	w.money(r, w.certified, portion(c.certified, i, n))
	w.money(r, w.paid, portion(c.paid, i, n))
	switch c.form {
	case "costi_unitari":
		units, price := c.units, c.price
		if n > 1 { // one part of a day's work, at its part of the price
			units, price = 1, cents
		}
		w.number(r, w.units, units)
		w.money(r, w.price, price)
	case "somma_forfettaria":
		w.money(r, w.whole, c.whole)
		if n > 1 {
			w.number(r, w.stage, i+1)
			w.number(r, w.stages, n)
		}
	case "tasso_forfettario":
		w.money(r, w.base, baseFor(cents, c.rate))
	}
}
