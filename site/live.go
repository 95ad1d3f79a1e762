package site

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Live makes open pages load themselves again when the site has changed. It only adds to what a local preview sends: the files stay as they are.
type Live struct {
	mu      sync.Mutex
	waiting map[chan struct{}]bool
}

// Changed tells every open page.
func (l *Live) Changed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.waiting {
		close(c)
	}
	l.waiting = nil
}

const (
	livePath   = "/_ricarica"
	liveScript = "new EventSource('" + livePath + "').onmessage = () => location.reload()\n"
	liveTag    = `<script src="` + livePath + `.js" defer></script>`
)

// Handler serves dir as the package's Handler does, with the script that listens in every page.
func (l *Live) Handler(dir string) http.Handler {
	plain := Handler(dir)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == livePath:
			l.wait(w, r)
		case r.URL.Path == livePath+".js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = w.Write([]byte(liveScript)) // the reader may have gone
		case strings.HasSuffix(r.URL.Path, "/"):
			page, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(filepath.Clean(r.URL.Path)), "index.html"))
			if err != nil {
				plain.ServeHTTP(w, r)
				return
			}
			setHeaders(w, r)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write(bytes.Replace(page, []byte("</body>"), []byte(liveTag+"</body>"), 1))
		default:
			plain.ServeHTTP(w, r)
		}
	})
}

// wait sends one event when the site changes.
func (l *Live) wait(w http.ResponseWriter, r *http.Request) {
	c := make(chan struct{})
	l.mu.Lock()
	if l.waiting == nil {
		l.waiting = map[chan struct{}]bool{}
	}
	l.waiting[c] = true
	l.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	select {
	case <-c:
		fmt.Fprint(w, "data: nuovo\n\n")
	case <-r.Context().Done():
		l.mu.Lock()
		delete(l.waiting, c)
		l.mu.Unlock()
	}
}
