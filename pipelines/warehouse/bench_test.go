package warehouse_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/warehouse"
)

// claims are as many as an environment variable says, else five million.
func claims(b *testing.B) int {
	text := os.Getenv("PICCOLI_BENCH_CLAIMS")
	if text == "" {
		return 5_000_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkClaims times a contract's claims with quarantine, ledger and Parquet beside DuckDB alone, which reads the same file with the types
// given and writes it: first ten columns without rules, as wide as what DuckDB alone was measured with, then the ministry's claims with all
// their rules of rows. PICCOLI_BENCH_MEMORY sets DuckDB's share of the memory (default 800MB, so that the process stays within 1 GiB).
func BenchmarkClaims(b *testing.B) {
	n := claims(b)
	memory := os.Getenv("PICCOLI_BENCH_MEMORY")
	if memory == "" {
		memory = "800MB"
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		b.Fatal(err)
	}
	full, err := catalog.Load(context.Background(), root)
	if err != nil {
		b.Fatal(err)
	}
	// The contract of the claims with what its rules look up, and no other table of the project.
	wanted := map[catalog.Ref]bool{}
	var need func(r catalog.Ref)
	need = func(r catalog.Ref) {
		q := full.Find(catalog.Layer(r.Schema), r.Name)
		if q == nil || wanted[q.Ref()] {
			return
		}
		wanted[q.Ref()] = true
		for _, next := range q.DependsOn {
			need(next)
		}
		if q.Source == nil {
			return
		}
		for _, c := range q.Source.Columns {
			for _, of := range []string{c.In, c.Parent} {
				if table, _, ok := strings.Cut(of, "."); ok {
					need(catalog.Ref{Schema: string(catalog.Staging), Name: table})
				}
			}
		}
		for _, check := range full.RowChecks(q) {
			need(check.Ref())
		}
	}
	need(catalog.Ref{Schema: string(catalog.Staging), Name: "rendicontazioni"})
	full.Queries = slices.DeleteFunc(full.Queries, func(q *catalog.Query) bool { return !wanted[q.Ref()] })
	b.Run("ten columns", func(b *testing.B) {
		dir := b.TempDir()
		write(b, dir, "queries/staging/rendicontazioni.sql", tenColumns)
		c, err := catalog.Load(context.Background(), dir)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			compareClaims(b, c, tenColumnNames, n, memory)
		}
	})
	b.Run("the ministry's", func(b *testing.B) {
		for b.Loop() {
			compareClaims(b, full, claimColumns, n, memory)
		}
	})
}

const tenColumns = `-- ---
-- title: {it: rendicontazioni, en: claims}
-- description: {it: x, en: x}
-- source:
--   publisher: x
--   licence: CC-BY-4.0
--   cadence: irregular
--   files: ["data/inbox/rendicontazioni/*.csv"]
--   format: csv
--   amount: importo_eur
--   dialect: {delimiter: [";", ","], encoding: [utf-8, windows-1252], decimal: [",", "."], date: [iso, italian], "null": ["", "N/D", "nd"], header_within: 20, unwrap: true}
--   columns:
--     id_rendicontazione: {type: text, it: x, en: x}
--     codice_istat: {type: text, format: codice_istat, pad: 6, it: x, en: x}
--     programma: {type: text, required: true, allowed: [avviso-piccoli-comuni, piccoli, fast-piccoli-comuni, italiae], it: x, en: x}
--     cup: {type: text, format: cup, it: x, en: x}
--     forma_sostegno: {type: text, required: true, allowed: [costi_reali, costi_unitari, somma_forfettaria], it: x, en: x}
--     data_completamento: {type: date, it: x, en: x}
--     quantita: {type: "decimal(14,4)", additive: false, it: x, en: x}
--     importo_eur: {type: "decimal(18,2)", unit: EUR, required: true, it: x, en: x}
--     importo_pagato_eur: {type: "decimal(18,2)", unit: EUR, it: x, en: x}
--     stato: {type: text, allowed: [prevista, rendicontata, certificata, pagata, rettificata], it: x, en: x}
--   rows: {min: 1, max: 60000000}
-- key: [id_rendicontazione]
-- checks:
--   - {rule: "importo_pagato_eur <= importo_eur", severity: row, reason: pagato_oltre_rendicontato, column: importo_pagato_eur, it: x, en: x}
-- ---
select * from raw.rendicontazioni
`

// BenchmarkGrowth times the ten columns from ten thousand claims to fifty million, and prints them as a table and as a chart for the Markdown of
// docs/benchmarks.md: what one row costs must stay flat where growth is linear.
func BenchmarkGrowth(b *testing.B) {
	dir := b.TempDir()
	write(b, dir, "queries/staging/rendicontazioni.sql", tenColumns)
	c, err := catalog.Load(context.Background(), dir)
	if err != nil {
		b.Fatal(err)
	}
	most := 50_000_000
	if os.Getenv("PICCOLI_BENCH_CLAIMS") != "" {
		most = claims(b)
	}
	for b.Loop() {
		var table, ours, alone []string
		for n := 10_000; n <= most; n *= 10 {
			for _, n := range []int{n, 5 * n} {
				if n > most {
					continue
				}
				t := compareClaims(b, c, tenColumnNames, n, "600MB")
				row := func(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/float64(n)) }
				ours, alone = append(ours, row(t.ours)), append(alone, row(t.alone))
				table = append(table, fmt.Sprintf("| %d | %.2f s | %.2f s | %s µs | %s µs | %d MB |", n, t.alone.Seconds(), t.ours.Seconds(), row(t.alone), row(t.ours), t.peakMB))
			}
		}
		fmt.Printf("\n%s\n\nline [%s]\nline [%s]\n", strings.Join(table, "\n"), strings.Join(ours, ", "), strings.Join(alone, ", "))
	}
}

// tenColumnNames are the columns of tenColumns.
var tenColumnNames = []string{"id_rendicontazione", "codice_istat", "programma", "cup", "forma_sostegno", "data_completamento", "quantita", "importo_eur", "importo_pagato_eur", "stato"}

// timing is what the same claims cost.
type timing struct {
	alone, ours time.Duration
	peakMB      int64 // of the process, ours
}

// compareClaims prints what the same n claims cost us and DuckDB alone; both write the file's columns.
func compareClaims(b *testing.B, c *catalog.Catalog, columns []string, n int, memory string) (t timing) {
	ctx := context.Background()
	inbox := b.TempDir()
	file := writeClaims(b, inbox, columns, n)
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	start, cpu := time.Now(), cpuTime(b)
	aloneWithClaims(b, c, columns, file, memory)
	alone, aloneCPU := time.Since(start), cpuTime(b)-cpu
	peakAnew(b)

	dir := b.TempDir()
	start, cpu = time.Now(), cpuTime(b)
	built, err := warehouse.Build(ctx, c, warehouse.Options{DB: filepath.Join(dir, "w.duckdb"), MemoryLimit: memory, Engine: "bench", Inputs: ingest.Inputs{Root: c.Root, Inbox: inbox, Clock: "2023-12-31"}})
	if err != nil {
		b.Fatal(err)
	}
	contract := time.Since(start)
	if _, err := built.DB.ExecContext(ctx, fmt.Sprintf("copy (select %s from staging.rendicontazioni) to %s (format parquet, compression zstd)", strings.Join(columns, ", "), catalog.Literal(filepath.Join(dir, "r.parquet")))); err != nil {
		b.Fatal(err)
	}
	ours, oursCPU := time.Since(start), cpuTime(b)-cpu
	var read, loaded, held int64
	if err := built.DB.QueryRowContext(ctx, "select sum(righe_lette), sum(righe_caricate), sum(righe_quarantena) from piccoli.registro_righe where tabella = 'rendicontazioni'").Scan(&read, &loaded, &held); err != nil {
		b.Fatal(err)
	}
	if err := built.Discard(); err != nil {
		b.Fatal(err)
	}
	if read != int64(n) || held != int64(n/1000) || loaded+held != read {
		b.Fatalf("read %d, loaded %d, in quarantine %d", read, loaded, held)
	}
	fmt.Printf("\n%d claims of %d columns, %d MB of CSV, %d in quarantine, memory_limit %s\n%-56s %6.1f s (%.1f s of processor)\n%-56s %6.1f s (%.1f)   %.2f (%.2f) of DuckDB alone, wanted <= 1.5\n%-56s %6.1f s\n%-56s %6d MB\n", n, len(columns), info.Size()>>20, held, memory,
		"DuckDB alone: typed read_csv, COPY to Parquet", alone.Seconds(), aloneCPU.Seconds(), "contract, quarantine, ledger, Parquet", ours.Seconds(), oursCPU.Seconds(), ours.Seconds()/alone.Seconds(), oursCPU.Seconds()/aloneCPU.Seconds(), "  of which before the Parquet", contract.Seconds(), "  greatest resident memory meanwhile", peakMemory(b))
	if err := errors.Join(os.RemoveAll(dir), os.RemoveAll(inbox)); err != nil { // gigabytes, before the next are written
		b.Fatal(err)
	}
	return timing{alone: alone, ours: ours, peakMB: peakMemory(b)}
}

// BenchmarkSheet streams a workbook of 200,000 claims of 25 columns and prints what the process holds at most.
func BenchmarkSheet(b *testing.B) {
	ctx := context.Background()
	root, err := filepath.Abs("../..")
	if err != nil {
		b.Fatal(err)
	}
	c, err := catalog.Load(ctx, root)
	if err != nil {
		b.Fatal(err)
	}
	c.Queries = slices.DeleteFunc(c.Queries, func(q *catalog.Query) bool {
		return q.Layer != catalog.Staging && (q.Layer != catalog.Checks || q.Severity != catalog.Row)
	})
	const rows = 200_000
	inbox := b.TempDir()
	text := writeClaims(b, inbox, claimColumns, rows)
	if err := asSheet(text); err != nil {
		b.Fatal(err)
	}
	peakAnew(b)
	for b.Loop() {
		start := time.Now()
		built, err := warehouse.Build(ctx, c, warehouse.Options{DB: filepath.Join(b.TempDir(), "w.duckdb"), MemoryLimit: "256MB", Engine: "bench", Inputs: ingest.Inputs{Root: root, Inbox: inbox, Clock: "2023-12-31"}})
		if err != nil {
			b.Fatal(err)
		}
		var read, held int64
		if err := built.DB.QueryRowContext(ctx, "select sum(righe_lette), sum(righe_quarantena) from piccoli.registro_righe where tabella = 'rendicontazioni'").Scan(&read, &held); err != nil {
			b.Fatal(err)
		}
		if err := built.Discard(); err != nil {
			b.Fatal(err)
		}
		if read != rows || held != rows/1000 {
			b.Fatalf("read %d, in quarantine %d", read, held)
		}
		fmt.Printf("\nXLSX of %d rows and %d columns: %.1f s, greatest resident memory %d MB, wanted < 512\n", rows, len(claimColumns), time.Since(start).Seconds(), peakMemory(b))
	}
}

// asSheet puts a workbook with numbers and dates as a spreadsheet keeps them in the place of a CSV file.
func asSheet(text string) error {
	in, err := os.Open(text)
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	w, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		var cells []any
		for _, cell := range strings.Split(lines.Text(), ";") {
			number, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
			day, dayErr := time.Parse("02/01/2006", cell)
			switch {
			case dayErr == nil:
				cells = append(cells, day)
			case err == nil && len(cell) != 6: // a code stays a text
				cells = append(cells, number)
			default:
				cells = append(cells, cell)
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", n), cells); err != nil {
			return err
		}
	}
	if err := errors.Join(lines.Err(), in.Close(), w.Flush(), book.SaveAs(strings.TrimSuffix(text, ".csv")+".xlsx"), book.Close()); err != nil {
		return err
	}
	return os.Remove(text)
}

// cpuTime is what this process has used of all processors: unlike the clock it does not grow with what else the machine does.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakAnew lets the peak of memory start anew.
func peakAnew(b *testing.B) {
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Skip(err)
	}
}

// peakMemory is the greatest resident set of the process since peakAnew, in MiB.
func peakMemory(b *testing.B) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb >> 10
		}
	}
	return 0
}

// aloneWithClaims does what a person would type.
func aloneWithClaims(b *testing.B, c *catalog.Catalog, names []string, file, memory string) {
	dir := b.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(dir, "a.db")+"?memory_limit="+memory)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	q := c.Find(catalog.Staging, "rendicontazioni")
	var columns []string
	for _, name := range names {
		columns = append(columns, catalog.Literal(name)+": "+catalog.Literal(q.Source.Column(name).DuckDB()))
	}
	for _, statement := range []string{
		fmt.Sprintf("create table r as from read_csv(%s, header = true, delim = ';', decimal_separator = ',', dateformat = '%%d/%%m/%%Y', auto_detect = false, quote = '\"', columns = {%s})", catalog.Literal(file), strings.Join(columns, ", ")),
		fmt.Sprintf("copy r to %s (format parquet, compression zstd)", catalog.Literal(filepath.Join(dir, "r.parquet"))),
	} {
		if _, err := db.Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		b.Fatal(err)
	}
}

// claimColumns are those that every file of claims must have.
var claimColumns = []string{"id_rendicontazione", "id_piano", "id_intervento", "codice_istat", "programma", "fondo", "asse", "cup", "forma_sostegno", "metodo_calcolo", "documento_condizioni", "output", "data_completamento",
	"unita", "quantita", "importo_unitario_eur", "base_eur", "tasso_pct", "importo_eur", "importo_certificato_eur", "importo_pagato_eur", "stato", "data_rendicontazione", "data_certificazione", "data_pagamento"}

// writeClaims writes n claims of a thousand plans with the columns named, as an office would, one in a thousand paid more than it was certified;
// and gives the file of the claims. Plans and applications stand beside them.
func writeClaims(b *testing.B, inbox string, columns []string, n int) string {
	file := func(table string, rows func(w *bufio.Writer)) string {
		if err := os.MkdirAll(filepath.Join(inbox, table), 0o755); err != nil {
			b.Fatal(err)
		}
		f, err := os.Create(filepath.Join(inbox, table, table+".csv"))
		if err != nil {
			b.Fatal(err)
		}
		w := bufio.NewWriterSize(f, 1<<20)
		rows(w)
		if err := errors.Join(w.Flush(), f.Close()); err != nil {
			b.Fatal(err)
		}
		return f.Name()
	}
	if slices.Contains(columns, "id_piano") {
		file("domande", func(w *bufio.Writer) {
			w.WriteString("id_domanda;programma;data_presentazione;forma;codice_istat;ambiti\n")
			for i := range 1000 {
				fmt.Fprintf(w, "D%04d;avviso-piccoli-comuni;21/05/2020;singola;054028;smart-working\n", i)
			}
		})
		file("piani", func(w *bufio.Writer) {
			w.WriteString("id_piano;id_domanda;data_scadenza;data_presentazione;data_esito;esito;importo_richiesto_eur;importo_approvato_eur\n")
			for i := range 1000 {
				fmt.Fprintf(w, "P%04d;D%04[1]d;31/12/2020;01/12/2020;15/01/2021;approvato;42000,00;42000,00\n", i)
			}
		})
	}
	return file("rendicontazioni", func(w *bufio.Writer) {
		w.WriteString(strings.Join(columns, ";") + "\n")
		istat := []string{"054028", "001001", "019101", "069001", "103001"}
		line := make([]byte, 0, 512)
		for i := range n {
			units, day := int64(250+i%50), i%28+1
			line = line[:0]
			date := func(month string) {
				line = append(line, byte('0'+day/10), byte('0'+day%10), '/')
				line = append(append(line, month...), "/2021"...)
			}
			amount := func(euro int64) { line = append(strconv.AppendInt(line, euro, 10), ",00"...) }
			for k, column := range columns {
				if k > 0 {
					line = append(line, ';')
				}
				switch column {
				case "id_rendicontazione":
					line = strconv.AppendInt(append(line, 'R'), int64(100_000_000+i), 10)
				case "id_piano":
					line = fmt.Appendf(line, "P%04d", i%1000)
				case "codice_istat":
					line = append(line, istat[i%len(istat)]...)
				case "quantita":
					line = strconv.AppendInt(line, units, 10)
				case "importo_eur", "importo_certificato_eur":
					amount(units)
				case "importo_pagato_eur":
					if i%1000 == 999 {
						units++
					}
					amount(units)
				case "importo_unitario_eur":
					amount(1)
				case "data_completamento":
					date("06")
				case "data_rendicontazione":
					date("07")
				case "data_certificazione":
					date("08")
				case "data_pagamento":
					date("09")
				default:
					line = append(line, fixedCells[column]...)
				}
			}
			w.Write(append(line, '\n'))
		}
	})
}

// fixedCells are the same in every claim; a column that is not here is empty.
var fixedCells = map[string]string{"programma": "avviso-piccoli-comuni", "fondo": "FSE", "asse": "1", "cup": "J59D20000000007", "forma_sostegno": "costi_unitari", "metodo_calcolo": "a",
	"documento_condizioni": "Decreto 12/2021", "output": "Giornata di consulenza", "unita": "giornata", "stato": "pagata"}
