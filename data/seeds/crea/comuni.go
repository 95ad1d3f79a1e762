package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// sogliaPiccolo is the ceiling of residents of a "piccolo comune", inclusive (law 158/2017, art. 1 c. 2).
const sogliaPiccolo = 5000

// comuniAttesi is how many comuni Italy had on 1 January 2020.
const comuniAttesi = 7904

// comune is one row of ISTAT's list of 1 January 2020, with the seat's coordinates where they are sure.
type comune struct {
	codice, nome, altraLingua, nomeIntero, catastale    string
	provincia, nomeProvincia, sigla, regione, inRegione string
	nuts3                                               string
	popolazione                                         int // legal population, census of 9 October 2011
	lat, lon                                            string
}

func (c *comune) piccolo() bool { return c.popolazione <= sogliaPiccolo }

// Columns of ISTAT's file, by position: its headers have line breaks and footnote marks that change between editions.
const (
	colRegione, colProvincia, colCodice, colIntero, colNome, colAltra   = 0, 2, 4, 5, 6, 7
	colInRegione, colNomeProvincia, colSigla, colCatastale, colPop, col = 10, 11, 13, 18, 19, 23
)

// leggiComuni reads ISTAT's CSV (windows-1252, semicolons, line breaks inside headers) and proves it against the
// package's own comuni.json, so that a corrupted or different edition of either is noticed.
func leggiComuni(pkg string) ([]*comune, error) {
	path := filepath.Join(pkg, "scripts", "rebuild-from-istat", "istat20200101.csv")
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = ';', col
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if got := rows[0][colPop]; !strings.Contains(got, "09/10/2011") {
		return nil, fmt.Errorf("%s: la colonna %d non è la popolazione legale 2011 ma %q", path, colPop+1, got)
	}
	var out []*comune
	for i, row := range rows[1:] {
		pop, err := strconv.Atoi(strings.TrimSpace(strings.ReplaceAll(row[colPop], ".", ""))) // "1.640 ": thousands, stray blanks
		if err != nil {
			return nil, fmt.Errorf("%s: riga %d: popolazione %q", path, i+2, row[colPop])
		}
		out = append(out, &comune{
			codice: row[colCodice], nome: row[colNome], altraLingua: row[colAltra], nomeIntero: row[colIntero],
			catastale: row[colCatastale], provincia: row[colProvincia], nomeProvincia: row[colNomeProvincia],
			sigla: row[colSigla], regione: row[colRegione], inRegione: row[colInRegione], nuts3: row[22], popolazione: pop,
		})
	}
	if len(out) != comuniAttesi {
		return nil, fmt.Errorf("%s: %d comuni invece di %d", path, len(out), comuniAttesi)
	}
	slices.SortFunc(out, func(a, b *comune) int { return strings.Compare(a.codice, b.codice) })
	return out, verificaJSON(out, filepath.Join(pkg, "comuni.json"))
}

func verificaJSON(comuni []*comune, path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var list []struct {
		Nome, Codice, Sigla, CodiceCatastale string
		Regione, Provincia                   struct{ Codice string }
		Popolazione                          int
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	byCode := map[string]*comune{}
	for _, c := range comuni {
		byCode[c.codice] = c
	}
	if len(list) != len(byCode) {
		return fmt.Errorf("%s: %d comuni, %d nell'elenco ISTAT", path, len(list), len(byCode))
	}
	for _, j := range list {
		c := byCode[j.Codice]
		if c == nil || c.nome != j.Nome || c.sigla != j.Sigla || c.catastale != j.CodiceCatastale ||
			c.regione != j.Regione.Codice || c.provincia != j.Provincia.Codice || c.popolazione != j.Popolazione {
			return fmt.Errorf("%s: %s %s non è come nell'elenco ISTAT", path, j.Codice, j.Nome)
		}
	}
	return nil
}

func csvComuni(comuni []*comune) []byte {
	rows := [][]string{{"codice_istat", "denominazione", "denominazione_altra_lingua", "codice_catastale", "codice_provincia", "provincia",
		"sigla_provincia", "codice_regione", "regione", "codice_nuts3", "popolazione_legale_2011", "piccolo_comune", "latitudine", "longitudine"}}
	for _, c := range comuni {
		rows = append(rows, []string{c.codice, c.nome, c.altraLingua, c.catastale, c.provincia, c.nomeProvincia, c.sigla, c.regione,
			c.inRegione, c.nuts3, strconv.Itoa(c.popolazione), strconv.FormatBool(c.piccolo()), c.lat, c.lon})
	}
	return scriviCSV(rows)
}

func scriviCSV(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		panic(err) // a bytes.Buffer does not fail
	}
	return b.Bytes()
}
