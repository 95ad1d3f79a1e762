//go:build !linux

package warehouse

import "os"

// exchange swaps two folders by two renames: where the kernel has no exchange there is a moment without the folder.
func exchange(a, b string) error {
	if _, err := os.Stat(b); err != nil {
		return err
	}
	if err := os.Rename(b, a+".vecchio"); err != nil {
		return err
	}
	if err := os.Rename(a, b); err != nil {
		return err
	}
	return os.Rename(a+".vecchio", a)
}
