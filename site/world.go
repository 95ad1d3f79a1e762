package site

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// world is what the marts say, read once and put in the order in which pages want it. It does not change afterwards.
type world struct {
	regioni   []regione
	comuni    []comune // all 7,904
	programmi []programma
	ambiti    []ambito
	fonti     []fonte
	fatti     []fatto // newest last
	cifre     []cifra
	confronti []confronto
	evidenze  []evidenza
	ammessi   []ammessi
	imbuto    []passo
	dotazioni []dotazione
	controlli []controllo
	registro  []registro
	freschi   []freschezza

	pagine []int // indexes of the comuni that have a page, in the order of their folded names

	regione       map[string]*regione
	comune        map[string]*comune
	programma     map[string]*programma
	ambito        map[string]*ambito
	fonte         map[string]*fonte
	confronto     map[string]*confronto
	diComune      map[string][]evidenza
	ambitiDi      map[string][]evidenzaAmbito // by evidence
	temi          map[string][]tema           // by comune
	ammessiIn     map[string][]ammessi        // by region
	datasetTitles map[string]catalog.Text
	misure        map[string][]misuraRegione // PA digitale, by region
	percorsi      map[string][]percorso      // by comune
	territori     map[string][]territorio    // by the code of a region (two digits) or province (three)
	mediane       map[[3]string]mediana      // by phase, programme and region
	conPagina     map[string]bool            // codes of the comuni that have a page
	simulati      bool                       // deliveries are simulated: what real sources name stands on no list beside them
}

func loadWorld(ctx context.Context, in Input) (*world, error) {
	w := &world{simulati: in.Simulated}
	var ambitiEv []evidenzaAmbito
	var temi []tema
	var err error
	read := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	read(func() (e error) { w.regioni, e = load[regione](ctx, in.DB, "marts.regioni", "codice_regione"); return })
	read(func() (e error) { w.comuni, e = load[comune](ctx, in.DB, "marts.comuni", "codice_istat"); return })
	read(func() (e error) {
		w.programmi, e = load[programma](ctx, in.DB, "marts.programmi", "ordine, programma")
		return
	})
	read(func() (e error) {
		w.ambiti, e = load[ambito](ctx, in.DB, "marts.ambiti", "programma, ordine, ambito")
		return
	})
	read(func() (e error) { w.fonti, e = load[fonte](ctx, in.DB, "marts.fonti", "id_fonte"); return })
	read(func() (e error) { w.fatti, e = load[fatto](ctx, in.DB, "marts.cronologia", "data, id_fatto"); return })
	read(func() (e error) { w.cifre, e = load[cifra](ctx, in.DB, "marts.cifre_ufficiali", "id_cifra"); return })
	read(func() (e error) { w.confronti, e = load[confronto](ctx, in.DB, "marts.confronti", "confronto"); return })
	read(func() (e error) { w.evidenze, e = load[evidenza](ctx, in.DB, "marts.evidenze", "id_evidenza"); return })
	read(func() (e error) {
		ambitiEv, e = load[evidenzaAmbito](ctx, in.DB, "marts.evidenze_ambiti", "id_evidenza, ambito")
		return
	})
	read(func() (e error) { temi, e = load[tema](ctx, in.DB, "marts.piani_temi", "codice_istat, ordine"); return })
	read(func() (e error) {
		w.ammessi, e = load[ammessi](ctx, in.DB, "marts.ammessi_per_regione", "codice_regione, programma")
		return
	})
	read(func() (e error) { w.imbuto, e = load[passo](ctx, in.DB, "marts.imbuto_nazionale", "passo"); return })
	read(func() (e error) { w.dotazioni, e = load[dotazione](ctx, in.DB, "marts.dotazioni", "id_cifra"); return })
	read(func() (e error) {
		w.controlli, e = load[controllo](ctx, in.DB, "piccoli.controlli", "dataset, regola, severita")
		return
	})
	read(func() (e error) {
		w.registro, e = load[registro](ctx, in.DB, "piccoli.registro_righe", "tabella, file")
		return
	})
	var misure []misuraRegione
	var percorsi []percorso
	var territori []territorio
	var mediane []mediana
	read(func() (e error) {
		w.freschi, e = load[freschezza](ctx, in.DB, "piccoli.freschezza", "tabella")
		return
	})
	read(func() (e error) {
		percorsi, e = load[percorso](ctx, in.DB, "marts.percorso_comuni", "codice_istat, programma")
		return
	})
	read(func() (e error) {
		territori, e = load[territorio](ctx, in.DB, "marts.comuni_per_territorio", "livello, codice_territorio, programma")
		return
	})
	read(func() (e error) {
		mediane, e = load[mediana](ctx, in.DB, "marts.tempi_per_fase", "programma, codice_regione, fase")
		return
	})
	read(func() (e error) {
		misure, e = load[misuraRegione](ctx, in.DB, "marts.padigitale_per_regione", "codice_regione, codice_misura")
		return
	})
	if err != nil {
		return nil, err
	}
	w.percorsi = group(percorsi, func(p percorso) string { return p.Comune })
	w.territori = group(territori, func(t territorio) string { return t.Codice })
	w.mediane = map[[3]string]mediana{}
	for _, m := range mediane {
		w.mediane[[3]string{m.Fase, m.Programma, m.Regione}] = m
	}
	w.misure = group(misure, func(m misuraRegione) string { return m.Regione })

	w.regione = index(w.regioni, func(r regione) string { return r.Codice })
	w.comune = index(w.comuni, func(c comune) string { return c.Codice })
	w.programma = index(w.programmi, func(p programma) string { return p.Chiave })
	w.ambito = index(w.ambiti, func(a ambito) string { return a.Chiave })
	w.fonte = index(w.fonti, func(f fonte) string { return f.ID })
	w.confronto = index(w.confronti, func(c confronto) string { return c.Chiave })
	w.ambitiDi = group(ambitiEv, func(e evidenzaAmbito) string { return e.Evidenza })
	w.temi = group(temi, func(t tema) string { return t.Comune })
	w.ammessiIn = group(w.ammessi, func(a ammessi) string { return a.Regione })
	w.diComune = group(w.evidenze, func(e evidenza) string { return e.Comune })
	delete(w.diComune, "")
	w.datasetTitles = map[string]catalog.Text{}
	for _, q := range in.Catalog.Marts() {
		w.datasetTitles[q.Name] = q.Title
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
	return w, w.consistent()
}

// partecipa reports whether deliveries name the comune in a programme for small comuni. PA digitale is for all comuni: being in it does
// not give a larger one a page here.
func (w *world) partecipa(code string) bool {
	return slices.ContainsFunc(w.percorsi[code], func(p percorso) bool { return p.Programma != padigitale })
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
