package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ergochat/readline"

	"piccoli/pipelines/catalog"
)

// Shell is where questions are asked one after the other.
type Shell struct {
	Desk    *Desk
	Bounds  Bounds
	Style   func() Style // of the terminal as it is now
	History string       // file; empty: none is kept
	In      io.Reader    // nil: the terminal, with editing and completion
	Out     io.Writer
	Fail    func(error) // says what is wrong
	// Interrupt is the signal that ends the question being answered; nil: the context alone ends it.
	Interrupt os.Signal
	last      *Report
}

var shellHelp = catalog.Text{
	It: `Una domanda è un select che finisce con «;», su una o più righe. Inoltre:
  \d            le tabelle
  \d TABELLA    le sue colonne, che cosa vogliono dire, da dove vengono
  \r            i rapporti
  \export FILE  scrive l'ultima risposta: .csv, .xlsx, .json, .md, .html, .pdf
  \?            questo aiuto
  \q            esce (anche Ctrl-D); Ctrl-C ferma la domanda in corso
`,
	En: `A question is a select that ends with ";", on one line or several. Also:
  \d            the tables
  \d TABLE      its columns, what they mean, where they come from
  \r            the reports
  \export FILE  writes the last answer: .csv, .xlsx, .json, .md, .html, .pdf
  \?            this help
  \q            leaves (also Ctrl-D); Ctrl-C stops the question being answered
`}

// Run reads questions until the end of the input, \q or Ctrl-D. A wrong question is told and the next one is read.
func (s *Shell) Run(ctx context.Context) (err error) {
	next, add, closing, err := s.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closing()) }()
	var question strings.Builder
	for ctx.Err() == nil {
		line, err := next(question.Len() > 0)
		switch {
		case errors.Is(err, io.EOF):
			if strings.TrimSpace(question.String()) != "" { // the last one needs no semicolon
				s.ask(ctx, question.String())
			}
			return nil
		case errors.Is(err, readline.ErrInterrupt):
			question.Reset()
			continue
		case err != nil:
			return err
		}
		text := strings.TrimSpace(line)
		if question.Len() == 0 && strings.HasPrefix(text, `\`) {
			add(text)
			if text == `\q` {
				return nil
			}
			if err := s.command(ctx, text); err != nil {
				s.Fail(err)
			}
			continue
		}
		if text == "" && question.Len() == 0 {
			continue
		}
		question.WriteString(line + "\n")
		if strings.HasSuffix(text, ";") {
			add(strings.Join(strings.Fields(question.String()), " "))
			s.ask(ctx, question.String())
			question.Reset()
		}
	}
	return ctx.Err()
}

// reader gives the function that reads a line, that which remembers one, and that which ends it all.
func (s *Shell) reader() (next func(more bool) (string, error), add func(string), closing func() error, err error) {
	if s.In != nil {
		lines := &lineReader{from: s.In}
		return func(bool) (string, error) { return lines.next() }, func(string) {}, func() error { return nil }, nil
	}
	if s.History != "" {
		if err := os.MkdirAll(filepath.Dir(s.History), 0o700); err != nil {
			return nil, nil, nil, err
		}
	}
	rl, err := readline.NewFromConfig(&readline.Config{HistoryFile: s.History, DisableAutoSaveHistory: true, AutoComplete: completer(s.Desk.names())})
	if err != nil {
		return nil, nil, nil, err
	}
	next = func(more bool) (string, error) {
		rl.SetPrompt(map[bool]string{false: "piccoli> ", true: "      …> "}[more])
		return rl.ReadLine()
	}
	add = func(line string) { _ = rl.SaveToHistory(line) } // a history that can't be written is no reason to stop
	return next, add, rl.Close, nil
}

// lineReader reads lines byte by byte, so that what follows stays for whoever reads next.
type lineReader struct{ from io.Reader }

func (l *lineReader) next() (string, error) {
	var b strings.Builder
	one := make([]byte, 1)
	for {
		n, err := l.from.Read(one)
		if n == 1 {
			if one[0] == '\n' {
				return strings.TrimSuffix(b.String(), "\r"), nil
			}
			b.WriteByte(one[0])
			continue
		}
		if err != nil {
			if b.Len() > 0 && errors.Is(err, io.EOF) {
				return b.String(), nil
			}
			return "", err
		}
	}
}

func (s *Shell) ask(ctx context.Context, question string) {
	if s.Interrupt != nil {
		var stop func()
		ctx, stop = signal.NotifyContext(ctx, s.Interrupt)
		defer stop()
	}
	r, err := s.Desk.Ask(ctx, question, s.Bounds)
	if errors.Is(err, context.Canceled) {
		err = wrong(catalog.Text{It: "la domanda è stata interrotta", En: "the question was interrupted"}, catalog.Text{})
	}
	if err != nil {
		s.Fail(err)
		return
	}
	s.last = r
	if err := r.Write(ctx, s.Out, "table", s.Style()); err != nil {
		s.Fail(err)
	}
}

// command does what a line that begins with a backslash says.
func (s *Shell) command(ctx context.Context, line string) error {
	lang := s.Style().Lang
	words := strings.Fields(line)
	switch {
	case words[0] == `\?`:
		_, err := io.WriteString(s.Out, shellHelp.In(lang))
		return err
	case words[0] == `\d` && len(words) == 1:
		return s.Desk.tables(s.Out, lang)
	case words[0] == `\d` && len(words) == 2:
		return s.Desk.Explain(ctx, s.Out, words[1], s.Style())
	case words[0] == `\r`:
		width := 0
		for _, q := range s.Desk.Catalog.Layer(catalog.Reports) {
			width = max(width, len(Name(q)))
		}
		for _, q := range s.Desk.Catalog.Layer(catalog.Reports) {
			fmt.Fprintf(s.Out, "%-*s  %s\n", width, Name(q), q.Title.In(lang))
		}
		return nil
	case words[0] == `\export` && len(words) == 2:
		return s.export(ctx, words[1])
	}
	return wrong(catalog.Textf(catalog.Text{It: "«%s» non è un comando", En: "%q is no command"}, line), catalog.Text{It: `\? li elenca`, En: `\? lists them`})
}

func (s *Shell) export(ctx context.Context, file string) (err error) {
	if s.last == nil {
		return wrong(catalog.Text{It: "non c'è ancora una risposta da scrivere", En: "there is no answer to write yet"}, catalog.Text{})
	}
	format := strings.TrimPrefix(filepath.Ext(file), ".")
	if !slices.Contains(Formats, format) || format == "table" {
		return wrong(catalog.Textf(catalog.Text{It: "il nome «%s» non dice il formato", En: "the name %q does not say the format"}, file), catalog.Text{It: "finisce con .csv, .xlsx, .json, .md, .html o .pdf", En: "it ends with .csv, .xlsx, .json, .md, .html or .pdf"})
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	style := s.Style()
	style.Width = 0
	if err := errors.Join(s.last.Write(ctx, f, format, style), f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, catalog.Text{It: "%s: %s righe.\n", En: "%s: %s rows.\n"}.In(style.Lang), file, catalog.FormatNumber(style.Lang, fmt.Sprint(len(s.last.Rows))))
	return err
}

// tables lists the datasets, the tables behind them and the books.
func (d *Desk) tables(w io.Writer, lang string) error {
	var b strings.Builder
	width := 0
	for _, q := range d.Catalog.Queries {
		width = max(width, len(q.String()))
	}
	for _, l := range []catalog.Layer{catalog.Marts, catalog.Staging} {
		for _, q := range d.Catalog.Layer(l) {
			fmt.Fprintf(&b, "%-*s  %s\n", width, q, q.Title.In(lang))
		}
	}
	for _, name := range bookNames() {
		fmt.Fprintf(&b, "%-*s  %s\n", width, "piccoli."+name, catalog.Text{It: "registro del programma", En: "book of the program"}.In(lang))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func bookNames() (out []string) {
	for n := range catalog.Bookkeeping {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// names are all that a question may be completed with: words of SQL, tables, columns.
func (d *Desk) names() []string {
	out := []string{"select", "from", "where", "group by", "order by", "having", "limit", "join", "left join", "count(*)", "sum(", "distinct", `\d`, `\r`, `\export`, `\?`, `\q`}
	for _, q := range d.Catalog.Queries {
		if q.Layer != catalog.Marts && q.Layer != catalog.Staging {
			continue
		}
		out = append(out, q.String())
		if q.Layer == catalog.Marts {
			out = append(out, q.Name)
		}
		for _, c := range q.Columns {
			out = append(out, c.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// completer completes the word before the cursor.
type completer []string

func (c completer) Do(line []rune, pos int) (out [][]rune, length int) {
	start := pos
	for start > 0 && (line[start-1] == '_' || line[start-1] == '.' || line[start-1] == '\\' || line[start-1] >= '0' && line[start-1] <= '9' || line[start-1] >= 'a' && line[start-1] <= 'z' || line[start-1] >= 'A' && line[start-1] <= 'Z') {
		start--
	}
	word := strings.ToLower(string(line[start:pos]))
	if word == "" {
		return nil, 0
	}
	for _, name := range c {
		if rest, ok := strings.CutPrefix(name, word); ok {
			out = append(out, []rune(rest))
		}
	}
	return out, len([]rune(word))
}
