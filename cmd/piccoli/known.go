package main

import (
	"context"

	"github.com/urfave/cli/v2"

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

// project is the project that a command is given in: its folder and its catalog.
func project(c *cli.Context) (root string, cat *catalog.Catalog, err error) {
	if root, err = projectRoot(c); err != nil {
		return "", nil, err
	}
	cat, err = known(c.Context, root)
	return root, cat, err
}
