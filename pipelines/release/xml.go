package release

import (
	"bufio"
	"database/sql/driver"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"piccoli/pipelines/catalog"
)

// xmlRow begins a row of a list's XML; in a text both characters are escaped.
const xmlRow = "\n<riga>"

// xmlHolds refuses a text with a character that XML, and with it a workbook, can't hold (https://www.w3.org/TR/xml/#charsets): its writers would put another in its place, and the forms of a dataset would no
// longer be the same.
func xmlHolds(q *catalog.Query, c catalog.Column, row int, v driver.Value) error {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	at := strings.IndexFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF'
	})
	if at < 0 {
		return nil
	}
	r, _ := utf8.DecodeRuneInString(text[at:])
	return &TreeError{catalog.Problems{{File: q.Path, What: catalog.Textf(catalog.Text{It: "alla riga %d «%s» ha un carattere (%U) che né un foglio di calcolo né l’XML possono contenere: vi starebbe altro che nel Parquet e nel CSV",
		En: "in row %d %q has a character (%U) that neither a workbook nor XML can hold: something else would stand there than in Parquet and CSV"}, row, c.Name, r),
		Hint: catalog.Text{It: "toglierlo dove nasce: nella query, o nel seme da cui viene", En: "remove it where it comes from: in the query, or in the seed that it is from"}}}}
}

// xmlHead is what stands before the rows.
type xmlHead struct {
	dataset string
	columns []ColumnOf
}

// readXMLHead reads up to <righe>.
func readXMLHead(d *xml.Decoder) (h xmlHead, err error) {
	type column struct {
		Name  string `xml:"nome,attr"`
		Words []struct {
			Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			Text string `xml:",chardata"`
		} `xml:"voce"`
	}
	for {
		t, err := d.Token()
		if err != nil {
			return h, err
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "elenco":
			for _, a := range start.Attr {
				if a.Name.Local == "dataset" {
					h.dataset = a.Value
				}
			}
		case "colonna":
			var c column
			if err := d.DecodeElement(&c, &start); err != nil {
				return h, err
			}
			out := ColumnOf{Name: c.Name}
			for _, w := range c.Words {
				switch w.Lang {
				case "it":
					out.Description.It = w.Text
				case "en":
					out.Description.En = w.Text
				}
			}
			h.columns = append(h.columns, out)
		case "righe":
			return h, nil
		}
	}
}

// xmlColumns holds what a list's XML says of itself against the manifest.
func xmlColumns(path string, d *Contract, wrong func(catalog.Text)) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	h, err := readXMLHead(xml.NewDecoder(bufio.NewReader(in)))
	if err != nil {
		return err
	}
	if h.dataset != d.Name {
		wrong(catalog.Textf(catalog.Text{It: "il file dice di essere «%s»", En: "the file says that it is %q"}, h.dataset))
	}
	var got []string
	for _, c := range h.columns {
		got = append(got, c.Name)
		if want := d.column(c.Name); want != nil && want.Description != c.Description {
			wrong(catalog.Textf(catalog.Text{It: "il file dice di «%s» altro che il manifesto", En: "of %q the file says something else than the manifest"}, c.Name))
		}
	}
	wrongColumns(got, names(d), wrong)
	return nil
}

// xmlRows wants the elements of a row by name and in the order of the columns; one that has no value is left out.
func xmlRows(path string, d *Contract) rowsIn {
	return rowsOf(path, func(in io.Reader, yield func([]string, error) bool) {
		x := xml.NewDecoder(in)
		if _, err := readXMLHead(x); err != nil {
			yield(nil, err)
			return
		}
		row := make([]string, len(d.Columns))
		for {
			t, err := x.Token()
			if err != nil {
				yield(nil, err) // the end is </righe>
				return
			}
			switch t := t.(type) {
			case xml.EndElement:
				return
			case xml.StartElement:
				if err := xmlCells(x, t, d, row); !yield(row, err) || err != nil {
					return
				}
			}
		}
	})
}

func xmlCells(x *xml.Decoder, start xml.StartElement, d *Contract, row []string) error {
	var r struct {
		Values []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:",any"`
	}
	if start.Name.Local != "riga" {
		return fmt.Errorf("<%s>, not <riga>", start.Name.Local)
	}
	if err := x.DecodeElement(&r, &start); err != nil {
		return err
	}
	for c := range row {
		row[c] = noValue
	}
	next := 0
	for _, v := range r.Values {
		at := slices.IndexFunc(d.Columns[next:], func(c ColumnOf) bool { return c.Name == v.XMLName.Local })
		if at < 0 {
			return fmt.Errorf("<%s> is not expected there", v.XMLName.Local)
		}
		next += at + 1
		row[next-1] = v.Text
	}
	return nil
}
