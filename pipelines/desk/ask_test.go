package desk_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
	"piccoli/pipelines/warehouse"
)

// small is a warehouse of one dataset with two rows, one of them hostile.
func small(t *testing.T) (file string, d *desk.Desk) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "piccoli.duckdb")
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		"attach '" + file + "' as magazzino", "use magazzino", "create schema marts", "create schema piccoli", "create schema staging",
		"create table marts.prova (codice varchar, importo_eur decimal(18,2), giorno date)",
		"insert into marts.prova values ('1', 1234567.50, '2024-03-31'), ('=cmd|x!A1' || chr(27) || '[31m' || chr(8238), null, null)",
		"create table piccoli.letti (simulato boolean)", "create table piccoli.passi (nodo varchar, testo varchar)", "insert into piccoli.passi values ('dati al', '2024-05-01')",
	} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if d, err = desk.Open(t.Context(), &catalog.Catalog{}, file, warehouse.Limits{Memory: "200MB", Threads: 1}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return file, d
}

// TestNoWayOut tries every way out of the warehouse that is known: each is refused before it is run, and again by the sealed warehouse where it
// would change or reach anything.
func TestNoWayOut(t *testing.T) {
	file, d := small(t)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := warehouse.OpenSealed(t.Context(), file, warehouse.Limits{Memory: "200MB", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer sealed.Close()
	text, err := os.ReadFile("testdata/vie_d_uscita.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		statement := lines.Text()
		if strings.HasPrefix(statement, "#") {
			continue
		}
		n++
		var asked *desk.AskError
		if r, err := d.Ask(t.Context(), statement, desk.Bounds{Time: 2 * time.Second, Rows: 10}); !errors.As(err, &asked) {
			t.Errorf("answered: %s\n%v %v", statement, r, err)
		} else if what := asked.Problems[0].What; what.It == "" || what.En == "" {
			t.Errorf("%s: refused without a word in both languages", statement)
		}
		// Without the guard: a file, a setting or a table of the warehouse.
		if outside(statement) {
			if _, err := sealed.ExecContext(t.Context(), statement); err == nil {
				t.Errorf("the sealed warehouse lets through: %s", statement)
			}
		}
	}
	if n < 50 {
		t.Errorf("%d ways out tried, at least 50 are wanted", n)
	}
	after, err := os.ReadFile(file)
	if err != nil || sha256.Sum256(before) != sha256.Sum256(after) {
		t.Error("the warehouse has changed", err)
	}
	if left, err := filepath.Glob("/tmp/piccoli-fuori*"); err != nil || len(left) > 0 {
		t.Error("written outside:", left, err)
	}
	if a, err := d.Ask(t.Context(), "select count(*) from prova", desk.Bounds{}); err != nil || a.Rows[0][0].String != "2" {
		t.Error("after all that, no answer:", err)
	}
}

func outside(statement string) bool {
	for _, word := range []string{"/etc/", "/tmp/", "https:", "s3:", "set ", "install", "load ", "marts.prova set", "into marts", "delete", "drop", "alter", "truncate marts"} {
		if strings.Contains(statement, word) && !strings.Contains(statement, "set variable") && !strings.Contains(statement, "search_path") {
			return true
		}
	}
	return false
}

// TestBounds: time, memory and rows are held.
func TestBounds(t *testing.T) {
	_, d := small(t)
	for name, c := range map[string]struct {
		sql  string
		want string
	}{
		"time":      {"select sum(sin(a.range * b.range)) from range(1000000) a, range(1000000) b", "ha superato il tempo"},
		"recursion": {"with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r", "ha superato il tempo"},
		"memory":    {"select len(list(range::varchar || repeat('x', 100))) from range(50000000)", "più memoria"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := d.Ask(t.Context(), c.sql, desk.Bounds{Time: 3 * time.Second})
			var asked *desk.AskError
			if !errors.As(err, &asked) || !strings.Contains(asked.Problems.In("it"), c.want) && !strings.Contains(asked.Problems.In("it"), "ha superato il tempo") {
				t.Errorf("%v", err)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it was let run for %s", took)
			}
		})
	}
	r, err := d.Ask(t.Context(), "select * from range(100)", desk.Bounds{Rows: 7})
	if err != nil || len(r.Rows) != 7 || !r.Cut || r.Rows[6][0].String != "6" {
		t.Errorf("%v: %d rows, cut %v", err, len(r.Rows), r.Cut)
	}
}

// TestQuestionFaults reads what an analyst is told of a question that won't do.
func TestQuestionFaults(t *testing.T) {
	_, d := small(t)
	for question, want := range map[string]string{
		"select codic from prova":                 "SQL:1:8: la colonna «codic» non c'è\n  consiglio: forse: codice",
		"select *\nfrom provaa":                   "SQL:2:6: la tabella «provaa» non c'è\n  consiglio: forse prova?",
		"select codice codice2 prova from prova":  "SQL:1:23: la domanda non si capisce da «prova» in poi\n  consiglio: guardare anche la parola prima",
		"select sum(codice) from prova":           "SQL:1:8: «sum(VARCHAR)»: la funzione non prende valori di questo tipo",
		"select codice, count(*) from prova":      "SQL:1:8: la colonna «codice» sta accanto a un conteggio, e non è in group by\n  consiglio: aggiungere in fondo: group by codice;",
		"select uper(codice) from prova":          "SQL:1:8: la funzione «uper» non c'è\n  consiglio: forse upper?",
		"describe prova":                          "SQL:1:1: «describe» non è una domanda: qui si scrive un select\n  consiglio: nella shell `\\d` elenca le tabelle",
		"select 'x1'::integer":                    "SQL: il testo «x1» non si può convertire in INT32",
		"update prova set codice = 1":             "SQL: si può solo leggere: una sola istruzione select",
		"  ; ":                                    "la domanda è vuota",
		"select * from prova where giorno = '31'": "SQL: «31» non è una data\n  consiglio: in SQL una data si scrive date '2024-03-31'",
	} {
		_, err := d.Ask(t.Context(), question, desk.Bounds{})
		var asked *desk.AskError
		if !errors.As(err, &asked) || !strings.HasPrefix(asked.Problems.In("it"), want) {
			t.Errorf("%s\n got %v\nwant %s", question, err, want)
		}
	}
}

// TestHostileCells: nothing in a cell reaches the terminal as a command, or a workbook as a formula.
func TestHostileCells(t *testing.T) {
	_, d := small(t)
	r, err := d.Ask(t.Context(), "select codice, importo_eur, giorno from prova order by codice", desk.Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, format := range []string{"table", "md", "html"} {
		b.Reset()
		if err := r.Write(t.Context(), &b, format, desk.Style{Lang: "it", Width: 80}); err != nil {
			t.Fatal(err)
		}
		if format != "html" && strings.ContainsAny(b.String(), "\x1b\u202e") {
			t.Errorf("%s: a control sign of a cell is in %q", format, b.String())
		}
		if !strings.Contains(b.String(), "1.234.567,50") || !strings.Contains(b.String(), "31/03/2024") {
			t.Errorf("%s: amount or day not as Italian writes them\n%s", format, b.String())
		}
	}
}

// TestInterrupted: a signal ends the question that is being answered; the shell reads the next one.
func TestInterrupted(t *testing.T) {
	_, d := small(t)
	asked := make(chan os.Signal, 1000)
	signal.Notify(asked, syscall.SIGUSR1) // so that one which comes early or late ends nothing
	defer signal.Stop(asked)
	done := make(chan bool)
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(200 * time.Millisecond):
				_ = syscall.Kill(os.Getpid(), syscall.SIGUSR1) // to this process, which is there
			}
		}
	})
	var out bytes.Buffer
	var faults []string
	s := &desk.Shell{Desk: d, Out: &out, In: strings.NewReader("select sum(sin(a.range * b.range)) from range(10000000) a, range(10000000) b;\nselect 40 + 2 as totale;\n"), Interrupt: syscall.SIGUSR1,
		Style: func() desk.Style { return desk.Style{Lang: "it"} }}
	s.Fail = func(err error) {
		faults = append(faults, err.Error())
		if len(faults) == 1 {
			close(done)
			wait.Wait()
		}
	}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(faults) != 1 || !strings.Contains(faults[0], "interrupted") || !strings.Contains(out.String(), "42") {
		t.Errorf("%q\n%s", faults, out.String())
	}
}

// TestWrapped: a line breaks between words, what follows hangs below its last column, and a word that is longer than the terminal stays whole.
func TestWrapped(t *testing.T) {
	for text, want := range map[string]string{
		"Che cosa correggere è in /una/cartella/profonda.": "Che cosa correggere è in\n  /una/cartella/profonda.",
		"  codice  text  Codice della regione":             "  codice  text  Codice\n                della\n                regione",
		"corta":                                            "corta",
	} {
		if got := desk.Wrap(text, 24); got != want {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
}

// TestShell walks through the shell as one types in it.
func TestShell(t *testing.T) {
	_, d := small(t)
	export := filepath.Join(t.TempDir(), "risposta.csv")
	var out bytes.Buffer
	var faults []string
	s := &desk.Shell{Desk: d, Out: &out, In: strings.NewReader("select codice\n from prova where codice = '1';\n\\export " + export + "\n\\export risposta.xls\n\\zz\nselect sbagliato from prova;\n\\?\nselect 40 + 2 as totale"),
		Style: func() desk.Style { return desk.Style{Lang: "it"} }, Fail: func(err error) { faults = append(faults, err.Error()) }}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(faults) != 3 {
		t.Errorf("%d faults, want 3: %q", len(faults), faults)
	}
	for _, want := range []string{"codice", "\\export FILE", "totale", "42"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if b, err := os.ReadFile(export); err != nil || string(b) != "codice\r\n1\r\n" {
		t.Errorf("%q %v", b, err)
	}
}
