package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"strings"

	"piccoli/pipelines/catalog"
)

// Previous is a copy of the last good warehouse, aside and open, in which only what changed is to be done again.
type Previous struct {
	db     *sql.DB // nil where there is none, or it can't be read
	steps  map[string]step
	asOf   string
	aside  string
	spoilt *catalog.Text // why it can't be read
}

// OpenPrevious clears what a killed build left aside and opens the copy. It needs no catalogue, so that it can be done while that is read. An unreadable warehouse
// is built anew, since it can be: it holds nothing that the inputs do not.
func OpenPrevious(ctx context.Context, o Options) (*Previous, error) {
	p := &Previous{aside: o.DB + ".nuovo"}
	if err := removeAside(p.aside); err != nil {
		return nil, err
	}
	if err := copyFile(o.DB, p.aside); errors.Is(err, fs.ErrNotExist) {
		return p, nil
	} else if err != nil {
		return nil, errors.Join(err, removeAside(p.aside))
	}
	db, err := connectAside(ctx, o, p.aside)
	if err == nil {
		if p.steps, p.asOf, err = remembered(ctx, db); err == nil {
			p.db = db
			return p, nil
		}
		err = errors.Join(err, db.Close())
	}
	p.steps, p.asOf = nil, ""
	said := catalog.Textf(catalog.Text{It: "%s non si legge (%v): lo si ricostruisce da capo", En: "%s can't be read (%v): it is built anew"}, o.DB, strings.SplitN(err.Error(), "\n", 2)[0])
	p.spoilt = &said
	return p, removeAside(p.aside)
}

// Discard closes and removes the copy, for a build that ends before it takes it over.
func (p *Previous) Discard() error {
	if p == nil {
		return nil
	}
	var err error
	if p.db != nil {
		err = p.db.Close()
	}
	return errors.Join(err, removeAside(p.aside))
}

func connectAside(ctx context.Context, o Options, aside string) (*sql.DB, error) {
	return connect(ctx, aside, "read_write", map[string]string{"threads": threadsText(o.Threads), "memory_limit": o.MemoryLimit, "temp_directory": aside + ".tmp"})
}
