package site

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// LaboratoryFolder holds what the SQL page runs. A worker's policy is that of its own file's response: a server that sends headers must allow
// WebAssembly below this folder and on the page itself (see Headers), and nowhere else.
const LaboratoryFolder = "assets/laboratorio/"

// laboratoryPackage is DuckDB for browsers. Its "eh" build runs in every browser since 2021 and Safari since 15.2.
const laboratoryPackage = "@duckdb/duckdb-wasm"

// laboratory is where the SQL page's parts are.
type laboratory struct {
	Script, Engine, Worker, Module string
	MBModule, MBScripts            string // of the module, and of engine and worker, as a server sends them, compressed; one decimal
}

type datasetArrow struct {
	Nome, Arrow string
	Righe       int64
}

type esempioSQL struct{ Titolo, SQL catalog.Text }

type laboratorioView struct {
	Motore, Lavoratore, Modulo string
	MBModulo, MBScript         string
	Prima                      string
	Limiti                     []int // seconds
	Esempi                     []esempioSQL
	Dataset                    []datasetArrow
}

// laboratoryAssets writes the SQL page's scripts and DuckDB's files.
func (b *builder) laboratoryAssets() (err error) {
	if b.common.Laboratory, err = b.bundled("laboratorio.js", "assets/laboratorio"); err != nil {
		return err
	}
	l := &b.lab
	if l.Engine, err = b.bundled("motore.js", LaboratoryFolder+"motore"); err != nil {
		return err
	}
	version, err := packageVersion(b.in.Root, laboratoryPackage)
	if err != nil {
		return err
	}
	dist := filepath.Join(b.in.Root, "site", "node_modules", filepath.FromSlash(laboratoryPackage), "dist")
	l.Worker, l.Module = LaboratoryFolder+"duckdb-"+version+".worker.js", LaboratoryFolder+"duckdb-"+version+".wasm"
	for _, f := range [][2]string{{l.Worker, "duckdb-browser-eh.worker.js"}, {l.Module, "duckdb-eh.wasm"}} {
		kept, err := b.tree.Keep(f[0], laboratoryPackage+" "+version) // 35 MB that need no reading while they are the same
		if err != nil {
			return err
		}
		if kept {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dist, f[1]))
		if err != nil {
			return fmt.Errorf("site: %w", err)
		}
		if before, _, ok := strings.Cut(string(raw[max(0, len(raw)-200):]), "//# sourceMappingURL="); ok {
			raw = raw[:max(0, len(raw)-200)+len(before)] // a file that is not here
		}
		if err := b.tree.Write(f[0], laboratoryPackage+" "+version, raw); err != nil {
			return err
		}
	}
	if l.MBModule, err = b.compressedMB(l.Module); err != nil {
		return err
	}
	l.MBScripts, err = b.compressedMB(l.Engine, l.Worker)
	return err
}

// compressedMB gives what files of the laboratory weigh together when a server sends them, in millions of bytes with one decimal. Their names tell
// their bytes: a version or a sum is in each.
func (b *builder) compressedMB(files ...string) (string, error) {
	return b.blobs.get(contentKey("peso", strings.Join(files, " ")), func() (string, error) {
		var n counter
		for _, f := range files {
			raw, err := os.ReadFile(b.tree.Path(f))
			if err != nil {
				return "", err
			}
			z := gzip.NewWriter(&n)
			if _, err := z.Write(raw); err != nil {
				return "", err
			}
			if err := z.Close(); err != nil {
				return "", err
			}
		}
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64), nil
	})
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// laboratorioPage is the page on which a reader asks the datasets in SQL, inside the browser.
func (b *builder) laboratorioPage(_ context.Context, yield func(page) error) error {
	v := laboratorioView{Motore: b.lab.Engine, Lavoratore: b.lab.Worker, Modulo: b.lab.Module, MBModulo: b.lab.MBModule, MBScript: b.lab.MBScripts, Limiti: []int{10, 30, 120}}
	for _, d := range b.in.Release.Datasets {
		for _, f := range d.Formats {
			if f.Format == "arrows" {
				v.Dataset = append(v.Dataset, datasetArrow{d.Name, f.Path, d.Rows})
			}
		}
	}
	if len(v.Dataset) == 0 {
		return errors.New("site: the release holds no Arrow files for the SQL page")
	}
	example := func(key, sql string) {
		v.Esempi = append(v.Esempi, esempioSQL{b.text(key), catalog.Text{It: strings.ReplaceAll(sql, "{lang}", "it"), En: strings.ReplaceAll(sql, "{lang}", "en")}})
	}
	example("laboratorio.esempio.regioni", "select denominazione, comuni, piccoli_comuni, popolazione_piccoli_comuni_2011\nfrom regioni\norder by piccoli_comuni desc")
	example("laboratorio.esempio.ambiti", "select nome_{lang}, quota_scelte_pct, id_fonte_quota\nfrom ambiti\nwhere quota_scelte_pct is not null\norder by quota_scelte_pct desc")
	example("laboratorio.esempio.contese", "select confronto, indicatore_{lang}, valore, unita, data_riferimento, id_fonte\nfrom cifre_ufficiali\nwhere confronto is not null\norder by confronto, data_riferimento, id_cifra")
	example("laboratorio.esempio.evidenze", "select comuni.denominazione, comuni.sigla_provincia, count(*) as evidenze, min(evidenze.data_evento) as prima, max(evidenze.data_evento) as ultima\nfrom evidenze\njoin comuni on comuni.codice_istat = evidenze.codice_istat\ngroup by all\norder by evidenze desc, comuni.denominazione\nlimit 20")
	v.Prima = v.Esempi[0].SQL.It
	title := b.text("laboratorio.titolo")
	return yield(page{Kind: "laboratorio", Path: "laboratorio/", Section: "dati", Title: title, Description: b.text("laboratorio.descrizione"),
		Crumbs: []crumb{{b.text("briciole.home"), ""}, {b.text("dati.titolo"), "dati/"}}, Data: v})
}
