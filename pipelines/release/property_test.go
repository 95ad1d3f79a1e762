package release_test

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"piccoli/pipelines/release"
)

// checksGiven says whether somebody chose with -rapid.checks how often a property is tried.
var checksGiven = sync.OnceValue(func() (given bool) {
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	return given
})

// holds tries a property a few times, or as often as -rapid.checks says.
func holds(t *testing.T, few int, property func(*rapid.T)) {
	t.Helper()
	if !checksGiven() {
		for name, value := range map[string]string{"rapid.checks": strconv.Itoa(few), "rapid.shrinktime": "10s", "rapid.nofailfile": "true"} {
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	rapid.Check(t, property)
}

// drawSpending draws the rows of the case's one seed, by their key.
func drawSpending(t *rapid.T) map[string][]string {
	return rapid.MapOfN(rapid.StringMatching(`0[0-4][0-9]{4}`), rapid.Custom(func(t *rapid.T) []string {
		amount := ""
		if cents := rapid.Int64Range(-1, 1e15).Draw(t, "cents"); cents >= 0 {
			amount = fmt.Sprintf("%d.%02d", cents/100, cents%100)
		}
		return []string{rapid.SampledFrom([]string{"", "01", "10"}).Draw(t, "region"), rapid.SampledFrom([]string{"", `a "b", c`, "d\ne", "è", "=1+1", "\u202eabc"}).Draw(t, "name"), amount,
			rapid.SampledFrom([]string{"", "2020-05-20", "1999-12-31"}).Draw(t, "day"), rapid.SampledFrom([]string{"", "true", "false"}).Draw(t, "admitted")}
	}), 1, 60).Draw(t, "rows")
}

func (p project) spend(rows map[string][]string) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	err := w.Write([]string{"codice_istat", "codice_regione", "nome", "importo_eur", "data", "ammessa"})
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		err = errors.Join(err, w.Write(append([]string{key}, rows[key]...)))
	}
	w.Flush()
	if err := errors.Join(err, w.Error(), os.WriteFile(filepath.Join(p.root, "data", "seeds", "spesa.csv"), []byte(b.String()), 0o644)); err != nil {
		p.t.Fatal(err)
	}
}

// records are the rows of a CSV file, without its header, by the value in one column.
func records(t *rapid.T, file string, key int) map[string][]string {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string][]string{} // nothing changed
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, r := range rows[1:] {
		out[r[key]] = r
	}
	return out
}

// soundAndBrittle wants a version to be what its manifest says, and any one byte of it that is another to be found.
func soundAndBrittle(t *rapid.T, folder string) {
	verify := func() *release.Verified {
		v, err := release.Verify(context.Background(), folder, release.Verifier{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := verify(); len(v.Problems) > 0 {
		t.Fatal(v.Problems.In("en"))
	}
	var files []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		path := rapid.SampledFrom(files).Draw(t, "file")
		body, err := os.ReadFile(path)
		if err != nil || len(body) == 0 {
			t.Fatal(path, err)
		}
		at, mask := rapid.IntRange(0, len(body)-1).Draw(t, "byte"), byte(rapid.IntRange(1, 255).Draw(t, "mask"))
		flip := func() {
			body[at] ^= mask
			if err := errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, body, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		flip()
		if len(verify().Problems) == 0 {
			t.Fatalf("byte %d of %s is another and was not found", at, filepath.Base(path))
		}
		flip()
	}
}

// TestVersionsHold: of any two states of the data, both versions are what their manifests say, no byte of them can change unseen, the changes between them
// turn the rows of the first into those of the second, and the parts of the total sum to its change.
func TestVersionsHold(t *testing.T) {
	holds(t, 3, func(rt *rapid.T) {
		p := newProject(t, "testdata/versioni.base.txtar")
		defer os.RemoveAll(p.root)
		a, b := drawSpending(rt), drawSpending(rt)
		for key := range a { // most rows stay, or change a little
			if rapid.IntRange(0, 2).Draw(rt, "stays") > 0 {
				b[key] = slices.Clone(a[key])
				if column := rapid.IntRange(0, 9).Draw(rt, "changes"); column < len(b[key]) {
					b[key][column] = ""
				}
			}
		}
		p.spend(a)
		p.publish()
		first := p.mustFreeze("1.0.0")
		soundAndBrittle(rt, first.Folder)
		p.spend(b)
		p.publish()
		if cmp.Equal(a, b) {
			return // a version without a change is refused
		}
		second := p.mustFreeze("1.0.1")
		soundAndBrittle(rt, second.Folder)

		d := second.Changes.Datasets[slices.IndexFunc(second.Changes.Datasets, func(d release.DatasetChange) bool { return d.Dataset == "spesa" })]
		rows, counts := records(rt, filepath.Join(first.Folder, "spesa.csv"), 0), map[string]int64{}
		for key, c := range records(rt, filepath.Join(second.Folder, "changes", "spesa.csv"), 1) {
			counts[c[0]]++
			old, new := []string{key}, []string{key}
			for i := 2; i < len(c); i += 2 {
				old, new = append(old, c[i]), append(new, c[i+1])
			}
			if c[0] != "aggiunta" && !slices.Equal(rows[key], old) {
				rt.Fatalf("%s was %q, the changes say %q", key, rows[key], old)
			}
			rows[key] = new
			if c[0] == "tolta" {
				delete(rows, key)
			}
		}
		if diff := cmp.Diff(records(rt, filepath.Join(second.Folder, "spesa.csv"), 0), rows); diff != "" {
			rt.Fatalf("-after +before with the changes:\n%s", diff)
		}
		for kind, n := range map[string]int64{"aggiunta": d.Added, "tolta": d.Removed, "cambiata": d.Changed} {
			if counts[kind] != n {
				rt.Fatalf("%s: %d written, %d counted", kind, counts[kind], n)
			}
		}
		cents := func(rows map[string][]string) (sum int64) {
			for _, r := range rows {
				n, err := strconv.ParseInt(strings.Replace("0"+r[2], ".", "", 1), 10, 64)
				if err != nil {
					rt.Fatal(err)
				}
				sum += n
			}
			return sum
		}
		sum := func(amounts ...string) *big.Rat {
			out := new(big.Rat)
			for _, a := range amounts {
				r, ok := new(big.Rat).SetString(a)
				if !ok {
					rt.Fatalf("%q is no number", a)
				}
				out.Add(out, r)
			}
			return out
		}
		for _, total := range d.Totals {
			parts := sum(total.Before, total.Added, total.Changed)
			if parts.Sub(parts, sum(total.Removed)).Cmp(sum(total.After)) != 0 || sum(total.Delta()).Cmp(big.NewRat(cents(b)-cents(a), 100)) != 0 {
				rt.Fatalf("the total changes by %d cents, the changes say %+v", cents(b)-cents(a), total)
			}
		}
	})
}
