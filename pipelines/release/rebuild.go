package release

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Outcome says how a file compares with the one that was built again.
type Outcome string

// The outcomes. Unproved is a file whose inputs the verifier does not have; Derived one that comes of comparing two versions, not of the inputs.
const (
	EqualBytes Outcome = "equal"
	OtherBytes Outcome = "different"
	Unproved   Outcome = "unproved"
	Derived    Outcome = "derived"
)

// Compared is one file of a version beside the same file of a new build.
type Compared struct {
	Path    string  `json:"path"`
	Outcome Outcome `json:"outcome"`
}

// CompareRebuilt holds every file of a manifest against a new build of the same inputs. missing are the tables of which an input was not at hand:
// what is made from them can't be proved.
func CompareRebuilt(m *Manifest, rebuilt string, missing map[string]bool) ([]Compared, error) {
	var out []Compared
	for _, o := range m.Files {
		c := Compared{o.Path, OtherBytes}
		digest, err := rebuiltDigest(m, rebuilt, o.Path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		switch {
		case ofChanges(o.Path):
			c.Outcome = Derived
		case err == nil && digest == o.SHA256:
			c.Outcome = EqualBytes
		case lacks(m.Dataset(o.Dataset), missing):
			c.Outcome = Unproved
		}
		out = append(out, c)
	}
	return out, nil
}

// lacks reports whether an input of a dataset is missing; a file that speaks of all datasets lacks what any of them lacks.
func lacks(d *Contract, missing map[string]bool) bool {
	if d == nil {
		return len(missing) > 0
	}
	for _, table := range d.Reads {
		if missing[table] {
			return true
		}
	}
	return false
}

func rebuiltDigest(m *Manifest, rebuilt, path string) (string, error) {
	at := filepath.Join(rebuilt, filepath.FromSlash(path))
	if stamp := stamped[path]; stamp != nil && m.Version != nil {
		body, err := os.ReadFile(at)
		if err != nil {
			return "", err
		}
		body, err = stamp(body, *m.Version)
		return Digest(body), err
	}
	f, err := describe(at, path, "")
	return f.SHA256, err
}
