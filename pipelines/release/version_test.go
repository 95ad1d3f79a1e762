package release_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aead.dev/minisign"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/release"
	"piccoli/pipelines/warehouse"
)

var update = flag.Bool("update", false, "write the wanted output of testdata/versioni anew, to be read line by line")

// project is a copy of testdata/project.txtar that a test may change and publish again.
type project struct {
	root string
	t    testing.TB
}

func newProject(t testing.TB, archive string) project {
	t.Helper()
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	p := project{t.TempDir(), t}
	p.write(a.Files)
	return p
}

// write puts the files; one that is empty is removed.
func (p project) write(files []txtar.File) {
	p.t.Helper()
	for _, f := range files {
		to := filepath.Join(p.root, filepath.FromSlash(f.Name))
		if len(strings.TrimSpace(string(f.Data))) == 0 {
			if err := os.Remove(to); err != nil {
				p.t.Fatal(err)
			}
			continue
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, f.Data, 0o644)); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p project) data() string { return filepath.Join(p.root, "dist", "data") }

func (p project) releases() string { return filepath.Join(p.root, "versioni") }

// publish builds the warehouse and the files anew.
func (p project) publish() {
	p.t.Helper()
	ctx := context.Background()
	c, err := catalog.Load(ctx, p.root)
	if err != nil {
		p.t.Fatal(err)
	}
	b, err := warehouse.Build(ctx, c, warehouse.Options{DB: filepath.Join(p.root, "w.duckdb"), Threads: 2, Engine: "prova"})
	if err != nil {
		p.t.Fatal(err)
	}
	tree, err := release.OpenTree(filepath.Join(p.root, "dist"), filepath.Join(p.root, "stato", "s"), "prova")
	if err != nil {
		p.t.Fatal(err)
	}
	editions, err := release.Editions(p.releases())
	if err != nil {
		p.t.Fatal(err)
	}
	_, err = release.Write(ctx, release.Input{Catalog: c, DB: b.DB, Keys: b.Keys, Tree: tree, AsOf: "2026-01-31", Program: "prova", Releases: editions, Site: release.Publisher{
		BaseURL: "https://piccoli.example.org/", Licence: release.Licence{ID: "CC-BY-4.0", Title: "CC BY 4.0", URL: "https://creativecommons.org/licenses/by/4.0/"}}})
	if err := errors.Join(err, release.PublishEditions(tree, editions), b.Commit(), tree.Publish()); err != nil {
		p.t.Fatal(err)
	}
}

func (p project) freeze(number string, key *release.Key, sameMeaning bool) (*release.Frozen, error) {
	return release.Freeze{Data: p.data(), Releases: p.releases(), Number: number, Key: key, SameMeaning: sameMeaning, Threads: 2}.Run(context.Background())
}

func (p project) mustFreeze(number string) *release.Frozen {
	p.t.Helper()
	f, err := p.freeze(number, nil, false)
	if err != nil {
		p.t.Fatal(err)
	}
	return f
}

// said is an error as it is read in both languages.
func said(err error) string {
	var refusal *release.Refusal
	var problems catalog.Problems
	var tree *release.TreeError
	switch {
	case errors.As(err, &refusal):
		problems = refusal.Problems
	case errors.As(err, &tree):
		problems = tree.Problems
	case !errors.As(err, &problems):
		return fmt.Sprint(err) + "\n"
	}
	return problems.In("it") + "\n" + problems.In("en") + "\n"
}

// TestRefusals publishes version 1.0.0 of each case in testdata/versioni, changes files as the case says, and asks for the versions that it names: wanted
// are the refusals, or the level.
func TestRefusals(t *testing.T) {
	cases, err := filepath.Glob("testdata/versioni/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(err, "no cases")
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			p := newProject(t, "testdata/versioni.base.txtar")
			p.publish()
			p.mustFreeze("1.0.0")
			c, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var files, wants []txtar.File
			for _, f := range c.Files {
				if number, ok := strings.CutPrefix(f.Name, "piccoli release "); ok {
					wants = append(wants, txtar.File{Name: number, Data: f.Data})
					continue
				}
				files = append(files, f)
			}
			p.write(files)
			p.publish()
			for _, w := range wants {
				number, flag, _ := strings.Cut(w.Name, " ")
				frozen, err := p.freeze(number, nil, flag == "--same-meaning")
				got := said(err)
				if err == nil {
					got = fmt.Sprintf("%s, again %t\n", frozen.Level, frozen.Again)
				}
				if *update {
					at := slices.IndexFunc(c.Files, func(f txtar.File) bool { return f.Name == "piccoli release "+w.Name })
					c.Files[at].Data = []byte(got)
					continue
				}
				if d := cmp.Diff(strings.TrimSpace(string(w.Data)), strings.TrimSpace(got)); d != "" {
					t.Errorf("%s: -want +got:\n%s", w.Name, d)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(c), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestFrozenHolds verifies what a release wrote, with its signature, and finds any byte that is flipped, in any file, at random places.
func TestFrozenHolds(t *testing.T) {
	p := newProject(t, "testdata/versioni.base.txtar")
	p.publish()
	public, private, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := private.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "prova.key")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := release.ReadKey(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	frozen, err := p.freeze("1.0.0", &key, false)
	if err != nil {
		t.Fatal(err)
	}
	check := func(key *minisign.PublicKey) *release.Verified {
		t.Helper()
		v, err := release.Verify(context.Background(), frozen.Folder, release.Verifier{PublicKey: key})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := check(&public); len(v.Problems) > 0 || v.Signature != release.Valid || v.Comment != "piccoli 1.0.0" {
		t.Fatalf("%v, signature %s %q", v.Problems, v.Signature, v.Comment)
	}
	if v := check(nil); v.Signature != release.Unchecked {
		t.Errorf("without a key: %s", v.Signature)
	}
	other, _, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if v := check(&other); v.Signature != release.Invalid || len(v.Problems) == 0 {
		t.Errorf("another key: %s, %v", v.Signature, v.Problems)
	}
	entries, err := os.ReadDir(frozen.Folder)
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for _, e := range entries {
		for range 12 {
			path := filepath.Join(frozen.Folder, e.Name())
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			at, bit := random.IntN(len(body)), byte(1)<<random.IntN(8)
			rewrite := func() {
				body[at] ^= bit
				if err := errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, body, 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			rewrite()
			if v := check(&public); len(v.Problems) == 0 {
				t.Errorf("seed %d: bit %d of byte %d of %s flipped and not found", seed, bit, at, e.Name())
			}
			rewrite()
		}
	}
	if v := check(&public); len(v.Problems) > 0 {
		t.Fatal(v.Problems)
	}
	stranger := filepath.Join(frozen.Folder, "altro.csv")
	if err := os.WriteFile(stranger, []byte("a\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if v := check(&public); len(v.Problems) != 1 || v.Problems[0].File != "altro.csv" {
		t.Errorf("a stranger: %v", v.Problems)
	}
	if err := errors.Join(os.Remove(stranger), os.Remove(filepath.Join(frozen.Folder, "spesa.csv"))); err != nil {
		t.Fatal(err)
	}
	if v := check(&public); len(v.Problems) != 1 || v.Problems[0].File != "spesa.csv" {
		t.Errorf("a missing file: %v", v.Problems)
	}
}

// TestLyingManifest signs for nothing: counts, types and meanings that the files don't have are found even where every digest is right.
func TestLyingManifest(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`"rows": 3,`, `"rows": 4,`, "the manifest says 4"},
		{`"type": "decimal(18,2)"`, `"type": "decimal(18,3)"`, "spesa.parquet"},
		{`"it": "Nome"`, `"it": "Cognome"`, `"column.nome.it"`},
		{`"name": "nome"`, `"name": "nomi"`, "the columns are"},
	} {
		p := newProject(t, "testdata/versioni.base.txtar")
		p.publish()
		path := filepath.Join(p.data(), "manifest.json")
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(body), c.old, c.new, 1)
		if changed == string(body) {
			t.Fatalf("the manifest does not hold %s", c.old)
		}
		sums := filepath.Join(p.data(), "SHA256SUMS")
		digests, err := os.ReadFile(sums)
		if err != nil {
			t.Fatal(err)
		}
		right := strings.Replace(string(digests), release.Digest(body), release.Digest([]byte(changed)), 1)
		if err := errors.Join(os.Remove(path), os.WriteFile(path, []byte(changed), 0o644), os.Remove(sums), os.WriteFile(sums, []byte(right), 0o644)); err != nil {
			t.Fatal(err)
		}
		v, err := release.Verify(context.Background(), p.data(), release.Verifier{})
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Problems.In("en"); !strings.Contains(got, c.want) || strings.Contains(got, "SHA256SUMS") {
			t.Errorf("%s: %s", c.new, got)
		}
	}
}

// TestFrozenNeverChanges touches a version in each way that its publisher might: the next release and the next build refuse.
func TestFrozenNeverChanges(t *testing.T) {
	p := newProject(t, "testdata/versioni.base.txtar")
	p.publish()
	frozen := p.mustFreeze("1.0.0")
	p.publish()
	live := filepath.Join(p.root, "dist", "releases", "1.0.0", "data", "spesa.csv")
	want, err := os.ReadFile(live)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(frozen.Folder, "spesa.csv")
	if err := errors.Join(os.Remove(path), os.WriteFile(path, append(slices.Clone(want), "x"...), 0o444)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.freeze("1.0.1", nil, false); !strings.Contains(said(err), "releases/1.0.0/data/spesa.csv: i byte non sono quelli del manifesto") {
		t.Errorf("release said %s", said(err))
	}
	editions, err := release.Editions(p.releases())
	if err != nil {
		t.Fatal(err)
	}
	tree, err := release.OpenTree(filepath.Join(p.root, "altrove"), filepath.Join(p.root, "stato", "altrove"), "prova")
	if err != nil {
		t.Fatal(err)
	}
	if err := release.PublishEditions(tree, editions); !strings.Contains(said(err), "the version's file is missing or no longer the one published") {
		t.Errorf("build said %s", said(err))
	}
	if got, err := os.ReadFile(live); err != nil || string(got) != string(want) {
		t.Error("the file on the site changed")
	}
}
