package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	self "piccoli"
	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

func verifyCommand(t *terminal) *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     t.say("prova che una cartella di dati è ciò che dice il suo manifesto", "proves that a folder of data is what its manifest says"),
		ArgsUsage: t.say("CARTELLA", "FOLDER"),
		Flags: []cli.Flag{
			releasesFlag(t),
			&cli.StringFlag{Name: "pubkey", Usage: t.say("chiave pubblica minisign dell'editore: un file, o la chiave", "the publisher's minisign public key: a file, or the key")},
			&cli.BoolFlag{Name: "values", Usage: t.say("confronta cella per cella tutte le forme anche dei dataset con più di 200.000 righe; gli altri si confrontano sempre", "compares all forms cell by cell also of datasets with more than 200,000 rows; the others are always compared")},
			&cli.BoolFlag{Name: "rebuild", Usage: t.say("rifà i dati dai file di partenza e confronta ogni byte", "builds the data again from their inputs and compares every byte")},
			&cli.StringFlag{Name: "inbox", Usage: t.say("con --rebuild: cartella con le consegne, per chi le ha", "with --rebuild: folder with the deliveries, for those who have them")},
			&cli.IntFlag{Name: "threads", Usage: t.say("quanti processori usare (altrimenti tutti)", "how many processors to use (else all)")},
		},
		Action: func(c *cli.Context) error { return verify(c, t) },
	}
}

// verification is what verify says with --json.
type verification struct {
	OK        bool               `json:"ok"`
	Folder    string             `json:"folder"`
	Version   string             `json:"version,omitempty"`
	Date      string             `json:"date,omitempty"`
	Simulated bool               `json:"simulated,omitempty"`
	SHA256    string             `json:"manifest_sha256,omitempty"`
	Files     int                `json:"files"`
	Bytes     int64              `json:"bytes"`
	Rows      int64              `json:"rows"`
	Compared  int                `json:"datasets_compared"` // those whose forms were held against each other
	Signature release.Signature  `json:"signature,omitempty"`
	Rebuilt   []release.Compared `json:"rebuilt,omitempty"`
	Missing   []string           `json:"missing_inputs,omitempty"` // tables
	// MissingLog says that the log of deliveries is not at hand, or does not know a delivery of the manifest.
	MissingLog bool `json:"missing_log,omitempty"`
}

func verify(c *cli.Context, t *terminal) error {
	if c.NArg() != 1 {
		return usageError{catalog.Text{It: "si scrive: piccoli verify CARTELLA, per esempio piccoli verify site/dist", En: "write: piccoli verify FOLDER, for example piccoli verify site/dist"}}
	}
	if strings.Contains(c.Args().First(), "://") {
		return usageError{catalog.Textf(catalog.Text{It: "verify guarda una cartella: scaricare prima %[1]s, per esempio con `wget -x -nH %[1]s/data/SHA256SUMS` e poi `cut -c67- …/SHA256SUMS | wget -x -nH -B %[1]s/data/ -i -`", En: "verify looks at a folder: download %[1]s first, for example by `wget -x -nH %[1]s/data/SHA256SUMS` and then `cut -c67- …/SHA256SUMS | wget -x -nH -B %[1]s/data/ -i -`"}, strings.TrimSuffix(c.Args().First(), "/"))}
	}
	dir, err := dataOf(c, c.Args().First())
	if err != nil {
		return err
	}
	o := release.Verifier{Threads: c.Int("threads"), Values: release.SmallRows, Step: func(_ string, done, total int) { t.step(done, total) }}
	if c.Bool("values") {
		o.Values = math.MaxInt64
	}
	if given := c.String("pubkey"); given != "" {
		if o.PublicKey, err = release.ReadPublicKey(given); err != nil {
			return err
		}
	}
	start := time.Now()
	t.stage("verifica", "verification")
	v, err := release.Verify(c.Context, dir, o)
	took := time.Since(start)
	t.clear()
	if err != nil {
		return err
	}
	out := verification{Folder: dir, Files: v.Files, Bytes: v.Bytes, Rows: v.Rows, Compared: v.Compared, Signature: v.Signature, SHA256: v.SHA256}
	if v.Manifest != nil {
		out.Date, out.Simulated = v.Manifest.Date, v.Manifest.Simulated
		if v.Manifest.Version != nil {
			out.Version = v.Manifest.Version.Number
		}
	}
	if o.PublicKey != nil && v.Signature == release.Unsigned {
		v.Problems = append(v.Problems, catalog.Problem{What: catalog.Text{It: "non è firmata, ed è stata data una chiave", En: "it is unsigned, and a key was given"},
			Hint: catalog.Text{It: "accanto al manifesto manca manifest.json.minisig: scaricarlo, o chiedere all'editore", En: "manifest.json.minisig is missing beside the manifest: download it, or ask the publisher"}})
	}
	problems := v.Problems
	if len(problems) == 0 && c.Bool("rebuild") {
		found, err := rebuild(c, t, v.Manifest, &out)
		if err != nil {
			return err
		}
		problems = found
	}
	out.OK = len(problems) == 0
	if t.json {
		if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
			return err
		}
	} else if out.OK {
		if err := t.verified(out, v, took); err != nil {
			return err
		}
	}
	if out.OK {
		return nil
	}
	return &release.TreeError{Problems: problems}
}

// verified says what was proved, and what was not.
func (t *terminal) verified(out verification, v *release.Verified, took time.Duration) error {
	what := t.say("La costruzione", "The build")
	if out.Version != "" {
		what = t.say("La versione ", "Version ") + out.Version
	}
	lines := []string{fmt.Sprintf(t.say("%s è ciò che dice il suo manifesto: %s file, %s byte, %s righe in %d dataset, dati al %s (%s).",
		"%s is what its manifest says: %s files, %s bytes, %s rows in %d datasets, data as of %s (%s)."),
		what, t.number(int64(out.Files)), t.number(out.Bytes), t.number(out.Rows), len(v.Manifest.Datasets), out.Date, t.duration(took))}
	lines = append(lines, fmt.Sprintf(t.say("CSV, JSON, XLSX e Arrow hanno le stesse celle del Parquet in %d dataset su %d; codebook e descrittori dicono ciò che dice il manifesto.",
		"CSV, JSON, XLSX and Arrow hold the same cells as the Parquet in %d of %d datasets; codebook and descriptors say what the manifest says."), out.Compared, len(v.Manifest.Datasets)))
	if out.Compared < len(v.Manifest.Datasets) {
		lines = append(lines, t.say("Quelli con più di 200.000 righe si confrontano con --values.", "Those with more than 200,000 rows are compared by --values."))
	}
	if out.Simulated {
		lines = append(lines, t.say("ATTENZIONE: i dati sono SIMULATI.", "CAUTION: the data are SIMULATED."))
	}
	switch out.Signature {
	case release.Valid:
		lines = append(lines, fmt.Sprintf(t.say("Firma valida, della chiave data («%s»).", "Valid signature, of the key given (%q)."), v.Comment))
	case release.Unchecked:
		lines = append(lines, t.say("C'è una firma, non controllata: serve --pubkey con la chiave dell'editore.", "There is a signature, not checked: give the publisher's key by --pubkey."))
	case release.Unsigned:
		lines = append(lines, t.say("NON è firmata: i file sono interi, ma niente prova chi li ha pubblicati.", "It is NOT signed: the files are whole, but nothing proves who published them."))
	}
	lines = append(lines, "SHA-256 "+out.SHA256)
	if out.Rebuilt != nil {
		words := map[release.Outcome]string{release.EqualBytes: t.say("uguale", "equal"), release.Unproved: t.say("non provato", "not proved"), release.Derived: t.say("dal confronto con la versione precedente", "from comparing with the version before")}
		count := map[release.Outcome]int{}
		for _, r := range out.Rebuilt {
			count[r.Outcome]++
			lines = append(lines, fmt.Sprintf("  %-12s %s", words[r.Outcome], r.Path))
		}
		lines = append(lines, fmt.Sprintf(t.say("Rifatti dai file di partenza: %d file con gli stessi byte, %d non provati.", "Built again from the inputs: %d files with the same bytes, %d not proved."), count[release.EqualBytes], count[release.Unproved]))
		if count[release.Unproved] > 0 {
			lines = append(lines, fmt.Sprintf(t.say("Per provare anche gli altri mancano i file di: %s. Una consegna la dà con --inbox CARTELLA chi ne ha copia; i file pubblici li scarica `piccoli fetch`.",
				"To prove the others too the files of these are missing: %s. A delivery is given by --inbox FOLDER, by those who have a copy; `piccoli fetch` fetches the public files."), strings.Join(out.Missing, ", ")))
		}
		if count[release.Unproved] > 0 && out.MissingLog {
			lines = append(lines, t.say("Manca anche ciò che il registro delle consegne ne dice: la cartella registro dell'editore va in CARTELLA/registro.", "What the log of deliveries says of them is missing too: the publisher's folder registro goes into FOLDER/registro."))
		}
	}
	return printf("%s\n", strings.Join(lines, "\n"))
}

// rebuild builds the data of the manifest again in a folder of its own, from the project's inputs and, where they are at hand, the deliveries,
// and compares every file. The project is not touched.
func rebuild(c *cli.Context, t *terminal, m *release.Manifest, out *verification) (problems catalog.Problems, err error) {
	root, err := projectRoot(c)
	if err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "piccoli-verify-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if problems, err = sameProject(root, m); err != nil || len(problems) > 0 {
		return problems, err
	}
	cat, err := catalog.Load(c.Context, root)
	if err != nil {
		return nil, err
	}
	in := ingest.Inputs{Root: root, Inbox: c.String("inbox")}
	if in.Inbox != "" {
		if in.Inbox, err = filepath.Abs(in.Inbox); err != nil {
			return nil, err
		}
	}
	there, err := ingest.Present(in, cat)
	if err != nil {
		return nil, err
	}
	inbox := filepath.Join(work, "inbox")
	if err := os.MkdirAll(inbox, 0o755); err != nil {
		return nil, err
	}
	missing, err := rebuildInbox(m, in, there, inbox, out)
	if err != nil {
		return nil, err
	}
	dist := filepath.Join(work, "dist")
	t.stage("costruzione da capo", "building again")
	args := []string{"build", "--root", root, "--inbox", inbox, "--out", dist, "--db", filepath.Join(work, "w.duckdb"), "--as-of", m.Date, "--releases", filepath.Join(work, "releases"), "--lang", t.lang}
	if n := c.Int("threads"); n > 0 {
		args = append(args, "--threads", strconv.Itoa(n))
	}
	if said, err := itself(c.Context, args); err != nil {
		return nil, catalog.Problems{{What: catalog.Textf(catalog.Text{It: "i dati non si ricostruiscono:\n%s", En: "the data can't be built again:\n%s"}, said),
			Hint: catalog.Text{It: "con --inbox si danno le consegne, a chi le ha; i file pubblici li scarica `piccoli fetch`", En: "--inbox gives the deliveries, for those who have them; `piccoli fetch` fetches the public files"}}}
	}
	if out.Rebuilt, err = release.CompareRebuilt(m, filepath.Join(dist, "data"), missing); err != nil {
		return nil, err
	}
	for _, r := range out.Rebuilt {
		if r.Outcome == release.OtherBytes {
			problems = append(problems, catalog.Problem{File: r.Path, What: catalog.Text{It: "rifatto dagli stessi file di partenza ha altri byte", En: "built again from the same inputs it has other bytes"}})
		}
	}
	return problems, nil
}

// rebuildInbox fills a folder with the deliveries of the manifest that are at hand, and with what the log of deliveries says of them and of no other: one that came after the version would be in a new
// build too. It gives the tables that can't be proved, because a file of theirs is not at hand or the day on which it came is not known.
func rebuildInbox(m *release.Manifest, in ingest.Inputs, there map[[2]string]string, inbox string, out *verification) (missing map[string]bool, err error) {
	log, err := ingest.ReadLog(in)
	if err != nil {
		return nil, err
	}
	to := ingest.Inputs{Root: in.Root, Inbox: inbox}
	missing = map[string]bool{}
	var known []ingest.Delivery
	for _, s := range m.Inputs {
		path, ok := there[[2]string{s.Table, s.SHA256}]
		if !ok {
			missing[s.Table] = true
		}
		if !s.Private {
			continue
		}
		logged := slices.Collect(func(yield func(ingest.Delivery) bool) {
			for _, d := range log {
				if d.Table == s.Table && d.SHA256 == s.SHA256 && !yield(d) {
					return
				}
			}
		})
		known = append(known, logged...)
		if len(logged) == 0 {
			missing[s.Table], out.MissingLog = true, true
		}
		if !ok {
			// What a delivery held that is gone is remembered as far as the next one was compared with it.
			if err := copyInto(warehouse.KeysFile(in, s.Table, s.SHA256), warehouse.KeysFile(to, s.Table, s.SHA256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			continue
		}
		place := path
		if len(logged) > 0 && !slices.ContainsFunc(logged, func(d ingest.Delivery) bool { return d.Path == path }) {
			place = logged[len(logged)-1].Path // the verifier's copy has another name
		}
		place = strings.TrimPrefix(place, "data/inbox/")
		if err := copyInto(filepath.Join(in.InboxFolder(), filepath.FromSlash(strings.TrimPrefix(path, "data/inbox/"))), filepath.Join(inbox, filepath.FromSlash(place))); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(known, func(a, b ingest.Delivery) int { return cmp.Compare(slices.Index(log, a), slices.Index(log, b)) }) // as they came
	for i := range known {
		known[i].Logged = false
	}
	out.Missing = slices.Sorted(maps.Keys(missing))
	return missing, ingest.AppendLog(to, known)
}

// sameProject refuses to build again with another program or other queries than those of the manifest: the bytes would prove nothing.
func sameProject(root string, m *release.Manifest) (problems catalog.Problems, err error) {
	program, err := self.SourceSHA256()
	if err != nil {
		return nil, err
	}
	if program != m.Program.SourceSHA256 {
		problems = append(problems, catalog.Problem{What: catalog.Text{It: "i dati sono di un altro programma: con questo non si possono ricostruire", En: "the data are of another program: they can't be built again with this one"}})
	}
	for _, q := range m.Queries {
		body, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(q.Path)))
		if err != nil || release.Digest(body) != q.SHA256 {
			problems = append(problems, catalog.Problem{File: q.Path, What: catalog.Text{It: "non è la query da cui vengono i dati", En: "it is not the query that the data come from"}})
		}
	}
	if len(problems) > 0 {
		commit := ""
		if m.Version != nil {
			commit = m.Version.Commit
		}
		problems[len(problems)-1].Hint = catalog.Textf(catalog.Text{It: "riprendere il progetto com'era (`git checkout %s`) e usare il programma di allora", En: "take the project as it was (`git checkout %s`) and use the program of then"}, cmp.Or(commit, "COMMIT"))
	}
	return problems, nil
}

// itself runs this program again, as a process of its own; said is what it said where it failed.
func itself(ctx context.Context, args []string) (said string, err error) {
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, exe, args...)
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "SOURCE_DATE_EPOCH=") { // the clock is that of the manifest
			cmd.Env = append(cmd.Env, e)
		}
	}
	var all bytes.Buffer
	cmd.Stderr = &all
	err = cmd.Run()
	return strings.TrimSpace(all.String()), err
}

func copyInto(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
