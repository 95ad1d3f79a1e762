package release

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"aead.dev/minisign"
	"golang.org/x/sync/errgroup"

	"piccoli/pipelines/catalog"
)

// Verifier says how to look.
type Verifier struct {
	Threads   int // 0: as many as there are cores
	PublicKey *minisign.PublicKey
	// Values is the greatest number of rows of a dataset whose forms are held against each other, cell by cell; 0: every file is held against the manifest
	// alone, and what the documents say is not read.
	Values int64
	Step   func(name string, done, total int)
}

// Verified is what a folder of data turned out to be. Without Problems it is what its manifest says.
type Verified struct {
	Manifest  *Manifest
	SHA256    string // of the manifest
	Files     int
	Bytes     int64
	Rows      int64 // of all datasets
	Compared  int   // datasets whose forms were held against each other
	Signature Signature
	Comment   string // what was signed beside the manifest: the version
	Problems  catalog.Problems
}

// Verify holds a folder against its manifest: every file's size and SHA-256, no file more and none less, beside data/ neither, the number of rows in every CSV,
// JSON, XML, Parquet and Arrow file, whole or a piece, the declared types and descriptions in those that carry them, SHA256SUMS and the
// signature; if Values is set also what the documents say of the data, and that all forms of a dataset of up to so many rows hold the same cells. Whatever is wrong is in Problems, by file; an error means that
// it could not be looked at.
func Verify(ctx context.Context, folder string, o Verifier) (*Verified, error) {
	v := &Verified{}
	m, raw, err := readManifest(folder)
	var broken *TreeError
	switch {
	case errors.As(err, &broken):
		v.Problems = broken.Problems
		return v, nil
	case err != nil:
		return nil, err
	}
	v.Manifest, v.SHA256 = m, Digest(raw)
	v.wellFormed()
	if v.Signature, v.Comment, err = signatureOf(folder, raw, o.PublicKey); err != nil {
		return nil, err
	}
	if v.Signature == Invalid {
		v.add(signatureName, catalog.Text{It: "la firma non è di questa chiave su questo manifesto", En: "the signature is not of this key on this manifest"},
			catalog.Text{It: "controllare la chiave pubblica; se è giusta, i dati non vengono da chi la tiene: non usarli", En: "check the public key; if it is right, the data don't come from its holder: don't use them"})
	}
	if err := errors.Join(v.strangers(folder), v.beside(folder)); err != nil {
		return nil, err
	}
	if err := v.checksums(folder); err != nil {
		return nil, err
	}
	return v, v.look(ctx, folder, o)
}

// look reads every file, and then the documents and the forms of each dataset whose bytes are right.
func (v *Verified) look(ctx context.Context, folder string, o Verifier) error {
	inspector, err := newInspector(ctx, o.Threads)
	if err != nil {
		return err
	}
	err = v.files(ctx, inspector, folder, o)
	if err == nil && len(v.Problems) == 0 && o.Values > 0 {
		v.Problems = disagreements(folder, v.Manifest)
	}
	if err == nil && len(v.Problems) == 0 {
		err = v.values(ctx, inspector, folder, o)
	}
	slices.SortStableFunc(v.Problems, func(a, b catalog.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.What.En, b.What.En))
	})
	return errors.Join(err, inspector.close())
}

// values holds the forms of every dataset that is not too large against each other.
func (v *Verified) values(ctx context.Context, look *inspector, folder string, o Verifier) error {
	var mu sync.Mutex
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(o.workers())
	for i := range v.Manifest.Datasets {
		d := &v.Manifest.Datasets[i]
		if d.Rows > o.Values || o.Values == 0 {
			continue
		}
		v.Compared++
		var files []Output
		for _, f := range v.Manifest.Files {
			if f.Dataset == d.Name && (f.Rows != nil || f.Part != nil) {
				files = append(files, f)
			}
		}
		group.Go(func() error {
			found, err := look.contents(groupCtx, folder, d, files)
			mu.Lock()
			defer mu.Unlock()
			v.Problems = append(v.Problems, found...)
			return err
		})
	}
	return group.Wait()
}

func (o Verifier) workers() int {
	if o.Threads < 1 {
		return runtime.GOMAXPROCS(0)
	}
	return o.Threads
}

func (v *Verified) add(file string, what, hint catalog.Text) {
	v.Problems = append(v.Problems, catalog.Problem{File: file, What: what, Hint: hint})
}

// wellFormed looks for what a manifest must say: that every dataset has files, key, types and meanings.
func (v *Verified) wellFormed() {
	files := map[string]int{}
	for i, o := range v.Manifest.Files {
		if !filepath.IsLocal(filepath.FromSlash(o.Path)) {
			v.add(manifestName, catalog.Textf(catalog.Text{It: "il file «%s» non sta nella cartella", En: "the file %q is not inside the folder"}, o.Path), catalog.Text{})
		}
		if i > 0 && v.Manifest.Files[i-1].Path >= o.Path {
			v.add(manifestName, catalog.Textf(catalog.Text{It: "il file «%s» è ripetuto o fuori posto", En: "the file %q is repeated or out of order"}, o.Path), catalog.Text{})
		}
		files[o.Dataset]++
	}
	pieces := map[string]map[string]int64{} // rows in the pieces of a dataset, by how it is parted
	for _, o := range v.Manifest.Files {
		if o.Part == nil {
			continue
		}
		if pieces[o.Dataset] == nil {
			pieces[o.Dataset] = map[string]int64{}
		}
		pieces[o.Dataset][o.Part.by()+" "+o.Format] += o.Part.Rows
	}
	for _, d := range v.Manifest.Datasets {
		for _, by := range sortedKeys(pieces[d.Name]) {
			if n := pieces[d.Name][by]; n != d.Rows {
				v.add(manifestName, catalog.Textf(catalog.Text{It: "i pezzi di «%s» hanno in tutto %d righe, il dataset ne ha %d", En: "the pieces of %q have %d rows in all, the dataset has %d"}, d.Name, n, d.Rows), catalog.Text{})
			}
		}
		v.Rows += d.Rows
		if files[d.Name] == 0 || len(d.Key) == 0 || d.Title.It == "" || d.Title.En == "" || d.Description.It == "" || d.Description.En == "" {
			v.add(manifestName, catalog.Textf(catalog.Text{It: "al dataset «%s» mancano file, chiave, titolo o descrizione", En: "the dataset %q lacks files, key, title or description"}, d.Name), catalog.Text{})
		}
		for _, c := range d.Columns {
			if c.Type == "" || c.Description.It == "" || c.Description.En == "" {
				v.add(manifestName, catalog.Textf(catalog.Text{It: "alla colonna «%s.%s» mancano tipo o descrizione", En: "the column %q.%q lacks type or description"}, d.Name, c.Name), catalog.Text{})
			}
		}
	}
}

// strangers looks for files that the manifest does not name.
func (v *Verified) strangers(folder string) error {
	known := map[string]bool{manifestName: true, sumsName: true, signatureName: true, latestName: v.Manifest.Version == nil}
	for _, o := range v.Manifest.Files {
		known[o.Path] = true
	}
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if !known[rel] || !d.Type().IsRegular() {
			v.stranger(rel)
		}
		return nil
	})
}

func (v *Verified) stranger(file string) {
	v.add(file, catalog.Text{It: "il manifesto non conosce questo file", En: "the manifest does not know this file"}, catalog.Text{It: "non viene da chi pubblica: toglierlo", En: "it does not come from the publisher: remove it"})
}

// beside looks for files next to data/ in the folder of a version: on the site its two pages stand there, in the publisher's archive nothing. A folder that is not named after the version is somebody's own.
func (v *Verified) beside(folder string) error {
	dir := filepath.Dir(folder)
	if v.Manifest.Version == nil || filepath.Base(folder) != "data" || filepath.Base(dir) != v.Manifest.Version.Number {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == folder {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(dir, path)
		if rel = filepath.ToSlash(rel); err == nil && !d.IsDir() && rel != "index.html" && rel != "cosa-e-cambiato/index.html" {
			v.stranger("../" + rel)
		}
		return err
	})
}

// checksums holds SHA256SUMS against the manifest, to the byte: it names every file but itself and the signature.
func (v *Verified) checksums(folder string) error {
	digests := map[string]string{manifestName: v.SHA256}
	for _, o := range v.Manifest.Files {
		digests[o.Path] = o.SHA256
	}
	if v.Manifest.Version == nil {
		body, err := os.ReadFile(filepath.Join(folder, latestName))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			v.missing(latestName)
		case err != nil:
			return err
		default:
			digests[latestName] = Digest(body)
		}
	}
	body, err := os.ReadFile(filepath.Join(folder, sumsName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.missing(sumsName)
	case err != nil:
		return err
	case string(body) != string(sums(digests)):
		v.add(sumsName, catalog.Text{It: "le impronte non sono quelle del manifesto, o un file che parla degli altri è stato toccato", En: "the digests are not those of the manifest, or a file that speaks of the others was touched"},
			catalog.Text{It: "`sha256sum -c SHA256SUMS` dice quale", En: "`sha256sum -c SHA256SUMS` says which"})
	}
	return nil
}

func (v *Verified) missing(file string) {
	v.add(file, catalog.Text{It: "il file manca", En: "the file is missing"}, catalog.Text{It: "scaricarlo di nuovo da chi lo pubblica", En: "download it again from its publisher"})
}

// files reads every file once, the greatest first, so many at a time as there are threads.
func (v *Verified) files(ctx context.Context, look *inspector, folder string, o Verifier) error {
	list := slices.Clone(v.Manifest.Files)
	slices.SortStableFunc(list, func(a, b Output) int { return cmp.Compare(b.Bytes, a.Bytes) })
	var mu sync.Mutex
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(o.workers())
	for _, file := range list {
		group.Go(func() error {
			found, size, err := look.file(groupCtx, filepath.Join(folder, filepath.FromSlash(file.Path)), file, v.Manifest.Dataset(file.Dataset))
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			v.Files++
			v.Bytes += size
			v.Problems = append(v.Problems, found...)
			if o.Step != nil {
				o.Step(file.Path, v.Files, len(list))
			}
			return nil
		})
	}
	return group.Wait()
}

// hashAndCount reads a file once: its digest, its size and what the counter makes of it, on two processors.
func hashAndCount(path string, count func(block []byte)) (digest string, size int64, err error) {
	in, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	const block = 1 << 20
	h := sha256.New()
	if count == nil {
		size, err = io.CopyBuffer(h, in, make([]byte, block)) // hash.Hash is no io.ReaderFrom: the buffer is used
		return hex.EncodeToString(h.Sum(nil)), size, err
	}
	full, free := make(chan []byte, 4), make(chan []byte, 4)
	for range cap(free) {
		free <- make([]byte, block)
	}
	done := make(chan struct{})
	counted := make(chan []byte, 4)
	go func() {
		defer close(done)
		for b := range counted {
			count(b)
			free <- b[:cap(b)]
		}
	}()
	var readErr error
	go func() {
		defer close(full)
		for b := range free {
			n, err := io.ReadFull(in, b)
			if n > 0 {
				full <- b[:n]
			}
			if err != nil {
				if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
					readErr = err
				}
				return
			}
		}
	}()
	for b := range full {
		h.Write(b) //nolint:errcheck // never fails
		size += int64(len(b))
		counted <- b
	}
	close(counted)
	<-done
	return hex.EncodeToString(h.Sum(nil)), size, readErr
}
