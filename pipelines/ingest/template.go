package ingest

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
)

// templateRows is how far down the drop-down lists and the forms of the cells of a template go.
const templateRows = 20_000

// Templates are the tables that an office delivers through the inbox, each by a file that it makes itself, sorted by name.
func Templates(c *catalog.Catalog) (out []*catalog.Query) {
	for _, q := range c.Layer(catalog.Staging) {
		if q.Source != nil && strings.HasPrefix(q.Source.Files[0], inboxFolder+"/") {
			out = append(out, q)
		}
	}
	return out
}

// WriteTemplate writes to path a workbook to be filled in for the delivered table q, in Italian: the sheet Dati with the header row, cells of the
// right form and lists of the values admitted; Spiegazioni with what each column wants; Valori with the lists. As written it has no rows, which
// the reader refuses as a delivery. The same contract gives the same bytes.
func WriteTemplate(path string, q *catalog.Query) (err error) {
	b := &template{Query: q, book: excelize.NewFile()}
	defer func() { err = errors.Join(err, b.book.Close()) }()
	for _, c := range wanted(q) {
		b.names = append(b.names, templateName(c.Name))
	}
	for _, step := range []func() error{b.styles, b.data, b.explanations, b.lists, b.properties} {
		if err := step(); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(b.book.Write(out), out.Close())
}

// template is a workbook while it is made.
type template struct {
	*catalog.Query
	book  *excelize.File
	names []string // of the header, by column
	style struct{ required, optional, text, money, date, number, wrap, bold int }
}

// The sheets of a template, in their order.
const (
	dataSheet = "Dati"
	helpSheet = "Spiegazioni"
	listSheet = "Valori"
)

// templateName writes a column's own name as people write a heading: the reader, which compares without case, accents and punctuation, takes it
// for the same.
func templateName(column string) string {
	words := strings.Split(column, "_")
	for i, w := range words {
		if written, ok := headingWords[w]; ok {
			words[i] = written
		} else if i == 0 {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	heading := strings.Join(words, " ")
	return strings.ToUpper(heading[:1]) + heading[1:]
}

var headingWords = map[string]string{"istat": "ISTAT", "cup": "CUP", "cig": "CIG", "ipa": "IPA", "id": "ID", "eur": "(EUR)", "pct": "(pct)", "spid": "SPID", "cie": "CIE", "pagopa": "pagoPA", "ue": "UE", "f24": "F24",
	"quantita": "quantità", "unita": "unità", "attivita": "attività", "priorita": "priorità", "accessibilita": "accessibilità", "modalita": "modalità"}

// wanted are the columns of a file: not those that the reader fills in, nor those that it does not load.
func wanted(q *catalog.Query) (out []catalog.Column) {
	for _, c := range q.Source.Loaded() {
		if c.Given == "" {
			out = append(out, c)
		}
	}
	return out
}

func (b *template) styles() (err error) {
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	money, date := "#,##0.00", "dd/mm/yyyy"
	border := []excelize.Border{{Type: "bottom", Style: 1, Color: "5A6772"}}
	for _, s := range []struct {
		to    *int
		style excelize.Style
	}{
		{&b.style.required, excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: fill("0053A5"), Border: border, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&b.style.optional, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill("D9E6F2"), Border: border, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&b.style.text, excelize.Style{NumFmt: 49}},
		{&b.style.money, excelize.Style{CustomNumFmt: &money}},
		{&b.style.date, excelize.Style{CustomNumFmt: &date}},
		{&b.style.number, excelize.Style{}},
		{&b.style.wrap, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&b.style.bold, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill("D9E6F2")}},
	} {
		if *s.to, err = b.book.NewStyle(&s.style); err != nil {
			return err
		}
	}
	return nil
}

// data makes the sheet to be filled in.
func (b *template) data() error {
	if err := b.book.SetSheetName("Sheet1", dataSheet); err != nil {
		return err
	}
	for i, c := range wanted(b.Query) {
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		header := b.style.optional
		if c.Required || b.isKey(c) {
			header = b.style.required
		}
		cells := b.style.number
		switch {
		case c.Type == "date":
			cells = b.style.date
		case c.Unit == "EUR":
			cells = b.style.money
		case c.Type == "text" || c.Type == "boolean":
			cells = b.style.text // codes keep their zeros
		}
		if err := errors.Join(b.book.SetColStyle(dataSheet, letter, cells), b.book.SetColWidth(dataSheet, letter, letter, max(14, float64(len(b.names[i]))+4)),
			b.book.SetCellStr(dataSheet, letter+"1", b.names[i]), b.book.SetCellStyle(dataSheet, letter+"1", letter+"1", header)); err != nil {
			return err
		}
		if err := b.validation(c, letter); err != nil {
			return err
		}
	}
	return errors.Join(b.book.SetRowHeight(dataSheet, 1, 32), b.book.SetPanes(dataSheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

func (b *template) isKey(c catalog.Column) bool {
	for _, k := range b.Key {
		if k == c.Name {
			return true
		}
	}
	return false
}

// validation sets what a cell of the column accepts, and says it when the cell is chosen. A list of several values in one cell can't be
// a drop-down: there the sheet of the lists tells them.
func (b *template) validation(c catalog.Column, letter string) error {
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%[1]s2:%[1]s%[2]d", letter, templateRows+1)
	what := b.wants(c)
	switch {
	case len(c.Allowed) > 0 && c.List == "":
		at, err := excelize.ColumnNumberToName(b.listAt(c))
		if err != nil {
			return err
		}
		v.SetSqrefDropList(fmt.Sprintf("%s!$%s$2:$%s$%d", listSheet, at, at, len(c.Allowed)+1))
	case c.Type == "boolean":
		if err := v.SetDropList([]string{"sì", "no"}); err != nil {
			return err
		}
	case c.Type == "date": // Excel's numbers of 1 January 1900 and 31 December 2100
		if err := v.SetRange(2, 73415, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
	case c.Type == "integer" || c.Type == "bigint":
		if err := v.SetRange(-1e15, 1e15, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
	case c.Numeric():
		if err := v.SetRange(-1e15, 1e15, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
	}
	title := []rune(b.names[b.index(c)])
	v.SetInput(string(title[:min(len(title), 32)]), shortened(c.Text.It+": "+what, 255))
	if v.Type != "" {
		v.SetError(excelize.DataValidationErrorStyleStop, "Valore non previsto", shortened(what, 255))
	}
	return b.book.AddDataValidation(dataSheet, v)
}

func shortened(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return s
}

func (b *template) index(c catalog.Column) int {
	for i, w := range wanted(b.Query) {
		if w.Name == c.Name {
			return i
		}
	}
	return 0
}

// listAt is the column of the sheet of the lists that holds the values of c, from 1.
func (b *template) listAt(c catalog.Column) int {
	at := 0
	for _, w := range wanted(b.Query) {
		if len(w.Allowed) > 0 {
			at++
		}
		if w.Name == c.Name {
			return at
		}
	}
	return at
}

// lists makes the sheet with the values admitted, one column each.
func (b *template) lists() error {
	if _, err := b.book.NewSheet(listSheet); err != nil {
		return err
	}
	for _, c := range wanted(b.Query) {
		if len(c.Allowed) == 0 {
			continue
		}
		letter, err := excelize.ColumnNumberToName(b.listAt(c))
		if err != nil {
			return err
		}
		if err := errors.Join(b.book.SetCellStr(listSheet, letter+"1", "Valori di "+b.names[b.index(c)]), b.book.SetCellStyle(listSheet, letter+"1", letter+"1", b.style.bold), b.book.SetColWidth(listSheet, letter, letter, 34)); err != nil {
			return err
		}
		for i, value := range c.Allowed {
			if err := b.book.SetCellStr(listSheet, fmt.Sprintf("%s%d", letter, i+2), value); err != nil {
				return err
			}
		}
	}
	return nil
}

// explanations makes the sheet that says, of each column, what it wants.
func (b *template) explanations() error {
	if _, err := b.book.NewSheet(helpSheet); err != nil {
		return err
	}
	rows := [][]any{{"Intestazione", "Obbligatoria", "Che cosa è", "Che cosa scrivere", "Altre intestazioni accettate"}}
	for i, c := range wanted(b.Query) {
		required := "no"
		if c.Required || b.isKey(c) {
			required = "sì"
		}
		rows = append(rows, []any{b.names[i], required, c.Text.It, b.wants(c), strings.Join(append([]string{c.Name}, c.Headers...), " · ")})
	}
	for i, row := range rows {
		if err := b.book.SetSheetRow(helpSheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	for i, width := range []float64{28, 13, 44, 60, 60} {
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := b.book.SetColWidth(helpSheet, letter, letter, width); err != nil {
			return err
		}
	}
	below := fmt.Sprintf("A%d", len(rows)+2)
	note := fmt.Sprintf("%s. Riempire il foglio %s, una riga per ogni riga della tabella, e mettere il file nella cartella %s/%s. Le intestazioni su fondo scuro sono obbligatorie. Non cambiare il nome delle colonne; non lasciare righe vuote in mezzo; le colonne facoltative possono restare vuote.",
		b.Title.It, dataSheet, inboxFolder, b.Name)
	return errors.Join(b.book.SetCellStyle(helpSheet, "A2", fmt.Sprintf("E%d", len(rows)), b.style.wrap), b.book.SetCellStyle(helpSheet, "A1", "E1", b.style.bold),
		b.book.SetCellStr(helpSheet, below, note), b.book.MergeCell(helpSheet, below, fmt.Sprintf("E%d", len(rows)+2)), b.book.SetCellStyle(helpSheet, below, below, b.style.wrap), b.book.SetRowHeight(helpSheet, len(rows)+2, 64),
		b.book.SetPanes(helpSheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

// wants says in Italian what a cell of the column must hold.
func (b *template) wants(c catalog.Column) string {
	var say []string
	switch {
	case len(c.Allowed) > 0 && c.List != "":
		say = append(say, fmt.Sprintf("uno o più di questi valori, separati da «%s»: %s", c.List, strings.Join(c.Allowed, ", ")))
	case len(c.Allowed) > 0:
		say = append(say, "uno di questi valori: "+strings.Join(c.Allowed, ", "))
	case c.Format != "":
		say = append(say, formText(c.Format).It)
	case c.Type == "date":
		say = append(say, "una data, come 31/01/2021")
	case c.Type == "boolean":
		say = append(say, "sì o no")
	case c.Type == "integer" || c.Type == "bigint":
		say = append(say, "un numero intero")
	case c.Unit == "EUR":
		say = append(say, "un importo in euro, con due decimali al più")
	case c.Unit == "pct":
		say = append(say, "una percentuale: 15 per il 15 per cento")
	case c.Numeric():
		say = append(say, "un numero")
	default:
		say = append(say, "un testo")
	}
	if c.Parent != "" {
		say = append(say, "deve esserci nella tabella "+strings.Replace(c.Parent, ".", ", colonna ", 1))
	}
	if b.isKey(c) {
		if len(b.Key) == 1 {
			say = append(say, "diverso in ogni riga")
		} else {
			say = append(say, "insieme "+strings.Join(b.Key, ", ")+" sono diversi in ogni riga")
		}
	}
	return strings.Join(say, "; ")
}

func (b *template) properties() error {
	return b.book.SetDocProps(&excelize.DocProperties{Creator: "piccoli", Title: "Modello: " + b.Title.It, Language: "it-IT", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"})
}
