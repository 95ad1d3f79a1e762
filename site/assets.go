package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
)

// fontFiles are the faces in use, of the family of Italian public sites: text and bold (600 serves 700 too). Code has the reader's own face, since a third
// file would be a sixth of what a page may weigh.
var fontFiles = []string{
	"Titillium_Web/titillium-web-v10-latin-ext_latin-regular.woff2",
	"Titillium_Web/titillium-web-v10-latin-ext_latin-600.woff2",
}

// contentKey names a content by everything it was made from.
func contentKey(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// packageVersion reads the installed version of a front-end package.
func packageVersion(root, name string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(root, "site", "node_modules", filepath.FromSlash(name), "package.json"))
	if err != nil {
		return "", fmt.Errorf("site: %w", err)
	}
	var p struct{ Version string }
	if err := json.Unmarshal(raw, &p); err != nil {
		return "", fmt.Errorf("site: %s: %w", name, err)
	}
	return p.Version, nil
}

// assets writes style sheet, script, fonts and icon below assets/ and says where they are.
func (b *builder) assets() error {
	var err error
	if b.common.CSS, err = b.hashed("assets/piccoli", ".css", b.css); err != nil {
		return err
	}
	if b.common.JS, err = b.hashed("assets/piccoli", ".js", b.js); err != nil {
		return err
	}
	for _, f := range fontFiles {
		raw, err := os.ReadFile(filepath.Join(b.root, "site", "node_modules", "bootstrap-italia", "dist", "fonts", filepath.FromSlash(f)))
		if err != nil {
			return fmt.Errorf("site: %w", err)
		}
		path := "assets/fonts/" + filepath.Base(f)
		if err := b.tree.Put(path, raw); err != nil {
			return err
		}
		b.common.Fonts = append(b.common.Fonts, path)
	}
	icon, err := os.ReadFile(filepath.Join(b.root, "site", "assets", "favicon.svg"))
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	if b.common.Icon, err = b.hashed("assets/favicon", ".svg", icon); err != nil {
		return err
	}
	if err := b.icons(); err != nil {
		return err
	}
	if err := b.laboratoryAssets(); err != nil {
		return err
	}
	return b.pictures()
}

// hashed writes a file whose name holds its content's hash, so that browsers may keep it for good.
func (b *builder) hashed(stem, ext string, body []byte) (string, error) {
	sum := sha256.Sum256(body)
	path := stem + "-" + hex.EncodeToString(sum[:4]) + ext
	return path, b.tree.Put(path, body)
}

// styleSheet is bootstrap-italia's CSS cut to what templates, texts and script use, and the site's own rules after it.
func (p *Prepared) styleSheet(ctx context.Context) ([]byte, error) {
	dir := filepath.Join(p.root, "site")
	look := filepath.Join(dir, "node_modules", "bootstrap-italia", "dist", "css", "bootstrap-italia.min.css")
	tool := filepath.Join(dir, "assets", "purga.mjs")
	own := filepath.Join(dir, "assets", "piccoli.css")
	var content []string
	for _, glob := range []string{"templates/*.html", "assets/*.js"} {
		names, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(glob)))
		if err != nil {
			return nil, err
		}
		slices.Sort(names)
		content = append(content, names...)
	}
	parts := []string{"css"}
	for _, f := range append([]string{look, tool, own}, content...) {
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		parts = append(parts, filepath.Base(f), string(raw))
	}
	css, err := p.blobs.get(contentKey(parts...), func() (string, error) {
		cmd := exec.CommandContext(ctx, "node", append([]string{tool, look, own}, content...)...)
		cmd.Dir = dir
		var out, diag bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &diag
		if err := cmd.Run(); err != nil {
			return "", fmt.Errorf("site: node assets/purga.mjs: %w\n%s", err, lastLines(diag.String(), 8))
		}
		res := api.Transform(out.String(), api.TransformOptions{Loader: api.LoaderCSS, MinifyWhitespace: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone})
		if err := buildErrors("assets/piccoli.css", res.Errors); err != nil {
			return "", err
		}
		return string(res.Code), nil
	})
	return []byte(css), err
}

// bundled writes a script made from site/assets/<entry> and the packages that it imports.
func (b *builder) bundled(entry, stem string) (string, error) {
	js, err := b.bundle(entry)
	if err != nil {
		return "", err
	}
	return b.hashed(stem, ".js", js)
}

// bundle is a script of site/assets with what it imports, as one file that runs by itself.
func (p *Prepared) bundle(entry string) ([]byte, error) {
	own, err := filepath.Glob(filepath.Join(p.root, "site", "assets", "*.js"))
	if err != nil {
		return nil, err
	}
	slices.Sort(own)
	from := []string{"js", entry}
	for _, f := range append(own, filepath.Join(p.root, "site", "package-lock.json")) {
		raw, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		from = append(from, filepath.Base(f), string(raw))
	}
	js, err := p.blobs.get(contentKey(from...), func() (string, error) {
		made, err := p.bundleNow(entry)
		return string(made), err
	})
	return []byte(js), err
}

func (p *Prepared) bundleNow(entry string) ([]byte, error) {
	res := api.Build(api.BuildOptions{
		EntryPoints:   []string{filepath.Join(p.root, "site", "assets", entry)},
		AbsWorkingDir: filepath.Join(p.root, "site"),
		Bundle:        true, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Platform: api.PlatformBrowser,
		Format: api.FormatIIFE, Target: api.ES2021, Charset: api.CharsetUTF8, LogLevel: api.LogLevelSilent,
		LegalComments: api.LegalCommentsNone, Write: false,
	})
	if err := buildErrors("assets/"+entry, res.Errors); err != nil {
		return nil, err
	}
	return res.OutputFiles[0].Contents, nil
}

func buildErrors(file string, msgs []api.Message) error {
	if len(msgs) == 0 {
		return nil
	}
	m := msgs[0]
	if m.Location != nil {
		return fmt.Errorf("site/%s:%d:%d: %s", file, m.Location.Line, m.Location.Column+1, m.Text)
	}
	return fmt.Errorf("site/%s: %s", file, m.Text)
}
