package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
	"piccoli/site"
)

func serveCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: t.say("mostra il sito su questo computer", "shows the site on this computer"),
		Flags: append(inputFlags(t),
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:8080", Usage: t.say("indirizzo e porta", "address and port")},
			&cli.BoolFlag{Name: "watch", Usage: t.say("ricostruisce a ogni cambiamento di dati, query o modelli, e ricarica le pagine aperte", "rebuilds on every change of data, queries or templates, and reloads the open pages")}),
		Action: func(c *cli.Context) error {
			root, err := projectRoot(c)
			if err != nil {
				return err
			}
			out := orElse(c.String("out"), filepath.Join(root, "site", "dist"))
			if c.Bool("watch") {
				return watch(c, t, root, out)
			}
			if _, err := os.Stat(filepath.Join(out, "index.html")); err != nil {
				return catalog.Problems{{What: catalog.Textf(catalog.Text{It: "in %s non c'è un sito", En: "%s holds no site"}, out),
					Hint: catalog.Text{It: "`piccoli build` lo costruisce", En: "`piccoli build` builds it"}}}
			}
			return site.Serve(c.Context, site.Handler(out), c.String("addr"), t.line)
		},
	}
}

// settle is how long nothing must change before a build begins: an editor writes a file in several steps.
const settle = 30 * time.Millisecond

// watch serves the site and builds it anew whenever an input changes. A build that fails is told; the last good site stays.
func watch(c *cli.Context, t *terminal, root, out string) (err error) {
	inputs, err := deliveries(c, root)
	if err != nil {
		return err
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, watcher.Close()) }()
	folders := []string{inputs.InboxFolder()}
	for _, f := range inputFolders {
		folders = append(folders, filepath.Join(root, f))
	}
	for _, f := range folders {
		if err := follow(watcher, f, inputs); err != nil {
			return err
		}
	}
	var m memory
	rebuild := func() bool {
		if err := build(c.Context, c, t, &m); err != nil {
			t.fail(err)
			return false
		}
		return true
	}
	rebuild()
	m.catalog.Save(root)
	if err := twin(c, root, out); err != nil {
		t.fail(err)
	}
	live := &site.Live{}
	ctx, stop := context.WithCancel(c.Context)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- site.Serve(ctx, live.Handler(out), c.String("addr"), t.line) }()
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	for {
		select {
		case err := <-served:
			return err
		case err := <-watcher.Errors:
			return err
		case e := <-watcher.Events:
			if !input(e.Name, inputs) || e.Op == fsnotify.Chmod {
				continue
			}
			if e.Has(fsnotify.Create) {
				if info, err := os.Stat(e.Name); err == nil && info.IsDir() {
					if err := follow(watcher, e.Name, inputs); err != nil {
						return err
					}
				}
			}
			quiet.Reset(settle)
		case <-quiet.C:
			if rebuild() {
				live.Changed()
				m.catalog.Save(root)
				if err := twin(c, root, out); err != nil { // told; what is served is whole
					t.fail(err)
				}
			}
		}
	}
}

// twin prepares the next build, while nobody waits. Where another build is running it does nothing.
func twin(c *cli.Context, root, out string) (err error) {
	db, errDB := warehouseFile(c, root)
	out, errOut := filepath.Abs(out)
	if err := errors.Join(errDB, errOut); err != nil {
		return err
	}
	unlock, err := warehouse.Lock(out + ".lock")
	if errors.Is(err, warehouse.ErrLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(release.Twin(out, newState(db, out).tree), unlock())
}

// follow watches a folder and those below it that hold inputs. One that is not there is not watched.
func follow(w *fsnotify.Watcher, folder string, inputs ingest.Inputs) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if !input(path, inputs) {
			return filepath.SkipDir
		}
		return w.Add(path)
	})
}

// input reports whether a build reads what lies at path, rather than making it.
func input(path string, inputs ingest.Inputs) bool {
	name := filepath.Base(path)
	return path != inputs.Registry() && !strings.HasPrefix(path, inputs.Registry()+string(filepath.Separator)) && !slices.Contains(madeFolders, name) &&
		!strings.HasSuffix(name, ".stato") && !strings.HasSuffix(name, ".lock") && !strings.Contains(name, ".duckdb") && !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "~") && !strings.HasPrefix(name, ".")
}
