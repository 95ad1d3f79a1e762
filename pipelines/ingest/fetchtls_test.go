package ingest

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFetchUnciphered meets servers with which there is no safe connection, or which lead away from it.
func TestFetchUnciphered(t *testing.T) {
	good := http.HandlerFunc(whole(calls, `"a"`))
	plain := httptest.NewServer(good)
	stranger := httptest.NewTLSServer(good)
	old := httptest.NewUnstartedServer(good)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.StartTLS()
	down := httptest.NewTLSServer(http.RedirectHandler(plain.URL+"/avvisi.csv", http.StatusFound))
	for _, s := range []*httptest.Server{plain, stranger, old, down} {
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		t.Cleanup(s.Close)
	}
	for name, c := range map[string]struct {
		server *httptest.Server
		trust  bool
		want   string
	}{
		"a certificate of nobody":        {stranger, false, "the certificate of HOST is not valid"},
		"a certificate that is known":    {stranger, true, ""},
		"encryption of the last century": {old, true, "with HOST no encryption can be agreed upon (TLS)"},
		"no encryption at all":           {plain, false, "with HOST no encryption can be agreed upon (TLS)"},
		"a way out of encryption":        {down, true, "HOST sends on to an address without encryption (http): it is not followed"},
	} {
		t.Run(name, func(t *testing.T) {
			host := strings.TrimPrefix(strings.TrimPrefix(c.server.URL, "http://"), "https://")
			f := newFetching(t, "https://"+host)
			if c.trust {
				f.web.client.Transport.(*http.Transport).TLSClientConfig = c.server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
			}
			want, left := "avvisi.csv non riuscito: "+strings.ReplaceAll(c.want, "HOST", host), []string(nil)
			if c.want == "" {
				want, left = "avvisi.csv nuovo avvisi_2026-08-22.csv", []string{"avvisi_2026-08-22.csv"}
			}
			if got := f.run(t); got != want || len(f.notes) > 0 {
				t.Errorf("got  %s %v\nwant %s", got, f.notes, want)
			}
			if d := cmp.Diff(left, f.left(t)); d != "" {
				t.Errorf("left, -want +got:\n%s", d)
			}
		})
	}
}
