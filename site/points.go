package site

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// puntiView is a map of comuni as points, one path for each class; the list of the page has the same comuni with their links.
type puntiView struct {
	ID              string
	Width, Height   int64
	Title, Desc     catalog.Text
	Classi          []puntiClasse
	SenzaCoordinate int64
}

// puntiClasse are the comuni that have come equally far: their seats as zero-long strokes, which a round cap turns into dots.
type puntiClasse struct {
	Fase   fase
	Comuni int64
	D      string
}

// fase is how far a comune has come in the programmes for administrative capacity, PA digitale aside.
type fase int64

// The order is that of the path; what is behind is drawn first.
const (
	faseOltre    fase = iota // more than 5,000 residents, and nothing known
	faseNessuna              // nothing known
	faseNominato             // a source names it among those taking part
	faseDomanda              // it applied
	faseAmmesso              // it was admitted
	fasePagato               // something was paid for it
)

// Chiave is the end of the texts' keys.
func (f fase) Chiave() string {
	return []string{"oltre", "nessuna", "nominato", "domanda", "ammesso", "pagato"}[f]
}

// fase is the furthest point that deliveries or, in a real build, public sources name.
func (w *luoghi) fase(c *comune, simulated bool) fase {
	f := faseNessuna
	if !c.Piccolo {
		f = faseOltre
	}
	reach := func(to fase) { f = max(f, to) }
	for _, p := range w.percorsi[c.Codice] {
		if p.Programma == padigitale {
			continue
		}
		switch {
		case positive(p.Pagato):
			reach(fasePagato)
		case p.Esito == "ammessa":
			reach(faseAmmesso)
		case p.Domande != "":
			reach(faseDomanda)
		}
	}
	if !simulated {
		switch stato(w.diComune[c.Codice]) {
		case "ammesso":
			reach(faseAmmesso)
		case "manifestazione":
			reach(faseDomanda)
		case "affiancato", "partecipa":
			reach(faseNominato)
		}
	}
	return f
}

// positive reports whether a decimal string is above zero.
func positive(s string) bool {
	return strings.ContainsAny(s, "123456789") && !strings.HasPrefix(s, "-")
}

// cosines are those of the degrees of latitude from 35 to 47, in thousandths: a degree of longitude is that much shorter.
var cosines = []int64{819, 809, 799, 788, 777, 766, 755, 743, 731, 719, 707, 695, 682}

// puntiSide is the longer side of a map of points, in its own units.
const puntiSide = 1000

// punti draws the comuni at their seats, in whole numbers all the way, so that every machine draws the same.
func (w *world) punti(id string, title, desc catalog.Text, comuni []*comune, simulated bool) (puntiView, error) {
	v := puntiView{ID: id, Title: title, Desc: desc}
	type point struct{ x, y int64 }
	at := map[fase][]point{}
	count := map[fase]int64{}
	var all []point
	phases := make([]fase, 0, len(comuni))
	for _, c := range comuni {
		f := w.fase(c, simulated)
		count[f]++
		if c.Latitudine == "" {
			v.SenzaCoordinate++
			continue
		}
		lat, err := micro(c.Latitudine)
		if err != nil {
			return v, err
		}
		lon, err := micro(c.Longitudine)
		if err != nil {
			return v, err
		}
		all = append(all, point{lon, lat})
		phases = append(phases, f)
	}
	if len(all) == 0 {
		return v, nil
	}
	first := all[0]
	west, east, south, north := first.x, first.x, first.y, first.y
	for _, p := range all {
		west, east, south, north = min(west, p.x), max(east, p.x), min(south, p.y), max(north, p.y)
	}
	cosine := cosines[min(max((south+north)/2_000_000-35, 0), int64(len(cosines)-1))]
	wide, high := (east-west)*cosine/1000, north-south
	unit := max(wide, high, 100_000) / puntiSide
	const margin = 20
	v.Width, v.Height = wide/unit+2*margin, high/unit+2*margin
	for i, p := range all {
		at[phases[i]] = append(at[phases[i]], point{(p.x-west)*cosine/1000/unit + margin, (north-p.y)/unit + margin})
	}
	for f := faseOltre; f <= fasePagato; f++ {
		if count[f] == 0 {
			continue
		}
		slices.SortFunc(at[f], func(a, b point) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x)) })
		var d []byte
		for _, p := range at[f] {
			d = append(d, 'M')
			d = strconv.AppendInt(d, p.x, 10)
			d = append(d, ' ')
			d = strconv.AppendInt(d, p.y, 10)
			d = append(d, "h0"...)
		}
		v.Classi = append(v.Classi, puntiClasse{f, count[f], string(d)})
	}
	return v, nil
}

// micro reads a decimal degree as millionths.
func micro(s string) (int64, error) {
	whole, frac, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole+(frac + "000000")[:6], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("site: not a degree: %q", s)
	}
	return n, nil
}
