package warehouse_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/warehouse"
)

// checksGiven says whether somebody chose with -rapid.checks how often a property is tried.
var checksGiven = sync.OnceValue(func() (given bool) {
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	return given
})

// holds tries a property a few times, or as often as -rapid.checks says.
func holds(t *testing.T, few int, property func(*rapid.T)) {
	t.Helper()
	if !checksGiven() {
		for name, value := range map[string]string{"rapid.checks": strconv.Itoa(few), "rapid.shrinktime": "10s", "rapid.nofailfile": "true"} {
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	rapid.Check(t, property)
}

const ledgerContract = `-- ---
-- title: {it: prova, en: trial}
-- description: {it: x, en: x}
-- source:
--   publisher: x
--   licence: CC-BY-4.0
--   cadence: irregular
--   files: ["data/inbox/prova/*.{csv,xlsx}"]
--   optional: true
--   format: [csv, xlsx]
--   amount: importo_eur
--   dialect: {delimiter: [";", ","], encoding: [utf-8, windows-1252], decimal: ",", date: [iso, italian], "null": ["", nd], header_within: 5, quotes: doubled}
--   columns:
--     id: {type: text, it: a, en: a, required: true}
--     nome: {type: text, it: b, en: b}
--     stato: {type: text, it: c, en: c, allowed: [chiesto, pagato]}
--     giorno: {type: date, it: d, en: d}
--     importo_eur: {type: "decimal(18,2)", unit: EUR, it: e, en: e}
--   rows: {min: 1, max: 1000}
-- key: [id]
-- checks:
--   - {rule: "importo_eur >= 0", severity: row, reason: importo_negativo, column: importo_eur, it: negativo, en: negative}
-- ---
select * from raw.prova
`

// delivery is a file as people might make it, with what must be found in it.
type delivery struct {
	body  []byte
	name  string
	rows  int64
	cents int64 // of the amounts that can be read, in rows that are whole
}

func (d delivery) String() string {
	if strings.HasSuffix(d.name, ".csv") {
		return string(d.body)
	}
	return d.name
}

var (
	someNames   = []string{"Massa Martana", "Malé", "nd", "", "  Forlì ", "a;b,c", `detto "il Piccolo"`, "due\nrighe", "=1+1", "<b>x</b>", "'; drop table raw.prova; --", "\u202eabc", "Ω漢字", "\x1b[31m"}
	someStates  = []string{"chiesto", "Pagato", "", "negato", "chiesto"}
	someDays    = []string{"2021-01-31", "31/01/2021", "", "30/02/2021", "ieri", "2021-01-31"}
	wrongEuro   = []string{"uno", "1,234", "12,3,4", "--1", "1e5", "€"}
	strangeRows = []string{"", ";;;;", "a;b", "x;;;;;;7", ";"}
)

// drawDelivery draws a file of up to forty records.
func drawDelivery(t *rapid.T) (d delivery) {
	workbook := rapid.IntRange(0, 4).Draw(t, "workbook") == 0
	records := [][]string{{"id", "nome", "stato", "giorno", "importo eur"}}
	for i := range rapid.IntRange(1, 40).Draw(t, "rows") {
		euro := ""
		switch rapid.IntRange(0, 3).Draw(t, "euro") {
		case 0:
			euro = rapid.SampledFrom(wrongEuro).Draw(t, "wrong")
		case 1, 2:
			cents := rapid.Int64Range(-500, 1e12).Draw(t, "cents")
			sign, n := "", cents
			if cents < 0 {
				sign, n = "-", -cents
			}
			euro = fmt.Sprintf("%s%d,%02d", sign, n/100, n%100)
			d.cents += cents
		}
		id := fmt.Sprint("P-", i)
		if rapid.IntRange(0, 9).Draw(t, "key") == 0 {
			id = rapid.SampledFrom([]string{"", "P-0"}).Draw(t, "id")
		}
		record := []string{id, rapid.SampledFrom(someNames).Draw(t, "name"), rapid.SampledFrom(someStates).Draw(t, "state"), rapid.SampledFrom(someDays).Draw(t, "day"), euro}
		if workbook {
			record[1] = strings.ReplaceAll(record[1], "\x1b", "") // XML has no such character
		}
		records = append(records, record)
		if slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			d.rows++ // of nothing but blanks is no record
		}
	}
	if workbook {
		d.name, d.body = "prova.xlsx", asWorkbook(t, records)
		return d
	}
	d.name = "prova.csv"
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', rapid.Bool().Draw(t, "CRLF")
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		for rapid.IntRange(0, 9).Draw(t, "strange") == 0 {
			strange := rapid.SampledFrom(strangeRows).Draw(t, "row")
			if strings.Trim(strange, ";") != "" {
				d.rows++
			}
			b.WriteString(strange + "\n")
		}
	}
	d.body = b.Bytes()
	return d
}

func asWorkbook(t *rapid.T, records [][]string) []byte {
	book := excelize.NewFile()
	for i, r := range records {
		if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := book.WriteToBuffer()
	if err := errors.Join(err, book.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNoRowIsLost: of any file, the rows and the euro that were read are those that were loaded and those in quarantine, and the rows are as many as
// whoever wrote the file put into it.
func TestNoRowIsLost(t *testing.T) {
	root := t.TempDir()
	write(t, root, "queries/staging/prova.sql", ledgerContract)
	c, err := catalog.Load(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	inbox := filepath.Join(root, "data", "inbox", "prova")
	holds(t, 10, func(t *rapid.T) {
		d := drawDelivery(t)
		for _, used := range []string{inbox, filepath.Join(root, "data", "registro"), filepath.Join(root, "w.duckdb")} {
			if err := os.RemoveAll(used); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(os.MkdirAll(inbox, 0o755), os.WriteFile(filepath.Join(inbox, d.name), d.body, 0o644)); err != nil {
			t.Fatal(err)
		}
		b, err := warehouse.Build(context.Background(), c, warehouse.Options{DB: filepath.Join(root, "w.duckdb"), Threads: 2, MemoryLimit: "500MB", Engine: "1", Inputs: ingest.Inputs{Root: root, Clock: "2021-02-01"}})
		if err != nil {
			t.Fatalf("%v\n%s", err, d)
		}
		defer func() {
			if err := b.Discard(); err != nil {
				t.Fatal(err)
			}
		}()
		var got, loaded struct{ read, loaded, quarantined, readEuro, loadedEuro, quarantinedEuro int64 }
		if err := b.DB.QueryRow("select righe_lette, righe_caricate, righe_quarantena, (euro_letti_eur * 100)::bigint, (euro_caricati_eur * 100)::bigint, (euro_quarantena_eur * 100)::bigint from piccoli.registro_righe").
			Scan(&got.read, &got.loaded, &got.quarantined, &got.readEuro, &got.loadedEuro, &got.quarantinedEuro); err != nil {
			t.Fatal(err)
		}
		if err := b.DB.QueryRow("select count(*), coalesce((sum(importo_eur) * 100)::bigint, 0), (select count(distinct riga) from piccoli.quarantena) from staging.prova").Scan(&loaded.loaded, &loaded.loadedEuro, &loaded.quarantined); err != nil {
			t.Fatal(err)
		}
		switch {
		case got.read != d.rows || got.readEuro != d.cents:
			t.Fatalf("%d rows with %d cents were written, the ledger has %d with %d:\n%s", d.rows, d.cents, got.read, got.readEuro, d)
		case got.loaded+got.quarantined != got.read || got.loadedEuro+got.quarantinedEuro != got.readEuro:
			t.Fatalf("the ledger does not balance: %+v\n%s", got, d)
		case loaded.loaded != got.loaded || loaded.loadedEuro != got.loadedEuro || loaded.quarantined != got.quarantined:
			t.Fatalf("the ledger says %+v, the tables hold %+v\n%s", got, loaded, d)
		}
	})
}

// TestRegionsAreSumsOfComuni: over any rows, what a dataset by region says of its comuni is the sum of what the dataset by comune says, wherever
// amounts and counts can be added.
func TestRegionsAreSumsOfComuni(t *testing.T) {
	c, err := catalog.Load(t.Context(), "../..")
	if err != nil {
		t.Fatal(err)
	}
	db := memory(t)
	given := []string{"staging.regioni", "staging.comuni", "staging.comuni_codici", "marts.comuni", "marts.rendicontazioni", "marts.padigitale_candidature", "marts.piani", "marts.domande_comuni"}
	for _, name := range given {
		layer, table, _ := strings.Cut(name, ".")
		var defs []string
		for _, col := range c.Find(catalog.Layer(layer), table).Columns {
			defs = append(defs, catalog.Quote(col.Name)+" "+col.DuckDB())
		}
		exec(t, db, fmt.Sprintf("create table %s (%s)", name, strings.Join(defs, ", ")))
	}
	made := []string{"regioni", "spesa_per_comune", "spesa_per_regione", "padigitale_per_comune", "padigitale_per_regione"}
	const comuni = 12 // of four regions
	holds(t, 20, func(t *rapid.T) {
		do := func(statement string) {
			if _, err := db.Exec(statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		for _, table := range given {
			do("delete from " + table)
		}
		add := func(table, columns string, rows ...string) {
			if len(rows) > 0 {
				do(fmt.Sprintf("insert into %s (%s) values %s", table, columns, strings.Join(rows, ", ")))
			}
		}
		var places, regions, claims, grants []string
		for i := range comuni {
			places = append(places, fmt.Sprintf("('%06d', 'Comune %d', '%02d', %d, %t)", i, i, i%4, rapid.IntRange(0, 9000).Draw(t, "residents"), rapid.Bool().Draw(t, "small")))
		}
		for i := range 4 {
			regions = append(regions, fmt.Sprintf("('%02d', 'Regione %d')", i, i))
		}
		add("staging.comuni", "codice_istat, denominazione, codice_regione, popolazione_legale_2011, piccolo_comune", places...)
		add("marts.comuni", "codice_istat, denominazione, codice_regione, popolazione_legale_2011, piccolo_comune", places...)
		add("staging.regioni", "codice_regione, denominazione", regions...)
		do("insert into staging.comuni_codici (codice_istat, denominazione) select codice_istat, denominazione from staging.comuni")
		place := func() (comune, region string) { // a row of no comune is of a region or of none
			if n := rapid.IntRange(-6, comuni-1).Draw(t, "comune"); n >= 0 {
				return fmt.Sprintf("'%06d'", n), fmt.Sprintf("'%02d'", n%4)
			}
			return "null", rapid.SampledFrom([]string{"null", "'00'", "'01'"}).Draw(t, "region")
		}
		money := rapid.Custom(func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"null", "0.00", "0.01", "1234.56", "99999999.99", "-5.10"}).Draw(t, "euro")
		})
		for i := range rapid.IntRange(0, 30).Draw(t, "claims") {
			comune, region := place()
			euro := strings.Replace(money.Draw(t, "claimed"), "null", "0", 1) // a claim is of an amount
			claims = append(claims, fmt.Sprintf("('R-%d', %s, %s, %s, '%s', '%s', %s, %s, %s)", i, comune, comune, region, rapid.SampledFrom([]string{"piccoli", "italiae"}).Draw(t, "programme"),
				rapid.SampledFrom([]string{"prevista", "pagata", "presentata"}).Draw(t, "state"), euro, money.Draw(t, "certified"), money.Draw(t, "paid")))
		}
		add("marts.rendicontazioni", "id_rendicontazione, codice_istat_output, codice_istat, codice_regione, programma, stato, importo_rendicontato_eur, importo_certificato_eur, importo_pagato_eur", claims...)
		for i := range rapid.IntRange(0, 30).Draw(t, "grants") {
			comune, region := place()
			grants = append(grants, fmt.Sprintf("('I-%d', %s, %s, '%s', '%s', %s)", i, comune, region, rapid.SampledFrom([]string{"1.4.4", "1.4.5"}).Draw(t, "measure"), rapid.SampledFrom([]string{"A", "E", "R"}).Draw(t, "state"), strings.Replace(money.Draw(t, "granted"), "null", "7.00", 1)))
		}
		add("marts.padigitale_candidature", "codice_ipa, codice_istat, codice_regione, codice_misura, stato, importo_eur", grants...)
		for _, name := range made {
			do(fmt.Sprintf("create or replace table marts.%s as %s", name, c.Find(catalog.Marts, name).Statement()))
		}
		for _, same := range [][2]string{
			{"select codice_regione, sum(popolazione_legale_2011), count(*), count(*) filter (where piccolo_comune) from marts.comuni group by all", "select codice_regione, popolazione_legale_2011, comuni, piccoli_comuni from marts.regioni"},
			{"select codice_regione, programma, sum(importo_rendicontato_eur) as s from marts.spesa_per_comune group by all having s <> 0", "select codice_regione, programma, importo_rendicontato_comuni_eur from marts.spesa_per_regione where importo_rendicontato_comuni_eur <> 0"},
			{"select coalesce(codice_regione, '00'), programma, sum(importo_rendicontato_eur), coalesce(sum(importo_certificato_eur), 0), coalesce(sum(importo_pagato_eur), 0), count(*) from marts.rendicontazioni where stato <> 'prevista' group by all",
				"select codice_regione, programma, importo_rendicontato_eur, importo_certificato_eur, importo_pagato_eur, rendicontazioni from marts.spesa_per_regione"},
			{"select codice_regione, codice_misura, sum(importo_eur) as s, sum(candidature) from marts.padigitale_per_comune group by all having s <> 0", "select codice_regione, codice_misura, importo_comuni_eur, candidature_comuni from marts.padigitale_per_regione where importo_comuni_eur <> 0"},
			{"select codice_regione, codice_misura, sum(importo_erogato_eur) as s from marts.padigitale_per_comune group by all having s <> 0", "select codice_regione, codice_misura, importo_comuni_erogato_eur from marts.padigitale_per_regione where importo_comuni_erogato_eur <> 0"},
		} {
			var different int
			if err := db.QueryRow(fmt.Sprintf("select count(*) from ((from (%[1]s) except all from (%[2]s)) union all (from (%[2]s) except all from (%[1]s)))", same[0], same[1])).Scan(&different); err != nil {
				t.Fatal(err)
			}
			if different > 0 {
				t.Fatalf("%d rows differ:\n%s\n%s", different, same[0], same[1])
			}
		}
	})
}
