package ingest

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// Limits against files made to fill the disk: an export of 50 million claims is 8 GB, real text packs at most some 30 to 1.
const (
	maxUnpacked = 16 << 30
	maxRatio    = 200
	maxOld      = 64 << 20 // of an old workbook, to tell which kind it is
	freeRatio   = 64 << 20 // below so many bytes the ratio does not matter
)

var (
	magicGzip = []byte{0x1f, 0x8b}
	magicZip  = []byte("PK\x03\x04")
	magicOLE  = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}
)

// unpack tells by its first bytes what a file is, csv or xlsx, and takes it out of a gzip or zip around it.
func (p *prepared) unpack(file string, q *catalog.Query, spill string, outer bool) (name, kind string, problems catalog.Problems, err error) {
	head, err := headOf(file, 8)
	if err != nil {
		return "", "", nil, err
	}
	refuse := func(what, hint catalog.Text) (string, string, catalog.Problems, error) {
		return "", "", refusal(p.file, what, hint), nil
	}
	packed := ""
	switch {
	case bytes.HasPrefix(head, magicOLE):
		whole, err := headOf(file, maxOld)
		if err != nil {
			return "", "", nil, err
		}
		switch { // the names of the parts are in UTF-16
		case bytes.Contains(whole, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")):
			return refuse(catalog.Text{It: "il foglio di calcolo è protetto da una password", En: "the workbook is protected by a password"},
				catalog.Text{It: "aprirlo, togliere la password (File, Informazioni, Proteggi cartella di lavoro) e salvarlo di nuovo come .xlsx", En: "open it, remove the password (File, Info, Protect Workbook) and save it again as .xlsx"})
		case bytes.Contains(whole, []byte("W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00")):
			return refuse(catalog.Text{It: "è un foglio di calcolo nel vecchio formato di Excel (.xls)", En: "it is a workbook in Excel's old format (.xls)"},
				catalog.Text{It: "aprirlo e salvarlo come «Cartella di lavoro di Excel (.xlsx)»: cambiare il nome del file non basta", En: "open it and save it as \"Excel workbook (.xlsx)\": another name is not enough"})
		}
		return refuse(catalog.Text{It: "è un vecchio file Excel (.xls) o un file protetto da password", En: "it is an old Excel file (.xls) or one protected by a password"},
			catalog.Text{It: "aprirlo e salvarlo come «Cartella di lavoro di Excel (.xlsx)», senza password", En: "open it and save it as \"Excel workbook (.xlsx)\", without a password"})
	case bytes.HasPrefix(head, magicGzip):
		packed = "gzip"
	case bytes.HasPrefix(head, magicZip):
		names, err := zipNames(file)
		if err != nil {
			return refuse(catalog.Text{It: "il file ZIP o XLSX è rovinato o troncato", En: "the ZIP or XLSX file is broken or truncated"}, catalog.Text{It: "consegnarlo di nuovo", En: "deliver it again"})
		}
		if slices.Contains(names, "xl/workbook.xml") {
			return file, "xlsx", nil, nil
		}
		packed = "zip"
	default:
		return file, "csv", nil, nil
	}
	if !outer {
		return refuse(catalog.Text{It: "un archivio dentro un archivio", En: "an archive inside an archive"}, catalog.Text{It: "consegnare il file, o un solo archivio che lo contiene", En: "deliver the file, or one archive that holds it"})
	}
	if !slices.Contains(q.Source.Packed, packed) {
		return refuse(catalog.Textf(catalog.Text{It: "è un file %s, che il contratto non ammette", En: "it is a %s file, which the contract does not admit"}, packed), catalog.Text{It: "consegnare il file com'è", En: "deliver the file as it is"})
	}
	open := openGzip
	if packed == "zip" {
		open = openZip
	}
	in, members, err := open(file)
	switch {
	case errors.Is(err, zip.ErrAlgorithm):
		return refuse(catalog.Text{It: "il file ZIP è protetto da password o compresso in un modo non comune", En: "the ZIP file is protected by a password or compressed in an unusual way"}, catalog.Text{It: "consegnarlo senza password", En: "deliver it without a password"})
	case err != nil:
		return refuse(catalog.Textf(catalog.Text{It: "il file %s è rovinato o troncato", En: "the %s file is broken or truncated"}, packed), catalog.Text{It: "consegnarlo di nuovo", En: "deliver it again"})
	case len(members) != 1:
		return refuse(catalog.Textf(catalog.Text{It: "nel file ZIP ci sono %d file: %s", En: "the ZIP file holds %d files: %s"}, len(members), strings.Join(members[:min(len(members), 5)], ", ")),
			catalog.Text{It: "un archivio per file", En: "one archive a file"})
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := p.keep(spill, ".aperto")
	if err != nil {
		return "", "", nil, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	limit := max(freeRatio, min(maxUnpacked, p.file.Bytes*maxRatio))
	n, err := io.Copy(out, io.LimitReader(in, limit+1))
	if n > limit {
		return refuse(catalog.Textf(catalog.Text{It: "aperto, il file supera %s: troppo per la sua misura (%s)", En: "unpacked, the file is beyond %s: too much for its size (%s)"}, sizeText(limit), sizeText(p.file.Bytes)),
			catalog.Text{It: "consegnarlo non compresso, o in più parti", En: "deliver it not compressed, or in parts"})
	}
	var path *os.PathError
	if errors.As(err, &path) { // the disk, not the archive
		return "", "", nil, err
	}
	if err != nil {
		return refuse(catalog.Textf(catalog.Text{It: "il file %s è rovinato o troncato", En: "the %s file is broken or truncated"}, packed), catalog.Text{It: "consegnarlo di nuovo", En: "deliver it again"})
	}
	return p.unpack(out.Name(), q, spill, false)
}

func openGzip(file string) (io.ReadCloser, []string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return both{z, f}, []string{""}, nil
}

func openZip(file string) (io.ReadCloser, []string, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, nil, err
	}
	var names []string
	var only *zip.File
	for _, m := range z.File {
		if strings.HasSuffix(m.Name, "/") || strings.HasPrefix(m.Name, "__MACOSX/") || strings.HasPrefix(path.Base(m.Name), ".") {
			continue
		}
		names, only = append(names, fmt.Sprintf("%q", path.Base(m.Name))), m
	}
	if len(names) != 1 {
		return nil, names, z.Close()
	}
	if only.Flags&1 != 0 { // encrypted
		return nil, nil, errors.Join(zip.ErrAlgorithm, z.Close())
	}
	in, err := only.Open()
	if err != nil {
		return nil, nil, errors.Join(err, z.Close())
	}
	return both{in, z}, names, nil
}

// both reads what is unpacked and closes what is packed: the checksums are looked at where the reading ends.
type both struct {
	io.Reader
	io.Closer
}

func zipNames(file string) (out []string, err error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	for _, m := range z.File {
		out = append(out, m.Name)
	}
	return out, nil
}
