package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"piccoli/pipelines/catalog"
)

// prepared is a delivered file in a form that DuckDB's CSV reader reads with declared options, and what is needed to name a place in
// the file as it was delivered.
type prepared struct {
	Path      string   // absolute: the file itself, or a copy in UTF-8 below the spill folder
	Delimiter string   // one byte
	Skip      int      // physical lines of Path above the first record
	Columns   []string // the contract's column at each position; "" where it is ignored
	Sheet     string   // of a spreadsheet; else empty
	Simulated bool     // a row above the header says so

	file     File
	others   []*catalog.Query // contracts whose columns a file in the wrong folder may have
	original string           // the delivered file on disk
	shape    shape            // of Path
	have     traits           // of the cells
	longest  int64            // bytes of the longest record of Path; 0: not known
	above    int64            // lines of the delivered file above the first line of Path's records, less Skip
	rows     []run            // of a spreadsheet: the sheet's row of each record
	copies   []string
}

// refusal says why a file as a whole can't be trusted, with what to do.
func refusal(f File, what, hint catalog.Text) catalog.Problems {
	return catalog.Problems{{File: f.Path, What: what, Hint: hint}}
}

// prepare makes a delivered file readable: unpacks, transcodes, finds the header row and the delimiter that fits the contract, turns a
// spreadsheet into CSV. Whatever is wrong with the file as a whole comes back as problems; nothing is guessed beyond what the contract
// declares.
func prepare(ctx context.Context, root string, f File, q *catalog.Query, others []*catalog.Query, spill string) (_ *prepared, problems catalog.Problems, err error) {
	p := &prepared{file: f, others: others, original: f.at(root)}
	defer func() {
		if err != nil || len(problems) > 0 {
			err = errors.Join(err, p.discard())
		}
	}()
	if err := os.MkdirAll(spill, 0o755); err != nil {
		return nil, nil, err
	}
	path, kind, problems, err := p.unpack(p.original, q, spill, true)
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	if !slices.Contains(q.Source.Formats, kind) {
		return nil, refusal(f, catalog.Textf(catalog.Text{It: "il file è in realtà un %s, il contratto ammette %s", En: "the file is really %s, the contract admits %s"}, strings.ToUpper(kind), strings.Join(q.Source.Formats, ", ")),
			catalog.Text{It: "salvarlo nel formato ammesso", En: "save it in the admitted format"}), nil
	}
	if kind == "xlsx" {
		problems, err = p.spreadsheet(ctx, path, q, spill)
	} else {
		problems, err = p.text(ctx, path, q, spill)
	}
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	return p, nil, nil
}

// text prepares a CSV file.
func (p *prepared) text(ctx context.Context, path string, q *catalog.Query, spill string) (problems catalog.Problems, err error) {
	d := q.Source.Dialect
	s, err := shapeOf(ctx, path)
	if err != nil {
		return nil, err
	}
	if s.bytes == 0 {
		return refusal(p.file, catalog.Text{It: "il file è vuoto", En: "the file is empty"}, catalog.Text{It: "esportarlo di nuovo", En: "export it again"}), nil
	}
	encoding, problems := p.encodingOf(s, d)
	if len(problems) > 0 {
		return problems, nil
	}
	if encoding != "utf-8" || s.loneCR > 0 || s.crlf > 0 && s.crlf < s.newlines { // DuckDB wants one kind of line end
		if path, err = p.transcode(path, encoding, spill); err != nil {
			return nil, err
		}
		if s, err = shapeOf(ctx, path); err != nil {
			return nil, err
		}
	}
	if d.Quotes == "bare" {
		if path, problems, err = p.doubleQuotes(path, d, spill); err != nil || len(problems) > 0 {
			return problems, err
		}
		if s, err = shapeOf(ctx, path); err != nil {
			return nil, err
		}
	}
	h, problems, err := p.findHeader(path, q)
	if err != nil || len(problems) > 0 {
		return problems, err
	}
	if h.bytes >= s.bytes {
		return onlyHeader(p.file), nil
	}
	p.Path, p.shape = path, s
	p.Delimiter, p.Columns, p.Simulated, p.Skip = h.delimiter, h.columns, h.simulated, h.lines
	if h.records != h.lines { // a header with line breaks: DuckDB's skip counts lines
		if p.Path, err = p.below(path, h.bytes, spill); err != nil {
			return nil, err
		}
		p.above, p.Skip = int64(h.lines), 0
		if p.shape, err = shapeOf(ctx, p.Path); err != nil {
			return nil, err
		}
		h.bytes = 0
	}
	p.have.faults, p.have.controls = p.shape.faults, p.shape.controls
	var looked errgroup.Group // two looks at the same bytes
	looked.Go(func() error { return p.see(h.bytes, q, d) })
	looked.Go(func() (err error) { problems, err = p.sound(ctx); return err })
	err = looked.Wait()
	return problems, err
}

func onlyHeader(f File) catalog.Problems {
	return refusal(f, catalog.Text{It: "il file ha solo l'intestazione, nessuna riga", En: "the file has just a header, no row"},
		catalog.Text{It: "l'esportazione è andata male, o il file è un modello vuoto: esportarlo di nuovo", En: "the export went wrong, or the file is an empty template: export it again"})
}

// keep makes a new file for a copy, to be removed by discard.
func (p *prepared) keep(spill, ending string) (*os.File, error) {
	f, err := os.CreateTemp(spill, "lettura-*"+ending)
	if err == nil {
		p.copies = append(p.copies, f.Name())
	}
	return f, err
}

// discard removes the copies, and says whether the delivered file is still the one whose hash the books hold.
func (p *prepared) discard() error {
	var errs []error
	for _, c := range p.copies {
		errs = append(errs, os.Remove(c))
	}
	p.copies = nil
	return errors.Join(errs...)
}

// unchanged reports whether the delivered file is as it was when its hash was taken.
func (p *prepared) unchanged() catalog.Problems {
	info, err := os.Stat(p.original)
	if err == nil && info.Size() == p.file.Bytes && info.ModTime().Equal(p.file.modified) {
		return nil
	}
	return refusal(p.file, catalog.Text{It: "il file è cambiato mentre lo si leggeva", En: "the file changed while it was read"},
		catalog.Text{It: "aspettare che la copia sia finita e ripetere il comando", En: "wait until the copy is complete and give the command again"})
}

// below copies what stands after the first n bytes.
func (p *prepared) below(path string, n int64, spill string) (name string, err error) {
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if _, err := in.Seek(n, 0); err != nil {
		return "", err
	}
	out, err := p.keep(spill, ".csv")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = out.ReadFrom(in)
	return filepath.Clean(out.Name()), err
}

func sizeText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d byte", n)
}
