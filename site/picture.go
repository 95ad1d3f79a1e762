package site

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Pictures that other sites show beside a link to a page (https://ogp.me), one for each kind of page and language; and the icons for programs
// that draw no SVG. All are drawn at build, from the site's own fonts and mark.

// pictureWidth and pictureHeight are the size that the large previews of social networks ask for.
const pictureWidth, pictureHeight = 1200, 630

var (
	pictureBlue  = color.RGBA{0x00, 0x66, 0xcc, 0xff}
	pictureDark  = color.RGBA{0x17, 0x32, 0x4d, 0xff}
	pictureAlarm = color.RGBA{0x7a, 0x00, 0x19, 0xff} // of the banner of simulated data
)

// pictureTTF are the faces, from the same package as those of the pages.
var pictureTTF = [2]string{"Titillium_Web/titillium-web-v10-latin-ext_latin-regular.ttf", "Titillium_Web/titillium-web-v10-latin-ext_latin-600.ttf"}

// picture is what one of them says.
type picture struct {
	Lang, Name, Motto, Label, Foot string
	Simulated                      bool
}

// pictures draws one picture for each kind of page and language and says where it is: language → kind → path. Kinds are the templates; the
// label is the text immagine.<kind>, or none.
func (b *builder) pictures() error {
	names, err := filepath.Glob(filepath.Join(b.in.Root, filepath.FromSlash(templateDir), "[a-z]*.html"))
	if err != nil {
		return err
	}
	slices.Sort(names)
	var fonts [2][]byte
	for i, f := range pictureTTF {
		if fonts[i], err = os.ReadFile(filepath.Join(b.in.Root, "site", "node_modules", "bootstrap-italia", "dist", "fonts", filepath.FromSlash(f))); err != nil {
			return fmt.Errorf("site: %w", err)
		}
	}
	b.common.Pictures = map[string]map[string]string{}
	drawn := map[picture]string{}
	for _, lang := range languages {
		b.common.Pictures[lang] = map[string]string{}
		p := picture{Lang: lang, Name: b.text("sito.nome").In(lang), Motto: b.text("sito.motto").In(lang), Foot: b.pub.Editore, Simulated: b.in.Simulated}
		if !b.pub.Official() {
			p.Foot = b.text("layout.dimostrativa").In(lang)
		}
		if p.Simulated {
			p.Foot = b.text("layout.simulati.breve").In(lang)
		}
		for _, name := range names {
			kind := strings.TrimSuffix(filepath.Base(name), ".html")
			p.Label = ""
			if t, ok := b.texts.byKey["immagine."+kind]; ok {
				p.Label = t.In(lang)
			}
			if path, ok := drawn[p]; ok {
				b.common.Pictures[lang][kind] = path
				continue
			}
			key := contentKey("immagine", string(fonts[0]), string(fonts[1]), fmt.Sprint(p))
			body, err := b.blobs.get(key, func() (string, error) { return p.draw(fonts) })
			if err != nil {
				return fmt.Errorf("site: picture of %s: %w", kind, err)
			}
			if drawn[p], err = b.hashed("assets/immagini/"+lang, ".png", []byte(body)); err != nil {
				return err
			}
			b.common.Pictures[lang][kind] = drawn[p]
		}
	}
	return b.err
}

func (p picture) draw(fonts [2][]byte) (string, error) {
	ground, foot := pictureBlue, pictureDark
	if p.Simulated {
		foot = pictureAlarm
	}
	img := image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))
	draw.Draw(img, img.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 530, pictureWidth, pictureHeight), image.NewUniform(foot), image.Point{}, draw.Src)
	drawMark(img, image.Pt(860, 150), 280)
	size := func(bold bool, points float64) (font.Face, error) {
		raw := fonts[0]
		if bold {
			raw = fonts[1]
		}
		f, err := opentype.Parse(raw)
		if err != nil {
			return nil, err
		}
		return opentype.NewFace(f, &opentype.FaceOptions{Size: points, DPI: 72, Hinting: font.HintingNone})
	}
	write := func(s string, bold bool, points float64, y, width int) (int, error) {
		face, err := size(bold, points)
		if err != nil {
			return y, err
		}
		defer face.Close()
		d := font.Drawer{Dst: img, Src: image.White, Face: face}
		line := ""
		flush := func() {
			d.Dot = fixed.P(80, y)
			d.DrawString(line)
			y += int(points * 1.2)
		}
		for _, w := range strings.Fields(s) {
			if line != "" && d.MeasureString(line+" "+w).Ceil() > width {
				flush()
				line = w
				continue
			}
			line = strings.TrimSpace(line + " " + w)
		}
		flush()
		return y, nil
	}
	y, err := write(p.Name, true, 88, 160, 740)
	if err != nil {
		return "", err
	}
	if y, err = write(p.Motto, false, 38, y-20, 740); err != nil {
		return "", err
	}
	if p.Label != "" {
		if _, err = write(p.Label, true, 60, max(y+60, 390), 740); err != nil {
			return "", err
		}
	}
	if _, err = write(p.Foot, true, 32, 592, 1040); err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = png.Encode(&out, shades(img, 530, ground, foot))
	return out.String(), err
}

// shades gives the picture with a palette, a third of the bytes: all it holds are 128 shades from one of the two grounds to white.
func shades(img *image.RGBA, edge int, grounds ...color.RGBA) *image.Paletted {
	const steps = 128
	var palette color.Palette
	for _, g := range grounds {
		for i := range steps {
			mix := func(c uint8) uint8 { return uint8((int(c)*(steps-1-i) + 255*i) / (steps - 1)) }
			palette = append(palette, color.RGBA{mix(g.R), mix(g.G), mix(g.B), 0xff})
		}
	}
	out := image.NewPaletted(img.Bounds(), palette)
	for y := range img.Rect.Dy() {
		first := 0
		if y >= edge {
			first = 1
		}
		low := int(grounds[first].R)
		for x := range img.Rect.Dx() {
			out.Pix[y*out.Stride+x] = uint8(first*steps + (max(int(img.Pix[y*img.Stride+4*x]), low)-low)*(steps-1)/(255-low))
		}
	}
	return out
}

// markShapes is the mark of assets/favicon.svg, on a square of 48: two houses, their windows.
var markShapes = []struct {
	blue   bool
	points [][2]float32
}{
	{true, [][2]float32{{6, 40}, {6, 24}, {14, 17}, {22, 24}, {22, 40}}},
	{true, [][2]float32{{26, 40}, {26, 14}, {34, 6}, {42, 14}, {42, 40}}},
	{false, [][2]float32{{12, 28}, {16, 28}, {16, 33}, {12, 33}}},
	{false, [][2]float32{{32, 18}, {36, 18}, {36, 23}, {32, 23}}},
	{false, [][2]float32{{32, 28}, {36, 28}, {36, 33}, {32, 33}}},
}

// drawMark draws the mark on white, size pixels wide, its upper left corner at at.
func drawMark(dst draw.Image, at image.Point, size int) {
	square := image.Rectangle{at, at.Add(image.Pt(size, size))}
	draw.Draw(dst, square, image.White, image.Point{}, draw.Src)
	scale := float32(size) / 48
	for _, s := range markShapes {
		r := vector.NewRasterizer(size, size)
		for i, p := range s.points {
			if i == 0 {
				r.MoveTo(p[0]*scale, p[1]*scale)
			} else {
				r.LineTo(p[0]*scale, p[1]*scale)
			}
		}
		r.ClosePath()
		ink := image.NewUniform(color.White)
		if s.blue {
			ink = image.NewUniform(pictureBlue)
		}
		r.Draw(dst, square, ink, image.Point{})
	}
}

// icons writes the mark for programs that draw no SVG: favicon.ico, asked for by old programs at the site's root, and the picture for the
// first screen of a telephone.
func (b *builder) icons() error {
	mark := func(size int) ([]byte, error) {
		img := image.NewRGBA(image.Rect(0, 0, size, size))
		drawMark(img, image.Point{}, size)
		var out bytes.Buffer
		err := png.Encode(&out, img)
		return out.Bytes(), err
	}
	touch, err := mark(180)
	if err != nil {
		return err
	}
	if b.common.TouchIcon, err = b.hashed("assets/icona", ".png", touch); err != nil {
		return err
	}
	small, err := mark(32)
	if err != nil {
		return err
	}
	// One image in PNG form, as ICO files may hold since Windows Vista: 6 bytes of head, 16 of directory.
	ico := binary.LittleEndian.AppendUint16(nil, 0)
	for _, v := range []uint16{1, 1} {
		ico = binary.LittleEndian.AppendUint16(ico, v)
	}
	ico = append(ico, 32, 32, 0, 0)
	for _, v := range []uint16{1, 32} {
		ico = binary.LittleEndian.AppendUint16(ico, v)
	}
	ico = binary.LittleEndian.AppendUint32(ico, uint32(len(small)))
	ico = binary.LittleEndian.AppendUint32(ico, 22)
	return b.tree.Put("favicon.ico", append(ico, small...))
}
