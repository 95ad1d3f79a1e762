package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aead.dev/minisign"

	"piccoli/pipelines/release"
)

// proof is a test that runs the program and reads what it says.
type proof struct{ *testing.T }

// run runs the program in a folder and wants that exit code.
func (p proof) run(code int, dir string, env []string, args ...string) result {
	p.Helper()
	r := piccoli(p.T, dir, env, args...)
	if r.code != code {
		p.Fatalf("piccoli %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), r.code, code, r.out, r.err)
	}
	return r
}

func (p proof) says(text string, wants ...string) {
	p.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			p.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

func (p proof) copyFolder(from, to string) {
	p.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		p.Fatal(err)
	}
}

// reissue puts a file in the place of another and mends every digest and size that speaks of it, as somebody would who wants it to pass.
func (p proof) reissue(folder, name string, body []byte) {
	p.Helper()
	at := filepath.Join(folder, name)
	old := []byte(read(p, at))
	if err := errors.Join(os.Remove(at), os.WriteFile(at, body, 0o644)); err != nil {
		p.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		p.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || e.Name() == name {
			continue
		}
		if text := []byte(read(p, folder, e.Name())); bytes.Contains(text, []byte(release.Digest(old))) {
			mended := strings.NewReplacer(release.Digest(old), release.Digest(body), fmt.Sprintf(`"bytes": %d`, len(old)), fmt.Sprintf(`"bytes": %d`, len(body)),
				fmt.Sprintf(`"%d B"`, len(old)), fmt.Sprintf(`"%d B"`, len(body))).Replace(string(text))
			p.reissue(folder, e.Name(), []byte(mended))
		}
	}
}

// rebuilt verifies a version by building it again, and gives what was said of each file.
func (p proof) rebuilt(dir string, args ...string) (files map[release.Outcome][]string, missing []string, missingLog bool) {
	p.Helper()
	var said verification
	if err := json.Unmarshal([]byte(p.run(0, dir, nil, append([]string{"verify", "--rebuild", "--json"}, args...)...).out), &said); err != nil {
		p.Fatal(err)
	}
	files = map[release.Outcome][]string{}
	for _, f := range said.Rebuilt {
		files[f.Outcome] = append(files[f.Outcome], f.Path)
	}
	return files, said.Missing, said.MissingLog
}

// TestProof releases a version that a private delivery is part of, signed, and goes the way of those who verify it: with the publisher's key and with another, without a copy of the delivery, with
// one under another name, after the publisher received more.
func TestProof(t *testing.T) {
	p := proof{t}
	publisher := smallProject(t)
	row := func(id, day string) string {
		return id + ";avviso-piccoli-comuni;" + day + ";singola;054028;Massa Martana;smart-working\n"
	}
	delivered := filepath.Join(publisher, "data", "inbox", "domande", "domande.csv")
	deliver := func(asOf string, rows ...string) {
		write(t, delivered, domandeHeader+strings.Join(rows, ""))
		p.run(0, publisher, nil, "build", "--as-of", asOf)
	}
	deliver("2020-06-01", row("D-1", "21/05/2020"), row("D-3", "22/05/2020"))
	deliver("2020-07-01", row("D-1", "21/05/2020"), row("D-2", "22/05/2020"))
	copied := read(t, delivered)
	key, public := p.sign(publisher)
	version := filepath.Join(publisher, "data", "releases", "1.0.0")
	p.signatures(publisher, version, key, public)
	deliver("2020-08-01", row("D-1", "21/05/2020")) // of no concern to the version

	verifier := smallProject(t)
	files, missing, _ := p.rebuilt(verifier, version)
	if len(files[release.OtherBytes]) > 0 || len(files[release.EqualBytes]) < 200 || strings.Join(missing, " ") != "domande" {
		t.Errorf("without the delivery: equal %d, different %v, missing %v", len(files[release.EqualBytes]), files[release.OtherBytes], missing)
	}
	of := strings.Join(files[release.Unproved], " ")
	p.says(of, "domande.csv", "domande.parquet", "consegne.csv", "percorso_comuni.xlsx", "datapackage.json")
	if strings.Contains(of, " comuni.csv") || strings.Contains(of, "fonti.") {
		t.Errorf("what is made of public files alone is not proved: %s", of)
	}

	inbox := filepath.Join(t.TempDir(), "copia")
	write(t, filepath.Join(inbox, "domande", "avuta-per-posta.csv"), copied)
	said := p.run(0, verifier, nil, "verify", version, "--rebuild", "--inbox", inbox, "--lang", "en").out
	p.says(said, "  equal        comuni.csv\n", "  equal        domande.csv\n", "  not proved   consegne.csv\n", "the files of these are missing: domande. A delivery is given by --inbox FOLDER",
		"the publisher's folder registro goes into FOLDER/registro")

	p.copyFolder(filepath.Join(publisher, "data", "registro"), filepath.Join(inbox, "registro"))
	files, _, missingLog := p.rebuilt(verifier, version, "--inbox", inbox)
	if len(files[release.OtherBytes])+len(files[release.Unproved]) > 0 || missingLog {
		t.Errorf("with the delivery: %v", files)
	}

	forged := filepath.Join(t.TempDir(), "1.0.0")
	p.copyFolder(version, forged)
	data := filepath.Join(forged, "data")
	p.reissue(data, "regioni.json", append([]byte(read(t, data, "regioni.json")), '\n'))
	if err := os.Remove(filepath.Join(data, "manifest.json.minisig")); err != nil {
		t.Fatal(err)
	}
	p.run(0, verifier, nil, "verify", forged)
	p.says(p.run(4, verifier, nil, "verify", forged, "--rebuild", "--inbox", inbox).err, "regioni.json: rifatto dagli stessi file di partenza ha altri byte")
}

// sign makes a publisher's key, with a password, and signs version 1.0.0 with it, after every way that does not go.
func (p proof) sign(publisher string) (key, public string) {
	folder := p.TempDir()
	key, public = filepath.Join(folder, "editore.key"), filepath.Join(folder, "editore.pub")
	open, private, err := minisign.GenerateKey(nil)
	if err != nil {
		p.Fatal(err)
	}
	text, err := open.MarshalText()
	if err != nil {
		p.Fatal(err)
	}
	locked, err := minisign.EncryptKey("parola segreta", private)
	if err := errors.Join(err, os.WriteFile(key, locked, 0o600), os.WriteFile(public, text, 0o644)); err != nil {
		p.Fatal(err)
	}
	p.says(p.run(2, publisher, nil, "release", "1.0.0", "--key", key+".altrove").err, "la chiave privata non si legge", "minisign -G")
	p.says(p.run(2, publisher, nil, "release", "1.0.0", "--key", public).err, "non è una chiave privata di minisign", "minisign -G")
	p.says(p.run(2, publisher, nil, "release", "1.0.0", "--key", key).err, "la chiave è cifrata", "PICCOLI_KEY_PASSWORD")
	p.says(p.run(2, publisher, []string{"PICCOLI_KEY_PASSWORD=altra"}, "release", "1.0.0", "--key", key).err, "la parola d'ordine della chiave non è questa")
	if _, err := os.Stat(filepath.Join(publisher, "data", "releases", "1.0.0")); err == nil {
		p.Fatal("a version was made without its signature")
	}
	p.says(p.run(0, publisher, []string{"PICCOLI_KEY_PASSWORD=parola segreta"}, "release", "1.0.0", "--key", key).out, "Versione 1.0.0, la prima (firmata)")
	return key, public
}

// signatures verifies a signed version by the publisher's key and by every other thing that may be taken for it.
func (p proof) signatures(dir, version, key, public string) {
	p.says(p.run(0, dir, nil, "verify", version).out, "C'è una firma, non controllata: serve --pubkey")
	p.says(p.run(0, dir, nil, "verify", version, "--pubkey", public).out, "Firma valida, della chiave data («piccoli 1.0.0»)")
	line := strings.Split(strings.TrimSpace(read(p, public)), "\n")
	p.says(p.run(0, dir, nil, "verify", version, "--pubkey", line[len(line)-1], "--lang", "en").out, `Valid signature, of the key given ("piccoli 1.0.0")`)

	other, _, err := minisign.GenerateKey(nil)
	if err != nil {
		p.Fatal(err)
	}
	wrong := p.run(4, dir, nil, "verify", version, "--pubkey", other.String())
	p.says(wrong.err, "manifest.json.minisig: la firma non è di questa chiave su questo manifesto", "controllare la chiave pubblica; se è giusta, i dati non vengono da chi la tiene: non usarli")
	p.says(p.run(4, dir, nil, "verify", version, "--pubkey", other.String(), "--lang", "en").err, "if it is right, the data don't come from its holder: don't use them")
	p.says(p.run(2, dir, nil, "verify", version, "--pubkey", key).err, "non è una chiave pubblica di minisign", "dare il file .pub")

	taken := filepath.Join(p.TempDir(), "1.0.0")
	p.copyFolder(version, taken)
	signature := filepath.Join(taken, "data", "manifest.json.minisig")
	manifest := read(p, taken, "data", "manifest.json")
	p.reissue(filepath.Join(taken, "data"), "manifest.json", []byte(strings.Replace(manifest, `"date": "2020-07-01"`, `"date": "2020-07-02"`, 1)))
	p.says(p.run(4, dir, nil, "verify", taken, "--pubkey", public).err, "la firma non è di questa chiave su questo manifesto")
	p.reissue(filepath.Join(taken, "data"), "manifest.json", []byte(manifest))
	p.run(0, dir, nil, "verify", taken, "--pubkey", public)
	signed := read(p, signature)
	put(p, signature, strings.Replace(signed, "piccoli 1.0.0", "piccoli 2.0.0", 1))
	p.says(p.run(4, dir, nil, "verify", taken, "--pubkey", public).err, "la firma non è di questa chiave su questo manifesto")
	if err := os.Remove(signature); err != nil {
		p.Fatal(err)
	}
	p.says(p.run(4, dir, nil, "verify", taken, "--pubkey", public).err, "non è firmata, ed è stata data una chiave", "accanto al manifesto manca manifest.json.minisig")
}
