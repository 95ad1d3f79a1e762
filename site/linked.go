package site

import (
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// What search engines read of a dataset's page: schema.org's Dataset as JSON-LD
// (https://developers.google.com/search/docs/appearance/structured-data/dataset). A data block is no script: the pages' policy lets it be.

type linkedThing struct {
	Type string `json:"@type"`
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

type linkedFile struct {
	Type   string `json:"@type"`
	Format string `json:"encodingFormat"`
	URL    string `json:"contentUrl"`
	Size   string `json:"contentSize"`
	SHA256 string `json:"sha256"`
}

type linkedColumn struct {
	Type        string `json:"@type"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Unit        string `json:"unitText,omitempty"`
}

type linkedData struct {
	Context     string         `json:"@context"`
	Type        string         `json:"@type"`
	ID          string         `json:"@id"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	URL         string         `json:"url"`
	Language    string         `json:"inLanguage"`
	Free        bool           `json:"isAccessibleForFree"`
	Licence     string         `json:"license"`
	Modified    string         `json:"dateModified"`
	Keywords    []string       `json:"keywords,omitempty"`
	Place       *linkedThing   `json:"spatialCoverage,omitempty"`
	Creator     *linkedThing   `json:"creator,omitempty"`
	Publisher   *linkedThing   `json:"publisher,omitempty"`
	Catalogue   *linkedThing   `json:"includedInDataCatalog,omitempty"`
	Variables   []linkedColumn `json:"variableMeasured,omitempty"`
	Files       []linkedFile   `json:"distribution,omitempty"`
	Datasets    []linkedThing  `json:"dataset,omitempty"`
}

// linked starts the description of a page in the language; one of simulated data says so in its name.
func (b *builder) linked(lang, kind, path string, title, description catalog.Text) linkedData {
	address := b.pub.BaseURL + langPrefix(lang) + path
	l := linkedData{Context: "https://schema.org", Type: kind, ID: address, URL: address, Name: title.In(lang), Description: description.In(lang),
		Language: lang, Free: true, Licence: b.pub.Licenza.URL, Modified: b.common.AsOf,
		Place: &linkedThing{Type: "Place", Name: catalog.Text{It: "Italia", En: "Italy"}.In(lang)}}
	if b.in.Simulated {
		l.Name = b.text("layout.simulati.breve").In(lang) + " · " + l.Name
	}
	if b.pub.Official() {
		l.Creator = &linkedThing{Type: "GovernmentOrganization", Name: b.pub.Editore}
		l.Publisher = l.Creator
	}
	return l
}

// linkedDataset describes one dataset in both languages.
func (b *builder) linkedDataset(q *catalog.Query, d release.Dataset) map[string]linkedData {
	out := map[string]linkedData{}
	for _, lang := range languages {
		l := b.linked(lang, "Dataset", "dati/"+q.Name+"/", q.Title, q.Description)
		l.Keywords = q.Keywords[lang]
		l.Catalogue = &linkedThing{Type: "DataCatalog", Name: b.text("sito.nome").In(lang), URL: b.pub.BaseURL + langPrefix(lang) + "dati/"}
		for _, c := range q.Columns {
			l.Variables = append(l.Variables, linkedColumn{Type: "PropertyValue", Name: c.Name, Description: c.Text.In(lang), Unit: c.Unit})
		}
		for _, f := range d.Formats {
			l.Files = append(l.Files, linkedFile{"DataDownload", mediaType(f.Path), b.pub.BaseURL + f.Path, strconv.FormatInt(f.Bytes, 10) + " B", f.SHA256})
		}
		out[lang] = l
	}
	return out
}

// linkedCatalogue describes the list of datasets in both languages.
func (b *builder) linkedCatalogue(description catalog.Text, list []datasetRiga) map[string]linkedData {
	out := map[string]linkedData{}
	for _, lang := range languages {
		l := b.linked(lang, "DataCatalog", "dati/", b.text("sito.nome"), description)
		for _, d := range list {
			l.Datasets = append(l.Datasets, linkedThing{"Dataset", d.Titolo.In(lang), b.pub.BaseURL + langPrefix(lang) + "dati/" + d.Nome + "/"})
		}
		out[lang] = l
	}
	return out
}

// mediaType is IANA's name of a published file's format; Parquet's is of 2024, Arrow's of 2021.
func mediaType(path string) string {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "csv":
		return "text/csv"
	case "json":
		return "application/json"
	case "parquet":
		return "application/vnd.apache.parquet"
	case "arrows":
		return "application/vnd.apache.arrow.stream"
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "geojson":
		return "application/geo+json"
	}
	return "application/octet-stream"
}
