package ingest

import (
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"
)

// TestForms tries real identifiers of legal entities, and the same with a wrong check digit.
func TestForms(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	try := func(format, value string, want bool) {
		t.Helper()
		rule, ok := formRule(format, "x")
		if !ok {
			t.Fatalf("no format %s", format)
		}
		var bad bool
		if err := db.QueryRow("select "+rule+" from (select ?::varchar as x)", value).Scan(&bad); err != nil {
			t.Fatalf("%s %q: %v", format, value, err)
		}
		if bad == want {
			t.Errorf("%s %q: valid %t, want %t", format, value, !bad, want)
		}
	}
	for _, v := range []struct {
		format, value string
		want          bool
	}{
		{"codice_istat", "028001", true}, {"codice_istat", "28001", false}, {"codice_catastale", "F839", true}, {"codice_catastale", "Z100", false},
		{"cup", "J59D20000000007", true}, {"cup", "J59J2100000000A", false}, {"cig", "8715903EAD", true}, {"cig", "8715903EAE", false}, {"cig", "ZD33BADE8D", true}, {"cig", "ZD33BADE8E", false},
		{"codice_fiscale_ente", "80188230587", true}, {"codice_fiscale_ente", "80188230588", false}, {"codice_fiscale_ente", "00000000000", false}, {"codice_fiscale_ente", "RSSMRA80A01H501U", false},
		{"codice_ipa", "c_l219", true}, {"codice_ipa", "c l219", false}, {"nuts", "ITI2", true}, {"nuts", "FR10", false}, {"url", "https://www.istat.it/", true}, {"url", "javascript:x", false},
	} {
		try(v.format, v.value, v.want)
	}
	raw, err := os.ReadFile("../../../shared/standards/vectors/identifiers.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the vectors need ../shared")
	}
	if err != nil {
		t.Fatal(err)
	}
	type list struct{ Valid, Invalid []string }
	var vectors struct {
		CIG struct {
			Simog, SmartCIG, PCP list
			Fail                 []string `json:"format_only_fail"`
		}
		CUP struct {
			Valid   []string `json:"valid_format"`
			Unusual []string `json:"real_but_unusual_tail"`
			Invalid []string
		}
		Body     list `json:"piva_or_cf_ente"`
		Belfiore list `json:"codice_catastale"`
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	all := func(format string, values []string, want bool) {
		t.Helper()
		if len(values) == 0 {
			t.Errorf("no vectors of %s", format)
		}
		for _, v := range values {
			if v != "" { // an empty cell is a missing value, not a malformed one
				try(format, v, want)
			}
		}
	}
	all("cig", vectors.CIG.Simog.Valid, true)
	all("cig", vectors.CIG.Simog.Invalid, false)
	all("cig", vectors.CIG.SmartCIG.Valid, true)
	all("cig", vectors.CIG.SmartCIG.Invalid, false)
	all("cig", vectors.CIG.PCP.Valid, true)
	all("cig", vectors.CIG.Fail, false)
	all("cup", vectors.CUP.Valid, true)
	all("cup", vectors.CUP.Unusual, true)
	all("cup", vectors.CUP.Invalid, false)
	all("codice_fiscale_ente", vectors.Body.Valid, true)
	all("codice_fiscale_ente", vectors.Body.Invalid, false)
	all("codice_catastale", vectors.Belfiore.Valid, true)
	all("codice_catastale", vectors.Belfiore.Invalid, false)
}
