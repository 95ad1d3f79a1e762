package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"piccoli/pipelines/catalog"
)

// Name is the name under which the warehouse file is attached. Opened directly, piccoli.duckdb would itself be called "piccoli",
// and DuckDB refuses `piccoli.controlli` as ambiguous between the database and the schema of that name.
const Name = "magazzino"

// connect opens the file in the mode read_only or read_write; no connection can reach the network or install anything.
func connect(ctx context.Context, file, mode string, settings map[string]string) (*sql.DB, error) {
	options := url.Values{"autoinstall_known_extensions": {"false"}, "autoload_known_extensions": {"false"}}
	for _, k := range slices.Sorted(maps.Keys(settings)) {
		if settings[k] != "" {
			options.Set(k, settings[k])
		}
	}
	attach := fmt.Sprintf("attach if not exists %s as %s (%s)", catalog.Literal(file), Name, mode)
	connector, err := duckdb.NewConnector("?"+options.Encode(), func(conn driver.ExecerContext) error {
		for _, s := range []string{attach, "use " + Name} {
			if _, err := conn.ExecContext(ctx, s, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func threadsText(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Scratch opens an empty database in memory that may read and write files, for work beside the warehouse: no extension, no network. What
// does not fit in the memory (as DuckDB writes it, e.g. 600MB) goes to the folder spill.
func Scratch(ctx context.Context, threads int, memory, spill string) (*sql.DB, error) {
	return connect(ctx, ":memory:", "read_write", map[string]string{"threads": threadsText(threads), "memory_limit": memory, "temp_directory": spill, "preserve_insertion_order": "true"})
}
