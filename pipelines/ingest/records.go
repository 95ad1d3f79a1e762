package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"piccoli/pipelines/catalog"
)

// run says on which line records stand: from this record on, each on the line after the one before.
type run struct{ record, line int64 }

// refusedLine is a record that could not be read, at its line in the delivered file.
type refusedLine struct {
	line         int64
	reason, text string
}

// lines gives the line in the delivered file of each of the n records that were read, as runs, and of those that were refused. The file
// is looked at again only where a record could stand elsewhere than on the line after the last.
func (p *prepared) lines(ctx context.Context, refused []unread, n int64) (runs []run, bad []refusedLine, err error) {
	below := p.shape.newlines - int64(p.Skip)
	if !p.shape.ends {
		below++
	}
	if p.rows == nil && len(refused) == 0 && below == n {
		return []run{{0, int64(p.Skip) + 1 + p.above}}, nil, nil
	}
	f, err := os.Open(p.Path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var record, accepted int64 // of Path; of those that DuckDB read
	next := int64(-1)          // the line that goes on with the current run
	_, err = eachRecord(ctx, f, p.Delimiter[0], func(offset, line int64, blank bool) error {
		if line <= int64(p.Skip) || blank {
			return nil
		}
		at := p.lineOf(record, line)
		record++
		if len(refused) > 0 && refused[0].offset <= offset { // DuckDB counts blank lines and a line feed before a record to it
			if refused[0].reason != "" {
				bad = append(bad, refusedLine{at, refused[0].reason, refused[0].text})
			}
			refused = refused[1:]
			return nil
		}
		if at != next {
			runs = append(runs, run{accepted, at})
		}
		next = at + 1
		accepted++
		return nil
	})
	if err == nil && (accepted != n || len(refused) > 0) {
		err = fmt.Errorf("%s: %d records are counted and %d were read, %d refused ones are not found: the reader and the count disagree", p.file.Path, accepted, n, len(refused))
	}
	return runs, bad, err
}

// lineOf is the line of a record in the delivered file; of a spreadsheet, the sheet's row.
func (p *prepared) lineOf(record, line int64) int64 {
	if p.rows == nil {
		return line + p.above
	}
	low, high := 0, len(p.rows)
	for high-low > 1 {
		if middle := (low + high) / 2; p.rows[middle].record <= record {
			low = middle
		} else {
			high = middle
		}
	}
	return p.rows[low].line + record - p.rows[low].record
}

// eachRecord gives the place and the line, from 1, of the first byte of each record, as DuckDB's reader parts them: a quote opens a
// field only at its start, and line ends inside quotes end no record. It gives the line of a quote that stays open to the end, or 0.
func eachRecord(ctx context.Context, in io.Reader, delimiter byte, found func(offset, line int64, blank bool) error) (open int64, err error) {
	r := bufio.NewReaderSize(in, 1<<20)
	var offset, line, start, startLine, opened int64 = 0, 1, 0, 1, 1
	quoted, blank, fieldStart := false, true, true
	for {
		piece, err := r.ReadSlice('\n')
		if len(piece) == 0 && errors.Is(err, io.EOF) {
			if blank {
				return 0, nil
			}
			if quoted {
				open = opened
			}
			return open, found(start, startLine, false)
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return 0, err
		}
		if quoted || bytes.IndexByte(piece, '"') >= 0 {
			for i := 0; i < len(piece); i++ {
				c := piece[i]
				switch {
				case quoted && c == '"':
					if i+1 < len(piece) && piece[i+1] == '"' {
						i++
						continue
					}
					if i+1 == len(piece) { // a full buffer may end between the two
						if next, err := r.Peek(1); err == nil && next[0] == '"' {
							if _, err := r.Discard(1); err != nil {
								return 0, err
							}
							offset++
							continue
						}
					}
					quoted = false
				case quoted:
				case c == '"' && fieldStart:
					quoted, opened = true, line
				}
				fieldStart = !quoted && c == delimiter
			}
		}
		offset += int64(len(piece))
		if blank {
			blank = len(bytes.TrimRight(piece, "\r\n")) == 0
		}
		if piece[len(piece)-1] != '\n' {
			continue
		}
		line++
		if quoted {
			continue
		}
		if err := found(start, startLine, blank); err != nil {
			return 0, err
		}
		start, startLine, blank, fieldStart = offset, line, true, true
		if line%65536 == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
	}
}

// openQuote gives the line of a quote that stays open to the end of the file, or 0.
func openQuote(ctx context.Context, path, delimiter string) (line int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return eachRecord(ctx, f, delimiter[0], func(int64, int64, bool) error { return nil })
}

// doubleQuotes copies a file in which every field is quoted and quotes inside are not doubled, with those doubled: a quote closes its
// field only before a delimiter and the next quote, or before the end of the line.
func (p *prepared) doubleQuotes(path string, d catalog.Dialect, spill string) (to string, problems catalog.Problems, err error) {
	in, err := os.Open(path)
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := p.keep(spill, ".csv")
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	r, w := bufio.NewReaderSize(in, 1<<20), bufio.NewWriterSize(out, 1<<20)
	delimiter := d.Delimiters[0]
	for line := 1; ; line++ {
		text, err := r.ReadString('\n')
		if text == "" && errors.Is(err, io.EOF) {
			return out.Name(), nil, w.Flush()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", nil, err
		}
		if _, err := w.WriteString(doubled(text, delimiter)); err != nil {
			return "", nil, err
		}
	}
}

// doubled mends one line. Fields without quotes, as numbers and a header may be, stay as they are.
func doubled(line, delimiter string) string {
	body := bytes.TrimRight([]byte(line), "\r\n")
	if !bytes.Contains(body, []byte{'"'}) {
		return line
	}
	var b bytes.Buffer
	open := false
	for i, c := range body {
		if c != '"' {
			b.WriteByte(c)
			continue
		}
		starts := !open && (i == 0 || body[i-1] == delimiter[0])
		ends := open && (i == len(body)-1 || body[i+1] == delimiter[0] && closes(body[i+2:]))
		switch {
		case starts:
			open = true
			b.WriteByte(c)
		case ends:
			open = false
			b.WriteByte(c)
		default:
			b.WriteString(`""`)
		}
	}
	b.WriteString(line[len(body):])
	return b.String()
}

// closes reports whether what follows a quote and a delimiter begins another field: a quoted one, a number, or nothing.
func closes(rest []byte) bool {
	return len(rest) == 0 || rest[0] == '"' || rest[0] == ',' || rest[0] == ';' || rest[0] == '\t' || rest[0] == '|' || rest[0] >= '0' && rest[0] <= '9'
}
