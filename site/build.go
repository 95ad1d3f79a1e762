// Package site turns the marts into the static site: HTML pages in two languages, charts, maps, search index.
package site

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// Input is all that a site is made from. The same input gives the same bytes.
type Input struct {
	Catalog *catalog.Catalog
	DB      *sql.DB           // the warehouse, read-only: schemas marts and piccoli
	Keys    map[string]string // table → identity of its rows (warehouse.Built.Keys)
	Release *release.Index    // the files under data/: those of the datasets are already written
	// Described waits until what describes the files is written too and Release is whole. nil: it is.
	Described func() error
	Editions  []release.Edition // the frozen versions, oldest first; their files are in the tree already
	AsOf      time.Time         // date of the data (UTC midnight), printed on every page
	// Simulated says that the deliveries are simulated: every page says so, and no comune's page shows what real sources say of it.
	Simulated bool
	Root      string                             // project root: site/sito.yaml, site/pages, site/templates, site/assets, site/node_modules
	Prepared  *Prepared                          // what Prepare gave for the same Root, Cache and Engine, or nil: then Build prepares
	Tree      *release.Tree                      // the folder to fill; the files under data/ are in it already
	Cache     string                             // file that remembers costly parts (charts, cut CSS) by content; read if there, then replaced
	Engine    string                             // identity of the program: nothing that another one made is taken for current
	Threads   int                                // workers; 0: as many as there are processors
	Step      func(name string, done, total int) // progress, may be nil
}

// Stats says what a build did.
type Stats struct {
	Pages int // in both languages
}

// builder is one build under way.
type builder struct {
	*Prepared
	in           Input
	common       common
	schedaGlobal [32]byte // of all that every page of a comune shows
	tree         *release.Tree
	done         func() // called for each page
	lab          laboratory

	out   *consegnati           // what was delivered, for national pages
	prove map[string][]filtrata // dataset → figures that pages prove with it

	arrivate        map[string]bool // delivered tables of which rows were loaded
	consegnate      bool            // the applications were delivered
	senzaPADigitale bool            // the files of PA digitale have not been fetched
	senzaMappa      map[string]bool // paths that the sitemap leaves out: they only send on
}

// Build writes the site into in.Tree beside the data folder.
func Build(ctx context.Context, in Input) (stats Stats, err error) {
	if in.Prepared == nil {
		if in.Prepared, err = Prepare(ctx, in.Root, in.Cache, in.Engine, &Memory{}); err != nil {
			return stats, err
		}
	}
	b := &builder{in: in, Prepared: in.Prepared, tree: in.Tree}
	defer b.draw.close()
	b.common = common{Publisher: b.pub, Official: b.pub.Official(), BaseURL: b.pub.BaseURL, BasePath: b.pub.basePath(),
		AsOf: in.AsOf.Format(time.DateOnly), Simulated: in.Simulated, Glossario: b.glossary}
	if b.reading == nil {
		b.Read(ctx, in.Catalog, in.DB)
	}
	defer func() { err = errors.Join(err, b.Wait()) }() // nothing asks the warehouse after the build
	if err := b.assets(); err != nil {
		return stats, err
	}
	if <-b.loaded; b.w == nil {
		return stats, nil // Wait tells why
	}
	b.w.simulati = in.Simulated
	b.arrivate, b.senzaMappa = map[string]bool{}, map[string]bool{}
	for _, a := range b.arrivi() {
		b.arrivate[a.Tabella] = a.Righe > 0
	}
	b.consegnate, b.senzaPADigitale = b.arrivate["domande"], !b.arrivate["padigitale_candidature"]
	if err := b.searchIndexes(); err != nil {
		return stats, err
	}
	r, err := newRenderer(b.templates, b.common, b.texts, b.tree)
	if err != nil {
		return stats, err
	}
	b.schedaGlobal = r.global[schedaKind]
	total, done := b.expectedPages(), atomic.Int64{}
	b.done = func() {
		if n := int(done.Add(1)); in.Step != nil && (n%100 == 0 || n == total) {
			in.Step("pagine", n, total)
		}
	}
	workers := in.Threads
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	if err := r.run(ctx, workers, func(yield func(page) error) error { return b.pages(ctx, yield) }, b.done); err != nil {
		return stats, err
	}
	if err := b.feeds(ctx); err != nil {
		return stats, err
	}
	if err := b.files(); err != nil {
		return stats, err
	}
	if err := b.blobs.write(in.Cache, in.Engine); err != nil {
		return stats, err
	}
	for _, path := range b.tree.Paths() {
		if strings.HasSuffix(path, ".html") {
			stats.Pages++
		}
	}
	return stats, nil
}

// pages yields every page of the site, in a fixed order. Those that tell what describes the files come last, since it is written meanwhile; and of them those
// of the datasets after the others: they list the figures that the others prove with them.
func (b *builder) pages(ctx context.Context, yield func(page) error) error {
	var err error
	if b.out, err = b.loadConsegnati(ctx); err != nil {
		return err
	}
	described := func(context.Context, func(page) error) error {
		if b.in.Described == nil {
			return nil
		}
		return b.in.Described()
	}
	for _, part := range []func(context.Context, func(page) error) error{
		b.homePage, b.regioniPages, b.mappePage, b.provincePages, b.comuniPages, b.confrontaPages, b.programmiPages, b.ambitiPages, b.laboratorioPage, b.fattiPages, b.prosePages, b.elenchiPage,
		described, b.qualitaPage, b.datiPages, b.versioniPages,
	} {
		if err := part(ctx, yield); err != nil {
			return err
		}
	}
	return b.err
}

// expectedPages counts the pages to come, for the progress alone.
func (b *builder) expectedPages() int {
	return len(b.w.pagine) + len(b.w.regioni) + len(b.in.Catalog.Marts()) + len(b.w.programmi) + len(b.w.ambiti)
}
