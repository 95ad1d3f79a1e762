package simulate

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"piccoli/pipelines/catalog"
)

// day counts days since 1 January 1970.
type day int

func dayOf(iso string) (day, error) {
	t, err := time.Parse(time.DateOnly, iso)
	return day(t.Unix() / 86400), err
}

// on is a day that the code itself names.
func on(year int, month time.Month, d int) day {
	return day(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (d day) time() time.Time                  { return time.Unix(int64(d)*86400, 0).UTC() }
func (d day) iso() string                      { return d.time().Format(time.DateOnly) }
func (d day) italian() string                  { return d.time().Format("02/01/2006") }
func (d day) known() bool                      { return d != 0 }
func later(days ...day) day                    { return slices.Max(days) }
func earlier(days ...day) day                  { return slices.Min(days) }
func (d day) plus(n int) day                   { return d + day(n) }
func parseItalian(s string) (time.Time, error) { return time.Parse("02/01/2006", s) }

// comune is one of the list of 1 January 2020, with the codes that it had since.
type comune struct {
	code, name, cadastral string
	region, province      string
	people                int
	small                 bool
	lat, lon              float64 // 0 where not known
	change                day     // first day of the other code; 0: none
	other                 string  // code from that day on
	gone                  bool    // at the change it ended or was merged
}

// codeOn is the ISTAT code valid on a day.
func (c *comune) codeOn(d day) string {
	if c.change.known() && d >= c.change {
		return c.other
	}
	return c.code
}

// registry is what the project's seeds say of the real comuni.
type registry struct {
	comuni   []*comune
	future   []string // codes first valid on 1 January 2026, of comuni that had another before
	cadastre map[string]bool
	codes    map[string]bool
	nuts     map[string]string // region → its NUTS code
}

// category is the category of regions 2014-2020 (Decision 2014/99/EU).
func category(region string) string {
	switch region {
	case "15", "16", "17", "18", "19":
		return "meno-sviluppate"
	case "13", "14", "20":
		return "in-transizione"
	}
	return "piu-sviluppate"
}

// seed reads a committed CSV file as rows by column name. A missing column is a problem of that file.
func seed(root, name string, columns ...string) (rows []map[string]string, err error) {
	rel := "data/seeds/" + name + ".csv"
	f, err := os.Open(filepath.Join(root, filepath.FromSlash(rel)))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, errors.Join(fmt.Errorf("%s: no rows", rel), err)
	}
	for _, c := range columns {
		if !slices.Contains(all[0], c) {
			return nil, catalog.Problems{{File: rel, Line: 1, What: catalog.Textf(catalog.Text{It: "manca la colonna «%s», che serve a simulare", En: "the column %q, which the simulation needs, is missing"}, c)}}
		}
	}
	for _, r := range all[1:] {
		row := map[string]string{}
		for i, c := range all[0] {
			row[c] = r[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// readRegistry reads comuni.csv and comuni_variazioni.csv.
func readRegistry(root string) (*registry, error) {
	rows, err := seed(root, "comuni", "codice_istat", "denominazione", "codice_catastale", "codice_provincia", "codice_regione", "popolazione_legale_2011", "piccolo_comune", "latitudine", "longitudine")
	if err != nil {
		return nil, err
	}
	changes, err := seed(root, "comuni_variazioni", "codice_istat", "codice_istat_attuale", "tipo_variazione", "data_variazione")
	if err != nil {
		return nil, err
	}
	regions, err := seed(root, "regioni", "codice_regione", "codice_nuts2")
	if err != nil {
		return nil, err
	}
	r := &registry{cadastre: map[string]bool{}, codes: map[string]bool{}, nuts: map[string]string{}}
	for _, row := range regions {
		code := row["codice_nuts2"]
		if strings.Contains(code, "/") { // two of level 2: the part of the country that holds both
			code = code[:3]
		}
		r.nuts[row["codice_regione"]] = code
	}
	byCode := map[string]*comune{}
	for _, row := range rows {
		c := &comune{code: row["codice_istat"], name: row["denominazione"], cadastral: row["codice_catastale"], region: row["codice_regione"], province: row["codice_provincia"], small: row["piccolo_comune"] == "true"}
		if c.people, err = strconv.Atoi(row["popolazione_legale_2011"]); err != nil {
			return nil, fmt.Errorf("data/seeds/comuni.csv: %s: %w", c.code, err)
		}
		for _, place := range []struct {
			text string
			to   *float64
		}{{row["latitudine"], &c.lat}, {row["longitudine"], &c.lon}} {
			if place.text == "" {
				continue
			}
			if *place.to, err = strconv.ParseFloat(place.text, 64); err != nil {
				return nil, fmt.Errorf("data/seeds/comuni.csv: %s: %w", c.code, err)
			}
		}
		r.comuni, byCode[c.code] = append(r.comuni, c), c
		r.codes[c.code], r.cadastre[c.cadastral] = true, true
	}
	for _, row := range changes {
		c := byCode[row["codice_istat"]]
		if row["tipo_variazione"] == "cambio_denominazione" || c == nil {
			continue
		}
		if c.change, err = dayOf(row["data_variazione"]); err != nil {
			return nil, fmt.Errorf("data/seeds/comuni_variazioni.csv: %s: %w", c.code, err)
		}
		c.other, c.gone = row["codice_istat_attuale"], !strings.HasPrefix(row["tipo_variazione"], "riordino") && row["tipo_variazione"] != "cambio_regione"
		if r.codes[c.other] = true; c.change == reform {
			r.future = append(r.future, c.other)
		}
	}
	return r, nil
}

// reform is the day on which the provinces of Sardinia changed, and the codes of their comuni with them: a code of after in a file of before
// is a mistake that offices make.
var reform = on(2026, time.January, 1)
