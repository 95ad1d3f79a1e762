package site

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// area is a territory on a map: its code, where its page is, its outline, or the id of one that the page draws once.
type area struct{ Codice, Nome, Path, D, Ref string }

// misura is one figure of small comuni that is summed by territory, with what it is divided by.
type misura struct {
	ID, Unita           string // unit of the sum: "" or EUR
	Titolo, Totale, Per catalog.Text
	Dataset             string
	// query gives codice_istat and a value that may be summed, of small comuni
	query string
	// denominatore is piccoli (comuni) or residenti (in them); per is what the ratio is multiplied with, decimali its decimal places
	denominatore string
	per          int64
	decimali     int
}

// misure are what the maps show. Each is a sum over comuni, so that regions and provinces are sums of the same rows.
func (b *builder) misure() []misura {
	per := func(id, unit, dataset, query, den string, per int64, digits int) misura {
		return misura{ID: id, Unita: unit, Titolo: b.text("mappe." + id), Totale: b.text("mappe." + id + ".totale"), Per: b.text("mappe." + id + ".per"),
			Dataset: dataset, query: query, denominatore: den, per: per, decimali: digits}
	}
	return []misura{
		per("evidenze", "", "comuni", "select codice_istat, '1' from marts.comuni where piccolo_comune and evidenze > 0 order by codice_istat", "piccoli", 100, 1),
		per("pagato", "EUR", "spesa_per_comune", `select spesa.codice_istat, cast(sum(spesa.importo_pagato_eur) as varchar) from marts.spesa_per_comune as spesa
			join marts.comuni on comuni.codice_istat = spesa.codice_istat where comuni.piccolo_comune group by spesa.codice_istat order by spesa.codice_istat`, "residenti", 1, 2),
		per("padigitale", "EUR", "padigitale_per_comune", `select pad.codice_istat, cast(sum(pad.importo_erogato_eur) as varchar) from marts.padigitale_per_comune as pad
			join marts.comuni on comuni.codice_istat = pad.codice_istat where comuni.piccolo_comune group by pad.codice_istat order by pad.codice_istat`, "residenti", 1, 2),
	}
}

// coppia is one measure on two maps and in a table: the sums, and the sums in proportion.
type coppia struct {
	Totale, Rapporto mapView
	Righe            []coppiaRiga
}

type coppiaRiga struct{ Nome, Path, Totale, Rapporto string }

type mappeMisura struct {
	misura
	Regioni  coppia
	Province *coppia
	Assente  bool // no row of the dataset yet
}

type mappeView struct {
	Misure   []mappeMisura
	Contorni []area // of all maps of the page, each drawn once
	// Confini: the outlines of the provinces were fetched; Diversi: they are not those of 2020.
	Confini, Diversi bool
}

// provinceCode is the province of a comune of 2020: the first three digits of its ISTAT code.
func provinceCode(comune string) string { return comune[:3] }

// mappePage shows every measure on maps of regions and, where their outlines were fetched, of provinces.
func (b *builder) mappePage(ctx context.Context, yield func(page) error) error {
	o, err := readOutline(b.in.Root)
	if err != nil {
		return err
	}
	regions, err := b.w.regionAreas(o)
	if err != nil {
		return err
	}
	v := mappeView{}
	fetched, err := readBoundaries(b.in.Root)
	if err != nil {
		return err
	}
	var provinces []area
	if fetched != nil {
		provinces = b.w.provinceAreas(fetched)
		v.Confini, v.Diversi = true, provinces == nil
	}
	v.Contorni = slices.Concat(outlined(regions), outlined(provinces))
	den := map[string]map[string]int64{"piccoli": {}, "residenti": {}} // by region (two digits) and province (three)
	for _, c := range b.w.comuni {
		if c.Piccolo {
			for _, code := range []string{c.Regione, provinceCode(c.Codice)} {
				den["piccoli"][code]++
				den["residenti"][code] += c.Popolazione
			}
		}
	}
	for _, m := range b.misure() {
		rows, err := queryText(ctx, b.in.DB, m.query)
		if err != nil {
			return err
		}
		sums := map[string]*big.Rat{}
		for _, r := range rows {
			c := b.w.comune[r[0].String]
			n, ok := new(big.Rat).SetString(r[1].String)
			if c == nil || !ok {
				return fmt.Errorf("site: %s: %q of comune %q", m.Dataset, r[1].String, r[0].String)
			}
			for _, code := range []string{c.Regione, provinceCode(c.Codice)} {
				if sums[code] == nil {
					sums[code] = new(big.Rat)
				}
				sums[code].Add(sums[code], n)
			}
		}
		mm := mappeMisura{misura: m, Assente: len(rows) == 0}
		if !mm.Assente {
			if mm.Regioni, err = b.coppia(m, "r", o.ViewBox, regions, sums, den[m.denominatore]); err != nil {
				return err
			}
			if provinces != nil {
				p, err := b.coppia(m, "p", fetched.ViewBox, provinces, sums, den[m.denominatore])
				if err != nil {
					return err
				}
				mm.Province = &p
			}
		}
		v.Misure = append(v.Misure, mm)
	}
	return yield(page{Kind: "mappe", Path: "mappe/", Section: "regioni", Title: b.text("mappe.titolo"), Description: b.text("mappe.descrizione"),
		Crumbs: []crumb{{b.text("briciole.home"), ""}, {b.text("regioni.titolo"), "regioni/"}}, Data: v})
}

// outlined gives areas a name for their outline, and the outlines by that name.
func outlined(areas []area) []area {
	drawn := slices.Clone(areas)
	for i := range areas {
		areas[i].Ref, areas[i].D = anchor("o", areas[i].Codice), ""
		drawn[i].Ref = areas[i].Ref
	}
	return drawn
}

// coppia draws the sums of the areas and their ratios; an area without a row has the sum 0.
func (b *builder) coppia(m misura, kind, viewBox string, areas []area, sums map[string]*big.Rat, den map[string]int64) (c coppia, err error) {
	totals, ratios := map[string]string{}, map[string]string{}
	for _, a := range areas {
		sum := sums[a.Codice]
		if sum == nil {
			sum = new(big.Rat)
		}
		digits := 0
		if m.Unita == "EUR" {
			digits = 2
		}
		totals[a.Codice] = sum.FloatString(digits)
		if d := den[a.Codice]; d > 0 {
			ratios[a.Codice] = new(big.Rat).Mul(sum, big.NewRat(m.per, d)).FloatString(m.decimali)
		}
		c.Righe = append(c.Righe, coppiaRiga{a.Nome, a.Path, totals[a.Codice], ratios[a.Codice]})
	}
	draw := func(what string, label catalog.Text, values map[string]string) (mapView, error) {
		id := kind + "-" + m.ID + "-" + what
		v, err := choropleth(id, viewBox, label, b.text("mappe.desc."+kind, label), areas, values)
		v.Unit, v.Provinces = m.Unita, kind == "p"
		return v, err
	}
	if c.Totale, err = draw("totale", m.Totale, totals); err != nil {
		return c, err
	}
	c.Rapporto, err = draw("rapporto", m.Per, ratios)
	return c, err
}

// provinceAreas are the provinces of 2020 with their outlines, in the order of their names; nil where the outlines are of other provinces.
func (w *world) provinceAreas(fetched *boundaries) (out []area) {
	seen := map[string]bool{}
	for _, c := range w.comuni {
		code := provinceCode(c.Codice)
		if seen[code] {
			continue
		}
		seen[code] = true
		if fetched.D[code] == "" {
			return nil
		}
		out = append(out, area{Codice: code, Nome: c.Provincia, Path: w.provinciaRef(&c).Path, D: fetched.D[code]})
	}
	if len(out) != len(fetched.D) {
		return nil
	}
	slices.SortFunc(out, func(x, y area) int {
		return cmp.Or(strings.Compare(fold(x.Nome), fold(y.Nome)), strings.Compare(x.Codice, y.Codice))
	})
	return out
}
