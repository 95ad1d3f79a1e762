package desk

import (
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
)

// fold breaks a text into lines of at most so many columns: between words; in a word that is longer, after a sign; else anywhere.
func fold(s string, width int) []string {
	if columns(s) <= width || width <= 0 {
		return []string{s}
	}
	var lines []string
	line, room := "", width
	end := func() { lines, line, room = append(lines, line), "", width }
	put := func(part string, size int) { line, room = line+part, room-size }
	for _, word := range strings.Fields(s) {
		size := columns(word)
		blank := min(1, len(line))
		if size+blank > room && line != "" && size <= width {
			end()
			blank = 0
		}
		if size+blank <= room {
			put(strings.Repeat(" ", blank)+word, size+blank)
			continue
		}
		for i, part := range pieces(word) { // longer than a line
			size := columns(part)
			blank := 0
			if i == 0 {
				blank = min(1, len(line))
			}
			if size+blank > room && line != "" {
				end()
				blank = 0
			}
			put(strings.Repeat(" ", blank), blank)
			for _, r := range part {
				size := columns(string(r))
				if size > room {
					end()
				}
				put(string(r), size)
			}
		}
	}
	return append(lines, line)
}

// Wrap breaks the lines of a text between words, so that each fits into so many columns; no columns: as they are. What follows hangs below the last of
// what stands in columns, else two signs further in. A word that is longer, such as a path, stays whole, so that it can be copied.
func Wrap(s string, width int) string {
	if width <= 0 {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if columns(l) > width {
			lines[i] = wrapLine(l, width)
		}
	}
	return strings.Join(lines, "\n")
}

func wrapLine(l string, width int) string {
	indent := len(l) - len(strings.TrimLeft(l, " "))
	hang := indent + 2
	if at := strings.LastIndex(strings.TrimRight(l, " "), "  "); at >= indent {
		if column := columns(l[:at+2]); column <= width*2/3 {
			hang = column
		}
	}
	var b strings.Builder
	used := 0
	for l != "" {
		gap := len(l) - len(strings.TrimLeft(l, " "))
		word, rest := l[gap:], ""
		if end := strings.IndexByte(word, ' '); end >= 0 {
			word, rest = word[:end], word[end:]
		}
		size := columns(word)
		if used > hang && used+gap+size > width {
			b.WriteString("\n" + strings.Repeat(" ", hang))
			used, gap = hang, 0
		}
		b.WriteString(strings.Repeat(" ", gap) + word)
		used += gap + size
		l = rest
	}
	return b.String()
}

// pieces are the parts of a text between which a line may end: its words, and in them what ends with a slash, an underscore or a hyphen between letters.
// The hyphens of a code with digits part nothing.
func pieces(s string) (out []string) {
	for _, word := range strings.Fields(s) {
		runes := []rune(word)
		code := strings.ContainsFunc(word, unicode.IsDigit)
		from := 0
		for i := 1; i < len(runes)-1; i++ {
			sign := runes[i] == '/' || runes[i] == '_' || runes[i] == '-' && !code
			if sign && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i+1]) {
				out = append(out, string(runes[from:i+1]))
				from = i + 1
			}
		}
		out = append(out, string(runes[from:]))
	}
	return out
}

// longest is the width of the widest of texts.
func longest(parts []string) (n int) {
	for _, p := range parts {
		n = max(n, columns(p))
	}
	return n
}

// columns is how many columns a text takes on a terminal. Most are plain ASCII, of which each sign takes one; asking the library of each is slow for cells
// of 32,767 signs.
func columns(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return text.StringWidthWithoutEscSequences(s)
		}
	}
	return len(s)
}
