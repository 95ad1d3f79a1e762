package main

import (
	"context"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

// known is the project's catalog, from memory where neither the program nor a query changed since it was last read.
func known(ctx context.Context, root string) (*catalog.Catalog, error) {
	engine, err := warehouse.Engine()
	if err != nil {
		return nil, err
	}
	return catalog.Known(ctx, root, engine)
}
