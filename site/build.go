// Package site turns the marts into the static site: HTML pages in two languages, charts, maps, search index.
package site

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"debug/elf"
	"encoding/hex"
	"fmt"
	"os"
	"runtime"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// Input is all that a site is made from. The same input gives the same bytes.
type Input struct {
	Catalog *catalog.Catalog
	DB      *sql.DB                            // the warehouse, read-only: schemas marts and piccoli
	Release *release.Index                     // the files under data/ of Out, already written
	AsOf    time.Time                          // date of the data (UTC midnight), printed on every page
	Root    string                             // project root: site/sito.yaml, site/pages, site/templates, site/assets, site/node_modules
	Out     string                             // folder to fill; exists and holds data/ already
	Prev    string                             // the last good tree, or empty: files whose key is unchanged are hard-linked from it
	Cache   string                             // file that remembers the keys of Prev's files; read if there, replaced by the one of Out
	Threads int                                // workers; 0: as many as there are processors
	Step    func(name string, done, total int) // progress, may be nil
}

// Stats says what a build did.
type Stats struct {
	Pages, Reused int
}

// builder is one build under way.
type builder struct {
	in     Input
	pub    Publisher
	texts  *texts
	common common
	tree   *tree
	blobs  *blobs
	draw   *drawer
	w      *world
	err    error // of a text that code names and the file lacks
}

// Build writes the site into in.Out beside the data folder.
func Build(ctx context.Context, in Input) (stats Stats, err error) {
	b := &builder{in: in}
	if b.pub, err = LoadPublisher(in.Root); err != nil {
		return stats, err
	}
	if b.texts, err = loadTexts(in.Root); err != nil {
		return stats, err
	}
	old, err := readCache(in.Cache)
	if err != nil {
		return stats, err
	}
	b.tree = newTree(in.Out, in.Prev, old.Files)
	b.blobs = &blobs{old: old.Blobs, now: map[string]string{}}
	if b.draw, err = newDrawer(in.Root, b.blobs); err != nil {
		return stats, err
	}
	defer b.draw.close()
	b.common = common{Publisher: b.pub, Official: b.pub.Official(), BaseURL: b.pub.BaseURL, BasePath: b.pub.basePath(),
		AsOf: in.AsOf.Format(time.DateOnly)}
	if err := b.assets(ctx); err != nil {
		return stats, err
	}
	if b.w, err = loadWorld(ctx, in); err != nil {
		return stats, err
	}
	if err := b.searchIndexes(); err != nil {
		return stats, err
	}
	r, err := newRenderer(in.Root, b.common, b.texts, b.tree, []byte(engineID()))
	if err != nil {
		return stats, err
	}
	total, done := b.expectedPages(), 0
	step := func() {
		done++
		if in.Step != nil && (done%100 == 0 || done == total) {
			in.Step("pagine", done, total)
		}
	}
	workers := in.Threads
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	if err := r.run(ctx, workers, func(yield func(page) error) error { return b.pages(ctx, yield) }, step); err != nil {
		return stats, err
	}
	if err := b.files(); err != nil {
		return stats, err
	}
	now := &cache{Format: cacheFormat, Files: b.tree.now, Blobs: b.blobs.now}
	if err := now.write(in.Cache); err != nil {
		return stats, err
	}
	return Stats{Pages: b.tree.pages, Reused: b.tree.reused}, nil
}

// pages yields every page of the site, in a fixed order.
func (b *builder) pages(ctx context.Context, yield func(page) error) error {
	for _, part := range []func(context.Context, func(page) error) error{
		b.homePage, b.regioniPages, b.comuniPages, b.programmiPages, b.ambitiPages, b.datiPages, b.fattiPages, b.prosePages,
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

// engineID names the code that makes the pages, so that a page written by other code is never taken for current. The
// linker's build identifier is a hash of all that went into the program; elsewhere than on Linux the program itself is hashed.
func engineID() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	if f, err := elf.Open(name); err == nil {
		defer f.Close()
		if s := f.Section(".note.go.buildid"); s != nil {
			if note, err := s.Data(); err == nil {
				return hex.EncodeToString(note)
			}
		}
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return fmt.Sprint(err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
