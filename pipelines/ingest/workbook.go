package ingest

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// Limits of a workbook. excelize keeps sheets and shared strings beyond workbookInRAM on disk and everything else in memory; of each shared string it
// keeps the place in memory.
const (
	maxWorkbook   = 4 << 30 // unpacked: a full sheet of 1,048,576 rows is about a gigabyte of XML
	maxAround     = 128 << 20
	maxSheetRows  = 1 << 20 // ECMA-376, as Excel has it
	maxStrings    = 5_000_000
	workbookInRAM = 16 << 20
)

// sheetFault is what makes one sheet unfit to be read; other sheets of the workbook may be sound.
type sheetFault struct {
	line int
	what catalog.Text
	hint catalog.Text
}

func (f *sheetFault) Error() string { return f.what.En }

var (
	brokenHint  = catalog.Text{It: "aprirlo con Excel o LibreOffice e salvarlo di nuovo", En: "open it with Excel or LibreOffice and save it again"}
	shrinkHint  = catalog.Text{It: "lasciare nel file il solo foglio con i dati, o esportarlo come CSV", En: "leave just the sheet with the data in the file, or export it as CSV"}
	formulaHint = catalog.Text{It: "aprirlo con Excel o LibreOffice e salvarlo, così i risultati restano nel file; oppure incollare i valori al posto delle formule",
		En: "open it with Excel or LibreOffice and save it, so that the results stay in the file; or paste values in place of the formulas"}
)

// examine reads the workbook's XML once before excelize does: excelize takes what stands above a fault for the whole sheet, a formula without a
// result for an empty cell, and holds in memory whatever size it is given. It gives the fault of each sheet that has one, by its name.
func (p *prepared) examine(ctx context.Context, file string) (faults map[string]*sheetFault, problems catalog.Problems, err error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, refusal(p.file, catalog.Text{It: "il file XLSX è rovinato o troncato", En: "the XLSX file is broken or truncated"}, brokenHint), nil
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	var all, around int64
	members := map[string]*zip.File{}
	for _, m := range z.File {
		name := strings.ReplaceAll(m.Name, `\`, "/")
		members[strings.ToLower(name)] = m
		size := int64(min(m.UncompressedSize64, maxWorkbook+1)) // Go's reader takes a member that is longer than it says for broken
		if all += size; !inWorksheets(name) && !strings.EqualFold(name, sharedStrings) {
			around += size
		}
	}
	limit := max(freeRatio, min(maxWorkbook, p.file.Bytes*maxRatio))
	switch {
	case all > limit:
		return nil, refusal(p.file, catalog.Textf(catalog.Text{It: "aperto, il file supera %s: troppo per la sua misura (%s)", En: "unpacked, the file is beyond %s: too much for its size (%s)"}, sizeText(limit), sizeText(p.file.Bytes)), shrinkHint), nil
	case around > maxAround:
		return nil, refusal(p.file, catalog.Textf(catalog.Text{It: "oltre ai fogli il file contiene immagini o altro per più di %s", En: "beside the sheets the file holds pictures or other parts beyond %s"}, sizeText(maxAround)), shrinkHint), nil
	}
	sheets, err := sheetMembers(members)
	if err != nil {
		return nil, refusal(p.file, catalog.Text{It: "il file XLSX è rovinato o non è un foglio di calcolo", En: "the XLSX file is broken or no spreadsheet"}, brokenHint), nil
	}
	var lengths []uint32
	if m := members[strings.ToLower(sharedStrings)]; m != nil {
		if lengths, err = stringLengths(ctx, m); err != nil {
			return nil, p.sheetProblem(err, ""), ctx.Err()
		}
	}
	faults = map[string]*sheetFault{}
	for name, m := range sheets {
		err := examineSheet(ctx, m, lengths)
		var fault *sheetFault
		if errors.As(err, &fault) {
			faults[name] = fault
		} else if err != nil {
			return nil, nil, err
		}
	}
	return faults, nil, nil
}

const sharedStrings = "xl/sharedStrings.xml"

func inWorksheets(name string) bool {
	return strings.HasPrefix(strings.ToLower(name), "xl/worksheets/sheet") // as excelize tells them
}

// sheetProblem says what is wrong with a sheet, or with all of them where it has no name.
func (p *prepared) sheetProblem(err error, sheet string) catalog.Problems {
	var fault *sheetFault
	if !errors.As(err, &fault) {
		return nil
	}
	out := catalog.Problem{File: p.file.Path, Line: fault.line, What: fault.what, Hint: fault.hint}
	if sheet != "" {
		out.What = catalog.Text{It: fmt.Sprintf("foglio «%s»: %s", sheet, out.What.It), En: fmt.Sprintf("sheet %q: %s", sheet, out.What.En)}
	}
	return catalog.Problems{out}
}

// sheetMembers finds the member of the archive that holds each sheet.
func sheetMembers(members map[string]*zip.File) (map[string]*zip.File, error) {
	var book struct {
		Sheets []struct {
			Name string     `xml:"name,attr"`
			Attr []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		Relations []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	for name, into := range map[string]any{"xl/workbook.xml": &book, "xl/_rels/workbook.xml.rels": &relations} {
		if err := decodeMember(members[name], into); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	out := map[string]*zip.File{}
	for _, s := range book.Sheets {
		i := slices.IndexFunc(s.Attr, func(a xml.Attr) bool { return a.Name.Local == "id" })
		for _, r := range relations.Relations {
			if i < 0 || r.ID != s.Attr[i].Value {
				continue
			}
			target := strings.TrimPrefix(r.Target, "/")
			if target == r.Target {
				target = path.Join("xl", target)
			}
			if m := members[strings.ToLower(target)]; m != nil {
				out[s.Name] = m
			}
		}
	}
	return out, nil
}

func decodeMember(m *zip.File, into any) (err error) {
	if m == nil {
		return io.ErrUnexpectedEOF
	}
	in, err := m.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return xml.NewDecoder(io.LimitReader(in, workbookInRAM)).Decode(into)
}

// rationed stops a reader of tokens before one token fills the memory.
type rationed struct {
	in   io.Reader
	left int
}

var errRation = errors.New("a token is too long")

func (r *rationed) Read(b []byte) (int, error) {
	if r.left <= 0 {
		return 0, errRation
	}
	n, err := r.in.Read(b[:min(len(b), r.left)])
	r.left -= n
	return n, err
}

// eachToken gives every token of a member that is XML to its end, without declarations of types.
func eachToken(ctx context.Context, m *zip.File, found func(t xml.Token, offset int64) error) (err error) {
	broken := &sheetFault{what: catalog.Text{It: "il foglio è rovinato o troncato", En: "the sheet is broken or truncated"}, hint: brokenHint}
	in, err := m.Open()
	if err != nil {
		return broken
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	r := &rationed{in: in}
	d := xml.NewDecoder(r)
	for n := 0; ; n++ {
		if n%65536 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.left = maxRecord
		t, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errRation):
			return &sheetFault{what: catalog.Textf(catalog.Text{It: "una cella è più lunga di %s", En: "a cell is longer than %s"}, sizeText(maxRecord)), hint: brokenHint}
		case err != nil:
			return broken
		}
		if _, ok := t.(xml.Directive); ok { // entities that grow when they are read stand in one
			return &sheetFault{what: catalog.Text{It: "il foglio contiene dichiarazioni (DOCTYPE) che un foglio di calcolo non ha", En: "the sheet holds declarations (DOCTYPE), which no spreadsheet has"}, hint: brokenHint}
		}
		if err := found(t, d.InputOffset()); err != nil {
			return err
		}
	}
}

// stringLengths gives the bytes of each shared string.
func stringLengths(ctx context.Context, m *zip.File) (lengths []uint32, err error) {
	length, start, inside, text := 0, int64(0), false, false
	err = eachToken(ctx, m, func(t xml.Token, offset int64) error {
		switch t := t.(type) {
		case xml.StartElement:
			if text = t.Name.Local == "t"; t.Name.Local == "si" {
				inside, start, length = true, offset, 0
				if len(lengths) == maxStrings {
					return &sheetFault{what: catalog.Textf(catalog.Text{It: "il file ha più di %d testi diversi: troppi per un foglio di calcolo", En: "the file has more than %d different texts: too many for a spreadsheet"}, maxStrings),
						hint: catalog.Text{It: "esportarlo come CSV", En: "export it as CSV"}}
				}
			}
		case xml.EndElement:
			if text = false; t.Name.Local == "si" {
				inside, lengths = false, append(lengths, uint32(length))
			}
		case xml.CharData:
			if text {
				length += len(t)
			}
		}
		if inside && offset-start > maxRecord {
			return &sheetFault{what: catalog.Textf(catalog.Text{It: "una cella è più lunga di %s", En: "a cell is longer than %s"}, sizeText(maxRecord)), hint: brokenHint}
		}
		return nil
	})
	return lengths, err
}

// examineSheet looks at every row and cell of a sheet.
func examineSheet(ctx context.Context, m *zip.File, lengths []uint32) error {
	row, start, text := 0, int64(0), int64(0) // the row's number, where it begins, the bytes of its shared strings
	var place, kind, value string             // of the cell
	var data, inRow, inValue, formula, result bool
	formulaAt, formulaRow := "", 0
	err := eachToken(ctx, m, func(t xml.Token, offset int64) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "sheetData":
				data = true
			case "row":
				row++
				if n, err := strconv.Atoi(attribute(t, "r")); err == nil && n != 0 {
					if n < row { // excelize would put its cells into the row above
						return &sheetFault{what: catalog.Textf(catalog.Text{It: "il foglio è rovinato: la riga %d viene dopo la %d", En: "the sheet is broken: row %d comes after row %d"}, n, row-1), hint: brokenHint}
					}
					row = n
				}
				if row > maxSheetRows {
					return &sheetFault{what: catalog.Textf(catalog.Text{It: "il foglio ha più di %d righe", En: "the sheet has more than %d rows"}, maxSheetRows), hint: brokenHint}
				}
				start, text, inRow = offset, 0, true
			case "c":
				place, kind, value, formula, result = attribute(t, "r"), attribute(t, "t"), "", false, false
			case "f":
				formula = true
			case "v":
				inValue, result = true, true
			case "is":
				result = true
			}
		case xml.CharData:
			if inValue && kind == "s" {
				value += string(t[:min(len(t), 20)])
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v":
				inValue = false
			case "row":
				inRow = false
			case "c":
				if kind == "s" && result {
					n, err := strconv.Atoi(strings.TrimSpace(value))
					if err != nil || n < 0 || n >= len(lengths) {
						return &sheetFault{line: row, what: catalog.Textf(catalog.Text{It: "la cella %s rimanda a un testo che nel file non c'è", En: "the cell %s refers to a text that is not in the file"}, place), hint: brokenHint}
					}
					text += int64(lengths[n])
				}
				if formula && !result && formulaAt == "" {
					formulaAt, formulaRow = place, row
				}
			}
		}
		if inRow && offset-start+text > maxRecord {
			return &sheetFault{line: row, what: catalog.Textf(catalog.Text{It: "una riga è più lunga di %s", En: "a row is longer than %s"}, sizeText(maxRecord)), hint: brokenHint}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case !data:
		return &sheetFault{what: catalog.Text{It: "il foglio non ha celle", En: "the sheet has no cells"}, hint: brokenHint}
	case formulaAt != "":
		return &sheetFault{line: formulaRow, what: catalog.Textf(catalog.Text{It: "la cella %s ha una formula e il suo risultato non è nel file", En: "the cell %s has a formula whose result is not in the file"}, formulaAt), hint: formulaHint}
	}
	return nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
