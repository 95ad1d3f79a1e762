package site

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

// Handler serves the folder as a plain web server would, text compressed: no listing of folders, and the site's own page where there is none.
func Handler(dir string) http.Handler {
	compressed, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false), gzhttp.ContentTypes(compressedTypes))
	if err != nil {
		panic(err) // the options are ours
	}
	files := http.FileServer(http.Dir(dir))
	return compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w, r)
		path := filepath.Join(dir, filepath.FromSlash(filepath.Clean("/"+r.URL.Path)))
		info, err := os.Stat(path)
		if err == nil && info.IsDir() {
			_, err = os.Stat(filepath.Join(path, "index.html"))
		}
		if err != nil {
			notFound(w, dir)
			return
		}
		files.ServeHTTP(w, r)
	}))
}

func setHeaders(w http.ResponseWriter, r *http.Request) {
	for _, h := range Headers {
		if v := h.In(r.URL.Path); v != "" {
			w.Header().Set(h.Name, v)
		}
	}
}

func notFound(w http.ResponseWriter, dir string) {
	page, err := os.ReadFile(filepath.Join(dir, "404.html"))
	if err != nil {
		http.Error(w, "404", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write(page) // the reader may have gone
}

// Serve answers on an address of this computer until ctx ends.
func Serve(ctx context.Context, handler http.Handler, addr string, log func(string)) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	log("http://" + l.Addr().String() + "/")
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("site: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := server.Shutdown(stop); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("site: %w", err)
	}
	return nil
}
