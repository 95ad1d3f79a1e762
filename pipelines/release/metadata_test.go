package release_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// mandatory are the properties without which a document is none of its standard: Data Package 2.0, CSVW, Croissant 1.1, DataCite 4.5. A path names
// a value; "*" is every item of a list.
var mandatory = map[string][]string{
	"data/datapackage.json": {"$schema", "name", "licenses.*.name", "created", "resources", "resources.*.name", "resources.*.path", "resources.*.type", "resources.*.bytes", "resources.*.hash", "resources.*.title",
		"resources.*.description", "resources.*.schema.fields", "resources.*.schema.fields.*.name", "resources.*.schema.fields.*.type", "resources.*.schema.fields.*.description", "resources.*.schema.primaryKey"},
	"data/spesa.csv-metadata.json": {"@context", "url", "dc:title", "dc:description", "dc:license.@id", "dialect.encoding", "tableSchema.columns", "tableSchema.columns.*.name", "tableSchema.columns.*.titles", "tableSchema.columns.*.datatype", "tableSchema.columns.*.dc:description", "tableSchema.primaryKey"},
	"data/croissant.json": {"@context", "@type", "conformsTo", "name", "description", "license", "url", "creator.name", "datePublished", "distribution.*.@id", "distribution.*.contentUrl", "distribution.*.encodingFormat",
		"distribution.*.sha256", "recordSet.*.@id", "recordSet.*.field.*.@id", "recordSet.*.field.*.dataType", "recordSet.*.field.*.source.fileObject.@id", "recordSet.*.field.*.source.extract.column"},
	"data/datacite.json": {"creators.*.name", "titles.*.title", "publisher.name", "publicationYear", "types.resourceTypeGeneral", "schemaVersion", "descriptions.*.description", "rightsList.*.rightsUri", "dates.*.date"},
	"data/index.json":    {"title.it", "title.en", "date", "licence.id", "datasets.*.name", "datasets.*.rows", "datasets.*.sha256", "datasets.*.files.*.url", "datasets.*.files.*.sha256"},
}

// lacking are the paths of a document that lead to nothing somewhere.
func lacking(doc any, paths []string) (out []string) {
	var there func(v any, path []string) bool
	there = func(v any, path []string) bool {
		if len(path) == 0 {
			return v != nil && v != ""
		}
		if path[0] == "*" {
			list, ok := v.([]any)
			if !ok || len(list) == 0 {
				return false
			}
			return !slices.ContainsFunc(list, func(item any) bool { return !there(item, path[1:]) })
		}
		object, ok := v.(map[string]any)
		return ok && there(object[path[0]], path[1:])
	}
	for _, p := range paths {
		if !there(doc, strings.Split(p, ".")) {
			out = append(out, p)
		}
	}
	return out
}

// drop removes the value that a path leads to, of a list from its last item.
func drop(v any, path []string) {
	if path[0] == "*" {
		list := v.([]any)
		drop(list[len(list)-1], path[1:])
		return
	}
	object := v.(map[string]any)
	if len(path) == 1 {
		delete(object, path[0])
		return
	}
	drop(object[path[0]], path[1:])
}

// TestMandatory holds every document against the properties that its standard wants, then takes each one away: it is missed.
func TestMandatory(t *testing.T) {
	out := published(t)
	read := func(body []byte) (doc any) {
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		return doc
	}
	for file, paths := range mandatory {
		body := fileOf(t, out, file)
		if found := lacking(read(body), paths); len(found) > 0 {
			t.Errorf("%s lacks %s", file, strings.Join(found, ", "))
			continue
		}
		for _, p := range paths {
			doc := read(body)
			drop(doc, strings.Split(p, "."))
			if !slices.Contains(lacking(doc, paths), p) {
				t.Errorf("%s without %s is not missed", file, p)
			}
		}
	}
	citation := string(fileOf(t, out, "data/CITATION.cff"))
	for _, key := range []string{"cff-version: 1.2.0", "message: \"", "title: \"", "authors:\n  - name: \"", "type: dataset", "date-released: \"2026-01-31\"", "license: \"CC-BY-4.0\"", "url: \"https://", "abstract: \""} {
		if !strings.Contains("\n"+citation, "\n"+key) {
			t.Errorf("CITATION.cff lacks %s", key)
		}
	}
}

// TestQualityValues wants in quality.ttl, of each dataset, the measures that the case gives: spesa has 18 cells of which 3 are empty, read from 3 rows that all obey.
func TestQualityValues(t *testing.T) {
	g := readTurtle(t, fileOf(t, published(t), "quality.ttl"))
	const page, xsd = "https://piccoli.example.org/dati/", "http://www.w3.org/2001/XMLSchema#"
	for _, want := range []string{
		triple(page+"spesa/#misura-completezza", expand("dqv:value"), `"0.833333"^^<`+xsd+`decimal>`),
		triple(page+"spesa/#misura-completezza", "http://www.w3.org/2000/01/rdf-schema#comment", `"15 su 18"@it`),
		triple(page+"spesa/#misura-accuratezza", expand("dqv:value"), `"1.000000"^^<`+xsd+`decimal>`),
		triple(page+"spesa/#misura-accuratezza", "http://www.w3.org/2000/01/rdf-schema#comment", `"3 of 3"@en`),
		triple(page+"molte/#misura-completezza", expand("dqv:value"), `"1.000000"^^<`+xsd+`decimal>`),
		triple(page+"spesa/#misura-completezza", expand("dqv:isMeasurementOf"), "<https://piccoli.example.org/qualita/#metrica-completezza>"),
		triple(page+"spesa/#dataset", expand("dqv:hasQualityMeasurement"), "<"+page+"spesa/#misura-completezza>"),
	} {
		if !slices.Contains(g, want) {
			t.Errorf("missing: %s", want)
		}
	}
	for _, line := range g { // nothing of nothing is no number: molte has no file behind it
		if strings.Contains(line, "molte/#misura-accuratezza") {
			t.Errorf("measured of nothing: %s", line)
		}
	}
}
