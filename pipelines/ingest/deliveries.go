package ingest

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"piccoli/pipelines/catalog"
)

// Inputs says where delivered files lie and on which day those not yet logged are taken in.
type Inputs struct {
	Root  string // of the project
	Inbox string // absolute folder that stands for data/inbox, with its log in registro below it; empty: data/inbox and data/registro
	Clock string // ISO date
}

// inboxFolder is where the project's own deliveries lie, below its root.
const inboxFolder = "data/inbox"

// Registry is the folder of the log of deliveries.
func (in Inputs) Registry() string {
	if in.Inbox != "" {
		return filepath.Join(in.Inbox, "registro")
	}
	return filepath.Join(in.Root, "data", "registro")
}

// InboxFolder is the folder below which the tables' deliveries lie.
func (in Inputs) InboxFolder() string {
	if in.Inbox != "" {
		return in.Inbox
	}
	return filepath.Join(in.Root, filepath.FromSlash(inboxFolder))
}

// Kind of a delivery: a full one takes the place of its predecessor, a partial one adds to it and mends it key by key.
type Kind string

// The kinds, as the log writes them. A refused snapshot is left out.
const (
	Full    Kind = "intera"
	Partial Kind = "parziale"
	Refused Kind = "rifiutata"
)

// Delivery is one delivered file as the log has it.
type Delivery struct {
	File
	Table    string // e.g. domande
	Lot      string // files of one lot follow each other: the name without date, "delta" and endings
	Kind     Kind
	Received string // ISO date
	Sender   string // from the log; empty where it is not known
	Snapshot bool   // of a fetched source: its day is in its name and is not logged
	Logged   bool
}

var (
	dateInName = regexp.MustCompile(`[-_. ]?(\d{4})-?(\d{2})-?(\d{2})`)
	deltaName  = regexp.MustCompile(`(?i)[-_. ]delta$`)
	version    = regexp.MustCompile(`(?i)([-_. ]v\d+| ?\(\d+\))$`) // domande_v2, domande (1)
)

// named reads lot, kind and date from a file's name: domande_2021-01-31.delta.csv.gz is of the lot domande, partial, of that day.
func named(file string) (lot string, kind Kind, date string) {
	stem := path.Base(file)
	for _, end := range []string{".gz", ".zip", ".csv", ".xlsx"} {
		if strings.HasSuffix(strings.ToLower(stem), end) {
			stem = stem[:len(stem)-len(end)]
		}
	}
	kind = Full
	if deltaName.MatchString(stem) {
		kind, stem = Partial, deltaName.ReplaceAllString(stem, "")
	}
	if m := dateInName.FindStringSubmatchIndex(stem); m != nil {
		date = stem[m[2]:m[3]] + "-" + stem[m[4]:m[5]] + "-" + stem[m[6]:m[7]]
		stem = stem[:m[0]] + stem[m[1]:]
	}
	return strings.Trim(version.ReplaceAllString(stem, ""), "-_. "), kind, date
}

// Deliveries gives the files of a delivered source in the order in which they are loaded, and those that a later one has taken the
// place of. Of each lot the newest full delivery counts, with the partial ones after it; of snapshots all count, oldest first.
func Deliveries(in Inputs, q *catalog.Query, log []Delivery) (current, superseded []Delivery, err error) {
	var all []Delivery
	newest := "" // what is not logged yet came after all that is, whatever the clock says: one set back would make it an old delivery
	for _, l := range log {
		if l.Table == q.Name {
			newest = max(newest, l.Received)
		}
	}
	for _, pattern := range q.Source.Files {
		files, err := in.matches(pattern, len(q.Source.Packed) > 0)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", q.Path, err)
		}
		for _, f := range files {
			d := Delivery{File: f, Table: q.Name, Snapshot: q.Source.Snapshots}
			d.Lot, d.Kind, d.Received = named(f.Path)
			if d.Snapshot {
				if d.Received == "" {
					return nil, nil, catalog.Problems{{File: f.Path, What: catalog.Text{It: "il nome del file non ha la data", En: "the file's name has no date"},
						Hint: catalog.Text{It: "una fotografia della fonte si chiama nome_AAAA-MM-GG.csv: `piccoli fetch` la chiama così", En: "a snapshot of a source is called name_YYYY-MM-DD.csv: `piccoli fetch` calls it so"}}}
				}
			} else {
				d.Received, d.Logged = max(in.Clock, newest), false
				for _, l := range log {
					if l.Table == q.Name && l.SHA256 == f.SHA256 && l.Path == f.Path {
						d.Received, d.Kind, d.Lot, d.Sender, d.Logged = l.Received, l.Kind, l.Lot, l.Sender, true
					}
				}
			}
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b Delivery) int {
		return cmp.Or(cmp.Compare(a.Received, b.Received), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Path, b.Path))
	})
	if q.Source.Snapshots {
		return all, nil, nil
	}
	last := map[string]int{} // lot → place of its newest full delivery
	for i, d := range all {
		if d.Kind == Full {
			last[d.Lot] = i
		}
	}
	for i, d := range all {
		if newest, ok := last[d.Lot]; ok && i < newest {
			superseded = append(superseded, d)
		} else {
			current = append(current, d)
		}
	}
	// A lot with partial deliveries alone adds to what is there: it comes after the full ones.
	slices.SortStableFunc(current, func(a, b Delivery) int { return cmp.Compare(a.Kind, b.Kind) })
	return current, superseded, nil
}

// matches gives the files that a pattern names, sorted by path, with their hashes. Files of Office that are open (~$) and hidden ones
// are not deliveries.
func (in Inputs) matches(pattern string, packed bool) ([]File, error) {
	base, label := in.Root, ""
	if rest, ok := strings.CutPrefix(pattern, inboxFolder+"/"); ok {
		base, label, pattern = in.InboxFolder(), inboxFolder+"/", rest
	} else if in.Inbox != "" && Simulated(in) { // nothing real beside what is simulated
		return nil, nil
	}
	var out []File
	for _, p := range accepted(pattern, packed) {
		names, err := doublestar.Glob(os.DirFS(base), p, doublestar.WithFilesOnly(), doublestar.WithFailOnIOErrors())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		for _, name := range names {
			if b := path.Base(name); strings.HasPrefix(b, "~$") || strings.HasPrefix(b, ".") || slices.ContainsFunc(out, func(f File) bool { return f.Path == label+name }) {
				continue
			}
			if info, err := os.Stat(filepath.Join(base, filepath.FromSlash(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			} else if err != nil || !info.Mode().IsRegular() { // a pipe would be waited for, a device has no end
				return nil, catalog.Problems{{File: label + name, What: catalog.Text{It: "non è un file", En: "it is no file"}, Hint: catalog.Text{It: "toglierlo dalla cartella", En: "remove it from the folder"}}}
			}
			f, err := hashFile(base, filepath.Join(base, filepath.FromSlash(name)))
			if err != nil {
				return nil, err
			}
			f.on, f.Path = filepath.Join(base, filepath.FromSlash(name)), label+name
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// accepted are the patterns of the files that a contract's pattern stands for: itself, and packed if that is admitted.
func accepted(pattern string, packed bool) []string {
	patterns := []string{pattern}
	if packed {
		stem, _, _ := strings.Cut(pattern, ".{")
		patterns = append(patterns, pattern+".gz", pattern+".zip", strings.TrimSuffix(stem, path.Ext(stem))+".zip")
	}
	return patterns
}

// simulatedMark begins the title row of every simulated file; all its identifiers begin with simulatedKey.
const (
	simulatedMark = "DATI SIMULATI"
	simulatedKey  = "SIM-"
)

// Simulated reports whether the inbox is one that `piccoli simulate` wrote, by the title row of its CSV files. It is a first look, for
// what must be known before anything is read; the reader looks at every file.
func Simulated(in Inputs) bool {
	names, err := filepath.Glob(filepath.Join(in.InboxFolder(), "*", "*.csv"))
	if err != nil {
		return false
	}
	for _, n := range names {
		if head, err := headOf(n, 4096); err == nil && bytes.Contains(head, []byte(simulatedMark)) {
			return true
		}
	}
	return false
}

func headOf(path string, n int64) (head []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, n))
}

// logColumns are those of data/registro/consegne.csv.
var logColumns = []string{"tabella", "file", "sha256", "lotto", "tipo", "ricevuta_il", "mittente"}

// ReadLog reads the log of deliveries; there is none before the first.
func ReadLog(in Inputs) (out []Delivery, err error) {
	file := filepath.Join(in.Registry(), "consegne.csv")
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := csv.NewReader(f)
	r.FieldsPerRecord = len(logColumns)
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], logColumns) {
		return nil, catalog.Problems{{File: "consegne.csv", Line: 1, What: catalog.Textf(catalog.Text{It: "il registro delle consegne non ha le colonne %s", En: "the log of deliveries does not have the columns %s"}, strings.Join(logColumns, ","))}}
	}
	for i, row := range rows[1:] {
		d := Delivery{Table: row[0], File: File{Path: inboxFolder + "/" + row[1], SHA256: row[2]}, Lot: row[3], Kind: Kind(row[4]), Received: row[5], Sender: row[6], Logged: true}
		if !isoDate.MatchString(d.Received) || d.Kind != Full && d.Kind != Partial {
			return nil, catalog.Problems{{File: "consegne.csv", Line: i + 2, What: catalog.Text{It: "riga del registro illeggibile", En: "unreadable line of the log"},
				Hint: catalog.Text{It: "ricevuta_il è AAAA-MM-GG, tipo è intera o parziale", En: "ricevuta_il is YYYY-MM-DD, tipo is intera or parziale"}}}
		}
		out = append(out, d)
	}
	return out, nil
}

var isoDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// AppendLog adds the deliveries that the log does not have yet, in the order given: all of them or, where that fails, none.
func AppendLog(in Inputs, deliveries []Delivery) error {
	var fresh []Delivery
	for _, d := range deliveries {
		if !d.Logged && !d.Snapshot {
			fresh = append(fresh, d)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := os.MkdirAll(in.Registry(), 0o755); err != nil {
		return err
	}
	file := filepath.Join(in.Registry(), "consegne.csv")
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	b := bytes.NewBuffer(old)
	w := csv.NewWriter(b)
	if len(old) == 0 {
		if err := w.Write(logColumns); err != nil {
			return err
		}
	}
	for _, d := range fresh {
		if err := w.Write([]string{d.Table, strings.TrimPrefix(d.Path, inboxFolder+"/"), d.SHA256, d.Lot, string(d.Kind), d.Received, d.Sender}); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	if err := replaceFile(file, b.Bytes()); err != nil {
		return errors.Join(err, SweepLog(in))
	}
	return nil
}

// replaceFile writes a file aside, forces it to the disk and puts it in the place of the one that is there: a full disk or a kill leaves that one as it was.
func replaceFile(file string, body []byte) error {
	f, err := os.OpenFile(file+asideEnding, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(file+asideEnding, file)
}

const asideEnding = ".nuovo"

// SweepLog removes what a run that ended in the middle left of a log half written.
func SweepLog(in Inputs) error {
	if err := os.Remove(filepath.Join(in.Registry(), "consegne.csv"+asideEnding)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
