package ingest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"piccoli/pipelines/catalog"
)

// shape is what one look at all bytes of a text file tells.
type shape struct {
	bytes, newlines, quotes int64
	crlf                    int64  // line feeds after a carriage return
	loneCR                  int64  // carriage returns without a line feed: the line ends of old Macs
	nul                     int64  // zero bytes
	nulEven, nulOdd         int64  // at even and odd places, as UTF-16 has them
	bad                     int64  // place of the first byte that is not UTF-8; -1 where all are
	badLine                 int64  // its line
	head                    []byte // the first four bytes
	ends                    bool   // the last byte is a line feed
	faults, controls        bool   // what may be a spreadsheet's error word, a control character, stands in it: never no where there is one
}

// shapeOf looks at every byte once, in constant memory, in as many parts as there are processors.
func shapeOf(ctx context.Context, path string) (s shape, err error) {
	f, err := os.Open(path)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	cuts, err := lineCuts(f, 0)
	if err != nil {
		return s, err
	}
	parts := make([]shape, len(cuts)-1)
	var g errgroup.Group
	for i := range parts {
		g.Go(func() (err error) {
			parts[i], err = shapeOfPart(ctx, io.NewSectionReader(f, cuts[i], cuts[i+1]-cuts[i]), cuts[i])
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return s, err
	}
	s = parts[0]
	for _, p := range parts[1:] {
		s.join(p)
	}
	head := make([]byte, 4)
	n, err := f.ReadAt(head, 0)
	if s.head = head[:n]; err != nil && !errors.Is(err, io.EOF) {
		return s, err
	}
	return s, nil
}

// join adds a later part.
func (s *shape) join(o shape) {
	if s.bad < 0 && o.bad >= 0 {
		s.bad, s.badLine = s.bytes+o.bad, s.newlines+o.badLine
	}
	if o.bytes > 0 {
		s.ends = o.ends
	}
	s.bytes, s.newlines, s.quotes, s.crlf, s.loneCR = s.bytes+o.bytes, s.newlines+o.newlines, s.quotes+o.quotes, s.crlf+o.crlf, s.loneCR+o.loneCR
	s.nul, s.nulEven, s.nulOdd = s.nul+o.nul, s.nulEven+o.nulEven, s.nulOdd+o.nulOdd
	s.faults, s.controls = s.faults || o.faults, s.controls || o.controls
}

// shapeOfPart looks at one part, which begins after a line feed or at the beginning of the file, at a place in it.
func shapeOfPart(ctx context.Context, r io.Reader, from int64) (s shape, err error) {
	s.bad = -1
	buffer, kept := make([]byte, 1<<20), 0
	last := byte(0)
	for {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		n, err := io.ReadFull(r, buffer[kept:])
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return s, err
		}
		fresh := buffer[kept : kept+n]
		if s.bad < 0 {
			whole, rest := validPrefix(buffer[:kept+n], end)
			if whole < kept+n-rest {
				s.bad = s.bytes - int64(kept) + int64(whole)
				s.badLine = s.newlines + int64(bytes.Count(buffer[:whole], []byte{'\n'})) - int64(bytes.Count(buffer[:kept], []byte{'\n'})) + 1
			}
			s.look(fresh, &last, from)
			copy(buffer, buffer[kept+n-rest:kept+n])
			kept = rest
		} else {
			s.look(fresh, &last, from)
			kept = 0
		}
		if end {
			if last == '\r' {
				s.loneCR++
			}
			s.ends = last == '\n'
			return s, nil
		}
	}
}

// look counts in one piece of the part that begins at a place in the file; last is the byte before it.
func (s *shape) look(piece []byte, last *byte, from int64) {
	s.newlines += int64(bytes.Count(piece, []byte{'\n'}))
	s.quotes += int64(bytes.Count(piece, []byte{'"'}))
	if !s.faults { // a colon at the start of a piece: "Err:502" may have begun in the one before
		s.faults = bytes.IndexByte(piece, '#') >= 0 || bytes.Contains(piece, []byte("Err:")) || bytes.IndexByte(piece[:min(4, len(piece))], ':') >= 0
	}
	if !s.controls {
		s.controls = hasControl(piece) || noCharacter(piece)
	}
	if bytes.IndexByte(piece, 0) >= 0 {
		for i, c := range piece {
			if c == 0 {
				s.nul++
				if (from+s.bytes+int64(i))%2 == 0 {
					s.nulEven++
				} else {
					s.nulOdd++
				}
			}
		}
	}
	if *last == '\r' && len(piece) > 0 {
		if piece[0] == '\n' {
			s.crlf++
		} else {
			s.loneCR++
		}
	}
	for rest := piece; ; {
		i := bytes.IndexByte(rest, '\r')
		if i < 0 {
			break
		}
		if i+1 < len(rest) && rest[i+1] == '\n' {
			s.crlf++
		} else if i+1 < len(rest) {
			s.loneCR++
		}
		rest = rest[i+1:]
	}
	if len(piece) > 0 {
		*last = piece[len(piece)-1]
	}
	s.bytes += int64(len(piece))
}

// noCharacter reports whether a piece may hold U+FFFE or U+FFFF, which XML can't have, or begin with the end of one.
func noCharacter(piece []byte) bool {
	for _, c := range piece[:min(2, len(piece))] {
		if c == 0xbe || c == 0xbf {
			return true
		}
	}
	return bytes.Contains(piece, []byte("\uffff")) || bytes.Contains(piece, []byte("\ufffe"))
}

// hasControl reports whether a piece has an ASCII control character other than tab, line feed and carriage return.
func hasControl(piece []byte) bool {
	if bytes.IndexByte(piece, 0x7f) >= 0 {
		return true
	}
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for len(piece) >= 8 { // eight at a time: is any below a space?
		if w := binary.LittleEndian.Uint64(piece); (w-0x20*ones)&^w&high != 0 && lowControl(piece[:8]) {
			return true
		}
		piece = piece[8:]
	}
	return lowControl(piece)
}

func lowControl(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return true
		}
	}
	return false
}

// validPrefix gives the length of what is UTF-8 at the start of b, and of a rune cut off at its end.
func validPrefix(b []byte, end bool) (whole, rest int) {
	if !end {
		for rest < min(utf8.UTFMax-1, len(b)) && !utf8.RuneStart(b[len(b)-1-rest]) {
			rest++
		}
		if rest < len(b) && !utf8.FullRune(b[len(b)-1-rest:]) {
			rest++
		} else {
			rest = 0
		}
	}
	part := b[:len(b)-rest]
	if utf8.Valid(part) {
		return len(part), rest
	}
	for i := 0; i < len(part); {
		r, n := utf8.DecodeRune(part[i:])
		if r == utf8.RuneError && n == 1 {
			return i, rest
		}
		i += n
	}
	return len(part), rest
}

// encodingOf decides the encoding among those declared: by the byte order mark, else by whether all bytes are UTF-8.
func (p *prepared) encodingOf(s shape, d catalog.Dialect) (string, catalog.Problems) {
	declared := strings.Join(d.Encodings, ", ")
	found, eight := "utf-8", ""
	for _, e := range d.Encodings {
		if !strings.HasPrefix(e, "utf-") {
			eight = e
		}
	}
	switch {
	case bytes.HasPrefix(s.head, []byte{0xff, 0xfe}), s.nulOdd > s.bytes/4 && s.nulEven == 0:
		found = "utf-16le"
	case bytes.HasPrefix(s.head, []byte{0xfe, 0xff}), s.nulEven > s.bytes/4 && s.nulOdd == 0:
		found = "utf-16be"
	case s.nul > 0:
		return "", refusal(p.file, catalog.Text{It: "il file contiene byte zero: non è un testo", En: "the file holds zero bytes: it is no text"}, catalog.Text{It: "esportarlo come CSV", En: "export it as CSV"})
	case s.bad >= 0 && eight == "" || s.bad < 0 && !slices.Contains(d.Encodings, "utf-8") && eight == "":
		return "", catalog.Problems{{File: p.file.Path, Line: int(s.badLine), What: catalog.Textf(catalog.Text{It: "il byte %d non è UTF-8, e il contratto ammette solo %s", En: "byte %d is not UTF-8, and the contract admits just %s"}, s.bad+1, declared),
			Hint: catalog.Text{It: "salvare il file come «CSV UTF-8»", En: "save the file as \"CSV UTF-8\""}}}
	case s.bad >= 0 || !slices.Contains(d.Encodings, "utf-8"):
		return eight, nil
	}
	if name, _, _ := strings.Cut(found, "le"); !slices.Contains(d.Encodings, strings.TrimSuffix(name, "be")) {
		return "", refusal(p.file, catalog.Textf(catalog.Text{It: "il file è %s, il contratto ammette %s", En: "the file is %s, the contract admits %s"}, strings.ToUpper(found), declared),
			catalog.Text{It: "salvare il file come «CSV UTF-8»", En: "save the file as \"CSV UTF-8\""})
	}
	return found, nil
}

// transcode copies a file as UTF-8 with line feeds.
func (p *prepared) transcode(path, name, spill string) (to string, err error) {
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := p.keep(spill, ".csv")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	var from encoding.Encoding = unicode.UTF8
	switch name {
	case "utf-8":
	case "utf-16le":
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
		if head, err := headOf(path, 2); err != nil || !bytes.Equal(head, []byte{0xff, 0xfe}) {
			from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
		}
	case "utf-16be":
		from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
		if head, err := headOf(path, 2); err != nil || !bytes.Equal(head, []byte{0xfe, 0xff}) {
			from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
		}
	default:
		if from, err = htmlindex.Get(name); err != nil {
			return "", err
		}
	}
	r, w := bufio.NewReaderSize(from.NewDecoder().Reader(in), 1<<20), bufio.NewWriterSize(out, 1<<20)
	for {
		c, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return out.Name(), w.Flush()
		}
		if err != nil {
			return "", err
		}
		if c == '\r' {
			if next, err := r.Peek(1); err == nil && next[0] == '\n' {
				continue
			}
			c = '\n'
		}
		if err := w.WriteByte(c); err != nil {
			return "", err
		}
	}
}
