// This file holds what pages of comuni share: places, programmes, ambiti, sources, and what is told of each comune, read from the marts, each
// table once. What only other pages need is in world.go; the making of the pages of comuni is in schede.go.

package site

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
)

// luoghi are the places, and what public sources and deliveries say of each: all that pages of comuni share. What is not in it can't be on one of them,
// so that these pages need not be made anew where only something else changed: see schede.
type luoghi struct {
	regioni   []regione
	comuni    []comune // all 7,904
	programmi []programma
	ambiti    []ambito
	fonti     []fonte
	evidenze  []evidenza

	pagine []int    // indexes of the comuni that have a page, in the order of their folded names
	lette  []string // the tables that all this comes from

	regione   map[string]*regione
	comune    map[string]*comune
	programma map[string]*programma
	ambito    map[string]*ambito
	fonte     map[string]*fonte
	diComune  map[string][]evidenza
	ambitiDi  map[string][]evidenzaAmbito // by evidence
	temi      map[string][]tema           // by comune
	percorsi  map[string][]percorso       // by comune
	mediane   map[[3]string]mediana       // by phase, programme and region
	conPagina map[string]bool             // codes of the comuni that have a page
}

// reader reads whole tables, up to the first error.
type reader struct {
	ctx   context.Context
	db    *sql.DB
	lette []string
	err   error
}

// readAll reads a table in the order given, as load does.
func readAll[T any](r *reader, table, order string) (rows []T) {
	if r.err != nil {
		return nil
	}
	r.lette = append(r.lette, table)
	rows, r.err = load[T](r.ctx, r.db, table, order)
	return rows
}

func loadLuoghi(r *reader) (w luoghi) {
	w.regioni = readAll[regione](r, "marts.regioni", "codice_regione")
	w.comuni = readAll[comune](r, "marts.comuni", "codice_istat")
	w.programmi = readAll[programma](r, "marts.programmi", "ordine, programma")
	w.ambiti = readAll[ambito](r, "marts.ambiti", "programma, ordine, ambito")
	w.fonti = readAll[fonte](r, "marts.fonti", "id_fonte")
	w.evidenze = readAll[evidenza](r, "marts.evidenze", "id_evidenza")
	ambitiEv := readAll[evidenzaAmbito](r, "marts.evidenze_ambiti", "id_evidenza, ambito")
	temi := readAll[tema](r, "marts.piani_temi", "codice_istat, ordine")
	percorsi := readAll[percorso](r, "marts.percorso_comuni", "codice_istat, programma")
	mediane := readAll[mediana](r, "marts.tempi_per_fase", "programma, codice_regione, fase")
	w.lette = r.lette

	w.regione = index(w.regioni, func(r regione) string { return r.Codice })
	w.comune = index(w.comuni, func(c comune) string { return c.Codice })
	w.programma = index(w.programmi, func(p programma) string { return p.Chiave })
	w.ambito = index(w.ambiti, func(a ambito) string { return a.Chiave })
	w.fonte = index(w.fonti, func(f fonte) string { return f.ID })
	w.ambitiDi = group(ambitiEv, func(e evidenzaAmbito) string { return e.Evidenza })
	w.temi = group(temi, func(t tema) string { return t.Comune })
	w.diComune = group(w.evidenze, func(e evidenza) string { return e.Comune })
	delete(w.diComune, "")
	w.percorsi = group(percorsi, func(p percorso) string { return p.Comune })
	w.mediane = map[[3]string]mediana{}
	for _, m := range mediane {
		w.mediane[[3]string{m.Fase, m.Programma, m.Regione}] = m
	}
	w.conPagina = map[string]bool{}
	folded := make([]string, len(w.comuni))
	for i, c := range w.comuni {
		folded[i] = fold(c.Nome)
		if c.Piccolo || c.NumeroEvidenze > 0 || w.partecipa(c.Codice) {
			w.pagine = append(w.pagine, i)
			w.conPagina[c.Codice] = true
		}
	}
	slices.SortFunc(w.pagine, func(i, j int) int {
		return cmp.Or(strings.Compare(folded[i], folded[j]), strings.Compare(w.comuni[i].Codice, w.comuni[j].Codice))
	})
	return w
}

// partecipa reports whether deliveries name the comune in a programme for small comuni. PA digitale is for all comuni: being in it does
// not give a larger one a page here.
func (w *luoghi) partecipa(code string) bool {
	return slices.ContainsFunc(w.percorsi[code], func(p percorso) bool { return p.Programma != padigitale })
}
