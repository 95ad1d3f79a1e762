package ingest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"piccoli/pipelines/catalog"
)

// TestTemplates writes the template of every table, fills in one row as a person would and reads it back; an empty one is refused.
func TestTemplates(t *testing.T) {
	ctx := context.Background()
	c, err := catalog.Load(ctx, "../..")
	if err != nil {
		t.Fatal(err)
	}
	templates := Templates(c)
	if len(templates) != 15 { // DOMAIN's tables, from domande to finestre, and the two that the lists by law are made from
		t.Errorf("%d templates", len(templates))
	}
	good := map[string]string{"codice_istat": "001001", "codice_catastale": "A001", "cup": "J59D20000000007", "cig": "6430391F08", "codice_fiscale_ente": "80188230587", "codice_ipa": "c_a001", "nuts": "ITI22", "url": "https://www.example.org/"}
	for _, q := range templates {
		t.Run(q.Name, func(t *testing.T) {
			dir := t.TempDir()
			first, second := filepath.Join(dir, "a.xlsx"), filepath.Join(dir, "b.xlsx")
			for _, path := range []string{first, second} {
				if err := WriteTemplate(path, q); err != nil {
					t.Fatal(err)
				}
			}
			a, _ := os.ReadFile(first)
			b, _ := os.ReadFile(second)
			if !bytes.Equal(a, b) {
				t.Error("two templates of one contract differ")
			}
			conn, x := newLoading(t, q)
			x.root = dir
			read := func(path string) catalog.Problems {
				f, err := hashFile(dir, path)
				if err != nil {
					t.Fatal(err)
				}
				_, problems, err := x.file(ctx, Delivery{File: f, Table: q.Name, Lot: "x", Kind: Full, Received: "2026-01-01"})
				if err != nil {
					t.Fatal(err)
				}
				return problems
			}
			if problems := read(second); !strings.Contains(problems.In("it"), "solo l'intestazione") {
				t.Errorf("an empty template: %s", problems.In("it"))
			}
			book, err := excelize.OpenFile(first)
			if err != nil {
				t.Fatal(err)
			}
			for i, c := range wanted(q) {
				at, _ := excelize.CoordinatesToCellName(i+1, 2)
				var value any = "testo"
				switch {
				case len(c.Allowed) > 0:
					value = c.Allowed[0]
				case c.Format != "":
					value = good[c.Format]
				case c.Type == "date":
					value = time.Date(2021, 1, 31, 0, 0, 0, 0, time.UTC)
				case c.Type == "boolean":
					value = "sì"
				case c.Numeric():
					value = 12
				}
				if err := book.SetCellValue(dataSheet, at, value); err != nil {
					t.Fatal(err)
				}
			}
			if err := book.Save(); err != nil {
				t.Fatal(err)
			}
			if problems := read(first); len(problems) > 0 {
				t.Fatal(problems.In("it"))
			}
			var rows int
			var faults string
			if err := conn.QueryRowContext(ctx, "select count(*), coalesce(string_agg(_errori::varchar, ' '), '') from ingresso."+q.Name).Scan(&rows, &faults); err != nil {
				t.Fatal(err)
			}
			if rows != 1 || faults != "" {
				t.Errorf("%d rows, faults %s", rows, faults)
			}
		})
	}
}
