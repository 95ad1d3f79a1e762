package site

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	metaTag    = regexp.MustCompile(`<meta (?:property|name)="([^"]+)" content="([^"]*)">`)
	canonical  = regexp.MustCompile(`<link rel="canonical" href="([^"]*)">`)
	alternates = regexp.MustCompile(`<link rel="alternate" hreflang="([^"]+)" href="([^"]*)">`)
	dataBlock  = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)
)

// TestHead reads what other programs read of one page of each kind: OpenGraph with its picture, addresses, languages, and of a dataset its
// description as linked data, whose files must be there.
func TestHead(t *testing.T) {
	dir := builtTree(t)
	sizes := map[string]bool{}
	datasets := 0
	base := "" // a page of an old address names its new one, so the base is the first page's
	if m := canonical.FindStringSubmatch(htmlFiles(t, dir)["index.html"]); m != nil {
		base = html.UnescapeString(m[1])
	}
	for _, p := range kindsOf(t, dir) {
		file := p.Path
		if !strings.HasSuffix(file, ".html") {
			file += "index.html"
		}
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil {
			t.Error(err)
			continue
		}
		text := string(raw)
		meta := map[string]string{}
		for _, m := range metaTag.FindAllStringSubmatch(text, -1) {
			meta[m[1]] = html.UnescapeString(m[2])
		}
		self := canonical.FindStringSubmatch(text)
		if self == nil {
			t.Errorf("%s: no canonical address", file)
			continue
		}
		here := html.UnescapeString(self[1])
		langs := map[string]string{}
		for _, m := range alternates.FindAllStringSubmatch(text, -1) {
			langs[m[1]] = html.UnescapeString(m[2])
		}
		lang := "it"
		if strings.HasPrefix(file, "en/") {
			lang = "en"
		}
		if langs[lang] != here || langs["it"] != langs["x-default"] || langs["it"] == langs["en"] {
			t.Errorf("%s: canonical %s, languages %v", file, here, langs)
		}
		for _, want := range []string{"og:title", "og:description", "og:image:alt", "description"} {
			if meta[want] == "" {
				t.Errorf("%s: no %s", file, want)
			}
		}
		if meta["og:url"] != here || meta["og:locale"] != map[string]string{"it": "it_IT", "en": "en_GB"}[lang] {
			t.Errorf("%s: og:url %s, og:locale %s", file, meta["og:url"], meta["og:locale"])
		}
		picture, ok := strings.CutPrefix(meta["og:image"], base)
		if !ok {
			t.Errorf("%s: picture at %s", file, meta["og:image"])
			continue
		}
		if !sizes[picture] {
			sizes[picture] = true
			f, err := os.Open(filepath.Join(dir, filepath.FromSlash(picture)))
			if err != nil {
				t.Error(err)
				continue
			}
			size, err := png.DecodeConfig(f)
			f.Close()
			if err != nil || size.Width != 1200 || size.Height != 630 {
				t.Errorf("%s: %d × %d %v", picture, size.Width, size.Height, err)
			}
		}
		for _, m := range dataBlock.FindAllStringSubmatch(text, -1) {
			var d linkedData
			if err := json.Unmarshal([]byte(m[1]), &d); err != nil {
				t.Errorf("%s: linked data: %v", file, err)
				continue
			}
			if d.ID != here || d.Name == "" || d.Description == "" || d.Licence == "" || d.Language != lang {
				t.Errorf("%s: linked data %+v", file, d)
			}
			if d.Type != "Dataset" {
				continue
			}
			datasets++
			if len(d.Files) == 0 || len(d.Variables) == 0 {
				t.Errorf("%s: linked data without files or columns", file)
			}
			for _, f := range d.Files {
				info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(f.URL, base))))
				if err != nil || fmt.Sprintf("%d B", info.Size()) != f.Size {
					t.Errorf("%s: %s: %v", file, f.URL, err)
				}
			}
		}
	}
	if len(sizes) < 20 || datasets == 0 {
		t.Errorf("%d pictures, %d datasets", len(sizes), datasets)
	}
	for _, f := range []string{"favicon.ico", "robots.txt", "404.html", "en/404.html"} {
		if _, err := os.Stat(filepath.Join(dir, f)); err != nil {
			t.Error(err)
		}
	}
}

// TestSitemap wants every page once, in one file where they fit and in several where they do not.
func TestSitemap(t *testing.T) {
	b := &builder{Prepared: &Prepared{}, tree: newTree(t, t.TempDir())}
	b.pub.BaseURL = "https://esempio.example.org/p&a/"
	for _, path := range []string{"index.html", "en/index.html", "a/index.html", "en/a/index.html", "b/index.html", "en/b/index.html", "404.html"} {
		if err := b.tree.Put(path, []byte(path)); err != nil {
			t.Fatal(err)
		}
	}
	type list struct {
		XMLName xml.Name
		URLs    []string `xml:"url>loc"`
		Files   []string `xml:"sitemap>loc"`
	}
	read := func(name string) (l list) {
		raw, err := os.ReadFile(b.tree.Path(name))
		if err == nil {
			err = xml.Unmarshal(raw, &l)
		}
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if err := b.sitemap(100); err != nil {
		t.Fatal(err)
	}
	if got := read("sitemap.xml"); len(got.URLs) != 6 || got.URLs[3] != "https://esempio.example.org/p&a/en/a/" {
		t.Errorf("%v", got)
	}
	b.tree = newTree(t, t.TempDir())
	for _, path := range []string{"index.html", "a/index.html", "b/index.html"} {
		if err := b.tree.Put(path, []byte(path)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.sitemap(4); err != nil {
		t.Fatal(err)
	}
	got := read("sitemap.xml")
	if len(got.Files) != 2 || got.Files[1] != "https://esempio.example.org/p&a/sitemap-2.xml" {
		t.Fatalf("%v", got)
	}
	if first, second := read("sitemap-1.xml"), read("sitemap-2.xml"); len(first.URLs) != 4 || len(second.URLs) != 2 {
		t.Errorf("%v %v", first, second)
	}
}
