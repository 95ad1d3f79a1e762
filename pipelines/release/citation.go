package release

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// author is who is cited: the publisher, or that nobody is stated.
func (in Input) author() string { return in.Site.agentName().It }

// citation is CITATION.cff (https://citation-file-format.github.io, 1.2.0). Every text is a JSON string, which YAML reads as it is. A frozen version gets its number when it is made.
func (in Input) citation(*Index) ([]byte, error) {
	var b strings.Builder
	line := func(key, text string) {
		quoted, _ := json.Marshal(text) // of a string it can't fail
		fmt.Fprintf(&b, "%s: %s\n", key, quoted)
	}
	b.WriteString("cff-version: 1.2.0\n")
	line("message", "Se si usano questi dati, citarli così, con la versione o la data. / If you use these data, cite them as below, with the version or the date.")
	line("title", in.marked(packageTitle).It+" / "+in.marked(packageTitle).En)
	b.WriteString("type: dataset\nauthors:\n")
	line("  - name", in.author())
	line("abstract", in.described(packageAbout).It+" / "+in.described(packageAbout).En)
	line("date-released", in.AsOf)
	line("license", in.Site.Licence.ID)
	line("url", in.Site.BaseURL)
	line("repository-artifact", in.Site.BaseURL+"data/manifest.json")
	b.WriteString("keywords:\n")
	for _, w := range []string{"piccoli comuni", "capacità amministrativa", "Italia", "dati aperti"} {
		line("  - ", w)
	}
	return []byte(strings.ReplaceAll(b.String(), "  - : ", "  - ")), nil
}

// stampCitation names the version and where it stands for good.
func stampCitation(body []byte, v Version) ([]byte, error) {
	const mark, address, artifact = "\ndate-released: ", "\"\nrepository-artifact: ", "data/manifest.json\"\n"
	text := string(body)
	for _, wanted := range []string{mark, address, artifact} {
		if !strings.Contains(text, wanted) {
			return nil, fmt.Errorf("no date or address in it")
		}
	}
	text = strings.Replace(text, address, "releases/"+v.Number+"/"+address, 1)
	text = strings.Replace(text, mark, "\nversion: "+strconv.Quote(v.Number)+mark, 1)
	return []byte(strings.Replace(text, artifact, "releases/"+v.Number+"/"+artifact, 1)), nil
}

// dataCite is the metadata to register a DOI with (https://schema.datacite.org, 4.5), ready but for the DOI itself: none is claimed before one is given.
type dataCite struct {
	Types         dataCiteType       `json:"types"`
	Creators      []dataCiteName     `json:"creators"`
	Titles        []dataCiteTitle    `json:"titles"`
	Publisher     dataCitePublisher  `json:"publisher"`
	Year          string             `json:"publicationYear"`
	Dates         []dataCiteDate     `json:"dates"`
	Language      string             `json:"language"`
	Version       string             `json:"version,omitempty"`
	Rights        []dataCiteRights   `json:"rightsList"`
	Descriptions  []dataCiteAbstract `json:"descriptions"`
	Subjects      []dataCiteSubject  `json:"subjects"`
	Formats       []string           `json:"formats"`
	URL           string             `json:"url"`
	SchemaVersion string             `json:"schemaVersion"`
}

type dataCiteType struct {
	General string `json:"resourceTypeGeneral"`
	Type    string `json:"resourceType"`
}

type dataCiteName struct {
	Name string `json:"name"`
	Type string `json:"nameType"`
}

type dataCitePublisher struct {
	Name string `json:"name"`
}

type dataCiteTitle struct {
	Title string `json:"title"`
	Lang  string `json:"lang"`
	Type  string `json:"titleType,omitempty"`
}

type dataCiteDate struct {
	Date string `json:"date"`
	Type string `json:"dateType"`
}

type dataCiteRights struct {
	Rights string `json:"rights"`
	URI    string `json:"rightsUri"`
	ID     string `json:"rightsIdentifier"`
	Scheme string `json:"rightsIdentifierScheme"`
}

type dataCiteAbstract struct {
	Text string `json:"description"`
	Type string `json:"descriptionType"`
	Lang string `json:"lang"`
}

type dataCiteSubject struct {
	Subject string `json:"subject"`
	URI     string `json:"valueUri"`
	Scheme  string `json:"subjectScheme"`
}

func (in Input) datacite(*Index) ([]byte, error) {
	title, about := in.marked(packageTitle), in.described(packageAbout)
	return encode(dataCite{
		Types: dataCiteType{"Dataset", "Dataset"}, Creators: []dataCiteName{{in.author(), "Organizational"}},
		Titles:    []dataCiteTitle{{title.It, "it", ""}, {title.En, "en", "TranslatedTitle"}},
		Publisher: dataCitePublisher{in.author()}, Year: in.AsOf[:4], Dates: []dataCiteDate{{in.AsOf, "Updated"}}, Language: "it",
		Rights:       []dataCiteRights{{in.Site.Licence.Title, in.Site.Licence.URL, in.Site.Licence.ID, "SPDX"}},
		Descriptions: []dataCiteAbstract{{about.It, "Abstract", "it"}, {about.En, "Abstract", "en"}},
		Subjects:     []dataCiteSubject{{"executive power and public service", subject, "EuroVoc"}},
		Formats:      []string{carriers["parquet"].media, carriers["csv"].media, carriers["json"].media, carriers["xlsx"].media, carriers["arrows"].media},
		URL:          in.Site.BaseURL + "dati/", SchemaVersion: "http://datacite.org/schema/kernel-4",
	})
}

func stampDataCite(body []byte, v Version) ([]byte, error) {
	var d dataCite
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, err
	}
	d.Version = v.Number
	d.URL = strings.TrimSuffix(d.URL, "dati/") + "releases/" + v.Number + "/"
	return encode(d)
}
