package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"piccoli/pipelines/catalog"
)

// outcomeFile is what the last recorded run of the browser tests found; `just accessibilita` (which builds first) writes it anew, and the page on accessibility tells it.
const outcomeFile = "site/prove/esito-accessibilita.json"

// outcome is that file. It holds nothing that was not seen in a browser.
type outcome struct {
	Data      string         `json:"data"` // ISO date of the run
	Axe       string         `json:"axe"`
	Chromium  string         `json:"chromium"`
	Regole    []string       `json:"regole"`    // axe's tags
	Larghezze []int          `json:"larghezze"` // CSS pixels
	Pagine    int            `json:"pagine"`    // of all kinds, in both languages
	Comuni    int            `json:"comuni"`    // pages of comuni drawn beside them
	Prove     []outcomeCheck `json:"prove"`
}

// outcomeCheck is one kind of check: on how many pages and widths, and what it found.
type outcomeCheck struct {
	Prova    string `json:"prova"`
	Volte    int    `json:"volte"`
	Problemi int    `json:"problemi"`
}

// accessibilitaView is the page on accessibility.
type accessibilitaView struct {
	Body  catalog.Text
	Esito outcome
}

func loadOutcome(root string) (o outcome, err error) {
	raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(outcomeFile)))
	if err != nil {
		return o, fmt.Errorf("site: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return o, fmt.Errorf("%s: %w", outcomeFile, err)
	}
	return o, nil
}
