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
	"strings"
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
	liveState  treeState
	asideState treeState
	now        treeState
	folders    map[string]bool
	kept       int

	disk  sync.Mutex // one at a time: file systems serialise changes of a folder, and waiting workers spin
	fresh bool       // the folder aside was empty at the start
	found func() listing
	seal  func() error
}

// listing is what stood in the folder aside at the start.
type listing struct {
	files  []string
	intact map[string]bool // those that were as asideState has them
	err    error
}

// treeState is what is known of one of the two trees.
type treeState struct {
	Files  map[string]made
	Groups map[string]string // name → identity of files that are taken over together
	Found  map[string]string // what was asked, with all that the answer depends on → the answer
}

// made is how a file came to be and how it looked when it was written.
type made struct {
	Identity string
	Bytes    int64
	Modified int64  // ns since the epoch: only to notice a change, never published
	Read     string // by which rules the privacy gate found nothing in it; empty: not read
	SHA256   string // empty: not known
}

// OpenTree prepares the folder beside live. The state files, which start with the given path, belong to this pair of folders; engine
// identifies the program, since another one may make other bytes from the same.
func OpenTree(live, state, engine string) (*Tree, error) {
	t := &Tree{live: live, aside: live + ".altro", state: state, engine: engine, now: newTreeState(), folders: map[string]bool{}}
	t.liveState, t.asideState = readState(t.state+".vivo"), readState(t.state+".altro")
	if len(t.asideState.Files) == 0 {
		if err := os.RemoveAll(t.aside); err != nil {
			return nil, err
		}
	}
	t.seal = sync.OnceValue(func() error { return encodeState(t.state+".vivo", t.now) })
	t.found = sync.OnceValue(t.list)
	t.fresh = len(t.asideState.Files) == 0
	if t.fresh {
		return t, os.MkdirAll(t.aside, 0o755)
	}
	go t.found() // while the data are worked on: ten thousand folders take a while
	return t, nil
}

// list looks at every file in the folder aside.
func (t *Tree) list() listing {
	l := listing{intact: map[string]bool{}}
	l.err = filepath.WalkDir(t.aside, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile, to be written anew
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, t.aside+string(filepath.Separator)))
		l.files = append(l.files, rel)
		if m, known := t.asideState.Files[rel]; known && m.matches(path) {
			l.intact[rel] = true
		}
		return nil
	})
	return l
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
	if _, twice := t.now.Files[path]; twice {
		t.mu.Unlock()
		return false, fmt.Errorf("two files at %s", path)
	}
	here, inAside := t.asideState.Files[path]
	there, inLive := t.liveState.Files[path]
	t.mu.Unlock()
	if inAside && here.Identity == identity && here.matches(t.Path(path)) {
		return true, t.note(path, here, true)
	}
	if !inLive || there.Identity != identity || !there.matches(t.livePath(path)) {
		return false, nil
	}
	if linked, err := t.link(path); err != nil || !linked {
		return false, err
	}
	return true, t.note(path, there, true)
}

// KeepAll reports whether all files at the paths are there as the last build or the one before made them from that identity. If not, the caller
// makes each, which Keep may still find to be there. It spares what their single identities cost to know.
func (t *Tree) KeepAll(group, identity string, paths []string) (bool, error) {
	identity = t.engine + identity
	t.mu.Lock()
	_, twice := t.now.Groups[group]
	t.now.Groups[group] = identity
	t.mu.Unlock()
	if twice {
		return false, fmt.Errorf("two groups %s", group)
	}
	var want treeState
	switch identity {
	case t.liveState.Groups[group]:
		want = t.liveState
	case t.asideState.Groups[group]:
		want = t.asideState
	default:
		return false, nil
	}
	found, afar := make([]made, len(paths)), make([]bool, len(paths)) // afar: in the live tree alone
	intact := t.found().intact
	for i, path := range paths {
		m, known := want.Files[path]
		here, there := t.asideState.Files[path], t.liveState.Files[path]
		switch {
		case !known:
			return false, nil
		case here.Identity == m.Identity && intact[path]:
			found[i] = here
		case there.Identity == m.Identity && there.matches(t.livePath(path)):
			found[i], afar[i] = there, true
		default:
			return false, nil
		}
	}
	for i, path := range paths {
		if !afar[i] {
			continue
		}
		if linked, err := t.link(path); err != nil || !linked {
			t.disk.Lock()
			t.fresh = false // what was linked so far must make room
			t.disk.Unlock()
			return false, err
		}
	}
	for i, path := range paths { // only now is it sure that all are there
		if err := t.note(path, found[i], true); err != nil {
			return false, err
		}
	}
	return true, nil
}

// link takes a file over from the live tree; false where that can't be: another file system, or too many links.
func (t *Tree) link(path string) (bool, error) {
	to, err := t.Place(path)
	if err != nil {
		return false, err
	}
	t.disk.Lock()
	defer t.disk.Unlock()
	return os.Link(t.livePath(path), to) == nil, nil
}

func (t *Tree) livePath(path string) string { return filepath.Join(t.live, filepath.FromSlash(path)) }

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
	info, err := t.write(to, body)
	if err != nil {
		return err
	}
	return t.note(path, made{Identity: t.engine + identity, Bytes: info.Size(), Modified: info.ModTime().UnixNano()}, false)
}

// write makes a new file and tells how it looks.
func (t *Tree) write(to string, body []byte) (fs.FileInfo, error) {
	t.disk.Lock()
	defer t.disk.Unlock()
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(body)
	info, errStat := f.Stat()
	return info, errors.Join(err, errStat, f.Close())
}

// Recall gives the answer to a question that the last build asked too, or finds it. The key tells all that the answer depends on.
func (t *Tree) Recall(key string, find func() (string, error)) (string, error) {
	key = Digest([]byte(t.engine + key))
	answer, known := t.liveState.Found[key]
	if !known {
		answer, known = t.asideState.Found[key]
	}
	if !known {
		var err error
		if answer, err = find(); err != nil {
			return "", err
		}
	}
	t.mu.Lock()
	t.now.Found[key] = answer
	t.mu.Unlock()
	return answer, nil
}

// Outside makes files that lie outside the tree, unless look tells the same of them as after the last build, which made them from that identity.
func (t *Tree) Outside(identity string, look func() (string, error), make func() error) error {
	key := func() (string, error) {
		there, err := look()
		return Digest([]byte(t.engine + identity + there)), err
	}
	is, err := key()
	if err != nil {
		return err
	}
	if _, known := t.liveState.Found[is]; !known {
		if err := make(); err != nil {
			return err
		}
		if is, err = key(); err != nil {
			return err
		}
	}
	t.mu.Lock()
	t.now.Found[is] = ""
	t.mu.Unlock()
	return nil
}

// Put makes a file that is known by its content, or keeps the one of the last build.
func (t *Tree) Put(path string, body []byte) error {
	identity := Digest(body)
	kept, err := t.Keep(path, identity)
	if err != nil || kept {
		return err
	}
	return t.Write(path, identity, body)
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
	if _, twice := t.now.Files[path]; twice {
		return fmt.Errorf("two files at %s", path)
	}
	t.now.Files[path] = m
	if kept {
		t.kept++
	}
	return nil
}

// describe tells of a file of this build: it is read, unless that was done when it was as it is now.
func (t *Tree) describe(path, format string) (File, error) {
	t.mu.Lock()
	m := t.now.Files[path]
	t.mu.Unlock()
	if m.SHA256 != "" {
		return File{Path: path, Format: format, Bytes: m.Bytes, SHA256: m.SHA256}, nil
	}
	f, err := describe(t.Path(path), path, format)
	if err != nil {
		return f, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	m.SHA256 = f.SHA256
	t.now.Files[path] = m
	return f, nil
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
	for path, m := range t.now.Files {
		if m.Read != rules {
			out = append(out, path)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(t.now.Files[b].Bytes, t.now.Files[a].Bytes), cmp.Compare(a, b))
	})
	return out
}

// read notes that the gate found nothing in a file.
func (t *Tree) read(path, rules string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.now.Files[path]
	m.Read = rules
	t.now.Files[path] = m
}

func (t *Tree) has(path string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.now.Files[path]
	return ok
}

// Paths lists the files of this build, sorted.
func (t *Tree) Paths() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.now.Files))
}

// Seal writes down what is known of the tree, to which nothing may come any more. It can be called to have it done before Publish.
func (t *Tree) Seal() error { return t.seal() }

// Publish removes what this build did not make and puts the tree in the place of the live one.
func (t *Tree) Publish() error {
	if err := errors.Join(t.prune(), t.Seal()); err != nil {
		return err
	}
	if err := warehouse.Replace(t.aside, t.live); err != nil {
		return err
	}
	// Each state is checked against the files themselves: a kill between these lines costs time, never a wrong byte.
	if _, err := os.Stat(t.aside); err == nil { // what was live is aside now
		err := os.Rename(t.state+".vivo", t.state+".altro")
		if errors.Is(err, fs.ErrNotExist) { // nothing was known of it
			err = os.RemoveAll(t.state + ".altro")
		}
		if err != nil {
			return err
		}
	}
	return os.Rename(t.state+".vivo"+halfMade, t.state+".vivo")
}

// Twin makes the folder aside equal to the live tree, by links, but for files that the live tree does not have: the next build then finds all that is
// live already in its place. state is that of OpenTree. It is nobody's loss if it is not called, or killed.
func Twin(live, state string) error {
	t := &Tree{live: live, aside: live + ".altro", liveState: readState(state + ".vivo"), asideState: readState(state + ".altro"), now: newTreeState(), folders: map[string]bool{}}
	if maps.Equal(t.liveState.Files, t.asideState.Files) {
		return nil
	}
	if len(t.asideState.Files) == 0 {
		if err := os.RemoveAll(t.aside); err != nil {
			return err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(t.liveState.Files)) {
		there := t.liveState.Files[path]
		if t.asideState.Files[path] != there { // the next build looks whether the files are what they are said to be
			if linked, err := t.link(path); err != nil {
				return err
			} else if !linked {
				continue // the next build writes it
			}
		}
		t.now.Files[path] = there
	}
	t.now.Groups, t.now.Found = t.liveState.Groups, t.liveState.Found
	return writeState(state+".altro", t.now)
}

// prune removes every file that is not of this build, and the folders that are left empty by that.
func (t *Tree) prune() error {
	if t.fresh {
		return nil
	}
	found := t.found()
	if found.err != nil {
		return found.err
	}
	for _, path := range found.files {
		if _, ok := t.now.Files[path]; ok {
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
	last := readState(state + ".vivo").Files
	for path, m := range last {
		if !m.matches(filepath.Join(live, filepath.FromSlash(path))) {
			return false
		}
	}
	return len(last) > 0
}

func newTreeState() treeState {
	return treeState{map[string]made{}, map[string]string{}, map[string]string{}}
}

// readState reads what is known of a tree; nothing where the file is absent or can't be read, and then all is made anew.
func readState(file string) treeState {
	out := newTreeState()
	f, err := os.Open(file)
	if err != nil {
		return out
	}
	defer f.Close() //nolint:errcheck // read only
	if gob.NewDecoder(f).Decode(&out) != nil {
		return newTreeState()
	}
	return out
}

func writeState(file string, state treeState) error {
	if err := encodeState(file, state); err != nil {
		return err
	}
	return os.Rename(file+halfMade, file)
}

// halfMade ends the name of a state file that is not in its place yet.
const halfMade = ".nuovo"

func encodeState(file string, state treeState) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.Create(file + halfMade)
	if err != nil {
		return err
	}
	return errors.Join(gob.NewEncoder(f).Encode(state), f.Close())
}
