package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
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

// FormatNumber writes a decimal string ("-1234.50") in the language's form. Zeros after the decimal sign fall away when
// there is nothing else there.
func FormatNumber(lang, s string) string {
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

// FormatEuro writes an amount with its cents where there are any.
func FormatEuro(lang, s string) string {
	if s == "" {
		return ""
	}
	whole, frac, _ := strings.Cut(s, ".")
	out := FormatNumber(lang, whole)
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

// FormatDate writes an ISO date in words with no more precision (giorno, mese, anno) than is known.
func FormatDate(lang, iso, precision string) (string, error) {
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

// FormatAmount writes a decimal string with as many decimals as it has, so that the amounts of a column stand below each other.
func FormatAmount(lang, s string) string {
	whole, frac, ok := strings.Cut(s, ".")
	out := FormatNumber(lang, whole)
	if ok {
		out += numeralsOf[lang].decimal + frac
	}
	return out
}

// FormatChange writes what a total changed by, with its sign.
func FormatChange(lang, s string) string {
	if strings.HasPrefix(s, "-") || strings.Trim(s, "0.") == "" {
		return FormatAmount(lang, s)
	}
	return "+" + FormatAmount(lang, s)
}
