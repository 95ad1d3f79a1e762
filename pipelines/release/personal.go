package release

import "bytes"

// kind is what a personal datum is.
type kind int

const (
	personalCode kind = iota // codice fiscale of a natural person
	iban
	email
	phone       // a number written as one: +39 …, 333 1234567, 333-123 4567
	phoneDigits // ten bare digits that may be a mobile number: whoever calls knows whether they stand in a number
)

// finding is where a personal datum stands in a text.
type finding struct {
	kind     kind
	from, to int
}

// class of a byte: 1 digit, 2 letter.
var class = func() (c [256]byte) {
	for i := '0'; i <= '9'; i++ {
		c[i] = 1
	}
	for i := 'A'; i <= 'Z'; i++ {
		c[i], c[i+'a'-'A'] = 2, 2
	}
	return c
}()

// personal finds personal data in a text of whatever form. It looks at whole tokens only: a code inside a longer one (a digest, a
// compressed font) is none. Codes and account numbers count only with their right check characters.
func personal(b []byte, found func(finding)) {
	for i := 0; i < len(b); {
		c := class[b[i]]
		if c == 0 {
			switch b[i] {
			case '@':
				if from, to, ok := emailAt(b, i, i+1); ok {
					found(finding{email, from, to})
				}
			case '%', '&', '\\': // @ as addresses, HTML and JSON may write it
				for _, at := range [...]string{"%40", "&#64;", "&#x40;", `\u0040`} {
					if bytes.HasPrefix(b[i:], []byte(at)) {
						if from, to, ok := emailAt(b, i, i+len(at)); ok {
							found(finding{email, from, to})
						}
					}
				}
			}
			i++
			continue
		}
		from, digits := i, true
		for i < len(b) && class[b[i]] != 0 {
			digits = digits && class[b[i]] == 1
			i++
		}
		if digits {
			phoneAt(b, from, i, found)
			continue
		}
		tokenAt(b, from, i, found)
	}
}

// tokenAt looks at a token of letters and digits, and at those that follow it after one space.
func tokenAt(b []byte, from, to int, found func(finding)) {
	switch n := to - from; {
	case n == 16 && isPersonalCode(b[from:to]):
		found(finding{personalCode, from, to})
	case (n == 3 || n == 6) && class[b[from]] == 2 && class[b[to-1]] == 2: // RSS MRA 80A01 H501U
		var joined [16]byte
		if end, ok := join(b, from, 16, joined[:]); ok && isPersonalCode(joined[:]) {
			found(finding{personalCode, from, end})
		}
	case n >= 4 && class[b[from]] == 2 && class[b[from+1]] == 2 && class[b[from+2]] == 1 && class[b[from+3]] == 1:
		length := ibanLengths[[2]byte{upper(b[from]), upper(b[from+1])}]
		if length == 0 || n > length {
			return
		}
		var joined [34]byte
		if end, ok := join(b, from, length, joined[:length]); ok && isIBAN(joined[:length]) {
			found(finding{iban, from, end})
		}
	}
}

// join takes so many letters and digits from tokens parted by one space, the last of them whole.
func join(b []byte, from, length int, into []byte) (end int, ok bool) {
	n := 0
	for i := from; i < len(b); i++ {
		switch {
		case class[b[i]] != 0:
			if n == length {
				return 0, false
			}
			into[n] = upper(b[i])
			n++
		case n == length:
			return i, true
		case b[i] != ' ' || i+1 == len(b) || class[b[i+1]] == 0:
			return 0, false
		}
	}
	return len(b), n == length
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// Values of the check letter of a codice fiscale (DM 23 December 1976, art. 7): characters in odd places, digits and letters alike.
var oddValues = map[byte]int{'0': 1, '1': 0, '2': 5, '3': 7, '4': 9, '5': 13, '6': 15, '7': 17, '8': 19, '9': 21, 'A': 1, 'B': 0, 'C': 5, 'D': 7, 'E': 9, 'F': 13, 'G': 15, 'H': 17,
	'I': 19, 'J': 21, 'K': 2, 'L': 4, 'M': 18, 'N': 20, 'O': 11, 'P': 3, 'Q': 6, 'R': 8, 'S': 12, 'T': 14, 'U': 16, 'V': 10, 'W': 22, 'X': 25, 'Y': 24, 'Z': 23}

// isPersonalCode reports whether 16 characters are the codice fiscale of a person: six letters, the year, the letter of the month, the day,
// the place, and the right check letter. Letters LMNPQRSTUV may stand for digits (omocodia).
func isPersonalCode(b []byte) bool {
	const form = "LLLLLLDDLDDLDDDL"
	sum := 0
	for i, c := range b {
		c = upper(c)
		digit := c >= '0' && c <= '9' || bytes.IndexByte([]byte("LMNPQRSTUV"), c) >= 0
		letter := c >= 'A' && c <= 'Z'
		if form[i] == 'L' && !letter || form[i] == 'D' && !digit {
			return false
		}
		if i == 8 && bytes.IndexByte([]byte("ABCDEHLMPRST"), c) < 0 {
			return false
		}
		switch {
		case i == 15:
			return c == byte('A'+sum%26)
		case i%2 == 0: // the first place is odd
			sum += oddValues[c]
		case c <= '9':
			sum += int(c - '0')
		default:
			sum += int(c - 'A')
		}
	}
	return false
}

// ibanLengths are the lengths of account numbers by country (ISO 13616 registry): Europe, and those with which it trades most.
var ibanLengths = func() map[[2]byte]int {
	out := map[[2]byte]int{}
	for length, countries := range map[int]string{15: "NO", 16: "BE", 18: "DKFOFIGLNL", 19: "MKSI", 20: "ATBAEEKZLTLUXK", 21: "HRLICHLV", 22: "BGDEGEGBIEMERSBH", 23: "AEGIILTL", 24: "ADCZMDPKROSASKESSETNVG",
		25: "PT", 26: "ISTR", 27: "FRGRITMCSM", 28: "ALAZCYDOGTHULBPLBY", 29: "BREGPSUA", 30: "JOKWMUQA", 31: "MT"} {
		for i := 0; i < len(countries); i += 2 {
			out[[2]byte{countries[i], countries[i+1]}] = length
		}
	}
	return out
}()

// isIBAN reports whether the number leaves 1 modulo 97 (ISO 7064), its first four characters moved to the end.
func isIBAN(b []byte) bool {
	rest := 0
	for i := range b {
		switch c := b[(i+4)%len(b)]; {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		default:
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest == 1
}

// emailAt reads the mailbox around an @ that stands at b[at:after].
func emailAt(b []byte, at, after int) (from, to int, ok bool) {
	from, to = at, after
	for from > 0 && (class[b[from-1]] != 0 || bytes.IndexByte([]byte("._%+-'"), b[from-1]) >= 0) {
		from--
	}
	for from < at && class[b[from]] == 0 {
		from++
	}
	label, dot := to, -1
	for to < len(b) && (class[b[to]] != 0 || b[to] == '-' || b[to] == '.' && to > label) {
		if b[to] == '.' {
			dot, label = to, to+1
		}
		to++
	}
	if to > after && b[to-1] == '.' { // the end of a sentence
		to--
		dot = bytes.LastIndexByte(b[after:to], '.')
		if dot >= 0 {
			dot += after
		}
	}
	if from == at || dot < 0 || to-dot < 3 {
		return 0, 0, false
	}
	for _, c := range b[dot+1 : to] {
		if class[c] != 2 {
			return 0, 0, false
		}
	}
	return from, to, true
}

// phoneAt looks at a run of digits and at those that follow it after one sign each. A mobile number of Italy has nine or ten digits and one of
// the networks' prefixes; what is a decimal, a part of an address or a list of coordinates, or ends in 000 as amounts do, is none, and neither
// is a CIG, which may have ten digits.
func phoneAt(b []byte, from, to int, found func(finding)) {
	before := func(n int) byte {
		if from-n < 0 {
			return ' '
		}
		return b[from-n]
	}
	after := func(i int) byte {
		if i >= len(b) {
			return ' '
		}
		return b[i]
	}
	n := to - from
	if n >= 2 && b[from] == '3' && b[from+1] == '9' && before(1) == '+' { // +39, whatever follows is a telephone
		if digits, end, _ := groups(b, from); digits >= 8 && digits <= 13 {
			found(finding{phone, from - 1, end})
		}
		return
	}
	if n == 14 && bytes.HasPrefix(b[from:], []byte("0039")) && isMobile(b[from+4:to]) {
		found(finding{phone, from, to})
		return
	}
	if b[from] != '3' || n != 3 && n != 9 && n != 10 {
		return
	}
	previous := before(1)
	switch {
	case bytes.IndexByte([]byte("/=_-#%&?+"), previous) >= 0, (previous == '.' || previous == ',' || previous == ' ') && n == 3 && class[before(2)] == 1, previous == '.' && class[before(2)] == 1:
		return
	}
	if n == 3 {
		digits, end, parts := groups(b, from)
		next := after(end)
		if parts < 2 || digits != 10 && (digits != 9 || parts != 2) || (next == ' ' || next == '.' || next == ',') && class[after(end+1)] == 1 || bytes.IndexByte([]byte("_-/="), next) >= 0 {
			return
		}
		var joined [10]byte
		k := 0
		for _, c := range b[from:end] {
			if class[c] == 1 {
				joined[k] = c
				k++
			}
		}
		if isMobile(joined[:k]) {
			found(finding{phone, from, end})
		}
		return
	}
	next := after(to)
	if (next == '.' || next == ',') && class[after(to+1)] == 1 && next == '.' || bytes.IndexByte([]byte("_-/=%"), next) >= 0 || bytes.HasSuffix(b[from:to], []byte("000")) {
		return
	}
	if isMobile(b[from:to]) && !isCIG(b[from:to]) {
		found(finding{phoneDigits, from, to})
	}
}

// groups reads runs of digits parted by one sign: how many digits in all, where they end and in how many parts.
func groups(b []byte, from int) (digits, end, parts int) {
	i := from
	for i < len(b) {
		start := i
		for i < len(b) && class[b[i]] == 1 {
			i++
		}
		if i == start || i < len(b) && class[b[i]] == 2 {
			return digits, end, parts
		}
		digits, end, parts = digits+i-start, i, parts+1
		if i == len(b) || bytes.IndexByte([]byte(" .-/"), b[i]) < 0 {
			return digits, end, parts
		}
		i++
	}
	return digits, end, parts
}

// isMobile reports whether nine or ten digits begin with the prefix of a mobile network (national numbering plan).
func isMobile(d []byte) bool {
	if len(d) != 9 && len(d) != 10 || d[0] != '3' {
		return false
	}
	switch d[1] {
	case '2', '3', '4', '6', '7', '8':
		return true
	case '5':
		return d[2] <= '3'
	case '9':
		return d[2] <= '3' || d[2] == '7'
	}
	return false
}

// isCIG reports whether ten digits are a code of the SIMOG system: the last three, in hexadecimal, are the first seven times 211 modulo 4091.
func isCIG(d []byte) bool {
	if len(d) != 10 {
		return false
	}
	n, check := 0, 0
	for _, c := range d[:7] {
		n = n*10 + int(c-'0')
	}
	for _, c := range d[7:] {
		check = check*16 + int(c-'0')
	}
	return n*211%4091 == check
}
