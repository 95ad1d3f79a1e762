package release_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

// planted gives, for each file of the tree, what the gate says of it.
func planted(t *testing.T, g release.Gate, tree *release.Tree) map[string]string {
	t.Helper()
	_, err := g.Check(context.Background(), tree)
	out := map[string]string{}
	var wrong *warehouse.DataError
	if err != nil && !errors.As(err, &wrong) {
		t.Fatal(err)
	}
	if wrong != nil {
		for _, p := range wrong.Problems {
			out[p.File] += fmt.Sprintf("%d:%d %s; ", p.Line, p.Col, p.What.En)
		}
	}
	return out
}

// TestGateFindsEachKindInEachFormat plants a value in a text of the data and looks for it in every file of the dataset.
func TestGateFindsEachKindInEachFormat(t *testing.T) {
	files := []string{"data/spesa.arrows", "data/spesa.csv", "data/spesa.json", "data/spesa.parquet", "data/spesa.xlsx"}
	for value, kind := range map[string]string{
		"di RSSMRA80A01H501U":            `a person's codice fiscale "RSS…"`,
		"su IT60X0542811101000000123456": `account number (IBAN) "IT6…"`,
		"nome.cognome@posta.example.it":  `mailbox "nom…"`,
		"cell. 333 1234567":              `telephone number "333…"`,
		"al 3331234567 per favore":       `mobile number "333…"`,
	} {
		tree, _ := write(t, 2, false, func(name, text string) string {
			return strings.Replace(text, "054029,10,ø,", "054029,10,"+value+",", 1)
		})
		got := planted(t, release.Gate{}, tree)
		for _, f := range files {
			if !strings.Contains(got[f], kind) {
				t.Errorf("%s: %q, want %s", f, got[f], kind)
			}
			secret := strings.Fields(value)[len(strings.Fields(value))-1]
			if strings.Contains(got[f], secret) {
				t.Errorf("%s: the value is told whole: %s", f, got[f])
			}
			delete(got, f)
		}
		if len(got) > 0 {
			t.Errorf("%s: also %v", value, got)
		}
		for f, place := range map[string]string{"data/spesa.parquet": "column nome, row 3", "data/spesa.arrows": "column nome, row 3", "data/spesa.xlsx": "sheet1.xml C4", "data/spesa.csv": "5:"} {
			if all := planted(t, release.Gate{}, tree); !strings.Contains(all[f], place) {
				t.Errorf("%s: %q, want the place %s", f, all[f], place)
			}
		}
	}
}

// TestGateReadsMetadata plants a value where no cell of the data holds it: in the title, which goes into core properties, the footer of a
// Parquet and the schema of an Arrow stream, and in what a column means.
func TestGateReadsMetadata(t *testing.T) {
	for _, place := range []string{"title: {it: Spesa", "it: Codice,"} {
		tree, _ := write(t, 2, false, func(name, text string) string {
			if name == "queries/marts/spesa.sql" {
				return strings.Replace(text, place, strings.TrimSuffix(place, ",")+" RSSMRA80A01H501U"+place[len(strings.TrimSuffix(place, ",")):], 1)
			}
			return text
		})
		got := planted(t, release.Gate{}, tree)
		for _, f := range []string{"data/spesa.arrows", "data/spesa.parquet", "data/spesa.xlsx", "data/datapackage.json"} {
			if !strings.Contains(got[f], "codice fiscale") {
				t.Errorf("%s, %s: %q", place, f, got[f])
			}
		}
		if strings.HasPrefix(place, "title") && !strings.Contains(got["data/spesa.xlsx"], "docProps/core.xml") {
			t.Errorf("core properties: %q", got["data/spesa.xlsx"])
		}
	}
}

// TestGateLetsOut tries what looks personal and is not, by the rules: numbers in columns of numbers, the declared contact, addresses of sources.
func TestGateLetsOut(t *testing.T) {
	tree, _ := write(t, 2, false, func(name, text string) string {
		if name == "queries/marts/molte.sql" { // 3331234500 and on, as numbers
			text = strings.Replace(text, "select range as numero", "select 3331234500 + range as numero", 1)
		}
		return text
	})
	page := `<a href="mailto:ufficio@piccoli.example.org">scrivi</a> <a href="https://fonte.example.it/atti?da=nome@fonte.example.it&amp;n=1">fonte</a>`
	if err := tree.Write("pagina/index.html", "1", []byte(page)); err != nil {
		t.Fatal(err)
	}
	got := planted(t, release.Gate{}, tree)
	if d := cmp.Diff(map[string]string{"pagina/index.html": `1:17 mailbox "uff…"; 1:99 mailbox "nom…"; `}, got); d != "" {
		t.Errorf("without rules: -want +got:\n%s", d)
	}
	g := release.Gate{Contact: "mailto:ufficio@piccoli.example.org", Sources: []string{"https://fonte.example.it/atti?da=nome@fonte.example.it&n=1"}}
	passed, err := g.Check(context.Background(), tree)
	if err != nil {
		t.Fatal(err)
	}
	if want := []release.Passed{{Path: "pagina/index.html", Why: g.Sources[0], Masked: "nom…"}}; !slices.Equal(passed, want) {
		t.Errorf("passed %v, want %v", passed, want)
	}
}

// TestGateReadsOverWindows plants values around the borders of the pieces in which a long text is read.
func TestGateReadsOverWindows(t *testing.T) {
	tree, _ := write(t, 1, false, nil)
	var want []string
	for shift := range 40 {
		path := fmt.Sprintf("lungo/%02d.txt", shift)
		text := strings.Repeat("x", 1<<20-shift-2) + "\n RSSMRA80A01H501U " + strings.Repeat("y ", 1<<19)
		if err := tree.Write(path, "1", []byte(text)); err != nil {
			t.Fatal(err)
		}
		want = append(want, path+` 2:2 a person's codice fiscale "RSS…"; `)
	}
	var got []string
	for path, what := range planted(t, release.Gate{}, tree) {
		got = append(got, path+" "+what)
	}
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestGateReadsDrawings: coordinates of a drawing are no telephone numbers, the same digits in its text or in any other are.
func TestGateReadsDrawings(t *testing.T) {
	tree, _ := write(t, 2, false, func(_, text string) string { return text })
	page := `<svg><path d="M96 374 123 4567L10 5"/><g points="12 374 123 4567"/><text x="1">374 123 4567</text></svg>` + "\n" + `<p>d="374 123 4567</p>`
	if err := tree.Write("pagina/index.html", "1", []byte(page)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"pagina/index.html": `1:80 telephone number "374…"; 2:7 telephone number "374…"; `}
	if d := cmp.Diff(want, planted(t, release.Gate{}, tree)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
