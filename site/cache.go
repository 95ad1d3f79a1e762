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

// remembered is what one build tells the next: the costly parts (charts, cut CSS) by content. It is no input: without it, or
// with one that can't be read or is of another program, everything is made again to the same bytes.
type remembered struct {
	Engine string
	Blobs  map[string]string // content key → drawn chart, cut style sheet
}

func readBlobs(file, engine string) (*blobs, error) {
	empty := &blobs{old: map[string]string{}, now: map[string]string{}}
	if file == "" {
		return empty, nil
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	defer f.Close()
	var last remembered
	if err := gob.NewDecoder(f).Decode(&last); err != nil || last.Engine != engine || last.Blobs == nil {
		return empty, nil
	}
	return &blobs{old: last.Blobs, now: map[string]string{}}, nil
}

func (b *blobs) write(file, engine string) error {
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
	err = errors.Join(gob.NewEncoder(f).Encode(remembered{engine, b.now}), f.Close())
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
