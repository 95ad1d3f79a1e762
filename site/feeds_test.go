package site

import (
	"encoding/xml"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// atom is what RFC 4287 wants of a feed and of its entries.
type atom struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      []string `xml:"id"`
	Title   []string `xml:"title"`
	Updated []string `xml:"updated"`
	Author  []struct {
		Name []string `xml:"name"`
		URI  []string `xml:"uri"`
	} `xml:"author"`
	Links   []atomRef `xml:"link"`
	Entries []struct {
		ID      []string  `xml:"id"`
		Title   []string  `xml:"title"`
		Updated []string  `xml:"updated"`
		Summary []string  `xml:"summary"`
		Links   []atomRef `xml:"link"`
	} `xml:"entry"`
}

type atomRef struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

var feedLink = regexp.MustCompile(`<link rel="alternate" type="application/atom\+xml" title="([^"]+)" href="([^"]+)">`)

// TestFeeds reads every feed of the built tree by the rules of RFC 4287, and wants each named in the head of its page and linked from it.
func TestFeeds(t *testing.T) {
	dir := builtTree(t)
	base := html.UnescapeString(canonical.FindStringSubmatch(htmlFiles(t, dir)["index.html"])[1])
	ids := map[string]string{}
	pages, err := filepath.Glob(filepath.Join(dir, "regioni", "*", "index.html"))
	if err != nil || len(pages) < 20 {
		t.Fatal(len(pages), err)
	}
	folders := []string{"", "en/"}
	for _, p := range pages {
		slug := filepath.Base(filepath.Dir(p))
		folders = append(folders, "regioni/"+slug+"/", "en/regioni/"+slug+"/")
	}
	for _, folder := range folders {
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(folder), "feed.atom"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, wrong := range wrongIn(raw, base, folder, ids) {
			t.Errorf("%sfeed.atom: %s", folder, wrong)
		}
		page, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(folder), "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		named := false
		for _, m := range feedLink.FindAllStringSubmatch(string(page), -1) {
			named = named || filepath.Join(folder, m[2]) == filepath.Join(folder, "feed.atom")
		}
		if !named || strings.Count(string(page), `type="application/atom+xml"`) < 2 {
			t.Errorf("%sindex.html does not lead to its feed", folder)
		}
	}
	// What must be found is found.
	good, err := os.ReadFile(filepath.Join(dir, "feed.atom"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ cut, by string }{
		{"<author>", "<x>"}, {"</author>", "</y>"}, {`rel="self"`, `rel="related"`}, {"<updated>2", "<updated>"}, {"<id>tag:", "<id>"}, {"<title>", "<titolo>"}, {`type="text/html" hreflang="it" href="` + base + `dati/`, `type="text/html" href="dati/`},
	} {
		bad := strings.ReplaceAll(string(good), c.cut, c.by)
		if bad == string(good) {
			continue // this tree has other entries
		}
		if len(wrongIn([]byte(bad), base, "", map[string]string{})) == 0 {
			t.Errorf("%s instead of %s is not found", c.by, c.cut)
		}
	}
}

// wrongIn says what is wrong with a feed; ids are those of all feeds so far, which no other may have.
func wrongIn(raw []byte, base, folder string, ids map[string]string) (out []string) {
	say := func(ok bool, what string) {
		if !ok {
			out = append(out, what)
		}
	}
	var f atom
	if err := xml.Unmarshal(raw, &f); err != nil {
		return []string{err.Error()}
	}
	lang := "it"
	if strings.HasPrefix(folder, "en/") {
		lang = "en"
	}
	instant := func(list []string, of string) string {
		if len(list) != 1 {
			out = append(out, of+": not one atom:updated")
			return ""
		}
		_, err := time.Parse(time.RFC3339, list[0])
		say(err == nil && strings.HasSuffix(list[0], "T00:00:00Z"), of+": updated "+list[0])
		return list[0]
	}
	one := func(list []string, what string) {
		say(len(list) == 1 && strings.TrimSpace(strings.Join(list, "")) != "", "not one "+what)
	}
	link := func(links []atomRef, rel string) (found []string) {
		for _, l := range links {
			if l.Rel == rel {
				found = append(found, l.Href)
			}
		}
		return found
	}
	say(f.Lang == lang, "xml:lang "+f.Lang)
	one(f.ID, "id")
	one(f.Title, "title")
	say(len(f.Author) == 1 && len(f.Author[0].Name) == 1 && len(f.Author[0].URI) == 1, "not one author with name and address")
	say(strings.Join(link(f.Links, "self"), " ") == base+folder+"feed.atom", "self")
	say(strings.Join(link(f.Links, "alternate"), " ") == base+folder, "alternate")
	updated := instant(f.Updated, "feed")
	say(len(f.Entries) > 0, "no entry")
	newest := ""
	for _, e := range f.Entries {
		one(e.ID, "id of an entry")
		one(e.Title, "title of an entry")
		one(e.Summary, "summary of an entry")
		id := strings.Join(e.ID, "")
		say(strings.HasPrefix(id, "tag:"), "id "+id)
		say(ids[id] == "", "id "+id+" is that of "+ids[id]+" too")
		ids[id] = folder + "feed.atom"
		at := link(e.Links, "alternate")
		say(len(at) == 1 && strings.HasPrefix(strings.Join(at, ""), base), "alternate of "+id)
		newest = max(newest, instant(e.Updated, id))
	}
	say(newest == updated, "updated "+updated+", newest entry "+newest)
	return out
}
