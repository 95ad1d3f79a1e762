package release_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

// TestFeed tells two versions: one row changed its amount, one went from a region to another, one came. The feed of the whole and the counts of regions are compared
// with what is written in testdata/feed.atom and below.
func TestFeed(t *testing.T) {
	p := newProject(t, "testdata/versioni.base.txtar")
	p.publish()
	p.mustFreeze("1.0.0")
	p.write([]txtar.File{{Name: "data/seeds/spesa.csv", Data: []byte("codice_istat,codice_regione,nome,importo_eur,data,ammessa\n054029,10,ø,0.01,,\n001001,02,\"Aglié «la \"\"bella\"\", e\noltre»\",1000.10,2020-05-20,true\n054028,10,=1+1,,2021-10-22,false\n054030,10,& <b>,1.00,,\n")}})
	p.publish()
	p.mustFreeze("1.0.1")
	editions, err := release.Editions(p.releases())
	if err != nil {
		t.Fatal(err)
	}
	db, err := warehouse.Scratch(t.Context(), 1, "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	counts, err := release.RegionCounts(context.Background(), db, editions[1])
	if err != nil {
		t.Fatal(err)
	}
	title := release.Words{It: "Spesa", En: "Spending"}
	want := map[string][]release.Count{"01": {{Dataset: "spesa", Title: title, Changed: 1}}, "02": {{Dataset: "spesa", Title: title, Changed: 1}}, "10": {{Dataset: "spesa", Title: title, Added: 1, Changed: 1}}}
	if d := cmp.Diff(want, counts); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	f := release.Feed{Site: release.Publisher{BaseURL: "https://piccoli.example.org/", Name: "Ente & Figli", Licence: release.Licence{Title: "CC BY 4.0"}}, Lang: "en", Folder: "regioni/umbria/", Title: "What changes", About: "One entry for each version.", Simulated: true, Date: "2026-01-31"}
	summary, lines := release.Told("en", counts["10"])
	f.Entries = []release.FeedEntry{{ID: "releases/1.0.1", Path: "releases/1.0.1/cosa-e-cambiato/", Date: "2026-01-31", Title: "Version 1.0.1", Summary: summary, Lines: lines},
		{ID: "releases/1.0.0", Path: "releases/1.0.0/", Date: "2025-12-31", Title: "Version 1.0.0", Summary: "The first."}}
	got, err := f.Document()
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "feed.atom")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wanted, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(wanted), string(got)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
