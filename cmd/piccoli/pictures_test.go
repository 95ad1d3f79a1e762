package main

import (
	"bytes"
	"cmp"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// TestPictures makes, where PICCOLI_IMMAGINI names the warehouse of a simulated year, the pictures of the guides that are no terminal: a report
// opened in LibreOffice (Calc, with the filters of Draw), and one in Chromium. Their bytes depend on both programs, so that nothing compares them; TestGuides wants them there and small.
func TestPictures(t *testing.T) {
	db := os.Getenv("PICCOLI_IMMAGINI")
	if db == "" {
		t.Skip("`just immagini` makes the pictures of the guides")
	}
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, lang := range []string{"it", "en"} {
		report := func(name, region, out string) string {
			file := filepath.Join(dir, out)
			if r := piccoli(t, repo, nil, "--lang", lang, "report", name, "--param", "regione="+region, "--db", db, "--out", file); r.code != 0 {
				t.Fatal(r.out, r.err)
			}
			return file
		}
		target := func(name string) string { return filepath.Join(repo, "docs", "immagini", name+"-"+lang+".png") }
		sheetPicture(t, report("piani-in-ritardo", "Calabria", "ritardi.xlsx"), target("lavoro-03-xlsx"))
		pagePicture(t, report("scheda-regione", "Umbria", "umbria.html"), target("lavoro-07-html"))
	}
}

// sheetPicture is the first page of a workbook as LibreOffice prints it.
func sheetPicture(t *testing.T, book, target string) {
	t.Helper()
	out := t.TempDir()
	cmd := exec.Command("soffice", "--headless", "-env:UserInstallation=file://"+filepath.Join(out, "profilo"), "--convert-to", "png", "--outdir", out, book)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	shrink(t, filepath.Join(out, "ritardi.png"), target)
}

// pagePicture is the top of a page in Chromium.
func pagePicture(t *testing.T, page, target string) {
	t.Helper()
	out := t.TempDir()
	shot := filepath.Join(out, "pagina.png")
	cmd := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir="+filepath.Join(out, "profilo"), "--hide-scrollbars", "--window-size=1000,760", "--screenshot="+shot, "file://"+page)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	shrink(t, shot, target)
}

// shrink writes a picture with its 32 most frequent colours, without the white that surrounds it.
func shrink(t *testing.T, from, to string) {
	t.Helper()
	body, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	in, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.RGBA]int{}
	var used image.Rectangle
	for y := in.Bounds().Min.Y; y < in.Bounds().Max.Y; y++ {
		for x := in.Bounds().Min.X; x < in.Bounds().Max.X; x++ {
			c := color.RGBAModel.Convert(in.At(x, y)).(color.RGBA)
			count[c]++
			if c != (color.RGBA{255, 255, 255, 255}) && c.A > 0 {
				used = used.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	used = used.Inset(-12).Intersect(in.Bounds())
	var colours []color.RGBA
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range colours[:min(32, len(colours))] {
		palette = append(palette, c)
	}
	out := image.NewPaletted(image.Rect(0, 0, used.Dx(), used.Dy()), palette)
	draw.Draw(out, out.Bounds(), in, used.Min, draw.Src)
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, b.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}
