package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"piccoli/pipelines/catalog"
)

// Limits of a sealed warehouse. There is no spilling: a question that needs more memory fails.
type Limits struct {
	Threads int    // 0: as many as there are cores
	Memory  string // as DuckDB writes it, e.g. 1GB
}

// OpenSealed opens the last good warehouse to answer questions of which nobody knows beforehand what they say: read-only, with every
// way to a file, the network, an extension or a setting closed for good. A build that runs meanwhile does not disturb it: the
// file it makes is another one. Without a warehouse the error is catalog.Problems.
func OpenSealed(ctx context.Context, file string, l Limits) (*sql.DB, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, catalog.Problems{{File: file, What: catalog.Text{It: "il magazzino dati non c'è ancora", En: "there is no warehouse yet"},
			Hint: catalog.Text{It: "`piccoli build` lo costruisce; se è altrove, dirlo con --db", En: "`piccoli build` makes it; if it lies elsewhere, say so with --db"}}}
	} else if err != nil {
		return nil, err
	}
	options := url.Values{"autoinstall_known_extensions": {"false"}, "autoload_known_extensions": {"false"}, "allow_community_extensions": {"false"},
		"memory_limit": {l.Memory}, "max_temp_directory_size": {"0KB"}, "errors_as_json": {"true"}}
	if l.Threads > 0 {
		options.Set("threads", threadsText(l.Threads))
	}
	sealed := false
	connector, err := duckdb.NewConnector("?"+options.Encode(), func(conn driver.ExecerContext) error {
		steps := []string{}
		if !sealed { // the settings are those of the database, whatever connection makes them
			steps = []string{fmt.Sprintf("attach %s as %s (read_only)", catalog.Literal(file), Name), "set search_path = '" + Name + ".marts," + Name + ".piccoli," + Name + ".staging'", "set enable_external_access = false", "set lock_configuration = true"}
		}
		for _, s := range steps {
			if _, err := conn.ExecContext(ctx, s, nil); err != nil {
				return err
			}
		}
		sealed = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1) // the list of steps above is not for two at once
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(unreadable(file, err), db.Close())
	}
	return db, nil
}

// unreadable says of a warehouse file that DuckDB can't open what to do about it.
func unreadable(file string, err error) error {
	return catalog.Problems{{File: file, What: catalog.Textf(catalog.Text{It: "il magazzino dati non si apre: %v", En: "the warehouse can't be opened: %v"}, err),
		Hint: catalog.Text{It: "`piccoli build` lo rifà dai dati; se il programma è più vecchio del file, aggiornarlo", En: "`piccoli build` makes it anew from the data; if the program is older than the file, update it"}}}
}
