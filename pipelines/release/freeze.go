package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"piccoli/pipelines/catalog"
)

// Freeze makes a version of the data of a finished build.
type Freeze struct {
	Data        string // the folder data/ of the site
	Releases    string // where versions are kept
	Number      string // SemVer
	Commit      string // of the project, or empty
	SameMeaning bool   // the publisher's word that changed descriptions changed no meaning
	Key         *Key   // nil: the version is not signed
	Threads     int
	Memory      string // of DuckDB, as it writes it
	Step        func(name string, done, total int)
}

// Frozen is what became of it.
type Frozen struct {
	Edition
	Again    bool // it was there already, and is the same
	Previous string
	Level    Level // of the step from Previous
	Schema   []SchemaChange
}

// stamped are the files that name the version they belong to: what they say in data/ gets its number when they are frozen.
var stamped = map[string]func(body []byte, v Version) ([]byte, error){
	"datapackage.json": func(body []byte, v Version) ([]byte, error) {
		var p dataPackage
		if err := json.Unmarshal(body, &p); err != nil {
			return nil, err
		}
		p.Version = v.Number
		return encode(p)
	},
	"croissant.json": stampCroissant,
	"CITATION.cff":   stampCitation,
	"datacite.json":  stampDataCite,
	"index.json":     stampAPI,
}

// Run freezes the version, in one move, or refuses: a *Refusal, catalog.Problems (what the headers must say) or a *TreeError (data that are not
// what their manifest says). Versions that are there are verified first, every byte.
func (f Freeze) Run(ctx context.Context) (*Frozen, error) {
	if !validNumber(f.Number) {
		return nil, refuse(catalog.Text{It: "«%s» non è una versione", En: "%q is no version"}, catalog.Text{It: "tre numeri: MAJOR.MINOR.PATCH, per esempio 1.4.0 (semver.org)", En: "three numbers: MAJOR.MINOR.PATCH, for example 1.4.0 (semver.org)"}, f.Number)
	}
	if err := f.sweep(); err != nil {
		return nil, err
	}
	editions, err := Editions(f.Releases)
	if err != nil {
		return nil, err
	}
	for _, e := range editions {
		if err := f.sound(ctx, e.Folder, "releases/"+e.Number+"/data/", 0); err != nil {
			return nil, err
		}
	}
	if err := f.sound(ctx, f.Data, "data/", SmallRows); err != nil {
		return nil, err
	}
	now, err := ReadManifest(f.Data)
	if err != nil {
		return nil, err
	}
	for _, e := range editions {
		if e.Manifest.Simulated != now.Simulated {
			return nil, refuse(catalog.Text{It: "dati veri e dati simulati non stanno nella stessa cartella di versioni", En: "real and simulated data don't go into the same folder of versions"},
				catalog.Text{It: "dare un'altra cartella con --releases", En: "give another folder with --releases"})
		}
	}
	for _, e := range editions {
		if e.Number == f.Number {
			return f.again(e, now)
		}
	}
	out := &Frozen{Edition: Edition{Number: f.Number}}
	v := Version{Number: f.Number, Commit: f.Commit, SameMeaning: f.SameMeaning}
	var before *Edition
	if n := len(editions); n > 0 {
		before = &editions[n-1]
		if compareNumbers(f.Number, before.Number) < 0 {
			return nil, refuse(catalog.Text{It: "la versione %s torna indietro: c'è già la %s", En: "version %s goes back: there is %s already"},
				catalog.Textf(catalog.Text{It: "le versioni vanno avanti: almeno %s", En: "versions go forward: at least %s"}, bump(before.Number, Patch)), f.Number, before.Number)
		}
		out.Schema = SchemaChanges(before.Manifest, now, f.SameMeaning)
		if err := admit(f.Number, *before, out.Schema, SameData(before.Manifest, now)); err != nil {
			return nil, err
		}
		v.Previous, v.PreviousSHA256 = before.Number, before.SHA256
		out.Previous, out.Level = before.Number, LevelBetween(before.Number, f.Number)
	}
	aside := filepath.Join(f.Releases, "."+f.Number+asideEnding)
	if err := os.MkdirAll(filepath.Join(aside, "data"), 0o755); err != nil {
		return nil, err
	}
	if err := f.fill(ctx, filepath.Join(aside, "data"), now, v, before); err != nil {
		return nil, errors.Join(err, os.RemoveAll(aside))
	}
	final := filepath.Join(f.Releases, f.Number)
	if err := os.Rename(aside, final); err != nil {
		return nil, err
	}
	out.Edition, err = readEdition(final, f.Number)
	return out, err
}

// asideEnding ends the name of a version, after a dot, while it is made.
const asideEnding = ".nuovo"

// sweep removes what runs that were killed left of versions half made.
func (f Freeze) sweep() error {
	entries, err := os.ReadDir(f.Releases)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && strings.HasSuffix(e.Name(), asideEnding) {
			if err := os.RemoveAll(filepath.Join(f.Releases, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// sound refuses a folder that is not what its manifest says; values are Verifier's.
func (f Freeze) sound(ctx context.Context, folder, name string, values int64) error {
	v, err := Verify(ctx, folder, Verifier{Threads: f.Threads, Step: f.Step, Values: values})
	if err != nil {
		return err
	}
	for i := range v.Problems {
		v.Problems[i].File = name + v.Problems[i].File
	}
	if len(v.Problems) > 0 {
		v.Problems[len(v.Problems)-1].Hint = catalog.Text{It: "una versione pubblicata non cambia: rimetterla com'era, da una copia", En: "a published version does not change: put it back as it was, from a copy"}
		if name == "data/" {
			v.Problems[len(v.Problems)-1].Hint = catalog.Text{It: "`piccoli build` rimette a posto i file toccati", En: "`piccoli build` mends files that were touched"}
		}
		return &TreeError{v.Problems}
	}
	return nil
}

// again is a number that is taken: fine if the data are the same, and then a signature may be added; otherwise refused.
func (f Freeze) again(e Edition, now *Manifest) (*Frozen, error) {
	if !SameData(e.Manifest, now) {
		return nil, refuse(catalog.Text{It: "la versione %s c'è già, con altri dati: una versione pubblicata non cambia", En: "version %s is there already, with other data: a published version does not change"},
			catalog.Textf(catalog.Text{It: "dare un numero nuovo, almeno %s", En: "give a new number, at least %s"}, bump(e.Number, Patch)), e.Number)
	}
	if f.Key != nil && !e.Signed {
		_, raw, err := readManifest(e.Folder)
		if err != nil {
			return nil, err
		}
		if err := writeFrozen(filepath.Join(e.Folder, signatureName), f.Key.sign(raw, e.Number)); err != nil {
			return nil, err
		}
		e.Signed = true
	}
	return &Frozen{Edition: e, Again: true}, nil
}

// fill writes the whole version into an empty folder.
func (f Freeze) fill(ctx context.Context, to string, now *Manifest, v Version, before *Edition) error {
	frozen := *now
	frozen.Version, frozen.Files = &v, nil
	write := func(o Output, body []byte) error {
		o.SHA256, o.Bytes = Digest(body), int64(len(body))
		frozen.Files = append(frozen.Files, o)
		return writeFrozen(filepath.Join(to, filepath.FromSlash(o.Path)), body)
	}
	for _, o := range now.Files {
		from := filepath.Join(f.Data, filepath.FromSlash(o.Path))
		if stamp := stamped[o.Path]; stamp != nil {
			body, err := os.ReadFile(from)
			if err != nil {
				return err
			}
			if body, err = stamp(body, v); err != nil {
				return fmt.Errorf("%s: %w", o.Path, err)
			}
			if err := write(o, body); err != nil {
				return err
			}
			continue
		}
		if err := copyFrozen(from, filepath.Join(to, filepath.FromSlash(o.Path))); err != nil {
			return err
		}
		frozen.Files = append(frozen.Files, o)
	}
	if before != nil {
		changes, err := Diff(ctx, before.Folder, f.Data, Differ{Threads: f.Threads, Memory: f.Memory, SameMeaning: f.SameMeaning, Spill: filepath.Join(filepath.Dir(to), ".disco"), Rows: to, Step: f.Step})
		if err != nil {
			return err
		}
		changes.To.Version = v.Number
		body, err := encode(changes)
		if err != nil {
			return err
		}
		if err := write(Output{Path: changesName, Format: "json"}, body); err != nil {
			return err
		}
		for _, d := range changes.Datasets {
			if d.File == nil {
				continue
			}
			frozen.Files = append(frozen.Files, *d.File)
			if err := os.Chmod(filepath.Join(to, filepath.FromSlash(d.File.Path)), 0o444); err != nil {
				return err
			}
		}
	}
	sortOutputs(frozen.Files)
	text, err := encode(frozen)
	if err != nil {
		return err
	}
	digests := map[string]string{manifestName: Digest(text)}
	for _, o := range frozen.Files {
		digests[o.Path] = o.SHA256
	}
	if err := errors.Join(writeFrozen(filepath.Join(to, manifestName), text), writeFrozen(filepath.Join(to, sumsName), sums(digests))); err != nil {
		return err
	}
	if f.Key == nil {
		return nil
	}
	return writeFrozen(filepath.Join(to, signatureName), f.Key.sign(text, v.Number))
}

// writeFrozen writes a file that nobody is to change, down to the disk.
func writeFrozen(to string, body []byte) (err error) {
	return frozenFile(to, strings.NewReader(string(body)))
}

// copyFrozen copies: a link would let whoever writes into one of the two change the other.
func copyFrozen(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return frozenFile(to, in)
}

func frozenFile(to string, from io.Reader) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, from)
	return errors.Join(err, out.Sync(), out.Close())
}

// PublishEditions puts the frozen versions into the tree of the site, by links where the disk can. A file that is new there is hashed first:
// one that is not what its manifest says stops the build.
func PublishEditions(tree *Tree, editions []Edition) error {
	for _, e := range editions {
		digests := map[string]string{manifestName: e.SHA256}
		for _, o := range e.Manifest.Files {
			digests[o.Path] = o.SHA256
		}
		digests[sumsName] = Digest(sums(digests))
		if e.Signed {
			signature, err := os.ReadFile(filepath.Join(e.Folder, signatureName))
			if err != nil {
				return err
			}
			digests[signatureName] = Digest(signature)
		}
		for path, digest := range digests {
			if err := publishFrozen(tree, filepath.Join(e.Folder, filepath.FromSlash(path)), e.Path()+"data/"+path, digest); err != nil {
				return err
			}
		}
	}
	return nil
}

func publishFrozen(tree *Tree, from, path, digest string) error {
	kept, err := tree.Keep(path, digest)
	if err != nil || kept {
		return err
	}
	found, err := describe(from, path, "")
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if err != nil || found.SHA256 != digest {
		return &TreeError{catalog.Problems{{File: path, What: catalog.Text{It: "il file della versione manca o non è più quello pubblicato", En: "the version's file is missing or no longer the one published"},
			Hint: catalog.Text{It: "una versione pubblicata non cambia: rimetterla com'era, da una copia; `piccoli verify` dice tutto ciò che non torna", En: "a published version does not change: put it back as it was, from a copy; `piccoli verify` tells all that is wrong"}}}}
	}
	to, err := tree.Place(path)
	if err != nil {
		return err
	}
	if os.Link(from, to) != nil { // another disk
		if err := copyFrozen(from, to); err != nil {
			return err
		}
	}
	return tree.Wrote(path, digest)
}
