package release

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// Addresses of the EU's vocabularies (https://op.europa.eu/en/web/eu-vocabularies), as DCAT-AP wants them instead of words.
const (
	authority   = "http://publications.europa.eu/resource/authority/"
	mediaTypes  = "http://www.iana.org/assignments/media-types/"
	accessRight = authority + "access-right/PUBLIC"
	italy       = authority + "country/ITA"
	themes      = authority + "data-theme"
	// subject is EuroVoc's "potere esecutivo e amministrazione pubblica", the part of the theme GOVE that every dataset is about.
	subject      = "http://eurovoc.europa.eu/100169"
	subjectTheme = "GOVE"
)

// carriers are the formats of published files: their code in the EU's list of file types, their media type, and what the file is. Parquet and Arrow have no
// code in that list yet: they are a stream of octets, and the media type says which.
var carriers = map[string]struct {
	code, media string
	text        catalog.Text
}{
	"csv":         {"CSV", "text/csv", catalog.Text{It: "File CSV (RFC 4180), in UTF-8, separato da virgole, con i nomi delle colonne nella prima riga", En: "CSV file (RFC 4180), in UTF-8, separated by commas, with the names of the columns in the first row"}},
	"json":        {"JSON", "application/json", catalog.Text{It: "File JSON: un elenco di oggetti, uno per riga", En: "JSON file: a list of objects, one for each row"}},
	"xlsx":        {"XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", catalog.Text{It: "Foglio di calcolo, con il dizionario e le fonti in altri fogli", En: "Spreadsheet, with its dictionary and its sources in further sheets"}},
	"parquet":     {"OCTET", "application/vnd.apache.parquet", catalog.Text{It: "File Apache Parquet, compresso con ZSTD, con il significato delle colonne nei metadati", En: "Apache Parquet file, compressed with ZSTD, with the meaning of the columns in its metadata"}},
	"xml":         {"XML", "application/xml", catalog.Text{It: "File XML, con i titoli delle colonne in italiano e in inglese", En: "XML file, with the headings of the columns in Italian and English"}},
	englishFormat: {"CSV", "text/csv", catalog.Text{It: "File CSV con le stesse righe e i titoli delle colonne in inglese", En: "CSV file with the same rows and English headings"}},
	"arrows":      {"OCTET", "application/vnd.apache.arrow.stream", catalog.Text{It: "Flusso Apache Arrow IPC", En: "Apache Arrow IPC stream"}},
}

// licences are those that public data may carry (AgID, Det. 183/2023, requirements 19-21), by SPDX code, with their address and kind in the EU's vocabularies.
var licences = map[string]struct{ address, kind, version string }{
	"CC-BY-4.0": {"http://creativecommons.org/licenses/by/4.0/", "Attribution", "4.0"},
	"CC0-1.0":   {"http://creativecommons.org/publicdomain/zero/1.0/", "PublicDomain", "1.0"},
}

// unstated is the agent's identifier where no publisher is set: DCAT-AP_IT wants one, and it is no code of the IPA index.
const unstated = "non_indicato"

// nobody says in the agent's place that nobody has taken responsibility.
var nobody = catalog.Text{It: "Editore non indicato: copia dimostrativa, non un sito ufficiale", En: "No publisher stated: demonstration copy, not an official site"}

// profile is the difference between the two forms of the catalogue that the profiles' own rules force.
type profile struct {
	byteSize  string // datatype of dcat:byteSize
	checksums bool   // DCAT-AP 2.1.1's shapes take SHA-1 alone
}

var (
	italian   = profile{byteSize: "xsd:decimal"} // DCAT-AP_IT 1.0 and DCAT-AP 2.1.1
	dcatAP301 = profile{byteSize: "xsd:nonNegativeInteger", checksums: true}
)

// entry is what the catalogue says of one dataset: its header, its files and its times.
type entry struct {
	*catalog.Query
	Dataset
	from, to string // ISO dates of its first and last fact
	issued   string // ISO date of the first version that holds it
}

// entries are the datasets of the catalogue. What has no date of fact is about the whole time that the data speak of.
func (in Input) entries(index *Index) (out []entry) {
	first := in.AsOf
	for _, m := range index.Quality {
		if m.Oldest != "" {
			first = min(first, m.Oldest)
		}
	}
	for i, d := range index.Datasets {
		e := entry{in.Catalog.Find(catalog.Marts, d.Name), d, first, in.AsOf, in.AsOf}
		if m := index.Quality[i]; m.Oldest != "" && m.Oldest <= m.Newest {
			e.from, e.to = m.Oldest, m.Newest
		}
		if k := slices.IndexFunc(in.Releases, func(r Edition) bool { return r.Manifest.Dataset(d.Name) != nil }); k >= 0 {
			e.issued = in.Releases[k].Manifest.Date
		}
		out = append(out, e)
	}
	return out
}

// title of a dataset or catalogue; one of simulated data says so first.
func (in Input) marked(t catalog.Text) catalog.Text {
	if !in.Simulated {
		return t
	}
	return catalog.Text{It: "DATI SIMULATI · " + t.It, En: "SIMULATED DATA · " + t.En}
}

// Name and purpose of the whole.
var (
	packageTitle = catalog.Text{It: "Il rafforzamento dei piccoli comuni italiani", En: "Strengthening Italy’s small municipalities"}
	packageAbout = catalog.Text{It: "Programmi, cifre pubblicate, evidenze per comune e fonti.", En: "Programmes, published figures, evidence by municipality and sources."}
)

func (in Input) page(dataset string) string { return in.Site.BaseURL + "dati/" + dataset + "/" }

// agentID is the publisher's code: IPA's, or eleven digits of a private body.
func (p Publisher) agentID() string { return cmp.Or(p.IPA, unstated) }

func (p Publisher) agentName() catalog.Text {
	if p.Name == "" {
		return nobody
	}
	return catalog.Text{It: p.Name, En: p.Name}
}

var validAgent = regexp.MustCompile(`^([A-Za-z0-9_]{2,20}|[0-9]{11})$`)

// admit refuses what no catalogue of public data may say.
func (p Publisher) admit() error {
	var ps catalog.Problems
	bad := func(what, hint catalog.Text) {
		ps = append(ps, catalog.Problem{File: "site/sito.yaml", What: what, Hint: hint})
	}
	if _, ok := licences[p.Licence.ID]; !ok {
		bad(catalog.Textf(catalog.Text{It: "la licenza «%s» non è tra quelle dei dati aperti", En: "the licence %q is none of open data's"}, p.Licence.ID),
			catalog.Text{It: "CC-BY-4.0 o CC0-1.0 (linee guida AgID, Det. 183/2023)", En: "CC-BY-4.0 or CC0-1.0 (AgID's guidelines, Det. 183/2023)"})
	}
	if p.Name != "" && !validAgent.MatchString(p.IPA) {
		bad(catalog.Textf(catalog.Text{It: "codice_ipa «%s»: chi pubblica va detto anche con il suo codice", En: "codice_ipa %q: the publisher must be told by its code too"}, p.IPA),
			catalog.Text{It: "il codice dell’amministrazione nell’indice IPA, o la partita IVA di un privato: DCAT-AP_IT lo vuole", En: "the administration's code in the IPA index, or a private body's VAT number: DCAT-AP_IT wants it"})
	}
	return ps.Err()
}

// dcat is the catalogue of the data as DCAT-AP_IT 1.0 (http://dati.gov.it/onto/dcatapit) and DCAT-AP 2.1.1, or as DCAT-AP 3.0.1. Tables alone are in it: data about
// territory belong in RNDT (Det. 183/2023, requirements 16 and 30), and nothing here is a high-value dataset (Reg. (EU) 2023/138).
func (in Input) dcat(index *Index, p profile) (*graph, error) {
	g := &graph{}
	base := in.Site.BaseURL
	agent, contact, license := base+"#editore", base+"#recapito", licences[in.Site.Licence.ID]
	entries := in.entries(index)
	issued := in.AsOf
	if len(in.Releases) > 0 {
		issued = in.Releases[0].Manifest.Date
	}
	c := g.node(base+"dati/#catalogo", "dcatapit:Catalog", "dcat:Catalog")
	c.add("dct:title", both(in.marked(packageTitle))...)
	c.add("dct:description", both(in.described(packageAbout))...)
	c.add("dct:publisher", iri(agent))
	c.add("dct:issued", isoDate(issued))
	c.add("dct:modified", isoDate(in.AsOf))
	c.add("dct:language", iri(authority+"language/ITA"), iri(authority+"language/ENG"))
	c.add("dct:license", iri(license.address))
	c.add("dct:spatial", iri(italy))
	c.add("foaf:homepage", iri(base))
	c.add("dcat:themeTaxonomy", iri(themes))
	var all []value
	for _, e := range entries {
		all = append(all, iri(in.page(e.Query.Name)+"#dataset"))
	}
	c.add("dcat:dataset", all...)
	g.node(base, "foaf:Document")

	a := g.node(agent, "dcatapit:Agent", "foaf:Agent")
	a.add("dct:identifier", literal(in.Site.agentID()))
	a.add("foaf:name", worded("it", in.Site.agentName().It))
	if mail, name := in.contact(); mail != "" {
		k := g.node(contact, "dcatapit:Organization", "vcard:Organization", "vcard:Kind")
		k.add("vcard:fn", literal(name))
		k.add("vcard:hasEmail", iri(mail))
	} else {
		contact = ""
	}
	l := g.node(license.address, "dcatapit:LicenseDocument", "dct:LicenseDocument")
	l.add("dct:type", iri("http://purl.org/adms/licencetype/"+license.kind))
	l.add("foaf:name", worded("it", in.Site.Licence.Title))
	l.add("owl:versionInfo", literal(license.version))
	s := g.node(subject, "skos:Concept")
	s.add("skos:prefLabel", worded("it", "potere esecutivo e amministrazione pubblica"), worded("en", "executive power and public service"))
	for _, e := range entries {
		if err := in.dcatDataset(g, e, p, agent, contact, license.address); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// described is a description as a plain sentence; that of simulated data begins by saying so.
func (in Input) described(t catalog.Text) catalog.Text {
	if !in.Simulated {
		return t
	}
	return catalog.Text{It: simulatedColumn.Text.It + ". " + t.It, En: simulatedColumn.Text.En + ". " + t.En}
}

// contact is the office's address as DCAT-AP_IT wants it, with its name; none where the site has another way than mail. Of a demonstration copy it
// leads nowhere, by RFC 2606.
func (in Input) contact() (mail, name string) {
	switch {
	case strings.HasPrefix(in.Site.Contact, "mailto:"):
		return in.Site.Contact, "Dati aperti, " + in.Site.agentName().It
	case in.Site.Contact == "" && in.Site.Name == "":
		return "mailto:nessuno@recapito-non-indicato.invalid", "Recapito non indicato: copia dimostrativa"
	}
	return "", ""
}

func (in Input) dcatDataset(g *graph, e entry, p profile, agent, contact, license string) error {
	page := in.page(e.Query.Name)
	n := g.node(page+"#dataset", "dcatapit:Dataset", "dcat:Dataset")
	id := e.Query.Name
	if in.Site.IPA != "" {
		id = in.Site.IPA + ":" + id
	}
	n.add("dct:identifier", literal(id))
	n.add("dct:title", both(in.marked(e.Title))...)
	n.add("dct:description", both(in.described(e.Description))...)
	n.add("dct:issued", isoDate(e.issued))
	n.add("dct:modified", isoDate(in.AsOf))
	n.add("dct:rightsHolder", iri(agent))
	n.add("dct:publisher", iri(agent))
	n.add("dct:accrualPeriodicity", iri(authority+"frequency/"+in.frequency(e.Query)))
	n.add("dct:accessRights", iri(accessRight))
	n.add("dct:language", iri(authority+"language/ITA"))
	var list []value
	of := e.Themes
	if len(of) == 0 { // the profile wants one: that of subject, which every dataset is about
		of = []string{subjectTheme}
	}
	for _, t := range of {
		list = append(list, iri(themes+"/"+t))
	}
	n.add("dcat:theme", list...)
	n.add("dct:subject", iri(subject))
	list = nil
	for _, lang := range []string{"it", "en"} {
		for _, w := range e.Keywords[lang] {
			list = append(list, worded(lang, w))
		}
	}
	n.add("dcat:keyword", list...)
	if contact != "" {
		n.add("dcat:contactPoint", iri(contact))
	}
	n.add("dcat:landingPage", iri(page))
	n.add("dct:spatial", iri(italy))
	n.add("dct:temporal", iri(page+"#periodo"))
	if v := in.version(e.Dataset); v != "" {
		n.add("owl:versionInfo", literal(v))
	}
	list = nil
	for _, f := range e.Formats {
		list = append(list, iri(page+"#"+f.Format))
	}
	n.add("dcat:distribution", list...)
	g.node(page, "foaf:Document")
	t := g.node(page+"#periodo", "dct:PeriodOfTime")
	t.add("dcatapit:startDate", isoDate(e.from))
	t.add("dcatapit:endDate", isoDate(e.to))
	t.add("dcat:startDate", isoDate(e.from))
	t.add("dcat:endDate", isoDate(e.to))
	for _, f := range e.Formats {
		carrier, ok := carriers[f.Format]
		if !ok {
			return fmt.Errorf("%s: no file type of the format %q", f.Path, f.Format)
		}
		d := g.node(page+"#"+f.Format, "dcatapit:Distribution", "dcat:Distribution")
		format := strings.ToUpper(f.Format)
		d.add("dct:title", both(in.marked(catalog.Text{It: e.Title.It + " (" + format + ")", En: e.Title.En + " (" + format + ")"}))...)
		d.add("dct:description", both(carrier.text)...)
		d.add("dct:format", iri(authority+"file-type/"+carrier.code))
		d.add("dcat:mediaType", iri(mediaTypes+carrier.media))
		d.add("dcat:accessURL", iri(page))
		d.add("dcat:downloadURL", iri(in.Site.BaseURL+f.Path))
		d.add("dcat:byteSize", typed(strconv.FormatInt(f.Bytes, 10), p.byteSize))
		d.add("dct:issued", isoDate(e.issued))
		d.add("dct:modified", isoDate(in.AsOf))
		d.add("dct:license", iri(license))
		d.add("dct:rights", iri(accessRight))
		if p.checksums {
			sum := page + "#sha256-" + f.Format
			d.add("spdx:checksum", iri(sum))
			k := g.node(sum, "spdx:Checksum")
			k.add("spdx:algorithm", term("spdx:checksumAlgorithm_sha256"))
			k.add("spdx:checksumValue", typed(f.SHA256, "xsd:hexBinary"))
		}
	}
	return nil
}

// frequency is how often a dataset is updated, as the EU's vocabulary names it: what its header says, else what all sources behind it have in common. Deliveries come when
// they come.
func (in Input) frequency(q *catalog.Query) string {
	if q.Frequency != "" {
		return q.Frequency
	}
	found := map[string]bool{}
	for _, name := range in.contract(q, Dataset{}).Reads {
		found[in.Catalog.Find(catalog.Staging, name).Source.Cadence] = true
	}
	if len(found) == 1 {
		for cadence := range found {
			return cmp.Or(cadences[cadence], "IRREG")
		}
	}
	return "IRREG"
}

// cadences are those of sources, in the EU's words.
var cadences = map[string]string{"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "quarterly": "QUARTERLY", "yearly": "ANNUAL", "never": "NEVER", "irregular": "IRREG"}

// version is the newest version if it holds the dataset as it is now, or "".
func (in Input) version(d Dataset) string {
	if len(in.Releases) == 0 {
		return ""
	}
	newest := in.Releases[len(in.Releases)-1]
	if c := newest.Manifest.Dataset(d.Name); c != nil && c.SHA256 == d.SHA256 {
		return newest.Number
	}
	return ""
}
