package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"os"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"piccoli/pipelines/catalog"
)

// lookAt looks once at every cell of a prepared CSV file from a place on. It tells nothing of a file in which a quote stands so that the cells can't
// be told apart surely.
// key is the place of the column whose order is wanted, or -1.
func lookAt(path, delimiter string, from int64, quotes bool, columns []catalog.Column, key int, d catalog.Dialect) (found []look, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	cuts, err := lineCuts(f, from)
	if err != nil {
		return nil, err
	}
	if quotes { // a record may have several lines
		cuts = []int64{from, cuts[len(cuts)-1]}
	}
	parts := make([]*looker, len(cuts)-1)
	var g errgroup.Group
	for i := range parts {
		parts[i] = newLooker(delimiter[0], columns, key, d)
		g.Go(func() error { return parts[i].read(io.NewSectionReader(f, cuts[i], cuts[i+1]-cuts[i])) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, p := range parts[1:] {
		parts[0].join(p)
	}
	if parts[0].irregular {
		return nil, nil
	}
	found = parts[0].found
	for i := range found {
		f := &found[i]
		f.rising = i == key && !parts[0].disorder
		f.empty, f.full = !parts[0].some[i], !parts[0].gaps[i] && !parts[0].misfit && !f.edged && !f.nulls
		if parts[0].misfit || found[i].form == "any" && !parts[0].begun[i] {
			found[i].form = ""
		}
	}
	return found, nil
}

// lineCuts gives where the parts of a file from a place on begin that are looked at beside each other, each after a line feed, and where the last one ends.
func lineCuts(f *os.File, from int64) ([]int64, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	cuts, n := []int64{from}, int64(runtime.GOMAXPROCS(0))
	for i := range n - 1 {
		at, err := lineAfter(f, from+(info.Size()-from)*(i+1)/n)
		if err != nil {
			return nil, err
		}
		cuts = append(cuts, max(at, cuts[len(cuts)-1]))
	}
	return append(cuts, info.Size()), nil
}

// lineAfter gives the place after the first line feed from a place on, or the end of the file.
func lineAfter(f *os.File, at int64) (int64, error) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := f.ReadAt(buffer, at)
		if i := bytes.IndexByte(buffer[:n], '\n'); i >= 0 {
			return at + int64(i) + 1, nil
		}
		at += int64(n)
		if errors.Is(err, io.EOF) {
			return at, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// looker looks at one part of a file.
type looker struct {
	delimiter     byte
	sought        []sought
	found         []look
	begun         []bool    // a number or date was seen in the column
	some, gaps    []bool    // something stood in a cell of the column; nothing did. A record cut by the end of a piece is looked at twice
	irregular     bool      // a quote stands where the cells can't be told apart surely
	misfit        bool      // a record has too many cells or too few: DuckDB's reader refuses it, and its cells are in columns that are not theirs
	words         []string  // the last allowed word in each column: the next one is mostly the same
	key           int       // the column whose order is looked at, or -1
	keys          [2][]byte // the first key and the last; nil before the first
	disorder      bool      // a key was not greater than the one before
	nulls         map[string]bool
	longestNull   int
	nullStart     [256]bool
	stop          [256]bool // ends an unquoted cell
	before, after [256]bool // may be the last byte, the first byte of a cell with a blank or an equals sign at that end
}

func newLooker(delimiter byte, columns []catalog.Column, key int, d catalog.Dialect) *looker {
	l := &looker{delimiter: delimiter, key: key, found: make([]look, len(columns)), begun: make([]bool, len(columns)), some: make([]bool, len(columns)), gaps: make([]bool, len(columns)), words: make([]string, len(columns)), nulls: map[string]bool{}}
	for i, c := range columns {
		s := seek(c, d)
		l.sought = append(l.sought, s)
		l.found[i].exact = s.allowed != nil || s.code != nil
		if s.date || s.number {
			l.found[i].form = "any"
		}
	}
	for _, n := range d.Null {
		if n != "" {
			l.nulls[n], l.longestNull, l.nullStart[n[0]] = true, max(l.longestNull, len(n)), true
		}
	}
	l.stop[delimiter], l.stop['\n'], l.stop['"'] = true, true, true
	l.after['='] = true
	for _, r := range blanks {
		b := []byte(string(r))
		l.after[b[0]], l.before[b[len(b)-1]] = true, true
	}
	return l
}

// join adds what was seen in a later part.
func (l *looker) join(o *looker) {
	l.irregular, l.misfit, l.disorder = l.irregular || o.irregular, l.misfit || o.misfit, l.disorder || o.disorder
	if o.keys[0] != nil {
		l.next(o.keys[0])
		l.keys[1] = o.keys[1]
	}
	for i := range l.found {
		l.some[i], l.gaps[i] = l.some[i] || o.some[i], l.gaps[i] || o.gaps[i]
		a, b := &l.found[i], o.found[i]
		a.edged, a.nulls, a.long, a.exact = a.edged || b.edged, a.nulls || b.nulls, a.long || b.long, a.exact && b.exact
		switch {
		case !o.begun[i] && b.form != "":
		case !l.begun[i] && a.form != "":
			a.form, a.decimals, l.begun[i] = b.form, b.decimals, o.begun[i]
		case a.form != b.form || a.decimals != b.decimals:
			a.form = ""
		}
	}
}

// read looks at whole records, in pieces.
func (l *looker) read(r io.Reader) error {
	buffer, kept := make([]byte, 1<<20), 0
	for {
		n, err := io.ReadFull(r, buffer[kept:])
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return err
		}
		piece := buffer[:kept+n]
		if end {
			if len(piece) == 0 {
				return nil
			}
			if piece[len(piece)-1] != '\n' {
				piece = append(piece, '\n')
			}
		}
		done := l.records(piece)
		if l.irregular || end {
			l.irregular = l.irregular || done < len(piece)
			return nil
		}
		kept = copy(buffer, piece[done:])
		if kept == len(buffer) { // one record fills it
			if len(buffer) > maxRecord {
				l.irregular = true
				return nil
			}
			buffer = append(buffer, make([]byte, len(buffer))...)
		}
	}
}

// next takes the next key.
func (l *looker) next(key []byte) {
	switch {
	case l.keys[0] == nil:
		l.keys[0] = append([]byte{}, key...)
	case bytes.Compare(key, l.keys[1]) <= 0:
		l.disorder = true
	}
	l.keys[1] = append(l.keys[1][:0], key...)
}

// records looks at the whole records at the start of a piece and gives their length.
func (l *looker) records(piece []byte) (done int) {
	var key []byte
	for i, column := 0, 0; i < len(piece); {
		start, end := i, 0 // of the cell's text
		if piece[i] == '"' {
			start++
			end = closing(piece, start)
			if end < 0 || end+2 > len(piece) {
				return done
			}
			i = end + 1
			if piece[i] == '\r' {
				i++
			}
			if i == len(piece) {
				return done
			}
			if piece[i] == '"' || !l.stop[piece[i]] || piece[i-1] == '\r' && piece[i] != '\n' {
				l.irregular = true
				return done
			}
		} else {
			if i = l.stopIn(piece, i); i == len(piece) {
				return done
			}
			if piece[i] == '"' {
				l.irregular = true
				return done
			}
			if end = i; piece[i] == '\n' && end > start && piece[end-1] == '\r' {
				end--
			}
		}
		if column < len(l.found) {
			if end > start {
				l.some[column] = true
				l.cell(column, piece[start:end])
			} else if column > 0 || piece[i] != '\n' || len(l.found) == 1 { // a blank line is no record
				l.gaps[column] = true
			}
			if column == l.key {
				key = piece[start:end]
			}
		}
		column++
		if i++; piece[i-1] == '\n' {
			if column != len(l.found) && (column > 1 || end > start) {
				l.misfit = true
			}
			if column > l.key && l.key >= 0 && column == len(l.found) { // once the record is whole: one cut by the end of a piece is looked at again
				l.next(key)
			}
			done, column = i, 0
		}
	}
	return done
}

// stopIn gives the place of the first byte from a place on that ends an unquoted cell, or the length of the piece: eight bytes at a time, since cells are many
// and short. A byte of a word is zero where subtracting one from it sets its highest bit, which it has not.
func (l *looker) stopIn(piece []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	delimiters := ones * uint64(l.delimiter)
	for ; i+8 <= len(piece); i += 8 {
		w := binary.LittleEndian.Uint64(piece[i:])
		d, n, q := w^delimiters, w^(ones*'\n'), w^(ones*'"')
		if stops := ((d-ones)&^d | (n-ones)&^n | (q-ones)&^q) & highs; stops != 0 {
			return i + bits.TrailingZeros64(stops)/8
		}
	}
	for i < len(piece) && !l.stop[piece[i]] {
		i++
	}
	return i
}

// closing gives the place of the quote that ends a text, or -1: two together are one inside it.
func closing(b []byte, from int) int {
	for i := from; ; i += 2 {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		if i += n; i+1 == len(b) || b[i+1] != '"' {
			return i
		}
		if i+2 > len(b) {
			return -1
		}
	}
}

// cell looks at one that is not empty.
func (l *looker) cell(at int, c []byte) {
	f, s := &l.found[at], &l.sought[at]
	if l.after[c[0]] || l.before[c[len(c)-1]] {
		first, _ := utf8.DecodeRune(c)
		last, _ := utf8.DecodeLastRune(c)
		f.edged = f.edged || first == '=' || strings.ContainsRune(blanks, first) || strings.ContainsRune(blanks, last)
	}
	if !f.nulls && l.nullStart[c[0]] && len(c) <= l.longestNull && l.nulls[string(c)] {
		f.nulls = true
	}
	if len(c) > maxCell {
		f.long = true
	}
	switch {
	case f.exact && s.code != nil:
		f.exact = fits(c, s.code)
	case f.exact:
		if string(c) != l.words[at] {
			if f.exact = s.allowed[string(c)]; f.exact {
				l.words[at] = string(c)
			}
		}
	case f.form != "":
		form, decimals := "", 0
		if s.date {
			form = dateForm(c, s)
		} else {
			form, decimals = numberForm(c, s)
		}
		if !l.begun[at] {
			f.form, f.decimals, l.begun[at] = form, decimals, true
		} else if f.form != form || f.decimals != decimals {
			f.form = ""
		}
	}
}
