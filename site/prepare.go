package site

import (
	"context"
	"database/sql"

	"golang.org/x/sync/errgroup"

	"piccoli/pipelines/catalog"
)

// Prepared is what of a site does not depend on the data: texts, templates, style sheet, scripts. It serves one build.
type Prepared struct {
	*wording
	root      string
	pub       Publisher
	glossary  map[string][]termine // by language
	templates *templates
	blobs     *blobs
	draw      *drawer
	css, js   []byte

	reading *errgroup.Group // of what follows, or nil: not begun
	loaded  chan struct{}   // closed when w is there, or never will be
	w       *world
}

// Read begins to read the warehouse, while the files under data/ are still being written. Wait tells when it is done.
func (p *Prepared) Read(ctx context.Context, c *catalog.Catalog, db *sql.DB) {
	var readingCtx context.Context
	p.reading, readingCtx = errgroup.WithContext(ctx)
	loaded := make(chan struct{})
	p.reading.Go(func() (err error) {
		defer close(loaded)
		p.w, err = loadWorld(readingCtx, c, db)
		return err
	})
	p.loaded = loaded
}

// Wait ends when nothing is read any more; its error is the first one of what was read.
func (p *Prepared) Wait() error {
	if p.reading == nil {
		return nil
	}
	return p.reading.Wait()
}

// Memory is what one Prepare leaves to the next in the same process. The zero value remembers nothing.
type Memory struct{ templates *templates }

// Prepare reads what lies below root/site, while the data are still being worked on. cache is the file that remembers costly parts by content; engine
// identifies the program.
func Prepare(ctx context.Context, root, cache, engine string, last *Memory) (p *Prepared, err error) {
	p = &Prepared{root: root, wording: &wording{}, glossary: map[string][]termine{}}
	if p.pub, err = LoadPublisher(root); err != nil {
		return nil, err
	}
	if p.texts, err = loadTexts(root); err != nil {
		return nil, err
	}
	for _, lang := range languages {
		if p.glossary[lang], err = loadGlossary(root, lang); err != nil {
			return nil, err
		}
	}
	if p.blobs, err = readBlobs(cache, engine); err != nil {
		return nil, err
	}
	if p.draw, err = newDrawer(root, p.blobs); err != nil {
		return nil, err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		p.templates, err = readTemplates(root, p.texts, last.templates)
		return err
	})
	group.Go(func() (err error) {
		if p.css, err = p.styleSheet(groupCtx); err == nil {
			p.js, err = p.bundle("sito.js")
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	last.templates = p.templates
	return p, nil
}
