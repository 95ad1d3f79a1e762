package site

import "strings"

// Header is one HTTP header that a server sends with the site. Where its value depends on the path, the first prefix that fits gives it;
// without one the header is not sent.
type Header struct {
	Name   string
	Values []PathValue // from the most particular path to the root
}

// PathValue is a header's value for the paths with that prefix.
type PathValue struct{ Prefix, Value string }

func everywhere(name, value string) Header { return Header{name, []PathValue{{"/", value}}} }

// policy is the Content-Security-Policy of all pages; laboratoryPolicy that of the SQL page, and of what it runs, since a worker's policy comes
// with its own file: there, and there only, WebAssembly may run.
const (
	policy           = "default-src 'none'; script-src 'self'" + policyRest
	laboratoryPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'" + policyRest
	policyRest       = "; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// framed is the same policy for the pages of comuni: another site may show a comune's card in a frame, and nothing else of this one.
var framed = strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors *", 1)

// Headers are what a server sends with every answer: the policy of the pages' own meta element, what only a header can say, and how long
// a file may be kept. site/server holds the same for nginx and Caddy; a test holds them against this list.
//
// Assets have their content's hash or their version in their name, so they never change; all else is asked for again, and sent only where it differs.
// Programs on other sites may read the published files, and those alone.
var Headers = []Header{
	{"Content-Security-Policy", []PathValue{{"/" + LaboratoryFolder, laboratoryPolicy}, {"/laboratorio/", laboratoryPolicy}, {"/en/laboratorio/", laboratoryPolicy},
		{"/comuni/", framed}, {"/en/comuni/", framed}, {"/", policy}}},
	everywhere("Referrer-Policy", "no-referrer"),
	everywhere("X-Content-Type-Options", "nosniff"),
	everywhere("Permissions-Policy", "geolocation=(), camera=(), microphone=()"),
	everywhere("Cross-Origin-Opener-Policy", "same-origin"),
	{"Cache-Control", []PathValue{{"/assets/", "public, max-age=31536000, immutable"}, {"/", "public, max-age=0, must-revalidate"}}},
	{"Access-Control-Allow-Origin", []PathValue{{"/data/", "*"}, {"/releases/", "*"}}},
}

// compressedTypes are sent compressed where the reader's program takes them so; the other files are compressed in themselves.
var compressedTypes = []string{"text/html", "text/css", "text/csv", "text/turtle", "text/plain", "application/json", "application/ld+json", "application/javascript",
	"text/javascript", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml", "image/svg+xml", "application/wasm"}

// TransportSecurity is sent by public servers alone, over HTTPS: a browser that has read it refuses plain HTTP for the whole name, which on
// a computer of one's own would lock out every other program.
var TransportSecurity = everywhere("Strict-Transport-Security", "max-age=31536000; includeSubDomains")

// In is the header's value for a path of the site, or empty.
func (h Header) In(path string) string {
	for _, v := range h.Values {
		if strings.HasPrefix(path, v.Prefix) {
			return v.Value
		}
	}
	return ""
}
