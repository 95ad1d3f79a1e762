package ingest

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"piccoli/pipelines/catalog"
)

// FetchSource is one source that `piccoli fetch` knows, from the blocks `fetch:` of the contracts.
type FetchSource struct {
	Name  string // e.g. padigitale
	Files []FetchFile
}

// FetchFile is one file of a publisher.
type FetchFile struct {
	Name     string   // as the publisher calls it
	Mirrored []string // other names under which a mirror may have it, say with the year in them
	URL      string   // where the publisher keeps it; empty for a name that is not used any more
	Contract string   // slash path of the staging file
	Line     int      // of its block `fetch:`
	Gzip     bool     // dated copies may be packed
}

// FetchSources gives the sources that the contracts declare, with their files, both sorted by name.
func FetchSources(c *catalog.Catalog) []FetchSource {
	var out []FetchSource
	for _, q := range c.Layer(catalog.Staging) {
		if q.Source == nil || q.Source.Fetch == nil {
			continue
		}
		t := q.Source.Fetch
		at := slices.IndexFunc(out, func(s FetchSource) bool { return s.Name == t.Source })
		if at < 0 {
			at = len(out)
			out = append(out, FetchSource{Name: t.Source})
		}
		file := FetchFile{Contract: q.Path, Line: t.Line, Gzip: slices.Contains(q.Source.Packed, "gzip")}
		for _, name := range t.Files {
			file.Name, file.URL = name, t.Base+name
			out[at].Files = append(out[at].Files, file)
		}
		for _, name := range t.Former {
			file.Name, file.URL = name, ""
			out[at].Files = append(out[at].Files, file)
		}
	}
	slices.SortFunc(out, func(a, b FetchSource) int { return cmp.Compare(a.Name, b.Name) })
	for _, s := range out {
		slices.SortFunc(s.Files, func(a, b FetchFile) int { return cmp.Compare(a.Name, b.Name) })
	}
	return out
}

// Outcome is what became of one file.
type Outcome string

// The outcomes, as the command line says them.
const (
	New       Outcome = "nuovo"
	Replaced  Outcome = "aggiornato" // it takes the place of the one fetched earlier on the same day
	Restored  Outcome = "ripreso"    // the lock file knew it, the folder had lost it
	Unchanged Outcome = "invariato"
	Absent    Outcome = "assente" // the mirror does not have it
	Failed    Outcome = "non riuscito"
)

// Fetched is what became of one file of a source.
type Fetched struct {
	Source  string           `json:"source"`
	File    string           `json:"file"` // the publisher's name, or snapshots/<dated name> of a mirror
	Outcome Outcome          `json:"outcome"`
	Stored  string           `json:"stored,omitempty"` // slash path from the root of the file that now holds it
	Bytes   int64            `json:"bytes,omitempty"`
	SHA256  string           `json:"sha256,omitempty"`
	Problem *catalog.Problem `json:"-"` // of what failed
}

// FetchError names the files that could not be fetched; the others were.
type FetchError struct{ Problems catalog.Problems }

func (e *FetchError) Error() string { return e.Problems.Error() }

// Fetcher takes the files of sources from their publishers or from a mirror of these. Nothing else in the program takes data from the network.
type Fetcher struct {
	Root   string
	Mirror string // folder, or http(s) address of one; empty: the publisher
	Today  string // ISO date for the names of files that have none
	Note   func(catalog.Text)
	Step   func(file string, done, total int)
	web    *web
}

// dated is a name under which one day's file is kept.
type dated struct {
	name, date string // avvisi.csv, 2026-08-22
	gzip       bool
}

var datedName = regexp.MustCompile(`^([^/\\]+)_(\d{4}-\d\d-\d\d)(\.[a-z]+)(\.gz)?$`)

func readDated(file string) (d dated, ok bool) {
	m := datedName.FindStringSubmatch(file)
	if m == nil {
		return d, false
	}
	_, err := time.Parse(time.DateOnly, m[2])
	return dated{m[1] + m[3], m[2], m[4] != ""}, err == nil
}

// Fetch takes the files of one source. One that fails does not stop the others; an error is of the disk, of the project or an interruption.
func (f *Fetcher) Fetch(ctx context.Context, src FetchSource) (out []Fetched, err error) {
	if f.web == nil {
		f.web = newWeb(f.Note)
	}
	s, err := openShelf(f.Root, src)
	if err != nil {
		return nil, err
	}
	snapshots, err := f.snapshots(s)
	if err != nil {
		return nil, err
	}
	total := len(snapshots)
	for _, file := range src.Files {
		if file.URL != "" {
			total++
		}
	}
	add := func(r Fetched, err error) error {
		var problems catalog.Problems
		switch {
		case errors.As(err, &problems):
			r.Outcome, r.Problem = Failed, &problems[0]
		case err != nil:
			return err
		}
		r.Source = src.Name
		out = append(out, r)
		return s.save()
	}
	for _, l := range s.altered() {
		if err := add(Fetched{File: l.File}, s.alteration(l)); err != nil {
			return out, err
		}
	}
	for i, snap := range snapshots {
		f.Step("snapshots/"+snap.stored, i, total)
		if err := add(f.snapshot(ctx, s, snap)); err != nil {
			return out, err
		}
	}
	done := len(snapshots)
	for _, file := range src.Files {
		if file.URL == "" {
			continue
		}
		f.Step(file.Name, done, total)
		done++
		if l := s.last(file.Name); l != nil && s.changed[l.File] {
			continue // named above
		}
		if err := add(f.current(ctx, s, file)); err != nil {
			return out, err
		}
	}
	if lost := s.lost(); len(lost) > 0 {
		names := strings.Join(lost[:min(len(lost), 3)], ", ")
		if len(lost) > 3 {
			names += "…"
		}
		f.Note(catalog.Textf(catalog.Text{It: "%s: %d file del lock non sono nella cartella (%s): li ha chi li aveva scaricati, o un mirror con snapshots/",
			En: "%s: %d files of the lock are not in the folder (%s): whoever fetched them has them, or a mirror with snapshots/"}, s.rel, len(lost), names))
	}
	return out, nil
}

// snapshotFile is a dated file of a mirror.
type snapshotFile struct {
	dated
	stored string // its name, there and here
	file   FetchFile
}

// snapshots are the dated files that the mirror offers: all that a folder holds; of an address, which can't be listed, those that the lock
// file knows and the folder has lost.
func (f *Fetcher) snapshots(s *shelf) (out []snapshotFile, err error) {
	var names []string
	switch {
	case isAddress(f.Mirror):
		names = s.lost()
	case f.Mirror != "":
		entries, err := os.ReadDir(filepath.Join(f.Mirror, "snapshots"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
				names = append(names, e.Name())
			}
		}
	}
	for _, n := range names {
		d, ok := readDated(n)
		at := slices.IndexFunc(s.source.Files, func(file FetchFile) bool { return ok && file.Name == d.name && (file.Gzip || !d.gzip) })
		if at < 0 {
			f.Note(catalog.Textf(catalog.Text{It: "snapshots/%s: non è un file datato di %s, saltato", En: "snapshots/%s: no dated file of %s, skipped"}, n, s.source.Name))
			continue
		}
		out = append(out, snapshotFile{d, n, s.source.Files[at]})
	}
	slices.SortFunc(out, func(a, b snapshotFile) int {
		return cmp.Or(cmp.Compare(a.date, b.date), cmp.Compare(a.stored, b.stored))
	})
	return out, nil
}

// snapshot takes a dated file of the mirror, which keeps its date and its name.
func (f *Fetcher) snapshot(ctx context.Context, s *shelf, snap snapshotFile) (Fetched, error) {
	r := Fetched{File: "snapshots/" + snap.stored}
	got, err := f.take(ctx, s, snap.file, r.File, nil)
	if errors.Is(err, errAbsent) {
		r.Outcome = Absent
		return r, nil
	}
	if err != nil {
		return r, err
	}
	return s.keepSnapshot(r, snap, got, f.Today)
}

// current takes the publisher's file as it is today.
func (f *Fetcher) current(ctx context.Context, s *shelf, file FetchFile) (Fetched, error) {
	r := Fetched{File: file.Name}
	last := s.last(file.Name)
	if last != nil && !s.has(last.File) {
		last = nil // lost: whatever comes is wanted
	}
	got, err := f.take(ctx, s, file, file.Name, last)
	for _, name := range file.Mirrored {
		if f.Mirror == "" || !errors.Is(err, errAbsent) {
			break
		}
		got, err = f.take(ctx, s, file, name, last)
	}
	switch {
	case errors.Is(err, errSame):
		last.Seen = f.Today
		return s.stored(r, Unchanged, *last), nil
	case errors.Is(err, errAbsent) && f.Mirror != "":
		r.Outcome = Absent
		return r, nil
	case errors.Is(err, errAbsent):
		return r, catalog.Problems{{File: file.Contract, Line: file.Line, Col: 4,
			What: catalog.Textf(catalog.Text{It: "la fonte non ha il file %s", En: "the publisher does not have the file %s"}, file.URL),
			Hint: catalog.Text{It: "guardare con il browser se ha cambiato nome o posto e correggere «fetch:» nel contratto; i file già presi restano", En: "see in a browser whether its name or place has changed and mend \"fetch:\" in the contract; the files fetched before stay"}}}
	case err != nil:
		return r, err
	}
	return s.keepCurrent(r, file, got, f.Today)
}

// arrived is a file that lies whole, aside, in the source's folder.
type arrived struct {
	aside    string
	url      string
	checks   validators
	bytes    int64
	sha256   string
	contents string // hash of what is in it, unpacked
	official bool   // from the publisher itself
}

var (
	errAbsent = errors.New("there is no such file")
	errSame   = errors.New("the file is the one that we have")
)

// take brings a file to the folder of partial files and looks at what it is. known is what we have of it, or nil.
func (f *Fetcher) take(ctx context.Context, s *shelf, file FetchFile, name string, known *Locked) (got arrived, err error) {
	got.aside = filepath.Join(s.partials(), path.Base(name)+".part")
	if err := os.MkdirAll(s.partials(), 0o755); err != nil {
		return got, err
	}
	label := s.source.Name + "/" + name
	switch {
	case f.Mirror == "" || isAddress(f.Mirror):
		got.url, got.official = file.URL, f.Mirror == ""
		if !got.official {
			got.url = strings.TrimSuffix(f.Mirror, "/") + "/" + name
		}
		var have validators
		if known != nil && known.URL == got.url {
			have = validators{known.ETag, known.Modified}
		}
		got.checks, err = f.web.get(ctx, label, got.url, have, got.aside)
	default:
		got.url = "mirror:" + name
		err = copyAside(ctx, filepath.Join(f.Mirror, filepath.FromSlash(name)), got.aside)
	}
	if err == nil {
		err = got.examine(label)
	}
	return got, err
}

func isAddress(mirror string) bool {
	return strings.HasPrefix(mirror, "https://") || strings.HasPrefix(mirror, "http://")
}
