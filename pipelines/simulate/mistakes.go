package simulate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"piccoli/pipelines/catalog"
)

// kindsOf lists the ways to go wrong in a table: those of its rules first, then those of any column by its contract, then those of whole rows.
func kindsOf(t *table) []kind {
	out := slices.Clone(ruleKinds[t.name])
	for i := range out {
		out[i].rule = true
	}
	for _, c := range t.columns {
		out = append(out, cellKinds(t, c)...)
	}
	return append(out, rowKinds(t)...)
}

// instead says what stands in a cell and what stood there.
func instead(r *record, column, wrong, why string) string {
	was := r.get(column)
	r.set(column, wrong)
	if was == "" {
		return fmt.Sprintf("%s: «%s» in una cella vuota", why, wrong)
	}
	return fmt.Sprintf("%s: «%s» al posto di «%s»", why, wrong, was)
}

// cellKinds are the mistakes that one cell can have by what the contract says of its column.
func cellKinds(t *table, c catalog.Column) (out []kind) {
	name := c.Name
	isKey := slices.Contains(t.query.Key, name)
	add := func(reason string, change func(p *planter, r *record) string) {
		out = append(out, kind{column: name, reason: reason, make: func(p *planter, r *record) string {
			if isKey && !r.childless() { // its children would have no parent at all
				return ""
			}
			return change(p, r)
		}})
	}
	// one replaces the value of a cell that has one.
	one := func(reason, why string, values ...string) {
		add(reason, func(p *planter, r *record) string {
			if !r.has(name) {
				return ""
			}
			return instead(r, name, pick(p.dice, values), why)
		})
	}
	if c.Required || isKey {
		one("valore_mancante", "cella svuotata", "", "N/D", " ")
	}
	one("errore_di_foglio", "errore del foglio di calcolo", "#N/D", "#RIF!", "#VALORE!", "#DIV/0!", "#NOME?", "#N/A", "#REF!", "#####")
	switch {
	case c.Type == "date":
		one("data_illeggibile", "data a parole", "maggio 2021", "ieri", "20-mag-2021")
		add("data_inesistente", func(p *planter, r *record) string {
			if !r.has(name) {
				return ""
			}
			if p.chance(0.5) {
				return instead(r, name, "31/02/2021", "giorno che non esiste")
			}
			return instead(r, name, "05/25/2021", "giorno e mese scambiati")
		})
	case c.Type == "boolean":
		one("booleano_illeggibile", "né sì né no", "forse", "in parte", "da verificare")
	case c.Type == "integer":
		one("numero_illeggibile", "lettere in un numero", "circa 1200", "l2", "tre")
		one("numero_ambiguo", "separatore che si legge in due modi", "1.234", "2,500")
		one("numero_non_intero", "decimali dove va un numero intero", "1234,5", "12,75")
		one("numero_troppo_grande", "troppe cifre", "99999999999")
	case strings.HasPrefix(c.Type, "decimal"):
		one("numero_illeggibile", "importo che non è un numero", "1O50,00", "circa 1500", "12mila", "1.234.5")
		one("numero_ambiguo", "separatore che si legge in due modi", "1.234", "12,500")
		one("troppi_decimali", "più decimali di quanti se ne ammettono", "1234,567891", "98765,43218")
		one("numero_troppo_grande", "troppe cifre", "99999999999999999999,00")
	}
	if len(c.Allowed) > 0 {
		add("valore_non_ammesso", func(p *planter, r *record) string {
			if !r.has(name) {
				return ""
			}
			return instead(r, name, misspelt(p.dice, r.get(name)), "valore che non è nell’elenco")
		})
	}
	switch c.Format {
	case "codice_istat":
		one("codice_malformato", "codice ISTAT scritto male", "O28001", "0280011", "IT028001")
	case "codice_catastale":
		one("codice_malformato", "codice catastale scritto male", "F8399", "G21")
	case "cup":
		add("codice_malformato", func(p *planter, r *record) string {
			if !r.has(name) {
				return ""
			}
			return instead(r, name, r.get(name)[:14], "CUP senza l’ultimo carattere")
		})
	case "codice_fiscale_ente":
		add("codice_malformato", func(p *planter, r *record) string {
			return instead(r, name, pick(p.dice, []string{"12345678901", "SIM-0123"}), "codice fiscale con la cifra di controllo sbagliata")
		})
	case "codice_ipa":
		add("codice_malformato", func(p *planter, r *record) string { return instead(r, name, "c f839", "codice IPA con uno spazio") })
	}
	if c.In != "" {
		add("codice_sconosciuto", func(p *planter, r *record) string {
			code := fmt.Sprintf("%03d%d", p.between(1, 111), p.between(600, 999))
			if c.Format == "codice_catastale" {
				code = fmt.Sprintf("M%d", p.between(900, 999))
			}
			if !r.has(name) || p.world.registry.codes[code] || p.world.registry.cadastre[code] {
				return ""
			}
			return instead(r, name, code, "codice che nessun comune ha")
		})
	}
	if c.On != "" {
		add("codice_non_valido_alla_data", func(p *planter, r *record) string {
			if !r.has(name) || !r.has(c.On) {
				return ""
			}
			return instead(r, name, pick(p.dice, p.world.registry.future), "codice che vale dal 1° gennaio 2026")
		})
	}
	if c.Parent != "" {
		add("padre_assente", func(p *planter, r *record) string {
			if !r.has(name) {
				return ""
			}
			if t.name == "rendicontazioni" && name == "id_piano" { // else the intervention would be of another plan
				r.set("id_intervento", "")
			}
			wrong := r.get(name)
			if i := strings.LastIndexByte(wrong, '-'); i >= 0 {
				wrong = wrong[:i+1] + "9" + strconv.Itoa(p.between(1000000, 9999999))
			}
			return instead(r, name, wrong, "codice di una riga che non c’è")
		})
	}
	if !t.form.workbook && c.Type == "text" && len(c.Allowed) == 0 && c.Format == "" && !isKey && c.Parent == "" && c.List == "" { // a spreadsheet can't hold it
		add("carattere_di_controllo", func(p *planter, r *record) string {
			if !r.has(name) {
				return ""
			}
			r.set(name, r.get(name)+pick(p.dice, []string{"\x08", "\x0b", "\x1b[1m", "\x7f"}))
			return "un carattere che non si vede in fondo al testo"
		})
	}
	if !t.form.workbook && c.Type == "text" && len(c.Allowed) == 0 && c.Format == "" && !isKey && c.Parent == "" && c.List == "" { // a spreadsheet's cell can't be so long
		add("testo_troppo_lungo", func(p *planter, r *record) string {
			if p.long > 0 || !r.has(name) {
				return ""
			}
			p.long++
			r.set(name, strings.Repeat(r.get(name)+" ", 33000/(utf8.RuneCountInString(r.get(name))+1)+1))
			return "testo di oltre 32.767 caratteri"
		})
	}
	return out
}

// misspelt writes a word as a hurried hand does: two letters exchanged, one left out or another word for it.
func misspelt(d *dice, word string) string {
	if at := d.IntN(len(word)); len(word) > 4 && at > 0 && word[at] != word[at-1] && word[at]|0x20 >= 'a' && word[at]|0x20 <= 'z' && word[at-1]|0x20 >= 'a' && word[at-1]|0x20 <= 'z' {
		return word[:at-1] + string(word[at]) + string(word[at-1]) + word[at+1:]
	}
	return word + "x"
}

// rowKinds are the mistakes of whole rows.
func rowKinds(t *table) (out []kind) {
	first := t.query.Key[0]
	out = append(out, kind{column: first, reason: "riga_ripetuta", make: func(_ *planter, r *record) string {
		r.twin = r.clone()
		return "la stessa riga, copiata una seconda volta"
	}}, kind{column: first, reason: "chiave_in_conflitto", make: func(_ *planter, r *record) string {
		for _, c := range t.columns {
			if slices.Contains(t.query.Key, c.Name) || c.Parent != "" || c.In != "" || c.Format != "" || len(c.Allowed) > 0 {
				continue
			}
			twin := r.clone()
			switch {
			case c.Type == "text":
				twin.set(c.Name, strings.TrimSpace(r.get(c.Name)+" (bis)"))
			case c.Type == "boolean":
				twin.flag(c.Name, r.get(c.Name) != "sì")
			case strings.HasPrefix(c.Type, "decimal") && r.has(c.Name):
				twin.set(c.Name, "0,01")
			default:
				continue
			}
			r.twin = twin
			return "due righe con la stessa chiave e valori diversi"
		}
		return ""
	}})
	if t.form.workbook {
		return out
	}
	return append(out, kind{reason: "campi_in_meno", make: func(_ *planter, r *record) string {
		r.line = t.line(nil, r.cells[:len(r.cells)-2])
		return "mancano gli ultimi due campi"
	}}, kind{reason: "campi_in_piu", make: func(_ *planter, r *record) string {
		r.line = append(t.line(nil, r.cells), t.form.delimiter, 'x')
		return "un separatore di troppo"
	}}, kind{reason: "virgolette_non_chiuse", make: func(_ *planter, r *record) string {
		for i, c := range t.columns {
			if c.Type != "text" || slices.Contains(t.key, i) || len(r.cells[i]) == 0 || len(c.Allowed) > 0 || c.Format != "" || c.Parent != "" {
				continue
			}
			before := t.line(nil, r.cells[:i])
			if i > 0 {
				before = append(before, t.form.delimiter)
			}
			before = append(before, `"`...)
			before = append(append(before, r.cells[i]...), `" bis`...)
			if i < len(r.cells)-1 {
				before = t.line(append(before, t.form.delimiter), r.cells[i+1:])
			}
			r.line = before
			return "testo fuori dalle virgolette"
		}
		return ""
	}})
}
