// Package site turns the marts into the static site: HTML pages in two languages, charts, maps, search index.
package site

import (
	"context"
	"database/sql"
	"time"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// Input is all that a site is made from. The same input gives the same bytes.
type Input struct {
	Catalog *catalog.Catalog
	DB      *sql.DB        // the warehouse, read-only: schemas marts and piccoli
	Release *release.Index // the files under data/ of Out, already written
	AsOf    time.Time      // date of the data (UTC midnight), printed on every page
	Root    string         // project root: site/sito.yaml, site/pages, site/templates, site/assets, site/node_modules
	Out     string         // folder to fill; exists and holds data/ already
	Prev    string         // the last good tree, or empty: files whose key is unchanged are hard-linked from it
	Cache   string         // file that remembers the keys of Prev's files; read if there, replaced by the one of Out
	Threads int
	Step    func(name string, done, total int) // progress, may be nil
}

// Stats says what a build did.
type Stats struct {
	Pages, Reused int
}

// Build writes the site into in.Out beside the data folder.
func Build(ctx context.Context, in Input) (Stats, error) { return Stats{}, nil }
