package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// ErrLocked says that another build holds the lock.
var ErrLocked = errors.New("another build is running")

// Lock takes the lock file so that one build runs at a time. The kernel frees it when the process ends, however it ends.
func Lock(path string) (unlock func() error, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errors.Join(fmt.Errorf("%w (%s)", ErrLocked, path), f.Close())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// Replace puts the folder aside in the place of final in one exchange, so that nobody ever sees half a tree; the folder that was
// there is then aside. Where there is none it is a rename, and nothing is aside.
func Replace(aside, final string) error {
	err := exchange(aside, final)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	return os.Rename(aside, final)
}
