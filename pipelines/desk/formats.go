package desk

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"piccoli/pipelines/catalog"
)

// Formats in which an answer can be written.
var Formats = []string{"table", "csv", "json", "md", "html", "xlsx", "pdf"}

// Style says how an answer is written.
type Style struct {
	Lang  string // it or en
	Width int    // columns of the terminal; 0: as wide as the rows
	// Draw draws a chart of the answer as an SVG, or is nil: then there are none.
	Draw func(Chart) (string, error)
}

// Chart is what a chart of a report is drawn from, in one language.
type Chart struct {
	ID, Kind, Title, Desc string
	Labels, Values, Shown []string // values as decimal strings, and as they are written out
}

// Write writes a report in a format to w.
func (r *Report) Write(ctx context.Context, w io.Writer, format string, s Style) error {
	switch format {
	case "table":
		return r.table(w, s)
	case "md":
		return r.markdown(w, s)
	case "csv":
		return r.csv(w)
	case "json":
		return r.json(w, s)
	case "html":
		return r.html(w, s)
	case "xlsx":
		return r.xlsx(w, s)
	case "pdf":
		return r.pdf(ctx, w, s)
	}
	hint := catalog.Textf(catalog.Text{It: "i formati sono: %s", En: "the formats are: %s"}, strings.Join(Formats, ", "))
	if near := catalog.Nearest(format, Formats); near != "" {
		hint = catalog.Textf(catalog.Text{It: "forse %s?", En: "did you mean %s?"}, near)
	}
	return wrong(catalog.Textf(catalog.Text{It: "il formato «%s» non esiste", En: "there is no format %q"}, format), hint)
}

// SimulatedTexts marks every answer made from simulated deliveries.
var SimulatedTexts = catalog.Text{It: "DATI SIMULATI: inventati da un programma per provare il sistema; niente va usato o citato",
	En: "SIMULATED DATA: invented by a program to try the system; nothing is to be used or cited"}

// csv writes RFC 4180 with the columns' names and plain values, for machines. Of simulated data every row says so in a last column.
func (a *Answer) writeCSV(w io.Writer, simulated bool) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, 0, len(a.Columns)+1)
	for _, c := range a.Columns {
		record = append(record, c.Name)
	}
	if simulated {
		record = append(record, "costruzione_simulata")
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range a.Rows {
		record = record[:0]
		for _, v := range row {
			record = append(record, v.String)
		}
		if simulated {
			record = append(record, "true")
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r *Report) csv(w io.Writer) error { return r.writeCSV(w, r.Simulated) }

// json writes the report with all that it says of itself. Numbers are numbers, with all their digits.
func (r *Report) json(w io.Writer, s Style) error {
	type param struct {
		Name  string `json:"name"`
		Value any    `json:"value"`
		Label string `json:"label,omitempty"`
	}
	head := struct {
		Report    string   `json:"report"`
		Title     string   `json:"title"`
		AsOf      string   `json:"as_of"`
		Delivered string   `json:"last_delivery,omitempty"`
		Simulated bool     `json:"simulated"`
		Params    []param  `json:"params"`
		Missing   []string `json:"missing_sources,omitempty"`
	}{Report: Name(r.Query), Title: r.Query.Title.In(s.Lang), AsOf: r.AsOf, Delivered: r.Delivered, Simulated: r.Simulated, Params: []param{}}
	for _, g := range r.Given {
		if !g.Param.Given() {
			continue
		}
		p := param{Name: g.Param.Name, Label: g.Label}
		if g.Value.Valid {
			p.Value = g.Value.String
		}
		head.Params = append(head.Params, p)
	}
	for _, m := range r.Missing {
		head.Missing = append(head.Missing, m.In(s.Lang))
	}
	text, err := marshal(head)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s,\"rows\":", strings.TrimSuffix(text, "}")); err != nil {
		return err
	}
	if err := r.writeJSON(w); err != nil {
		return err
	}
	_, err = io.WriteString(w, "}\n")
	return err
}

// writeJSON writes the rows as an array of objects with the columns in their order.
func (a *Answer) writeJSON(w io.Writer) error {
	var b strings.Builder
	b.WriteString("[")
	for i, row := range a.Rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n{")
		for j, c := range a.Columns {
			if j > 0 {
				b.WriteString(",")
			}
			name, err := marshal(c.Name)
			if err != nil {
				return err
			}
			value, err := jsonValue(c, row[j].String, row[j].Valid)
			if err != nil {
				return err
			}
			b.WriteString(name + ":" + value)
		}
		b.WriteString("}")
		if b.Len() > 1<<16 {
			if _, err := io.WriteString(w, b.String()); err != nil {
				return err
			}
			b.Reset()
		}
	}
	b.WriteString("]")
	_, err := io.WriteString(w, b.String())
	return err
}

func jsonValue(c catalog.Column, text string, valid bool) (string, error) {
	switch {
	case !valid:
		return "null", nil
	case c.Type == "boolean", c.Numeric() && json.Valid([]byte(text)):
		return text, nil
	}
	return marshal(text)
}

func marshal(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}
