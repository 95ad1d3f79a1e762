package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"piccoli/pipelines/release"
)

// many is a dataset of so many rows, each of a region; the last rows are of none.
func many(name string, rows int) string {
	return fmt.Sprintf(`-- ---
-- title: {it: Molte righe %[1]s, en: Many rows %[1]s}
-- description: {it: "Righe contate, per provare che cosa si pubblica di un dataset grande e che cosa no.", en: "Rows that are counted, to try what is published of a large dataset and what is not."}
-- grain: {it: una riga per numero, en: one row per number}
-- key: [numero]
-- columns:
--   numero: {type: bigint, it: Numero, en: Number}
--   codice_regione: {type: text, it: Codice ISTAT della regione, en: ISTAT code of the region}
--   importo_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Importo, en: Amount}
-- rows: {min: %[2]d, max: %[2]d}
-- ---
select
    range as numero,
    case when range %% 3 = 0 then '01' when range %% 3 = 1 then '12' end as codice_regione,
    cast(range %% 100000 as decimal(18, 2)) as importo_eur
from range(%[2]d)
`, name, rows)
}

const (
	operationsHeader = "id_operazione;programma_operativo;fondo;beneficiario_nome;beneficiario_codice_fiscale;operazione_nome;operazione_sintesi;data_inizio;data_fine;spesa_ammissibile_eur;tasso_cofinanziamento_ue_pct;asse;codice_nuts;categoria_intervento_codice;categoria_intervento_nome;forma_sostegno\n"
	grantsHeader     = "id_concessione;amministrazione_codice_ipa;beneficiario_nome;beneficiario_codice_fiscale;importo_eur;norma_titolo;ufficio_responsabile;ruolo_responsabile;modalita_individuazione;link_progetto;link_atto;data_atto;data_pubblicazione\n"
)

func operation(id string) string {
	return id + ";PON;FSE;Ente di prova;80118510587;Operazione di prova " + id + ";Sintesi di prova, lunga abbastanza per l’elenco;2020-01-01;2022-12-31;1000,50;80;1;ITI43;119;Investimento nella capacità istituzionale;somma_forfettaria\n"
}

// national is the same operation paid by the complementary programme.
func national(row string) string {
	return strings.Replace(strings.Replace(row, ";PON;FSE;", ";POC;FDR;", 1), ";80;", ";0;", 1)
}

func grant(id, day string) string {
	return id + ";pcm;Ente di prova;80118510587;1500,00;Avviso di prova;Ufficio di prova;Dirigente dell’ufficio;Avviso pubblico;https://www.example.org/progetto/" + id + ";https://www.example.org/atto/" + id + ";" + day + ";" + day + "\n"
}

// regional is the same operation paid by the other Fund of its programme.
func regional(row string) string {
	return strings.NewReplacer(";PON;FSE;", ";PON;FESR;", ";119;Investimento nella capacità istituzionale;", ";096;Capacità istituzionale delle amministrazioni pubbliche;").Replace(row)
}

// below lists the files under a folder, by slash paths.
func below(t *testing.T, root string) (out []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAddresses publishes every kind of file there is, freezes it, and then takes away all that may go: a large dataset with its folder by region, a year of the acts, an operation. Every file
// of every version stays at its address with its bytes; every page and feed stays; what left the current data is told of where it was.
func TestAddresses(t *testing.T) {
	p := proof{t}
	dir := smallProject(t)
	path := func(p string) string { return filepath.Join(dir, filepath.FromSlash(p)) }
	dist := path("site/dist")
	put(t, path("queries/marts/molte.sql"), many("molte", 200_001))
	put(t, path("queries/marts/tante.sql"), many("tante", 200_000))
	write(t, path("data/inbox/operazioni/operazioni.csv"), operationsHeader+operation("O-1")+operation("O-2")+national(operation("O-3"))+regional(operation("O-4")))
	write(t, path("data/inbox/atti_concessione/atti.csv"), grantsHeader+grant("A-1", "2021-05-03")+grant("A-2", "2022-05-03"))
	p.run(0, dir, nil, "build", "--as-of", "2022-06-01")
	p.large(dist)
	p.divided(dist)

	p.run(0, dir, nil, "release", "1.0.0")
	p.run(0, dir, nil, "build", "--as-of", "2022-06-01")
	before := below(t, dist)

	if err := os.Remove(path("queries/marts/molte.sql")); err != nil {
		t.Fatal(err)
	}
	write(t, path("data/inbox/operazioni/operazioni.csv"), operationsHeader+operation("O-1"))
	write(t, path("data/inbox/atti_concessione/atti.csv"), grantsHeader+grant("A-2", "2022-05-03"))
	p.run(0, dir, nil, "build", "--as-of", "2022-07-01")
	p.run(0, dir, nil, "release", "2.0.0")
	p.run(0, dir, nil, "build", "--as-of", "2022-07-01")

	kinds := map[string]bool{}
	for _, version := range []string{"1.0.0", "2.0.0"} {
		var m release.Manifest
		if err := json.Unmarshal([]byte(read(t, path("data/releases"), version, "data", "manifest.json")), &m); err != nil {
			t.Fatal(err)
		}
		for _, f := range m.Files {
			kinds[f.Format] = true
			body, err := os.ReadFile(filepath.Join(dist, "releases", version, "data", filepath.FromSlash(f.Path)))
			if err != nil || release.Digest(body) != f.SHA256 {
				t.Errorf("releases/%s/data/%s is not what it was: %v", version, f.Path, err)
			}
		}
	}
	for _, kind := range []string{"parquet", "csv", "json", "xlsx", "arrows", "xml", "en.csv"} {
		if !kinds[kind] {
			t.Errorf("no version has a file of the kind %s", kind)
		}
	}
	after := below(t, dist)
	for _, kind := range []string{"data/atti_di_concessione/2021.csv", "data/operazioni/POC-FDR.csv", "data/operazioni/PON-FESR.csv", "data/list-of-operations/POC-FDR.en.csv", "data/operazioni.xml", "data/list-of-operations.en.csv", "data/molte/codice_regione=01/molte.parquet", "data/molte/codice_regione=__HIVE_DEFAULT_PARTITION__/molte.parquet",
		"data/molte.csv-metadata.json", "data/molte.arrows"} {
		if !slices.Contains(before, kind) || !slices.Contains(after, "releases/1.0.0/"+kind) {
			t.Errorf("%s was not published, or its version is no longer there", kind)
		}
	}
	for _, address := range before {
		switch {
		case slices.Contains(after, address), strings.HasPrefix(address, "assets/"): // parts of pages, named by their content
		case !strings.HasPrefix(address, "data/") || !slices.Contains(after, "releases/1.0.0/"+address):
			t.Errorf("the address %s is dead", address)
		}
	}
	feeds := 0
	for _, address := range before {
		if !strings.HasSuffix(address, "feed.atom") {
			continue
		}
		feeds++
		p.says(read(t, dist, address), "releases/1.0.0</id>")
		if !strings.Contains(address, "regioni/") { // nothing of a region changed
			p.says(read(t, dist, address), "releases/2.0.0</id>")
		}
	}
	if feeds != 2*(1+20) {
		t.Errorf("%d feeds, want one of the site and one of each region, in both languages", feeds)
	}
	p.says(read(t, dist, "dati", "molte", "index.html"), "fino alla 1.0.0", "releases/1.0.0/")
	p.says(read(t, dist, "data", "latest.json"), `"dataset": "molte"`, `"last_version": "1.0.0"`)
	for _, version := range []string{"1.0.0", "2.0.0"} {
		p.run(0, dir, nil, "verify", filepath.Join(dist, "releases", version))
	}
}

// divided wants each list told by programme and Fund, or by year, on its page in both languages: how many rows, how much, the files, the rows themselves; all of it without a script.
func (p proof) divided(dist string) {
	p.Helper()
	said := map[string][]string{
		"":   {`<a href="#e-operazioni-PON-FSE">PON · FSE</a></th><td class="numero">2 <a`, "2.001 € <a", "L’elenco diviso per: Programma (PON o POC); Fondo", "Operazione di prova O-3"},
		"en": {`<a href="#e-operazioni-PON-FSE">PON · FSE</a></th><td class="numero">2 <a`, "€2,001 <a", "The list divided by: Programme (PON or POC); Fund", "Operazione di prova O-3"},
	}
	for lang, texts := range said {
		page := read(p, dist, lang, "elenchi", "index.html")
		p.says(page, texts...)
		p.says(page, `id="e-operazioni-POC-FDR"`, `id="e-atti_di_concessione-2021"`, "data/operazioni/PON-FSE.csv", "data/operazioni/POC-FDR.csv", "data/list-of-operations/PON-FSE.en.csv", "data/atti_di_concessione/2022.csv")
		if i, j := strings.Index(page, `<h4 class="h6" id="e-operazioni-POC-FDR"`), strings.Index(page, `<h4 class="h6" id="e-operazioni-PON-FSE"`); i < 0 || j < i || strings.Contains(page[i:j], "O-1") || !strings.Contains(page[j:], "O-1") {
			p.Errorf("%q: an operation stands under another programme or Fund", lang)
		}
	}
	p.says(read(p, dist, "data", "operazioni", "POC-FDR.csv"), "\nO-3,POC,FDR,")
	if text := read(p, dist, "data", "operazioni", "PON-FSE.csv"); strings.Count(text, "\n") != 3 || strings.Contains(text, "FDR") || strings.Contains(text, "FESR") {
		p.Errorf("PON-FSE.csv: %s", text)
	}
}

// large wants JSON and XLSX of a dataset up to 200,000 rows and not of one row more, which is in a folder by region too, and that its page says so.
func (p proof) large(dist string) {
	p.Helper()
	for file, want := range map[string]bool{
		"molte.parquet": true, "molte.csv": true, "molte.arrows": true, "molte.json": false, "molte.xlsx": false, "molte/codice_regione=01/molte.parquet": true,
		"tante.parquet": true, "tante.csv": true, "tante.arrows": true, "tante.json": true, "tante.xlsx": true, "tante/codice_regione=01/tante.parquet": false,
	} {
		if _, err := os.Stat(filepath.Join(dist, "data", filepath.FromSlash(file))); (err == nil) != want || err != nil && !errors.Is(err, fs.ErrNotExist) {
			p.Errorf("data/%s: %v, want it there: %t", file, err, want)
		}
	}
	if got := strings.Count(read(p, dist, "data", "molte.csv"), "\n"); got != 200_002 {
		p.Errorf("molte.csv has %d lines", got)
	}
	said := map[string]string{"": "Questo dataset ha più di 200.000 righe: non c’è in JSON né in Excel.", "en": "This dataset has more than 200,000 rows: there is no JSON and no Excel file of it."}
	for lang, text := range said {
		molte, tante := read(p, dist, lang, "dati", "molte", "index.html"), read(p, dist, lang, "dati", "tante", "index.html")
		p.says(molte, text, "data/molte.csv", "data/molte.parquet", "data/molte.arrows", "data/molte/codice_regione=12/molte.parquet")
		p.says(tante, "data/tante.json", "data/tante.xlsx")
		if strings.Contains(tante, text) || strings.Contains(molte, "molte.json") || strings.Contains(molte, "molte.xlsx") {
			p.Errorf("%q: the pages do not say what there is", lang)
		}
	}
}
