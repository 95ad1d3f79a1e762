package warehouse

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Temporary makes a folder whose name begins with prefix among the system's temporary ones, to be removed by the function that it gives, and removes those that runs of the same user
// left there when they were killed. A run holds a lock on its own; the kernel frees it when the process ends, however it ends.
func Temporary(prefix string) (dir string, remove func() error, err error) {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	if err != nil {
		return "", nil, err
	}
	for _, l := range left {
		if err := removeAbandoned(l); err != nil {
			return "", nil, err
		}
	}
	for {
		if dir, err = os.MkdirTemp("", prefix); err != nil {
			return "", nil, err
		}
		f, err := os.Open(dir)
		if err == nil {
			err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		}
		if err == nil {
			_, err = os.Stat(dir)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist): // another run took it for abandoned before it was locked
			f.Close() //nolint:errcheck // nothing was written
			continue
		case err != nil:
			return "", nil, errors.Join(err, f.Close())
		}
		return dir, func() error { return errors.Join(os.RemoveAll(dir), f.Close()) }, nil
	}
}

// removeAbandoned removes a folder of this user that no process holds.
func removeAbandoned(dir string) error {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil // somebody else's, no folder, or gone by now
	}
	defer unix.Close(fd) //nolint:errcheck // only read
	var s unix.Stat_t
	if err := unix.Fstat(fd, &s); err != nil || int(s.Uid) != os.Getuid() {
		return err
	}
	switch err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK):
		return nil
	case err != nil:
		return err
	}
	return os.RemoveAll(dir)
}
