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
	var number, accepted int64 // of Path; of those that DuckDB read
	next := int64(-1)          // the line that goes on with the current run
	_, err = eachRecord(ctx, f, p.Delimiter[0], func(r record) error {
		if r.line <= int64(p.Skip) || r.blank {
			return nil
		}
		at := p.lineOf(number, r.line)
		number++
		if len(refused) > 0 && refused[0].offset <= r.offset { // DuckDB counts blank lines and a line feed before a record to it
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

// record is one record of a CSV file as DuckDB's reader parts it.
type record struct {
	offset, line int64 // of its first byte; lines from 1
	bytes        int64
	fields       int
	blank        bool
	stray        bool // text stands after a closing quote
}

// eachRecord gives each record: a quote opens a field only at its start, and line ends inside quotes end no record. It gives the line of
// a quote that stays open to the end, or 0.
func eachRecord(ctx context.Context, in io.Reader, delimiter byte, found func(record) error) (open int64, err error) {
	r := bufio.NewReaderSize(in, 1<<20)
	var offset, line, opened int64 = 0, 1, 1
	now := record{line: 1, fields: 1, blank: true}
	quoted, fieldStart, closed := false, true, false
	for {
		piece, err := r.ReadSlice('\n')
		if len(piece) == 0 && errors.Is(err, io.EOF) {
			if now.blank {
				return 0, nil
			}
			if quoted {
				open = opened
			}
			now.bytes = offset - now.offset
			return open, found(now)
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
					quoted, closed = false, true
					continue
				case quoted:
				case c == '"' && fieldStart:
					quoted, opened = true, line
				case c == delimiter:
					now.fields++
				}
				now.stray = now.stray || closed && c != delimiter && c != '\r' && c != '\n'
				closed = false
				fieldStart = !quoted && c == delimiter
			}
		} else {
			now.fields += bytes.Count(piece, []byte{delimiter})
		}
		offset += int64(len(piece))
		if now.blank {
			now.blank = len(bytes.TrimRight(piece, "\r\n")) == 0
		}
		if piece[len(piece)-1] != '\n' {
			continue
		}
		line++
		if quoted {
			continue
		}
		now.bytes = offset - now.offset
		if err := found(now); err != nil {
			return 0, err
		}
		now = record{offset: offset, line: line, fields: 1, blank: true}
		fieldStart, closed = true, false
		if line%65536 == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
	}
}

// Limits of what is wrong in a CSV file before it is taken for another file than it should be: DuckDB keeps every record that it refuses in memory.
const (
	fewMisfits    = 10_000 // up to so many are always looked at one by one
	misfitShare   = 10     // beyond them: one in ten
	maxMisfits    = 500_000
	maxMisfitText = 256 << 20
)

// sound says what makes a CSV file unfit to be read: a quote that is never closed, a record that no reader takes, records that mostly are none.
func (p *prepared) sound(ctx context.Context) (problems catalog.Problems, err error) {
	f, err := os.Open(p.Path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var all, misfits, text, long, wide int64
	open, err := eachRecord(ctx, f, p.Delimiter[0], func(r record) error {
		p.longest = max(p.longest, r.bytes)
		if r.line <= int64(p.Skip) || r.blank {
			return nil
		}
		all++
		if r.bytes > maxRecord && long == 0 {
			long = r.line + p.above
		}
		if r.fields != len(p.Columns) || r.stray {
			misfits++
			text += r.bytes
			if r.bytes > rejectText && wide == 0 {
				accents, err := beyondASCII(f, r)
				if err != nil {
					return err
				}
				if accents {
					wide = r.line + p.above
				}
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case open > 0:
		return catalog.Problems{{File: p.file.Path, Line: int(open + p.above), What: catalog.Text{It: "una virgoletta aperta qui non si chiude più: le righe che seguono non si distinguono, o il file è troncato", En: "a quote opened here is never closed: the rows below can't be told apart, or the file is truncated"},
			Hint: catalog.Text{It: "chiuderla, o raddoppiare le virgolette dentro un testo (\"\"); se il file è troncato, esportarlo di nuovo", En: "close it, or double the quotes inside a text (\"\"); if the file is truncated, export it again"}}}, nil
	case long > 0:
		return catalog.Problems{{File: p.file.Path, Line: int(long), What: catalog.Textf(catalog.Text{It: "qui comincia una riga più lunga di %s", En: "a row longer than %s begins here"}, sizeText(maxRecord)),
			Hint: catalog.Text{It: "guardare se manca una virgoletta di chiusura o se il file è rovinato", En: "see whether a closing quote is missing or the file is broken"}}}, nil
	case wide > 0: // DuckDB keeps the first bytes of a record that it refuses, and where they end inside a letter of two or more the whole file is lost
		return catalog.Problems{{File: p.file.Path, Line: int(wide), What: catalog.Textf(catalog.Text{It: "questa riga non ha i %d campi dell'intestazione, o ha virgolette fuori posto, ed è troppo lunga per essere messa da parte (più di %d byte)", En: "this row does not have the %d fields of the header, or has misplaced quotes, and is too long to be put aside (more than %d bytes)"}, len(p.Columns), rejectText),
			Hint: catalog.Text{It: "guardare se manca una virgoletta o un'andata a capo, correggere la riga e consegnare di nuovo il file", En: "see whether a quote or a line end is missing, correct the row and deliver the file again"}}}, nil
	case misfits > maxMisfits || text > maxMisfitText || misfits > fewMisfits && misfits > all/misfitShare:
		return refusal(p.file, catalog.Textf(catalog.Text{It: "%d righe su %d non hanno i %d campi dell'intestazione, o hanno virgolette fuori posto", En: "%d rows of %d do not have the %d fields of the header, or have misplaced quotes"}, misfits, all, len(p.Columns)),
			catalog.Text{It: "il file è rovinato o è un altro: esportarlo di nuovo", En: "the file is broken or another one: export it again"}), nil
	}
	return nil, nil
}

// beyondASCII reports whether a record has a letter of two or more bytes.
func beyondASCII(f io.ReaderAt, r record) (bool, error) {
	in := bufio.NewReader(io.NewSectionReader(f, r.offset, r.bytes))
	for {
		b, err := in.ReadByte()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil || b >= 0x80 {
			return true, err
		}
	}
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
