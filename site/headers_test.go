package site

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	nginxHeader = regexp.MustCompile(`(?m)^\s*add_header (\S+) (?:"([^"]*)"|\$(\w+)) always;`)
	nginxMap    = regexp.MustCompile(`(?ms)^map \$uri \$(\w+) \{\n(.*?)^\}`)
	nginxCase   = regexp.MustCompile(`(?m)^\s*(?:default|~\^(\S+))\s+"([^"]*)";`)
	caddyHeader = regexp.MustCompile(`(?m)^\s*header (?:(/\S*)\* |@[a-z]+ )?([A-Za-z-]+) "([^"]*)"`)
)

// flat is header → path prefix → value.
type flat map[string]map[string]string

func (f flat) put(name, prefix, value string) {
	if value == "" {
		return
	}
	if f[name] == nil {
		f[name] = map[string]string{}
	}
	f[name][prefix] = value
}

// TestServerSamples wants the samples for nginx and Caddy to send what Headers says, no more and no less.
func TestServerSamples(t *testing.T) {
	want := flat{}
	for _, h := range append([]Header{TransportSecurity}, Headers...) {
		for _, v := range h.Values {
			want.put(h.Name, v.Prefix, v.Value)
		}
	}
	read := func(name string) string {
		raw, err := os.ReadFile(filepath.Join("server", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}

	nginx, got := read("nginx.conf"), flat{}
	maps := flat{}
	for _, m := range nginxMap.FindAllStringSubmatch(nginx, -1) {
		for _, c := range nginxCase.FindAllStringSubmatch(m[2], -1) {
			prefix := c[1]
			if prefix == "" {
				prefix = "/"
			}
			maps.put(m[1], prefix, c[2])
		}
	}
	for _, m := range nginxHeader.FindAllStringSubmatch(nginx, -1) {
		if m[3] == "" {
			got.put(m[1], "/", m[2])
			continue
		}
		for prefix, value := range maps[m[3]] {
			got.put(m[1], prefix, value)
		}
	}
	if n := len(regexp.MustCompile(`(?m)^\s*add_header `).FindAllString(nginx, -1)); n != len(got) {
		t.Errorf("nginx.conf: %d add_header, %d read", n, len(got))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nginx.conf (-headers.go +sample):\n%s", diff)
	}
	types := []string{"text/html"} // which nginx always compresses, and does not want named
	if m := regexp.MustCompile(`(?s)gzip_types (.*?);`).FindStringSubmatch(nginx); m != nil {
		types = append(types, strings.Fields(m[1])...)
	}
	if diff := cmp.Diff(compressedTypes, types); diff != "" {
		t.Errorf("gzip_types in nginx.conf (-headers.go +sample):\n%s", diff)
	}

	got = flat{}
	for _, m := range caddyHeader.FindAllStringSubmatch(read("Caddyfile"), -1) {
		prefix := m[1]
		if prefix == "" {
			prefix = "/"
		}
		if m[2] != "Content-Type" {
			got.put(m[2], prefix, m[3])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Caddyfile (-headers.go +sample):\n%s", diff)
	}
}

// TestServedHeaders asks the local server for a page, an asset, a file of data and an address that is not there.
func TestServedHeaders(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"index.html", "404.html", "assets/a.css", "data/x.csv"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(Handler(dir))
	defer server.Close()
	for path, status := range map[string]int{"/": 200, "/assets/a.css": 200, "/data/x.csv": 200, "/nulla/": 404} {
		resp, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s: %d, not %d", path, resp.StatusCode, status)
		}
		for _, h := range Headers {
			if got := resp.Header.Get(h.Name); got != h.In(path) {
				t.Errorf("%s: %s is %q, not %q", path, h.Name, got, h.In(path))
			}
		}
		if resp.Header.Get(TransportSecurity.Name) != "" {
			t.Errorf("%s: %s on a local server", path, TransportSecurity.Name)
		}
	}
	raw, err := os.ReadFile(filepath.Join("templates", "_layout.html"))
	if err != nil {
		t.Fatal(err)
	}
	meta := strings.TrimSuffix(Headers[0].In("/"), "; frame-ancestors 'none'")
	asIs := regexp.MustCompile(`\{\{if eq \.Kind "laboratorio"\}\} 'wasm-unsafe-eval'; worker-src 'self'\{\{end\}\}`).ReplaceAllString(string(raw), "")
	if !strings.Contains(asIs, `content="`+meta+`"`) {
		t.Errorf("the pages' meta element has another policy than the header: %s", meta)
	}
	for path, wasm := range map[string]bool{"/": false, "/laboratorio/": true, "/en/laboratorio/": true, "/assets/laboratorio/x.js": true, "/assets/x.js": false} {
		if strings.Contains(Headers[0].In(path), "'wasm-unsafe-eval'") != wasm {
			t.Errorf("%s: WebAssembly allowed is not %t", path, wasm)
		}
	}
}

// TestServedCompressed asks for text as a browser does, for the same as a program that takes none compressed, and for a picture.
func TestServedCompressed(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("<p>piccoli comuni</p>\n", 400)
	for _, name := range []string{"index.html", "404.html", "a.csv", "a.png"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(Handler(dir))
	defer server.Close()
	for _, c := range []struct {
		path, accepts, encoding string
	}{{"/", "gzip, deflate, br, zstd", "gzip"}, {"/a.csv", "gzip", "gzip"}, {"/nulla/", "gzip", "gzip"}, {"/", "identity", ""}, {"/a.png", "gzip", ""}} {
		req, err := http.NewRequest(http.MethodGet, server.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", c.accepts)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var body io.Reader = resp.Body
		if c.encoding != "" {
			if body, err = gzip.NewReader(resp.Body); err != nil {
				t.Fatalf("%s: %v", c.path, err)
			}
		}
		raw, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Header.Get("Content-Encoding"); got != c.encoding || string(raw) != text {
			t.Errorf("%s for %q: encoding %q, not %q; %d bytes of %d", c.path, c.accepts, got, c.encoding, len(raw), len(text))
		}
		if got := resp.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("%s: Vary is %q", c.path, got)
		}
	}
}
