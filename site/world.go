// This file holds what the pages other than those of comuni need, on top of luoghi.go: facts, figures, money, checks, the ledger. It reads the
// marts and stops the build where they contradict each other; it makes no page.

package site

import (
	"context"
	"database/sql"
	"fmt"

	"piccoli/pipelines/catalog"
)

// world is what the marts say, read once and put in the order in which pages want it. It does not change afterwards.
type world struct {
	luoghi
	fatti     []fatto // newest last
	cifre     []cifra
	confronti []confronto
	ammessi   []ammessi
	imbuto    []passo
	dotazioni []dotazione
	controlli []controllo
	registro  []registro
	freschi   []freschezza

	confronto     map[string]*confronto
	ammessiIn     map[string][]ammessi    // by region
	province      map[string][]*provincia // by region
	datasetTitles map[string]catalog.Text
	misure        map[string][]misuraRegione // PA digitale, by region
	territori     map[string][]territorio    // by the code of a region (two digits) or province (three)
	simulati      bool                       // deliveries are simulated: what real sources name stands on no list beside them
}

func loadWorld(ctx context.Context, c *catalog.Catalog, db *sql.DB) (*world, error) {
	r := &reader{ctx: ctx, db: db}
	w := &world{luoghi: loadLuoghi(r)}
	w.fatti = readAll[fatto](r, "marts.cronologia", "data, id_fatto")
	w.cifre = readAll[cifra](r, "marts.cifre_ufficiali", "id_cifra")
	w.confronti = readAll[confronto](r, "marts.confronti", "confronto")
	w.ammessi = readAll[ammessi](r, "marts.ammessi_per_regione", "codice_regione, programma")
	w.imbuto = readAll[passo](r, "marts.imbuto_nazionale", "passo")
	w.dotazioni = readAll[dotazione](r, "marts.dotazioni", "id_cifra")
	w.controlli = readAll[controllo](r, "piccoli.controlli", "dataset, regola, severita")
	w.registro = readAll[registro](r, "piccoli.registro_righe", "tabella, file")
	w.freschi = readAll[freschezza](r, "piccoli.freschezza", "tabella")
	territori := readAll[territorio](r, "marts.comuni_per_territorio", "livello, codice_territorio, programma")
	misure := readAll[misuraRegione](r, "marts.padigitale_per_regione", "codice_regione, codice_misura")
	if r.err != nil {
		return nil, r.err
	}
	w.province = w.groupProvince()
	w.territori = group(territori, func(t territorio) string { return t.Codice })
	w.misure = group(misure, func(m misuraRegione) string { return m.Regione })
	w.confronto = index(w.confronti, func(c confronto) string { return c.Chiave })
	w.ammessiIn = group(w.ammessi, func(a ammessi) string { return a.Regione })
	w.datasetTitles = map[string]catalog.Text{}
	for _, q := range c.Marts() {
		w.datasetTitles[q.Name] = q.Title
	}
	return w, w.consistent()
}

// consistent stops the build where a page would need something that is not there.
func (w *world) consistent() error {
	for _, c := range w.comuni {
		if w.regione[c.Regione] == nil {
			return fmt.Errorf("site: marts.comuni: %s is in region %q, which marts.regioni does not hold", c.Codice, c.Regione)
		}
	}
	for _, e := range w.evidenze {
		if w.fonte[e.Fonte] == nil || w.programma[e.Programma] == nil || (e.Comune != "" && w.comune[e.Comune] == nil) {
			return fmt.Errorf("site: marts.evidenze: %s names a source, programme or comune that is not there", e.ID)
		}
	}
	return nil
}

func index[T any](rows []T, key func(T) string) map[string]*T {
	m := make(map[string]*T, len(rows))
	for i := range rows {
		m[key(rows[i])] = &rows[i]
	}
	return m
}

func group[T any](rows []T, key func(T) string) map[string][]T {
	m := map[string][]T{}
	for _, r := range rows {
		k := key(r)
		m[k] = append(m[k], r)
	}
	return m
}
