package simulate

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Files beside the simulated deliveries.
const (
	mistakesFile = "errori.csv"
	notesFile    = "LEGGIMI.txt"
)

// mark begins the title row of every simulated file; the reader knows it.
const mark = "DATI SIMULATI"

func (o Options) title() string {
	return fmt.Sprintf("%s - non sono dati veri - seme %d, scala %d", mark, o.Seed, o.Scale)
}

// list writes every mistake made, as it is made: there can be millions.
type list struct {
	file *os.File
	out  *csv.Writer
	n    int64
}

func newList(folder, title string) (*list, error) {
	f, err := os.Create(filepath.Join(folder, mistakesFile))
	if err != nil {
		return nil, err
	}
	l := &list{file: f, out: csv.NewWriter(bufio.NewWriterSize(f, 1<<16))}
	l.out.Comma = ';'
	return l, errors.Join(l.out.Write([]string{title}), l.out.Write([]string{"tabella", "file", "riga", "foglio", "colonna", "motivo", "chiave", "descrizione"}))
}

func (l *list) add(r *record, line int64, key string, m mistake) error {
	l.n++
	sheet := ""
	if r.form.workbook {
		sheet = sheetName
	}
	return l.out.Write([]string{r.name, r.file, strconv.FormatInt(line, 10), sheet, m.column, m.reason, key, m.text})
}

func (l *list) close() error {
	l.out.Flush()
	return errors.Join(l.out.Error(), l.file.Close())
}

// writeLog writes the log of deliveries as the offices' post room would keep it.
func writeLog(folder string, files []Written) (err error) {
	if err := os.MkdirAll(filepath.Join(folder, "registro"), 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(folder, "registro", "consegne.csv"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
	if err := w.Write([]string{"tabella", "file", "sha256", "lotto", "tipo", "ricevuta_il", "mittente"}); err != nil {
		return err
	}
	for _, x := range files {
		name := filepath.Base(x.File)
		if err := w.Write([]string{x.Table, x.File, x.SHA256, strings.TrimSuffix(name, filepath.Ext(name)), "intera", received.iso(), "simulazione"}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// writeNotes says, to whoever finds the folder, that nothing in it is real, and what of it rests on what.
func (w *world) writeNotes(folder string, o Options, files []Written) error {
	p := w.known
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("%s", o.title())
	say("SIMULATED DATA - these are not real data - seed %d, scale %d", o.Seed, o.Scale)
	say("")
	say("ITALIANO")
	say("")
	say("Niente qui è vero: nessun comune ha presentato queste domande, nessun importo è stato chiesto, approvato o pagato. I file hanno la forma di quelli")
	say("che le amministrazioni consegnano, per provare il percorso dai file alle pagine. Ogni file comincia con una riga di titolo che lo dice e ogni codice")
	say("comincia con SIM-. Costruire con: piccoli build --inbox QUESTA-CARTELLA --out … --db …")
	say("")
	say("Seme %d, scala %d, errori %s per cento delle righe: %d righe sbagliate, una per una in %s.", o.Seed, o.Scale, percent(o.Errors), w.mistakes, mistakesFile)
	say("Gli stessi seme, scala ed errori danno gli stessi byte.")
	say("")
	say("Dalle cifre pubblicate (data/seeds/cifre_ufficiali.csv, ambiti.csv, totali_regionali.csv, cronologia.csv, programmi.csv):")
	say("- domande %d: singole %d, aggregate %d (le unioni sono contate fra queste); comuni diversi %d;", p.applications, p.single, p.joint, p.comuni)
	say("- al %s: ammesse %d con %d comuni, in istruttoria %d; alla fine ammesse %d (la fonte dice «oltre %d»);", p.countedOn.iso(), p.admitted, p.admittedComuni, p.pending, p.admittedInTheEnd, p.admittedInTheEnd-8)
	say("- quote degli ambiti scelti; finestre; giorni dei provvedimenti noti; Piani approvati %d, decreto per decreto;", p.approved())
	say("- l’ultimo decreto: %d singoli, %d aggregati, le categorie di regione; interventi %d, giornate %d;", p.lastSingle, p.lastJoint, p.actions, p.days)
	say("- comuni delle domande ammesse in %d regioni con un totale; comuni di Fast per ambito; dotazioni %s e %s euro, mai superate.", len(p.byRegion), euro(p.budget[anci]), euro(p.budget[fastP]))
	say("Dal registro vero dei comuni (data/seeds/comuni.csv, comuni_variazioni.csv): codici, nomi, residenti del 2011. Quali comuni partecipano è tirato a sorte.")
	say("")
	say("Inventato per la simulazione, senza fonte:")
	say("- i comuni, i giorni dentro le finestre, le domande per finestra, le respinte (%d su cento delle ammesse fino alla quarta finestra), le %d seconde domande;", 8, secondTriesFourth+secondTriesLast)
	say("- i provvedimenti del %s e del %s, la presa in carico del %s e del %s, i decreti che mancano per fare i totali (%s);", actOnFirstWindow.iso(), actOnLastWindow.iso(), takenUpFifth.iso(), takenUpLast.iso(), w.inventedDecrees())
	say("- gli importi: i Piani prendono il %d per cento della dotazione di P.I.C.C.O.L.I., le rendicontazioni di Fast l’%d della sua; massimali %s e %s euro;", plansTakePct, fastTakesPct, euro(ceilingSingle), euro(ceilingJoint))
	say("- i costi unitari (da %s a %s euro la giornata), i tassi, le somme forfettarie, le categorie di costo, le quote dell’Unione, gli assi;", euro(prices[0]), euro(prices[len(prices)-1]))
	say("- gli stati e i tempi della rendicontazione, fino al %s; il POC per gli output completati dopo il %s;", horizon.iso(), endOfPON.iso())
	say("- laboratori e loro aree, attività, fabbisogni, osservatorio; il CUP è quello dell’Avviso. Le domande di Fast e ITALIAE non sono simulate.")
	say("Con una scala maggiore di 1 ogni rendicontazione è divisa in tante parti quanti ne dice la scala: i totali restano gli stessi.")
	say("")
	say("ENGLISH")
	say("")
	say("Nothing here is real: no municipality made these applications, no amount was asked for, approved or paid. The files have the form of those that")
	say("administrations deliver, to try the path from files to pages. Every file begins with a title row that says so and every identifier begins with")
	say("SIM-. Build with: piccoli build --inbox THIS-FOLDER --out … --db …")
	say("")
	say("Seed %d, scale %d, mistakes in %s per cent of rows: %d wrong rows, one by one in %s. The same seed, scale and mistakes give the same bytes.", o.Seed, o.Scale, percent(o.Errors), w.mistakes, mistakesFile)
	say("")
	say("From published figures (data/seeds): %d applications, %d single and %d joint (unions among these), from %d municipalities; on %s %d admitted with %d", p.applications, p.single, p.joint, p.comuni, p.countedOn.iso(), p.admitted, p.admittedComuni)
	say("municipalities and %d under review; shares of areas of work, windows, days of known acts, %d approved plans decree by decree, %d interventions, %d days of", p.pending, p.approved(), p.actions, p.days)
	say("work, municipalities of three regions and of Fast, budgets, never exceeded. From the real registry: codes, names, residents of 2011; which municipalities")
	say("take part is drawn by lot. Everything else is invented: days, rejections, acts that no source gives, all amounts, unit costs, rates, states and times of")
	say("claims, labs, activities, needs, software. With a scale above 1 each claim is split into so many parts: totals stay the same.")
	say("")
	say("File")
	for _, x := range files {
		say("%s: %d righe/rows, %d sbagliate/wrong", x.File, x.Rows, x.Wrong)
	}
	return os.WriteFile(filepath.Join(folder, notesFile), []byte(b.String()), 0o644)
}

func (w *world) inventedDecrees() string {
	var out []string
	for _, d := range w.known.decrees {
		if d.invented {
			out = append(out, fmt.Sprintf("%s: %d", d.on.iso(), d.plans))
		}
	}
	return strings.Join(out, ", ")
}

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', -1, 64) }

func euro(cents int64) string { return string(appendMoney(nil, cents, true)) }
