package release

import (
	"encoding/json"
	"strings"

	"piccoli/pipelines/catalog"
)

// apiIndex is data/index.json, the start of the static API: what there is, how much of it, and where. Addresses are relative to the file itself, so that they hold in a copy
// and in a frozen version too.
type apiIndex struct {
	Title     Words        `json:"title"`
	Simulated bool         `json:"simulated,omitempty"`
	Warning   string       `json:"warning,omitempty"`
	Date      string       `json:"date"`
	Version   string       `json:"version,omitempty"` // of a frozen version alone
	Licence   Licence      `json:"licence"`
	Homepage  string       `json:"homepage"`
	Datasets  []apiDataset `json:"datasets"`
}

type apiDataset struct {
	Name        string    `json:"name"`
	Title       Words     `json:"title"`
	Description Words     `json:"description"`
	Rows        int64     `json:"rows"`
	SHA256      string    `json:"sha256"` // of the CSV
	Key         []string  `json:"key"`
	Page        string    `json:"page"`
	Metadata    string    `json:"csvw"`
	Files       []apiFile `json:"files"`
	Pieces      *pieces   `json:"partitions,omitempty"`
}

type apiFile struct {
	URL       string `json:"url"`
	Format    string `json:"format"`
	MediaType string `json:"media_type"`
	Bytes     int64  `json:"bytes"`
	SHA256    string `json:"sha256"`
}

func (in Input) api(index *Index) ([]byte, error) {
	out := apiIndex{Title: Words(in.marked(packageTitle)), Simulated: in.Simulated, Warning: in.warning(), Date: in.AsOf, Licence: in.Site.Licence, Homepage: in.Site.BaseURL, Datasets: []apiDataset{}}
	for _, d := range index.Datasets {
		q := in.Catalog.Find(catalog.Marts, d.Name)
		a := apiDataset{Name: d.Name, Title: Words(q.Title), Description: Words(q.Description), Rows: d.Rows, SHA256: d.SHA256, Key: q.Key, Page: in.page(d.Name), Metadata: d.Name + ".csv-metadata.json", Pieces: in.pieces(q, d.Rows)}
		for _, f := range d.Formats {
			a.Files = append(a.Files, apiFile{strings.TrimPrefix(f.Path, "data/"), f.Format, carriers[f.Format].media, f.Bytes, f.SHA256})
		}
		out.Datasets = append(out.Datasets, a)
	}
	return encode(out)
}

func stampAPI(body []byte, v Version) ([]byte, error) {
	var a apiIndex
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	a.Version = v.Number
	return encode(a)
}
