package site

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"piccoli/pipelines/catalog"
)

// Numbers, amounts and dates as each language writes them.
var (
	formatNumber = catalog.FormatNumber
	formatEuro   = catalog.FormatEuro
	formatDate   = catalog.FormatDate
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// wholePart is the part of a decimal string before its sign; 0 where there is none.
func wholePart(s string) int64 {
	whole, _, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func formatInt(lang string, n int64) string { return formatNumber(lang, strconv.FormatInt(n, 10)) }

// formatSize writes a file's size as a reader wants to know it before a download: bytes, kB or MB of a thousand each, two digits at least.
func formatSize(lang string, bytes int64) string {
	for _, unit := range []struct {
		name string
		size int64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}} {
		if bytes < unit.size {
			continue
		}
		tenths := (bytes*10 + unit.size/2) / unit.size
		if tenths >= 100 {
			return formatInt(lang, (tenths+5)/10) + "\u00a0" + unit.name
		}
		return formatNumber(lang, fmt.Sprintf("%d.%d", tenths/10, tenths%10)) + "\u00a0" + unit.name
	}
	return formatInt(lang, bytes) + map[string]string{"it": "\u00a0byte", "en": "\u00a0bytes"}[lang]
}

// fold gives a name without accents and marks, in lower case: the form in which names are searched and put in order.
func fold(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return strings.ToLower(s)
	}
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	out, _, err := transform.String(t, s)
	if err != nil {
		return strings.ToLower(s)
	}
	return strings.ToLower(out)
}

// anchor makes an identifier out of key values: letters, digits, hyphens; always with the prefix, so that it starts with a letter.
func anchor(prefix string, keys ...string) string {
	var b strings.Builder
	b.WriteString(prefix)
	for _, k := range keys {
		b.WriteByte('-')
		for _, c := range k {
			if c < 128 && (unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_') {
				b.WriteRune(c)
			} else {
				b.WriteByte('-')
			}
		}
	}
	return b.String()
}

// lengthOf is the number of elements of a slice or map.
func lengthOf(v any) (int, error) {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice, reflect.Map, reflect.String:
		return r.Len(), nil
	}
	return 0, fmt.Errorf("no length: %T", v)
}

// brief cuts a sentence for where it only names what is told in full beside it.
func brief(s string) string {
	s = strings.TrimSuffix(s, ".")
	if utf8.RuneCountInString(s) <= briefLength {
		return s
	}
	cut := string([]rune(s)[:briefLength])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:") + "…"
}

const briefLength = 60
