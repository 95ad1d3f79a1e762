package release_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// point is one metric of data.europa.eu's Metadata Quality Assessment (its methodology page lists them with these points): a property that is there, or whose value is of a vocabulary. Those of distributions count for
// the best one of a dataset.
type point struct {
	name     string
	property string
	points   int
	value    string // a pattern of the value; "": any
	resolves bool   // the address leads to a file or page that is there
	of       string // dataset, distribution, or both: on the distribution, else on the dataset
}

var (
	openFormats = euTerm + `file-type/(CSV|JSON|XML|JSON_LD|RDF_TURTLE)>$` // of the lists of formats that are non-proprietary and machine-readable, those that occur here
	assessment  = []point{
		{"keyword", "dcat:keyword", 30, "", false, "dataset"}, {"category", "dcat:theme", 30, "", false, "dataset"}, {"geo search", "dct:spatial", 20, "", false, "dataset"}, {"time search", "dct:temporal", 20, "", false, "dataset"},
		{"access rights", "dct:accessRights", 10, "", false, "dataset"}, {"access rights of the vocabulary", "dct:accessRights", 5, euTerm + `access-right/PUBLIC>$`, false, "dataset"},
		{"contact", "dcat:contactPoint", 20, "", false, "dataset"}, {"publisher", "dct:publisher", 10, "", false, "dataset"},
		{"access works", "dcat:accessURL", 50, "", true, "distribution"}, {"download", "dcat:downloadURL", 20, "", false, "distribution"}, {"download works", "dcat:downloadURL", 30, "", true, "distribution"},
		{"format", "dct:format", 20, "", false, "distribution"}, {"media type", "dcat:mediaType", 10, "", false, "distribution"}, {"media type of the vocabulary", "dcat:mediaType", 10, `^<http://www.iana.org/assignments/media-types/(text/csv|application/json)>$`, false, "distribution"},
		{"non-proprietary", "dct:format", 20, openFormats, false, "distribution"}, {"machine-readable", "dct:format", 20, openFormats, false, "distribution"},
		{"licence", "dct:license", 20, "", false, "distribution"}, {"licence of the vocabulary", "dct:license", 10, `^<http://creativecommons.org/licenses/by/4.0/>$`, false, "distribution"},
		{"rights", "dct:rights", 5, "", false, "distribution"}, {"size", "dcat:byteSize", 5, "", false, "distribution"}, {"issued", "dct:issued", 5, "", false, "both"}, {"modified", "dct:modified", 5, "", false, "both"},
	}
)

// score gives the points of every dataset of a graph; there says whether an address leads anywhere.
func score(g triples, there func(address string) bool) map[string]int {
	values := map[[2]string][]string{}
	for _, line := range g {
		parts := strings.SplitN(strings.TrimSuffix(line, " ."), " ", 3)
		at := [2]string{strings.Trim(parts[0], "<>"), strings.Trim(parts[1], "<>")}
		values[at] = append(values[at], parts[2])
	}
	earned := func(p point, nodes ...string) int {
		for _, n := range nodes {
			for _, v := range values[[2]string{n, expand(p.property)}] {
				if (p.value == "" || regexp.MustCompile(p.value).MatchString(v)) && (!p.resolves || there(strings.Trim(v, "<>"))) {
					return p.points
				}
			}
		}
		return 0
	}
	compliant := 0
	if len(violations(g, italianShapes)) == 0 {
		compliant = 30
	}
	out := map[string]int{}
	for at, classes := range values {
		if at[1] != rdfNS+"type" || !slices.Contains(classes, "<"+expand("dcat:Dataset")+">") {
			continue
		}
		dataset, best := at[0], 0
		of := 0
		for _, p := range assessment {
			if p.of == "dataset" {
				of += earned(p, dataset)
			}
		}
		for _, d := range values[[2]string{dataset, expand("dcat:distribution")}] {
			sum := 0
			for _, p := range assessment {
				switch d := strings.Trim(d, "<>"); p.of {
				case "distribution":
					sum += earned(p, d)
				case "both":
					sum += earned(p, d, dataset)
				}
			}
			best = max(best, sum)
		}
		out[dataset] = of + best + compliant
	}
	return out
}

// TestAssessment wants all 405 points for every dataset, and of each property that is taken away exactly its points, with the thirty of the profile where that asks for it too.
func TestAssessment(t *testing.T) {
	out := published(t)
	g := readTurtle(t, fileOf(t, out, "catalog.ttl"))
	there := func(address string) bool {
		path, own := strings.CutPrefix(address, "https://piccoli.example.org/")
		if regexp.MustCompile(`^dati/(spesa|molte)/$`).MatchString(path) { // a page: site makes it
			return own
		}
		_, err := os.Stat(filepath.Join(out, filepath.FromSlash(path)))
		return own && err == nil
	}
	all := score(g, there)
	if len(all) != 2 {
		t.Fatalf("%d datasets", len(all))
	}
	for dataset, got := range all {
		if got != 405 {
			t.Errorf("%s: %d points of 405", dataset, got)
		}
	}
	total := 30
	worth := map[string]int{} // all that hangs on a property
	for _, p := range assessment {
		total += p.points
		worth[p.property] += p.points
	}
	if total != 405 {
		t.Fatalf("the metrics have %d points in all", total)
	}
	for property, points := range worth {
		of := " <" + expand(property) + "> "
		without := slices.DeleteFunc(slices.Clone(g), func(line string) bool { return strings.Contains(line, of) })
		want := 405 - points
		if len(violations(without, italianShapes)) > 0 {
			want -= 30
		}
		for dataset, got := range score(without, there) {
			if got != want {
				t.Errorf("without %s %s has %d points, want %d", property, dataset, got, want)
			}
		}
	}
	for dataset, got := range score(g, func(string) bool { return false }) {
		if got != 405-80 {
			t.Errorf("%s: %d points where no address works, want 325", dataset, got)
		}
	}
}
