package ingest

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// traits are what some cell of a file may have. Each makes the reading of every cell dearer, and few files have any.
type traits struct {
	edged    bool // a blank at an end, or an equals sign at the beginning
	faults   bool // the word that a spreadsheet writes in place of a value
	controls bool // a control character
}

// edged reports whether, from a place on, a cell of a CSV file begins or ends with one of the blanks, or begins with an equals sign: only then
// must every cell be cleaned, which costs more than the typing itself. It never says no of a file that has one; of one with quotes
// inside its texts it may say yes for nothing.
func edged(path, delimiter string, from int64) (yes bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return false, err
	}
	var border [256]bool
	border['"'], border['\n'], border['\r'], border[delimiter[0]] = true, true, true, true
	// What may be the first byte of a cell, or the last one, that is a blank or an equals sign: a first look, for nearly none is.
	var before, after [256]bool
	after['='] = true
	for _, r := range blanks {
		if rune := []byte(string(r)); !border[rune[0]] {
			after[rune[0]], before[rune[len(rune)-1]] = true, true
		}
	}
	const around = 4 // bytes of the longest rune
	r := bufio.NewReaderSize(f, 1<<20)
	buffer := make([]byte, 0, 1<<20+2*around)
	buffer = append(buffer, '\n') // as if a record had just ended
	start := 1                    // of what was not looked at yet
	for {
		n, err := io.ReadFull(r, buffer[len(buffer):cap(buffer)-around])
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return false, err
		}
		buffer = buffer[:len(buffer)+n]
		last := len(buffer) - around
		if end {
			if buffer[len(buffer)-1] != '\n' {
				buffer = append(buffer, '\n')
			}
			last = len(buffer)
		}
		if start == 1 && blankEdge(buffer, 0, border) {
			return true, nil
		}
		for i := start; i < last; i++ {
			if c := buffer[i]; border[c] && (c == '"' || after[buffer[min(i+1, len(buffer)-1)]] || before[buffer[i-1]]) && blankEdge(buffer, i, border) {
				return true, nil
			}
		}
		if end {
			return false, nil
		}
		keep := max(last-around, 0)
		start = last - keep
		buffer = buffer[:copy(buffer, buffer[keep:])]
	}
}

// blankEdge reports whether a cell that begins or ends at the border b[i] has a blank there, or begins with an equals sign.
func blankEdge(b []byte, i int, border [256]bool) bool {
	before, after := b[:i], b[i+1:]
	next, _ := utf8.DecodeRune(after)
	previous, _ := utf8.DecodeLastRune(before)
	quote := b[i] == '"'
	switch {
	case len(after) > 0 && (next == '\n' || next == '\r'): // mostly the end of the record
		if quote && (len(before) == 0 || border[before[i-1]] && previous != '"') { // an opening quote: a text that begins with a line end
			return true
		}
	case len(after) > 0 && (next == '=' || isBlank(next, border)):
		return true
	}
	switch {
	case len(before) == 0:
	case previous == '\n' || previous == '\r': // mostly the end of the record above
		return quote && len(after) > 0 && border[after[0]] && next != '"' // a closing quote: a text that ends with a line end
	case isBlank(previous, border):
		return true
	}
	return false
}

func isBlank(r rune, border [256]bool) bool {
	return strings.ContainsRune(blanks, r) && !(r < utf8.RuneSelf && border[byte(r)])
}
