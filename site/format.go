package site

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

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
