package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	self "piccoli"
	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
	"piccoli/site"
)

func buildCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:  "build",
		Usage: t.say("costruisce magazzino, dataset e sito", "builds warehouse, datasets and site"),
		Flags: append(inputFlags(t),
			&cli.BoolFlag{Name: "strict", Usage: t.say("esce con 4 se qualche riga è in quarantena", "exits with 4 if any row is in quarantine")},
			&cli.BoolFlag{Name: "why", Usage: t.say("dice che cosa si rifà e perché", "says what is redone and why")}),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usageError{catalog.Textf(catalog.Text{It: "build non vuole nomi: «%s»", En: "build takes no names: %q"}, c.Args().First())}
			}
			var m memory
			root, err := projectRoot(c)
			if err != nil {
				return err
			}
			err = build(c.Context, c, t, &m)
			m.catalog.Save(root)
			return err
		},
	}
}

// inputFlags say what a site is built from, where to, and with what means.
func inputFlags(t *terminal) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "out", Usage: t.say("cartella del sito", "the site's folder") + " (site/dist)"},
		&cli.StringFlag{Name: "db", Usage: t.say("file del magazzino dati", "the warehouse file") + " (data/piccoli.duckdb)"},
		&cli.StringFlag{Name: "inbox", Usage: t.say("cartella delle consegne, con il loro registro", "folder of the deliveries, with their log") + " (data/inbox)"},
		releasesFlag(t),
		&cli.StringFlag{Name: "as-of", Usage: t.say("data dei dati, AAAA-MM-GG (altrimenti la più recente ricevuta)", "date of the data, YYYY-MM-DD (else the newest received)")},
		&cli.IntFlag{Name: "threads", Usage: t.say("quanti processori usare (altrimenti tutti)", "how many processors to use (else all)")},
		&cli.StringFlag{Name: "memory-limit", Value: "1GB", Usage: t.say("memoria del magazzino; oltre, si usa il disco", "memory of the warehouse; beyond it the disk is used")},
	}
}

// memory is what a build leaves to the next one in the same process, which finds it all anew where it is empty.
type memory struct {
	catalog catalog.Memory
	site    site.Memory
}

// build is the main job. A warehouse whose bytes are spoilt is thrown away and built anew, once: it holds nothing that the inputs and the log do not.
func build(ctx context.Context, c *cli.Context, t *terminal, m *memory) error {
	spoilt := buildOnce(ctx, c, t, m)
	if !warehouse.Corrupt(spoilt) {
		return spoilt
	}
	root, err := projectRoot(c)
	if err != nil {
		return err
	}
	db, err := warehouseFile(c, root)
	if err != nil {
		return err
	}
	t.clear()
	t.line(fmt.Sprintf(t.say("Il magazzino %s è rovinato (%s): lo si ricostruisce da capo.", "The warehouse %s is spoilt (%s): it is built anew."), db, strings.SplitN(spoilt.Error(), "\n", 2)[0]))
	unlock, err := warehouse.Lock(db + ".lock")
	if err != nil {
		return err
	}
	if err := errors.Join(warehouse.Scrap(db), unlock()); err != nil {
		return err
	}
	return buildOnce(ctx, c, t, m)
}

// warehouseFile is the absolute path of the warehouse that a command is about.
func warehouseFile(c *cli.Context, root string) (string, error) {
	return filepath.Abs(orElse(c.String("db"), filepath.Join(root, "data", "piccoli.duckdb")))
}

// buildOnce makes warehouse, datasets and site aside and puts them in place at the end, by one rename and one exchange.
func buildOnce(ctx context.Context, c *cli.Context, t *terminal, m *memory) (err error) {
	start := time.Now()
	debug.SetGCPercent(400) // a short run: memory up to a few times the live heap is cheaper than collecting it over and over
	if n := c.Int("threads"); n > 0 {
		runtime.GOMAXPROCS(n) // DuckDB is told apart
	}
	root, err := projectRoot(c)
	if err != nil {
		return err
	}
	out, errOut := filepath.Abs(orElse(c.String("out"), filepath.Join(root, "site", "dist")))
	db, errDB := warehouseFile(c, root)
	if err := errors.Join(errOut, errDB); err != nil {
		return err
	}
	if foreign, err := release.Foreign(out); err != nil || foreign {
		return errors.Join(err, usageError{catalog.Textf(catalog.Text{It: "in %s c'è altro, non un sito di piccoli: non lo si sostituisce", En: "%s holds something else, not a site of piccoli: it is not replaced"}, out)})
	}
	inputs, err := deliveries(c, root)
	if err != nil {
		return err
	}
	for _, path := range []string{db + ".lock", out + ".lock"} {
		unlock, lockErr := warehouse.Lock(path)
		if lockErr != nil {
			return lockErr
		}
		defer func() { err = errors.Join(err, unlock()) }()
	}
	engine, err := warehouse.Engine()
	if err != nil {
		return err
	}
	asOf, err := clockOf(c.String("as-of"))
	if err != nil {
		return err
	}
	inputs.Clock = orElse(asOf, time.Now().Format(time.DateOnly)) // the one clock: the day on which a new file is taken in, which the log keeps
	editions, err := release.Editions(releasesOf(c, root, inputs))
	if err != nil {
		return err
	}
	program, err := self.SourceSHA256()
	if err != nil {
		return err
	}
	state := newState(db, out)
	print, err := fingerprint(root, inputs, engine, asOf, c.String("memory-limit"), frozenPrint(editions))
	if err != nil {
		return err
	}
	if state.same(print) && !c.Bool("why") && !c.Bool("strict") {
		return errors.Join(warehouse.Sweep(db), ingest.SweepLog(inputs), t.summary(summary{Unchanged: true, Site: out, Duration: time.Since(start)}, false))
	}
	// What does not wait for the data is done beside them: the last trees are looked at, the site's own files read.
	opened := sync.OnceValues(func() (*release.Tree, error) { return release.OpenTree(out, state.tree, engine) })
	prepared := sync.OnceValues(func() (*site.Prepared, error) { return site.Prepare(ctx, root, state.drawn, engine, &m.site) })
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { _, _ = opened() }) // told to whoever asks for it
	options := warehouse.Options{DB: db, Threads: c.Int("threads"), MemoryLimit: c.String("memory-limit"), Engine: engine, Inputs: inputs, AsOf: asOf,
		Step: func(name string, reason catalog.Text, done, total int) {
			if c.Bool("why") {
				t.line(fmt.Sprintf("%s: %s", name, reason.In(t.lang)))
			}
			t.step(done, total)
		},
		Note: func(text catalog.Text) { t.line(text.In(t.lang)) }}
	options.Previous = sync.OnceValues(func() (*warehouse.Previous, error) { return warehouse.OpenPrevious(ctx, options) })
	taken := false
	defer func() {
		if !taken {
			previous, errPrevious := options.Previous()
			err = errors.Join(err, errPrevious, previous.Discard())
		}
	}()
	beside.Go(func() { _, _ = options.Previous() })
	cat, err := m.catalog.Known(ctx, root, engine)
	if err != nil {
		return err
	}
	publisher, err := site.LoadPublisher(root)
	if err != nil {
		return err
	}
	if err := site.EnsurePackages(ctx, root, t.line); err != nil {
		return err
	}
	beside.Go(func() { _, _ = prepared() })

	t.stage("magazzino dati", "warehouse")
	taken = true
	built, err := warehouse.Build(ctx, cat, options)
	if err != nil {
		return err
	}
	open := true
	defer func() {
		if open {
			err = errors.Join(err, built.Discard())
		}
	}()
	if asOf = built.AsOf; asOf == "" {
		return usageError{catalog.Text{It: "nessuna sorgente dice quando è stata ricevuta: dare --as-of", En: "no source says when it was received: give --as-of"}}
	}
	if c.Bool("why") {
		t.line(fmt.Sprintf(t.say("magazzino: %d passi rifatti su %d", "warehouse: %d steps redone of %d"), built.Done, built.Steps))
	}

	tree, err := opened()
	if err != nil {
		return err
	}
	if err := sameKind(editions, built.Simulated); err != nil {
		return err
	}
	if err := release.PublishEditions(tree, editions); err != nil {
		return err
	}
	own, err := prepared()
	if err != nil {
		return err
	}
	own.Read(ctx, cat, built.DB)
	defer func() { _ = own.Wait() }() // site.Build tells what it tells
	t.stage("dataset", "datasets")
	published := release.Input{Catalog: cat, DB: built.DB, Keys: built.Keys, Tree: tree, AsOf: asOf, Simulated: built.Simulated, Program: program, Releases: editions,
		Site: publisher.Release("it"),
		Step: func(_ string, done, total int) { t.step(done, total) }}
	index, err := release.WriteDatasets(ctx, published)
	if err != nil {
		return err
	}
	described := sync.OnceValue(func() error { return release.Describe(ctx, published, index) })
	defer func() { _ = described() }() // site.Build tells what it tells
	beside.Go(func() { _ = described() })
	t.stage("pagine", "pages")
	date, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		return err
	}
	stats, err := site.Build(ctx, site.Input{Prepared: own, Catalog: cat, DB: built.DB, Keys: built.Keys, Release: index, Described: described, Editions: editions, AsOf: date, Simulated: built.Simulated, Root: root, Tree: tree, Cache: state.drawn, Engine: engine,
		Threads: c.Int("threads"), Step: func(_ string, done, total int) { t.step(done, total) }})
	if err != nil {
		return err
	}
	t.stage("dati personali", "personal data")
	addresses, err := release.Addresses(ctx, cat, built.DB)
	if err != nil {
		return err
	}
	passed, err := release.Gate{Contact: publisher.Contatto, Sources: addresses}.Check(ctx, tree)
	if err != nil {
		return err
	}
	if c.Bool("why") {
		for _, p := range passed {
			t.line(fmt.Sprintf(t.say("ammesso perché parte dell'indirizzo di una fonte: %s, %s, %s", "let out as a part of a source's address: %s, %s, %s"), p.Path, p.Masked, p.Why))
		}
	}
	copies := filepath.Join(filepath.Dir(inputs.InboxFolder()), "quarantena")
	if inputs.Inbox != "" {
		copies = filepath.Join(inputs.Inbox, "quarantena")
	}
	if err := release.WriteQuarantine(ctx, built.DB, copies, built.Keys[warehouse.BooksStep], tree); err != nil {
		return err
	}
	beside.Go(func() { _ = tree.Seal() }) // Publish tells
	found := summary{Steps: built.Done, Datasets: len(index.Datasets), Rows: rowsOf(index), Pages: stats.Pages, Quarantined: built.Quarantined, Simulated: built.Simulated, AsOf: asOf, Site: out}
	if err := found.look(ctx, built.DB, t.lang); err != nil {
		return err
	}
	found.since(out, index)
	open = false
	if err := built.Commit(); err != nil {
		return err
	}
	if print, err = relogged(print, inputs); err != nil {
		return err
	}
	if err := errors.Join(tree.Publish(), state.save(print)); err != nil {
		return err
	}
	t.clear()
	found.Reused, found.Quarantine, found.Duration = tree.Kept(), copies, time.Since(start)
	return t.summary(found, c.Bool("strict"))
}

// deliveries says where the deliveries lie. What is simulated never touches the real warehouse or site.
func deliveries(c *cli.Context, root string) (in ingest.Inputs, err error) {
	in.Root = root
	if dir := c.String("inbox"); dir != "" {
		if in.Inbox, err = filepath.Abs(dir); err != nil {
			return in, err
		}
		if info, err := os.Stat(in.Inbox); err != nil || !info.IsDir() {
			return in, usageError{catalog.Textf(catalog.Text{It: "--inbox %s: la cartella non c'è", En: "--inbox %s: there is no such folder"}, dir)}
		}
	}
	if ingest.Simulated(in) && (c.String("out") == "" || c.String("db") == "") {
		return in, usageError{catalog.Textf(catalog.Text{It: "in %s ci sono dati simulati: dare --out e --db, perché non prendano il posto di quelli veri", En: "%s holds simulated data: give --out and --db, so that they don't take the place of the real ones"}, in.InboxFolder())}
	}
	return in, nil
}

func orElse(value, fallback string) string {
	if value != "" {
		return value
	}
	return fallback
}

// clockOf is the date that the user or SOURCE_DATE_EPOCH (which wins) sets, or "" where neither does.
func clockOf(flag string) (string, error) {
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return "", usageError{catalog.Textf(catalog.Text{It: "SOURCE_DATE_EPOCH=%s non è un numero di secondi", En: "SOURCE_DATE_EPOCH=%s is no number of seconds"}, epoch)}
		}
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
	}
	if flag == "" {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, flag); err != nil {
		return "", usageError{catalog.Textf(catalog.Text{It: "--as-of %s: la data va scritta AAAA-MM-GG", En: "--as-of %s: write the date as YYYY-MM-DD"}, flag)}
	}
	return flag, nil
}
