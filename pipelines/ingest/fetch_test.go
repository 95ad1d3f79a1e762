package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/google/go-cmp/cmp"

	"piccoli/pipelines/catalog"
)

var hashes = regexp.MustCompile(`,[0-9a-f]{64},`)

const calls = "titolo,stato\nUno,APERTO\nDue,CHIUSO\n"

// publisher answers each request with the next of its answers, the last one again and again, and keeps what it was asked.
type publisher struct {
	*httptest.Server
	answers []http.HandlerFunc
	asked   []string // the headers that matter
}

func newPublisher(t *testing.T, answers ...http.HandlerFunc) *publisher {
	p := &publisher{answers: answers}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked []string
		for _, h := range []string{"Range", "If-Range", "If-None-Match", "If-Modified-Since"} {
			if v := r.Header.Get(h); v != "" {
				asked = append(asked, h+": "+v)
			}
		}
		if r.Header.Get("User-Agent") != "piccoli" {
			t.Errorf("User-Agent %q", r.Header.Get("User-Agent"))
		}
		p.asked = append(p.asked, strings.Join(asked, " "))
		answer := p.answers[0]
		if len(p.answers) > 1 {
			p.answers = p.answers[1:]
		}
		answer(w, r)
	}))
	p.Config.ErrorLog = nil
	t.Cleanup(p.Close)
	return p
}

// whole serves the text as a good server does, with ranges and conditions.
func whole(text, tag string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if tag != "" {
			w.Header().Set("ETag", tag)
		}
		http.ServeContent(w, r, "avvisi.csv", time.Time{}, strings.NewReader(text))
	}
}

// cut announces the whole text and breaks off after n bytes.
func cut(text, tag string, n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", tag)
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		fmt.Fprint(w, text[:n])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// deaf serves the text whole, whatever range is asked for.
func deaf(text, tag string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", tag)
		fmt.Fprint(w, text)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// raw sends bytes as they are and closes.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		fmt.Fprint(conn, answer)
		conn.Close()
	}
}

// endless sends chunks until nobody listens.
func endless(w http.ResponseWriter, _ *http.Request) {
	line := []byte(strings.Repeat("Uno,APERTO\n", 100))
	for {
		if _, err := w.Write(line); err != nil {
			return
		}
	}
}

// dripping sends a byte now and then: never silent for long, and never done.
func dripping(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"a"`)
	w.Header().Set("Content-Length", "4000")
	for r.Context().Err() == nil {
		fmt.Fprint(w, "x")
		w.(http.Flusher).Flush()
		time.Sleep(5 * time.Millisecond)
	}
}

// rest answers a request for the rest of a file with that text, of which there is said to be so much in all.
func rest(text string, from, all int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, from+len(text)-1, all))
		w.WriteHeader(http.StatusPartialContent)
		fmt.Fprint(w, text)
	}
}

// fetching is a project's folder with a source of one file.
type fetching struct {
	*Fetcher
	source FetchSource
	notes  []string
	waits  []time.Duration
}

func newFetching(t *testing.T, base string) *fetching {
	f := &fetching{source: FetchSource{Name: "prova", Files: []FetchFile{{Name: "avvisi.csv", URL: base + "/avvisi.csv", Contract: "queries/staging/avvisi.sql", Line: 9, Gzip: true}}}}
	f.Fetcher = &Fetcher{Root: t.TempDir(), Today: "2026-08-22", Step: func(string, int, int) {}, Note: func(text catalog.Text) { f.notes = append(f.notes, text.En) }}
	f.restart()
	return f
}

// restart forgets what a run of the program knows.
func (f *fetching) restart() {
	f.web = newWeb(f.Note)
	f.web.firstWait, f.web.idle, f.web.longest = time.Microsecond, 300*time.Millisecond, 10*time.Second
	f.web.asked = func(d time.Duration) time.Duration { f.waits = append(f.waits, d); return 0 }
}

// run fetches and says in one line a file what became of it.
func (f *fetching) run(t *testing.T) string {
	t.Helper()
	got, err := f.Fetch(t.Context(), f.source)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range got {
		line := r.File + " " + string(r.Outcome)
		if r.Stored != "" {
			line += " " + strings.TrimPrefix(r.Stored, "data/raw/prova/")
		}
		if r.Problem != nil {
			line += ": " + r.Problem.What.En
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func (f *fetching) file(name string) string {
	return filepath.Join(f.Root, "data", "raw", "prova", name)
}

func (f *fetching) text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(f.file(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// left are the names in the source's folder and in that of its partial files.
func (f *fetching) left(t *testing.T) []string {
	t.Helper()
	out, err := doublestar.Glob(os.DirFS(f.file("")), "**", doublestar.WithFilesOnly())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFetchFaults has one case for each way in which a server can fail, each a run of its own.
func TestFetchFaults(t *testing.T) {
	const good = "avvisi.csv nuovo avvisi_2026-08-22.csv"
	const day = "avvisi_2026-08-22.csv"
	page := "<!doctype html><title>Accesso alla rete</title>"
	long := strings.Repeat("x", 5000)
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		want    string // … stands for what nobody knows before
		asked   []string
		waits   []time.Duration
		limit   int64
		longest time.Duration
		left    []string // beside what is wanted
	}{
		"a good answer":          {answers: []http.HandlerFunc{whole(calls, `"a"`)}, want: good, asked: []string{""}},
		"out of order, then not": {answers: []http.HandlerFunc{status(500), status(503), whole(calls, "")}, want: good, asked: []string{"", "", ""}},
		"out of order for good":  {answers: []http.HandlerFunc{status(500)}, want: "avvisi.csv non riuscito: the server is out of order or busy (HTTP 500)", asked: []string{"", "", "", "", ""}},
		"asks for patience":      {answers: []http.HandlerFunc{status(429, "Retry-After", "7"), whole(calls, "")}, want: good, waits: []time.Duration{7 * time.Second}},
		"asks for a day":         {answers: []http.HandlerFunc{status(429, "Retry-After", "86400")}, want: "avvisi.csv non riuscito: the server asks to come back in 24h0m0s (HTTP 429)", asked: []string{""}},
		"cut, then the rest":     {answers: []http.HandlerFunc{cut(calls, `"a"`, 20), whole(calls, `"a"`)}, want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`}},
		"cut twice": {answers: []http.HandlerFunc{cut(calls, `"a"`, 20), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"a"`)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 20-%d/%d", len(calls)-1, len(calls)))
			w.Header().Set("Content-Length", strconv.Itoa(len(calls)-20))
			w.WriteHeader(206)
			fmt.Fprint(w, calls[20:25])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, whole(calls, `"a"`)}, want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`, `Range: bytes=25- If-Range: "a"`}},
		"cut, and no range known":    {answers: []http.HandlerFunc{cut(calls, `"a"`, 20), deaf(calls, `"a"`)}, want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`}},
		"cut, and the file changed":  {answers: []http.HandlerFunc{cut("vecchio e più lungo di quello che viene dopo", `"a"`, 20), whole(calls, `"b"`)}, want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`}},
		"cut, without a strong ETag": {answers: []http.HandlerFunc{cut(calls, `W/"a"`, 20), whole(calls, `W/"a"`)}, want: good, asked: []string{"", ""}},
		"cut, and another part comes": {answers: []http.HandlerFunc{cut(calls, `"a"`, 20), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 10-%d/%d", len(calls)-1, len(calls)))
			w.WriteHeader(206)
			fmt.Fprint(w, calls[10:])
		}, whole(calls, `"a"`)}, want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`, ""}},
		"cut, and the rest is refused": {answers: []http.HandlerFunc{cut(calls, `"a"`, 20), status(416), whole(calls, `"a"`)}, want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`, ""}},
		"cut again and again": {answers: []http.HandlerFunc{cut(calls, `"a"`, 20), cut(calls, `"a"`, 20)}, want: fmt.Sprintf("avvisi.csv non riuscito: the connection broke after 20 bytes of %d", len(calls)),
			left: []string{".stato/avvisi.csv.part", ".stato/avvisi.csv.part.json"}},
		"a length that is not reached": {answers: []http.HandlerFunc{raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4000\r\n\r\n" + calls)}, want: fmt.Sprintf("avvisi.csv non riuscito: the connection broke after %d bytes of 4000", len(calls))},
		"no length at all":             {answers: []http.HandlerFunc{raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + calls)}, want: "avvisi.csv non riuscito: the server does not say how long the file is: one could not see whether it comes whole"},
		"chunks":                       {answers: []http.HandlerFunc{raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na,b\n1\r\n3\r\n,2\n\r\n0\r\n\r\n")}, want: good},
		"chunks cut short":             {answers: []http.HandlerFunc{raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na,b\n1\r\n3\r\n,")}, want: "avvisi.csv non riuscito: the connection broke after 6 bytes"},
		"falls silent": {answers: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"a"`)
			w.Header().Set("Content-Length", strconv.Itoa(len(calls)))
			fmt.Fprint(w, calls[:20])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, whole(calls, `"a"`)}, want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`}},
		"is gone": {answers: []http.HandlerFunc{status(404)}, want: "avvisi.csv non riuscito: the publisher does not have the file URL/avvisi.csv", asked: []string{""}},
		"a page by its type": {answers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "Accesso alla rete")
		}}, want: "avvisi.csv non riuscito: a web page came in place of the file"},
		"a page by its text": {answers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			fmt.Fprint(w, "\xef\xbb\xbf\r\n "+page)
		}}, want: "avvisi.csv non riuscito: a web page came in place of the file"},
		"nothing in it":  {answers: []http.HandlerFunc{whole("", "")}, want: "avvisi.csv non riuscito: the file is empty"},
		"too long":       {answers: []http.HandlerFunc{deaf(long, "")}, limit: 4000, want: "avvisi.csv non riuscito: the file is beyond 4000 byte", asked: []string{""}},
		"without an end": {answers: []http.HandlerFunc{endless}, limit: 4000, want: "avvisi.csv non riuscito: the file is beyond 4000 byte", asked: []string{""}},
		"in drops": {answers: []http.HandlerFunc{dripping}, longest: 50 * time.Millisecond, want: "avvisi.csv non riuscito: the server is too slow: … bytes in 50ms", asked: []string{""},
			left: []string{".stato/avvisi.csv.part", ".stato/avvisi.csv.part.json"}},
		"cut, and under the same ETag the file is longer": {answers: []http.HandlerFunc{cut(calls, `"a"`, 20), rest(calls[20:], 20, len(calls)+7, "ETag", `"a"`), whole(calls, `"a"`)}, want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`, ""}},
		"cut, and under the same ETag the file is newer": {answers: []http.HandlerFunc{cut(calls, `"a"`, 20), rest(strings.ToUpper(calls[20:]), 20, len(calls), "ETag", `"a"`, "Last-Modified", "Sat, 22 Aug 2026 10:00:00 GMT"), whole(calls, `"a"`)},
			want: good, asked: []string{"", `Range: bytes=20- If-Range: "a"`, ""}},
		"a bomb": {answers: []http.HandlerFunc{deaf(gzipped(t, "titolo,stato\n"+strings.Repeat("\n", freeRatio)), "")}, want: "avvisi.csv non riuscito: unpacked, the file is beyond 64 MiB: too much for its size (… byte)", asked: []string{""}},
		"a bomb of the transfer": {answers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, gzipped(t, strings.Repeat("\n", 1<<20)))
		}}, want: "avvisi.csv non riuscito: the server sends the file packed (gzip) without being asked", asked: []string{""}},
		"a redirect to another host":    {answers: []http.HandlerFunc{status(302, "Location", "http://localhost:1/avvisi.csv")}, want: "avvisi.csv non riuscito: HOST sends on to another server, localhost: it is not followed", asked: []string{""}},
		"redirects without end":         {answers: []http.HandlerFunc{status(302, "Location", "/avvisi.csv")}, want: "avvisi.csv non riuscito: HOST sends from one address to the next without end"},
		"asks for patience until a day": {answers: []http.HandlerFunc{status(503, "Retry-After", "Wed, 21 Oct 2099 07:28:00 GMT")}, want: "avvisi.csv non riuscito: the server asks to come back in … (HTTP 503)", asked: []string{""}},
		"access denied":                 {answers: []http.HandlerFunc{status(403)}, want: "avvisi.csv non riuscito: the server denies access (HTTP 403)", asked: []string{""}},
		"a redirect":                    {answers: []http.HandlerFunc{status(302, "Location", "/altrove"), whole(calls, "")}, want: good},
		"not asked, 304":                {answers: []http.HandlerFunc{status(304)}, want: "avvisi.csv non riuscito: the server answered in a way that is not provided for (HTTP 304)"},
		"packed unasked": {answers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "xxxx")
		}}, want: "avvisi.csv non riuscito: the server sends the file packed (br) without being asked"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublisher(t, c.answers...)
			f := newFetching(t, p.URL)
			if c.limit > 0 {
				f.web.limit = c.limit
			}
			if c.longest > 0 {
				f.web.longest = c.longest
			}
			want := strings.NewReplacer("URL", p.URL, "HOST", strings.TrimPrefix(p.URL, "http://")).Replace(c.want)
			if got := f.run(t); !regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(want), "…", ".+") + "$").MatchString(got) {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if d := cmp.Diff(c.asked, p.asked); c.asked != nil && d != "" {
				t.Errorf("asked, -want +got:\n%s", d)
			}
			if d := cmp.Diff(c.waits, f.waits); d != "" {
				t.Errorf("waits, -want +got:\n%s", d)
			}
			left := c.left
			if c.want == good {
				left = []string{day}
				if got := f.text(t, day); got != calls && !strings.HasPrefix(name, "chunks") {
					t.Errorf("kept: %q", got)
				}
			}
			if d := cmp.Diff(left, f.left(t)); d != "" {
				t.Errorf("left, -want +got:\n%s", d)
			}
		})
	}
}

// TestFetchResumes goes on in a second run where a first one was cut, unless the part has been spoilt.
func TestFetchResumes(t *testing.T) {
	for name, spoil := range map[string]bool{"as it was": false, "spoilt": true} {
		t.Run(name, func(t *testing.T) {
			p := newPublisher(t, cut(calls, `"a"`, 20))
			f := newFetching(t, p.URL)
			f.run(t)
			f.restart()
			if spoil {
				if err := os.WriteFile(f.file(".stato/avvisi.csv.part"), make([]byte, 20), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			p.answers, p.asked = []http.HandlerFunc{whole(calls, `"a"`)}, nil
			if got := f.run(t); got != "avvisi.csv nuovo avvisi_2026-08-22.csv" || f.text(t, "avvisi_2026-08-22.csv") != calls {
				t.Error(got)
			}
			if resumed := p.asked[0] != ""; resumed == spoil {
				t.Error(p.asked)
			}
		})
	}
}

// TestFetchInterrupted stops at once, keeps what came and goes on from there.
func TestFetchInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := newPublisher(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Content-Length", strconv.Itoa(len(calls)))
		fmt.Fprint(w, calls[:20])
		w.(http.Flusher).Flush()
		time.Sleep(20 * time.Millisecond)
		cancel()
		<-r.Context().Done()
	}, whole(calls, `"a"`))
	f := newFetching(t, p.URL)
	if _, err := f.Fetch(ctx, f.source); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if got := f.run(t); got != "avvisi.csv nuovo avvisi_2026-08-22.csv" || p.asked[1] != `Range: bytes=20- If-Range: "a"` {
		t.Error(got, p.asked)
	}
}

// TestFetchHistory fetches day after day: what is the same adds no file, what is new does, and the lock file says so.
func TestFetchHistory(t *testing.T) {
	p := newPublisher(t, whole(calls, `"a"`))
	f := newFetching(t, p.URL)
	day := func(date, want, asked string, left ...string) {
		t.Helper()
		f.Today, p.asked = date, nil
		if got := f.run(t); got != want {
			t.Errorf("%s: got  %s\nwant %s", date, got, want)
		}
		if len(p.asked) > 0 && p.asked[0] != asked {
			t.Errorf("%s: asked %s", date, p.asked)
		}
		if d := cmp.Diff(left, f.left(t)); d != "" {
			t.Errorf("%s, left, -want +got:\n%s", date, d)
		}
	}
	const first, second, third = "avvisi_2026-08-22.csv", "avvisi_2026-08-25.csv", "avvisi_2026-08-26.csv"
	day("2026-08-22", "avvisi.csv nuovo "+first, "", first)
	day("2026-08-23", "avvisi.csv invariato "+first, `If-None-Match: "a"`, first)
	p.answers = []http.HandlerFunc{whole(calls, `"b"`)} // another tag, the same bytes
	day("2026-08-24", "avvisi.csv invariato "+first, `If-None-Match: "a"`, first)
	p.answers = []http.HandlerFunc{whole(calls+"Tre,APERTO\n", `"c"`)}
	day("2026-08-25", "avvisi.csv nuovo "+second, `If-None-Match: "b"`, first, second)
	p.answers = []http.HandlerFunc{whole(calls+"Quattro,APERTO\n", `"d"`)} // again on the same day
	day("2026-08-25", "avvisi.csv aggiornato "+second, `If-None-Match: "c"`, first, second)

	lock, err := os.ReadFile(filepath.Join(f.Root, "data", "raw", "prova.lock"))
	want := "file,date,bytes,sha256,seen,url,etag,last_modified\n" +
		`avvisi_2026-08-22.csv,2026-08-22,35,HASH,2026-08-24,URL/avvisi.csv,"""b""",` + "\n" +
		`avvisi_2026-08-25.csv,2026-08-25,50,HASH,2026-08-25,URL/avvisi.csv,"""d""",` + "\n"
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(hashes.ReplaceAllString(strings.ReplaceAll(string(lock), p.URL, "URL"), ",HASH,"), "\n")); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}

	if err := os.Remove(f.file(second)); err != nil { // lost, and the publisher still has it
		t.Fatal(err)
	}
	day("2026-08-26", "avvisi.csv ripreso "+second, "", first, second)
	if err := os.Remove(f.file(second)); err != nil { // lost, and the publisher has a newer one
		t.Fatal(err)
	}
	p.answers = []http.HandlerFunc{whole(calls, `"e"`)} // which is what it was at first
	day("2026-08-26", "avvisi.csv nuovo "+third, "", first, third)
	if n := f.notes[len(f.notes)-1]; n != "data/raw/prova: 1 files of the lock are not in the folder ("+second+"): whoever fetched them has them, or a mirror with snapshots/" {
		t.Error(n)
	}
	day("2026-08-21", "avvisi.csv invariato "+third, `If-None-Match: "e"`, first, third)
	p.answers = []http.HandlerFunc{whole(calls+"Cinque,APERTO\n", `"f"`)}
	day("2026-08-21", "avvisi.csv non riuscito: the last file is of 2026-08-26, today would be 2026-08-21", `If-None-Match: "e"`, first, third)

	if err := os.WriteFile(f.file(third), []byte(calls+"a mano\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	day("2026-08-27", third+" non riuscito: the file is not the one that was fetched: its bytes have changed", "", first, third)
	if len(p.asked) > 0 {
		t.Error("asked the publisher nevertheless", p.asked)
	}
}

// TestFetchByHand finds a file that was put into the folder by hand.
func TestFetchByHand(t *testing.T) {
	p := newPublisher(t, whole(calls, `"a"`))
	f := newFetching(t, p.URL)
	put := func(text string) {
		if err := os.MkdirAll(f.file(""), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.file("avvisi_2026-08-22.csv"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("altro\n")
	if got := f.run(t); got != "avvisi.csv non riuscito: there is a file of today, a different one, that does not come from `piccoli fetch`" || f.text(t, "avvisi_2026-08-22.csv") != "altro\n" {
		t.Error(got)
	}
	put(calls)
	if got := f.run(t); got != "avvisi.csv invariato avvisi_2026-08-22.csv" {
		t.Error(got)
	}
	if got := f.run(t); got != "avvisi.csv invariato avvisi_2026-08-22.csv" || p.asked[len(p.asked)-1] != `If-None-Match: "a"` {
		t.Error(got, p.asked)
	}
}

// TestFetchLock names what is wrong with a lock file.
func TestFetchLock(t *testing.T) {
	head, hash := strings.Join(lockColumns, ",")+"\n", strings.Repeat("0", 64)
	line := func(file, date string) string { return file + "," + date + ",1," + hash + ",2026-08-22,u,,\n" }
	for text, want := range map[string]string{
		"":      "data/raw/prova.lock:1: it does not have the columns file,date,bytes,sha256,seen,url,etag,last_modified",
		"a,b\n": "data/raw/prova.lock:1: unreadable line",
		head + line("avvisi_2026-08-22.csv", "2026-08-22"):                                               "",
		head + line("avvisi_2026-08-22.csv", "2026-08-23"):                                               "data/raw/prova.lock:2: unreadable line",
		head + line("../avvisi_2026-08-22.csv", "2026-08-22"):                                            "data/raw/prova.lock:2: unreadable line",
		head + line("avvisi_2026-08-32.csv", "2026-08-32"):                                               "data/raw/prova.lock:2: unreadable line",
		head + line("avvisi_2026-08-22.csv", "2026-08-22") + line("avvisi_2026-08-22.csv", "2026-08-22"): "data/raw/prova.lock:3: the file avvisi_2026-08-22.csv is repeated",
	} {
		root := t.TempDir()
		if err := os.MkdirAll(filepath.Join(root, "data", "raw"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "data", "raw", "prova.lock"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := readLock(root, "data/raw/prova.lock")
		var problems catalog.Problems
		errors.As(err, &problems)
		got, _, _ := strings.Cut(problems.In("en"), "\n")
		if got != want {
			t.Errorf("%q\n  got  %s\n  want %s", text, got, want)
		}
	}
}

// TestFetchUnreachable does not wait again and again for a host that does not answer.
func TestFetchUnreachable(t *testing.T) {
	p := newPublisher(t, whole(calls, ""))
	p.Close()
	f := newFetching(t, p.URL)
	second := f.source.Files[0]
	second.Name = "gare.csv"
	f.source.Files = append(f.source.Files, second)
	if got := f.run(t); strings.Count(got, "does not answer (it refuses the connection)") != 2 || len(f.notes) != maxTries-1 {
		t.Error(got, f.notes)
	}
	if _, err := os.Stat(filepath.Join(f.Root, "data", "raw", "prova.lock")); err == nil {
		t.Error("a lock file of nothing")
	}
}
