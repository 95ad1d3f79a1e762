package site

import (
	"encoding/csv"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	hrefs   = regexp.MustCompile(`\s(?:href|src)="([^"]*)"`)
	ids     = regexp.MustCompile(`\sid="([^"]*)"`)
	inline  = regexp.MustCompile(`(?i)\s(style|on[a-z]+)="|<style|<script>|<script (?:src|async|defer)[^>]*>[^<]|<script type="(?:module|text/javascript)"`)
	loads   = regexp.MustCompile(`<(?:script|img|link|iframe|source|object)\b[^>]*(?:src|href)="https?://[^"]*"[^>]*>`)
	heading = regexp.MustCompile(`<h1[ >]`)
)

// TestCrawl follows every link and anchor of every file of the built tree, and wants nothing inline and nothing loaded from
// elsewhere.
func TestCrawl(t *testing.T) {
	crawl(t, builtTree(t))
}

func crawl(t *testing.T, dir string) {
	t.Helper()
	anchors := map[string]map[string]bool{}
	texts := htmlFiles(t, dir)
	files := map[string]bool{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		files[filepath.ToSlash(rel)] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for rel, text := range texts {
		set := map[string]bool{}
		for _, m := range ids.FindAllStringSubmatch(text, -1) {
			if set[m[1]] {
				t.Errorf("%s: id %q twice", rel, m[1])
			}
			set[m[1]] = true
		}
		anchors[rel] = set
	}
	base := "/"
	if m := regexp.MustCompile(`rel="canonical" href="https?://[^/"]*([^"]*)"`).FindStringSubmatch(texts["index.html"]); m != nil {
		base = m[1]
	} else {
		t.Error("the first page has no canonical address")
	}
	links, bad := 0, 0
	fail := func(format string, args ...any) {
		if bad++; bad <= 40 {
			t.Errorf(format, args...)
		}
	}
	for file, text := range texts {
		if m := inline.FindString(text); m != "" {
			fail("%s: inline %q", file, m)
		}
		for _, m := range loads.FindAllString(text, -1) {
			if !strings.Contains(m, `rel="canonical"`) && !strings.Contains(m, `rel="alternate"`) {
				fail("%s: loads from elsewhere: %s", file, m)
			}
		}
		if n := len(heading.FindAllString(text, -1)); n != 1 {
			fail("%s: %d h1", file, n)
		}
		for _, m := range hrefs.FindAllStringSubmatch(text, -1) {
			u, err := url.Parse(strings.ReplaceAll(m[1], "&amp;", "&"))
			if err != nil {
				fail("%s: %q: %v", file, m[1], err)
				continue
			}
			if u.Scheme != "" || u.Host != "" {
				continue
			}
			links++
			target := file
			if u.Path != "" {
				target = path.Join(path.Dir(file), u.Path)
				if strings.HasPrefix(u.Path, "/") {
					target = strings.TrimPrefix(path.Clean(strings.TrimPrefix(u.Path, base)), "/") // only the 404 page, shown at any depth
				}
				if u.Path == "" || strings.HasSuffix(u.Path, "/") || strings.HasSuffix(u.Path, "..") || u.Path == "." {
					target = strings.TrimPrefix(path.Join(target, "index.html"), "./")
				}
			}
			if !files[target] {
				fail("%s: %q leads to %s, which is not there", file, m[1], target)
				continue
			}
			if u.Fragment != "" && !strings.HasPrefix(u.Fragment, "q=") && !anchors[target][u.Fragment] {
				fail("%s: %q: no such anchor in %s", file, m[1], target)
			}
		}
	}
	t.Logf("%d pages, %d internal links", len(texts), links)
	if bad > 0 {
		t.Errorf("%d problems in all", bad)
	}
	for file := range texts {
		twin := "en/" + file
		if strings.HasPrefix(file, "en/") {
			twin = strings.TrimPrefix(file, "en/")
		}
		if _, ok := texts[twin]; !ok {
			t.Errorf("%s has no twin %s", file, twin)
		}
	}
}

var (
	figures  = regexp.MustCompile(`(?s)<figure data-dataset="([^"]*)" data-categoria="([^"]*)" data-categoria-en="([^"]*)" data-valore="([^"]*)">.*?<table class="table table-sm dati-grafico">(.*?)</table>`)
	chartRow = regexp.MustCompile(`<tr><th scope="row"><data value="([^"]*)">.*?</data></th><td class="numero"><data value="([^"]*)">`)
)

// TestChartTables wants every row of every chart's table in the published CSV, in both languages.
func TestChartTables(t *testing.T) {
	dir := builtTree(t)
	pages, err := filepath.Glob(filepath.Join(dir, "dati", "*", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	english, err := filepath.Glob(filepath.Join(dir, "en", "dati", "*", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	charts := 0
	for i, list := range [][]string{pages, english} {
		for _, p := range list {
			raw, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range figures.FindAllStringSubmatch(string(raw), -1) {
				charts++
				rows := csvPairs(t, filepath.Join(dir, "data", m[1]+".csv"), m[2+i], m[4])
				found := chartRow.FindAllStringSubmatch(m[5], -1)
				if len(found) == 0 {
					t.Errorf("%s: a chart without rows", p)
				}
				for _, r := range found {
					if !rows[[2]string{unescape(r[1]), r[2]}] {
						t.Errorf("%s: %s = %s is not in %s.csv", p, r[1], r[2], m[1])
					}
				}
			}
		}
	}
	t.Logf("%d charts", charts)
	if charts == 0 {
		t.Error("no charts at all")
	}
}

func csvPairs(t *testing.T, file, category, value string) map[[2]string]bool {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	c, v := -1, -1
	for i, name := range rows[0] {
		name = strings.TrimPrefix(name, "\ufeff")
		if name == category {
			c = i
		}
		if name == value {
			v = i
		}
	}
	if c < 0 || v < 0 {
		t.Fatalf("%s has no columns %s, %s", file, category, value)
	}
	out := map[[2]string]bool{}
	for _, r := range rows[1:] {
		out[[2]string{r[c], r[v]}] = true
	}
	return out
}

func unescape(s string) string {
	return strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&#43;", "+", "&amp;", "&").Replace(s)
}

var (
	attrValue   = regexp.MustCompile(`="[^"]*"`)
	betweenTags = regexp.MustCompile(`>[^<]+<`)
)

// form is what of a page html-validate looks at, without its words: tags and names of attributes, and a list or table of any length as one of
// its entries. Pages of one form are valid together.
func form(text string) string {
	var out strings.Builder
	last := ""
	for line := range strings.SplitSeq(text, "\n") {
		line = betweenTags.ReplaceAllString(attrValue.ReplaceAllString(">"+line+"<", `=""`), "><")
		if line != last && line != "><" {
			out.WriteString(line)
		}
		last = line
	}
	return out.String()
}

// validPages is how many pages of comuni TestHTMLValid draws beside those of each form.
const validPages = 300

// TestHTMLValid runs html-validate over one page of each form and some hundred others, always the same ones; over all pages with PICCOLI_TUTTE=1,
// which takes minutes. Ids that stand twice and links are TestCrawl's, over all pages.
func TestHTMLValid(t *testing.T) {
	validForms(t, builtTree(t), validPages)
}

func validForms(t *testing.T, dir string, comuni int) {
	t.Helper()
	texts := htmlFiles(t, dir)
	forms, chosen := map[string]bool{}, map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(texts)) {
		if f := form(texts[path]); !forms[f] || os.Getenv("PICCOLI_TUTTE") != "" {
			forms[f] = true
			chosen[path] = true
		}
	}
	for _, p := range samplePages(t, dir, comuni, widths) {
		chosen[p["path"].(string)+"index.html"] = true
	}
	validate(t, dir, slices.Sorted(maps.Keys(chosen)))
	t.Logf("%d pages of %d forms, %d looked at", len(texts), len(forms), len(chosen))
}

// validate wants nothing of html-validate on these pages of the tree.
func validate(t *testing.T, dir string, pages []string) {
	t.Helper()
	var report []struct {
		Path, Rule, Message string
		Line                int
	}
	inNode(t, "html.mjs", map[string]any{"folder": dir, "pages": pages}, &report)
	for i, m := range report {
		if i == 40 {
			t.Errorf("and %d more", len(report)-i)
			break
		}
		t.Errorf("%s:%d: %s: %s", m.Path, m.Line, m.Rule, m.Message)
	}
}

// TestHTMLInvalid shows html-validate a page with mistakes.
func TestHTMLInvalid(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.html"), []byte("<!doctype html>\n<html lang=\"it\"><head><title>a</title></head><body><p><div>b</div></p><img src=\"x\"></body></html>\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var report []struct{ Path, Rule string }
	inNode(t, "html.mjs", map[string]any{"folder": dir, "pages": []string{"a.html"}}, &report)
	rules := map[string]bool{}
	for _, m := range report {
		rules[m.Rule] = true
	}
	if len(report) == 0 || report[0].Path != "a.html" || !rules["wcag/h37"] {
		t.Errorf("a page with mistakes: %v", report)
	}
}
