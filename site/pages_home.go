package site

import (
	"cmp"
	"context"
	"slices"

	"piccoli/pipelines/catalog"
)

// citazione is one source that publishes a figure, when, and the row of the dataset that says so.
type citazione struct {
	Data, Precisione string
	DallaFonte       fonteRef
	Dataset, Ancora  string
}

// valoreView is one figure with all the sources that give it: four that print 1,111 are one line, not four.
type valoreView struct {
	Valore, Unita, UnitaEn, Qualificatore string
	Parte                                 int64 // thousandths of the largest figure of the same unit: the length of its bar
	Citazioni                             []citazione
}

// faseView is one step of the funnel with the figures published about it.
type faseView struct {
	Fase   string
	Testo  catalog.Text
	Valori []valoreView
	Note   []catalog.Text
}

// importoView is one amount of money with what it covers and who publishes it.
type importoView struct {
	Importo   string
	Perimetro catalog.Text
	Citazioni []citazione
}

// regioneRiga is one region as shown in lists: distinct comuni, whatever the number of programmes.
type regioneRiga struct {
	regione
	ConEvidenza, Ammessi, Affiancati int64 // of any size
	PiccoliConEvidenza               int64
}

type homeView struct {
	Comuni, ConEvidenza, Fonti int64
	NumeroConfronti            int64
	Soldi                      []tessera
	Passi                      []passoHome
	Consegnate                 bool // some microdata came
	Mappa                      mapView
	Regioni                    []regioneRiga
	Programmi                  []programma
	Confronti                  []confronto
	Versione                   *versioneHome
	Ultimi                     []fattoView
	Regole, Superate           int64
	Quarantena, Lette          int64
	Archivi, Mancano           int64
	Recente                    string // the newest day of which public sources tell
	Consegnato                 string // the newest day of which delivered rows tell, or empty
}

// tessera is one amount of the call's money: what is published, or what the delivered rows count, never both in one.
type tessera struct {
	Nome       string // key: disponibili, approvati, pagati, restano
	Importo    string // empty: not delivered
	Quota      string
	Prova      prova
	Fonte      fonteRef
	AllaData   string
	Consegnato bool
}

// passoHome is one step of the path: the figures published and, beside them, what the delivered rows count now.
type passoHome struct {
	Testo   catalog.Text
	Valori  []valoreView
	Contato *conteggio
}

type versioneHome struct {
	Numero, Data string
	Dalla        string // the version before, or empty
	Righe        int64  // rows added, changed or gone since then
	Path         string
}

// passiHome are the steps told on the first page, and the column of marts.imbuto that counts the same.
var passiHome = []struct{ fase, colonna string }{
	{"domande_presentate", "domande"}, {"comuni_candidati", "comuni"}, {"domande_ammesse", "domande_ammesse"}, {"piano_trasmesso", "piani_presentati"}, {"piani_approvati_totale", "piani_approvati"},
}

func (b *builder) homePage(ctx context.Context, yield func(page) error) error {
	w := b.w
	v := homeView{Fonti: int64(len(w.fonti)), NumeroConfronti: int64(len(w.confronti)), Programmi: w.programmi}
	for _, c := range w.comuni {
		if c.Piccolo {
			v.Comuni++
		}
		if c.NumeroEvidenze > 0 {
			v.ConEvidenza++
		}
	}
	var err error
	if v.Soldi, err = b.soldiDi(avviso); err != nil {
		return err
	}
	if v.Passi, err = b.passiHome(ctx); err != nil {
		return err
	}
	for _, p := range v.Passi {
		v.Consegnate = v.Consegnate || p.Contato != nil
	}
	v.Regioni = w.regioniRighe()
	if v.Mappa, err = b.evidenceMap("mappa"); err != nil {
		return err
	}
	for _, key := range []string{"dotazione_42_22_20", "comuni_umbri", "piani_approvati", "stato_domande_2021", "comuni_coinvolti"} {
		if c := w.confronto[key]; c != nil {
			v.Confronti = append(v.Confronti, *c)
		}
	}
	v.Versione = b.versioneHome()
	last := slices.Clone(w.fatti)
	slices.SortStableFunc(last, func(x, y fatto) int { return cmp.Or(cmp.Compare(y.Data, x.Data), cmp.Compare(x.ID, y.ID)) })
	if v.Ultimi, err = each(last[:min(3, len(last))], w.fattoView); err != nil {
		return err
	}
	for _, c := range w.controlli {
		v.Regole++
		if c.Esito == "superato" {
			v.Superate++
		}
	}
	for _, f := range w.freschi {
		v.Consegnato = max(v.Consegnato, f.Fatto)
	}
	for _, f := range w.fatti {
		if f.Precisione == "giorno" {
			v.Recente = max(v.Recente, f.Data)
		}
	}
	for _, a := range b.arrivi() {
		if a.File == 0 {
			v.Mancano++
			continue
		}
		v.Archivi++
		for _, r := range w.registro {
			if r.Tabella == a.Tabella {
				v.Lette, v.Quarantena = v.Lette+r.Lette, v.Quarantena+r.Quarantena
			}
		}
	}
	return yield(page{Kind: "home", Title: b.text("home.titolo"), Description: b.text("home.descrizione"), Data: v})
}

// soldiDi are the four amounts of a programme: the budget that sources state, and what the delivered rows say was approved, paid and is left.
func (b *builder) soldiDi(programma string) ([]tessera, error) {
	p := b.w.programma[programma]
	if p.Dotazione == "" {
		return nil, nil
	}
	f, err := b.w.fonteRef(p.Fonte)
	if err != nil {
		return nil, err
	}
	out := []tessera{{Nome: "disponibili", Importo: p.Dotazione, Prova: prova{"programmi", anchor("r", programma)}, Fonte: f}}
	approvati, pagati, restano := tessera{Nome: "approvati"}, tessera{Nome: "pagati"}, tessera{Nome: "restano"}
	for _, c := range b.out.capienza {
		if c.Programma != programma {
			continue
		}
		row := prova{"capienza", anchor("r", c.Programma, itoa(c.Ordine))}
		switch c.Misura {
		case "approvato":
			approvati = tessera{"approvati", c.Importo, c.Quota, row, fonteRef{}, c.AllaData, true}
			restano = tessera{"restano", c.Residuo, "", row, fonteRef{}, c.AllaData, true}
		case "pagato":
			pagati = tessera{"pagati", c.Importo, c.Quota, row, fonteRef{}, c.AllaData, true}
		}
	}
	return append(out, approvati, pagati, restano), nil
}

func (b *builder) passiHome(ctx context.Context) ([]passoHome, error) {
	here := named{b.text("briciole.home"), ""}
	counted, err := b.imbutoDi(ctx, avviso, "tutti", here)
	if err != nil {
		return nil, err
	}
	steps, err := b.w.imbutoView()
	if err != nil {
		return nil, err
	}
	var out []passoHome
	for _, p := range passiHome {
		step := passoHome{}
		for _, s := range steps {
			if s.Fase == p.fase {
				step.Testo, step.Valori = s.Testo, s.Valori
			}
		}
		if step.Valori == nil {
			continue
		}
		for i, c := range counted {
			if c.Colonna == p.colonna {
				step.Contato = &counted[i]
			}
		}
		out = append(out, step)
	}
	return out, nil
}

// versioneHome is the last frozen version and how many rows it changed; nothing where none was frozen.
func (b *builder) versioneHome() *versioneHome {
	if len(b.in.Editions) == 0 {
		return nil
	}
	e := b.in.Editions[len(b.in.Editions)-1]
	v := &versioneHome{Numero: e.Number, Data: e.Manifest.Date, Path: e.Path()}
	if e.Changes != nil {
		v.Dalla = e.Changes.From.Version
		for _, d := range e.Changes.Datasets {
			v.Righe += d.Added + d.Removed + d.Changed
		}
	}
	return v
}

// imbutoView groups the figures by step. A bar measures a figure against the largest of its own unit: figures of other
// units have no common scale.
func (w *world) imbutoView() ([]faseView, error) {
	top := map[string]int64{}
	for _, p := range w.imbuto {
		top[p.Unita] = max(top[p.Unita], wholePart(p.Valore))
	}
	var out []faseView
	fase := ""
	for _, p := range w.imbuto {
		f, err := w.fonteRef(p.Fonte)
		if err != nil {
			return nil, err
		}
		if p.Fase != fase {
			out = append(out, faseView{Fase: p.Fase, Testo: catalog.Text{It: p.FaseIt, En: p.FaseEn}})
			fase = p.Fase
		}
		last := &out[len(out)-1]
		if note := (catalog.Text{It: p.NotaIt, En: p.NotaEn}); note.It != "" && !slices.Contains(last.Note, note) {
			last.Note = append(last.Note, note)
		}
		i := slices.IndexFunc(last.Valori, func(v valoreView) bool {
			return v.Valore == p.Valore && v.Unita == p.Unita && v.Qualificatore == p.Qualificatore
		})
		if i < 0 {
			v := valoreView{Valore: p.Valore, Unita: p.Unita, UnitaEn: p.UnitaEn, Qualificatore: p.Qualificatore}
			if t := top[p.Unita]; t > 0 {
				v.Parte = wholePart(p.Valore) * 1000 / t
			}
			i = len(last.Valori)
			last.Valori = append(last.Valori, v)
		}
		v := &last.Valori[i]
		v.Citazioni = append(v.Citazioni, citazione{p.Data, p.Precisione, f, "imbuto_nazionale", anchor("r", itoa(p.Passo))})
	}
	return out, nil
}

// importi groups the amounts of money published about a programme by amount and by what they cover.
func (w *world) importi(programma string) ([]importoView, error) {
	var out []importoView
	for _, d := range w.dotazioni {
		if d.Programma != programma {
			continue
		}
		f, err := w.fonteRef(d.Fonte)
		if err != nil {
			return nil, err
		}
		what := catalog.Text{It: d.PerimetroIt, En: d.PerimetroEn}
		i := slices.IndexFunc(out, func(v importoView) bool { return v.Importo == d.Importo && v.Perimetro == what })
		if i < 0 {
			i = len(out)
			out = append(out, importoView{Importo: d.Importo, Perimetro: what})
		}
		out[i].Citazioni = append(out[i].Citazioni, citazione{d.Data, d.Precisione, f, "dotazioni", anchor("r", d.Cifra)})
	}
	slices.SortStableFunc(out, func(a, b importoView) int { return cmp.Compare(wholePart(b.Importo), wholePart(a.Importo)) })
	return out, nil
}

// regioniRighe counts distinct comuni: one in two programmes counts once.
func (w *luoghi) regioniRighe() []regioneRiga {
	rows := make([]regioneRiga, len(w.regioni))
	at := map[string]*regioneRiga{}
	for i, r := range w.regioni {
		rows[i].regione = r
		at[r.Codice] = &rows[i]
	}
	for _, c := range w.comuni {
		if c.NumeroEvidenze == 0 {
			continue
		}
		r := at[c.Regione]
		r.ConEvidenza++
		if c.Piccolo {
			r.PiccoliConEvidenza++
		}
		if c.AmmessoNominato {
			r.Ammessi++
		}
		if slices.ContainsFunc(w.diComune[c.Codice], func(e evidenza) bool { return e.Evento == "affiancamento_avviato" }) {
			r.Affiancati++
		}
	}
	return rows
}

func (b *builder) evidenceMap(id string) (mapView, error) {
	o, err := readOutline(b.in.Root)
	if err != nil {
		return mapView{}, err
	}
	values := map[string]string{}
	for _, r := range b.w.regioniRighe() {
		values[r.Codice] = itoa(r.ConEvidenza)
	}
	return b.w.mapView(o, id, b.text("mappa.titolo"), b.text("mappa.desc"), values)
}
