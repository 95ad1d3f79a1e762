package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/warehouse"
)

// ask gives the one value of a query over the warehouse, as text.
func ask(t *testing.T, file, query string) string {
	t.Helper()
	db, err := warehouse.Open(context.Background(), file, 2, "1GB")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out sql.NullString
	if err := db.QueryRow("select (" + query + ")::varchar").Scan(&out); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out.String
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const domandeHeader = "Codice domanda;Programma;Data presentazione;Forma;Codice ISTAT;Comune;Ambiti\n"

// TestInbox drops an export as an office makes it, reads what is wrong, mends it and sees it gone.
func TestInbox(t *testing.T) {
	dir := newProject(t)
	db, file := filepath.Join(dir, "data", "piccoli.duckdb"), filepath.Join(dir, "data", "inbox", "domande", "domande.csv")
	good := "D-1;avviso-piccoli-comuni;21/05/2020;Singola;054028;Massa Martana;smart-working\n"
	for i, cell := range hostile { // texts that are just texts
		good += fmt.Sprintf("D-1%d;avviso-piccoli-comuni;21/05/2020;singola;%s;\"%s\";smart-working\n", i, []string{"007027", "070056", "001001", "001003", "001007"}[i], strings.ReplaceAll(cell, `"`, `""`))
	}
	write(t, file, domandeHeader+good+"D-2;avviso-piccoli-comuni;31/02/2021;singola;054028;=1+1;smart-working\nD-3;avviso-piccoli-comuni;21/05/2020;singola;054028;a\x1b[31m\x08;smart-working\n"+
		"D-4;avviso-piccoli-comuni;21/05/2020;singola;054028;"+strings.Repeat("grande", 1<<18)+";smart-working\nD-5;avviso-piccoli-comuni;21/05/2020;singola;#RIF!;x;smart-working\n")
	copies := filepath.Join(dir, "data", "quarantena", "quarantena-domande.xlsx")

	r := piccoli(t, dir, nil, "build", "--as-of", "2020-06-01")
	if r.code != 0 || !strings.Contains(r.out, "Righe in quarantena: 4 (domande 4).") {
		t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
	if got := ask(t, db, "select string_agg(tabella || ' ' || riga || ' ' || colonna || ' ' || motivo || ' ' || in_quarantena_dal, chr(10) order by riga) from marts.quarantena"); got != `domande 8 data_presentazione data_inesistente 2020-06-01
domande 9 denominazione carattere_di_controllo 2020-06-01
domande 10 denominazione testo_troppo_lungo 2020-06-01
domande 11 codice_istat errore_di_foglio 2020-06-01` {
		t.Error(got)
	}
	stayData(t, dir, db, copies)
	csv, err := os.ReadFile(filepath.Join(dir, "site", "dist", "data", "quarantena.csv"))
	if err != nil || strings.Contains(string(csv), "31/02/2021") || strings.Contains(string(csv), "D-2") {
		t.Errorf("the public copy holds values: %v\n%s", err, csv)
	}
	if r := piccoli(t, dir, nil, "build", "--as-of", "2020-06-01"); !strings.Contains(r.out, "Niente è cambiato") {
		t.Errorf("a second build of the same: %s%s", r.out, r.err)
	}
	made, err := os.ReadFile(copies)
	if err != nil {
		t.Fatal(err)
	}
	strict := []string{"build", "--as-of", "2020-06-01", "--strict"}
	for what, spoil := range map[string]func() error{"written over": func() error { return os.WriteFile(copies, []byte("altro"), 0o644) }, "removed": func() error { return os.Remove(copies) }} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		piccoli(t, dir, nil, strict...)
		if again, err := os.ReadFile(copies); err != nil || !bytes.Equal(again, made) {
			t.Errorf("the copy of the quarantine, %s, was not made again: %v", what, err)
		}
	}
	was, err := os.Stat(copies)
	if err != nil {
		t.Fatal(err)
	}
	r = piccoli(t, dir, nil, strict...)
	if is, err := os.Stat(copies); err != nil || !is.ModTime().Equal(was.ModTime()) {
		t.Errorf("the copy of the same quarantine was written anew: %v", err)
	}
	if r.code != 4 || !strings.Contains(r.err, "righe in quarantena: 4") || !strings.Contains(r.err, "il sito è pubblicato senza quelle righe") || strings.Contains(r.err, "Niente è stato") {
		t.Errorf("--strict: %d\n%s", r.code, r.err)
	}

	before := digest(t, filepath.Join(dir, "site", "dist"))
	write(t, file, "Codice domanda;Programma;Dato presentazione;Forma;Codice ISTAT;Comune;Ambiti\n"+good)
	r = piccoli(t, dir, nil, "build", "--as-of", "2020-06-15")
	if r.code != 4 || !strings.Contains(r.err, "data/inbox/domande/domande.csv:1:3: la colonna «Dato presentazione» non è tra quelle previste") || !strings.Contains(r.err, "forse «data_presentazione»?") || strings.Contains(r.err, "manca la colonna") {
		t.Errorf("a misspelt column: %d\n%s", r.code, r.err)
	}
	write(t, file, domandeHeader)
	r = piccoli(t, dir, nil, "build", "--as-of", "2020-06-15")
	if r.code != 4 || !strings.Contains(r.err, "data/inbox/domande/domande.csv: il file ha solo l'intestazione, nessuna riga") || !strings.Contains(r.err, "resta l'ultimo sito buono") {
		t.Errorf("a header alone: %d\n%s", r.code, r.err)
	}
	compareTrees(t, before, digest(t, filepath.Join(dir, "site", "dist")))

	write(t, file, domandeHeader+good+"D-2;avviso-piccoli-comuni;28/02/2021;singola;054028;=1+1;smart-working\n")
	if r := piccoli(t, dir, nil, "build", "--as-of", "2020-07-01", "--strict"); r.code != 0 {
		t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
	if got := ask(t, db, "select count(*) from marts.quarantena") + ask(t, db, "select count(*) from staging.domande") + ask(t, db, "select count(*) from marts.consegne where superata"); got != "071" {
		t.Error(got)
	}
	if _, err := os.Stat(copies); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the copy of the quarantine is still there", err)
	}
	before = digest(t, filepath.Join(dir, "site", "dist"))
	for _, made := range []string{"data/piccoli.duckdb", "data/piccoli.duckdb.stato", "site/dist"} { // the files and the log are enough
		if _, err := os.Stat(filepath.Join(dir, made)); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(filepath.Join(dir, made)); err != nil {
			t.Fatal(err)
		}
	}
	if r := piccoli(t, dir, nil, "build", "--as-of", "2020-07-01"); r.code != 0 {
		t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
	compareTrees(t, before, digest(t, filepath.Join(dir, "site", "dist")))
	log, err := os.ReadFile(filepath.Join(dir, "data", "registro", "consegne.csv"))
	if err != nil || strings.Count(string(log), "\n") != 3 {
		t.Errorf("%v\n%s", err, log)
	}

	write(t, filepath.Join(dir, "data", "inbox", "finestre", "finestre.csv"), "x\n")
	write(t, file, "DATI SIMULATI - seed 1\n"+domandeHeader+"SIM-"+good)
	if r := piccoli(t, dir, nil, "build"); r.code != 2 || !strings.Contains(r.err, "dare --out e --db") {
		t.Errorf("simulated data in place of the real ones: %d\n%s", r.code, r.err)
	}
}

// hostile are texts that some reader would obey.
var hostile = []string{`<img src=x onerror="alert(7001)"></td></script><script>alert(7001)</script>`, `=HYPERLINK("http://127.0.0.1","7001")`, `'; drop table marts.domande; --`, `../../../etc/passwd`, "a\u202etxt.exe\u200f"}

// stayData wants hostile texts as they were written in the warehouse, in no page a tag of theirs nor a character that no text holds, and in the
// analyst's copy texts that are never computed, each bad cell marked.
func stayData(t *testing.T, dir, db, copies string) {
	t.Helper()
	for i, cell := range hostile {
		if got := ask(t, db, fmt.Sprintf("select denominazione from staging.domande where id_domanda = 'D-1%d'", i)); got != cell {
			t.Errorf("%q became %q", cell, got)
		}
	}
	err := filepath.WalkDir(filepath.Join(dir, "site", "dist"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".html", ".csv", ".json", ".atom", ".xml", ".ttl"}, filepath.Ext(path)) {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r) }) {
			t.Error("a control character in", path)
		}
		if filepath.Ext(path) == ".html" && (bytes.Contains(text, []byte("<script>alert(7001)")) || bytes.Contains(text, []byte("<img src=x"))) {
			t.Error("a tag of a cell in", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(copies)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if said, err := book.GetSheetDimension("Quarantena"); err != nil || said != "" {
		t.Errorf("the sheet says that it is %s: programs that only read believe it (%v)", said, err)
	}
	plain, err := book.GetCellStyle("Quarantena", "G2")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Quarantena")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		row          int
		column, want string
		marked       bool
	}{
		{2, "data_presentazione", "31/02/2021", true}, {2, "denominazione", "=1+1", false}, {3, "denominazione", "a\ufffd[31m\ufffd", true},
		{4, "denominazione", "grandegrande", true}, {5, "codice_istat", "#RIF!", true},
	} {
		cell, err := excelize.CoordinatesToCellName(slices.Index(rows[0], c.column)+1, c.row)
		if err != nil {
			t.Fatal(err)
		}
		value, err := book.GetCellValue("Quarantena", cell)
		formula, none := book.GetCellFormula("Quarantena", cell)
		if err != nil || none != nil || formula != "" || !strings.HasPrefix(value, c.want) {
			t.Errorf("%s is %.40q (formula %q), want %q %v %v", cell, value, formula, c.want, err, none)
		}
		style, err := book.GetCellStyle("Quarantena", cell)
		if err != nil || (style != plain) != c.marked {
			t.Errorf("%s marked: %t %v", cell, style != plain, err)
		}
	}
}

// TestPadigitale loads the publisher's real files of several days.
func TestPadigitale(t *testing.T) {
	folder, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "padigitale-2026")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs ../shared")
	}
	dir := newProject(t)
	raw := filepath.Join(dir, "data", "raw", "padigitale")
	if err := os.MkdirAll(raw, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"padigitale-2026/*.csv", "padigitale-2026/snapshots/*.gz", "messy/candidature_*.csv"} {
		files, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(pattern)))
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, f := range files {
			name := filepath.Base(f)
			if strings.HasPrefix(pattern, "padigitale-2026/*") {
				name = strings.TrimSuffix(name, ".csv") + "_2026-08-22.csv"
			}
			if err := copyFile(f, filepath.Join(raw, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	r := piccoli(t, dir, nil, "build", "--strict")
	if r.code != 0 {
		t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
	for _, said := range []string{"candidature_altrienti_finanziate_2022-10-06.csv: il file ha 9 righe", "candidature_altrienti_finanziate_2022-10-24.csv: il file ha solo l'intestazione", "candidature_comuni_finanziate_2023-01-23.csv: il file ha solo l'intestazione"} {
		if !strings.Contains(r.err, said) {
			t.Errorf("not said: %s\n%s", said, r.err)
		}
	}
	db := filepath.Join(dir, "data", "piccoli.duckdb")
	for query, want := range map[string]string{
		"select count(*) || ' ' || sum(importo_finanziamento) from staging.padigitale_candidature where data_file = date '2026-08-22'": "19976 670310463.73",
		// Codes given since 2020, and what is no code, are not in the registry of 2020 (the 78 that no later code joins either are below).
		"select count(*) || ' ' || count(distinct coalesce(cod_comune, 'N/D')) from staging.padigitale_candidature where data_file = date '2026-08-22' and coalesce(cod_comune, 'N/D') not in (select codice_istat from marts.comuni)": "764 349",
		"select string_agg(righe_caricate, ' ' order by file) from marts.registro_righe where tabella = 'padigitale_candidature' and file like '%2026-08-22.csv'":                                                                      "413 11856 7707",
		"select string_agg(righe_caricate, ' ' order by file) from marts.registro_righe where tabella = 'padigitale_candidature' and file like '%.gz'":                                                                                 "20947 12934 13513 15707 12364 5121 5121 7707 7707",
		"select righe_caricate from marts.registro_righe where tabella = 'padigitale_altri_enti'":                                                                                                                                      "3054",
		"select count(*) || ' ' || count(*) filter (where aperto) from marts.padigitale_avvisi":                                                                                                                                        "57 0",
		"select sum(righe_quarantena) from marts.registro_righe":                                                                                                                                                                       "0",
		"select count(*) from marts.consegne where tipo = 'rifiutata'":                                                                                                                                                                 "3",
		"select string_agg(distinct importo_piu_frequente_eur, ' ') from marts.padigitale_lump_sum where codice_misura = '1.4.5' and classe_a <= 5000":                                                                                 "23147.00",
		"select sum(importo_comuni_eur) = (select sum(importo_eur) from marts.padigitale_per_comune) from marts.padigitale_per_regione":                                                                                                "true",
		"select sum(candidature) = (select count(*) from marts.padigitale_candidature) from marts.padigitale_per_regione":                                                                                                              "true",
		"select count(*) from marts.padigitale_candidature where codice_misura in ('1.3.1', '1.4.5') and tipologia_ente = 'Comuni' and codice_istat is null":                                                                           "78",
		"select string_agg(stato || visto_dal, ' ' order by visto_dal) from marts.padigitale_storia where codice_ipa = 'c_d545' and avviso like '1.4.5%' and istante_invio like '2022-09-29%'":                                         "A2023-03-31 E2026-03-24",
	} {
		if got := ask(t, db, query); got != want {
			t.Errorf("%s\n  is %s, want %s", query, got, want)
		}
	}
}

// TestHostileNames: what a terminal would obey, in the name of a file, of a column and in a cell, reaches it as signs to be read.
func TestHostileNames(t *testing.T) {
	dir := newProject(t)
	write(t, filepath.Join(dir, "data", "inbox", "domande", "a\x1b[31m\u202ez.csv"), domandeHeader+"D-1;\x1b]0;x\x07\n")
	write(t, filepath.Join(dir, "data", "inbox", "piani", "piani.csv"), "Codice pia\x1b[2Jno;\x07esito\nP-1;approvato\n")
	write(t, filepath.Join(dir, "data", "inbox", "\x1b[5mnessuna", "x.csv"), "a\n1\n")
	write(t, filepath.Join(dir, "data", "inbox", "piani", "b\b.csv"), "x\n")
	for _, language := range []string{"it", "en"} {
		r := piccoli(t, dir, nil, "build", "--lang", language, "--as-of", "2020-06-01")
		if r.code != 4 || !strings.Contains(r.err, "<001B>[5mnessuna") || !strings.Contains(r.err, "data/inbox/piani/b<0008>.csv: "+map[string]string{"it": "nel nome del file", "en": "the name of the file"}[language]) {
			t.Errorf("%d\n%q", r.code, r.err)
		}
		if strings.ContainsAny(r.out+r.err, "\x1b\x07\u202e") {
			t.Errorf("%q", r.out+r.err)
		}
	}
}
