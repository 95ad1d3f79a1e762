package ingest

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"piccoli/pipelines/catalog"
)

// Folders of an inbox that hold no deliveries: the log, the analyst's copy of the quarantine, the templates.
var otherFolders = []string{"registro", "quarantena", "modelli"}

// tableFiles are the endings of files that may hold rows; beside the tables' folders only these are refused, so that a note may lie there.
var tableFiles = []string{".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".json", ".xml", ".parquet", ".zip", ".gz", ".7z", ".rar"}

// plantedList is the list of the planted mistakes beside simulated files.
const plantedList = "errori.csv"

// Strays names every file of the inbox that no contract reads: left there, its rows would be lost in silence. Files of Office that are open,
// hidden ones and those of the folders above are none.
func Strays(in Inputs, c *catalog.Catalog) (catalog.Problems, error) {
	var patterns, tables []string
	byTable := map[string]*catalog.Query{}
	for _, q := range Templates(c) {
		for _, f := range q.Source.Files {
			rest, ok := strings.CutPrefix(f, inboxFolder+"/")
			if !ok {
				continue
			}
			patterns = append(patterns, accepted(rest, len(q.Source.Packed) > 0)...)
			table, _, _ := strings.Cut(rest, "/")
			tables, byTable[table] = append(tables, table), q
		}
	}
	slices.Sort(tables)
	var out catalog.Problems
	unknown := map[string]bool{}
	root := in.InboxFolder()
	err := filepath.WalkDir(root, func(full string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && full == root {
			return nil
		}
		if err != nil {
			return err
		}
		local, err := filepath.Rel(root, full)
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(local)
		switch {
		case rel == ".":
			return nil
		case strings.HasPrefix(d.Name(), "."), d.IsDir() && !strings.Contains(rel, "/") && slices.Contains(otherFolders, rel):
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir(), strings.HasPrefix(d.Name(), "~$"), d.Name() == "desktop.ini", d.Name() == "Thumbs.db":
			return nil
		case strings.ContainsFunc(rel, unicode.IsControl) || !utf8.ValidString(rel): // the name is published
			out = append(out, catalog.Problem{File: inboxFolder + "/" + rel, What: catalog.Text{It: "nel nome del file, o della sua cartella, ci sono caratteri che non si vedono", En: "the name of the file, or of its folder, has characters that can't be seen"},
				Hint: catalog.Text{It: "rinominarlo con lettere, cifre, trattini e punti", En: "give it a name of letters, digits, hyphens and points"}})
			return nil
		}
		if slices.ContainsFunc(patterns, func(p string) bool { return doublestar.MatchUnvalidated(p, rel) }) {
			return nil
		}
		folder, _, inside := strings.Cut(rel, "/")
		q := byTable[folder]
		switch {
		case q != nil && strings.Count(rel, "/") > 1:
			out = append(out, catalog.Problem{File: inboxFolder + "/" + rel, What: catalog.Text{It: "le cartelle dentro quella della tabella non si leggono", En: "folders inside that of the table are not read"},
				Hint: catalog.Textf(catalog.Text{It: "spostare il file in %s/%s", En: "move the file to %s/%s"}, inboxFolder, folder)})
		case q != nil:
			out = append(out, catalog.Problem{File: inboxFolder + "/" + rel, What: catalog.Textf(catalog.Text{It: "questo file non si legge: la tabella «%s» accetta %s", En: "this file is not read: the table %q accepts %s"}, folder, endings(q)),
				Hint: catalog.Text{It: "aprirlo ed esportarlo come XLSX o CSV in questa cartella, oppure toglierlo da qui", En: "open it and export it as XLSX or CSV into this folder, or move it away"}})
		case inside && !unknown[folder]:
			unknown[folder] = true
			p := catalog.Problem{File: inboxFolder + "/" + folder, What: catalog.Textf(catalog.Text{It: "nessuna tabella si chiama «%s»: i file di questa cartella non si leggono", En: "no table is called %q: the files of this folder are not read"}, folder),
				Hint: catalog.Textf(catalog.Text{It: "le cartelle sono: %s", En: "the folders are: %s"}, strings.Join(tables, ", "))}
			if near := catalog.Nearest(folder, tables); near != "" {
				p.Hint = catalog.Textf(catalog.Text{It: "forse «%s»? Rinominare la cartella", En: "perhaps %q? Rename the folder"}, near)
			}
			out = append(out, p)
		case !inside && slices.Contains(tableFiles, strings.ToLower(path.Ext(rel))) && (rel != plantedList || !Simulated(in)):
			out = append(out, catalog.Problem{File: inboxFolder + "/" + rel, What: catalog.Text{It: "il file è fuori dalle cartelle delle tabelle e non si legge", En: "the file is outside the tables' folders and is not read"},
				Hint: catalog.Textf(catalog.Text{It: "metterlo nella cartella della sua tabella: %s", En: "put it into the folder of its table: %s"}, strings.Join(tables, ", "))})
		}
		return nil
	})
	return out, err
}

// endings says which files a table accepts.
func endings(q *catalog.Query) string {
	out := slices.Clone(q.Source.Formats)
	for _, p := range q.Source.Packed {
		out = append(out, map[string]string{"gzip": "gz", "zip": "zip"}[p])
	}
	return "." + strings.Join(out, ", .")
}
