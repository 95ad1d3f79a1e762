package release

import (
	"fmt"
	"strings"
	"testing"
)

// TestPersonal reads texts with one personal datum each, and texts with none that look alike. The codes and numbers are examples of textbooks
// and standards, or made up from nothing but the rule.
func TestPersonal(t *testing.T) {
	all := func(text string) (out []string) {
		personal([]byte(text), func(f finding) { out = append(out, fmt.Sprintf("%d:%s", f.kind, text[f.from:f.to])) })
		return out
	}
	for _, c := range []struct {
		kind        kind
		text, value string
	}{
		{personalCode, "di RSSMRA80A01H501U, nato", "RSSMRA80A01H501U"},
		{personalCode, "rssmra80a01h501u", "rssmra80a01h501u"},
		{personalCode, `"cf":"RSSMRA80A01H501U"`, "RSSMRA80A01H501U"},
		{personalCode, "RSSMRA80A01H50MM", "RSSMRA80A01H50MM"}, // omocodia: M stands for 1
		{personalCode, "CF RSS MRA 80A01 H501U.", "RSS MRA 80A01 H501U"},
		{iban, "IT60X0542811101000000123456", "IT60X0542811101000000123456"},
		{iban, "su IT60 X054 2811 1010 0000 0123 456 entro", "IT60 X054 2811 1010 0000 0123 456"},
		{iban, "DE89370400440532013000;", "DE89370400440532013000"},
		{email, "scrivere a nome.cognome@posta.example.it.", "nome.cognome@posta.example.it"},
		{email, `href="mailto:nome%40example.it"`, "nome%40example.it"},
		{email, "nome&#64;example.it", "nome&#64;example.it"},
		{email, `nome\u0040example.it`, `nome\u0040example.it`},
		{phone, "+39 333 1234567", "+39 333 1234567"},
		{phone, "tel. +390612345678 int", "+390612345678"},
		{phone, "00393331234567", "00393331234567"},
		{phone, "cell. 333 123 4567", "333 123 4567"},
		{phone, "333-1234567", "333-1234567"},
		{phone, "333/1234567", "333/1234567"},
		{phoneDigits, "cell 3331234567", "3331234567"},
		{phoneDigits, "Tel.3471234567,", "3471234567"},
	} {
		want := []string{fmt.Sprintf("%d:%s", c.kind, c.value)}
		if got := all(c.text); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: got %q, want %q", c.text, got, want)
		}
	}
	for _, text := range []string{
		"RSSMRA80A01H501X",                   // a wrong check letter
		"RSSMRA80A01H501UB",                  // longer
		"B47E99002930015", "J91H92000040111", // CUP
		"3339256FED", "Z1234ABCDE", "A0123456B7", // CIG
		"80188230587", "00743110157", "97735020584", // bodies
		"H501", "028001", "c_h501", "ITI43",
		"IT60X0542811101000000123457",                  // a wrong check
		"IT60 Umbria", "DE89 3704 0044 0532 0130 0001", // no account
		"@comune", "duckdb-wasm@1.32.0", "nome@", "a @ b.it", "https://example.it/@nome/3331234567",
		"2020-05-20", "20/05/2020", "01/04/2021-30/09/2021",
		"3331234567.50", "1.333.123.456", "333,123,456", "333 123 456", "12.3331234567", "330000000", "3500000000",
		"M320 123 4567 330 128 4570", "L333.1234567 12", "codice_3331234567", "id=3331234567", "/333/1234567/",
		"4e1243bd22c66e76c2ba9eddc1f91394e57f9f83", "sha256:3331234567abcdef3331234567abcdef",
		"3338001000", // a tenth of a billion and more, in thousands
	} {
		if got := all(text); len(got) > 0 {
			t.Errorf("%q: got %q, want nothing", text, got)
		}
	}
	// a CIG of ten digits that begins like a mobile number
	for n := 3331000; n < 3341000; n++ {
		if check := fmt.Sprintf("%03X", n*211%4091); strings.Trim(check, "0123456789") == "" && !strings.HasSuffix(check, "000") {
			if got := all(fmt.Sprintf("%d%s", n, check)); len(got) > 0 {
				t.Fatalf("CIG: got %q, want nothing", got)
			}
			return
		}
	}
}
