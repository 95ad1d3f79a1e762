package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"piccoli/pipelines/catalog"
)

// lockMark is the file inside node_modules that remembers which lock was installed: times of files do not survive a
// clone, contents do.
const lockMark = ".piccoli-lock"

// EnsurePackages makes site/node_modules below root what site/package-lock.json says: where it is missing or was made
// from another lock it runs `npm ci --ignore-scripts`, and says so through log. Without npm it fails before anything is
// touched, with a catalog.Problems in both languages.
func EnsurePackages(ctx context.Context, root string, log func(string)) error {
	dir := filepath.Join(root, "site")
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	sum := sha256.Sum256(lock)
	want := hex.EncodeToString(sum[:])
	modules := filepath.Join(dir, "node_modules")
	mark := filepath.Join(modules, lockMark)
	if packagesFresh(dir, mark, want) {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return catalog.Problems{{
			File: "site/package-lock.json",
			What: catalog.Text{
				It: "i pacchetti del sito (site/node_modules) mancano o non corrispondono al file di blocco, e npm non si trova",
				En: "the site's packages (site/node_modules) are missing or do not match the lock file, and npm was not found",
			},
			Hint: catalog.Text{
				It: "installa Node.js 20 o successivo con npm e ripeti il comando",
				En: "install Node.js 20 or later with npm and run the command again",
			},
		}}
	}
	log("npm ci --ignore-scripts (site/)")
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		tail := lastLines(string(out), 8)
		return catalog.Problems{{
			File: "site/package-lock.json",
			What: catalog.Textf(catalog.Text{
				It: "npm ci non è riuscito (%v):\n%s",
				En: "npm ci failed (%v):\n%s",
			}, err, tail),
			Hint: catalog.Text{
				It: "serve la rete verso il registro npm configurato, una volta sola",
				En: "the configured npm registry must be reachable, this once",
			},
		}}
	}
	return os.WriteFile(mark, []byte(want+"\n"), 0o644)
}

// packagesFresh reports whether the installed packages are those of the lock. Someone who ran `npm ci` by hand has no mark:
// then npm's own copy of the lock must be newer than the lock.
func packagesFresh(dir, mark, want string) bool {
	got, err := os.ReadFile(mark)
	if err == nil {
		return strings.TrimSpace(string(got)) == want
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	installed, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err != nil {
		return false
	}
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	return err == nil && !installed.ModTime().Before(lock.ModTime())
}

func lastLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, "\n")
}
