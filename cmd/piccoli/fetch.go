package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/warehouse"
	"piccoli/site"
)

func fetchCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "fetch",
		Usage:     t.say("scarica i file delle sorgenti pubbliche in data/raw: il solo comando che prende dati dalla rete", "fetches the files of public sources into data/raw: the only command that takes data from the network"),
		ArgsUsage: t.say("[SORGENTE…]", "[SOURCE…]"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "mirror", Usage: t.say("cartella o indirizzo con i file della fonte, con i loro nomi, e quelli datati sotto snapshots/", "folder or address that holds the publisher's files, by their names, and dated ones below snapshots/")},
		},
		Action: func(c *cli.Context) error { return fetch(c, t) },
	}
}

// fetch takes the files of the sources named, or of all that the contracts declare, and says what became of each.
func fetch(c *cli.Context, t *terminal) (err error) {
	mirror, err := mirrorOf(c.String("mirror"), c.IsSet("mirror"))
	if err != nil {
		return err
	}
	today, err := clockOf("")
	if err != nil {
		return err
	}
	root, cat, err := project(c)
	if err != nil {
		return err
	}
	sources, err := chosen(append(ingest.FetchSources(cat), site.FetchSources()...), c.Args().Slice())
	if err != nil {
		return err
	}
	f := &ingest.Fetcher{Root: root, Mirror: mirror, Today: orElse(today, time.Now().UTC().Format(time.DateOnly)), Step: func(_ string, done, total int) { t.step(done, total) }, Note: func(text catalog.Text) {
		if !t.json {
			t.line(text.In(t.lang))
		}
	}}
	results := []ingest.Fetched{} // not nil: --json gives a list
	failed := &ingest.FetchError{}
	var lacking catalog.Problems // sources of which the mirror has nothing
	came := false
	for _, src := range sources {
		unlock, err := warehouse.Lock(filepath.Join(root, filepath.FromSlash(catalog.FetchFolder), src.Name, ".stato", "in-corso.lock"))
		if err != nil {
			return err
		}
		t.stage("scarico "+src.Name, "fetching "+src.Name)
		got, err := f.Fetch(c.Context, src)
		if err = errors.Join(err, unlock()); err != nil {
			return err
		}
		results = append(results, got...)
		found := false
		for _, r := range got {
			found = found || r.Outcome != ingest.Absent
			if r.Problem != nil {
				failed.Problems = together(failed.Problems, *r.Problem, !t.json)
			}
		}
		came = came || found
		if !found {
			lacking = append(lacking, catalog.Problem{What: catalog.Textf(catalog.Text{It: "nel mirror non c'è nessun file di %s", En: "the mirror holds no file of %s"}, src.Name),
				Hint: catalog.Text{It: "il mirror tiene i file con i nomi della fonte (per esempio " + src.Files[0].Name + ") e, sotto snapshots/, quelli datati", En: "a mirror holds the files by the publisher's names (for example " + src.Files[0].Name + ") and, below snapshots/, dated ones"}})
		}
	}
	switch {
	case c.Args().Present() || !came: // it was asked for by name, or nothing at all came
		failed.Problems = append(failed.Problems, lacking...)
	default:
		for _, p := range lacking {
			f.Note(catalog.Text{It: p.What.It + ": saltata", En: p.What.En + ": skipped"})
		}
	}
	t.clear()
	if err := t.fetched(results, t.json); err != nil {
		return err
	}
	if len(failed.Problems) > 0 {
		return failed
	}
	return nil
}

// together adds a problem; for people the files that have the same one are named together: a network that is down is said once.
func together(all catalog.Problems, p catalog.Problem, join bool) catalog.Problems {
	for i := range all {
		if join && p.Line == 0 && all[i].Line == 0 && all[i].What == p.What && all[i].Hint == p.Hint {
			all[i].File += ", " + p.File
			return all
		}
	}
	return append(all, p)
}

// mirrorOf checks what stands after --mirror.
func mirrorOf(mirror string, given bool) (string, error) {
	if !given {
		return "", nil
	}
	if scheme, _, ok := strings.Cut(mirror, "://"); ok {
		u, err := url.Parse(mirror)
		if err != nil || scheme != "https" && scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return "", usageError{catalog.Textf(catalog.Text{It: "--mirror %s: l'indirizzo di una cartella comincia con https:// e non ha utente, ? o #", En: "--mirror %s: the address of a folder begins with https:// and has no user, ? or #"}, mirror)}
		}
		return mirror, nil
	}
	if info, err := os.Stat(mirror); err != nil || !info.IsDir() {
		return "", usageError{catalog.Textf(catalog.Text{It: "--mirror %s: la cartella non c'è", En: "--mirror %s: there is no such folder"}, mirror)}
	}
	return filepath.Abs(mirror)
}

// chosen gives the sources named, in the order of their names; all if none is.
func chosen(known []ingest.FetchSource, names []string) (out []ingest.FetchSource, err error) {
	var list []string
	for _, s := range known {
		list = append(list, s.Name)
		if len(names) == 0 || slices.Contains(names, s.Name) {
			out = append(out, s)
		}
	}
	for _, n := range names {
		if !slices.Contains(list, n) {
			return nil, usageError{catalog.Textf(catalog.Text{It: "la sorgente «%s» non esiste: si conoscono %s", En: "there is no source %q: known are %s"}, n, strings.Join(list, ", "))}
		}
	}
	if len(out) == 0 {
		return nil, usageError{catalog.Text{It: "nessun contratto in queries/staging ha un blocco «fetch:»: non c'è niente da scaricare", En: "no contract in queries/staging has a block \"fetch:\": there is nothing to fetch"}}
	}
	return out, nil
}

type outcomeWords struct {
	outcome   ingest.Outcome
	one, many catalog.Text
}

// outcomes are the words for what became of a file, in the order of the summary.
var outcomes = []outcomeWords{
	{ingest.New, catalog.Text{It: "nuovo", En: "new"}, catalog.Text{It: "nuovi", En: "new"}},
	{ingest.Replaced, catalog.Text{It: "aggiornato oggi", En: "updated today"}, catalog.Text{It: "aggiornati oggi", En: "updated today"}},
	{ingest.Restored, catalog.Text{It: "ripreso", En: "restored"}, catalog.Text{It: "ripresi", En: "restored"}},
	{ingest.Unchanged, catalog.Text{It: "invariato", En: "unchanged"}, catalog.Text{It: "invariati", En: "unchanged"}},
	{ingest.Absent, catalog.Text{It: "assente nel mirror", En: "absent from the mirror"}, catalog.Text{It: "assenti nel mirror", En: "absent from the mirror"}},
	{ingest.Failed, catalog.Text{It: "non riuscito", En: "failed"}, catalog.Text{It: "non riusciti", En: "failed"}},
}

// fetched prints what became of each file, and how many there are of each kind.
func (t *terminal) fetched(results []ingest.Fetched, asJSON bool) error {
	if asJSON {
		type result struct {
			ingest.Fetched
			What string `json:"what,omitempty"`
		}
		out := struct {
			Files []result `json:"files"`
		}{Files: []result{}}
		for _, r := range results {
			line := result{Fetched: r}
			if r.Problem != nil {
				line.What = r.Problem.What.In(t.lang)
			}
			out.Files = append(out.Files, line)
		}
		return json.NewEncoder(os.Stdout).Encode(out)
	}
	count := map[ingest.Outcome]int{}
	for _, r := range results {
		count[r.Outcome]++
		at := slices.IndexFunc(outcomes, func(o outcomeWords) bool { return o.outcome == r.Outcome })
		line := fmt.Sprintf("%-22s %s/%s", outcomes[at].one.In(t.lang), r.Source, r.File)
		if r.Stored != "" && r.Outcome != ingest.Unchanged {
			line += " → " + r.Stored
		}
		if err := printf("%s\n", line); err != nil {
			return err
		}
	}
	var sums []string
	for _, o := range outcomes {
		if n := count[o.outcome]; n == 1 {
			sums = append(sums, "1 "+o.one.In(t.lang))
		} else if n > 1 {
			sums = append(sums, fmt.Sprintf("%d %s", n, o.many.In(t.lang)))
		}
	}
	next := ""
	if count[ingest.New]+count[ingest.Replaced]+count[ingest.Restored] > 0 {
		next = t.say(" Ora `piccoli build`.", " Now `piccoli build`.")
	}
	return printf("%s.%s\n", strings.Join(sums, ", "), next)
}
