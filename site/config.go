package site

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"

	"piccoli/pipelines/catalog"
)

// Publisher is site/sito.yaml: who publishes the site and where. With an empty Editore the site is a demonstration copy.
type Publisher struct {
	BaseURL   string `yaml:"base_url"`
	Editore   string `yaml:"editore"`
	CodiceIPA string `yaml:"codice_ipa"`
	Contatto  string `yaml:"contatto"`
	// Dichiarazione is the address of the accessibility statement that AgID issued for the site, or empty.
	Dichiarazione string `yaml:"dichiarazione_accessibilita"`
	Licenza       struct {
		Codice string `yaml:"codice"` // SPDX, e.g. CC-BY-4.0
		Nome   struct {
			It string `yaml:"it"`
			En string `yaml:"en"`
		} `yaml:"nome"`
		URL string `yaml:"url"`
	} `yaml:"licenza"`
}

// Official reports whether a publishing body is set.
func (p Publisher) Official() bool { return p.Editore != "" }

// Licence is the name of the licence in the language.
func (p Publisher) Licence(lang string) string {
	return catalog.Text{It: p.Licenza.Nome.It, En: p.Licenza.Nome.En}.In(lang)
}

// basePath is the path of the base address, with slashes at both ends.
func (p Publisher) basePath() string {
	u, err := url.Parse(p.BaseURL)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.Path
}

const publisherFile = "site/sito.yaml"

// LoadPublisher reads site/sito.yaml below root, strictly: an unknown key or a bad address is a catalog.Problems.
func LoadPublisher(root string) (Publisher, error) {
	var p Publisher
	raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(publisherFile)))
	if err != nil {
		return p, fmt.Errorf("site: %w", err)
	}
	if err := decodeStrict(raw, &p); err != nil {
		return p, yamlProblem(publisherFile, err)
	}
	var ps catalog.Problems
	bad := func(it, en string) {
		ps = append(ps, catalog.Problem{File: publisherFile, What: catalog.Text{It: it, En: en}})
	}
	if u, err := url.Parse(p.BaseURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || !strings.HasSuffix(u.Path, "/") || u.RawQuery != "" || u.Fragment != "" {
		bad("base_url deve essere un indirizzo http(s) che finisce con /", "base_url must be an http(s) address that ends with /")
	}
	if p.Licenza.Codice == "" || p.Licenza.Nome.It == "" || p.Licenza.Nome.En == "" || !strings.HasPrefix(p.Licenza.URL, "https://") {
		bad("licenza vuole codice, nome (it, en) e url https", "licenza needs codice, nome (it, en) and an https url")
	}
	if p.Contatto != "" && !strings.HasPrefix(p.Contatto, "mailto:") && !strings.HasPrefix(p.Contatto, "https://") {
		bad("contatto deve cominciare con mailto: o https://", "contatto must start with mailto: or https://")
	}
	if p.Dichiarazione != "" && !strings.HasPrefix(p.Dichiarazione, "https://form.agid.gov.it/") {
		bad("dichiarazione_accessibilita è l'indirizzo che AgID dà alla dichiarazione: comincia con https://form.agid.gov.it/",
			"dichiarazione_accessibilita is the address that AgID gives to the statement: it starts with https://form.agid.gov.it/")
	}
	if p.CodiceIPA != "" && p.Editore == "" {
		bad("codice_ipa senza editore", "codice_ipa without editore")
	}
	return p, ps.Err()
}

// decodeStrict reads one YAML document in which every key must be known and stand once.
func decodeStrict(raw []byte, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	return dec.Decode(into)
}

// yamlProblem turns an error of the YAML reader into a problem of the file.
func yamlProblem(file string, err error) error {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	return catalog.Problems{{File: file, What: catalog.Text{It: msg, En: msg}, Hint: catalog.Text{
		It: "solo le chiavi previste, una volta ciascuna", En: "only known keys, each once"}}}
}
