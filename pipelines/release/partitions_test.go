package release_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

// regional gives the dataset of many rows a region: two of them, and none.
func regional(name, text string) string {
	if name != "queries/marts/molte.sql" {
		return text
	}
	text = strings.Replace(text, "--   importo_eur:", "--   codice_regione: {type: text, it: Regione, en: Region}\n--   importo_eur:", 1)
	return strings.Replace(text, "        cast((numero", "        case numero % 3 when 0 then '01' when 1 then '12' end as codice_regione,\n        cast((numero", 1)
}

// TestPartitions reads the folder of a large dataset by region, as DuckDB does: the same rows as the whole file, codes with their zeros, no region told as such; a dataset of few rows has
// none; two builds give the same bytes.
func TestPartitions(t *testing.T) {
	tree, index := write(t, 2, false, regional)
	again, _ := write(t, 1, false, regional)
	files := map[string]string{}
	for _, d := range index.Datasets {
		for _, f := range d.Parts {
			files[f.Path] = f.SHA256
			other, err := os.ReadFile(again.Path(f.Path))
			if err != nil || release.Digest(other) != f.SHA256 {
				t.Errorf("%s: another build gives other bytes %v", f.Path, err)
			}
		}
	}
	want := []string{"data/molte/codice_regione=01/molte.parquet", "data/molte/codice_regione=12/molte.parquet", "data/molte/codice_regione=__HIVE_DEFAULT_PARTITION__/molte.parquet"}
	if len(files) != len(want) {
		t.Fatalf("%v", files)
	}
	db, err := warehouse.Scratch(t.Context(), 2, "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var missing, rows int64
	var codes string
	folder := tree.Path("data/" + release.PartitionGlob("molte"))
	whole := tree.Path("data/molte.parquet")
	parted := "(select numero, codice_istat, codice_regione, importo_eur from read_parquet('" + folder + "', hive_partitioning = true, hive_types = {'codice_regione': VARCHAR}))"
	if err := db.QueryRow("select count(*), (select count(*) from (from '"+whole+"' except all from "+parted+")), (select string_agg(distinct coalesce(codice_regione, '-'), ' ' order by coalesce(codice_regione, '-')) from "+parted+") from "+parted).
		Scan(&rows, &missing, &codes); err != nil {
		t.Fatal(err)
	}
	if rows != 250_000 || missing != 0 || codes != "- 01 12" {
		t.Errorf("%d rows, %d of the whole file are missing, regions %q", rows, missing, codes)
	}
	// Ranges of the key can be read alone: groups of rows of 100,000 at most, with the least and greatest key of each, in order.
	var ranges string
	if err := db.QueryRow("select string_agg(stats_min || '-' || stats_max, ' ' order by row_group_id) from parquet_metadata('" + whole + "') where path_in_schema = 'numero'").Scan(&ranges); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("0-", ranges[:2]); d != "" || len(strings.Fields(ranges)) < 3 || !strings.HasSuffix(ranges, "-249999") {
		t.Errorf("groups of rows: %s", ranges)
	}
	for _, name := range []string{"manifest.json", "datapackage.json", "index.json", "croissant.json"} {
		body, err := os.ReadFile(filepath.Join(tree.Dir(), "data", name))
		if err != nil || !strings.Contains(string(body), "codice_regione=") {
			t.Errorf("%s does not tell of the folder %v", name, err)
		}
	}
}
