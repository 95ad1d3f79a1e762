package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// luogo is one populated place of GeoNames in Italy.
type luogo struct {
	nome     string
	nomi     []string // normalised: main, ASCII and alternate names
	lat, lon string
	sede     bool // GeoNames says it is the seat of an administrative division
}

// escluso is a comune whose seat cannot be matched surely, and why.
type escluso struct {
	comune *comune
	motivo string
}

// coordinate gives each comune the coordinates of its seat, and lists those left without. GeoNames carries the ISTAT code of
// the comune (admin3) on every place. A seat is sure in two cases only: it is the one seat of that code which bears the
// comune's name; or it is the code's only seat and its name is the beginning of the comune's, or the reverse (Pinasca is
// "Pinasca-Dubbione"). Anything else stays empty: GeoNames keeps seats of merged comuni, and marks some hamlets as seats.
func coordinate(comuni []*comune, path string) ([]escluso, error) {
	luoghi, err := leggiLuoghi(path)
	if err != nil {
		return nil, err
	}
	var out []escluso
	for _, c := range comuni {
		l, motivo := sede(c, luoghi[c.codice])
		if l == nil {
			out = append(out, escluso{c, motivo})
			continue
		}
		if !inItalia(l) {
			return nil, fmt.Errorf("%s: %s cade fuori dall'Italia: %s, %s", path, l.nome, l.lat, l.lon)
		}
		c.lat, c.lon = l.lat, l.lon
	}
	return out, nil
}

func sede(c *comune, luoghi []luogo) (*luogo, string) {
	nomi := []string{chiave(c.nome), chiave(c.nomeIntero)}
	if c.altraLingua != "" {
		nomi = append(nomi, chiave(c.altraLingua))
	}
	suo := func(l luogo) bool {
		return slices.ContainsFunc(l.nomi, func(n string) bool { return slices.Contains(nomi, n) })
	}
	var sedi, sue []luogo
	frazione := ""
	for _, l := range luoghi {
		switch {
		case l.sede && suo(l):
			sedi, sue = append(sedi, l), append(sue, l)
		case l.sede:
			sedi = append(sedi, l)
		case suo(l):
			frazione = l.nome
		}
	}
	switch {
	case len(sue) == 1:
		return &sue[0], ""
	case len(sue) > 1:
		return nil, "più sedi con il nome del comune: " + elenco(sue)
	case len(sedi) == 0:
		return nil, "nessuna sede con il suo codice"
	case len(sedi) > 1:
		return nil, "più sedi con il suo codice, nessuna con il suo nome: " + elenco(sedi)
	case frazione != "":
		return nil, fmt.Sprintf("la sede indicata è %s, ma %s esiste e non è indicata come sede", sedi[0].nome, frazione)
	case !inizio(chiave(c.nome), chiave(sedi[0].nome)):
		return nil, "la sola sede con il suo codice ha un altro nome: " + sedi[0].nome
	}
	return &sedi[0], ""
}

func elenco(l []luogo) string {
	var nomi []string
	for _, x := range l {
		nomi = append(nomi, x.nome)
	}
	slices.Sort(nomi)
	return strings.Join(nomi, ", ")
}

// inizio reports whether one of two names begins with all the words of the other.
func inizio(a, b string) bool {
	return strings.HasPrefix(a+" ", b+" ") || strings.HasPrefix(b+" ", a+" ")
}

// particelle are words that sources add, drop or elide freely in a comune's name.
var particelle = []string{"a", "al", "con", "d", "da", "dei", "del", "dell", "della", "di", "e", "ed", "in", "l"}

// chiave makes names comparable: lower case, no accents or punctuation, no particles.
func chiave(s string) string {
	var words []string
	for _, w := range strings.FieldsFunc(norm.NFD.String(strings.ToLower(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r)
	}) {
		w = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, w)
		if !slices.Contains(particelle, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// Fields of a GeoNames row.
const (
	gnNome, gnASCII, gnAltri, gnLat, gnLon, gnTipo, gnPaese, gnAdmin3, gnCampi = 1, 2, 3, 4, 5, 7, 8, 12, 19
)

// sediGeoNames are the feature codes of seats: of the country, a region, a province, a comune.
var sediGeoNames = []string{"PPLC", "PPLA", "PPLA2", "PPLA3"}

func leggiLuoghi(path string) (map[string][]luogo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string][]luogo{}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for n := 1; s.Scan(); n++ {
		g := strings.Split(s.Text(), "\t")
		if len(g) != gnCampi {
			return nil, fmt.Errorf("%s:%d: %d campi invece di %d", path, n, len(g), gnCampi)
		}
		if g[gnPaese] != "IT" {
			continue
		}
		l := luogo{nome: g[gnNome], lat: g[gnLat], lon: g[gnLon], sede: slices.Contains(sediGeoNames, g[gnTipo])}
		for _, n := range append([]string{g[gnNome], g[gnASCII]}, strings.Split(g[gnAltri], ",")...) {
			if k := chiave(n); k != "" {
				l.nomi = append(l.nomi, k)
			}
		}
		out[g[gnAdmin3]] = append(out[g[gnAdmin3]], l)
	}
	return out, s.Err()
}

// inItalia is a coarse guard against swapped or broken coordinates: Italy's bounding box.
func inItalia(l *luogo) bool {
	lat, err1 := strconv.ParseFloat(l.lat, 64)
	lon, err2 := strconv.ParseFloat(l.lon, 64)
	return err1 == nil && err2 == nil && lat > 35 && lat < 47.2 && lon > 6.5 && lon < 18.6
}
