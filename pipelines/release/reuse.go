package release

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Reuse spares writing files that would come out the same: it remembers for every file of the last good tree from what it was
// made (its identity) and hard-links it into the new tree while that holds. A file that somebody touched since is written anew.
// It is safe for use by several goroutines.
type Reuse struct {
	prev, out string
	mu        sync.Mutex
	last, now map[string]made
	linked    int
}

type made struct {
	Identity string `json:"da"`
	Bytes    int64  `json:"byte"`
	Modified int64  `json:"ns"` // modification time, ns since the epoch: only to notice a change, never published
}

// OpenReuse reads what the state file remembers of the tree prev. An absent or unreadable file, or an absent tree, means that
// everything is written anew.
func OpenReuse(state, prev, out string) *Reuse {
	r := &Reuse{prev: prev, out: out, last: map[string]made{}, now: map[string]made{}}
	if b, err := os.ReadFile(state); err == nil {
		if json.Unmarshal(b, &r.last) != nil {
			r.last = map[string]made{}
		}
	}
	return r
}

// Link puts the last tree's file into the new one if it was made from the same and is as it was written.
func (r *Reuse) Link(path, identity string) bool {
	r.mu.Lock()
	m, ok := r.last[path]
	r.mu.Unlock()
	if !ok || m.Identity != identity {
		return false
	}
	from := filepath.Join(r.prev, filepath.FromSlash(path))
	info, err := os.Lstat(from)
	if err != nil || !m.matches(info) {
		return false
	}
	to := filepath.Join(r.out, filepath.FromSlash(path))
	if err := os.Link(from, to); errors.Is(err, fs.ErrNotExist) {
		if os.MkdirAll(filepath.Dir(to), 0o755) != nil || os.Link(from, to) != nil {
			return false
		}
	} else if err != nil {
		return false // another file system, say: the caller writes it
	}
	r.mu.Lock()
	r.now[path] = m
	r.linked++
	r.mu.Unlock()
	return true
}

func (m made) matches(info fs.FileInfo) bool {
	return info.Mode().IsRegular() && info.Size() == m.Bytes && info.ModTime().UnixNano() == m.Modified
}

// Wrote remembers a file that was written into the new tree.
func (r *Reuse) Wrote(path, identity string) {
	info, err := os.Lstat(filepath.Join(r.out, filepath.FromSlash(path)))
	if err != nil {
		return // not remembered: written again next time
	}
	r.mu.Lock()
	r.now[path] = made{identity, info.Size(), info.ModTime().UnixNano()}
	r.mu.Unlock()
}

// Linked is the number of files taken over from the last tree.
func (r *Reuse) Linked() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.linked
}

// Intact reports whether the tree still holds every file that is remembered of it, as it was written.
func (r *Reuse) Intact() bool {
	if len(r.last) == 0 {
		return false
	}
	for path, m := range r.last {
		info, err := os.Lstat(filepath.Join(r.prev, filepath.FromSlash(path)))
		if err != nil || !m.matches(info) {
			return false
		}
	}
	return true
}

// Save writes what is now known to the state file, aside and then in one rename.
func (r *Reuse) Save(state string) error {
	b, err := json.Marshal(r.now)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(state), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(state+".nuovo", b, 0o644); err != nil {
		return err
	}
	return os.Rename(state+".nuovo", state)
}
