package ingest

import (
	"fmt"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// Reason says, of a reason code of the contract, what is wrong with the column and what to do. It holds no value of the file: the
// sentence is published. ok is false for a code that is none of the contract's.
func Reason(q *catalog.Query, name, reason string) (t catalog.Text, ok bool) {
	it, en := "riga", "row"
	c := q.Source.Column(name)
	if c != nil {
		it, en = "«"+c.Name+"»", `"`+c.Name+`"`
	}
	say := func(i, e string) (catalog.Text, bool) {
		return catalog.Text{It: strings.ReplaceAll(i, "§", it), En: strings.ReplaceAll(e, "§", en)}, true
	}
	d := q.Source.Dialect
	whole := c != nil && (c.Type == "integer" || c.Type == "bigint")
	sample := catalog.Text{It: "1234,56", En: "1234.56"} // as the contract has it; both where it accepts both
	if !slices.Contains(d.Decimals, ",") {
		sample.It = "1234.56"
	} else if !slices.Contains(d.Decimals, ".") {
		sample.En = "1234,56"
	}
	switch reason {
	case "valore_mancante":
		return say("§ è vuota: scrivere il valore, che è obbligatorio", "§ is empty: write the value, which is required")
	case "errore_di_foglio":
		return say("§ contiene un errore del foglio di calcolo (come #N/D o #RIF!, oppure ### se la colonna era stretta) al posto del valore: correggere la formula o allargare la colonna nel file di partenza, o scrivere il valore",
			"§ holds an error of the spreadsheet (like #N/A or #REF!, or ### if the column was narrow) in place of the value: mend the formula or widen the column in the original file, or write the value")
	case "carattere_di_controllo":
		return say("§ contiene un carattere che non si vede (di controllo), spesso arrivato con un copia e incolla: cancellare il testo e riscriverlo a mano", "§ holds a character that can't be seen (a control one), which often comes by copy and paste: delete the text and type it again")
	case "numero_illeggibile":
		if whole {
			return say("§ non è un numero intero: lasciare solo cifre, come 1234, senza testo né spazi", "§ is no whole number: leave just digits, like 1234, without text or blanks")
		}
		return say("§ non è un numero: lasciare solo cifre e il segno dei decimali, come "+sample.It+", senza testo (circa, mila) né migliaia separate in altro modo", "§ is no number: leave just digits and the decimal sign, like "+sample.En+", without text (about, thousand) or thousands separated in another way")
	case "numero_ambiguo":
		if whole {
			return say("§ si può leggere in due modi (1.234 è milleduecentotrentaquattro o uno virgola…?): scrivere 1234, senza punti né virgole", "§ can be read in two ways (is 1.234 one thousand or one point…?): write 1234, without points or commas")
		}
		return say("§ si può leggere in due modi (1.234 è milleduecentotrentaquattro o uno virgola…?): scrivere 1234,00 oppure 1,23", "§ can be read in two ways (is 1.234 one thousand or one point…?): write 1234.00 or 1.23")
	case "segno_decimale":
		if slices.Contains(d.Decimals, ",") {
			return say("§ ha il punto al posto della virgola dei decimali: scrivere 1234,56", "§ has a point in place of the decimal comma: write 1234,56")
		}
		return say("§ ha la virgola al posto del punto dei decimali: scrivere 1234.56", "§ has a comma in place of the decimal point: write 1234.56")
	case "troppi_decimali":
		return say(fmt.Sprintf("§ ha più decimali di quanti il contratto ammette (%s): scriverlo con i decimali giusti, non viene arrotondato", scaleOf(c)),
			fmt.Sprintf("§ has more decimals than the contract admits (%s): write it with the right decimals, it is not rounded", scaleOf(c)))
	case "numero_non_intero":
		return say("§ dev'essere un numero intero, senza decimali", "§ must be a whole number, without decimals")
	case "numero_troppo_grande":
		return say("§ è un numero più grande di quanto la colonna contiene: controllare le cifre", "§ is a number larger than the column holds: check the digits")
	case "data_illeggibile":
		return say("§ non è una data: scriverla come "+datesOf(d, "it"), "§ is no date: write it as "+datesOf(d, "en"))
	case "data_inesistente":
		return say("§ è una data che non esiste o fuori dagli anni 1900-2100: controllare giorno, mese (forse scambiati) e anno", "§ is a date that does not exist or is outside the years 1900-2100: check day, month (perhaps swapped) and year")
	case "booleano_illeggibile":
		return say("§ vuole sì o no", "§ wants sì (yes) or no")
	case "valore_non_ammesso":
		return say("§ ha un valore che non è nell'elenco: si ammettono "+strings.Join(c.Allowed, ", "), "§ has a value that is not in the list: accepted are "+strings.Join(c.Allowed, ", "))
	case "codice_malformato":
		text := formText(c.Format)
		return say("§ non ha la forma giusta: "+text.It, "§ does not have the right form: "+text.En)
	case "codice_sconosciuto":
		return say("§ non è tra i codici conosciuti: controllarlo nell'elenco ufficiale", "§ is not among the known codes: check it in the official list")
	case "codice_non_valido_alla_data":
		return say(fmt.Sprintf("§ esiste, ma non nel giorno di «%s»: il comune è nato o è stato soppresso in un'altra data; scrivere il codice valido quel giorno", c.On),
			fmt.Sprintf("§ exists, but not on the day of %q: the municipality was created or suppressed on another date; write the code valid on that day", c.On))
	case "testo_troppo_lungo":
		return say(fmt.Sprintf("§: testo più lungo di %d caratteri: accorciarlo", maxCell), fmt.Sprintf("§: text longer than %d characters: shorten it", maxCell))
	case "campi_in_meno":
		return say("la riga ha meno campi dell'intestazione: manca un separatore o la riga è spezzata", "the row has fewer fields than the header: a delimiter is missing or the row is broken")
	case "campi_in_piu":
		return say("la riga ha più campi dell'intestazione: un testo che contiene il separatore va tra virgolette", "the row has more fields than the header: quote a text that holds the delimiter")
	case "virgolette_non_chiuse":
		return say("una virgoletta nella riga non è chiusa o non è raddoppiata: scrivere \"\" per una virgoletta dentro il testo", "a quote in the row is not closed or not doubled: write \"\" for a quote inside the text")
	case "carattere_non_valido":
		return say("la riga ha caratteri che non sono della codifica del file: salvarlo di nuovo come «CSV UTF-8»", "the row has characters that are not of the file's encoding: save it again as \"CSV UTF-8\"")
	case "riga_ripetuta":
		return say("la riga è già nella consegna, uguale: toglierla", "the row is already in the delivery, the same: remove it")
	case "chiave_in_conflitto":
		key := strings.Join(q.Key, ", ")
		return say("due righe hanno la stessa chiave ("+key+") e valori diversi: tenere quella giusta", "two rows have the same key ("+key+") and different values: keep the right one")
	case "padre_assente":
		return say("§ rimanda a una riga che non c'è in "+parentOf(c)+": controllare il codice o consegnare anche quella", "§ refers to a row that is not in "+parentOf(c)+": check the code or deliver that row too")
	case "padre_in_quarantena":
		return say("la riga è giusta, ma quella di "+parentOf(c)+" a cui appartiene è in quarantena: correggere quella", "the row is right, but the one of "+parentOf(c)+" that it belongs to is in quarantine: mend that one")
	}
	return t, false
}

func parentOf(c *catalog.Column) string {
	if c == nil {
		return ""
	}
	table, _, _ := strings.Cut(c.Parent, ".")
	return table
}

// scaleOf is the number of decimals of a column, as it stands in its type.
func scaleOf(c *catalog.Column) string {
	if c == nil {
		return ""
	}
	_, scale, _ := strings.Cut(strings.TrimSuffix(c.Type, ")"), ",")
	return strings.TrimSpace(scale)
}

// datesOf names the declared forms of a date.
func datesOf(d catalog.Dialect, lang string) string {
	var out []string
	for _, form := range d.Dates {
		switch {
		case form == "iso":
			out = append(out, "2021-01-31")
		case form == "italian":
			out = append(out, "31/01/2021")
		case form == "compact":
			out = append(out, "20210131")
		}
	}
	or := " o "
	if lang == "en" {
		or = " or "
	}
	return strings.Join(out, or)
}
