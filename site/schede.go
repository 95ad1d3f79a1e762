// This file makes the pages and files of comuni, or finds that those of the last build still hold. What they tell is read in luoghi.go; what a page
// says is put together in pages_comune.go, what a file holds in comune_files.go.

package site

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// schede makes the pages and files of comuni, nine files of ten. It holds all that they are made from and nothing else, so that it can tell,
// before any is made, whether those of the last build still hold.
type schede struct {
	*wording
	w          *luoghi
	db         *sql.DB
	tree       *release.Tree
	datasets   []*catalog.Query // of the files
	archivi    []archivio       // what was delivered, and by whom
	pub        Publisher
	asOf       string // ISO date of the data
	simulated  bool
	consegnate bool // the applications were delivered

	senzaPADigitale bool // the files of PA digitale have not been fetched

	lette map[string]bool // the tables that identity counts with
}

func (b *builder) schede() *schede {
	return &schede{wording: b.wording, w: &b.w.luoghi, db: b.in.DB, tree: b.tree, datasets: b.comuneDatasets(), archivi: b.archivi(), pub: b.pub, asOf: b.common.AsOf,
		simulated: b.in.Simulated, consegnate: b.consegnate, senzaPADigitale: b.senzaPADigitale}
}

// comunePages yields the page of each comune that has one and writes its files, unless all are there as they would come out.
func (b *builder) comunePages(ctx context.Context, yield func(page) error) error {
	s := b.schede()
	identity, err := s.identity(b.schedaGlobal, b.in.Keys)
	if err != nil {
		return err
	}
	kept, err := b.tree.KeepAll("comuni", identity, s.paths())
	if err != nil {
		return err
	}
	if kept {
		for range b.w.pagine {
			b.done()
		}
	} else if err := s.pages(ctx, yield); err != nil {
		return err
	}
	return b.rinvii(yield)
}

// paths are those of all that is made.
func (s *schede) paths() (out []string) {
	for _, i := range s.w.pagine {
		folder := "comuni/" + s.w.comuni[i].Codice + "/"
		for _, lang := range languages {
			out = append(out, page{Path: folder}.file(lang))
		}
		out = append(out, folder+righeCSV, folder+righeJSON)
	}
	return out
}

// schedaKind is the kind of page of a comune.
const schedaKind = "comune"

var martNamed = regexp.MustCompile(`marts\.\w+`)

// identity follows from what every page of a comune shows, from the rows of the tables that are read, and from what else these pages hold.
func (s *schede) identity(global [32]byte, keys map[string]string) (string, error) {
	read := map[string]bool{}
	for _, table := range s.w.lette {
		read[table] = true
	}
	statements := []string{soloDomande, leCandidature, leDomande, iPiani, iSimili}
	type dataset struct {
		Name    string
		Columns [][2]string
		Key     []string
	}
	var datasets []dataset
	for _, q := range s.datasets {
		d := dataset{Name: q.Name, Key: q.Key}
		for _, c := range q.Columns {
			d.Columns = append(d.Columns, [2]string{c.Name, c.Type})
		}
		datasets, read[q.String()] = append(datasets, d), true
		join, _ := comuneVia(q)
		statements = append(statements, join)
	}
	for _, table := range martNamed.FindAllString(strings.Join(statements, "\n"), -1) {
		read[table] = true
	}
	s.lette = read
	var tables [][2]string
	for _, table := range slices.Sorted(maps.Keys(read)) {
		if keys[table] == "" {
			return "", fmt.Errorf("site: nothing tells which rows %s has", table)
		}
		tables = append(tables, [2]string{table, keys[table]})
	}
	text, err := json.Marshal([]any{hex.EncodeToString(global[:]), tables, datasets, s.archivi, s.pub, s.asOf, s.simulated, s.consegnate, s.senzaPADigitale})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// declared stops the build where something is read that identity does not count with: pages would stay as they were when it changes.
func (s *schede) declared(statements []string) error {
	for _, table := range martNamed.FindAllString(strings.Join(statements, "\n"), -1) {
		if !s.lette[table] {
			return fmt.Errorf("site: pages of comuni read %s, which their identity leaves out", table)
		}
	}
	return nil
}

// archivi are the deliveries that speak of comuni, by who publishes them.
func (b *builder) archivi() (out []archivio) {
	for _, name := range []string{"domande", "piani", "rendicontazioni"} {
		q := b.in.Catalog.Find(catalog.Staging, name)
		if !b.arrivate[name] || q == nil || q.Source == nil {
			continue
		}
		d := named{q.Title, "fonti/#" + anchor("a", name)}
		if n := len(out); n == 0 || out[n-1].Editore != q.Source.Publisher {
			out = append(out, archivio{Editore: q.Source.Publisher})
		}
		last := &out[len(out)-1]
		last.Dataset = append(last.Dataset, d)
	}
	return out
}

// comuneDatasets are the marts whose rows go into the files of comuni. In a simulated build those that hold nothing simulated are left
// out, the registry aside: invented and real facts of one comune are never in one file.
func (b *builder) comuneDatasets() (out []*catalog.Query) {
	for _, q := range b.in.Catalog.Marts() {
		if _, ok := comuneVia(q); !ok {
			continue
		}
		if b.in.Simulated && q.Name != "comuni" && !b.fromInbox(q) {
			continue
		}
		out = append(out, q)
	}
	return out
}

// fromInbox reports whether a dataset reads, at whatever distance, a table that an office delivers.
func (b *builder) fromInbox(q *catalog.Query) bool {
	if q.Source != nil && q.Source.Delivered() && !strings.HasPrefix(q.Source.Files[0], "data/raw/") {
		return true
	}
	return slices.ContainsFunc(q.DependsOn, func(r catalog.Ref) bool {
		next := b.in.Catalog.Find(catalog.Layer(r.Schema), r.Name)
		return next != nil && b.fromInbox(next)
	})
}
