package ingest

import (
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"piccoli/pipelines/catalog"
)

// sought is what to look for in a column.
type sought struct {
	allowed       map[string]bool
	code          []*[256]bool // of a code that has no check digit: which bytes may stand at each place
	date, number  bool
	whole, scale  int // digits of a number before and after the sign
	italian, iso  bool
	comma, period bool
}

func seek(c catalog.Column, d catalog.Dialect) (s sought) {
	switch {
	case c.Type == "text" && c.List == "" && len(c.Allowed) > 0:
		s.allowed = map[string]bool{}
		for _, word := range c.Allowed {
			s.allowed[word] = !strings.Contains(word, `"`)
		}
	case c.Type == "text" && c.List == "" && forms[c.Format].check == nil:
		s.code = places(forms[c.Format].pattern)
		if len(s.code) < c.Pad {
			s.code = nil
		}
	case c.Type == "date":
		s.date, s.italian, s.iso = true, slices.Contains(d.Dates, "italian"), slices.Contains(d.Dates, "iso")
	case c.Type == "integer":
		s.number, s.whole = true, 9
	case c.Type == "bigint":
		s.number, s.whole = true, 18
	case strings.HasPrefix(c.Type, "decimal("):
		digits, scale, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(c.Type, "decimal("), ")"), ",")
		all, err := strconv.Atoi(strings.TrimSpace(digits))
		after, err2 := strconv.Atoi(strings.TrimSpace(scale))
		s.number = ok && err == nil && err2 == nil
		s.whole, s.scale, s.comma, s.period = all-after, after, slices.Contains(d.Decimals, ","), slices.Contains(d.Decimals, ".")
	}
	return s
}

// places gives which bytes may stand at each place of a text that a pattern matches whole, or nil where their number or what may stand there is not
// so simple.
func places(pattern string) (out []*[256]bool) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if pattern == "" || err != nil {
		return nil
	}
	parts := []*syntax.Regexp{parsed}
	if parsed.Op == syntax.OpConcat {
		parts = parsed.Sub
	}
	for _, part := range parts {
		times := 1
		if part.Op == syntax.OpRepeat {
			if part.Min != part.Max {
				return nil
			}
			times, part = part.Min, part.Sub[0]
		}
		if part.Op != syntax.OpCharClass {
			return nil
		}
		var set [256]bool
		for i := 0; i < len(part.Rune); i += 2 {
			if part.Rune[i+1] >= utf8.RuneSelf {
				return nil
			}
			for r := part.Rune[i]; r <= part.Rune[i+1]; r++ {
				set[r] = true
			}
		}
		for range times {
			out = append(out, &set)
		}
	}
	return out
}

func fits(c []byte, places []*[256]bool) bool {
	if len(c) != len(places) {
		return false
	}
	for i, b := range c {
		if !places[i][b] {
			return false
		}
	}
	return true
}

// dateForm tells a day that is in the calendar, from 1900 to 2099, written dd/mm/yyyy or yyyy-mm-dd.
func dateForm(c []byte, s *sought) string {
	if len(c) != 10 {
		return ""
	}
	form, year, month, day := "", 0, 0, 0
	switch {
	case s.italian && c[2] == '/' && c[5] == '/':
		form, day, month, year = "italian", number(c[:2]), number(c[3:5]), number(c[6:])
	case s.iso && c[4] == '-' && c[7] == '-':
		form, year, month, day = "iso", number(c[:4]), number(c[5:7]), number(c[8:])
	default:
		return ""
	}
	if year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1 {
		return ""
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && year != 1900 {
		days = 29
	}
	if day > days {
		return ""
	}
	return form
}

// number reads digits, or gives -1.
func number(c []byte) (n int) {
	for _, d := range c {
		if d < '0' || d > '9' {
			return -1
		}
		n = n*10 + int(d-'0')
	}
	return n
}

// numberForm tells a number that is written in one way only: without a plus, zeros that count for nothing or signs between thousands, and with
// another number of decimals than three, which may be thousands.
func numberForm(c []byte, s *sought) (form string, decimals int) {
	if c[0] == '-' {
		if c = c[1:]; len(c) == 0 || c[0] == '0' {
			return "", 0
		}
	}
	i := 0
	for i < len(c) && c[i] >= '0' && c[i] <= '9' {
		i++
	}
	if i == 0 || i > s.whole || c[0] == '0' && i > 1 {
		return "", 0
	}
	if i == len(c) {
		return "0", 0
	}
	decimals = len(c) - i - 1
	if decimals == 0 || decimals == 3 || decimals > s.scale || number(c[i+1:]) < 0 {
		return "", 0
	}
	switch {
	case c[i] == ',' && s.comma:
		return ",", decimals
	case c[i] == '.' && s.period:
		return ".", decimals
	}
	return "", 0
}
