package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// common is what every page shows beside its own content.
type common struct {
	Publisher  Publisher
	Official   bool
	BaseURL    string
	BasePath   string
	AsOf       string // ISO date of the data
	Simulated  bool
	CSS, JS    string // paths of the assets, with their content's hash in the name
	Fonts      []string
	Icon       string
	TouchIcon  string
	Laboratory string                       // the SQL page's own script
	Pictures   map[string]map[string]string // language → kind of page → the picture shown beside links to it
	Index      map[string]string            // language → path of its search index
	Glossario  map[string][]termine         // language → the words that the page on the method explains
}

// layout is what the outermost template gets: of the page and of what all pages show, what templates name. It embeds neither, since a field is sought by its
// name a hundred times a page, and those of an embedded struct take ten times as long.
type layout struct {
	Kind, File, Section string
	Title, Description  catalog.Text
	Crumbs              []crumb
	Linked              map[string]linkedData
	Rinvia, Feed        string
	Data                any
	Publisher           Publisher
	Official, Simulated bool
	AsOf                string
	CSS, JS             string
	Fonts               []string
	Icon, TouchIcon     string
	Laboratory          string
	Index               map[string]string
	BaseURL             string
	Lang                string
	There               string // path from the site's root without index.html of the page in the other language
	Canonical           string
	Picture             string // address of the picture shown beside links to the page
	AlternateIt         string
	AlternateEn         string
}

func newLayout(p page, c common, lang string) layout {
	address := func(lang string) string {
		if p.Rinvia != "" {
			return c.BaseURL + langPrefix(lang) + p.Rinvia
		}
		return c.BaseURL + strings.TrimSuffix(p.file(lang), "index.html")
	}
	other := languages[0]
	if lang == other {
		other = languages[1]
	}
	return layout{Kind: p.Kind, File: p.File, Section: p.Section, Title: p.Title, Description: p.Description, Crumbs: p.Crumbs, Linked: p.Linked, Rinvia: p.Rinvia, Feed: p.Feed, Data: p.Data,
		Publisher: c.Publisher, Official: c.Official, Simulated: c.Simulated, AsOf: c.AsOf, CSS: c.CSS, JS: c.JS, Fonts: c.Fonts, Icon: c.Icon, TouchIcon: c.TouchIcon, Laboratory: c.Laboratory,
		Index: c.Index, BaseURL: c.BaseURL, Lang: lang, There: strings.TrimSuffix(p.file(other), "index.html"), Canonical: address(lang), Picture: c.BaseURL + c.Pictures[lang][p.Kind],
		AlternateIt: address("it"), AlternateEn: address("en")}
}

// renderer turns pages into files. It holds what all workers share and never changes.
type renderer struct {
	common common
	texts  *texts
	sets   map[string]map[string]*template.Template // language → kind → layout, parts and that kind's template
	global map[string][sha256.Size]byte             // kind → of everything that is not in a page of that kind
	tree   *release.Tree
}

func newRenderer(ts *templates, c common, tx *texts, t *release.Tree) (*renderer, error) {
	r := &renderer{common: c, texts: tx, tree: t, sets: ts.sets, global: map[string][sha256.Size]byte{}}
	every, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	for kind, d := range ts.digest {
		r.global[kind] = sha256.Sum256(slices.Concat(d[:], every))
	}
	return r, nil
}

// run writes all pages that produce yields, with that many workers. Pages are made as they are wanted and dropped when
// written. The first error stops everything.
func (r *renderer) run(ctx context.Context, workers int, produce func(yield func(page) error) error, done func()) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan page, 4*workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			w := r.newPainter()
			for p := range queue {
				if ctx.Err() != nil {
					continue
				}
				if err := w.paint(p); err != nil {
					stop(err)
					continue
				}
				done()
			}
		})
	}
	err := produce(func(p page) error {
		select {
		case queue <- p:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(queue)
	wg.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// painter is one worker: its own copies of the templates, whose functions know the language and the page at hand.
type painter struct {
	r     *renderer
	sets  map[string]map[string]*template.Template
	buf   bytes.Buffer
	still map[string]template.HTML // parts that several pages share: see once
	now   layout
	lang  string
	root  string // relative way to the site's root from the page at hand
}

func (r *renderer) newPainter() *painter {
	w := &painter{r: r, sets: map[string]map[string]*template.Template{}, still: map[string]template.HTML{}}
	for _, lang := range languages {
		w.sets[lang] = map[string]*template.Template{}
	}
	return w
}

// set is the worker's own copy of what paints a kind of page in the language at hand: made when first needed, since most builds paint few kinds.
func (w *painter) set(kind string) (*template.Template, error) {
	if own := w.sets[w.lang][kind]; own != nil {
		return own, nil
	}
	own, err := w.r.sets[w.lang][kind].Clone()
	if err != nil {
		return nil, err
	}
	w.sets[w.lang][kind] = own.Funcs(w.funcs())
	return own, nil
}

// part gives a piece of the layout that depends on language, depth and section alone.
func (w *painter) part(name string) (template.HTML, error) { return w.once(name, w.now, w.now.Section) }

// prova gives the link to the proof of a figure: a dataset, an anchor on its page, and what the figure is.
func (w *painter) prova(dataset, anchor, what string) (template.HTML, error) {
	return w.once("prova", map[string]string{"D": dataset, "A": anchor, "N": what}, dataset, anchor, what)
}

// parole gives the words of the glossary that a page uses, by their ids.
func (w *painter) parole(ids string) (template.HTML, error) { return w.once("parole", ids, ids) }

// once makes a part that follows from the language, the depth of the page and what is named, and keeps it for other pages: a dozen such parts stand on
// each of ten thousand pages.
func (w *painter) once(name string, data any, from ...string) (template.HTML, error) {
	key := strings.Join(append([]string{name, w.lang, w.root}, from...), "\x00")
	if s, ok := w.still[key]; ok {
		return s, nil
	}
	set, err := w.set(w.now.Kind)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, name, data); err != nil {
		return "", err
	}
	w.still[key] = template.HTML(b.String())
	return w.still[key], nil
}

// paint writes the page in both languages, or links the files of the last build where nothing in them changed.
func (w *painter) paint(p page) error {
	if w.r.sets[languages[0]][p.Kind] == nil {
		return fmt.Errorf("site: no template %s/%s.html", templateDir, p.Kind)
	}
	view, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("site: %s: %w", p.Path, err)
	}
	global := w.r.global[p.Kind]
	for _, lang := range languages {
		file := p.file(lang)
		key := sha256.Sum256(slices.Concat(global[:], []byte(lang), view))
		identity := hex.EncodeToString(key[:])
		kept, err := w.r.tree.Keep(file, identity)
		if err != nil {
			return err
		}
		if kept {
			continue
		}
		w.lang, w.root = lang, rootOf(file)
		if p.File == "404.html" { // shown at addresses of any depth
			w.root = w.r.common.BasePath
		}
		w.buf.Reset()
		lay := newLayout(p, w.r.common, lang)
		w.now = lay
		set, err := w.set(p.Kind)
		if err != nil {
			return err
		}
		if err := set.ExecuteTemplate(&w.buf, "layout", &lay); err != nil {
			return fmt.Errorf("site: %s: %w", file, err)
		}
		if err := w.r.tree.Write(file, identity, tidy(bytes.ReplaceAll(w.buf.Bytes(), rootMark, []byte(w.root)))); err != nil {
			return err
		}
	}
	return nil
}

// tidy drops the indentation and the empty lines that template actions leave behind, outside of <pre>.
func tidy(b []byte) []byte {
	out := make([]byte, 0, len(b))
	pre := false
	for len(b) > 0 {
		line, rest, _ := bytes.Cut(b, []byte{'\n'})
		b = rest
		if !pre {
			line = bytes.TrimSpace(line)
			if len(line) == 0 {
				continue
			}
		}
		switch {
		case bytes.Contains(line, []byte("</pre>")):
			pre = false
		case bytes.Contains(line, []byte("<pre")):
			pre = true
		}
		out = append(append(out, line...), '\n')
	}
	return out
}

// funcs are what templates may call; all are pure but for the language and the page at hand.
func (w *painter) funcs() template.FuncMap {
	return template.FuncMap{
		"t": func(key string, args ...string) (string, error) { return w.r.texts.get(w.lang, key, args...) },
		"tn": func(key string, n int64, args ...string) (string, error) {
			suffix := ".altri"
			if n == 1 {
				suffix = ".uno"
			}
			return w.r.texts.get(w.lang, key+suffix, append([]string{formatInt(w.lang, n)}, args...)...)
		},
		"tf":   func(family, value string) (string, error) { return w.r.texts.get(w.lang, family+"."+value) },
		"tx":   func(t catalog.Text) string { return t.In(w.lang) },
		"pick": func(it, en string) string { return catalog.Text{It: it, En: en}.In(w.lang) },
		"lang": func() string { return w.lang },
		"u":    func(path string) template.URL { return template.URL(w.root + langPrefix(w.lang) + path) },
		"a":    func(path string) template.URL { return template.URL(w.root + path) },
		"data": func(iso, precision string) (string, error) { return formatDate(w.lang, iso, precision) },
		"eur":  func(s string) string { return formatEuro(w.lang, s) },
		"termine": func(id string) (string, error) {
			for _, g := range w.r.common.Glossario[w.lang] {
				if g.ID == id {
					return g.Nome, nil
				}
			}
			return "", fmt.Errorf("site/pages/metodo.%s.md: no word {#%s}", w.lang, id)
		},
		"prosa":  func(t catalog.Text) template.HTML { return template.HTML(t.In(w.lang)) }, // of Markdown, which lets no HTML through
		"part":   w.part,
		"prova":  w.prova,
		"parole": w.parole,
		"corr": func(address, key string) template.URL { // where to report a mistake in a row
			if address == "" {
				return template.URL(w.root + langPrefix(w.lang) + "correzioni/?riga=" + key)
			}
			return template.URL(address)
		},
		"qr":       qrCode, // drawn where a page is written: most builds write few of them
		"itoa":     itoa,
		"inc":      func(n int) int { return n + 1 },
		"itoa64":   func(n int) string { return itoa(int64(n)) },
		"split":    strings.Fields,
		"anc":      anchor,
		"decimali": func(s string) string { return catalog.FormatAmount(w.lang, s) },
		"cambio":   func(s string) string { return catalog.FormatChange(w.lang, s) },
		"num": func(v any) (string, error) {
			switch v := v.(type) {
			case string:
				return formatNumber(w.lang, v), nil
			case int64:
				return formatInt(w.lang, v), nil
			case int:
				return formatInt(w.lang, int64(v)), nil
			}
			return "", fmt.Errorf("num: %T", v)
		},
		"breve": brief,
		"size":  func(bytes int64) string { return formatSize(w.lang, bytes) },
		"len64": func(v any) (int64, error) {
			n, err := lengthOf(v)
			return int64(n), err
		},
		"dict": func(kv ...any) (map[string]any, error) {
			if len(kv)%2 != 0 {
				return nil, errors.New("dict: keys and values must pair")
			}
			m := map[string]any{}
			for i := 0; i < len(kv); i += 2 {
				k, ok := kv[i].(string)
				if !ok {
					return nil, errors.New("dict: a key is no text")
				}
				m[k] = kv[i+1]
			}
			return m, nil
		},
	}
}
