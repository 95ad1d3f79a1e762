package site

import (
	"fmt"
	"strconv"

	"rsc.io/qr"
)

// qrView is an address as a QR code (ISO/IEC 18004), for paper: one path in units of a module, with the quiet zone of four around it.
type qrView struct {
	Size int // modules on a side, quiet zone included
	D    string
}

// qrCode draws the address with the lowest correction: a printed sheet is flat and clean.
func qrCode(address string) (qrView, error) {
	code, err := qr.Encode(address, qr.L)
	if err != nil {
		return qrView{}, fmt.Errorf("site: QR %s: %w", address, err)
	}
	const quiet = 4
	var d []byte
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x == from {
				continue
			}
			d = append(d, 'M')
			d = strconv.AppendInt(d, int64(from+quiet), 10)
			d = append(d, ' ')
			d = strconv.AppendInt(d, int64(y+quiet), 10)
			d = append(d, 'h')
			d = strconv.AppendInt(d, int64(x-from), 10)
			d = append(d, "v1h-"...)
			d = strconv.AppendInt(d, int64(x-from), 10)
			d = append(d, 'z')
		}
	}
	return qrView{Size: code.Size + 2*quiet, D: string(d)}, nil
}
