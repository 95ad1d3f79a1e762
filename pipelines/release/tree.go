package release

import (
	"cmp"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"piccoli/pipelines/warehouse"
)

// Tree is the folder of a site while it is made. It is filled aside and put in the place of the live one by one exchange; the
// tree that was live then stays aside as the start of the next build, which writes only the files that differ from it: making
// and removing ten thousand folders costs a disk more than rendering their pages.
//
// For every file it remembers from what it was made (its identity), its size and its modification time. A file is taken over only
// if all three hold, so that one that somebody touched is made anew. Files of the two trees may share an inode: nothing is ever
// written into a file that is there, it is removed first.
//
// A Tree is safe for use by several goroutines.
type Tree struct {
	live, aside string
	state       string // prefix of the two state files
	engine      string

	mu         sync.Mutex
	liveState  map[string]made
	asideState map[string]made
	now        map[string]made
	folders    map[string]bool
	kept       int

	disk  sync.Mutex // one at a time: file systems serialise changes of a folder, and waiting workers spin
	fresh bool       // the folder aside was empty at the start
	found chan listing
}

// listing is what stood in the folder aside at the start.
type listing struct {
	files []string
	err   error
}

// made is how a file came to be and how it looked when it was written.
type made struct {
	Identity string
	Bytes    int64
	Modified int64  // ns since the epoch: only to notice a change, never published
	Read     string // by which rules the privacy gate found nothing in it; empty: not read
}

// OpenTree prepares the folder beside live. The state files, which start with the given path, belong to this pair of folders; engine
// identifies the program, since another one may make other bytes from the same.
func OpenTree(live, state, engine string) (*Tree, error) {
	t := &Tree{live: live, aside: live + ".altro", state: state, engine: engine, now: map[string]made{}, folders: map[string]bool{}}
	t.liveState = readState(t.state + ".vivo")
	t.asideState = readState(t.state + ".altro")
	if len(t.asideState) == 0 {
		if err := os.RemoveAll(t.aside); err != nil {
			return nil, err
		}
	}
	t.found = make(chan listing, 1)
	t.fresh = len(t.asideState) == 0
	if t.fresh {
		t.found <- listing{}
		return t, os.MkdirAll(t.aside, 0o755)
	}
	go func() { // read while files and pages are compared: ten thousand folders take a while
		files, err := t.list()
		t.found <- listing{files, err}
	}()
	return t, nil
}

// list names every file in the folder aside.
func (t *Tree) list() (files []string, err error) {
	err = filepath.WalkDir(t.aside, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile, to be written anew
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(t.aside, path)
		files = append(files, filepath.ToSlash(rel))
		return err
	})
	return files, err
}

// Dir is the folder being filled.
func (t *Tree) Dir() string { return t.aside }

// Path is the place of a file of the tree on disk.
func (t *Tree) Path(path string) string { return filepath.Join(t.aside, filepath.FromSlash(path)) }

// Keep reports whether the file is there already as made from that identity, in the folder aside or by a link from the live tree.
// If not, the caller writes it.
func (t *Tree) Keep(path, identity string) (bool, error) {
	identity = t.engine + identity
	t.mu.Lock()
	if _, twice := t.now[path]; twice {
		t.mu.Unlock()
		return false, fmt.Errorf("two files at %s", path)
	}
	here, inAside := t.asideState[path]
	there, inLive := t.liveState[path]
	t.mu.Unlock()
	if inAside && here.Identity == identity && here.matches(t.Path(path)) {
		return true, t.note(path, here, true)
	}
	from := filepath.Join(t.live, filepath.FromSlash(path))
	if !inLive || there.Identity != identity || !there.matches(from) {
		return false, nil
	}
	to, err := t.Place(path)
	if err != nil {
		return false, err
	}
	t.disk.Lock()
	err = os.Link(from, to)
	t.disk.Unlock()
	if err != nil {
		return false, nil // another file system, or too many links: the caller writes it
	}
	return true, t.note(path, there, true)
}

func (m made) matches(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() == m.Bytes && info.ModTime().UnixNano() == m.Modified
}

// Place makes room for a file: its folder exists and no file of that name is left. It gives the place on disk.
func (t *Tree) Place(path string) (string, error) {
	to := t.Path(path)
	folder := filepath.Dir(to)
	t.mu.Lock()
	known := t.folders[folder]
	t.folders[folder] = true
	t.mu.Unlock()
	t.disk.Lock()
	defer t.disk.Unlock()
	if !known {
		if err := os.Mkdir(folder, 0o755); err != nil && !errors.Is(err, fs.ErrExist) { // mostly its parent is there
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return "", err
			}
		}
	}
	if t.fresh {
		return to, nil
	}
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return to, nil
}

// Write makes a file.
func (t *Tree) Write(path, identity string, body []byte) error {
	to, err := t.Place(path)
	if err != nil {
		return err
	}
	t.disk.Lock()
	err = os.WriteFile(to, body, 0o644)
	t.disk.Unlock()
	if err != nil {
		return err
	}
	return t.Wrote(path, identity)
}

// Wrote takes a file into the tree that somebody else wrote at its Place.
func (t *Tree) Wrote(path, identity string) error {
	info, err := os.Lstat(t.Path(path))
	if err != nil {
		return err
	}
	return t.note(path, made{Identity: t.engine + identity, Bytes: info.Size(), Modified: info.ModTime().UnixNano()}, false)
}

func (t *Tree) note(path string, m made, kept bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, twice := t.now[path]; twice {
		return fmt.Errorf("two files at %s", path)
	}
	t.now[path] = m
	if kept {
		t.kept++
	}
	return nil
}

// Kept is the number of files taken over as they were.
func (t *Tree) Kept() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.kept
}

// unread lists the files of this build that the gate has not read by these rules, the largest first.
func (t *Tree) unread(rules string) (out []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for path, m := range t.now {
		if m.Read != rules {
			out = append(out, path)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(t.now[b].Bytes, t.now[a].Bytes), cmp.Compare(a, b)) })
	return out
}

// read notes that the gate found nothing in a file.
func (t *Tree) read(path, rules string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.now[path]
	m.Read = rules
	t.now[path] = m
}

func (t *Tree) has(path string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.now[path]
	return ok
}

// Paths lists the files of this build, sorted.
func (t *Tree) Paths() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.now))
}

// Publish removes what this build did not make and puts the tree in the place of the live one.
func (t *Tree) Publish() error {
	if err := t.prune(); err != nil {
		return err
	}
	if err := warehouse.Replace(t.aside, t.live); err != nil {
		return err
	}
	// Each state is checked against the files themselves: a kill between these lines costs time, never a wrong byte.
	if _, err := os.Stat(t.aside); err == nil {
		if err := writeState(t.state+".altro", t.liveState); err != nil {
			return err
		}
	}
	return writeState(t.state+".vivo", t.now)
}

// prune removes every file that is not of this build, and the folders that are left empty by that.
func (t *Tree) prune() error {
	found := <-t.found
	if found.err != nil {
		return found.err
	}
	for _, path := range found.files {
		if _, ok := t.now[path]; ok {
			continue
		}
		if err := os.Remove(t.Path(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for dir := filepath.Dir(t.Path(path)); dir != t.aside; dir = filepath.Dir(dir) {
			if os.Remove(dir) != nil { // not empty
				break
			}
		}
	}
	return nil
}

// Foreign reports whether the folder holds something that is no site of this program: it must not be put aside.
func Foreign(live string) (bool, error) {
	entries, err := os.ReadDir(live)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = os.Stat(filepath.Join(live, "data", "datapackage.json"))
	return err != nil, nil
}

// Intact reports whether the live tree still holds every file of the last build as it was written.
func Intact(live, state string) bool {
	last := readState(state + ".vivo")
	for path, m := range last {
		if !m.matches(filepath.Join(live, filepath.FromSlash(path))) {
			return false
		}
	}
	return len(last) > 0
}

// readState reads what is known of a tree; nothing where the file is absent or can't be read, and then all is made anew.
func readState(file string) map[string]made {
	out := map[string]made{}
	f, err := os.Open(file)
	if err != nil {
		return out
	}
	defer f.Close() //nolint:errcheck // read only
	if gob.NewDecoder(f).Decode(&out) != nil {
		return map[string]made{}
	}
	return out
}

func writeState(file string, state map[string]made) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.Create(file + ".nuovo")
	if err != nil {
		return err
	}
	if err := errors.Join(gob.NewEncoder(f).Encode(state), f.Close()); err != nil {
		return err
	}
	return os.Rename(file+".nuovo", file)
}
