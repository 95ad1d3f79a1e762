package site

import (
	"context"
	"slices"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
)

// feeds writes the Atom feed of the site and one of each region, in both languages: a version an entry. Where there is no version yet, the only entry is
// the build of now.
func (b *builder) feeds(ctx context.Context) error {
	byRegion := make([]map[string][]release.Count, len(b.in.Editions))
	for i, e := range b.in.Editions {
		var err error
		if byRegion[i], err = release.RegionCounts(ctx, b.in.DB, e); err != nil {
			return err
		}
	}
	for _, lang := range languages {
		f := b.feed(lang, "", b.text("sito.nome").In(lang)+" · "+b.text("feed.titolo").In(lang), func(i int) ([]release.Count, bool) { return b.in.Editions[i].Changes.Counts(), true })
		if err := b.writeFeed(f); err != nil {
			return err
		}
		for _, r := range b.w.regioni {
			f := b.feed(lang, "regioni/"+r.Slug+"/", b.text("feed.regione", same(r.Nome)).In(lang), func(i int) ([]release.Count, bool) {
				counts := byRegion[i][r.Codice]
				return counts, len(counts) > 0
			})
			if err := b.writeFeed(f); err != nil {
				return err
			}
		}
	}
	return b.err
}

// feed makes a feed; counts gives what changed in the i-th version, and whether that is worth an entry.
func (b *builder) feed(lang, folder, title string, counts func(i int) ([]release.Count, bool)) release.Feed {
	f := release.Feed{Site: b.pub.Release(lang), Lang: lang, Folder: folder, Title: title, About: b.text("feed.testo").In(lang), Simulated: b.in.Simulated, Date: b.common.AsOf}
	for i, e := range slices.Backward(b.in.Editions) {
		entry := release.FeedEntry{ID: "releases/" + e.Number, Path: e.Path(), Date: e.Manifest.Date, Title: b.text("versioni.versione", same(e.Number)).In(lang)}
		if e.Changes == nil {
			entry.Summary = b.text("feed.prima").In(lang)
		} else {
			changed, worth := counts(i)
			if !worth {
				continue
			}
			entry.Path += "cosa-e-cambiato/"
			entry.Summary, entry.Lines = release.Told(lang, changed)
		}
		f.Entries = append(f.Entries, entry)
	}
	if len(b.in.Editions) > 0 {
		f.Date = b.in.Editions[len(b.in.Editions)-1].Manifest.Date
		return f
	}
	day, err := catalog.FormatDate(lang, b.common.AsOf, "giorno")
	if err != nil {
		b.err = err
	}
	f.Entries = []release.FeedEntry{{ID: "dati/" + b.common.AsOf, Path: "dati/", Date: b.common.AsOf, Title: b.text("feed.dati", same(day)).In(lang), Summary: b.text("feed.nessuna").In(lang)}}
	return f
}

func (b *builder) writeFeed(f release.Feed) error {
	text, err := f.Document()
	if err != nil {
		return err
	}
	return b.tree.Put(langPrefix(f.Lang)+f.Folder+release.FeedName, text)
}

// Release is the publisher as the published files name it, with the licence in a language.
func (p Publisher) Release(lang string) release.Publisher {
	return release.Publisher{BaseURL: p.BaseURL, Name: p.Editore, IPA: p.CodiceIPA, Contact: p.Contatto,
		Licence: release.Licence{ID: p.Licenza.Codice, Title: p.Licence(lang), URL: p.Licenza.URL}}
}
