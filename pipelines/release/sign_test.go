package release_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"aead.dev/minisign"

	"piccoli/pipelines/release"
)

// TestKeys reads keys as they are kept: plain, with a password, with another password, and what is no key.
func TestKeys(t *testing.T) {
	_, private, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := private.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	locked, err := minisign.EncryptKey("parola", private)
	if err != nil {
		t.Fatal(err)
	}
	word := func(s string) func() (string, error) { return func() (string, error) { return s, nil } }
	for name, c := range map[string]struct {
		body     []byte
		password func() (string, error)
		want     string
	}{
		"plain":           {plain, nil, ""},
		"locked":          {locked, word("parola"), ""},
		"other password":  {locked, word("altra"), "this is not the password of the key"},
		"no password":     {locked, func() (string, error) { return "", errors.New("nobody to ask") }, "nobody to ask"},
		"a public key":    {[]byte("untrusted comment: minisign public key\nRWQ\n"), nil, "it is no private key of minisign"},
		"an empty file":   {nil, nil, "it is no private key of minisign"},
		"a truncated key": {plain[:len(plain)/2], nil, "it is no private key of minisign"},
	} {
		file := filepath.Join(t.TempDir(), "k.key")
		if err := os.WriteFile(file, c.body, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := release.ReadKey(file, c.password)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(said(err), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := release.ReadKey(filepath.Join(t.TempDir(), "none"), nil); err == nil || !strings.Contains(said(err), "minisign -G") {
		t.Errorf("no file: %v", err)
	}
}

// TestMinisign holds our signatures against Debian's minisign, and its signatures against us.
func TestMinisign(t *testing.T) {
	tool, err := exec.LookPath("minisign")
	if err != nil {
		t.Skip("no minisign: apt-get install minisign")
	}
	dir := t.TempDir()
	secret, public := filepath.Join(dir, "p.key"), filepath.Join(dir, "p.pub")
	run := func(args ...string) (string, error) {
		out, err := exec.Command(tool, args...).CombinedOutput()
		return string(out), err
	}
	if out, err := run("-G", "-W", "-s", secret, "-p", public); err != nil {
		t.Skipf("this minisign makes no key without a password: %s", out)
	}
	key, err := release.ReadKey(secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := newProject(t, "testdata/versioni.base.txtar")
	p.publish()
	frozen, err := p.freeze("1.0.0", &key, false)
	if err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(frozen.Folder, "manifest.json")
	if out, err := run("-Vm", manifest, "-p", public); err != nil || !strings.Contains(out, "piccoli 1.0.0") {
		t.Errorf("minisign does not take our signature: %s (%v)", out, err)
	}
	// The tool's own signature, with the comments that ours has: verify takes it too.
	if err := os.Remove(manifest + ".minisig"); err != nil {
		t.Fatal(err)
	}
	if out, err := run("-Sm", manifest, "-s", secret, "-c", "piccoli: signature of manifest.json", "-t", "piccoli 1.0.0"); err != nil {
		t.Fatalf("%s (%v)", out, err)
	}
	theirs, err := release.ReadPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	v, err := release.Verify(context.Background(), frozen.Folder, release.Verifier{PublicKey: theirs})
	if err != nil {
		t.Fatal(err)
	}
	if v.Signature != release.Valid || v.Comment != "piccoli 1.0.0" || len(v.Problems) > 0 {
		t.Errorf("their signature: %s %q %v", v.Signature, v.Comment, v.Problems)
	}
}
