package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestChangedMart changes the rows of one mart after another, of those that the pages of comuni read and of one that they don't: each change is at once on
// the page of a comune that it concerns, and when all are taken back the site is the one that it was.
func TestChangedMart(t *testing.T) {
	dir := built(t)
	dist := filepath.Join(dir, "site", "dist")
	before := digest(t, dist)
	were := map[string]string{}
	const comune = "019017" // in a source's list, with the themes of its plan
	for _, change := range []struct {
		mart, column, file string
	}{
		{"dotazioni", "perimetro_it", "dati/dotazioni/index.html"},
		{"piani_temi", "tema_it", "comuni/" + comune + "/index.html"},
		{"fonti", "etichetta_it", "comuni/" + comune + "/index.html"},
		{"programmi", "denominazione", "comuni/" + comune + "/index.html"},
		{"evidenze", "evento_it", "comuni/" + comune + "/dati.csv"},
		{"evidenze_ambiti", "nome_come_scritto", "comuni/" + comune + "/index.html"},
	} {
		query, mark := filepath.Join(dir, "queries", "marts", change.mart+".sql"), "Segno "+change.mart
		text := read(t, query)
		const end = "select * from final"
		if !strings.Contains(text, end) {
			t.Fatalf("%s does not end as the others", query)
		}
		were[query] = text
		t.Cleanup(func() { put(t, query, text) }) // other tests use the folder
		put(t, query, strings.Replace(text, end, "select * replace ("+change.column+" || ' "+mark+"' as "+change.column+") from final", 1))
		if r := piccoli(t, dir, nil, "build"); r.code != 0 {
			t.Fatal(r.err)
		}
		if !strings.Contains(read(t, dist, filepath.FromSlash(change.file)), mark) {
			t.Errorf("%s: what changed in %s is not there", change.file, change.mart)
		}
	}
	for query, text := range were {
		put(t, query, text)
	}
	if r := piccoli(t, dir, nil, "build"); r.code != 0 {
		t.Fatal(r.err)
	}
	compareTrees(t, before, digest(t, dist))
}
