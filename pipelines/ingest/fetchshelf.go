package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"piccoli/pipelines/catalog"
)

// shelf is the folder of a fetched source, data/raw/<source>, with its lock file beside it.
type shelf struct {
	root    string
	rel     string // slash path of the folder from the root
	source  FetchSource
	lock    []Locked
	present map[string]string // files in the folder with a date in their name → their hash
	changed map[string]bool   // files that are not what the lock file says
}

func openShelf(root string, src FetchSource) (*shelf, error) {
	s := &shelf{root: root, rel: path.Join(catalog.FetchFolder, src.Name), source: src, present: map[string]string{}, changed: map[string]bool{}}
	var err error
	if s.lock, err = readLock(root, s.rel+".lock"); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(s.folder())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if _, ok := readDated(e.Name()); !ok || e.IsDir() {
			continue
		}
		f, err := hashFile(root, s.at(e.Name()))
		if err != nil {
			return nil, err
		}
		s.present[e.Name()] = f.SHA256
	}
	for _, l := range s.lock {
		s.changed[l.File] = s.has(l.File) && s.present[l.File] != l.SHA256
	}
	return s, nil
}

func (s *shelf) folder() string          { return filepath.Join(s.root, filepath.FromSlash(s.rel)) }
func (s *shelf) at(file string) string   { return filepath.Join(s.folder(), file) }
func (s *shelf) partials() string        { return s.at(".stato") } // an ending that a build passes over
func (s *shelf) has(file string) bool    { return s.present[file] != "" }
func (s *shelf) save() error             { return writeLock(s.root, s.rel+".lock", s.lock) }
func (s *shelf) path(file string) string { return s.rel + "/" + file }

// entry gives the line of the lock file for a file, or nil.
func (s *shelf) entry(file string) *Locked {
	for i := range s.lock {
		if s.lock[i].File == file {
			return &s.lock[i]
		}
	}
	return nil
}

// last gives the newest line of the lock file for a publisher's file, or nil.
func (s *shelf) last(name string) (out *Locked) {
	for i := range s.lock {
		if d, _ := readDated(s.lock[i].File); d.name == name && (out == nil || out.Date < d.date) {
			out = &s.lock[i]
		}
	}
	return out
}

// newest gives the newest dated file in the folder for a publisher's file; on gives that of one day. Empty where there is none.
func (s *shelf) newest(name string) (file, date string) {
	for f := range s.present {
		if d, _ := readDated(f); d.name == name && cmp.Or(cmp.Compare(d.date, date), cmp.Compare(f, file)) > 0 {
			file, date = f, d.date
		}
	}
	return file, date
}

func (s *shelf) on(name, date string) (file string) {
	for f := range s.present {
		if d, _ := readDated(f); d.name == name && d.date == date && f > file {
			file = f
		}
	}
	return file
}

// lost are the files that the lock file knows and the folder does not have, of names still declared, sorted.
func (s *shelf) lost() (out []string) {
	for _, l := range s.lock {
		d, _ := readDated(l.File)
		if !s.has(l.File) && slices.ContainsFunc(s.source.Files, func(f FetchFile) bool { return f.Name == d.name }) {
			out = append(out, l.File)
		}
	}
	slices.Sort(out)
	return out
}

func (s *shelf) altered() (out []Locked) {
	for _, l := range s.lock {
		if s.changed[l.File] {
			out = append(out, l)
		}
	}
	return out
}

func (s *shelf) alteration(l Locked) error {
	return catalog.Problems{{File: s.path(l.File), What: catalog.Text{It: "il file non è più quello scaricato: i suoi byte sono cambiati", En: "the file is not the one that was fetched: its bytes have changed"},
		Hint: catalog.Textf(catalog.Text{It: "i file scaricati non si modificano: spostarlo altrove e ripetere `piccoli fetch %s`", En: "fetched files are not edited: move it elsewhere and repeat `piccoli fetch %s`"}, s.source.Name)}}
}

// stored fills in what became of a file by its line in the lock file.
func (s *shelf) stored(r Fetched, o Outcome, l Locked) Fetched {
	r.Outcome, r.Stored, r.Bytes, r.SHA256 = o, s.path(l.File), l.Bytes, l.SHA256
	return r
}

// keepCurrent gives the publisher's file its place: none if it is what the newest file holds, else one of its own with the day in its name.
func (s *shelf) keepCurrent(r Fetched, file FetchFile, got arrived, today string) (Fetched, error) {
	last := s.last(file.Name)
	newest, date := s.newest(file.Name)
	if last != nil && !s.has(last.File) && last.SHA256 == got.sha256 {
		l := *last
		return s.keep(r, Restored, l, got, today)
	}
	if newest != "" && (last == nil || last.Date <= date) {
		same, err := s.holds(newest, got)
		if err != nil {
			return r, err
		}
		if same {
			return s.seen(r, newest, got, today)
		}
	}
	if last != nil {
		date = max(date, last.Date)
	}
	name := catalog.Dated(file.Name, today)
	fresh := Locked{File: name, Date: today, Bytes: got.bytes, SHA256: got.sha256}
	switch {
	case date > today:
		return r, errors.Join(catalog.Problems{{File: s.path(name), What: catalog.Textf(catalog.Text{It: "l'ultimo file è del %s, oggi sarebbe il %s", En: "the last file is of %s, today would be %s"}, date, today),
			Hint: catalog.Text{It: "controllare l'orologio del computer e SOURCE_DATE_EPOCH: la data nel nome mette in ordine la storia", En: "check the computer's clock and SOURCE_DATE_EPOCH: the date in the name orders the history"}}}, discard(got.aside))
	case date < today || !s.has(s.on(file.Name, today)):
		return s.keep(r, New, fresh, got, today)
	}
	earlier := s.on(file.Name, today)
	if s.entry(earlier) == nil {
		return r, errors.Join(catalog.Problems{{File: s.path(earlier), What: catalog.Text{It: "c'è già un file di oggi, diverso, che non viene da `piccoli fetch`", En: "there is a file of today, a different one, that does not come from `piccoli fetch`"},
			Hint: catalog.Text{It: "spostarlo altrove e ripetere il comando", En: "move it elsewhere and repeat the command"}}}, discard(got.aside))
	}
	r, err := s.keep(r, Replaced, fresh, got, today)
	if err == nil && earlier != name {
		if err = os.Remove(s.at(earlier)); err == nil {
			delete(s.present, earlier)
			s.lock = slices.DeleteFunc(s.lock, func(l Locked) bool { return l.File == earlier })
		}
	}
	return r, err
}

// keepSnapshot gives a mirror's dated file its place, unless a file of that day is there: that must hold the same.
func (s *shelf) keepSnapshot(r Fetched, snap snapshotFile, got arrived, today string) (Fetched, error) {
	differs := func(file string) error {
		return errors.Join(catalog.Problems{{File: s.path(file), What: catalog.Textf(catalog.Text{It: "%s del mirror è dello stesso giorno ma diverso", En: "%s of the mirror is of the same day but different"}, r.File),
			Hint: catalog.Text{It: "vale il file preso per primo; se è quello sbagliato, spostarlo altrove, togliere la sua riga dal lock e ripetere", En: "the file fetched first counts; if it is the wrong one, move it elsewhere, remove its line from the lock and repeat"}}}, discard(got.aside))
	}
	if have := s.on(snap.name, snap.date); have != "" {
		same, err := s.holds(have, got)
		switch {
		case err != nil:
			return r, err
		case !same:
			return r, differs(have)
		}
		return s.seen(r, have, got, "")
	}
	fresh := Locked{File: snap.stored, Date: snap.date, Bytes: got.bytes, SHA256: got.sha256, Seen: snap.date}
	for _, l := range s.lock {
		if d, _ := readDated(l.File); d.name != snap.name || d.date != snap.date {
			continue
		}
		if l.SHA256 != got.sha256 && l.SHA256 != got.contents {
			return r, differs(l.File)
		}
		if l.File != snap.stored { // the same, packed otherwise
			s.lock = slices.DeleteFunc(s.lock, func(o Locked) bool { return o.File == l.File })
			break
		}
		return s.keep(r, Restored, l, got, "")
	}
	return s.keep(r, New, fresh, got, "")
}

// holds reports whether a file in the folder is, packed or not, what has arrived.
func (s *shelf) holds(file string, got arrived) (bool, error) {
	if s.present[file] == got.sha256 {
		return true, nil
	}
	have := arrived{aside: s.at(file)}
	if err := have.examine(s.path(file)); err != nil {
		var problems catalog.Problems
		if errors.As(err, &problems) { // put there by hand, and not what it should be
			return false, nil
		}
		return false, err
	}
	return have.contents == got.contents, nil
}

// keep puts what has arrived in its place and writes it down. today is empty for what is not seen with the publisher today.
func (s *shelf) keep(r Fetched, o Outcome, l Locked, got arrived, today string) (Fetched, error) {
	if err := place(got.aside, s.at(l.File)); err != nil {
		return r, err
	}
	s.present[l.File], s.changed[l.File] = got.sha256, false
	if today != "" {
		l.Seen = today
	}
	l.URL, l.ETag, l.Modified = got.url, got.checks.ETag, got.checks.Modified
	if e := s.entry(l.File); e != nil {
		*e = l
	} else {
		s.lock = append(s.lock, l)
	}
	return s.stored(r, o, l), discard(got.aside)
}

// seen writes down that what has arrived is what a file in the folder holds, and removes it.
func (s *shelf) seen(r Fetched, file string, got arrived, today string) (Fetched, error) {
	if err := discard(got.aside); err != nil {
		return r, err
	}
	l := s.entry(file)
	if l == nil { // put there by hand: from now on it is locked
		info, err := os.Stat(s.at(file))
		if err != nil {
			return r, err
		}
		d, _ := readDated(file)
		s.lock = append(s.lock, Locked{File: file, Date: d.date, Bytes: info.Size(), SHA256: s.present[file], Seen: d.date, URL: got.url})
		l = &s.lock[len(s.lock)-1]
	}
	if today != "" {
		l.Seen = today
	}
	if today != "" && (got.official || l.ETag == "" && l.Modified == "") {
		l.URL, l.ETag, l.Modified = got.url, got.checks.ETag, got.checks.Modified
	}
	return s.stored(r, Unchanged, *l), nil
}

// copyAside brings a file of a folder.
func copyAside(ctx context.Context, from, to string) (err error) {
	in, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return errAbsent
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return err
}

// examine hashes what has arrived, packed and unpacked, and refuses by name what is no table at all; that is then removed.
func (a *arrived) examine(label string) (err error) {
	f, err := os.Open(a.aside)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	refuse := func(what, hint catalog.Text) error {
		return errors.Join(catalog.Problems{{File: label, What: what, Hint: hint}}, discard(a.aside))
	}
	again := catalog.Text{It: "ripetere il comando; se si ripete, avvisare chi lo pubblica", En: "repeat the command; if it happens again, tell its publisher"}
	outer, inner := sha256.New(), sha256.New()
	if a.bytes, err = io.Copy(outer, f); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(f, 1<<16)
	if magic, err := r.Peek(len(magicGzip)); err == nil && bytes.Equal(magic, magicGzip) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return refuse(catalog.Text{It: "il file gzip è rovinato o troncato", En: "the gzip file is broken or truncated"}, again)
		}
		limit := max(freeRatio, min(maxUnpacked, a.bytes*maxRatio))
		head := bufio.NewReaderSize(io.LimitReader(z, limit+1), 1<<16)
		page := isPage(head)
		n, err := io.Copy(inner, head)
		switch {
		case err != nil:
			return refuse(catalog.Text{It: "il file gzip è rovinato o troncato", En: "the gzip file is broken or truncated"}, again)
		case n > limit:
			return refuse(catalog.Textf(catalog.Text{It: "aperto, il file supera %s: troppo per la sua misura (%s)", En: "unpacked, the file is beyond %s: too much for its size (%s)"}, sizeText(limit), sizeText(a.bytes)), again)
		case page:
			return refuse(pageText, pageHint)
		case n == 0:
			return refuse(catalog.Text{It: "il file è vuoto", En: "the file is empty"}, again)
		}
		a.sha256, a.contents = hex.EncodeToString(outer.Sum(nil)), hex.EncodeToString(inner.Sum(nil))
		return nil
	}
	switch {
	case a.bytes == 0:
		return refuse(catalog.Text{It: "il file è vuoto", En: "the file is empty"}, again)
	case isPage(r):
		return refuse(pageText, pageHint)
	}
	a.sha256 = hex.EncodeToString(outer.Sum(nil))
	a.contents = a.sha256
	return nil
}

var (
	pageText = catalog.Text{It: "al posto del file è arrivata una pagina web", En: "a web page came in place of the file"}
	pageHint = catalog.Text{It: "aprire l'indirizzo nel browser: forse la rete chiede l'accesso, o la fonte ha spostato il file", En: "open the address in a browser: perhaps the network asks for a login, or the publisher has moved the file"}
)

// isPage reports whether the first character, after a byte order mark and blanks, is one with which HTML and XML begin.
func isPage(r *bufio.Reader) bool {
	head, _ := r.Peek(512) // a short file is a short head
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(head) > 0 && head[0] == '<'
}
