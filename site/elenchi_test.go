package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEmptyLists wants the lists by law of the committed facts, of which nothing was delivered, to say that they are empty and by what they would be divided.
func TestEmptyLists(t *testing.T) {
	dir := builtTree(t)
	for lang, texts := range map[string][]string{
		"":   {"L’elenco è vuoto", "L’elenco diviso per: Programma (PON o POC); Fondo", "L’elenco diviso per: Anno dell’atto", "Nessun file: l’elenco non ha righe."},
		"en": {"The list is empty", "The list divided by: Programme (PON or POC); Fund", "The list divided by: Year of the act", "No file: the list has no row."},
	} {
		raw, err := os.ReadFile(filepath.Join(dir, lang, "elenchi", "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if !strings.Contains(string(raw), text) {
				t.Errorf("%q: the page of the lists does not say %q", lang, text)
			}
		}
	}
}
