// Package simulate makes the files that the ministry would deliver: seeded and deterministic, on the real registry of comuni, calibrated to the
// published totals, with a chosen share of the mistakes that people make and a list of every one. Nothing in them is real, and each file says so.
package simulate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"piccoli/pipelines/catalog"
)

// Options say what is simulated.
type Options struct {
	Catalog *catalog.Catalog // contracts; its Root holds the seeds
	Seed    uint64
	Scale   int64   // parts of each claim, 1 or more
	Errors  float64 // share of the rows of each table with a mistake, 0 to 0.5
	Out     string  // folder to make: it is not there, or empty
}

// Written is one delivered file.
type Written struct {
	Table, File string // File from the folder, with slashes
	Rows, Wrong int64
	SHA256      string
}

// Write makes the folder, whole or not at all. What the options or the project get wrong is catalog.Problems.
func Write(ctx context.Context, o Options) (files []Written, err error) {
	if err := o.refuse(); err != nil {
		return nil, err
	}
	registry, err := readRegistry(o.Catalog.Root)
	if err != nil {
		return nil, err
	}
	known, err := readPublished(o.Catalog.Root)
	if err != nil {
		return nil, err
	}
	w, err := newWorld(o.Seed, registry, known)
	if err != nil {
		return nil, err
	}
	if limit := w.maxScale(o.Catalog); o.Scale > limit {
		return nil, catalog.Problems{{What: catalog.Textf(catalog.Text{It: "--scale %d: non più di %d", En: "--scale %d: no more than %d"}, o.Scale, limit),
			Hint: catalog.Textf(catalog.Text{It: "le rendicontazioni sono %d e il loro contratto ne ammette un numero; nessuna parte vale meno di un centesimo", En: "there are %d claims and their contract admits a number of them; no part is worth less than a cent"}, len(w.claims))}}
	}
	folder := o.Out + ".nuovo"
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	if files, err = w.write(ctx, o, folder); err != nil {
		return nil, err
	}
	if err := errors.Join(writeLog(folder, files), w.writeNotes(folder, o, files)); err != nil {
		return nil, err
	}
	if err := os.Remove(o.Out); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return files, os.Rename(folder, o.Out)
}

// refuse says what is wrong with the options.
func (o Options) refuse() error {
	var out catalog.Problems
	if o.Scale < 1 {
		out = append(out, catalog.Problem{What: catalog.Textf(catalog.Text{It: "--scale %d: è un numero intero da 1 in su", En: "--scale %d: it is a whole number from 1 up"}, o.Scale)})
	}
	if !(o.Errors >= 0 && o.Errors <= 0.5) {
		out = append(out, catalog.Problem{What: catalog.Textf(catalog.Text{It: "--errors %v: è una quota da 0 a 0.5", En: "--errors %v: it is a share from 0 to 0.5"}, o.Errors)})
	}
	entries, err := os.ReadDir(o.Out)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return err
	case len(entries) > 0:
		hint := catalog.Text{It: "dare una cartella nuova o vuota", En: "give a new or an empty folder"}
		if _, err := os.Stat(filepath.Join(o.Out, notesFile)); err == nil {
			hint = catalog.Text{It: "ci sono già dati simulati: toglierla, o darne un’altra", En: "it already holds simulated data: remove it, or give another one"}
		}
		out = append(out, catalog.Problem{What: catalog.Textf(catalog.Text{It: "--out %s: la cartella non è vuota", En: "--out %s: the folder is not empty"}, o.Out), Hint: hint})
	}
	return out.Err()
}

// maxScale is into how many parts claims can be split: each is a cent at least, and a file has no more rows than its contract admits.
func (w *world) maxScale(c *catalog.Catalog) int64 {
	out := c.Find(catalog.Staging, "rendicontazioni").Source.Rows.Max / int64(len(w.claims)) * 95 / 100 // rows that someone repeats are rows too
	for _, x := range w.claims {
		for _, cents := range []int64{x.cents, x.certified, x.paid} {
			if cents > 0 {
				out = min(out, cents/leastPart)
			}
		}
	}
	return out
}

// The forms in which the simulated offices write.
var (
	plainForm    = form{delimiter: ';'}
	excelForm    = form{delimiter: ';', bom: true, crlf: true}
	oldForm      = form{delimiter: ';', ansi: true, crlf: true, thousands: true}
	portalForm   = form{delimiter: ',', isoDates: true}
	workbookForm = form{workbook: true}
)

// write makes every file: those with parents after them, so that a row whose parent is wrong is known to follow it.
func (w *world) write(ctx context.Context, o Options, folder string) (files []Written, err error) {
	l, err := newList(folder, o.title())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	design := func(name, file string, f form) *table {
		return newTable(o.Catalog, newDice(o.Seed, "intestazioni "+file), name, file, f)
	}
	rowDice := func(name string) *dice { return newDice(o.Seed, "righe "+name) }
	small := func(t *table, rows []*record) func() error {
		return func() error { return w.small(ctx, o, folder, l, t, rows, &files) }
	}
	var steps []func() error
	add := func(name, file string, f form, rows func(*table) []*record) {
		t := design(name, file, f)
		steps = append(steps, small(t, rows(t)))
	}
	add("finestre", "finestre/finestre.csv", plainForm, w.windowRows)
	add("domande", "domande/domande.csv", excelForm, func(t *table) []*record { return w.applicationRows(t, rowDice("domande")) })
	add("domande_comuni", "domande_comuni/domande_comuni.csv", oldForm, w.memberRows)
	add("istruttorie", "istruttorie/istruttorie.csv", plainForm, w.decisionRows)
	add("piani", "piani/piani.csv", oldForm, w.planRows)
	add("piani_centri", "piani_centri/piani_centri.csv", excelForm, w.centreRows)
	add("operazioni", "operazioni/operazioni.csv", excelForm, w.operationRows)
	add("atti_concessione", "atti_concessione/atti_concessione.xlsx", workbookForm, w.grantRows)
	add("interventi", "interventi/interventi.csv", plainForm, w.actionRows)
	add("attivita", "attivita/attivita.csv", plainForm, func(t *table) []*record { return w.activityRows(t, rowDice("attivita")) })
	add("laboratori", "laboratori/laboratori.xlsx", workbookForm, w.labRows)
	add("laboratori_comuni", "laboratori_comuni/laboratori_comuni.csv", excelForm, w.labMemberRows)
	add("fabbisogni", "fabbisogni/fabbisogni.xlsx", workbookForm, func(t *table) []*record { return w.needRows(t, rowDice("fabbisogni")) })
	add("osservatorio_software", "osservatorio_software/osservatorio_software.csv", portalForm, func(t *table) []*record { return w.softwareRows(t, rowDice("osservatorio")) })
	for _, file := range []struct{ name, programme string }{{"piccoli", anci}, {"fast", fastP}} {
		var claims []*claim
		for _, c := range w.claims {
			if c.programme != file.programme {
				continue
			}
			if claims = append(claims, c); c.plan != nil {
				c.plan.children++
				c.action.children++
			}
		}
		t := design("rendicontazioni", "rendicontazioni/rendicontazioni_"+file.name+".csv", plainForm)
		steps = append(steps, func() error { return w.claimFile(ctx, o, folder, l, t, claims, &files) })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	w.mistakes = l.n
	return files, nil
}

// output is one file while it is written.
type output struct {
	sink
	list *list
	Written
}

// put writes a row, what someone added below it, and what is wrong with them.
func (x *output) put(r *record) error {
	line, err := x.row(r)
	if err != nil {
		return err
	}
	x.Rows++
	var second int64
	if r.twin != nil {
		if second, err = x.row(r.twin); err != nil {
			return err
		}
		x.Rows++
	}
	if r.wrong == nil {
		return nil
	}
	key := r.keyText()
	if r.twin == nil || r.wrong.reason != "riga_ripetuta" { // of a repeated row the first one is good
		x.Wrong++
		if err := x.list.add(r, line, key, *r.wrong); err != nil {
			return err
		}
	}
	if r.twin == nil {
		return nil
	}
	x.Wrong++
	return x.list.add(r, second, key, *r.wrong)
}

func open(folder string, o Options, l *list, t *table) (*output, error) {
	s, err := t.create(folder, o.title())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.file, err)
	}
	return &output{sink: s, list: l, Written: Written{Table: t.name, File: t.file}}, nil
}

// small writes a table that is as large as the programme.
func (w *world) small(ctx context.Context, o Options, folder string, l *list, t *table, rows []*record, files *[]Written) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	p := newPlanter(w, t, o.Errors, len(rows), 1, func(i int) *record { return rows[i] })
	x, err := open(folder, o, l, t)
	if err != nil {
		return err
	}
	defer func() {
		sha, closing := x.close()
		x.SHA256 = sha
		*files, err = append(*files, x.Written), errors.Join(err, closing)
	}()
	for i, r := range rows {
		p.offer(r, i)
		if err := x.put(r); err != nil {
			return err
		}
	}
	return nil
}

// claimFile writes claims, each in as many parts as the scale says, in constant memory.
func (w *world) claimFile(ctx context.Context, o Options, folder string, l *list, t *table, claims []*claim, files *[]Written) (err error) {
	said, writer := &portionRow{}, &partWriter{varying: t.varying()}
	part := func(r *record, c *claim, i int64) {
		said.claim, said.cents = c, portion(c.cents, i, o.Scale)
		r.of = said
		writer.write(r, c, i, o.Scale)
	}
	p := newPlanter(w, t, o.Errors, len(claims), o.Scale, func(i int) *record {
		r := w.claimRow(t, claims[i])
		part(r, claims[i], 0)
		return r
	})
	if o.Errors > 0 {
		p.pairUp(claims)
	}
	x, err := open(folder, o, l, t)
	if err != nil {
		return err
	}
	defer func() {
		sha, closing := x.close()
		x.SHA256 = sha
		*files, err = append(*files, x.Written), errors.Join(err, closing)
	}()
	for n, c := range claims {
		if err := ctx.Err(); err != nil {
			return err
		}
		whole := w.claimRow(t, c)
		row := *whole
		cells := make([][]byte, len(whole.cells))
		for i := range o.Scale {
			copy(cells, whole.cells)
			row.cells, row.line, row.twin, row.wrong = cells, nil, nil, nil
			part(&row, c, i)
			first := -1
			if i == 0 {
				first = n
			}
			p.offer(&row, first)
			if err := x.put(&row); err != nil {
				return err
			}
		}
	}
	return nil
}
