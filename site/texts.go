package site

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	texttemplate "text/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"go.yaml.in/yaml/v4"

	"piccoli/pipelines/catalog"
)

// languages of the site; the first one is at the root.
var languages = []string{"it", "en"}

const textsFile = "site/testi.yaml"

// texts are the site's short sentences, key → language → sentence, in which %s stands for a value already written out.
type texts struct {
	byKey map[string]catalog.Text
	line  map[string]int
}

// loadTexts reads site/testi.yaml: every key once, both languages filled, the same number of values in both.
func loadTexts(root string) (*texts, error) {
	raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(textsFile)))
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, yamlProblem(textsFile, err)
	}
	tx := &texts{byKey: map[string]catalog.Text{}, line: map[string]int{}}
	var ps catalog.Problems
	bad := func(line int, it, en string, args ...any) {
		ps = append(ps, catalog.Problem{File: textsFile, Line: line, What: catalog.Textf(catalog.Text{It: it, En: en}, args...)})
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		bad(1, "il file deve essere un elenco di chiavi", "the file must be a mapping of keys")
		return nil, ps.Err()
	}
	top := doc.Content[0].Content
	for i := 0; i+1 < len(top); i += 2 {
		key, val := top[i], top[i+1]
		if _, again := tx.byKey[key.Value]; again {
			bad(key.Line, "chiave %q ripetuta", "key %q repeated", key.Value)
			continue
		}
		var t catalog.Text
		for j := 0; j+1 < len(val.Content); j += 2 {
			switch val.Content[j].Value {
			case "it":
				t.It = val.Content[j+1].Value
			case "en":
				t.En = val.Content[j+1].Value
			default:
				bad(val.Content[j].Line, "lingua %q sconosciuta", "unknown language %q", val.Content[j].Value)
			}
		}
		if t.It == "" || t.En == "" {
			bad(key.Line, "%q: servono it ed en", "%q: it and en are both needed", key.Value)
		}
		if strings.Count(t.It, "%s") != strings.Count(t.En, "%s") {
			bad(key.Line, "%q: i due testi hanno un numero diverso di %%s", "%q: the two texts hold different numbers of %%s", key.Value)
		}
		tx.byKey[key.Value] = t
		tx.line[key.Value] = key.Line
	}
	return tx, ps.Err()
}

// get gives the text of the key with its values put in.
func (tx *texts) get(lang, key string, args ...string) (string, error) {
	t, ok := tx.byKey[key]
	if !ok {
		return "", fmt.Errorf("%s: no text %q", textsFile, key)
	}
	s := t.In(lang)
	if want := strings.Count(s, "%s"); want != len(args) {
		return "", fmt.Errorf("%s: text %q wants %d values, got %d", textsFile, key, want, len(args))
	}
	for _, a := range args {
		s = strings.Replace(s, "%s", a, 1)
	}
	return s, nil
}

// check compares the keys of the file with those that templates and code use: none missing, none left over. used holds
// whole keys, families the prefixes (with their dot) of keys chosen by a value of the data.
func (tx *texts) check(used map[string]string, families []string) error {
	var ps catalog.Problems
	for key, where := range used {
		if _, ok := tx.byKey[key]; !ok {
			ps = append(ps, catalog.Problem{File: where, What: catalog.Textf(catalog.Text{
				It: "manca il testo %q in " + textsFile, En: "text %q is missing in " + textsFile}, key)})
		}
	}
	for key, line := range tx.line {
		if _, ok := used[key]; ok {
			continue
		}
		if slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(key, f) }) {
			continue
		}
		ps = append(ps, catalog.Problem{File: textsFile, Line: line, What: catalog.Textf(catalog.Text{
			It: "testo %q non usato", En: "text %q is not used"}, key)})
	}
	return ps.Err()
}

// prose is one page of longer text.
type prose struct {
	Title string
	Body  template.HTML
}

// proseData is what a page of longer text may name, as {{.Campo}}.
type proseData struct {
	Publisher     Publisher
	Official      bool
	Licence       string
	Comuni        string // small comuni, as a number in words of the language
	ComuniTutti   string
	Evidenze      string
	ComuniConFatt string
	Fonti         string
	Cifre         string
	AsOf          string
	Root          string // relative address of the language's first page
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.DefinitionList), goldmark.WithParserOptions(parser.WithAutoHeadingID()))

// termAnchor is a term of a definition list with its anchor, the same in both languages: Piano {#piano}.
var termAnchor = regexp.MustCompile(`<dt>(.*?) \{#([a-z-]+)\}</dt>`)

// glossaryLine is such a term as site/pages/metodo.*.md writes it.
var glossaryLine = regexp.MustCompile(`(?m)^(.*?)(?: \(\*.*\*\))? \{#([a-z-]+)\}$`)

// termine is one word of the glossary.
type termine struct{ ID, Nome string }

// loadGlossary reads the words that the page on the method explains, in the order of that page, without what they are called in Italian.
func loadGlossary(root, lang string) (out []termine, err error) {
	file := "site/pages/metodo." + lang + ".md"
	raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	for _, m := range glossaryLine.FindAllStringSubmatch(string(raw), -1) {
		out = append(out, termine{m[2], m[1]})
	}
	if len(out) == 0 {
		return nil, catalog.Problems{{File: file, Line: 1, What: catalog.Text{
			It: "nessuna parola del glossario: si scrivono «Parola {#parola}», poi «: che cosa vuol dire»", En: "no word of the glossary: they are written \"Word {#word}\", then \": what it means\""}}}
	}
	return out, nil
}

// loadProse reads site/pages/<name>.<lang>.md: a first line "# title", then Markdown without HTML.
func loadProse(root, name, lang string, data proseData) (prose, error) {
	file := "site/pages/" + name + "." + lang + ".md"
	raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		return prose{}, fmt.Errorf("site: %w", err)
	}
	first, rest, _ := strings.Cut(string(raw), "\n")
	title, ok := strings.CutPrefix(first, "# ")
	if !ok {
		return prose{}, catalog.Problems{{File: file, Line: 1, What: catalog.Text{
			It: "la prima riga deve essere «# titolo»", En: "the first line must be \"# title\""}}}
	}
	t, err := texttemplate.New(file).Option("missingkey=error").Parse(rest)
	if err != nil {
		return prose{}, fmt.Errorf("site: %w", err)
	}
	var filled, html bytes.Buffer
	if err := t.Execute(&filled, data); err != nil {
		return prose{}, fmt.Errorf("site: %w", err)
	}
	if err := markdown.Convert(filled.Bytes(), &html); err != nil {
		return prose{}, fmt.Errorf("site: %s: %w", file, err)
	}
	body := termAnchor.ReplaceAllString(html.String(), `<dt id="g-$2">$1</dt>`)
	return prose{Title: strings.TrimSpace(title), Body: template.HTML(body)}, nil
}

// wording gives the texts that code names, and keeps the first error, so that titles can be written where they are used.
type wording struct {
	texts *texts
	err   error // of a text that code names and the file lacks
}

// text gives both languages of a text, for titles that the code sets. Its key must be in codeTexts.
func (t *wording) text(key string, args ...catalog.Text) (out catalog.Text) {
	var it, en []string
	for _, a := range args {
		it, en = append(it, a.It), append(en, a.En)
	}
	var err error
	if out.It, err = t.texts.get("it", key, it...); err == nil {
		out.En, err = t.texts.get("en", key, en...)
	}
	if err != nil {
		t.err = cmp.Or(t.err, err)
	}
	return out
}
