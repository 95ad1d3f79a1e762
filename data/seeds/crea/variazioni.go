package main

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// variazione is a comune of 2020 whose code, name, province or region is another today.
type variazione struct {
	codice                  string
	attuale                 *unita
	tipo, data, riferimento string
}

// unita is one comune in SITUAS, ISTAT's present list.
type unita struct{ codice, nome, catastale, provincia, nomeProvincia, sigla, regione, nomeRegione string }

// attiCSV holds what the two ISTAT files do not say: successors and dates fixed by a law, with the law.
//
//go:embed atti.csv
var attiCSV []byte

// leggiVariazioni maps every comune of 2020 to its present one. The code decides; where it is gone, the cadastral code,
// which outlives changes of province; where that is gone too, ISTAT's list of suppressed comuni; last the acts. A comune
// that none of them explains is an error, never a guess.
func leggiVariazioni(comuni []*comune, situas, soppressi string) ([]variazione, error) {
	oggi, err := leggiSituas(situas)
	if err != nil {
		return nil, err
	}
	successori, err := leggiSuccessori(soppressi)
	if err != nil {
		return nil, err
	}
	atti, err := leggiAtti()
	if err != nil {
		return nil, err
	}
	perCodice, perCatastale, nel2020 := map[string]*unita{}, map[string]*unita{}, map[string]bool{}
	for _, u := range oggi {
		perCodice[u.codice], perCatastale[u.catastale] = u, u
	}
	for _, c := range comuni {
		nel2020[c.codice] = true
	}
	var out []variazione
	var problemi []error
	for _, c := range comuni {
		v := variazione{codice: c.codice, attuale: perCodice[c.codice]}
		atto, conAtto := atti[c.codice]
		succ, soppresso := successori[c.codice]
		switch {
		case v.attuale != nil && v.attuale.catastale != c.catastale:
			problemi = append(problemi, fmt.Errorf("%s %s: stesso codice, altro codice catastale", c.codice, c.nome))
			continue
		case v.attuale != nil && v.attuale.nome == c.nome:
			continue
		case v.attuale != nil:
			v.tipo, v.riferimento = "cambio_denominazione", "ISTAT, SITUAS al 14 agosto 2026"
		case perCatastale[c.catastale] != nil:
			v.attuale = perCatastale[c.catastale]
			v.tipo = "riordino_province"
			if v.attuale.regione != c.regione {
				v.tipo = "cambio_regione"
			}
			if v.attuale.regione == codiceSardegna {
				atto, conAtto = atti[codiceSardegna], true
			}
		case soppresso:
			v.attuale, v.tipo, v.data = perCodice[succ.codice], fusione(nel2020[succ.codice]), succ.data
			v.riferimento = "ISTAT, elenco dei comuni soppressi"
		case conAtto:
			v.attuale, v.tipo = perCodice[atto.codice], fusione(nel2020[atto.codice])
		}
		if conAtto {
			v.data, v.riferimento = atto.data, atto.riferimento
		}
		if v.attuale == nil {
			problemi = append(problemi, fmt.Errorf("%s %s: nessuna fonte dice quale comune è oggi", c.codice, c.nome))
			continue
		}
		out = append(out, v)
	}
	return out, errors.Join(problemi...)
}

// codiceSardegna is the region whose provinces were drawn anew: one act for all its comuni.
const codiceSardegna = "20"

// fusione tells a merger into a new comune from an incorporation into one that was there already.
func fusione(esisteva bool) string {
	if esisteva {
		return "incorporazione"
	}
	return "fusione"
}

func leggiSituas(path string) ([]*unita, error) {
	rows, err := leggiPuntoEVirgola(path)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	var out []*unita
	for _, r := range rows[1:] {
		get := func(h string) string {
			i, ok := at[h]
			if !ok {
				err = fmt.Errorf("%s: manca la colonna %q", path, h)
				return ""
			}
			return r[i]
		}
		out = append(out, &unita{codice: get("Codice Comune (alfanumerico)"), nome: get("Comune (dizione italiana)"), catastale: get("Codice catasto"),
			provincia: get("Codice Provincia (Storico)"), nomeProvincia: get("Provincia/Uts"), sigla: get("Sigla automobilistica"),
			regione: get("Codice Regione"), nomeRegione: get("Regione")})
	}
	return out, err
}

// successore is the comune that took another's place, and when.
type successore struct{ codice, data string }

func leggiSuccessori(path string) (map[string]successore, error) {
	rows, err := leggiPuntoEVirgola(path)
	if err != nil {
		return nil, err
	}
	out := map[string]successore{}
	for i, r := range rows[1:] {
		if r[0] < "2020" { // suppressed before the registry of 2020
			continue
		}
		d, err := time.Parse("02/01/2006", r[6])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: data %q", path, i+2, r[6])
		}
		out[r[3]] = successore{r[7], d.Format(time.DateOnly)}
	}
	return out, nil
}

// atto is one row of atti.csv: a comune (or a region) and the act that changed it.
type atto struct{ codice, data, riferimento string }

func leggiAtti() (map[string]atto, error) {
	rows, err := csv.NewReader(bytes.NewReader(attiCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("atti.csv: %w", err)
	}
	out := map[string]atto{}
	for _, r := range rows[1:] {
		out[r[0]] = atto{r[1], r[2], r[3]}
	}
	return out, nil
}

func leggiPuntoEVirgola(path string) ([][]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	r.Comma, r.LazyQuotes = ';', true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rows, nil
}

var colonneVariazioni = []string{"codice_istat", "codice_istat_attuale", "denominazione_attuale", "codice_provincia_attuale", "provincia_attuale",
	"sigla_provincia_attuale", "codice_regione_attuale", "regione_attuale", "tipo_variazione", "data_variazione", "riferimento"}

func csvVariazioni(list []variazione) []byte {
	rows := [][]string{colonneVariazioni}
	for _, v := range list {
		u := v.attuale
		rows = append(rows, []string{v.codice, u.codice, u.nome, u.provincia, u.nomeProvincia, u.sigla, u.regione, u.nomeRegione, v.tipo, v.data, v.riferimento})
	}
	return scriviCSV(rows)
}

// verificaVariazioni checks the committed table against comuni.csv's rows, which needs no ISTAT file.
func verificaVariazioni(out io.Writer, path string, comuni []*comune) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if !slices.Equal(rows[0], colonneVariazioni) {
		return fmt.Errorf("%s: colonne %v", path, rows[0])
	}
	nomi := map[string]string{}
	for _, c := range comuni {
		nomi[c.codice] = c.nome
	}
	tipi, prima := map[string]int{}, ""
	for i, r := range rows[1:] {
		nome, ok := nomi[r[0]]
		switch {
		case !ok:
			return fmt.Errorf("%s:%d: %s non è un comune del 2020", path, i+2, r[0])
		case r[0] <= prima:
			return fmt.Errorf("%s:%d: %s è ripetuto o fuori ordine", path, i+2, r[0])
		case r[0] == r[1] && nome == r[2]:
			return fmt.Errorf("%s:%d: %s non varia", path, i+2, r[0])
		case !strings.HasPrefix(r[1], r[3]):
			return fmt.Errorf("%s:%d: il codice %s non è della provincia %s", path, i+2, r[1], r[3])
		}
		prima = r[0]
		tipi[r[8]]++
	}
	fmt.Fprintf(out, "variazioni dal 2020 a oggi: %d (", len(rows)-1)
	for i, t := range slices.Sorted(maps.Keys(tipi)) {
		if i > 0 {
			fmt.Fprint(out, ", ")
		}
		fmt.Fprintf(out, "%s %d", t, tipi[t])
	}
	fmt.Fprintln(out, ")")
	return nil
}
