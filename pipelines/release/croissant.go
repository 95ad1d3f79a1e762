package release

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// croissantContext is the context that the Croissant format gives (http://mlcommons.org/croissant/1.1, appendix 1), for the terms in use.
var croissantContext = map[string]any{
	"@language": "it", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/",
	"conformsTo": "dct:conformsTo", "recordSet": "cr:recordSet", "field": "cr:field", "source": "cr:source", "extract": "cr:extract", "column": "cr:column", "key": "cr:key",
	"fileObject": "cr:fileObject", "isLiveDataset": "cr:isLiveDataset",
	"dataType": map[string]string{"@id": "cr:dataType", "@type": "@vocab"},
}

type croissant struct {
	Context     map[string]any  `json:"@context"`
	Type        string          `json:"@type"`
	ConformsTo  string          `json:"conformsTo"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Licence     string          `json:"license"`
	URL         string          `json:"url"`
	Creator     croissantAgent  `json:"creator"`
	Published   string          `json:"datePublished"`
	Version     string          `json:"version,omitempty"` // of a frozen version alone
	Files       []croissantFile `json:"distribution"`
	Records     []croissantSet  `json:"recordSet"`
}

type croissantAgent struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type croissantFile struct {
	Type   string `json:"@type"`
	ID     string `json:"@id"`
	Name   string `json:"name"`
	URL    string `json:"contentUrl"`
	Format any    `json:"encodingFormat"` // a text, or several
	Size   string `json:"contentSize"`
	SHA256 string `json:"sha256"`
}

type croissantSet struct {
	Type        string           `json:"@type"`
	ID          string           `json:"@id"`
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Key         []croissantRef   `json:"key"`
	Fields      []croissantField `json:"field"`
}

type croissantRef struct {
	ID string `json:"@id"`
}

type croissantField struct {
	Type        string          `json:"@type"`
	ID          string          `json:"@id"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	DataType    string          `json:"dataType"`
	Source      croissantSource `json:"source"`
}

type croissantSource struct {
	File    croissantRef     `json:"fileObject"`
	Extract croissantExtract `json:"extract"`
}

type croissantExtract struct {
	Column string `json:"column"`
}

// croissant describes all datasets for programs that load them, as Croissant 1.1. Files are named relative to the document, so that a copy of the folder is whole. Keys of other
// datasets are in datapackage.json alone: here a reference makes mlcroissant join the sets when it loads one, at which it failed (1.1.1). Fields
// are read from the Parquet: of a CSV it takes codes for numbers and drops their leading zeros.
func (in Input) croissant(index *Index) ([]byte, error) {
	about := in.described(packageAbout)
	c := croissant{Context: croissantContext, Type: "sc:Dataset", ConformsTo: "http://mlcommons.org/croissant/1.1", Name: in.marked(packageTitle).It + " / " + in.marked(packageTitle).En,
		Description: about.It + " / " + about.En, Licence: in.Site.Licence.URL, URL: in.Site.BaseURL + "dati/", Creator: croissantAgent{"sc:Organization", in.author()}, Published: in.AsOf}
	for _, d := range index.Datasets {
		q := in.Catalog.Find(catalog.Marts, d.Name)
		for _, f := range slices.Concat(d.Formats, d.Parts) {
			name := strings.TrimPrefix(f.Path, "data/")
			c.Files = append(c.Files, croissantFile{"cr:FileObject", name, name, name, croissantFormat(f), strconv.FormatInt(f.Bytes, 10) + " B", f.SHA256})
		}
		set := croissantSet{Type: "cr:RecordSet", ID: d.Name, Name: d.Name, Description: q.Title.It + " / " + q.Title.En}
		for _, k := range q.Key {
			set.Key = append(set.Key, croissantRef{d.Name + "/" + k})
		}
		for _, col := range in.columns(q) {
			f := croissantField{Type: "cr:Field", ID: d.Name + "/" + col.Name, Name: col.Name, Description: col.Text.It + " / " + col.Text.En, DataType: croissantType(col),
				Source: croissantSource{croissantRef{d.Name + ".parquet"}, croissantExtract{col.Name}}}
			set.Fields = append(set.Fields, f)
		}
		c.Records = append(c.Records, set)
	}
	return encode(c)
}

// croissantFormat is a file's media type; of Parquet also the name that was in use before one was registered, by which mlcroissant knows it.
func croissantFormat(f File) any {
	media := carriers[f.Format].media
	if f.Format == "parquet" {
		return []string{media, "application/x-parquet"}
	}
	return media
}

func croissantType(c catalog.Column) string {
	switch c.Type {
	case "text":
		return "sc:Text"
	case "integer", "bigint":
		return "sc:Integer"
	case "date":
		return "sc:Date"
	case "boolean":
		return "sc:Boolean"
	}
	return "sc:Float" // the format has no decimal: the file keeps the cents
}

func stampCroissant(body []byte, v Version) ([]byte, error) {
	var c croissant
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, err
	}
	c.Version = v.Number
	c.URL = strings.TrimSuffix(c.URL, "dati/") + "releases/" + v.Number + "/"
	return encode(c)
}
