package desk

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// Versions says where the versions are that a report may compare.
type Versions struct {
	Releases string // folder of the frozen versions; empty: none was named
	Site     string // the site of the last build, whose data are those of now
}

// The words for a version that is not named by its number.
const (
	newestVersion = "ultima"
	versionNow    = "ora"
)

// editions are the versions that may be compared.
type editions struct {
	frozen  []release.Edition
	choices []choice // of a version parameter: the frozen ones, newest first, and the data of now where there is a site
}

// editions reads them: their manifests are long, so that a report does it once.
func (d *Desk) editions() (*editions, error) {
	e := &editions{}
	if d.Versions.Releases != "" {
		var err error
		if e.frozen, err = release.Editions(d.Versions.Releases); err != nil {
			return nil, err
		}
	}
	for _, x := range slices.Backward(e.frozen) {
		e.choices = append(e.choices, choice{value: x.Number, label: x.Number, names: []string{x.Number}})
	}
	if len(e.choices) > 0 {
		e.choices[0].names = append(e.choices[0].names, newestVersion, "latest", "newest")
	}
	if _, err := release.Folder(d.Versions.Site); err == nil {
		e.choices = append(e.choices, choice{value: versionNow, label: catalog.Text{It: "i dati di ora", En: "the data of now"}.In(d.Lang), names: []string{versionNow, "now"}})
	}
	return e, nil
}

// chooseVersion finds the version that a text means, or says why there is none.
func (d *Desk) chooseVersion(e *editions, g *Given, text string) *catalog.Problem {
	for _, c := range e.choices {
		if slices.Contains(c.names, strings.TrimPrefix(strings.ToLower(text), "v")) {
			g.Value, g.Label = sql.NullString{String: c.value, Valid: true}, c.label
			return nil
		}
	}
	name := g.Param.Name
	if len(e.frozen) == 0 {
		hint := catalog.Text{It: "dopo `piccoli build`, `piccoli release 1.0.0` ne fa una: da allora si può dire che cosa è cambiato. Se le versioni stanno altrove, dirlo con --releases",
			En: "after `piccoli build`, `piccoli release 1.0.0` makes one: from then on it can be said what changed. If versions lie elsewhere, say so with --releases"}
		if d.Versions.Releases == "" {
			hint = catalog.Text{It: "i dati sono simulati: le loro versioni stanno in una cartella a parte, da dare con --releases; `piccoli release 1.0.0 --releases CARTELLA` ne fa una",
				En: "the data are simulated: their versions lie in a folder apart, to be given with --releases; `piccoli release 1.0.0 --releases FOLDER` makes one"}
		}
		return &catalog.Problem{What: catalog.Text{It: "non c'è ancora nessuna versione da confrontare", En: "there is no version to compare yet"}, Hint: hint}
	}
	if text == versionNow {
		return &catalog.Problem{What: catalog.Textf(catalog.Text{It: "%s=%s: il sito con i dati di ora non c'è", En: "%s=%s: the site with the data of now is not there"}, name, text),
			Hint: catalog.Text{It: "`piccoli build` lo costruisce; se è altrove, dirlo con --site", En: "`piccoli build` makes it; if it lies elsewhere, say so with --site"}}
	}
	var known []string
	for _, c := range e.choices {
		known = append(known, c.value)
	}
	return &catalog.Problem{What: catalog.Textf(catalog.Text{It: "%s=%s: non è una versione", En: "%s=%s: it is no version"}, name, text),
		Hint: catalog.Textf(catalog.Text{It: "le versioni sono: %s", En: "the versions are: %s"}, strings.Join(known, ", "))}
}

// changed is one row of what a comparison binds.
type changed struct {
	Dataset string  `json:"dataset"`
	TitleIt string  `json:"titolo_it"`
	TitleEn string  `json:"titolo_en"`
	Before  *int64  `json:"righe_prima"`
	After   *int64  `json:"righe_dopo"`
	Added   int64   `json:"aggiunte"`
	Removed int64   `json:"tolte"`
	Changed int64   `json:"cambiate"`
	Column  string  `json:"colonna"` // empty: no total moved
	Unit    string  `json:"unita"`
	From    *string `json:"prima"` // decimal numbers as text
	To      *string `json:"dopo"`
	Delta   *string `json:"differenza"`
}

// compare finds what changed between the two versions that were given, gives the comparison its value, and says in r what was compared.
func (d *Desk) compare(ctx context.Context, r *Report, e *editions) error {
	var ends []string
	comparison := -1
	for i, g := range r.Given {
		switch g.Param.Type {
		case catalog.VersionParam:
			ends = append(ends, g.Value.String)
		case catalog.ComparisonParam:
			comparison = i
		}
	}
	if comparison < 0 {
		return nil
	}
	changes, err := d.between(ctx, e.frozen, ends[0], ends[1])
	if err != nil {
		return err
	}
	rows := []changed{}
	for _, x := range changes.Datasets {
		row := changed{Dataset: x.Dataset, TitleIt: x.Title.It, TitleEn: x.Title.En, Before: x.Before, After: x.After, Added: x.Added, Removed: x.Removed, Changed: x.Changed}
		still := true
		for _, m := range x.Totals {
			if m.Still() {
				continue
			}
			still = false
			total, delta := row, m.Delta()
			total.Column, total.Unit, total.From, total.To, total.Delta = m.Column, m.Unit, &m.Before, &m.After, &delta
			rows = append(rows, total)
		}
		if still {
			rows = append(rows, row)
		}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	r.Given[comparison].Value = sql.NullString{String: string(text), Valid: true}
	r.AsOf, r.Simulated = changes.To.Date, changes.From.Simulated || changes.To.Simulated
	for _, p := range []release.Point{changes.From, changes.To} {
		version := cmp.Or(p.Version, versionNow)
		r.Origins = append(r.Origins, Origin{Title: catalog.Text{It: "Versione " + version, En: "Version " + version}, Publisher: "manifest.json, SHA-256 " + p.SHA256, Received: p.Date})
	}
	return nil
}

// between compares two versions. What changed from one frozen version to the next was found when it was frozen.
func (d *Desk) between(ctx context.Context, frozen []release.Edition, from, to string) (*release.Changes, error) {
	var folders [2]string
	for i, version := range []string{from, to} {
		for _, e := range frozen {
			if e.Number != version {
				continue
			}
			folders[i] = e.Folder
			if i == 1 && e.Changes != nil && e.Changes.From.Version == from {
				return e.Changes, nil
			}
		}
		if version == versionNow {
			folder, err := release.Folder(d.Versions.Site)
			if err != nil {
				return nil, err
			}
			folders[i] = folder
		}
	}
	changes, err := release.Diff(ctx, folders[0], folders[1], release.Differ{SameMeaning: true, Brief: true})
	var tree *release.TreeError
	if err != nil && !errors.As(err, &tree) {
		return nil, fmt.Errorf("%s → %s: %w", from, to, err)
	}
	return changes, err
}
