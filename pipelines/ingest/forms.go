package ingest

import (
	"fmt"
	"strings"

	"piccoli/pipelines/catalog"
)

// form is one kind of identifier: what its whole value looks like, and a check digit where it has one.
type form struct {
	pattern string              // of the whole value
	check   func(string) string // SQL over a value of that pattern, true of a right one; nil where nothing can be computed
	text    catalog.Text        // what it looks like and what to do
}

var forms = map[string]form{
	// ISTAT: three digits of the province, three of the comune; leading zeros are part of it.
	"codice_istat": {pattern: `[0-9]{6}`, text: catalog.Text{It: "il codice ISTAT ha sei cifre, con gli zeri iniziali (028001)", En: "the ISTAT code has six digits, with leading zeros (028001)"}},
	// Agenzia delle entrate; Z is for foreign states.
	"codice_catastale": {pattern: `[A-IL-M][0-9]{3}`, text: catalog.Text{It: "il codice catastale è una lettera e tre cifre (F839)", En: "the cadastral code is a letter and three digits (F839)"}},
	// Delibera CIPE 143/2002: 15 characters, without a published check digit.
	"cup": {pattern: `[A-Z][0-9]{2}[A-Z][0-9]{11}`, text: catalog.Text{It: "il CUP ha 15 caratteri: lettera, due cifre, lettera, undici cifre; un solo CUP per cella", En: "the CUP has 15 characters: letter, two digits, letter, eleven digits; one CUP a cell"}},
	// ANAC. SIMOG: seven digits n and three hexadecimal ones, n·211 mod 4091; SmartCIG: X, Y or Z, two and seven hexadecimal digits, the seven
	// times 211 mod 251. The check of the codes that begin with A or B (since 2023) is published nowhere: their form alone is looked at.
	"cig": {pattern: `[0-9]{7}[0-9A-F]{3}|[XYZ][0-9A-F]{9}|[AB][0-9A-F]{9}`, check: checkCIG,
		text: catalog.Text{It: "il CIG ha 10 caratteri e gli ultimi (nello SmartCIG il secondo e il terzo) controllano gli altri: ricopiarlo da dov'è registrato", En: "the CIG has 10 characters and the last ones (in a SmartCIG the second and third) check the others: copy it from where it is registered"}},
	// DM 23/12/1976: eleven digits, the last by Luhn's rule. The 16 characters of a person are never accepted.
	"codice_fiscale_ente": {pattern: `[0-9]{11}`, check: checkTaxCode,
		text: catalog.Text{It: "il codice fiscale di un ente ha undici cifre, l'ultima di controllo; quello di una persona (16 caratteri) non è ammesso", En: "the tax code of a body has eleven digits, the last one a check; that of a person (16 characters) is not accepted"}},
	// AgID, Indice dei domicili digitali: comuni mostly c_ and the cadastral code.
	"codice_ipa": {pattern: `[A-Za-z0-9_-]{2,20}`, text: catalog.Text{It: "il codice IPA ha da 2 a 20 lettere, cifre o trattini (c_f839)", En: "the IPA code has 2 to 20 letters, digits, hyphens or underscores (c_f839)"}},
	// Reg. (CE) 1059/2003: Italy's letters are C, F, G, H, I since 2010, D and E before.
	"nuts": {pattern: `IT[C-I][0-9A-Z]{0,2}`, text: catalog.Text{It: "il codice NUTS comincia con IT e ha da 3 a 5 caratteri (ITI22)", En: "the NUTS code begins with IT and has 3 to 5 characters (ITI22)"}},
	"url":  {pattern: `https?://[^\s]+`, text: catalog.Text{It: "l'indirizzo comincia con http:// o https://", En: "the address begins with http:// or https://"}},
}

// formRule gives SQL that is true of a value that is not of the format; a missing one passes. ok is false where there is no format.
func formRule(format, expr string) (bad string, ok bool) {
	f, ok := forms[format]
	if !ok {
		return "", false
	}
	shape := fmt.Sprintf("regexp_full_match(%s, %s)", expr, catalog.Literal(f.pattern))
	if f.check == nil {
		return "not " + shape, true
	}
	return fmt.Sprintf("%s is not null and not (case when %s then %s else false end)", expr, shape, f.check(expr)), true
}

// formText says what a value of the format looks like and what to do.
func formText(format string) catalog.Text { return forms[format].text }

func checkCIG(expr string) string {
	hex := func(part string) string { return fmt.Sprintf("('0x' || %s)::bigint", part) }
	return fmt.Sprintf(`case when %[1]s[1] in ('A', 'B') then true
		when %[1]s[1] in ('X', 'Y', 'Z') then %[2]s = %[3]s * 211 %% 251
		else %[1]s[1:7]::bigint > 0 and %[4]s = %[1]s[1:7]::bigint * 211 %% 4091 end`,
		expr, hex(expr+"[2:3]"), hex(expr+"[4:10]"), hex(expr+"[8:10]"))
}

func checkTaxCode(expr string) string {
	var sum []string
	for place := 1; place <= 10; place++ {
		digit := fmt.Sprintf("%s[%d]::integer", expr, place)
		if place%2 == 0 { // doubled, less nine beyond nine
			digit = fmt.Sprintf("(%[1]s * 2 - case when %[1]s > 4 then 9 else 0 end)", digit)
		}
		sum = append(sum, digit)
	}
	return fmt.Sprintf("%[1]s <> '00000000000' and (10 - (%[2]s) %% 10) %% 10 = %[1]s[11]::integer", expr, strings.Join(sum, " + "))
}
