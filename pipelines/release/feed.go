package release

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// FeedName is the file of a feed: of the site at its root, of a region in the folder of its page, in each language.
const FeedName = "feed.atom"

// Feed tells in Atom (RFC 4287) what changed from version to version, in one language. Its times are the dates of the versions, never that of
// writing, and its identifiers follow from addresses and versions, so that a reader's program sees each entry once.
type Feed struct {
	Site      Publisher
	Lang      string // it or en
	Folder    string // of the feed's page from the language's root: "" for the whole site, regioni/umbria/ for a region
	Title     string
	About     string
	Simulated bool
	Date      string // ISO date of the data, of the only entry where there is no version yet
	Entries   []FeedEntry
}

// FeedEntry is one version, or the build of now where there is none.
type FeedEntry struct {
	ID      string // what tells it from all others of the publisher, below the feed's own: releases/1.1.0
	Path    string // of its page, from the language's root
	Date    string // ISO
	Title   string
	Summary string   // one sentence
	Lines   []string // what changed, a dataset a line
}

type atomText struct {
	Type string `xml:"type,attr,omitempty"`
	Body string `xml:",chardata"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

type atomEntry struct {
	XMLName  xml.Name      `xml:"entry"`
	Space    string        `xml:"xmlns,attr,omitempty"` // of an entry that is a document of its own
	Lang     string        `xml:"xml:lang,attr,omitempty"`
	ID       string        `xml:"id"`
	Title    atomText      `xml:"title"`
	Updated  string        `xml:"updated"`
	Author   *atomAuthor   `xml:"author"`
	Link     atomLink      `xml:"link"`
	Category *atomCategory `xml:"category"`
	Summary  atomText      `xml:"summary"`
	Content  *atomText     `xml:"content"`
	Rights   string        `xml:"rights,omitempty"`
}

type atomFeed struct {
	XMLName   xml.Name      `xml:"feed"`
	Space     string        `xml:"xmlns,attr"`
	Lang      string        `xml:"xml:lang,attr"`
	ID        string        `xml:"id"`
	Title     atomText      `xml:"title"`
	Subtitle  atomText      `xml:"subtitle"`
	Updated   string        `xml:"updated"`
	Author    atomAuthor    `xml:"author"`
	Links     []atomLink    `xml:"link"`
	Rights    string        `xml:"rights"`
	Generator string        `xml:"generator"`
	Category  *atomCategory `xml:"category"`
	Entries   []atomEntry
}

const atomSpace = "http://www.w3.org/2005/Atom"

// moment is the instant that stands for a date: the start of it, in UTC.
func moment(date string) string { return date + "T00:00:00Z" }

// address of a path in the feed's language.
func (f Feed) address(path string) string {
	if f.Lang == "en" {
		path = "en/" + path
	}
	return f.Site.BaseURL + path
}

// tag makes an identifier that stays when pages move (RFC 4151): the publisher's name on the net, the year from which it counts, and what is told.
func (f Feed) tag(date, what string) string {
	host := f.Site.BaseURL
	if u, err := url.Parse(f.Site.BaseURL); err == nil {
		host = u.Hostname()
	}
	return "tag:" + host + "," + date[:4] + ":" + f.Lang + "/" + f.Folder + what
}

// Document writes the whole feed, newest entry first.
func (f Feed) Document() ([]byte, error) {
	out := atomFeed{Space: atomSpace, Lang: f.Lang, ID: f.address(f.Folder + FeedName), Title: atomText{Body: f.marked(f.Title)}, Subtitle: atomText{Body: f.About}, Updated: moment(f.Date),
		Author: f.author(), Rights: f.Site.Licence.Title, Generator: "piccoli", Category: f.category(),
		Links: []atomLink{{"self", "application/atom+xml", f.Lang, f.address(f.Folder + FeedName)}, {"alternate", "text/html", f.Lang, f.address(f.Folder)}}}
	for i, e := range f.Entries {
		if i == 0 || moment(e.Date) > out.Updated {
			out.Updated = moment(e.Date)
		}
		out.Entries = append(out.Entries, f.entry(e))
	}
	return atomDocument(out)
}

// Entry writes one entry as a document of its own (RFC 4287, section 2), to be put into any feed.
func (f Feed) Entry(e FeedEntry) ([]byte, error) {
	out := f.entry(e)
	author := f.author()
	out.Space, out.Lang, out.Author, out.Rights = atomSpace, f.Lang, &author, f.Site.Licence.Title
	return atomDocument(out)
}

func (f Feed) entry(e FeedEntry) atomEntry {
	out := atomEntry{ID: f.tag(e.Date, e.ID), Title: atomText{Body: f.marked(e.Title)}, Updated: moment(e.Date), Link: atomLink{"alternate", "text/html", f.Lang, f.address(e.Path)},
		Category: f.category(), Summary: atomText{Body: e.Summary}}
	if f.Simulated {
		out.Summary.Body = simulatedColumn.Text.In(f.Lang) + ". " + e.Summary
	}
	if len(e.Lines) == 0 {
		return out
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<p>%s</p><ul>", html.EscapeString(out.Summary.Body))
	for _, l := range e.Lines {
		fmt.Fprintf(&b, "<li>%s</li>", html.EscapeString(l))
	}
	b.WriteString("</ul>")
	out.Content = &atomText{"html", b.String()}
	return out
}

func (f Feed) marked(title string) string {
	if !f.Simulated {
		return title
	}
	return catalog.Text{It: "DATI SIMULATI · ", En: "SIMULATED DATA · "}.In(f.Lang) + title
}

func (f Feed) category() *atomCategory {
	if !f.Simulated {
		return nil
	}
	return &atomCategory{"simulated", catalog.Text{It: "Dati simulati", En: "Simulated data"}.In(f.Lang)}
}

func (f Feed) author() atomAuthor { return atomAuthor{f.Site.agentName().In(f.Lang), f.Site.BaseURL} }

func atomDocument(v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// Count says how many rows of a dataset came, went and changed.
type Count struct {
	Dataset                 string
	Title                   Words
	Added, Removed, Changed int64
}

// Counts are those of the datasets with rows that differ, in the order of the comparison.
func (c *Changes) Counts() (out []Count) {
	for _, d := range c.Datasets {
		if !d.Same() {
			out = append(out, Count{d.Dataset, d.Title, d.Added, d.Removed, d.Changed})
		}
	}
	return out
}

// RegionCounts are the counts of a version for each region, by its ISTAT code, read from the version's own lists of changed rows. A row that went from one
// region to another counts in both. Datasets whose rows belong to no region are left out.
func RegionCounts(ctx context.Context, db *sql.DB, e Edition) (map[string][]Count, error) {
	out := map[string][]Count{}
	if e.Changes == nil {
		return out, nil
	}
	for _, d := range e.Changes.Datasets {
		if d.File == nil {
			continue
		}
		file := catalog.Literal(filepath.Join(e.Folder, filepath.FromSlash(d.File.Path)))
		columns, err := texts(ctx, db, fmt.Sprintf("select column_name from (describe select * from read_csv(%s, all_varchar = true, header = true))", file))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.File.Path, err)
		}
		var of []string
		for _, c := range []string{regionColumn, regionColumn + "_prima", regionColumn + "_dopo"} {
			if slices.Contains(columns, c) {
				of = append(of, c)
			}
		}
		if len(of) == 0 {
			continue
		}
		if err := regionCounts(ctx, db, file, of, d, out); err != nil {
			return nil, fmt.Errorf("%s: %w", d.File.Path, err)
		}
	}
	return out, nil
}

func regionCounts(ctx context.Context, db *sql.DB, file string, of []string, d DatasetChange, out map[string][]Count) (err error) {
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`select regione, count(*) filter (modifica = 'aggiunta'), count(*) filter (modifica = 'tolta'), count(*) filter (modifica = 'cambiata')
		from (select modifica, unnest(list_distinct([%s])) as regione from read_csv(%s, all_varchar = true, header = true)) where regione is not null group by regione order by regione`, strings.Join(of, ", "), file))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		c := Count{Dataset: d.Dataset, Title: d.Title}
		var region string
		if err := rows.Scan(&region, &c.Added, &c.Removed, &c.Changed); err != nil {
			return err
		}
		out[region] = append(out[region], c)
	}
	return rows.Err()
}

// Told are the words of an entry for these counts: a sentence for all and a line for each dataset.
func Told(lang string, counts []Count) (summary string, lines []string) {
	number := func(n int64) string { return catalog.FormatNumber(lang, fmt.Sprint(n)) }
	say := func(c Count) string {
		return fmt.Sprintf(catalog.Text{It: "righe aggiunte %s, tolte %s, cambiate %s", En: "rows added %s, removed %s, changed %s"}.In(lang), number(c.Added), number(c.Removed), number(c.Changed))
	}
	all := Count{}
	for _, c := range counts {
		all.Added, all.Removed, all.Changed = all.Added+c.Added, all.Removed+c.Removed, all.Changed+c.Changed
		lines = append(lines, c.Title.Text().In(lang)+": "+say(c))
	}
	switch len(counts) {
	case 0:
		return catalog.Text{It: "Non è cambiata nessuna riga.", En: "No row changed."}.In(lang), nil
	case 1:
		return fmt.Sprintf(catalog.Text{It: "È cambiato un dataset: %s.", En: "One dataset changed: %s."}.In(lang), say(all)), lines
	}
	return fmt.Sprintf(catalog.Text{It: "Sono cambiati %d dataset: %s.", En: "%d datasets changed: %s."}.In(lang), len(counts), say(all)), lines
}
