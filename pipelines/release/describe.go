package release

import (
	"context"
	"fmt"
	"path"
	"strings"
)

// document is a file that speaks of the data.
type document struct {
	path string // from the site's root
	make func(*Index) ([]byte, error)
}

// Describe writes what speaks of the data, each after what it speaks of: the files of each dataset, of all, the manifest of data/ and its checksums, then
// the catalogue at the site's root. It completes the index, whose Datasets it leaves as they are: others may read them meanwhile.
func Describe(ctx context.Context, in Input, index *Index) error {
	var err error
	if index.Quality, err = in.measure(ctx); err != nil {
		return err
	}
	var docs []document
	for i, d := range index.Datasets {
		docs = append(docs, document{"data/" + d.Name + ".csv-metadata.json", func(index *Index) ([]byte, error) { return in.csvw(index.Datasets[i]) }})
	}
	manifest := func(index *Index) (text []byte, err error) {
		if index.Manifest, err = in.manifest(ctx, index); err != nil {
			return nil, err
		}
		return encode(index.Manifest)
	}
	docs = append(docs, document{"data/codebook.csv", in.codebook}, document{"data/datapackage.json", in.descriptor}, document{"data/croissant.json", in.croissant},
		document{"data/CITATION.cff", in.citation}, document{"data/datacite.json", in.datacite}, document{"data/index.json", in.api},
		document{"data/" + manifestName, manifest}, document{"data/" + latestName, in.latest}, document{"data/" + sumsName, in.checksums})
	for _, doc := range docs {
		f, err := in.write(doc, index)
		if err != nil {
			return err
		}
		index.Files = append(index.Files, f)
	}
	if found := disagreements(in.Tree.Path("data"), index.Manifest); len(found) > 0 {
		return &TreeError{found}
	}
	catalogue := func(p profile, form func(*graph) ([]byte, error)) func(*Index) ([]byte, error) {
		return func(index *Index) ([]byte, error) {
			g, err := in.dcat(index, p)
			if err != nil {
				return nil, err
			}
			return form(g)
		}
	}
	turtle := func(g *graph) ([]byte, error) { return g.turtle(), nil }
	for _, doc := range []document{
		{"catalog.ttl", catalogue(italian, turtle)}, {"catalog.rdf", catalogue(italian, (*graph).rdfXML)}, {"catalog.jsonld", catalogue(italian, (*graph).jsonLD)},
		{"catalog-dcatap3.ttl", catalogue(dcatAP301, turtle)}, {"quality.ttl", in.quality},
	} {
		f, err := in.write(doc, index)
		if err != nil {
			return err
		}
		index.Root = append(index.Root, f)
	}
	return nil
}

// write puts the document into the tree, unless it is there as it should be.
func (in Input) write(doc document, index *Index) (File, error) {
	text, err := doc.make(index)
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", doc.path, err)
	}
	f := File{Path: doc.path, Format: strings.TrimPrefix(path.Ext(doc.path), "."), Bytes: int64(len(text)), SHA256: Digest(text)}
	if err := in.Tree.Put(doc.path, text); err != nil {
		return f, err
	}
	// What was written is read again: others speak of these bytes.
	back, err := describe(in.Tree.Path(doc.path), doc.path, f.Format)
	if err == nil && back != f {
		err = fmt.Errorf("%s: the disk does not hold what was written", doc.path)
	}
	return f, err
}
