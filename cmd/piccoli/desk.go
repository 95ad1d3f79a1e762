package main

import (
	"errors"
	"path/filepath"
	"sync"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/desk"
	"piccoli/pipelines/warehouse"
)

// deskAhead is a desk that is opened while the project's files are read: each takes as long as the other.
type deskAhead struct {
	opened func() (*desk.Desk, error)
}

// openDesk begins to open the warehouse that --db names, or the project's own.
func (t *terminal) openDesk(c *cli.Context, root string) deskAhead {
	opened := sync.OnceValues(func() (*desk.Desk, error) {
		d, err := desk.Open(c.Context, nil, orElse(c.String("db"), filepath.Join(root, "data", "piccoli.duckdb")), warehouse.Limits{Memory: c.String("memory-limit")})
		if err != nil {
			return nil, err
		}
		d.Lang = t.lang
		d.Versions = desk.Versions{Releases: c.String("releases"), Site: orElse(c.String("site"), filepath.Join(root, "site", "dist"))}
		if d.Versions.Releases == "" && !d.Simulated {
			d.Versions.Releases = filepath.Join(root, "data", releasesFolder)
		}
		return d, nil
	})
	go opened() //nolint:errcheck // told by take
	return deskAhead{opened}
}

// take gives the desk, once the catalog is known.
func (a deskAhead) take(cat *catalog.Catalog) (*desk.Desk, error) {
	d, err := a.opened()
	if err == nil {
		d.Catalog = cat
	}
	return d, err
}

// desk opens the warehouse that --db names, or the project's own, and reads the project's files meanwhile.
func (t *terminal) desk(c *cli.Context) (*desk.Desk, error) {
	root, err := projectRoot(c)
	if err != nil {
		return nil, err
	}
	ahead := t.openDesk(c, root)
	cat, err := known(c.Context, root)
	if err != nil {
		return nil, errors.Join(err, ahead.close())
	}
	return ahead.take(cat)
}

// close closes the desk, if there is one.
func (a deskAhead) close() error {
	d, err := a.opened()
	if err != nil {
		return nil // take told it, or nobody asked
	}
	return d.Close()
}
