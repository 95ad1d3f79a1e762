package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// summary is what a build ends with.
type summary struct {
	Unchanged      bool          `json:"unchanged"`
	Steps          int           `json:"steps_redone"`
	Datasets       int           `json:"datasets"`
	Rows           int64         `json:"rows"`
	Pages          int           `json:"pages"`
	Reused         int           `json:"files_reused"`
	Read           delivered     `json:"deliveries"`
	Passed         int64         `json:"checks_passed"`
	Warnings       []warning     `json:"warnings"`
	Quarantined    int64         `json:"rows_in_quarantine"`
	QuarantinedEUR string        `json:"euro_in_quarantine,omitempty"`
	Tables         []string      `json:"tables_in_quarantine,omitempty"` // table and rows of each
	Quarantine     string        `json:"quarantine,omitempty"`           // folder of the analyst's copy
	First          bool          `json:"first"`                          // there was no site to compare with
	Changed        []changed     `json:"changed,omitempty"`
	Simulated      bool          `json:"simulated"`
	AsOf           string        `json:"as_of"`
	Site           string        `json:"site"`
	Duration       time.Duration `json:"-"`
}

// delivered counts what came from outside the project and holds.
type delivered struct {
	Files  int64 `json:"files"`
	Rows   int64 `json:"rows_read"`
	Loaded int64 `json:"rows_loaded"`
}

// warning is a rule of severity warning that does not hold.
type warning struct {
	Dataset string `json:"dataset"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Rows    int64  `json:"rows"`
	EUR     string `json:"euro,omitempty"`
}

// changed is a dataset with other rows than in the last build.
type changed struct {
	Dataset string `json:"dataset"`
	Before  *int64 `json:"rows_before"` // nil: it is new
	After   *int64 `json:"rows_after"`  // nil: it is gone
}

// look reads from the books what the build has found.
func (s *summary) look(ctx context.Context, db *sql.DB, lang string) (err error) {
	var euro sql.NullString
	if err := db.QueryRowContext(ctx, `select (select count(*) from piccoli.controlli where esito = 'superato'),
			(select nullif(sum(euro_quarantena_eur), 0)::varchar from piccoli.registro_righe),
			count(*), coalesce(sum(righe_lette), 0)::bigint, coalesce(sum(righe_caricate), 0)::bigint
		from piccoli.registro_righe where (tabella, file) in (select tabella, file from piccoli.consegne)`).
		Scan(&s.Passed, &euro, &s.Read.Files, &s.Read.Rows, &s.Read.Loaded); err != nil {
		return err
	}
	s.QuarantinedEUR = euro.String
	if err := each(ctx, db, "select tabella || ' ' || sum(righe_quarantena) from piccoli.registro_righe group by tabella having sum(righe_quarantena) > 0 order by tabella",
		func(rows *sql.Rows) error {
			var line string
			err := rows.Scan(&line)
			s.Tables = append(s.Tables, line)
			return err
		}); err != nil {
		return err
	}
	s.Warnings = []warning{}
	return each(ctx, db, "select dataset, regola, messaggio_"+lang+", righe_violate, coalesce(importo_eur::varchar, '') from piccoli.controlli where severita = 'warning' and esito = 'violato' order by dataset, regola",
		func(rows *sql.Rows) error {
			var w warning
			err := rows.Scan(&w.Dataset, &w.Rule, &w.Message, &w.Rows, &w.EUR)
			s.Warnings = append(s.Warnings, w)
			return err
		})
}

func each(ctx context.Context, db *sql.DB, query string, row func(*sql.Rows) error) (err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// since compares the datasets with those of the site that is in place. A site whose manifest can't be read is one to be replaced.
func (s *summary) since(out string, now *release.Index) {
	last, err := release.ReadManifest(filepath.Join(out, "data"))
	if err != nil {
		s.First = true
		return
	}
	seen := map[string]bool{}
	for _, d := range now.Datasets {
		seen[d.Name] = true
		old := last.Dataset(d.Name)
		switch {
		case old == nil:
			s.Changed = append(s.Changed, changed{Dataset: d.Name, After: &d.Rows})
		case old.SHA256 != d.SHA256:
			s.Changed = append(s.Changed, changed{d.Name, &old.Rows, &d.Rows})
		}
	}
	for _, d := range last.Datasets {
		if !seen[d.Name] {
			s.Changed = append(s.Changed, changed{Dataset: d.Name, Before: &d.Rows})
		}
	}
}

func rowsOf(index *release.Index) (n int64) {
	for _, d := range index.Datasets {
		n += d.Rows
	}
	return n
}

// namedChanges is how many changed datasets the summary names; the others are counted.
const namedChanges = 8

func (t *terminal) summary(s summary, strict bool) error {
	var held error
	if strict && s.Quarantined > 0 {
		held = &strictError{catalog.Problems{{What: catalog.Textf(catalog.Text{It: "righe in quarantena: %s (--strict)", En: "rows in quarantine: %s (--strict)"}, t.number(s.Quarantined)),
			Hint: catalog.Textf(catalog.Text{It: "il sito è pubblicato senza quelle righe; che cosa correggere è in %s", En: "the site is published without those rows; what to mend is in %s"}, s.Quarantine)}}}
	}
	if t.json {
		return errors.Join(json.NewEncoder(os.Stdout).Encode(s), held)
	}
	took := t.duration(s.Duration)
	if s.Unchanged {
		return t.print(fmt.Sprintf(t.say("Niente è cambiato: %s è aggiornato (%s).\n", "Nothing changed: %s is up to date (%s).\n"), s.Site, took))
	}
	var b strings.Builder
	line := func(it, en string, args ...any) {
		b.WriteString(catalog.Textf(catalog.Text{It: it, En: en}, args...).In(t.lang) + "\n")
	}
	day, err := catalog.FormatDate(t.lang, s.AsOf, "giorno")
	if err != nil {
		return err
	}
	line("%d dataset, %s righe, %s pagine (%s file ripresi com'erano), dati al %s, in %s.", "%d datasets, %s rows, %s pages (%s files taken over as they were), data as of %s, in %s.",
		s.Datasets, t.number(s.Rows), t.number(int64(s.Pages)), t.number(int64(s.Reused)), day, took)
	if s.Read.Files > 0 {
		line("Consegne: %s file, %s righe lette, %s caricate.", "Deliveries: %s files, %s rows read, %s loaded.", t.number(s.Read.Files), t.number(s.Read.Rows), t.number(s.Read.Loaded))
	}
	if s.Quarantined > 0 {
		money := ""
		if s.QuarantinedEUR != "" {
			money = ", " + catalog.FormatEuro(t.lang, s.QuarantinedEUR)
		}
		line("Righe in quarantena: %s%s (%s). Che cosa correggere è in %s.", "Rows in quarantine: %s%s (%s). What to mend is in %s.", t.number(s.Quarantined), money, strings.Join(s.Tables, ", "), s.Quarantine)
	}
	warnings := t.say("%d avvisi", "%d warnings")
	if len(s.Warnings) == 1 {
		warnings = t.say("%d avviso", "%d warning")
	}
	line("Controlli: %s superati, %s.", "Checks: %s passed, %s.", t.number(s.Passed), fmt.Sprintf(warnings, len(s.Warnings)))
	for _, w := range s.Warnings {
		money := ""
		if w.EUR != "" {
			money = ", " + catalog.FormatEuro(t.lang, w.EUR)
		}
		line("  avviso (righe: %s%s): %s [%s]", "  warning (rows: %s%s): %s [%s]", t.number(w.Rows), money, w.Message, strings.TrimPrefix(w.Dataset, "checks."))
	}
	t.changedLines(s, line)
	if s.Simulated {
		line("I dati consegnati sono SIMULATI: ogni pagina e ogni file lo dice.", "The delivered data are SIMULATED: every page and file says so.")
	}
	line("Il sito è in %s: `piccoli serve` lo mostra.", "The site is in %s: `piccoli serve` shows it.", s.Site)
	return errors.Join(t.print(b.String()), held)
}

// strictError says that a site was published of which --strict wants to hear that rows stay behind.
type strictError struct{ catalog.Problems }

// duration is how long something took, as people say it.
func (t *terminal) duration(d time.Duration) string {
	if d < time.Minute {
		return catalog.FormatNumber(t.lang, strconv.FormatFloat(d.Seconds(), 'f', 1, 64)) + " s"
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}

// changedLines says which datasets have other rows than in the last build.
func (t *terminal) changedLines(s summary, line func(it, en string, args ...any)) {
	if s.First {
		return
	}
	if len(s.Changed) == 0 {
		line("Dall'ultima costruzione nessun dataset ha righe diverse.", "Since the last build no dataset has other rows.")
		return
	}
	var parts []string
	for _, c := range s.Changed[:min(len(s.Changed), namedChanges)] {
		switch {
		case c.Before == nil:
			parts = append(parts, c.Dataset+t.say(" (nuovo, ", " (new, ")+t.number(*c.After)+")")
		case c.After == nil:
			parts = append(parts, c.Dataset+t.say(" (non c'è più)", " (gone)"))
		case *c.Before == *c.After:
			parts = append(parts, c.Dataset+t.say(" (stesse righe, altri valori)", " (as many rows, other values)"))
		default:
			parts = append(parts, fmt.Sprintf("%s %s → %s", c.Dataset, t.number(*c.Before), t.number(*c.After)))
		}
	}
	if more := len(s.Changed) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf(t.say("e altri %d", "and %d more"), more))
	}
	line("Dall'ultima costruzione sono cambiati: %s.", "Changed since the last build: %s.", strings.Join(parts, ", "))
}
