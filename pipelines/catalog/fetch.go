package catalog

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v4"
)

// FetchFolder is the folder below which fetched files lie, each source in one of its own.
const FetchFolder = "data/raw"

// Fetch says where a publisher keeps the files of a source, for `piccoli fetch`. Each day's file is kept as data/raw/<source>/<stem>_<date>.<ext>.
type Fetch struct {
	Source string   // named on the command line, and the folder's name
	Base   string   // https address of the publisher's folder, with a slash at its end
	Files  []string // the publisher's names of the files, below Base
	Former []string // names that the publisher does not use any more: dated copies of them are taken from mirrors
	Line   int
}

// Dated is the name under which a publisher's file of one day is kept: avvisi.csv of 2026-08-22 is avvisi_2026-08-22.csv.
func Dated(name, date string) string {
	end := path.Ext(name)
	return strings.TrimSuffix(name, end) + "_" + date + end
}

// fetch reads the block `fetch:` of a source.
func (f *file) fetch(n *yaml.Node, s *Source) *Fetch {
	m := f.mapping(n, Text{"«fetch»", "\"fetch\""})
	t := &Fetch{Source: m.scalar("source", must), Base: m.scalar("base", must), Files: m.words("files", must), Former: m.words("former", may), Line: m.line}
	m.done()
	if n := m.fields["source"]; n != nil && t.Source != "" && !isName(t.Source) {
		f.at(n, Text{"«%s» non è un nome di sorgente", "%q is not a name of a source"}, t.Source).
			advise(Text{"minuscole, cifre e trattini bassi, a cominciare da una lettera", "lower case, digits and underscores, a letter first"})
	}
	if n := m.fields["base"]; n != nil && t.Base != "" {
		u, err := url.Parse(t.Base)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !strings.HasSuffix(u.Path, "/") {
			f.at(n, Text{"«%s» non è l'indirizzo di una cartella", "%q is not the address of a folder"}, t.Base).
				advise(Text{"comincia con https:// e finisce con /; i nomi dei file vanno in «files»", "it begins with https:// and ends with /; the names of the files belong under \"files\""})
		}
	}
	if !s.Snapshots {
		f.at(n, Text{"«fetch» vuole anche «snapshots: true»", "\"fetch\" also wants \"snapshots: true\""}).
			advise(Text{"ogni giorno scaricato resta nel suo file datato", "every day fetched stays in its own dated file"})
	}
	if m.fields["files"] != nil && len(t.Files) == 0 {
		f.at(m.fields["files"], Text{"«%s» è vuoto", "%q is empty"}, "files")
	}
	seen := map[string]bool{}
	for _, key := range []string{"files", "former"} {
		if m.fields[key] == nil || m.fields[key].Kind != yaml.SequenceNode {
			continue
		}
		for _, e := range m.fields[key].Content {
			f.fetchFile(e, key, t.Source, s, seen)
		}
	}
	return t
}

// fetchFile checks one of the publisher's names: its dated copy must be a file that the contract reads.
func (f *file) fetchFile(n *yaml.Node, key, source string, s *Source, seen map[string]bool) {
	name := n.Value
	switch end := strings.TrimPrefix(path.Ext(name), "."); {
	case n.Kind != yaml.ScalarNode:
		return
	case strings.ContainsAny(name, `/\?#%*:`) || strings.HasPrefix(name, ".") || !slices.Contains(s.Formats, end):
		f.at(n, Text{"«%s»: «%s» non è il nome di un file in uno dei formati del contratto (%s)", "%s: %q is not the name of a file in one of the contract's formats (%s)"}, key, name, strings.Join(s.Formats, ", "))
		return
	case seen[name]:
		f.at(n, Text{"«%s»: «%s» è ripetuto", "%s: %q is repeated"}, key, name)
		return
	}
	seen[name] = true
	kept := path.Join(FetchFolder, source, Dated(name, "2000-01-01"))
	if !slices.ContainsFunc(s.Files, func(pattern string) bool { return doublestar.MatchUnvalidated(pattern, kept) }) {
		f.at(n, Text{"«%s»: il file «%s» di ogni giorno sarebbe %s, che la sorgente non legge", "%s: the file %q of each day would be %s, which the source does not read"}, key, name, path.Join(FetchFolder, source, Dated(name, "*"))).
			advise(Text{"aggiungerlo al «files» della sorgente", "add it to the source's \"files\""})
	}
}

// fetchRules refuse two contracts that would keep the same file of a publisher: its rows would be loaded twice.
func (c *Catalog) fetchRules() Problems {
	var out Problems
	first := map[string]*Query{}
	for _, q := range c.Layer(Staging) {
		if q.Source == nil || q.Source.Fetch == nil {
			continue
		}
		t := q.Source.Fetch
		for _, name := range slices.Concat(t.Files, t.Former) {
			key := t.Source + "/" + name
			if other := first[key]; other != nil && other != q {
				out = append(out, Problem{File: q.Path, Line: t.Line, Col: 4, What: Textf(Text{"«%s» è già di %s", "%q is taken by %s"}, key, other.Path),
					Hint: Text{"un file si scarica per un contratto solo", "a file is fetched for one contract alone"}})
			} else {
				first[key] = q
			}
		}
	}
	return out
}
