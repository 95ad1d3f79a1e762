package main

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/pipelines/simulate"
	"piccoli/pipelines/warehouse"
)

// contract loads the project's own contracts.
func contract(t *testing.T) *catalog.Catalog {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// planted reads the generator's own list: file|riga|foglio|colonna|motivo → how often.
func planted(t *testing.T, folder string) map[string]int {
	t.Helper()
	f, err := os.Open(filepath.Join(folder, "errori.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	if err != nil || !strings.HasPrefix(rows[0][0], "DATI SIMULATI") {
		t.Fatal(err, rows[0])
	}
	out := map[string]int{}
	for _, row := range rows[2:] {
		out["data/inbox/"+strings.Join(row[1:6], "|")]++
	}
	return out
}

// TestSimulatedYear builds the simulated year with mistakes in one row of twenty: what is in quarantine is what the generator planted, each at its
// line and with its reason, and what belongs to it; the ledger balances.
func TestSimulatedYear(t *testing.T) {
	dir := newProject(t)
	folder, db := filepath.Join(dir, "simulati"), filepath.Join(dir, "simulati.duckdb")
	if r := piccoli(t, dir, nil, "simulate", "--seed", "1", "--errors", "0.05", "--out", folder); r.code != 0 || !strings.Contains(r.out, "SIMULATI") {
		t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
	list := planted(t, folder)
	everyFile(t, folder, ".xlsx", func(path string) {
		book, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		if said, err := book.GetSheetDimension(book.GetSheetName(0)); err != nil || said != "" {
			t.Errorf("%s: the sheet says that it is %s (%v)", path, said, err)
		}
	})
	r := piccoli(t, dir, nil, "build", "--inbox", folder, "--out", filepath.Join(dir, "simulato"), "--db", db, "--as-of", "2026-02-28")
	if r.code != 0 || !strings.Contains(r.out, "SIMULATI") {
		t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
	got := map[string]int{}
	rows := strings.Split(ask(t, db, `select string_agg(concat_ws('|', file, riga, coalesce(foglio, ''), coalesce(colonna, ''), motivo), chr(10))
		from marts.quarantena where motivo <> 'padre_in_quarantena'`), "\n")
	for _, row := range rows {
		got[row]++
	}
	n := 0
	for _, row := range slices.Sorted(maps.Keys(list)) {
		if list[row] != 1 || got[row] != 1 {
			if n++; n <= 20 {
				t.Errorf("planted %d times, %d times in quarantine: %s", list[row], got[row], row)
			}
		}
	}
	for _, row := range slices.Sorted(maps.Keys(got)) {
		if list[row] == 0 {
			if n++; n <= 20 {
				t.Errorf("in quarantine and not planted: %s", row)
			}
		}
	}
	for query, want := range map[string]string{
		// A row with a reason of its own has no other; the children of bad rows have just that one.
		"select count(*) from (select file, riga from marts.quarantena group by all having count(distinct motivo) > 1)":                                                            "0",
		"select count(*) > 1000 from marts.quarantena where motivo = 'padre_in_quarantena'":                                                                                        "true",
		"select count(*) from marts.registro_righe where righe_lette <> righe_caricate + righe_quarantena or euro_letti_eur <> euro_caricati_eur + euro_quarantena_eur":            "0",
		"select count(*) filter (where euro_quarantena_eur > 0) from marts.registro_righe where tabella in ('piani', 'piani_centri', 'rendicontazioni') and file like '%/inbox/%'": "4",
		"select sum(righe_lette) from marts.registro_righe where tabella = 'rendicontazioni'":                                                                                      lines(t, folder, "rendicontazioni"),
		"select count(*) filter (where mittente = 'simulazione' and ricevuta_il = date '2026-01-15' and not superata) || ' ' || count(*) from marts.consegne":                      "16 16",
		"select count(distinct tabella) from marts.registro_righe where file like 'data/inbox/%' and righe_caricate > 0":                                                           "15",
	} {
		if got := ask(t, db, query); got != want {
			t.Errorf("%s\n  is %s, want %s", query, got, want)
		}
	}
	everyReason(t, list)
	reports(t, dir, folder, filepath.Join(dir, "simulato"), db)
	simulatedRelease(t, dir, folder, filepath.Join(dir, "simulato"))
}

// simulatedRelease freezes the simulated build: refused where real versions are kept, and in a folder of its own every file of the version says what it is.
func simulatedRelease(t *testing.T, dir, folder, out string) {
	t.Helper()
	args := []string{"release", "1.0.0", "--out", out, "--inbox", folder}
	if r := piccoli(t, dir, nil, args...); r.code != 2 || !strings.Contains(r.err, "SIMULATI") {
		t.Errorf("a simulated version beside the real ones: %d\n%s", r.code, r.err)
	}
	if r := piccoli(t, dir, nil, append(args, "--releases", filepath.Join(dir, "data", "releases"))...); r.code != 2 {
		t.Errorf("a simulated version in the folder of the real ones: %d\n%s", r.code, r.err)
	}
	releases := filepath.Join(dir, "prove")
	if r := piccoli(t, dir, nil, append(args, "--releases", releases)...); r.code != 0 {
		t.Fatalf("%d\n%s%s", r.code, r.out, r.err)
	}
	data := filepath.Join(releases, "1.0.0", "data")
	m, err := release.ReadManifest(data)
	if err != nil || !m.Simulated || m.Warning == "" || m.Version == nil {
		t.Fatal("the manifest does not say that the data are simulated", err)
	}
	lists := 0
	for _, o := range m.Files {
		if o.Format == "json" && o.Rows != nil && *o.Rows == 0 {
			continue // an empty list has no row to say it in; the files beside it do
		}
		if strings.HasPrefix(o.Path, "atti_di_concessione/") || o.Path == "list-of-operations.en.csv" || o.Path == "operazioni.xml" {
			lists++
		}
		body, err := os.ReadFile(filepath.Join(data, filepath.FromSlash(o.Path)))
		if err != nil {
			t.Fatal(err)
		}
		if o.Format == "xlsx" {
			book, err := excelize.OpenReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			about, err := book.GetDocProps()
			if err != nil {
				t.Fatal(err)
			}
			body = []byte(about.Title)
		}
		if !bytes.Contains(body, []byte("SIMULAT")) && !bytes.Contains(body, []byte("costruzione_simulata")) {
			t.Errorf("%s does not say that it is simulated", o.Path)
		}
	}
	if lists < 4 {
		t.Errorf("%d files of lists by law in the version", lists)
	}
}

// lines counts the rows of a simulated table's CSV files: lines less title and header.
func lines(t *testing.T, folder, table string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, table, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n += strings.Count(string(b), "\n") - 2
	}
	return catalog.Textf(catalog.Text{It: "%d"}, n).It
}

// everyReason wants every rule of rows of every delivered table among the mistakes, and every reason that the reader itself gives.
func everyReason(t *testing.T, list map[string]int) {
	t.Helper()
	made, byTable := map[string]bool{}, map[string]bool{}
	for row := range list {
		parts := strings.Split(row, "|")
		table := strings.Split(parts[0], "/")[2]
		made[parts[4]] = true
		byTable[table+"|"+parts[3]+"|"+parts[4]] = true
	}
	c := contract(t)
	for _, q := range ingest.Templates(c) {
		for _, check := range q.Checks {
			if rule := q.Name + "|" + check.Column + "|" + check.Reason; check.Severity == catalog.Row && !byTable[rule] {
				t.Errorf("no mistake breaks the rule %s", rule)
			}
		}
		for _, check := range c.RowChecks(q) {
			if rule := q.Name + "|" + check.Mark + "|" + check.Name; !byTable[rule] {
				t.Errorf("no mistake breaks the rule %s", rule)
			}
		}
	}
	// Not these: segno_decimale, since the contracts accept both signs, and carattere_non_valido, since whatever is not UTF-8 is windows-1252 to them.
	for _, reason := range strings.Fields(`valore_mancante errore_di_foglio carattere_di_controllo numero_illeggibile numero_ambiguo troppi_decimali numero_non_intero numero_troppo_grande data_illeggibile data_inesistente
		booleano_illeggibile valore_non_ammesso codice_malformato codice_sconosciuto codice_non_valido_alla_data testo_troppo_lungo campi_in_meno campi_in_piu virgolette_non_chiuse
		riga_ripetuta chiave_in_conflitto padre_assente`) {
		if !made[reason] {
			t.Errorf("no mistake has the reason %s", reason)
		}
	}
}

// simulated makes a simulated year in a folder of its own.
func simulated(t *testing.T, c *catalog.Catalog, seed uint64, scale int64, share float64) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "simulati")
	if _, err := simulate.Write(t.Context(), simulate.Options{Catalog: c, Seed: seed, Scale: scale, Errors: share, Out: folder}); err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestSimulateSameBytes wants the same bytes of the same seed, others of another one, and no row changed but by the mistakes.
func TestSimulateSameBytes(t *testing.T) {
	c := contract(t)
	one := digest(t, simulated(t, c, 7, 2, 0.1))
	compareTrees(t, one, digest(t, simulated(t, c, 7, 2, 0.1)))
	if other := digest(t, simulated(t, c, 8, 2, 0.1)); other["domande/domande.csv"] == one["domande/domande.csv"] {
		t.Error("two seeds give the same applications")
	}
}

// TestSimulateCalibrated builds a simulated year without mistakes, its claims split in three: nothing is in quarantine, and what is published is
// what is counted.
func TestSimulateCalibrated(t *testing.T) {
	c := contract(t)
	folder := simulated(t, c, 3, 3, 0)
	db := filepath.Join(t.TempDir(), "w.duckdb")
	buildWarehouse(t, c, folder, db)
	figure := func(id string) string {
		return "(select valore from staging.cifre_ufficiali where id_cifra = '" + id + "')"
	}
	onDay := func(outcome, what string) string { // applications, or their comuni, whose last decision by that day is such
		return "(select count(distinct " + what + ") from (select id_domanda from staging.istruttorie where data_esito <= date '2021-08-09' group by id_domanda having arg_max(esito, data_esito) = '" + outcome + "') join staging.domande_comuni using (id_domanda))"
	}
	plans := "from staging.piani join staging.domande using (id_domanda) join staging.comuni_codici using (codice_istat) where esito = 'approvato'"
	for _, rule := range []string{
		"(select count(*) from piccoli.quarantena) = 0",
		"(select count(*) from staging.domande) = " + figure("f014"),
		"(select count(*) from staging.domande where forma = 'singola') = " + figure("f015"),
		"(select count(*) from staging.domande where forma in ('aggregata', 'unione')) = " + figure("f016"),
		"(select count(distinct codice_istat) from staging.domande_comuni) = " + figure("f017"),
		onDay("ammessa", "id_domanda") + " = " + figure("f007"),
		onDay("ammessa", "codice_istat") + " = " + figure("f008"),
		onDay("in_istruttoria", "id_domanda") + " = " + figure("f009"),
		"(select count(distinct id_domanda) from staging.istruttorie where esito = 'ammessa') > " + figure("f106"),
		`(select bool_and(round(100 * n / (select count(*) from staging.domande, unnest(string_split(ambiti, '|')))) = quota_scelte_pct)
			from (select ambito, count(*) as n from (select unnest(string_split(ambiti, '|')) as ambito from staging.domande) group by ambito) join staging.ambiti using (ambito))`,
		"(select count(*) " + plans + " and data_esito <= date '2022-02-25') = " + figure("f030"),
		"(select count(*) " + plans + " and data_esito = date '2022-06-09') = " + figure("f033"),
		"(select count(*) " + plans + " and data_esito = date '2022-11-04') = " + figure("f034"),
		"(select count(*) " + plans + " and data_esito <= date '2022-11-04') = " + figure("f035"),
		"(select count(*) " + plans + " and data_esito = date '2023-07-28') = " + figure("f036"),
		"(select count(*) " + plans + " and data_esito = date '2023-07-28' and forma = 'singola') = " + figure("f038"),
		"(select round(100.0 * count(*) filter (where codice_regione in ('15', '16', '17', '18', '19')) / count(*), 2) " + plans + " and data_esito = date '2023-07-28') = " + figure("f040"),
		"(select round(100.0 * count(*) filter (where codice_regione not in ('13', '14', '15', '16', '17', '18', '19', '20')) / count(*), 2) " + plans + " and data_esito = date '2023-07-28') = " + figure("f041"),
		"(select count(*) from staging.interventi) = " + figure("f096"),
		"(select sum(giornate) from staging.interventi) = " + figure("f097"),
		"(select count(distinct codice_istat) from staging.domande_comuni join staging.comuni_codici using (codice_istat) where codice_regione = '01' and id_domanda in (select id_domanda from staging.istruttorie where esito = 'ammessa')) = " + figure("f157"),
		// Money: of the plans, and of both lines of work, what was claimed, certified and paid.
		"(select sum(importo_approvato_eur) from staging.piani) between 0.9 * 22000000 and " + figure("f088"),
		"(select sum(importo_eur) from staging.rendicontazioni where programma = 'piccoli') between 0.8 * 22000000 and " + figure("f088"),
		"(select sum(importo_eur) from staging.rendicontazioni where programma = 'fast-piccoli-comuni') between 0.8 * 20000000 and " + figure("f113"),
		"(select sum(importo_eur) from staging.rendicontazioni) <= " + figure("f001"),
		"(select bool_and(importo_eur <= importo_approvato_eur) from (select id_piano, sum(importo_eur) as importo_eur from staging.rendicontazioni group by id_piano) join staging.piani using (id_piano))",
		"(select bool_and(importo_eur = importo_approvato_eur) from (select id_piano, sum(importo_eur) as importo_eur from staging.piani_centri group by id_piano) join staging.piani using (id_piano))",
		"(select bool_and(esito <> 'ammessa' or eleggibile) from staging.istruttorie join staging.domande_comuni using (id_domanda) join staging.comuni_codici using (codice_istat))",
		"(select count(distinct stato) from staging.rendicontazioni) = 5 and (select count(distinct forma_sostegno) from staging.rendicontazioni) = 4",
		"(select bool_and(starts_with(id_rendicontazione, 'SIM-')) from staging.rendicontazioni)",
	} {
		if got := ask(t, db, rule); got != "true" {
			t.Errorf("does not hold (%s): %s", got, rule)
		}
	}
	whole := simulated(t, c, 3, 1, 0)
	if a, b := lines(t, whole, "rendicontazioni"), lines(t, folder, "rendicontazioni"); ask(t, db, "select "+a+" * 3 = "+b) != "true" {
		t.Errorf("%s claims become %s", a, b)
	}
	again := filepath.Join(t.TempDir(), "w.duckdb")
	buildWarehouse(t, c, whole, again)
	money := "select sum(importo_eur) || ' ' || sum(importo_certificato_eur) || ' ' || sum(importo_pagato_eur) from staging.rendicontazioni"
	if a, b := ask(t, again, money), ask(t, db, money); a != b {
		t.Errorf("split claims make %s, whole ones %s", b, a)
	}
}

// buildWarehouse makes a warehouse of a simulated year, without pages.
func buildWarehouse(t *testing.T, c *catalog.Catalog, folder, db string) {
	t.Helper()
	built, err := warehouse.Build(t.Context(), c, warehouse.Options{DB: db, MemoryLimit: "500MB", Engine: "prova", Inputs: ingest.Inputs{Root: c.Root, Inbox: folder, Clock: "2026-02-28"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := built.Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestSimulateRefuses gives the command what it can't do.
func TestSimulateRefuses(t *testing.T) {
	dir := newProject(t)
	full := filepath.Join(dir, "piena")
	write(t, filepath.Join(full, "mio.txt"), "x")
	for _, c := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{"--out", full}, 3, "la cartella non è vuota"},
		{[]string{"--out", "nuova", "--scale", "0"}, 3, "--scale 0: è un numero intero da 1 in su"},
		{[]string{"--out", "nuova", "--scale", "1000000"}, 3, "--scale 1000000: non più di"},
		{[]string{"--out", "nuova", "--errors", "0.7"}, 3, "è una quota da 0 a 0.5"},
		{[]string{"--out", "nuova", "--seed", "tre"}, 2, "il seme è un numero intero"},
		{nil, 2, "dove scrivere?"},
	} {
		r := piccoli(t, dir, nil, append([]string{"simulate"}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.err, c.said) {
			t.Errorf("%v: %d\n%s", c.args, r.code, r.err)
		}
	}
	if b, err := os.ReadFile(filepath.Join(full, "mio.txt")); err != nil || string(b) != "x" {
		t.Error("a folder of others was touched", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "nuova*")); err != nil || len(left) > 0 {
		t.Error("something was left behind:", left, err)
	}
}
