package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	self "piccoli"
	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

// releasesFolder is where frozen versions are kept, below data/. It is not in git: a version is as big as its data, and belongs to the
// publisher's archive.
const releasesFolder = "releases"

// keyPassword is the environment variable with the password of the publisher's key, for runs without a terminal.
const keyPassword = "PICCOLI_KEY_PASSWORD"

func releasesFlag(t *terminal) cli.Flag {
	return &cli.StringFlag{Name: "releases", Usage: t.say("cartella delle versioni pubblicate", "folder of the published versions") + " (data/releases)"}
}

// releasesOf is the folder of versions. That of the project holds real data: a simulated build has one only if it is told.
func releasesOf(c *cli.Context, root string, inputs ingest.Inputs) string {
	if dir := c.String("releases"); dir != "" || ingest.Simulated(inputs) {
		return dir
	}
	return filepath.Join(root, "data", releasesFolder)
}

// sameKind refuses to publish real versions beside simulated data, or the other way round.
func sameKind(editions []release.Edition, simulated bool) error {
	for _, e := range editions {
		if e.Manifest.Simulated != simulated {
			return usageError{catalog.Textf(catalog.Text{It: "la versione %s e i dati di ora non sono entrambi veri o entrambi simulati: dare un'altra cartella con --releases", En: "version %s and the data of now are not both real or both simulated: give another folder with --releases"}, e.Number)}
		}
	}
	return nil
}

// frozenPrint identifies the versions that a build publishes.
func frozenPrint(editions []release.Edition) string {
	var b strings.Builder
	for _, e := range editions {
		fmt.Fprintf(&b, "%s %s %t\n", e.Number, e.SHA256, e.Signed)
	}
	return b.String()
}

func releaseCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "release",
		Usage:     t.say("congela i dati dell'ultima costruzione in una versione che non cambia più", "freezes the data of the last build into a version that never changes"),
		ArgsUsage: t.say("VERSIONE", "VERSION"),
		Flags: []cli.Flag{
			releasesFlag(t),
			&cli.StringFlag{Name: "out", Usage: t.say("cartella del sito costruito", "folder of the site that was built") + " (site/dist)"},
			&cli.StringFlag{Name: "inbox", Usage: t.say("cartella delle consegne, se la costruzione ne aveva una", "folder of the deliveries, if the build had one") + " (data/inbox)"},
			&cli.StringFlag{Name: "key", Usage: t.say("file della chiave privata minisign con cui firmare; sta fuori dal progetto", "file of the minisign private key to sign with; it is kept outside of the project")},
			&cli.BoolFlag{Name: "same-meaning", Usage: t.say("le descrizioni cambiate dicono la stessa cosa con altre parole", "changed descriptions say the same in other words")},
			&cli.IntFlag{Name: "threads", Usage: t.say("quanti processori usare (altrimenti tutti)", "how many processors to use (else all)")},
			&cli.StringFlag{Name: "memory-limit", Value: "600MB", Usage: t.say("memoria del confronto; oltre, si usa il disco", "memory of the comparison; beyond it the disk is used")},
		},
		Action: func(c *cli.Context) error { return makeRelease(c, t) },
	}
}

func makeRelease(c *cli.Context, t *terminal) (err error) {
	if c.NArg() != 1 {
		return usageError{catalog.Text{It: "si scrive: piccoli release VERSIONE, per esempio piccoli release 1.0.0", En: "write: piccoli release VERSION, for example piccoli release 1.0.0"}}
	}
	root, err := projectRoot(c)
	if err != nil {
		return err
	}
	out, err := filepath.Abs(orElse(c.String("out"), filepath.Join(root, "site", "dist")))
	if err != nil {
		return err
	}
	data := filepath.Join(out, "data")
	now, err := release.ReadManifest(data)
	if errors.Is(err, fs.ErrNotExist) {
		return catalog.Problems{{What: catalog.Textf(catalog.Text{It: "in %s non c'è una costruzione finita", En: "%s holds no finished build"}, out), Hint: catalog.Text{It: "`piccoli build` la fa", En: "`piccoli build` makes it"}}}
	}
	if err != nil {
		return err
	}
	releases := c.String("releases")
	if releases == "" {
		if now.Simulated {
			return usageError{catalog.Text{It: "i dati costruiti sono SIMULATI: una versione di prova vuole una cartella sua, con --releases", En: "the data that were built are SIMULATED: a trial version wants a folder of its own, by --releases"}}
		}
		releases = filepath.Join(root, "data", releasesFolder)
	}
	if releases, err = filepath.Abs(releases); err != nil {
		return err
	}
	if now.Simulated && releases == filepath.Join(root, "data", releasesFolder) {
		return usageError{catalog.Text{It: "i dati costruiti sono SIMULATI: non vanno nella cartella delle versioni vere", En: "the data that were built are SIMULATED: they don't go into the folder of the real versions"}}
	}
	if releases == out || strings.HasPrefix(releases, out+string(filepath.Separator)) {
		return usageError{catalog.Text{It: "le versioni non stanno dentro il sito, che ogni costruzione rifà: dare un'altra cartella con --releases", En: "versions don't live inside the site, which every build makes anew: give another folder by --releases"}}
	}
	for _, path := range []string{out + ".lock", filepath.Join(releases, ".lock")} {
		unlock, lockErr := warehouse.Lock(path)
		if lockErr != nil {
			return lockErr
		}
		defer func() { err = errors.Join(err, unlock()) }()
	}
	if err := current(c.Context, c, root, now); err != nil {
		return err
	}
	commit, err := committed(c.Context, root)
	if err != nil {
		return err
	}
	f := release.Freeze{Data: data, Releases: releases, Number: c.Args().First(), Commit: commit, SameMeaning: c.Bool("same-meaning"), Threads: c.Int("threads"), Memory: c.String("memory-limit"),
		Step: func(_ string, done, total int) { t.step(done, total) }}
	if file := c.String("key"); file != "" {
		key, err := release.ReadKey(file, t.password)
		if err != nil {
			return err
		}
		f.Key = &key
	}
	t.stage("versione", "version")
	frozen, err := f.Run(c.Context)
	t.clear()
	if err != nil {
		return err
	}
	return t.frozen(frozen)
}

// current refuses to freeze a build that is not of the project as it is now.
func current(ctx context.Context, c *cli.Context, root string, m *release.Manifest) error {
	cat, err := catalog.Load(ctx, root)
	if err != nil {
		return err
	}
	var stale catalog.Problems
	say := func(file string, what catalog.Text) { stale = append(stale, catalog.Problem{File: file, What: what}) }
	program, err := self.SourceSHA256()
	if err != nil {
		return err
	}
	if program != m.Program.SourceSHA256 {
		say("", catalog.Text{It: "la costruzione è di un altro programma", En: "the build is of another program"})
	}
	queries := map[string]bool{}
	for _, q := range m.Queries {
		queries[q.Path] = true
		body, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(q.Path)))
		if err != nil || release.Digest(body) != q.SHA256 {
			say(q.Path, catalog.Text{It: "è cambiato o manca, dopo la costruzione", En: "changed or is missing, since the build"})
		}
	}
	for _, q := range cat.Queries {
		if !queries[q.Path] && q.Layer != catalog.Reports {
			say(q.Path, catalog.Text{It: "è nuovo, dopo la costruzione", En: "is new, since the build"})
		}
	}
	in := ingest.Inputs{Root: root, Inbox: c.String("inbox")}
	if m.Simulated && in.Inbox == "" {
		return usageError{catalog.Text{It: "dare con --inbox la cartella dei dati simulati", En: "give the folder of the simulated data by --inbox"}}
	}
	there, err := ingest.Present(in, cat)
	if err != nil {
		return err
	}
	known := map[[2]string]bool{}
	for _, s := range m.Inputs {
		known[[2]string{s.Table, s.SHA256}] = true
		if !s.Private && there[[2]string{s.Table, s.SHA256}] == "" && !strings.HasPrefix(s.Path, "data/raw/") {
			say(s.Path, catalog.Text{It: "è cambiato o manca, dopo la costruzione", En: "changed or is missing, since the build"})
		}
	}
	for key, path := range there {
		changed := slices.ContainsFunc(stale, func(p catalog.Problem) bool { return p.File == path })
		if !known[key] && !changed {
			say(path, catalog.Text{It: "è nuovo, dopo la costruzione", En: "is new, since the build"})
		}
	}
	if len(stale) == 0 {
		return nil
	}
	slices.SortFunc(stale, func(a, b catalog.Problem) int { return strings.Compare(a.File, b.File) })
	stale[len(stale)-1].Hint = catalog.Text{It: "`piccoli build`, poi di nuovo `piccoli release`: si congela solo ciò che è stato costruito e controllato", En: "`piccoli build`, then `piccoli release` again: only what was built and checked is frozen"}
	return stale.Err()
}

// committed gives the commit of a project that is kept in git, and refuses one with changes that no commit holds: nobody could build the version
// again. Without git there is no commit to name.
func committed(ctx context.Context, root string) (string, error) {
	git := func(args ...string) (string, error) {
		out, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
		return strings.TrimRight(string(out), "\n"), err
	}
	top, err := git("rev-parse", "--show-toplevel")
	if err != nil {
		return "", nil // no git, or no repository
	}
	if real, err := filepath.EvalSymlinks(root); err != nil || real != top {
		return "", nil // the repository is another one, around the project
	}
	changed, err := git("status", "--porcelain", "--", "queries", "data/seeds", "data/raw", "site/sito.yaml", "pipelines", "cmd", "go.mod", "go.sum")
	if err != nil {
		return "", err
	}
	if changed != "" {
		lines := strings.Split(changed, "\n")
		return "", catalog.Problems{{What: catalog.Textf(catalog.Text{It: "ci sono modifiche che nessun commit contiene (%d file):\n%s", En: "there are changes that no commit holds (%d files):\n%s"}, len(lines), strings.Join(lines[:min(10, len(lines))], "\n")),
			Hint: catalog.Text{It: "fare il commit, `piccoli build`, poi di nuovo `piccoli release`: una versione si deve poter ricostruire", En: "commit, `piccoli build`, then `piccoli release` again: it must be possible to build a version anew"}}}
	}
	return git("rev-parse", "HEAD")
}

// password asks for the password of the key: on the terminal, else it is in the environment.
func (t *terminal) password() (string, error) {
	if secret, ok := os.LookupEnv(keyPassword); ok {
		return secret, nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", usageError{catalog.Text{It: "la chiave è cifrata: la parola d'ordine va in " + keyPassword, En: "the key is encrypted: its password goes into " + keyPassword}}
	}
	t.clear()
	fmt.Fprint(os.Stderr, t.say("Parola d'ordine della chiave: ", "Password of the key: "))
	secret, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	return string(secret), err
}

// frozen says what became of the version.
func (t *terminal) frozen(f *release.Frozen) error {
	if t.json {
		return json.NewEncoder(os.Stdout).Encode(struct {
			Version  string                 `json:"version"`
			Again    bool                   `json:"again"`
			Previous string                 `json:"previous,omitempty"`
			Level    release.Level          `json:"level,omitempty"`
			SHA256   string                 `json:"manifest_sha256"`
			Signed   bool                   `json:"signed"`
			Folder   string                 `json:"folder"`
			Schema   []release.SchemaChange `json:"schema"`
		}{f.Number, f.Again, f.Previous, f.Level, f.SHA256, f.Signed, filepath.Dir(f.Folder), f.Schema})
	}
	signed := t.say("non firmata", "unsigned")
	if f.Signed {
		signed = t.say("firmata", "signed")
	}
	if f.Again {
		return printf(t.say("La versione %s c'è già ed è la stessa (%s).\n", "Version %s is there already and is the same (%s).\n"), f.Number, signed)
	}
	if f.Previous == "" {
		if err := printf(t.say("Versione %s, la prima (%s): %d dataset, dati al %s.\n", "Version %s, the first (%s): %d datasets, data as of %s.\n"), f.Number, signed, len(f.Manifest.Datasets), f.Manifest.Date); err != nil {
			return err
		}
	} else {
		if err := printf(t.say("Versione %s (%s), dopo la %s (%s): %d dataset, dati al %s.\n", "Version %s (%s), after %s (%s): %d datasets, data as of %s.\n"),
			f.Number, strings.ToUpper(string(f.Level)), f.Previous, signed, len(f.Manifest.Datasets), f.Manifest.Date); err != nil {
			return err
		}
		if err := t.changes(f.Changes); err != nil {
			return err
		}
	}
	return printf(t.say("È in %s, manifesto SHA-256 %s. `piccoli build` la mette nel sito.\n", "It is in %s, manifest SHA-256 %s. `piccoli build` puts it into the site.\n"), filepath.Dir(f.Folder), f.SHA256)
}
