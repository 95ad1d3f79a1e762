package site

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// cacheFormat changes whenever the same view would give other bytes for a reason that lies in this package's code.
const cacheFormat = 1

// written remembers one file of the last tree: from which key it was made, and how it looked when it was written.
type written struct {
	Key     [32]byte
	Size    int64
	ModTime int64
}

// cache is what one build tells the next: the keys of its files, and the costly parts (charts, cut CSS) by content.
// It is no input: without it, or with one that can't be read, everything is made again to the same bytes.
type cache struct {
	Format int
	Files  map[string]written // slash path from the site's root
	Blobs  map[string]string  // content key → drawn chart, cut style sheet
}

func newCache() *cache {
	return &cache{Format: cacheFormat, Files: map[string]written{}, Blobs: map[string]string{}}
}

func readCache(file string) (*cache, error) {
	if file == "" {
		return newCache(), nil
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return newCache(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	defer f.Close()
	var c cache
	if err := gob.NewDecoder(f).Decode(&c); err != nil || c.Format != cacheFormat || c.Files == nil || c.Blobs == nil {
		return newCache(), nil
	}
	return &c, nil
}

func (c *cache) write(file string) error {
	if file == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	tmp := file + ".nuovo"
	f, err := os.Create(tmp)
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	err = gob.NewEncoder(f).Encode(c)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	return os.Rename(tmp, file)
}

// blobs hands out the costly parts: from the last build if their content key is there, else made and remembered.
type blobs struct {
	mu       sync.Mutex
	old, now map[string]string
}

func (b *blobs) get(key string, make func() (string, error)) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.now[key]; ok {
		return s, nil
	}
	s, ok := b.old[key]
	if !ok {
		var err error
		if s, err = make(); err != nil {
			return "", err
		}
	}
	b.now[key] = s
	return s, nil
}

// tree writes the files of one build, or links them from the last one.
type tree struct {
	out, prev string
	old       map[string]written

	mu     sync.Mutex
	now    map[string]written
	pages  int
	reused int
	dirs   map[string]bool
}

func newTree(out, prev string, old map[string]written) *tree {
	return &tree{out: out, prev: prev, old: old, now: map[string]written{}, dirs: map[string]bool{}}
}

// reuse links the file from the last tree if it was made from the same key and still looks as it was written.
func (t *tree) reuse(path string, key [32]byte) (bool, error) {
	if t.prev == "" {
		return false, nil
	}
	w, ok := t.old[path]
	if !ok || w.Key != key {
		return false, nil
	}
	src := filepath.Join(t.prev, filepath.FromSlash(path))
	st, err := os.Lstat(src)
	if err != nil || !st.Mode().IsRegular() || st.Size() != w.Size || st.ModTime().UnixNano() != w.ModTime {
		return false, nil
	}
	if err := t.mkdir(path); err != nil {
		return false, err
	}
	if err := os.Link(src, filepath.Join(t.out, filepath.FromSlash(path))); err != nil {
		return false, nil // another file system, or too many links: write it
	}
	return true, t.note(path, w, true)
}

// write makes a new file. A path that comes twice is a mistake of the site, never an overwriting.
func (t *tree) write(path string, key [32]byte, body []byte) error {
	if err := t.mkdir(path); err != nil {
		return err
	}
	name := filepath.Join(t.out, filepath.FromSlash(path))
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	_, err = f.Write(body)
	st, serr := f.Stat()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err = errors.Join(err, serr); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	return t.note(path, written{Key: key, Size: st.Size(), ModTime: st.ModTime().UnixNano()}, false)
}

func (t *tree) note(path string, w written, reused bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, twice := t.now[path]; twice {
		return fmt.Errorf("site: two pages at %s", path)
	}
	t.now[path] = w
	if reused {
		t.reused++
	}
	if filepath.Ext(path) == ".html" {
		t.pages++
	}
	return nil
}

func (t *tree) mkdir(path string) error {
	dir := filepath.Dir(filepath.Join(t.out, filepath.FromSlash(path)))
	t.mu.Lock()
	known := t.dirs[dir]
	t.mu.Unlock()
	if known {
		return nil
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) { // mostly its parent is there
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("site: %w", err)
		}
	}
	t.mu.Lock()
	t.dirs[dir] = true
	t.mu.Unlock()
	return nil
}
