package simulate

import (
	"cmp"
	"math"
	"slices"
)

// pool holds the small comuni that no application has yet.
type pool struct {
	byRegion map[string][]*comune
	regions  []string // sorted
}

// free gives all small comuni that neither end nor merge until a day.
func (w *world) free(d *dice, until day) *pool {
	p := &pool{byRegion: map[string][]*comune{}}
	for _, c := range w.registry.comuni {
		if c.small && !(c.gone && c.change <= until) {
			p.byRegion[c.region] = append(p.byRegion[c.region], c)
		}
	}
	for r := range p.byRegion {
		p.regions = append(p.regions, r)
	}
	slices.Sort(p.regions)
	for _, r := range p.regions {
		shuffle(d, p.byRegion[r])
	}
	return p
}

// quotas parts total comuni by region: as published where it is, by the number of small comuni elsewhere.
func (p *pool) quotas(to map[string]int, total int, fixed map[string]int) {
	left, weight := total, 0
	for _, r := range p.regions {
		if n, ok := fixed[r]; ok {
			to[r] = n
			left -= n
		} else {
			weight += len(p.byRegion[r])
		}
	}
	type rest struct {
		region string
		part   float64
	}
	var rests []rest
	given := 0
	for _, r := range p.regions {
		if _, ok := fixed[r]; ok {
			continue
		}
		share := float64(left) * float64(len(p.byRegion[r])) / float64(weight)
		to[r] = int(share)
		given += to[r]
		rests = append(rests, rest{r, share - math.Floor(share)})
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.part, a.part) })
	for i := 0; given < left; i, given = i+1, given+1 {
		to[rests[i%len(rests)].region]++
	}
}

// region picks one that has room for n comuni, by how many it wants, or by how many are free where wanted is nil; "" where none has.
func (p *pool) region(d *dice, n int, wanted map[string]int) string {
	room := func(r string) int {
		if wanted == nil {
			return len(p.byRegion[r])
		}
		return min(wanted[r], len(p.byRegion[r]))
	}
	total := 0
	for _, r := range p.regions {
		if room(r) >= n {
			total += room(r)
		}
	}
	if total == 0 {
		return ""
	}
	at := d.IntN(total)
	for _, r := range p.regions {
		if room(r) < n {
			continue
		}
		if at -= room(r); at < 0 {
			return r
		}
	}
	return ""
}

// one takes a free comune; nil where there is none.
func (p *pool) one(d *dice, wanted map[string]int) *comune {
	r := p.region(d, 1, wanted)
	if r == "" {
		return nil
	}
	list := p.byRegion[r]
	c := list[len(list)-1]
	p.byRegion[r] = list[:len(list)-1]
	if wanted != nil {
		wanted[r]--
	}
	return c
}

// neighbours fills a joint application with a free comune and those nearest to it in its region, the larger ones of no use here left alone.
func (p *pool) neighbours(d *dice, to []*comune, wanted map[string]int) {
	r := p.region(d, len(to), wanted)
	if r == "" {
		return
	}
	lead := p.byRegion[r][d.IntN(len(p.byRegion[r]))]
	near := slices.Clone(p.byRegion[r])
	slices.SortStableFunc(near, func(a, b *comune) int { return cmp.Compare(lead.distance(a), lead.distance(b)) })
	copy(to, near[:len(to)])
	p.byRegion[r] = slices.DeleteFunc(p.byRegion[r], func(c *comune) bool { return slices.Contains(to, c) })
	if wanted != nil {
		wanted[r] -= len(to)
	}
}

// distance orders comuni by how far they are from c: itself, those of known place by degrees, then those of its province, then the others.
func (c *comune) distance(o *comune) float64 {
	switch {
	case c == o:
		return -1
	case c.lat != 0 && o.lat != 0:
		return math.Hypot(c.lat-o.lat, (c.lon-o.lon)*math.Cos(c.lat*math.Pi/180))
	case c.province == o.province:
		return 100
	}
	return 200
}

// join picks the comuni of Fast, ambito by ambito, as many as published. A comune can be in more than one.
func (w *world) join(d *dice) {
	for _, area := range fastAreas {
		var small []*comune
		for _, c := range w.registry.comuni {
			if c.small && !(c.gone && c.change <= horizon) {
				small = append(small, c)
			}
		}
		shuffle(d, small)
		w.fast[area] = small[:w.known.fast[area]]
	}
}

// fastAreas are Fast's ambiti, in the order of their letters.
var fastAreas = []string{"transizione-digitale", "transizione-amministrativa", "tecnologie-per-gli-atti"}
