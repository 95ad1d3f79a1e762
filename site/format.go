package site

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// numerals are the signs of a language's numbers, taken once from x/text and then applied to decimal strings: no figure
// passes through a float.
type numerals struct{ group, decimal string }

var numeralsOf = map[string]numerals{"it": newNumerals(language.Italian), "en": newNumerals(language.BritishEnglish)}

func newNumerals(tag language.Tag) numerals {
	p := message.NewPrinter(tag)
	return numerals{
		group:   strings.Trim(p.Sprintf("%d", 1222), "12"),
		decimal: strings.Trim(p.Sprintf("%.1f", 1.2), "12"),
	}
}

// formatNumber writes a decimal string ("-1234.50") in the language's form. Zeros after the decimal sign fall away when
// there is nothing else there.
func formatNumber(lang, s string) string {
	if s == "" {
		return ""
	}
	n := numeralsOf[lang]
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	frac = strings.TrimRight(frac, "0")
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(n.group)
		}
		b.WriteRune(c)
	}
	if frac != "" {
		b.WriteString(n.decimal)
		b.WriteString(frac)
	}
	return b.String()
}

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

// formatEuro writes an amount with its cents where there are any.
func formatEuro(lang, s string) string {
	if s == "" {
		return ""
	}
	whole, frac, _ := strings.Cut(s, ".")
	out := formatNumber(lang, whole)
	if frac = strings.TrimRight(frac, "0"); frac != "" {
		out += numeralsOf[lang].decimal + (frac + "0")[:2]
	}
	if lang == "en" {
		return "€" + out
	}
	return out + " €"
}

var months = map[string][]string{
	"it": {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// formatDate writes an ISO date in words with no more precision (giorno, mese, anno) than is known.
func formatDate(lang, iso, precision string) (string, error) {
	if iso == "" {
		return "", nil
	}
	parts := strings.Split(iso, "-")
	if len(parts) != 3 {
		return "", fmt.Errorf("not a date: %q", iso)
	}
	m, err1 := strconv.Atoi(parts[1])
	d, err2 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil || m < 1 || m > 12 {
		return "", fmt.Errorf("not a date: %q", iso)
	}
	month := months[lang][m-1]
	switch precision {
	case "anno":
		return parts[0], nil
	case "mese":
		return month + " " + parts[0], nil
	case "giorno":
		day := strconv.Itoa(d)
		if lang == "it" && d == 1 {
			day = "1º"
		}
		return day + " " + month + " " + parts[0], nil
	}
	return "", fmt.Errorf("unknown precision %q of the date %s", precision, iso)
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
