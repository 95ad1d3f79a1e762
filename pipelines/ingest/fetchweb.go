package ingest

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"

	"piccoli/pipelines/catalog"
)

// Limits of a download. The largest file of PA digitale 2026 has some 20 MB.
const (
	maxFetched = 2 << 30
	maxTries   = 5
	firstWait  = time.Second      // before the second try, then twice as long each time
	longestAsk = 5 * time.Minute  // a server that asks for more patience is taken at its word another day
	maxIdle    = 60 * time.Second // without a byte
	maxTime    = 30 * time.Minute // for one attempt: at 12 kB a second the largest file has come
)

// web fetches files over HTTP.
type web struct {
	client    *http.Client
	note      func(catalog.Text)
	firstWait time.Duration
	idle      time.Duration
	longest   time.Duration
	limit     int64
	asked     func(time.Duration) time.Duration // how long to wait where the server asks for so much
	silent    map[string]bool                   // hosts that could not be reached: the next file tries them once
}

func newWeb(note func(catalog.Text)) *web {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second
	return &web{note: note, firstWait: firstWait, idle: maxIdle, longest: maxTime, limit: maxFetched, asked: func(d time.Duration) time.Duration { return d }, silent: map[string]bool{},
		client: &http.Client{Transport: transport, CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) >= 10 {
				return errCircle
			}
			if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
				return errUncovered
			}
			if via[0].URL.Hostname() != req.URL.Hostname() {
				return elsewhere(req.URL.Hostname())
			}
			return nil
		}}}
}

// What is wrong with a redirect. To another host none is followed: the lock file would name a publisher that did not send the bytes, and a network's
// page for logging in is mostly elsewhere.
var (
	errCircle    = errors.New("ten redirects")
	errUncovered = errors.New("redirect from https to http")
)

type elsewhere string

func (e elsewhere) Error() string { return "redirect to " + string(e) }

// errSlow ends an attempt that takes too long.
var errSlow = errors.New("too slow")

// validators are what a server says of a version of a file.
type validators struct{ ETag, Modified string }

// strong gives the validator with which a download may be resumed; a weak ETag does not promise the same bytes.
func (v validators) strong() string {
	if strings.HasPrefix(v.ETag, "W/") {
		return ""
	}
	if v.ETag != "" {
		return v.ETag
	}
	return v.Modified
}

// partial is what is known of a download that was cut short, beside the part that came.
type partial struct {
	URL    string     `json:"url"`
	Checks validators `json:"validators"`
	Total  int64      `json:"total"` // bytes announced, -1 where none were
	Bytes  int64      `json:"bytes"`
	SHA256 string     `json:"sha256"` // of the part: what a crash has spoilt is not built upon
}

// get downloads an address to the file aside, going on where an earlier run was cut. It gives errSame if the server says that the version
// known is still the last, errAbsent if it has no such file, Problems for what a person must know, and any other error of the disk.
func (w *web) get(ctx context.Context, label, address string, known validators, aside string) (validators, error) {
	u, err := url.Parse(address)
	if err != nil {
		return validators{}, err
	}
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.Multiplier = w.firstWait, 2
	tries := uint(maxTries)
	if w.silent[u.Host] {
		tries = 1
	}
	return backoff.Retry(ctx, func() (validators, error) {
		return w.try(ctx, label, u, known, aside)
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, d time.Duration) {
		var problems catalog.Problems
		if errors.As(err, &problems) {
			what, d := problems[0].What, d.Round(100*time.Millisecond).String()
			w.note(catalog.Text{It: label + ": " + what.It + "; riprovo tra " + d, En: label + ": " + what.En + "; trying again in " + d})
		}
	}))
}

// try is one attempt. An error that another attempt may mend is Problems; any other is permanent.
func (w *web) try(ctx context.Context, label string, u *url.URL, known validators, aside string) (validators, error) {
	never := func(err error) (validators, error) { return validators{}, backoff.Permanent(err) }
	problem := func(what, hint catalog.Text, args ...any) error {
		return catalog.Problems{{File: label, What: catalog.Textf(what, args...), Hint: hint}}
	}
	old, err := w.resumable(u.String(), aside)
	if err != nil {
		return never(err)
	}
	watched, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer time.AfterFunc(w.longest, func() { cancel(errSlow) }).Stop()
	req, err := http.NewRequestWithContext(watched, http.MethodGet, u.String(), nil)
	if err != nil {
		return never(err)
	}
	req.Header.Set("User-Agent", "piccoli")
	req.Header.Set("Accept-Encoding", "identity") // lengths and ranges are then those of the file
	switch {
	case old.Bytes > 0:
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", old.Bytes))
		req.Header.Set("If-Range", old.Checks.strong())
	case known.ETag != "":
		req.Header.Set("If-None-Match", known.ETag)
	case known.Modified != "":
		req.Header.Set("If-Modified-Since", known.Modified)
	}
	resp, err := w.client.Do(req)
	var certificate *tls.CertificateVerificationError
	var away elsewhere
	switch {
	case ctx.Err() != nil:
		return never(ctx.Err())
	case errors.As(err, &certificate):
		return never(problem(catalog.Text{It: "il certificato di %s non è valido", En: "the certificate of %s is not valid"},
			catalog.Text{It: "una rete aziendale può mettere il proprio: chiedere a chi la amministra; controllare anche l'orologio", En: "a company network may put its own: ask its administrator; check the clock too"}, u.Host))
	case errors.As(err, &away):
		return never(problem(catalog.Text{It: "%s manda a un altro server, %s: non lo si segue", En: "%s sends on to another server, %s: it is not followed"},
			catalog.Text{It: "aprire l'indirizzo nel browser: se la rete chiede l'accesso, farlo e ripetere; se la fonte ha cambiato casa, correggere «fetch:» nel contratto", En: "open the address in a browser: if the network asks for a login, log in and repeat; if the publisher has moved, mend \"fetch:\" in the contract"}, u.Host, string(away)))
	case errors.Is(err, errUncovered):
		return never(problem(catalog.Text{It: "%s manda a un indirizzo senza cifratura (http): non lo si segue", En: "%s sends on to an address without encryption (http): it is not followed"}, pageHint, u.Host))
	case errors.Is(err, errCircle):
		return never(problem(catalog.Text{It: "%s manda da un indirizzo all'altro senza fine", En: "%s sends from one address to the next without end"}, pageHint, u.Host))
	case err != nil && unciphered(err):
		return never(problem(catalog.Text{It: "con %s non ci si accorda sulla cifratura (TLS)", En: "with %s no encryption can be agreed upon (TLS)"},
			catalog.Text{It: "guardare se l'indirizzo comincia davvero con https://; altrimenti avvisare chi gestisce il server o il proxy", En: "see whether the address really begins with https://; else tell who runs the server or the proxy"}, u.Host))
	case err != nil:
		w.silent[u.Host] = true
		return validators{}, problem(catalog.Text{It: "%s non risponde (" + silence(err).It + ")", En: "%s does not answer (" + silence(err).En + ")"},
			catalog.Text{It: "controllare la connessione a Internet e, se c'è, il proxy (HTTPS_PROXY); poi ripetere: ciò che è già arrivato resta", En: "check the Internet connection and the proxy, if any (HTTPS_PROXY); then repeat: what has come stays"}, u.Host)
	}
	defer resp.Body.Close()
	w.silent[u.Host] = false

	start, total := int64(0), resp.ContentLength
	checks := validators{resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")}
	switch {
	case resp.StatusCode == http.StatusNotModified && req.Header.Get("Range") == "" && known != (validators{}):
		return never(errSame)
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return never(errAbsent)
	case resp.StatusCode == http.StatusPartialContent && old.Bytes > 0:
		from, all, ok := contentRange(resp.Header.Get("Content-Range"))
		if !ok || from != old.Bytes || all != old.Total || checks.ETag != "" && checks.ETag != old.Checks.ETag || checks.Modified != "" && checks.Modified != old.Checks.Modified {
			return validators{}, errors.Join(problem(catalog.Text{It: "il server ha mandato un'altra parte del file", En: "the server sent another part of the file"}, catalog.Text{}), discard(aside))
		}
		start, total, checks = from, all, old.Checks
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return validators{}, errors.Join(problem(catalog.Text{It: "la parte già scaricata non serve più", En: "the part fetched before is of no use any more"}, catalog.Text{}), discard(aside))
	case resp.StatusCode != http.StatusOK:
		return validators{}, w.status(resp, problem)
	}
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err == nil && (kind == "text/html" || kind == "application/xhtml+xml") {
		return never(errors.Join(catalog.Problems{{File: label, What: pageText, Hint: pageHint}}, discard(aside)))
	}
	if e := resp.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return never(problem(catalog.Text{It: "il server manda il file compresso (%s) anche se non glielo si chiede", En: "the server sends the file packed (%s) without being asked"},
			catalog.Text{It: "usare un altro mirror", En: "use another mirror"}, e))
	}
	if total < 0 && resp.ProtoMajor < 2 && len(resp.TransferEncoding) == 0 {
		return never(problem(catalog.Text{It: "il server non dice quanto è lungo il file: non si potrebbe vedere se arriva intero", En: "the server does not say how long the file is: one could not see whether it comes whole"},
			catalog.Text{It: "usare un altro mirror", En: "use another mirror"}))
	}
	size, readErr := total, error(nil)
	if total <= w.limit {
		if size, readErr, err = w.receive(resp.Body, aside, start, cancel); err != nil {
			return never(err)
		}
	}
	switch {
	case size > w.limit:
		return never(errors.Join(problem(catalog.Text{It: "il file supera %s", En: "the file is beyond %s"}, catalog.Text{It: "guardare nel browser se è il file giusto", En: "see in a browser whether it is the right file"}, sizeText(w.limit)), discard(aside)))
	case readErr == nil && (total < 0 || size == total):
		return checks, nil
	case total >= 0 && size > total:
		return validators{}, errors.Join(problem(catalog.Text{It: "sono arrivati più byte di quelli annunciati", En: "more bytes came than were announced"}, catalog.Text{}), discard(aside))
	}
	if err := w.remember(u.String(), checks, aside, total, size); err != nil {
		return never(err)
	}
	if ctx.Err() != nil {
		return never(ctx.Err())
	}
	if context.Cause(watched) == errSlow {
		return never(problem(catalog.Text{It: "il server è troppo lento: %d byte in %s", En: "the server is too slow: %d bytes in %s"},
			catalog.Text{It: "ripetere il comando in un altro momento: riprende da dove è arrivato", En: "repeat the command at another time: it goes on from where it was"}, size-start, w.longest))
	}
	hint := catalog.Text{It: "ripetere il comando: riprende da dove è arrivato", En: "repeat the command: it goes on from where it was"}
	if total < 0 {
		return validators{}, problem(catalog.Text{It: "la connessione si è interrotta dopo %d byte", En: "the connection broke after %d bytes"}, hint, size)
	}
	return validators{}, problem(catalog.Text{It: "la connessione si è interrotta dopo %d byte di %d", En: "the connection broke after %d bytes of %d"}, hint, size, total)
}

// unciphered reports whether the two sides found no encryption to speak by.
func unciphered(err error) bool {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &record) || errors.As(err, &alert) || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") || strings.Contains(err.Error(), "remote error: tls:") // net/http and crypto/tls have no type for these
}

// silence says why no answer came, in plain words where there are any.
func silence(err error) catalog.Text {
	var name *net.DNSError
	var cause *url.Error
	switch {
	case errors.As(err, &name):
		return catalog.Text{It: "il suo nome non si trova in rete", En: "its name is not found on the network"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return catalog.Text{It: "rifiuta la connessione", En: "it refuses the connection"}
	case errors.As(err, &cause) && cause.Timeout():
		return catalog.Text{It: "tempo scaduto", En: "time out"}
	case errors.As(err, &cause):
		err = cause.Err
	}
	text := strings.ReplaceAll(err.Error(), "%", "%%")
	return catalog.Text{It: text, En: text}
}

// status says what an answer without a file means, and whether to ask again.
func (w *web) status(resp *http.Response, problem func(what, hint catalog.Text, args ...any) error) error {
	later := catalog.Text{It: "riprovare più tardi: ciò che è già arrivato resta", En: "try again later: what has come stays"}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests || code >= 500 && code != http.StatusNotImplemented || code == http.StatusRequestTimeout:
		err := problem(catalog.Text{It: "il server è guasto o occupato (HTTP %d)", En: "the server is out of order or busy (HTTP %d)"}, later, code)
		after, asked := retryAfter(resp.Header.Get("Retry-After"), time.Now())
		switch {
		case asked && after > longestAsk:
			return backoff.Permanent(problem(catalog.Text{It: "il server chiede di tornare tra %s (HTTP %d)", En: "the server asks to come back in %s (HTTP %d)"}, later, after.Round(time.Second), code))
		case asked:
			return errors.Join(err, &backoff.RetryAfterError{Duration: w.asked(after)})
		}
		return err
	case code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusProxyAuthRequired:
		return backoff.Permanent(problem(catalog.Text{It: "il server nega l'accesso (HTTP %d)", En: "the server denies access (HTTP %d)"},
			catalog.Text{It: "aprire l'indirizzo nel browser; dietro un proxy, controllare HTTPS_PROXY", En: "open the address in a browser; behind a proxy, check HTTPS_PROXY"}, code))
	default:
		return backoff.Permanent(problem(catalog.Text{It: "il server ha risposto in un modo non previsto (HTTP %d)", En: "the server answered in a way that is not provided for (HTTP %d)"}, pageHint, code))
	}
}

// retryAfter reads the header Retry-After: seconds, or a date.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 1<<30)) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}

// contentRange reads `bytes 100-199/200`; all is -1 where the server does not know it.
func contentRange(value string) (from, all int64, ok bool) {
	span, size, ok := strings.Cut(strings.TrimPrefix(value, "bytes "), "/")
	first, _, dash := strings.Cut(span, "-")
	from, err := strconv.ParseInt(first, 10, 64)
	if !ok || !dash || err != nil {
		return 0, 0, false
	}
	if size == "*" {
		return from, -1, true
	}
	all, err = strconv.ParseInt(size, 10, 64)
	return from, all, err == nil
}

// receive writes the body to the file from start on, and gives its size then. A server that falls silent is cut off.
func (w *web) receive(body io.Reader, aside string, start int64, cancel context.CancelCauseFunc) (size int64, readErr, err error) {
	out, err := os.OpenFile(aside, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := out.Truncate(start); err != nil {
		return 0, nil, err
	}
	if _, err := out.Seek(start, io.SeekStart); err != nil {
		return 0, nil, err
	}
	in := &reader{Reader: io.LimitReader(body, w.limit-start+1), idle: w.idle, timer: time.AfterFunc(w.idle, func() { cancel(context.DeadlineExceeded) })}
	defer in.timer.Stop()
	n, err := io.Copy(out, in)
	if in.err != nil {
		err = nil
	}
	return start + n, in.err, errors.Join(err, out.Sync())
}

// reader keeps apart the errors of reading, and holds off the timer while bytes come.
type reader struct {
	io.Reader
	idle  time.Duration
	timer *time.Timer
	err   error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.timer.Reset(r.idle)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// remember writes down what has come of a download that was cut short.
func (w *web) remember(address string, checks validators, aside string, total, size int64) error {
	if checks.strong() == "" || size == 0 {
		return discard(aside)
	}
	f, err := hashFile(aside, aside)
	if err != nil {
		return err
	}
	text, err := json.Marshal(partial{address, checks, total, f.Bytes, f.SHA256})
	if err != nil {
		return err
	}
	return os.WriteFile(aside+".json", text, 0o644)
}

// resumable gives what is known of an earlier download of the same address; nothing if it can't be gone on with.
func (w *web) resumable(address, aside string) (p partial, err error) {
	text, err := os.ReadFile(aside + ".json")
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err == nil && p.URL == address && p.Checks.strong() != "" {
		if f, err := hashFile(aside, aside); err == nil && f.Bytes == p.Bytes && f.SHA256 == p.SHA256 {
			return p, nil
		}
	}
	return partial{}, discard(aside)
}

// discard removes a partial file and what is known of it.
func discard(aside string) error {
	for _, path := range []string{aside + ".json", aside} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
