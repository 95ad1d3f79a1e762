package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"piccoli/pipelines/catalog"
)

// maxCell is the longest text kept from one cell, in characters: Excel's own limit, so that no spreadsheet loses anything.
const maxCell = 32767

// blanks are the characters taken off both ends of a cell: space, tab, line ends, no-break spaces, byte order mark.
const blanks = " \t\r\n\u00a0\u202f\u2007\ufeff"

// cell is the SQL of one column of a delivered file, in three steps that each read the names made by the step before: the text
// without blanks and null words, the typed value, and the reason code of a value that does not fit.
type cell struct {
	column  catalog.Column
	written string // of r<position>: the cell as it stands in the file
	typed   bool   // r<position> has the column's type already: every cell of the file is written in the one form that DuckDB's reader takes as it is
	text    string // of r<position>, as t_<column>
	value   string // of t_<column>, as v_<column>
	mended  string // true where the value is not what was written, by a rule of the contract; empty: never
	reason  string // NULL where the value is good, as e_<column>; empty: every cell of the file is good
}

// cells writes the SQL for every loaded column; positions gives the place in the file of the columns in which something stands. Number and
// date forms are those of the dialect; in a spreadsheet a number cell comes with a decimal point whatever the dialect says. What no
// cell of the file can have is not looked for.
func cells(q *catalog.Query, positions map[string]int, spreadsheet bool, have traits) []cell {
	d := q.Source.Dialect
	if spreadsheet {
		d = forSheet(d)
	}
	var out []cell
	for _, c := range q.Source.Loaded() {
		if c.Given != "" {
			continue
		}
		at, ok := positions[c.Name]
		if !ok {
			x := cell{column: c, written: "null", text: "null::varchar", value: "null::" + c.DuckDB()}
			if c.Required || slices.Contains(q.Key, c.Name) {
				x.reason = "'valore_mancante'"
			}
			out = append(out, x)
			continue
		}
		r := fmt.Sprintf("r%d", at)
		seen := have.column(at)
		x := cell{column: c, written: r, typed: have.readsTyped(at), text: cleaned(r, d, seen)}
		t, v := catalog.Quote("t_"+c.Name), catalog.Quote("v_"+c.Name)
		var unreadable string // the reason where v is NULL and t is not
		switch {
		case x.typed:
			x.value, x.written = t, seen.writes(r)
		case c.Type == "text" && seen.exact:
			x.value = t
		case c.Type == "text":
			x.value, x.mended = textValue(c, t)
			if x.mended != "" {
				x.mended = fmt.Sprintf("%s <> %s", t, v) // of a good cell, which has both or neither
			}
			unreadable = "'valore_non_ammesso'"
		case c.Type == "integer" || c.Type == "bigint":
			x.value, unreadable = wholeValue(c, t, d)
		case c.Type == "date":
			x.value, unreadable = dateValue(t, d)
		case c.Type == "boolean":
			x.value, unreadable = booleanValue(t), "'booleano_illeggibile'"
		default:
			x.value, unreadable = decimalValue(c, t, d)
		}
		var when []string
		if (c.Required || slices.Contains(q.Key, c.Name)) && !seen.full {
			when = append(when, fmt.Sprintf("when %s is null then 'valore_mancante'", t))
		}
		known := x.typed || seen.exact
		if have.faults && !known {
			when = append(when, fmt.Sprintf("when %s then 'errore_di_foglio'", full(t, sheetError)))
		}
		if have.controls && !known {
			when = append(when, fmt.Sprintf("when regexp_matches(%s, %s) then 'carattere_di_controllo'", t, catalog.Literal(control)))
		}
		if c.Type == "text" && seen.long {
			when = append(when, fmt.Sprintf("when strlen(%[1]s) > %[2]d and length(%[1]s) > %[2]d then 'testo_troppo_lungo'", t, maxCell))
		}
		if !known && (c.Type != "text" || len(c.Allowed) > 0) {
			when = append(when, fmt.Sprintf("when %s is null and %s is not null then %s", v, t, unreadable))
		}
		if rule, ok := formRule(c.Format, v); ok && !seen.exact {
			when = append(when, fmt.Sprintf("when %s then 'codice_malformato'", rule))
		}
		if len(when) > 0 {
			x.reason = "case " + strings.Join(when, " ") + " end"
		}
		out = append(out, x)
	}
	return out
}

// sheetError is a whole cell that a spreadsheet wrote in place of a value, in Italian or English, as Excel and LibreOffice write it; hashes alone
// are a column too narrow for its number, exported as it was seen.
const sheetError = `(?i)#(N/D|N/A|NV|RIF!|REF!|VALORE!|VALUE!|DIV/0!|NUM!|NOME\?|NAME\?|NULLO!|NULL!|ESPANSIONE!|SPILL!|CALC!|CAMPO!|FIELD!|BLOCCATO!|BLOCKED!|CONNETTI!|CONNECT!|OCCUPATO!|BUSY!|SCONOSCIUTO!|UNKNOWN!|GETTING_DATA)|Err:[0-9]{3}|#{3,}`

// control is what no text holds: a page, a terminal and a spreadsheet can't show it, and some obey it. Line ends and tabs are none, nor is what stands
// from U+0080 to U+009F: real files have it, from letters that were decoded twice (OpenCoesione's of 2018: 81 rows of 290).
// U+FFFE and U+FFFF are no characters: a workbook can't have them, and would say another one.
const control = `[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x{FFFE}\x{FFFF}]`

// cleaned takes off blanks and the ="…" that keeps a spreadsheet from reading a code as a number (="a"&"b" is a formula, and stays), and makes null words NULL.
func cleaned(r string, d catalog.Dialect, seen look) string {
	if !seen.edged && !seen.nulls { // what is empty is NULL to the reader
		return r
	}
	nulls := []string{"''"}
	for _, n := range d.Null {
		if n != "" {
			nulls = append(nulls, catalog.Literal(n))
		}
	}
	if !seen.edged {
		return fmt.Sprintf("case when %[1]s in (%[2]s) then null else %[1]s end", r, strings.Join(nulls, ", "))
	}
	set := catalog.Literal(blanks)
	var list []string
	for _, b := range blanks {
		list = append(list, catalog.Literal(string(b)))
	}
	ends := strings.Join(list, ", ")
	out := fmt.Sprintf("case when %[1]s[1] in (%[2]s) or %[1]s[-1] in (%[2]s) then trim(%[1]s, %[3]s) else %[1]s end", r, ends, set)
	if d.Unwrap {
		out = fmt.Sprintf(`case when %[1]s[1] = '=' and %[1]s[2] = '"' and %[1]s[-1] = '"' and length(%[1]s) > 2 and not contains(%[1]s[3:-2], '"') then trim(%[1]s[3:-2], %[3]s) else %[2]s end`, r, out, set)
	}
	if len(nulls) == 1 {
		return fmt.Sprintf("nullif(%s, '')", out)
	}
	return fmt.Sprintf("case when (%[1]s) in (%[2]s) then null else %[1]s end", out, strings.Join(nulls, ", "))
}

// upperForms are the codes that are written in capitals; small letters in them are mended.
var upperForms = []string{"codice_catastale", "cup", "cig", "nuts"}

// textValue gives the value of a text column and whether it can differ from what was written.
func textValue(c catalog.Column, t string) (value, mended string) {
	switch {
	case c.List != "":
		one := "trim(x, " + catalog.Literal(blanks) + ")"
		if len(c.Allowed) > 0 {
			one = allowedValue(c.Allowed, one)
		}
		parts := fmt.Sprintf("list_transform(list_filter(string_split_regex(%s, '[|,;]'), lambda x: trim(x, %s) <> ''), lambda x: %s)", t, catalog.Literal(blanks), one)
		// A NULL among the parts is a word that is not allowed: the whole value is not.
		return fmt.Sprintf("case when %[1]s is null then null when list_contains(list_transform(%[2]s, lambda x: x is null), true) then null else array_to_string(%[2]s, %[3]s) end", t, parts, catalog.Literal(c.List)), "yes"
	case len(c.Allowed) > 0:
		return allowedValue(c.Allowed, t), "yes"
	case c.Pad > 0:
		return fmt.Sprintf("case when length(%[1]s) < %[2]d and regexp_full_match(%[1]s, '[0-9]+') then lpad(%[1]s, %[2]d, '0') else %[1]s end", t, c.Pad), "yes"
	case slices.Contains(upperForms, c.Format):
		return "upper(" + t + ")", "yes"
	}
	return t, ""
}

// allowedValue gives the allowed value that was meant, compared without case, accents, blanks and punctuation, or NULL.
func allowedValue(allowed []string, expr string) string {
	var exact, loose []string
	for _, a := range allowed {
		exact = append(exact, catalog.Literal(a))
		loose = append(loose, fmt.Sprintf("when %s then %s", catalog.Literal(plain(a)), catalog.Literal(a)))
	}
	return fmt.Sprintf("case when %[1]s in (%[2]s) then %[1]s else case trim(regexp_replace(lower(strip_accents(%[1]s)), '[^a-z0-9]+', '_', 'g'), '_') %[3]s end end",
		expr, strings.Join(exact, ", "), strings.Join(loose, " "))
}

// plain writes a word without case and punctuation, as allowedValue compares it.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }), "_")
}

// numbers: what is grouped by threes and what is not. A lone group of three after a point or a comma can be read in two ways.
const (
	grouped   = `[+-]?[0-9]{1,3}(\.[0-9]{3})+`
	ambiguous = `[+-]?[0-9]{1,3}[.,][0-9]{3}`
	anyNumber = `[+-]?[0-9]+([.,][0-9]+)*`
)

func full(expr, pattern string) string {
	return fmt.Sprintf("regexp_full_match(%s, %s)", expr, catalog.Literal(pattern))
}

// wholeValue reads a whole number: 1234, 1234.0 and, where the decimal sign is the comma alone, 1.234.
func wholeValue(c catalog.Column, t string, d catalog.Dialect) (value, unreadable string) {
	typ := c.DuckDB()
	var when []string
	add := func(condition, expr string) {
		when = append(when, fmt.Sprintf("when %s then try_cast(%s as %s)", condition, expr, typ))
	}
	add(full(t, `[+-]?[0-9]{1,19}`), t)
	if slices.Equal(d.Decimals, []string{","}) {
		add(full(t, grouped), fmt.Sprintf("replace(%s, '.', '')", t))
	}
	add(full(t, `[+-]?[0-9]{1,19}[.,]0{1,2}`), fmt.Sprintf("regexp_extract(%s, '^[+-]?[0-9]+')", t)) // a whole number that came as a float
	unreadable = fmt.Sprintf("case when %s then 'numero_ambiguo' when %s then 'numero_troppo_grande' when %s then 'numero_non_intero' else 'numero_illeggibile' end",
		full(t, ambiguous), full(t, `[+-]?[0-9]+([.,]0{1,2})?`), full(t, anyNumber))
	return "case " + strings.Join(when, " ") + " end", unreadable
}

// decimalValue reads a number with at most the scale's decimals. What is common is told by one character and cast; the rest by
// its whole form. try_cast alone would round 12.345 and read 1e3 and 1_000.
func decimalValue(c catalog.Column, t string, d catalog.Dialect) (value, unreadable string) {
	typ, scale := c.DuckDB(), 15
	var fast []string
	if _, digits, ok := strings.Cut(strings.TrimSuffix(c.Type, ")"), ","); ok {
		scale, _ = strconv.Atoi(strings.TrimSpace(digits)) // the grammar has made sure of digits
	}
	point, comma := slices.Contains(d.Decimals, "."), slices.Contains(d.Decimals, ",")
	var when []string
	add := func(condition, expr string) {
		when = append(when, fmt.Sprintf("when %s then try_cast(%s as %s)", condition, expr, typ))
	}
	if scale > 0 && (scale != 3 || !comma) { // 1,234 with three decimals is what may also be 1234
		if point {
			fast = append(fast, fmt.Sprintf("when %[1]s like '%%.%[2]s' and not contains(%[1]s, '_') then try_cast(%[1]s as %[3]s)", t, strings.Repeat("_", scale), typ))
		}
		if comma {
			fast = append(fast, fmt.Sprintf("when %[1]s like '%%,%[2]s' and not contains(%[1]s, '_') and not contains(%[1]s, '.') then try_cast(replace(%[1]s, ',', '.') as %[3]s)", t, strings.Repeat("_", scale), typ))
		}
	}
	add(full(t, `[+-]?[0-9]+`), t)
	n := t
	if c.Unit == "EUR" { // € 1.234,56 and 1.234,56 EUR
		n = fmt.Sprintf(`regexp_replace(%s, '^(€|EUR)[\s\x{a0}]*|[\s\x{a0}]*(€|EUR)$', '', 'g')`, t)
	}
	fraction := fmt.Sprintf(`[0-9]{1,%d}0*`, max(scale, 1))
	if scale == 0 {
		fraction = "0+"
	}
	sure := "not " + full(n, ambiguous)
	if point {
		condition := full(n, `[+-]?[0-9]+\.`+fraction)
		if comma {
			condition += " and " + sure
		}
		add(condition, n)
	}
	if comma {
		add(full(n, `([+-]?[0-9]+|`+grouped+`),`+fraction)+" and "+sure, fmt.Sprintf("replace(replace(%s, '.', ''), ',', '.')", n))
		condition := full(n, grouped)
		if point {
			condition += " and " + sure
		}
		add(condition, fmt.Sprintf("replace(%s, '.', '')", n))
	}
	if c.Unit == "EUR" {
		add(full(n, `[+-]?[0-9]+`), n)
	}
	other := "false" // written with the decimal sign that the contract does not have
	if !comma {
		other = full(n, `[+-]?[0-9]+,[0-9]+`)
	} else if !point {
		other = full(n, `[+-]?[0-9]+\.[0-9]+`)
	}
	unreadable = fmt.Sprintf("case when %s then 'numero_ambiguo' when %s then 'segno_decimale' when %s then 'numero_troppo_grande' when %s then 'troppi_decimali' else 'numero_illeggibile' end",
		full(n, ambiguous), other, full(n, `[+-]?[0-9]+([.,]`+fraction+`)?`), full(n, `[+-]?[0-9]+[.,][0-9]+|`+grouped+`,[0-9]+`))
	value = "case " + strings.Join(when, " ") + " end"
	if len(fast) > 0 {
		value = "coalesce(case " + strings.Join(fast, " ") + " end, " + value + ")"
	}
	return value, unreadable
}

// dateValue reads a date in one of the declared forms, from 1900 to 2100. Each form is told from the others by its shape.
func dateValue(t string, d catalog.Dialect) (value, unreadable string) {
	var when, shapes []string
	add := func(shape, expr string) {
		when = append(when, fmt.Sprintf("when %s then %s", shape, expr))
		shapes = append(shapes, shape)
	}
	var fast []string // as dates mostly come
	for _, form := range d.Dates {
		switch form {
		case "iso":
			fast = append(fast, fmt.Sprintf("when %[1]s like '20__-__-__' or %[1]s like '19__-__-__' then try_cast(%[1]s as date)", t))
		case "italian":
			fast = append(fast, fmt.Sprintf("when %[1]s like '__/__/20__' or %[1]s like '__/__/19__' then try_strptime(%[1]s, '%%d/%%m/%%Y')::date", t))
		}
	}
	for _, form := range d.Dates {
		switch form {
		case "iso": // also with a time, which is cut off
			add(fmt.Sprintf("length(%[1]s) >= 10 and %[1]s[5] = '-' and %[1]s[8] = '-' and (length(%[1]s) = 10 or %[2]s)", t, full(t, `[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+([+-][0-9:]+|Z)?`)),
				fmt.Sprintf("case when %s then try_cast(%s[1:10] as date) end", full(t+"[1:10]", `[0-9]{4}-[0-9]{2}-[0-9]{2}`), t))
		case "italian": // also with a time, which is cut off
			add(full(t, `[0-9]{1,2}([/.-])[0-9]{1,2}[/.-][0-9]{4}( [0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?)?`),
				fmt.Sprintf(`try_strptime(regexp_replace(regexp_extract(%s, '^[0-9/.-]+'), '[.-]', '/', 'g'), '%%d/%%m/%%Y')::date`, t))
		case "compact":
			add(full(t, `[0-9]{8}`), fmt.Sprintf("try_strptime(%s, '%%Y%%m%%d')::date", t))
		case "serial": // days since 30 December 1899, as Excel counts; with a time after the point
			add(full(t, `[0-9]{5}([.][0-9]+)?`), fmt.Sprintf("date '1899-12-30' + %s[1:5]::integer", t))
		}
	}
	// Out of the years is NULL: the value is written once, for DuckDB would compute it as often as it stands here.
	value = fmt.Sprintf("list_filter([case %s end], lambda x: x between date '1900-01-01' and date '2100-12-31')[1]", strings.Join(when, " "))
	if len(fast) > 0 {
		value = "coalesce(case " + strings.Join(fast, " ") + " end, " + value + ")"
	}
	return value, fmt.Sprintf("case when %s then 'data_inesistente' else 'data_illeggibile' end", "("+strings.Join(shapes, ") or (")+")")
}

func booleanValue(t string) string {
	return fmt.Sprintf("case when lower(strip_accents(%[1]s)) in ('si', 's', 'true', 'vero', '1', 'x', 'yes', 'y') then true when lower(strip_accents(%[1]s)) in ('no', 'n', 'false', 'falso', '0') then false end", t)
}
