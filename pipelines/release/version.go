package release

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// Level is how much a change asks of those who use the data: Semantic Versioning 2.0.0 (semver.org), read for data.
type Level string

// The levels. A PATCH corrects or adds rows; a MINOR adds a dataset or a column; a MAJOR takes away, renames or changes what something is.
const (
	Patch Level = "patch"
	Minor Level = "minor"
	Major Level = "major"
)

var levels = []Level{"", Patch, Minor, Major}

func higher(a, b Level) Level {
	if slices.Index(levels, b) > slices.Index(levels, a) {
		return b
	}
	return a
}

// LevelBetween is the level of the step from one version to a later one.
func LevelBetween(from, to string) Level {
	a, b := strings.Split(from, "."), strings.Split(to, ".")
	switch {
	case a[0] != b[0]:
		return Major
	case a[1] != b[1]:
		return Minor
	}
	return Patch
}

// bump gives the least version after v of that level.
func bump(v string, l Level) string {
	var n [3]int
	if _, err := fmt.Sscanf(v, "%d.%d.%d", &n[0], &n[1], &n[2]); err != nil {
		panic(err) // validNumber held
	}
	switch l {
	case Major:
		n = [3]int{n[0] + 1}
	case Minor:
		n = [3]int{n[0], n[1] + 1}
	default:
		n[2]++
	}
	return fmt.Sprintf("%d.%d.%d", n[0], n[1], n[2])
}

// Kind of a change of schema.
type Kind string

// The kinds. Each has its words in kindWords and its level in SchemaChanges.
const (
	DatasetAdded   Kind = "dataset_added"
	DatasetRemoved Kind = "dataset_removed"
	DatasetRenamed Kind = "dataset_renamed"
	ColumnAdded    Kind = "column_added"
	ColumnRemoved  Kind = "column_removed"
	ColumnRenamed  Kind = "column_renamed"
	KeyChanged     Kind = "key"
	TypeChanged    Kind = "type"
	UnitChanged    Kind = "unit"
	AdditiveGone   Kind = "additive"
	RefChanged     Kind = "ref"
	MayBeEmpty     Kind = "required"
	MeaningChanged Kind = "meaning"
	WordsChanged   Kind = "words"
)

var kindWords = map[Kind]catalog.Text{
	DatasetAdded:   {It: "dataset nuovo", En: "new dataset"},
	DatasetRemoved: {It: "dataset tolto", En: "dataset removed"},
	DatasetRenamed: {It: "dataset con un altro nome", En: "dataset renamed"},
	ColumnAdded:    {It: "colonna nuova", En: "new column"},
	ColumnRemoved:  {It: "colonna tolta", En: "column removed"},
	ColumnRenamed:  {It: "colonna con un altro nome", En: "column renamed"},
	KeyChanged:     {It: "chiave cambiata", En: "key changed"},
	TypeChanged:    {It: "tipo cambiato", En: "type changed"},
	UnitChanged:    {It: "unità cambiata", En: "unit changed"},
	AdditiveGone:   {It: "si può sommare o no: cambiato", En: "whether it may be added up: changed"},
	RefChanged:     {It: "rimando cambiato", En: "reference changed"},
	MayBeEmpty:     {It: "ora può essere vuota", En: "may now be empty"},
	MeaningChanged: {It: "descrizione cambiata", En: "description changed"},
	WordsChanged:   {It: "descrizione riscritta, significato uguale", En: "description reworded, same meaning"},
}

// SchemaChange is one difference between what two versions declare.
type SchemaChange struct {
	Level    Level  `json:"level"`
	Kind     Kind   `json:"kind"`
	Dataset  string `json:"dataset"` // its name in the later version, or in the earlier one where it is gone
	Column   string `json:"column,omitempty"`
	Before   Words  `json:"before,omitzero"`
	After    Words  `json:"after,omitzero"`
	Declared bool   `json:"declared"` // false for a column that is gone without a word in the header
}

// What says the change in words, without its place.
func (s SchemaChange) What() catalog.Text {
	w := kindWords[s.Kind]
	switch {
	case s.Before.It == "" && s.After.It == "":
		return w
	case s.Before.It == "":
		return catalog.Text{It: w.It + ": " + s.After.It, En: w.En + ": " + s.After.En}
	case s.After.It == "":
		return catalog.Text{It: w.It + ": " + s.Before.It, En: w.En + ": " + s.Before.En}
	}
	return catalog.Text{It: fmt.Sprintf("%s: da «%s» a «%s»", w.It, s.Before.It, s.After.It), En: fmt.Sprintf("%s: from %q to %q", w.En, s.Before.En, s.After.En)}
}

// Place names the dataset, or dataset.column.
func (s SchemaChange) Place() string {
	if s.Column == "" {
		return s.Dataset
	}
	return s.Dataset + "." + s.Column
}

func same(s string) Words { return Words{s, s} }

// SchemaChanges compares what two manifests declare. A description that changed by more than blanks, case and punctuation counts as a changed
// meaning, which no program can judge: sameMeaning is the publisher's word that it did not.
func SchemaChanges(old, now *Manifest, sameMeaning bool) []SchemaChange {
	var out []SchemaChange
	add := func(level Level, kind Kind, dataset, column string, before, after Words) {
		out = append(out, SchemaChange{level, kind, dataset, column, before, after, true})
	}
	meaning := func(dataset, column string, before, after Words) {
		if plain(before.It) == plain(after.It) && plain(before.En) == plain(after.En) {
			return
		}
		if sameMeaning {
			add(Patch, WordsChanged, dataset, column, before, after)
			return
		}
		add(Major, MeaningChanged, dataset, column, before, after)
	}
	for i := range old.Datasets {
		a := &old.Datasets[i]
		b := now.Dataset(a.Name)
		if b == nil {
			b = renamedDataset(now, a.Name)
			if b == nil {
				add(Major, DatasetRemoved, a.Name, "", Words{}, Words{})
				continue
			}
			add(Major, DatasetRenamed, b.Name, "", same(a.Name), same(b.Name))
		}
		meaning(b.Name, "", a.Description, b.Description)
		meaning(b.Name, "", a.Grain, b.Grain)
		key := slices.Clone(a.Key)
		came := map[string]bool{}
		for _, x := range a.Columns {
			if x.Name == simulatedColumn.Name {
				came[x.Name] = true
				continue
			}
			y := b.column(x.Name)
			if y == nil {
				to := b.renamed(x.Name)
				if y = b.column(to); y == nil {
					out = append(out, SchemaChange{Level: Major, Kind: ColumnRemoved, Dataset: b.Name, Column: x.Name, Declared: slices.Contains(b.Removed, x.Name)})
					continue
				}
				add(Major, ColumnRenamed, b.Name, y.Name, same(x.Name), same(y.Name))
				if k := slices.Index(key, x.Name); k >= 0 {
					key[k] = y.Name
				}
			}
			came[y.Name] = true
			for _, d := range []struct {
				kind          Kind
				before, after string
			}{{TypeChanged, x.Type, y.Type}, {UnitChanged, orNone(x.Unit), orNone(y.Unit)}, {AdditiveGone, yesNo(x.Additive), yesNo(y.Additive)}, {RefChanged, orNone(x.Ref), orNone(y.Ref)}} {
				if d.before != d.after {
					add(Major, d.kind, b.Name, y.Name, same(d.before), same(d.after))
				}
			}
			if x.Required && !y.Required {
				add(Major, MayBeEmpty, b.Name, y.Name, Words{}, Words{})
			}
			meaning(b.Name, y.Name, x.Description, y.Description)
		}
		if !slices.Equal(key, b.Key) {
			add(Major, KeyChanged, b.Name, "", same(strings.Join(a.Key, ", ")), same(strings.Join(b.Key, ", ")))
		}
		for _, y := range b.Columns {
			if !came[y.Name] && y.Name != simulatedColumn.Name {
				add(Minor, ColumnAdded, b.Name, y.Name, Words{}, Words{})
			}
		}
	}
	for i := range now.Datasets {
		b := &now.Datasets[i]
		if old.Dataset(b.Name) == nil && (b.RenamedFrom == "" || old.Dataset(b.RenamedFrom) == nil) {
			add(Minor, DatasetAdded, b.Name, "", Words{}, Words{})
		}
	}
	slices.SortStableFunc(out, func(x, y SchemaChange) int {
		return cmp.Or(cmp.Compare(x.Dataset, y.Dataset), cmp.Compare(x.Column, y.Column))
	})
	return out
}

// plain drops what carries no meaning: case, blanks, punctuation.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" \t\n.,;:!()«»\"'’“”", r) }), " ")
}

func orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func yesNo(b *bool) string {
	if b == nil {
		return "–"
	}
	return fmt.Sprint(*b)
}

// Refusal says why a version can't be made: the wrong number, or data that may not be frozen. Nothing was written.
type Refusal struct{ Problems catalog.Problems }

func (e *Refusal) Error() string { return e.Problems.Error() }

func refuse(what, hint catalog.Text, args ...any) error {
	return &Refusal{catalog.Problems{{What: catalog.Textf(what, args...), Hint: hint}}}
}

// admit holds the number against what changed since the version before.
func admit(number string, before Edition, changes []SchemaChange, unchanged bool) error {
	if unchanged && len(changes) == 0 {
		return refuse(catalog.Text{It: "dalla versione %s non è cambiato niente", En: "nothing changed since version %s"},
			catalog.Textf(catalog.Text{It: "la %s basta: non serve una versione nuova", En: "%s will do: no new version is needed"}, before.Number), before.Number)
	}
	var lost catalog.Problems
	needed := Patch
	for _, c := range changes {
		needed = higher(needed, c.Level)
		if !c.Declared {
			lost = append(lost, catalog.Problem{File: "queries/marts/" + c.Dataset + ".sql",
				What: catalog.Textf(catalog.Text{It: "la colonna «%s» della versione %s non c'è più e l'intestazione non dice perché", En: "the column %q of version %s is gone and the header does not say why"}, c.Column, before.Number),
				Hint: catalog.Textf(catalog.Text{It: "se ha cambiato nome: «renamed: {columns: {%[1]s: NOME_NUOVO}}»; se è stata tolta: «removed: [%[1]s]»", En: "if it was renamed: \"renamed: {columns: {%[1]s: NEW_NAME}}\"; if it was removed: \"removed: [%[1]s]\""}, c.Column)})
		}
	}
	if len(lost) > 0 {
		return lost.Err()
	}
	if slices.Index(levels, LevelBetween(before.Number, number)) >= slices.Index(levels, needed) {
		return nil
	}
	reasons := catalog.Problems{{What: catalog.Textf(catalog.Text{It: "%s non basta: dopo la %s serve una versione %s, almeno %s", En: "%s is not enough: after %s a %s version is needed, at least %s"},
		number, before.Number, strings.ToUpper(string(needed)), bump(before.Number, needed))}}
	var it, en []string
	onlyMeaning := true
	for _, c := range changes {
		if c.Level != needed {
			continue
		}
		what := c.What()
		it, en = append(it, c.Place()+": "+what.It), append(en, c.Place()+": "+what.En)
		onlyMeaning = onlyMeaning && c.Kind == MeaningChanged
	}
	reasons[0].Hint = catalog.Text{It: strings.Join(it, "\n"), En: strings.Join(en, "\n")}
	if onlyMeaning {
		reasons[0].Hint.It += "\nse sono cambiate solo le parole e non il significato: --same-meaning"
		reasons[0].Hint.En += "\nif only the words changed and not the meaning: --same-meaning"
	}
	return &Refusal{reasons}
}
