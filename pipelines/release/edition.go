package release

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"piccoli/pipelines/catalog"
)

// Version is what the manifest of a frozen version says of it.
type Version struct {
	Number         string `json:"number"`                    // SemVer, e.g. 1.4.0
	Previous       string `json:"previous,omitempty"`        // the version before it
	PreviousSHA256 string `json:"previous_sha256,omitempty"` // digest of that one's manifest: each vouches for those before it
	Commit         string `json:"commit,omitempty"`          // of the project, where it is kept in git
	SameMeaning    bool   `json:"same_meaning,omitempty"`    // the publisher's word that changed descriptions changed no meaning
}

// Edition is one frozen version on disk.
type Edition struct {
	Number   string
	Folder   string // the folder data/ with its manifest
	Manifest *Manifest
	SHA256   string // of the manifest
	Signed   bool   // a signature stands beside the manifest; whether it is right, verify says
	Changes  *Changes
}

// Path is the address of a frozen version from the site's root.
func (e Edition) Path() string { return "releases/" + e.Number + "/" }

// validNumber reports whether a version is three numbers, as SemVer 2.0.0 writes them, without more.
func validNumber(v string) bool {
	return semver.Canonical("v"+v) == "v"+v && semver.Prerelease("v"+v) == "" && semver.Build("v"+v) == ""
}

// compareNumbers orders versions: 1.10.0 comes after 1.9.0.
func compareNumbers(a, b string) int { return semver.Compare("v"+a, "v"+b) }

// Editions reads the frozen versions of a folder, oldest first; none where there is no folder. It reads manifests, not the data: Verify
// does that.
func Editions(dir string) ([]Edition, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Edition
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if !validNumber(e.Name()) {
			return nil, &TreeError{catalog.Problems{{File: e.Name(), What: catalog.Textf(catalog.Text{It: "nella cartella delle versioni «%s» non è una versione", En: "in the folder of versions %q is no version"}, e.Name()),
				Hint: catalog.Text{It: "la cartella tiene solo versioni come 1.0.0: spostare il resto altrove", En: "the folder holds versions such as 1.0.0 alone: move the rest elsewhere"}}}}
		}
		edition, err := readEdition(filepath.Join(dir, e.Name()), e.Name())
		if err != nil {
			return nil, err
		}
		out = append(out, edition)
	}
	slices.SortFunc(out, func(a, b Edition) int { return compareNumbers(a.Number, b.Number) })
	var problems catalog.Problems
	for i, e := range out[min(1, len(out)):] {
		v, before := e.Manifest.Version, out[i]
		if v.Previous != before.Number || v.PreviousSHA256 != before.SHA256 {
			problems = append(problems, catalog.Problem{File: before.Number + "/data/" + manifestName,
				What: catalog.Textf(catalog.Text{It: "non è il manifesto da cui è partita la versione %s", En: "it is not the manifest that version %s started from"}, e.Number),
				Hint: catalog.Text{It: "una versione pubblicata non cambia e non si toglie: rimetterla com'era, da una copia", En: "a published version neither changes nor goes away: put it back as it was, from a copy"}})
		}
	}
	if len(problems) > 0 {
		return nil, &TreeError{problems}
	}
	return out, nil
}

func readEdition(dir, number string) (Edition, error) {
	e := Edition{Number: number, Folder: filepath.Join(dir, "data")}
	m, raw, err := readManifest(e.Folder)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = &TreeError{catalog.Problems{{File: number + "/data/" + manifestName, What: catalog.Text{It: "il manifesto della versione non c'è", En: "the manifest of the version is missing"},
				Hint: catalog.Text{It: "rimettere la versione com'era, da una copia", En: "put the version back as it was, from a copy"}}}}
		}
		return e, err
	}
	if m.Version == nil || m.Version.Number != number {
		return e, &TreeError{catalog.Problems{{File: number + "/data/" + manifestName, What: catalog.Textf(catalog.Text{It: "il manifesto non è quello della versione %s", En: "the manifest is not that of version %s"}, number)}}}
	}
	e.Manifest, e.SHA256 = m, Digest(raw)
	_, err = os.Stat(filepath.Join(e.Folder, signatureName))
	e.Signed = err == nil
	text, err := os.ReadFile(filepath.Join(e.Folder, changesName))
	if errors.Is(err, fs.ErrNotExist) {
		return e, nil // the first version
	}
	if err != nil {
		return e, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&e.Changes); err != nil {
		return e, &TreeError{catalog.Problems{{File: number + "/data/" + changesName, What: catalog.Text{It: "il file non si legge", En: "the file can't be read"}}}}
	}
	return e, nil
}

// latest is data/latest.json: for machines that look whether there is something new.
type latest struct {
	Date           string    `json:"date"`
	Simulated      bool      `json:"simulated,omitempty"`
	Warning        string    `json:"warning,omitempty"`
	ManifestSHA256 string    `json:"manifest_sha256"` // of data/manifest.json
	Version        string    `json:"version,omitempty"`
	Unreleased     bool      `json:"unreleased"` // data/ holds something that the version does not
	Versions       []pointer `json:"versions"`   // newest first
	Retired        []Retired `json:"retired,omitempty"`
}

type pointer struct {
	Version        string `json:"version"`
	Date           string `json:"date"`
	Path           string `json:"path"` // from the site's root
	ManifestSHA256 string `json:"manifest_sha256"`
	Signed         bool   `json:"signed"`
}

func (in Input) latest(index *Index) ([]byte, error) {
	text, err := encode(index.Manifest)
	if err != nil {
		return nil, err
	}
	l := latest{Date: in.AsOf, Simulated: in.Simulated, Warning: in.warning(), ManifestSHA256: Digest(text), Unreleased: true, Versions: []pointer{}, Retired: RetiredNames(in.Releases, index.Manifest)}
	for _, e := range slices.Backward(in.Releases) {
		l.Versions = append(l.Versions, pointer{e.Number, e.Manifest.Date, e.Path(), e.SHA256, e.Signed})
	}
	if n := len(in.Releases); n > 0 {
		newest := in.Releases[n-1]
		l.Version, l.Unreleased = newest.Number, !SameData(newest.Manifest, index.Manifest)
	}
	return encode(l)
}

// SameData reports whether two manifests describe the same data files; what only speaks of a version does not count.
func SameData(a, b *Manifest) bool {
	files := func(m *Manifest) (out []Output) {
		for _, f := range m.Files {
			if _, ok := stamped[f.Path]; !ok && !ofChanges(f.Path) {
				out = append(out, Output{Path: f.Path, SHA256: f.SHA256})
			}
		}
		return out
	}
	return slices.Equal(files(a), files(b))
}

// Retired is a dataset or column of a published version that the data no longer have. Its address leads on.
type Retired struct {
	Dataset string `json:"dataset"`
	Column  string `json:"column,omitempty"` // empty: the whole dataset
	Now     string `json:"renamed_to,omitempty"`
	Last    string `json:"last_version"` // the newest version that holds it
	Title   Words  `json:"title"`        // of the dataset, or the meaning of the column
}

// RetiredNames are the names of published versions that the data of now do not have, sorted; each with what became of it.
func RetiredNames(editions []Edition, now *Manifest) []Retired {
	found := map[[2]string]Retired{}
	for _, e := range editions {
		for _, d := range e.Manifest.Datasets {
			current := now.Dataset(d.Name)
			if current == nil {
				r := Retired{Dataset: d.Name, Last: e.Number, Title: d.Title}
				if to := renamedDataset(now, d.Name); to != nil {
					r.Now = to.Name
				}
				found[[2]string{d.Name, ""}] = r
				continue
			}
			for _, c := range d.Columns {
				if current.column(c.Name) != nil || c.Name == simulatedColumn.Name {
					continue
				}
				found[[2]string{d.Name, c.Name}] = Retired{Dataset: d.Name, Column: c.Name, Now: current.renamed(c.Name), Last: e.Number, Title: c.Description}
			}
		}
	}
	var out []Retired
	for _, r := range found {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Retired) int {
		return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Column, b.Column))
	})
	return out
}

// renamedDataset gives the dataset that went on from a name, or nil.
func renamedDataset(m *Manifest, old string) *Contract {
	for i := range m.Datasets {
		if m.Datasets[i].RenamedFrom == old {
			return &m.Datasets[i]
		}
	}
	return nil
}

// renamed gives the name under which a column goes on, or "".
func (c *Contract) renamed(old string) string {
	for _, r := range c.Renamed {
		if r.From == old {
			return r.To
		}
	}
	return ""
}

// sums is the text of SHA256SUMS for files and those that speak of them, by path.
func sums(files map[string]string) []byte {
	var b bytes.Buffer
	for _, p := range sortedKeys(files) {
		fmt.Fprintf(&b, "%s  %s\n", files[p], p)
	}
	return b.Bytes()
}
