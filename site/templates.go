package site

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"html/template"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"piccoli/pipelines/catalog"
)

const templateDir = "site/templates"

// templates are all that pages are painted with.
type templates struct {
	sets   map[string]map[string]*template.Template // language → kind → layout, parts and that kind's template
	digest map[string][sha256.Size]byte             // kind → of all that paints it: its template, the layout, the parts, the texts
	source [sha256.Size]byte                        // of all of them
}

// readTemplates parses every template once and checks the texts they name, unless last was made from the same.
func readTemplates(root string, tx *texts, last *templates) (*templates, error) {
	dir := filepath.Join(root, filepath.FromSlash(templateDir))
	names, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	all, shared := sha256.New(), sha256.New()
	kinds, parts := map[string]string{}, map[string]string{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		into := io.Writer(all)
		kind := strings.TrimSuffix(filepath.Base(name), ".html")
		if strings.HasPrefix(kind, "_") { // layout and parts, known to all kinds
			parts[kind], into = string(raw), io.MultiWriter(all, shared)
		} else {
			kinds[kind] = string(raw)
		}
		fmt.Fprintf(into, "%s %d\n%s", filepath.Base(name), len(raw), raw)
	}
	for _, key := range slices.Sorted(maps.Keys(tx.byKey)) {
		fmt.Fprintf(io.MultiWriter(all, shared), "%s\x00%s\x00%s\x00", key, tx.byKey[key].It, tx.byKey[key].En)
	}
	ts := &templates{digest: map[string][sha256.Size]byte{}}
	if all.Sum(ts.source[:0]); last != nil && last.source == ts.source {
		return last, nil
	}
	for kind, raw := range kinds {
		ts.digest[kind] = sha256.Sum256(append(shared.Sum(nil), raw...))
	}
	base := template.New("").Option("missingkey=error").Funcs((&painter{}).funcs())
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if _, err := base.Parse(parts[name]); err != nil {
			return nil, templateProblem(name, err)
		}
	}
	used := map[string]string{}
	for _, key := range codeTexts {
		used[key] = "site/"
	}
	families := map[string]bool{}
	for _, f := range codeFamilies {
		families[f] = true
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		set, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if _, err := set.Parse(kinds[kind]); err != nil {
			return nil, templateProblem(kind, err)
		}
		for _, tm := range set.Templates() {
			if tm.Tree != nil {
				if err := textsUsed(tm.Tree.Root, kind, used, families); err != nil {
					return nil, err
				}
			}
		}
	}
	if err := tx.check(used, slices.Sorted(maps.Keys(families))); err != nil {
		return nil, err
	}
	return ts, ts.parse(tx, parts, kinds)
}

// rootMark stands in a template set for the way to the site's root, which depends on the page. No text has this character.
var rootMark = []byte{1}

// plainText is a text without values: it is the same on all pages of a language. wordText is one that is given to something else. plainPath is a path without
// values, plainPick a text that stands in the template.
var (
	plainPath = regexp.MustCompile(`\{\{([ua]) ("[^"]*")\}\}`)
	plainPick = regexp.MustCompile(`\{\{pick ("[^"]*") ("[^"]*")\}\}`)
	plainText = regexp.MustCompile(`\{\{t "([^"]+)"\}\}`)
	wordText  = regexp.MustCompile(`\(t "([^"]+)"\)`)
)

// parse makes the template sets of each language, with the texts without values already in place: to look up a third of all
// words anew on each of ten thousand pages is half of the work.
func (ts *templates) parse(tx *texts, parts, kinds map[string]string) error {
	ts.sets = map[string]map[string]*template.Template{}
	for _, lang := range languages {
		var bad error
		fill := func(src string) string {
			text := func(key string) string {
				s, err := tx.get(lang, key)
				bad = cmp.Or(bad, err)
				return s
			}
			src = plainText.ReplaceAllStringFunc(src, func(m string) string { return template.HTMLEscapeString(text(plainText.FindStringSubmatch(m)[1])) })
			unquoted := func(quoted string) string {
				s, err := strconv.Unquote(quoted)
				bad = cmp.Or(bad, err)
				return s
			}
			src = plainPath.ReplaceAllStringFunc(src, func(m string) string {
				found := plainPath.FindStringSubmatch(m)
				path := unquoted(found[2])
				if found[1] == "u" {
					path = langPrefix(lang) + path
				}
				return string(rootMark) + template.HTMLEscapeString(path)
			})
			src = plainPick.ReplaceAllStringFunc(src, func(m string) string {
				found := plainPick.FindStringSubmatch(m)
				return template.HTMLEscapeString(catalog.Text{It: unquoted(found[1]), En: unquoted(found[2])}.In(lang))
			})
			return wordText.ReplaceAllStringFunc(src, func(m string) string { return strconv.Quote(text(wordText.FindStringSubmatch(m)[1])) })
		}
		base := template.New("").Option("missingkey=error").Funcs((&painter{}).funcs())
		for _, name := range slices.Sorted(maps.Keys(parts)) {
			if _, err := base.Parse(fill(parts[name])); err != nil {
				return templateProblem(name, err)
			}
		}
		ts.sets[lang] = map[string]*template.Template{}
		for kind, src := range kinds {
			set, err := base.Clone()
			if err != nil {
				return err
			}
			if _, err := set.Parse(fill(src)); err != nil {
				return templateProblem(kind, err)
			}
			ts.sets[lang][kind] = set
		}
		if bad != nil {
			return bad
		}
	}
	return nil
}

func templateProblem(kind string, err error) error {
	return catalog.Problems{{File: templateDir + "/" + kind + ".html", What: catalog.Text{It: err.Error(), En: err.Error()}}}
}

// textsUsed collects the keys that a template names: `t "key"` and the families of `tf "family" value`. A key that is not
// written out could not be checked, so it is an error.
func textsUsed(n parse.Node, kind string, used map[string]string, families map[string]bool) error {
	var bad error
	var walk func(parse.Node)
	command := func(c *parse.CommandNode) {
		id, ok := c.Args[0].(*parse.IdentifierNode)
		if !ok || (id.Ident != "t" && id.Ident != "tf" && id.Ident != "tn") {
			return
		}
		lit, ok := (parse.Node)(nil), false
		if len(c.Args) > 1 {
			lit = c.Args[1]
			_, ok = lit.(*parse.StringNode)
		}
		if !ok {
			bad = cmp.Or(bad, error(catalog.Problems{{File: templateDir + "/" + kind + ".html", What: catalog.Text{
				It: "la chiave di un testo va scritta per intero: " + c.String(), En: "the key of a text must be written out: " + c.String()}}}))
			return
		}
		key := lit.(*parse.StringNode).Text
		file := templateDir + "/" + kind + ".html"
		switch id.Ident {
		case "t":
			used[key] = file
		case "tn":
			used[key+".uno"], used[key+".altri"] = file, file
		case "tf":
			families[key+"."] = true
		}
	}
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			if n == nil {
				return
			}
			for _, c := range n.Nodes {
				walk(c)
			}
		case *parse.ActionNode:
			walk(n.Pipe)
		case *parse.TemplateNode:
			walk(n.Pipe)
		case *parse.IfNode:
			walk(n.Pipe)
			walk(n.List)
			walk(n.ElseList)
		case *parse.RangeNode:
			walk(n.Pipe)
			walk(n.List)
			walk(n.ElseList)
		case *parse.WithNode:
			walk(n.Pipe)
			walk(n.List)
			walk(n.ElseList)
		case *parse.PipeNode:
			if n == nil {
				return
			}
			for _, c := range n.Cmds {
				command(c)
				for _, a := range c.Args {
					walk(a)
				}
			}
		}
	}
	walk(n)
	return bad
}
