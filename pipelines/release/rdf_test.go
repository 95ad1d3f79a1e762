package release_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/release"
)

// triples of a graph as lines of N-Triples, sorted. The catalogue gives every node an address, so that two graphs are isomorphic if their triples are the same.
type triples []string

func triple(s, p, o string) string { return "<" + s + "> <" + p + "> " + o + " ." }

func literalTerm(text, lang, datatype string) string {
	quoted, _ := json.Marshal(text) // of a text it can't fail
	switch {
	case lang != "":
		return string(quoted) + "@" + lang
	case datatype != "":
		return string(quoted) + "^^<" + datatype + ">"
	}
	return string(quoted)
}

const rdfNS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

// readRDFXML reads RDF/XML whose nodes stand beside each other, by the XML reader: any other construct fails.
func readRDFXML(t *testing.T, body []byte) (out triples) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(body))
	var subject, predicate, object string
	var text strings.Builder
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			slices.Sort(out)
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Space+a.Name.Local] = a.Value
			}
			switch depth {
			case 2:
				if subject = attr[rdfNS+"about"]; subject == "" {
					t.Fatal("a node without an address")
				}
				if class := e.Name.Space + e.Name.Local; class != rdfNS+"Description" {
					out = append(out, triple(subject, rdfNS+"type", "<"+class+">"))
				}
			case 3:
				predicate, object = e.Name.Space+e.Name.Local, ""
				text.Reset()
				if to, ok := attr[rdfNS+"resource"]; ok {
					object = "<" + to + ">"
				} else {
					lang, datatype := attr["http://www.w3.org/XML/1998/namespacelang"], attr[rdfNS+"datatype"]
					object = "\x00" + lang + "\x00" + datatype
				}
			case 4:
				t.Fatalf("<%s> inside a property", e.Name.Local)
			}
		case xml.CharData:
			text.Write(e)
		case xml.EndElement:
			if depth == 3 {
				if rest, ok := strings.CutPrefix(object, "\x00"); ok {
					lang, datatype, _ := strings.Cut(rest, "\x00")
					object = literalTerm(text.String(), lang, datatype)
				}
				out = append(out, triple(subject, predicate, object))
			}
			depth--
		}
	}
}

// readJSONLD reads JSON-LD whose context is made of prefixes alone, which is inside the file.
func readJSONLD(t *testing.T, body []byte) (out triples) {
	t.Helper()
	var doc struct {
		Context map[string]string            `json:"@context"`
		Graph   []map[string]json.RawMessage `json:"@graph"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	full := func(name string) string {
		prefix, local, _ := strings.Cut(name, ":")
		base, ok := doc.Context[prefix]
		if !ok {
			t.Fatalf("no prefix for %s", name)
		}
		return base + local
	}
	for _, n := range doc.Graph {
		var id string
		if err := json.Unmarshal(n["@id"], &id); err != nil {
			t.Fatal(err)
		}
		for key, raw := range n {
			switch key {
			case "@id":
			case "@type":
				var classes []string
				if err := json.Unmarshal(raw, &classes); err != nil {
					t.Fatal(err)
				}
				for _, c := range classes {
					out = append(out, triple(id, rdfNS+"type", "<"+full(c)+">"))
				}
			default:
				var values []struct {
					ID    string `json:"@id"`
					Value string `json:"@value"`
					Lang  string `json:"@language"`
					Type  string `json:"@type"`
				}
				if err := json.Unmarshal(raw, &values); err != nil {
					t.Fatal(err)
				}
				for _, v := range values {
					object := "<" + v.ID + ">"
					if v.ID == "" {
						datatype := v.Type
						if datatype != "" {
							datatype = full(datatype)
						}
						object = literalTerm(v.Value, v.Lang, datatype)
					}
					out = append(out, triple(id, full(key), object))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// turtleToken is what the Turtle of the project is made of (https://www.w3.org/TR/turtle/#sec-grammar-grammar): addresses, prefixed names, strings in
// one line with their language or datatype, punctuation.
var turtleToken = regexp.MustCompile(`^(?:(<[^<>"{}|^\x60\x00-\x20]*>)|("(?:[^"\\\n\r]|\\[tbnrf"'\\]|\\u[0-9A-Fa-f]{4})*")(?:@([a-z]+(?:-[a-z0-9]+)*)|\^\^([a-z]+:[A-Za-z_0-9]+))?|(@prefix|a(?:\s)|[a-z0-9]*:[A-Za-z_0-9-]*)|([.;,]))`)

func readTurtle(t *testing.T, body []byte) (out triples) {
	t.Helper()
	prefixes := map[string]string{}
	full := func(name string) string {
		prefix, local, _ := strings.Cut(name, ":")
		base, ok := prefixes[prefix]
		if !ok {
			t.Fatalf("no prefix for %s", name)
		}
		return base + local
	}
	rest := strings.TrimSpace(string(body))
	next := func() (kind, term string) {
		m := turtleToken.FindStringSubmatch(rest)
		if m == nil {
			t.Fatalf("no Turtle: %.80q", rest)
		}
		rest = strings.TrimSpace(rest[len(m[0]):])
		switch {
		case m[1] != "":
			var address string
			if err := json.Unmarshal([]byte(`"`+m[1]+`"`), &address); err != nil { // \uXXXX is written as in JSON
				t.Fatal(err)
			}
			return "term", address
		case m[2] != "":
			var text string
			if err := json.Unmarshal([]byte(m[2]), &text); err != nil {
				t.Fatal(err)
			}
			datatype := m[4]
			if datatype != "" {
				datatype = full(datatype)
			}
			return "term", literalTerm(text, m[3], datatype)
		case strings.TrimSpace(m[5]) == "a":
			return "term", "<" + rdfNS + "type>"
		case m[5] == "@prefix":
			return "prefix", ""
		case m[5] != "":
			return "name", m[5]
		}
		return m[6], ""
	}
	value := func() string {
		kind, term := next()
		switch kind {
		case "term":
			return term
		case "name":
			return "<" + full(term) + ">"
		}
		t.Fatalf("%s where a term is wanted, before %.60q", kind, rest)
		return ""
	}
	bare := func(s string) string { return strings.Trim(s, "<>") }
	for rest != "" {
		if strings.HasPrefix(rest, "@prefix") {
			next()
			_, name := next()
			_, base := next()
			prefixes[strings.TrimSuffix(name, ":")] = bare(base)
			if kind, _ := next(); kind != "." {
				t.Fatal("a prefix without its point")
			}
			continue
		}
		subject := bare(value())
		for end := ";"; end == ";"; {
			predicate := bare(value())
			for end = ","; end == ","; {
				out = append(out, triple(subject, predicate, value()))
				end, _ = next()
			}
		}
	}
	slices.Sort(out)
	return out
}

// published is the folder with the files of the case.
func published(t *testing.T) string {
	t.Helper()
	out, _ := publish(t, 2)
	return out
}

func fileOf(t *testing.T, elements ...string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestRDFForms reads the three forms of the catalogue by three readers: the same triples, none twice.
func TestRDFForms(t *testing.T) {
	out := published(t)
	turtle := readTurtle(t, fileOf(t, out, "catalog.ttl"))
	if len(turtle) < 100 || len(slices.Compact(slices.Clone(turtle))) != len(turtle) {
		t.Fatalf("%d triples, %d of them different", len(turtle), len(slices.Compact(slices.Clone(turtle))))
	}
	if d := cmp.Diff(turtle, readRDFXML(t, fileOf(t, out, "catalog.rdf"))); d != "" {
		t.Errorf("-Turtle +RDF/XML:\n%s", d)
	}
	if d := cmp.Diff(turtle, readJSONLD(t, fileOf(t, out, "catalog.jsonld"))); d != "" {
		t.Errorf("-Turtle +JSON-LD:\n%s", d)
	}
	readTurtle(t, fileOf(t, out, "catalog-dcatap3.ttl"))
	readTurtle(t, fileOf(t, out, "quality.ttl"))
}

// vocab are the prefixes of shapes.
var vocab = map[string]string{"dcat": "http://www.w3.org/ns/dcat#", "dcatapit": "http://dati.gov.it/onto/dcatapit#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
	"vcard": "http://www.w3.org/2006/vcard/ns#", "spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#", "dqv": "http://www.w3.org/ns/dqv#",
	"owl": "http://www.w3.org/2002/07/owl#", "prov": "http://www.w3.org/ns/prov#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "skos": "http://www.w3.org/2004/02/skos/core#"}

func expand(name string) string {
	prefix, local, _ := strings.Cut(name, ":")
	return vocab[prefix] + local
}

// shape is what a profile asks of a property of a class: how often, and what its values look like.
type shape struct {
	class, property string
	most            int // 0: any number; at least one is always wanted
	value           string
}

const (
	anIRI    = `^<[a-z]+:[^ ]+>$`
	inBoth   = `^".+"@(it|en)$`
	dated    = `^"\d{4}-\d\d-\d\d"\^\^<http://www.w3.org/2001/XMLSchema#date>$`
	wordy    = `^".+"(@[a-z]+)?$`
	euTerm   = `^<http://publications.europa.eu/resource/authority/`
	aMailbox = `^<mailto:[^@ ]+@[^@ ]+>$`
)

// italianShapes are what DCAT-AP_IT 1.0 makes mandatory (ontology dcatapit, "Linee guida cataloghi dati", tables of classes), with the recommended properties that dati.gov.it and the
// quality score of data.europa.eu read.
var italianShapes = []shape{
	{"dcatapit:Catalog", "dct:title", 2, inBoth}, {"dcatapit:Catalog", "dct:description", 2, inBoth}, {"dcatapit:Catalog", "dct:publisher", 1, anIRI},
	{"dcatapit:Catalog", "dct:modified", 1, dated}, {"dcatapit:Catalog", "dcat:dataset", 0, anIRI}, {"dcatapit:Catalog", "foaf:homepage", 1, anIRI},
	{"dcatapit:Catalog", "dct:license", 1, anIRI}, {"dcatapit:Catalog", "dct:spatial", 0, anIRI}, {"dcatapit:Catalog", "dct:language", 0, euTerm + `language/`}, {"dcatapit:Catalog", "dct:issued", 1, dated}, {"dcatapit:Catalog", "dcat:themeTaxonomy", 0, euTerm + `data-theme>$`},
	{"dcatapit:Dataset", "dct:identifier", 1, wordy}, {"dcatapit:Dataset", "dct:title", 2, inBoth}, {"dcatapit:Dataset", "dct:description", 2, inBoth}, {"dcatapit:Dataset", "dct:modified", 1, dated},
	{"dcatapit:Dataset", "dcat:theme", 0, euTerm + `data-theme/`}, {"dcatapit:Dataset", "dct:rightsHolder", 1, anIRI}, {"dcatapit:Dataset", "dct:publisher", 1, anIRI},
	{"dcatapit:Dataset", "dct:accrualPeriodicity", 1, euTerm + `frequency/[A-Z_0-9]+>$`}, {"dcatapit:Dataset", "dcat:distribution", 0, anIRI}, {"dcatapit:Dataset", "dct:subject", 0, `^<http://eurovoc.europa.eu/\d+>$`},
	{"dcatapit:Dataset", "dcat:contactPoint", 0, anIRI}, {"dcatapit:Dataset", "dct:accessRights", 1, euTerm + `access-right/PUBLIC>$`}, {"dcatapit:Dataset", "dct:temporal", 0, anIRI},
	{"dcatapit:Dataset", "dct:spatial", 0, anIRI}, {"dcatapit:Dataset", "dcat:landingPage", 1, anIRI}, {"dcatapit:Dataset", "dcat:keyword", 0, `^"[^,'<>]+"@(it|en)$`},
	{"dcatapit:Dataset", "dct:issued", 1, dated}, {"dcatapit:Dataset", "dct:language", 0, euTerm + `language/`},
	{"dcatapit:Distribution", "dct:title", 2, inBoth}, {"dcatapit:Distribution", "dct:issued", 1, dated}, {"dcatapit:Distribution", "dct:modified", 1, dated},
	{"dcatapit:Distribution", "dct:format", 1, euTerm + `file-type/[A-Z_]+>$`}, {"dcatapit:Distribution", "dcat:accessURL", 1, anIRI}, {"dcatapit:Distribution", "dct:license", 1, anIRI},
	{"dcatapit:Distribution", "dct:description", 2, inBoth}, {"dcatapit:Distribution", "dcat:downloadURL", 1, anIRI}, {"dcatapit:Distribution", "dcat:mediaType", 1, `^<http://www.iana.org/assignments/media-types/`},
	{"dcatapit:Distribution", "dcat:byteSize", 1, `^"\d+"\^\^<http://www.w3.org/2001/XMLSchema#decimal>$`}, {"dcatapit:Distribution", "dct:rights", 1, anIRI},
	{"dcatapit:Agent", "dct:identifier", 1, wordy}, {"dcatapit:Agent", "foaf:name", 1, wordy},
	{"dcatapit:Organization", "vcard:fn", 1, wordy}, {"dcatapit:Organization", "vcard:hasEmail", 1, aMailbox},
	{"dct:PeriodOfTime", "dcatapit:startDate", 1, dated}, {"dct:PeriodOfTime", "dcat:startDate", 1, dated}, {"dct:PeriodOfTime", "dcatapit:endDate", 1, dated}, {"dct:PeriodOfTime", "dcat:endDate", 1, dated},
	{"dcatapit:LicenseDocument", "dct:type", 1, `^<http://purl.org/adms/licencetype/`}, {"dcatapit:LicenseDocument", "foaf:name", 1, wordy}, {"dcatapit:LicenseDocument", "owl:versionInfo", 1, `^"[0-9.]+"$`},
	{"skos:Concept", "skos:prefLabel", 2, inBoth},
}

// europeanShapes are those of DCAT-AP 3.0.1 that differ or come on top: whole bytes, and the file's SHA-256.
var europeanShapes = []shape{
	{"dcat:Catalog", "dct:title", 0, inBoth}, {"dcat:Catalog", "dct:description", 0, inBoth}, {"dcat:Catalog", "dct:publisher", 1, anIRI}, {"dcat:Catalog", "dcat:dataset", 0, anIRI},
	{"dcat:Dataset", "dct:title", 0, inBoth}, {"dcat:Dataset", "dct:description", 0, inBoth}, {"dcat:Distribution", "dcat:accessURL", 0, anIRI}, {"foaf:Agent", "foaf:name", 0, wordy},
	{"dcat:Distribution", "dcat:byteSize", 1, `^"\d+"\^\^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>$`}, {"dcat:Distribution", "spdx:checksum", 1, anIRI},
	{"spdx:Checksum", "spdx:algorithm", 1, `checksumAlgorithm_sha256>$`}, {"spdx:Checksum", "spdx:checksumValue", 1, `^"[0-9a-f]{64}"\^\^<http://www.w3.org/2001/XMLSchema#hexBinary>$`},
}

// qualityShapes are what W3C's Data Quality Vocabulary is used for: every measure says of what, by which metric of which dimension, when; every metric says what it is and where that is explained.
var qualityShapes = []shape{
	{"dqv:Dimension", "skos:prefLabel", 2, inBoth},
	{"dqv:Metric", "skos:prefLabel", 2, inBoth}, {"dqv:Metric", "skos:definition", 2, inBoth}, {"dqv:Metric", "dqv:expectedDataType", 1, `^<http://www.w3.org/2001/XMLSchema#(decimal|date)>$`},
	{"dqv:Metric", "dqv:inDimension", 1, anIRI}, {"dqv:Metric", "rdfs:isDefinedBy", 1, `/qualita/>$`},
	{"dqv:QualityMeasurement", "dqv:isMeasurementOf", 1, `/qualita/#metrica-[a-z]+>$`}, {"dqv:QualityMeasurement", "dqv:computedOn", 1, `#dataset>$`}, {"dqv:QualityMeasurement", "dqv:value", 1, `^"[0-9.-]+"\^\^<`},
	{"dqv:QualityMeasurement", "prov:generatedAtTime", 1, `^"\d{4}-\d\d-\d\dT00:00:00Z"\^\^<http://www.w3.org/2001/XMLSchema#dateTime>$`},
}

// violations are the nodes that a shape does not find as it wants them; a class without a node is one too.
func violations(g triples, shapes []shape) (out []string) {
	classes, values := map[string][]string{}, map[[2]string][]string{}
	for _, line := range g {
		parts := strings.SplitN(strings.TrimSuffix(line, " ."), " ", 3)
		s, p := strings.Trim(parts[0], "<>"), strings.Trim(parts[1], "<>")
		values[[2]string{s, p}] = append(values[[2]string{s, p}], parts[2])
		if p == rdfNS+"type" {
			class := strings.Trim(parts[2], "<>")
			classes[class] = append(classes[class], s)
		}
	}
	for _, sh := range shapes {
		nodes := classes[expand(sh.class)]
		if len(nodes) == 0 {
			out = append(out, "no "+sh.class)
		}
		look := regexp.MustCompile(sh.value)
		for _, n := range nodes {
			of := values[[2]string{n, expand(sh.property)}]
			if len(of) == 0 || sh.most > 0 && len(of) > sh.most {
				out = append(out, fmt.Sprintf("%s: %d times %s of a %s", n, len(of), sh.property, sh.class))
			}
			for _, v := range of {
				if !look.MatchString(v) {
					out = append(out, fmt.Sprintf("%s: %s is %s", n, sh.property, v))
				}
			}
		}
	}
	return out
}

// TestCatalogueShapes holds both catalogues and the measures of quality against what the profiles ask; then takes each property from one node after the other, writes a text in the place of an address and a value twice: each is
// found, so that a property lost in the program fails this test.
func TestCatalogueShapes(t *testing.T) {
	out := published(t)
	for file, shapes := range map[string][]shape{"catalog.ttl": italianShapes, "catalog-dcatap3.ttl": europeanShapes, "quality.ttl": qualityShapes} {
		g := readTurtle(t, fileOf(t, out, file))
		if found := violations(g, shapes); len(found) > 0 {
			t.Errorf("%s:\n%s", file, strings.Join(found, "\n"))
		}
		for _, sh := range shapes {
			of := regexp.MustCompile("> <" + regexp.QuoteMeta(expand(sh.property)) + "> ")
			var subject string
			for _, line := range g {
				if strings.HasSuffix(line, " <"+rdfNS+"type> <"+expand(sh.class)+"> .") {
					subject, _, _ = strings.Cut(line, " ")
				}
			}
			mine := func(line string) bool { return strings.HasPrefix(line, subject+" ") && of.MatchString(line) }
			without := slices.DeleteFunc(slices.Clone(g), mine)
			if len(without) == len(g) || len(violations(without, []shape{sh})) == 0 {
				t.Errorf("%s: a %s without %s is not found", file, sh.class, sh.property)
			}
			if sh.most > 0 {
				at := slices.IndexFunc(g, mine)
				more := slices.Clone(g)
				for range sh.most {
					more = append(more, g[at])
				}
				if len(violations(more, []shape{sh})) == 0 {
					t.Errorf("%s: %s more than %d times is not found", file, sh.property, sh.most)
				}
			}
			wrong := slices.Clone(g)
			for i, line := range wrong {
				if mine(line) {
					at := of.FindStringIndex(line)
					wrong[i] = line[:at[1]] + `"" .`
				}
			}
			if len(violations(wrong, []shape{sh})) == 0 {
				t.Errorf("%s: %s without a text is not found", file, sh.property)
			}
		}
		for _, class := range []string{"dcat:Dataset", "dcat:Distribution", "dcat:Catalog"} {
			without := slices.DeleteFunc(slices.Clone(g), func(line string) bool { return strings.HasSuffix(line, "type> <"+expand(class)+"> .") })
			if file == "catalog-dcatap3.ttl" && len(violations(without, shapes)) == 0 {
				t.Errorf("%s: no %s, and not found", file, class)
			}
		}
	}
}

// TestDistributions holds what the catalogue says of each file against the file, and every node of the Italian profile carries its W3C class as well.
func TestDistributions(t *testing.T) {
	out := published(t)
	g := readTurtle(t, fileOf(t, out, "catalog-dcatap3.ttl"))
	const base = "https://piccoli.example.org/"
	n := 0
	object := func(s, p string) string {
		for _, line := range g {
			if rest, ok := strings.CutPrefix(line, "<"+s+"> <"+expand(p)+"> "); ok {
				return strings.Trim(strings.TrimSuffix(rest, " ."), "<>")
			}
		}
		return ""
	}
	for _, line := range g {
		rest, ok := strings.CutSuffix(line, " <"+rdfNS+"type> <"+expand("dcat:Distribution")+"> .")
		if !ok {
			continue
		}
		n++
		d := strings.Trim(rest, "<>")
		body := fileOf(t, out, strings.TrimPrefix(object(d, "dcat:downloadURL"), base))
		if size := object(d, "dcat:byteSize"); !strings.HasPrefix(size, fmt.Sprintf(`"%d"^^`, len(body))) {
			t.Errorf("%s: %s of %d bytes", d, size, len(body))
		}
		if sum := object(object(d, "spdx:checksum"), "spdx:checksumValue"); !strings.HasPrefix(sum, `"`+release.Digest(body)+`"`) {
			t.Errorf("%s: SHA-256 %s", d, sum)
		}
	}
	if n != 8 { // spesa in five forms, molte in three
		t.Errorf("%d distributions, want 8", n)
	}
	italian := readTurtle(t, fileOf(t, out, "catalog.ttl"))
	for own, w3c := range map[string]string{"dcatapit:Catalog": "dcat:Catalog", "dcatapit:Dataset": "dcat:Dataset", "dcatapit:Distribution": "dcat:Distribution", "dcatapit:Agent": "foaf:Agent", "dcatapit:Organization": "vcard:Kind", "dcatapit:LicenseDocument": "dct:LicenseDocument"} {
		for _, line := range italian {
			if s, ok := strings.CutSuffix(line, " <"+rdfNS+"type> <"+expand(own)+"> ."); ok && !slices.Contains(italian, s+" <"+rdfNS+"type> <"+expand(w3c)+"> .") {
				t.Errorf("%s is a %s and no %s", s, own, w3c)
			}
		}
	}
}
