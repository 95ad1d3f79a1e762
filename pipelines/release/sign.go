package release

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"aead.dev/minisign"

	"piccoli/pipelines/catalog"
)

// A manifest is signed in the format of minisign (jedisct1.github.io/minisign): anybody can check it with that tool as well, by
// `minisign -Vm manifest.json -p publisher.pub`. The signature says nothing that the inputs do not, no time among it.
const (
	signatureName    = manifestName + ".minisig"
	untrustedComment = "piccoli: signature of manifest.json"
)

// Key is the publisher's private key. It is read from a file that the publisher keeps and is never written.
type Key struct{ key minisign.PrivateKey }

// ReadKey reads a private key as `minisign -G` writes it; password is asked for only if the file is encrypted.
func ReadKey(file string, password func() (string, error)) (Key, error) {
	wrong := func(what, hint catalog.Text) error {
		return &Refusal{catalog.Problems{{File: file, What: what, Hint: hint}}}
	}
	how := catalog.Text{It: "la chiave si fa con `minisign -G -s FILE.key -p FILE.pub`; il file .key resta fuori dal progetto", En: "a key is made by `minisign -G -s FILE.key -p FILE.pub`; the .key file stays outside of the project"}
	raw, err := os.ReadFile(file)
	if err != nil {
		return Key{}, wrong(catalog.Text{It: "la chiave privata non si legge", En: "the private key can't be read"}, how)
	}
	var k Key
	if !minisign.IsEncrypted(raw) {
		if err := k.key.UnmarshalText(raw); err != nil {
			return Key{}, wrong(catalog.Text{It: "non è una chiave privata di minisign", En: "it is no private key of minisign"}, how)
		}
		return k, nil
	}
	secret, err := password()
	if err != nil {
		return Key{}, err
	}
	if k.key, err = minisign.DecryptKey(secret, raw); err != nil {
		return Key{}, wrong(catalog.Text{It: "la parola d'ordine della chiave non è questa", En: "this is not the password of the key"}, catalog.Text{})
	}
	return k, nil
}

func (k Key) sign(manifest []byte, number string) []byte {
	return minisign.SignWithComments(k.key, manifest, "piccoli "+number, untrustedComment)
}

// Signature is what can be said of a manifest's signature.
type Signature string

// The states of a signature. Unsigned and Unchecked are no faults: the first says that nobody vouches for the data, the second that a
// public key is wanted.
const (
	Unsigned  Signature = "unsigned"
	Unchecked Signature = "unchecked"
	Valid     Signature = "valid"
	Invalid   Signature = "invalid"
)

// ReadPublicKey reads a minisign public key: a file, or the key itself as one line.
func ReadPublicKey(given string) (*minisign.PublicKey, error) {
	key, err := minisign.PublicKeyFromFile(given)
	if err != nil && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid)) {
		err = key.UnmarshalText([]byte(given))
	}
	if err != nil {
		return nil, &Refusal{catalog.Problems{{File: given, What: catalog.Text{It: "non è una chiave pubblica di minisign", En: "it is no public key of minisign"},
			Hint: catalog.Text{It: "dare il file .pub che pubblica l'editore, o la sua seconda riga", En: "give the .pub file that the publisher publishes, or its second line"}}}}
	}
	return &key, nil
}

// signatureOf looks at the signature beside a manifest. What its file says must be the form that this program writes, to the byte.
func signatureOf(folder string, manifest []byte, key *minisign.PublicKey) (Signature, string, error) {
	raw, err := os.ReadFile(filepath.Join(folder, signatureName))
	if errors.Is(err, fs.ErrNotExist) {
		return Unsigned, "", nil
	}
	if err != nil {
		return "", "", err
	}
	var s minisign.Signature
	if s.UnmarshalText(raw) != nil || s.UntrustedComment != untrustedComment {
		return Invalid, "", nil
	}
	canonical, err := s.MarshalText()
	if err != nil || string(canonical) != string(raw) {
		return Invalid, "", nil
	}
	if key == nil {
		return Unchecked, s.TrustedComment, nil
	}
	if !minisign.Verify(*key, manifest, raw) {
		return Invalid, "", nil
	}
	return Valid, s.TrustedComment, nil
}
