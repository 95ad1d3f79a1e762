package warehouse_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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

// BenchmarkClaims times the claims' contract, quarantine, ledger and Parquet beside DuckDB alone, which reads the same file with the
// types given and writes it. PICCOLI_BENCH_MEMORY sets the memory of both (default 1GB); what the process holds in all is printed.
func BenchmarkClaims(b *testing.B) {
	n := claims(b)
	memory := os.Getenv("PICCOLI_BENCH_MEMORY")
	if memory == "" {
		memory = "1GB"
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	c, err := catalog.Load(ctx, root)
	if err != nil {
		b.Fatal(err)
	}
	// The contracts and the rules of rows alone: no published dataset.
	c.Queries = slices.DeleteFunc(c.Queries, func(q *catalog.Query) bool {
		return q.Layer != catalog.Staging && (q.Layer != catalog.Checks || q.Severity != catalog.Row)
	})
	inbox := b.TempDir()
	file := writeClaims(b, inbox, c, n)
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		start := time.Now()
		aloneWithClaims(b, c, file, memory)
		alone := time.Since(start)

		dir := b.TempDir()
		start = time.Now()
		built, err := warehouse.Build(ctx, c, warehouse.Options{DB: filepath.Join(dir, "w.duckdb"), MemoryLimit: memory, Engine: "bench", Inputs: ingest.Inputs{Root: root, Inbox: inbox, Clock: "2023-12-31"}, Step: func(name string, _ catalog.Text, d, _ int) {
			if os.Getenv("STEPS") != "" {
				fmt.Println(time.Since(start).Round(time.Millisecond), name)
			}
		}})
		if err != nil {
			b.Fatal(err)
		}
		contract := time.Since(start)
		if _, err := built.DB.ExecContext(ctx, fmt.Sprintf("copy (from staging.rendicontazioni) to %s (format parquet, compression zstd)", catalog.Literal(filepath.Join(dir, "r.parquet")))); err != nil {
			b.Fatal(err)
		}
		ours := time.Since(start)
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
		fmt.Printf("\n%d claims, %d MB of CSV, %d in quarantine, memory_limit %s\n%-56s %6.1f s\n%-56s %6.1f s   %.2f of DuckDB alone, wanted <= 1.5\n%-56s %6.1f s\n%-56s %6d MB\n", n, info.Size()>>20, held, memory,
			"DuckDB alone: typed read_csv, COPY to Parquet", alone.Seconds(), "contract, quarantine, ledger, Parquet", ours.Seconds(), ours.Seconds()/alone.Seconds(), "  of which before the Parquet", contract.Seconds(), "greatest resident memory of the process", peakMemory(b))
	}
}

// peakMemory is the greatest resident set of the process so far, in MiB.
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
func aloneWithClaims(b *testing.B, c *catalog.Catalog, file, memory string) {
	dir := b.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(dir, "a.db")+"?memory_limit="+memory)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	q := c.Find(catalog.Staging, "rendicontazioni")
	var columns []string
	for _, name := range claimColumns {
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
}

// claimColumns are those that every file of claims must have.
var claimColumns = []string{"id_rendicontazione", "id_piano", "id_intervento", "codice_istat", "programma", "fondo", "asse", "cup", "forma_sostegno", "metodo_calcolo", "documento_condizioni", "output", "data_completamento",
	"unita", "quantita", "importo_unitario_eur", "base_eur", "tasso_pct", "importo_eur", "importo_certificato_eur", "importo_pagato_eur", "stato", "data_rendicontazione", "data_certificazione", "data_pagamento"}

// writeClaims writes n claims of a thousand plans, as an office would, one in a thousand paid more than it was certified; and gives the file of the claims.
func writeClaims(b *testing.B, inbox string, c *catalog.Catalog, n int) string {
	open := func(table string) (*os.File, *bufio.Writer) {
		if err := os.MkdirAll(filepath.Join(inbox, table), 0o755); err != nil {
			b.Fatal(err)
		}
		f, err := os.Create(filepath.Join(inbox, table, table+".csv"))
		if err != nil {
			b.Fatal(err)
		}
		return f, bufio.NewWriterSize(f, 1<<20)
	}
	done := func(f *os.File, w *bufio.Writer) {
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
	f, w := open("domande")
	w.WriteString("id_domanda;programma;data_presentazione;forma;codice_istat;ambiti\n")
	for i := range 1000 {
		fmt.Fprintf(w, "D%04d;avviso-piccoli-comuni;21/05/2020;singola;054028;smart-working\n", i)
	}
	done(f, w)
	f, w = open("piani")
	w.WriteString("id_piano;id_domanda;data_scadenza;data_presentazione;data_esito;esito;importo_richiesto_eur;importo_approvato_eur\n")
	for i := range 1000 {
		fmt.Fprintf(w, "P%04d;D%04[1]d;31/12/2020;01/12/2020;15/01/2021;approvato;42000,00;42000,00\n", i)
	}
	done(f, w)
	f, w = open("rendicontazioni")
	w.WriteString(strings.Join(claimColumns, ";") + "\n")
	istat := []string{"054028", "001001", "019101", "069001", "103001"}
	for i := range n {
		paid := 250 + i%50
		if i%1000 == 999 {
			paid++
		}
		fmt.Fprintf(w, "R%08d;P%04d;;%s;avviso-piccoli-comuni;FSE;1;J59D20000000007;costi_unitari;a;Decreto 12/2021;Giornata di consulenza;%02d/06/2021;giornata;%d;1,00;;;%d,00;%d,00;%d,00;pagata;%02d/07/2021;%02d/08/2021;%02d/09/2021\n",
			i, i%1000, istat[i%len(istat)], i%28+1, 250+i%50, 250+i%50, 250+i%50, paid, i%28+1, i%28+1, i%28+1)
	}
	done(f, w)
	return f.Name()
}
