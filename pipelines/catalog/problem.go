package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong in one place of a project file, with what to do about it.
type Problem struct {
	File      string // slash path from the project root
	Line, Col int    // from 1; 0 where the file as a whole is meant
	What      Text
	Hint      Text // may be empty
}

// In gives the problem as `file:line:col: what`, with a second line `hint: …` where there is one, in the language "it" or "en".
func (p Problem) In(lang string) string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Col > 0 {
			fmt.Fprintf(&b, ":%d", p.Col)
		}
	}
	if p.File != "" {
		b.WriteString(": ")
	}
	b.WriteString(p.What.In(lang))
	if hint := p.Hint.In(lang); hint != "" {
		b.WriteString(map[string]string{"it": "\n  consiglio: ", "en": "\n  hint: "}[lang])
		b.WriteString(strings.ReplaceAll(hint, "\n", "\n  "))
	}
	return b.String()
}

// Problems are all the problems found, in the order of the files. As an error it means that a project file is wrong.
type Problems []Problem

func (ps Problems) Error() string { return ps.In("en") }

// In gives all problems, one below the other.
func (ps Problems) In(lang string) string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.In(lang)
	}
	return strings.Join(lines, "\n")
}

// Err gives the problems sorted by place and without repetitions as an error, or nil where there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			strings.Compare(a.What.En, b.What.En))
	})
	return slices.Compact(ps)
}

// Textf fills both languages of a message with the same arguments.
func Textf(t Text, args ...any) Text {
	return Text{It: fmt.Sprintf(t.It, args...), En: fmt.Sprintf(t.En, args...)}
}
