package simulate

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// published are the totals that public sources state and the simulated year keeps, as the project's seeds hold them.
type published struct {
	applications, single, joint, comuni int // domande, singole, aggregate, comuni nelle domande
	admitted, admittedComuni, pending   int // on the day below
	countedOn                           day
	admittedInTheEnd                    int // stated years later as "over" a round number
	shares                              []share
	decrees                             []decree
	lastSingle, lastJoint               int            // plans of the last decree by form
	lastByCategory                      map[string]int // plans of the last decree by category of region
	actions                             int            // interventi
	days                                int            // giornate
	byRegion                            map[string]int // comuni or sign-ups of a region with a published total
	fast                                map[string]int // comuni admitted to Fast by ambito
	budget                              map[string]int64
	cup                                 string
	bodies                              map[string]string // programme → soggetto attuatore
	windows                             []window
	acts                                map[int]day // window → act that decides on its applications
}

// share is how often one ambito is among those chosen, in per cent.
type share struct {
	area string
	pct  float64
}

// decree is one act that approves plans; invented ones fill what the stated totals leave unexplained.
type decree struct {
	on       day
	plans    int
	invented bool
}

// window is one of the windows of the call.
type window struct {
	id         string
	open, shut day
	node       *node
}

// figures looks up published totals.
type figures struct {
	rows []map[string]string
	lost catalog.Problems
}

func (f *figures) find(programme, indicator string, fits func(map[string]string) bool) float64 {
	for _, r := range f.rows {
		if r["programma"] == programme && r["indicatore"] == indicator && (fits == nil || fits(r)) {
			v, err := strconv.ParseFloat(r["valore"], 64)
			if err == nil {
				return v
			}
		}
	}
	f.lost = append(f.lost, catalog.Problem{File: "data/seeds/cifre_ufficiali.csv", What: catalog.Textf(catalog.Text{It: "manca la cifra «%s» di «%s», che serve a simulare", En: "the figure %q of %q, which the simulation needs, is missing"}, indicator, programme)})
	return 0
}

func (f *figures) count(programme, indicator string, fits func(map[string]string) bool) int {
	return int(f.find(programme, indicator, fits))
}

const (
	call  = "avviso-piccoli-comuni"
	anci  = "piccoli"
	fastP = "fast-piccoli-comuni"
)

// readPublished takes the totals from cifre_ufficiali, ambiti, programmi, totali_regionali and cronologia.
func readPublished(root string) (*published, error) {
	rows, err := seed(root, "cifre_ufficiali", "id_cifra", "programma", "indicatore", "valore", "data_riferimento", "ambito_territoriale")
	if err != nil {
		return nil, err
	}
	f := &figures{rows: rows}
	exact := func(r map[string]string) bool { return r["qualificatore"] == "esatto" }
	p := &published{
		applications: f.count(call, "domande_presentate", nil), single: f.count(call, "domande_singole", nil), joint: f.count(call, "domande_aggregate", nil),
		comuni: f.count(call, "comuni_nelle_domande", nil), admitted: f.count(call, "domande_ammesse_fase_2", nil), admittedComuni: f.count(call, "comuni_ammessi_fase_2", nil),
		pending: f.count(call, "domande_in_istruttoria", nil), admittedInTheEnd: f.count(anci, "domande_ammesse", nil) + 8,
		lastSingle: f.count(call, "piani_singoli_nel_decreto", nil), lastJoint: f.count(call, "piani_aggregati_nel_decreto", nil),
		actions: f.count(anci, "interventi", exact), days: f.count(anci, "giornate_formazione_consulenza", exact),
		byRegion: map[string]int{}, fast: map[string]int{}, budget: map[string]int64{}, bodies: map[string]string{}, lastByCategory: map[string]int{}, acts: map[int]day{},
	}
	for _, r := range rows {
		if r["indicatore"] == "domande_in_istruttoria" && r["programma"] == call {
			if p.countedOn, err = dayOf(r["data_riferimento"]); err != nil {
				return nil, err
			}
		}
	}
	for area, letter := range map[string]string{"transizione-digitale": "ambito A", "transizione-amministrativa": "ambito B", "tecnologie-per-gli-atti": "ambito C"} {
		p.fast[area] = f.count(fastP, "comuni_ammessi", func(r map[string]string) bool { return r["ambito_territoriale"] == letter })
	}
	left := p.lastSingle + p.lastJoint
	for _, c := range []struct{ words, category string }{{"regioni meno sviluppate", "meno-sviluppate"}, {"regioni più sviluppate", "piu-sviluppate"}} {
		pct := f.find(call, "quota_piani_categoria_regione", func(r map[string]string) bool { return r["ambito_territoriale"] == c.words })
		p.lastByCategory[c.category] = int(math.Round(pct * float64(p.lastSingle+p.lastJoint) / 100))
		left -= p.lastByCategory[c.category]
	}
	p.lastByCategory["in-transizione"] = left
	if len(f.lost) > 0 {
		return nil, f.lost
	}
	return p, cmp.Or(p.areas(root), p.programmes(root), p.regions(root, rows), p.calendar(root), p.approvals(rows))
}

func (p *published) areas(root string) error {
	rows, err := seed(root, "ambiti", "ambito", "programma", "quota_scelte_pct")
	for _, r := range rows {
		if r["programma"] == call {
			pct, bad := strconv.ParseFloat(r["quota_scelte_pct"], 64)
			if bad != nil {
				return bad
			}
			p.shares = append(p.shares, share{r["ambito"], pct})
		}
	}
	return err
}

func (p *published) programmes(root string) error {
	rows, err := seed(root, "programmi", "programma", "dotazione_eur", "cup", "soggetto_attuatore")
	for _, r := range rows {
		if r["programma"] == call {
			p.cup = r["cup"]
		}
		p.bodies[r["programma"]] = r["soggetto_attuatore"]
		if r["dotazione_eur"] != "" {
			v, bad := strconv.ParseInt(strings.Replace(r["dotazione_eur"], ".", "", 1), 10, 64)
			if bad != nil {
				return bad
			}
			p.budget[r["programma"]] = v
		}
	}
	return err
}

func (p *published) regions(root string, figures []map[string]string) error {
	rows, err := seed(root, "totali_regionali", "codice_regione", "programma", "id_cifra")
	for _, r := range rows {
		for _, f := range figures {
			if r["programma"] == anci && f["id_cifra"] == r["id_cifra"] {
				v, bad := strconv.Atoi(f["valore"])
				if bad != nil {
					return bad
				}
				p.byRegion[r["codice_regione"]] = v
			}
		}
	}
	return err
}

// calendar reads, by their ids in cronologia.csv, the opening of the call, the ends of its windows, the acts on the applications, and the last
// day of Fast's own call.
func (p *published) calendar(root string) error {
	rows, err := seed(root, "cronologia", "id_fatto", "data")
	if err != nil {
		return err
	}
	dates := map[string]day{}
	for _, r := range rows {
		if dates[r["id_fatto"]], err = dayOf(r["data"]); err != nil {
			return err
		}
	}
	for _, id := range []string{"c002", "c005", "c006", "c008", "c011", "c014", "c019", "c013", "c015", "c016", "c021", "c032"} {
		if !dates[id].known() {
			return catalog.Problems{{File: "data/seeds/cronologia.csv", What: catalog.Textf(catalog.Text{It: "manca il fatto %s, che serve a simulare", En: "the fact %s, which the simulation needs, is missing"}, id)}}
		}
	}
	open := dates["c002"]
	for i, id := range []string{"c005", "c006", "c008", "c011", "c014", "c019"} {
		p.windows = append(p.windows, window{id: "SIM-F" + strconv.Itoa(i+1), open: open, shut: dates[id], node: &node{}})
		open = dates[id].plus(1)
	}
	p.windows = append(p.windows, window{id: "SIM-FAST-1", open: dates["c032"].plus(-45), shut: dates["c032"], node: &node{}})
	p.acts = map[int]day{0: actOnFirstWindow, 1: dates["c013"], 2: dates["c015"], 3: dates["c016"], 4: dates["c021"], 5: actOnLastWindow}
	return nil
}

// approvals lists the decrees on plans: those known, and between two stated totals as many invented ones as the difference wants.
func (p *published) approvals(rows []map[string]string) error {
	var totals, known []decree
	for _, r := range rows {
		if r["programma"] != call || r["indicatore"] != "piani_approvati_cumulati" && r["indicatore"] != "piani_approvati_nel_decreto" {
			continue
		}
		on, err := dayOf(r["data_riferimento"])
		n, bad := strconv.Atoi(r["valore"])
		if err := cmp.Or(err, bad); err != nil {
			return err
		}
		if r["indicatore"] == "piani_approvati_cumulati" {
			totals = append(totals, decree{on: on, plans: n})
		} else {
			known = append(known, decree{on: on, plans: n})
		}
	}
	byDay := func(a, b decree) int { return cmp.Compare(a.on, b.on) }
	slices.SortFunc(totals, byDay)
	slices.SortFunc(known, byDay)
	from, before := p.acts[3], 0
	for _, t := range totals {
		gap := t.plans - before
		for _, k := range known {
			if k.on > from && k.on <= t.on {
				gap -= k.plans
			}
		}
		if gap > 0 {
			third := int(t.on-from) / 3
			p.decrees = append(p.decrees, decree{from.plus(third), gap / 2, true}, decree{from.plus(2 * third), gap - gap/2, true})
		}
		from, before = t.on, t.plans
	}
	p.decrees = append(p.decrees, known...)
	slices.SortFunc(p.decrees, byDay)
	return nil
}

// approved is how many plans the decrees approve in all.
func (p *published) approved() (n int) {
	for _, d := range p.decrees {
		n += d.plans
	}
	return n
}
