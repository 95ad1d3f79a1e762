// Package release writes the published files: every mart as Parquet, CSV and JSON, the dictionary, the descriptor and
// the checksums, the same bytes on every run.
package release

// Index says which files were written below data/, sorted by path.
type Index struct {
	Datasets []Dataset
	Files    []File
	Manifest *Manifest // of data/, unversioned
	Quality  []Quality // of Datasets, in their order
	Root     []File    // files that speak of the data from the site's root: catalogue and quality
}

// Dataset is one published mart and its files.
type Dataset struct {
	Name    string
	Rows    int64
	SHA256  string // of the CSV: the content's identity
	Formats []File // parquet, csv, json, in the order shown to readers: each holds all rows
	Parts   []File // pieces: those that the law parts a list in, a large dataset's regions
}

// File is one published file: its slash path from the site's root (data/comuni.csv), size in bytes and SHA-256.
type File struct {
	Path   string
	Format string
	Bytes  int64
	SHA256 string
	Part   *Part // of a piece alone
}
