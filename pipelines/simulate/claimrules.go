package simulate

import (
	"slices"
)

// fits makes a mistake only in claims that a condition chooses.
func fits(when func(c portionRow) bool, change func(p *planter, r *record, c portionRow) string) func(*planter, *record) string {
	return func(p *planter, r *record) string {
		c := *r.of.(*portionRow)
		if !when(c) {
			return ""
		}
		return change(p, r, c)
	}
}

// of chooses claims by their form of support.
func of(forms ...string) func(portionRow) bool {
	return func(c portionRow) bool { return slices.Contains(forms, c.form) }
}

func paid(c portionRow) bool { return c.state == "pagata" }

// lump is the form whose amounts are whole or none: partial ones break another rule.
const lump = "somma_forfettaria"

// onlyClaimed takes back what came after the claim.
func onlyClaimed(r *record) {
	r.set("stato", "rendicontata").set("importo_certificato_eur", "").set("importo_pagato_eur", "").set("data_certificazione", "").set("data_pagamento", "").set("data_rettifica", "")
}

var claimRules = []kind{
	{"importo_eur", "importo_negativo", false, fits(func(c portionRow) bool { return c.form == "costi_reali" && c.claimed.known() }, func(p *planter, r *record, _ portionRow) string {
		onlyClaimed(r)
		return negative("importo_eur")(p, r)
	})},
	{"importo_certificato_eur", "importo_negativo", false, fits(func(c portionRow) bool { return c.form != lump && c.certified >= 0 && c.state != "rettificata" }, func(p *planter, r *record, _ portionRow) string {
		r.set("stato", "certificata").set("importo_pagato_eur", "").set("data_pagamento", "")
		return negative("importo_certificato_eur")(p, r)
	})},
	{"importo_pagato_eur", "importo_negativo", false, fits(func(c portionRow) bool { return c.form != lump && c.paid >= 0 }, func(p *planter, r *record, _ portionRow) string {
		return negative("importo_pagato_eur")(p, r)
	})},
	{"importo_eur", "costo_unitario_non_torna", false, fits(of("costi_unitari"), func(p *planter, r *record, c portionRow) string {
		return instead(r, "quantita", r.get("quantita")+"1", "la quantità per l’importo unitario non fa l’importo")
	})},
	{"importo_eur", "tasso_non_torna", false, fits(of("tasso_forfettario"), func(p *planter, r *record, c portionRow) string {
		return instead(r, "tasso_pct", "0,"+r.get("tasso_pct"), "tasso scritto come frazione e non in percentuale")
	})},
	{"importo_certificato_eur", "certificato_oltre_rendicontato", false, fits(func(c portionRow) bool { return c.form != lump && c.certified >= 0 }, func(_ *planter, r *record, c portionRow) string {
		r.money("importo_certificato_eur", c.cents+100_00)
		return "certificati 100 euro più di quanto è rendicontato"
	})},
	{"importo_pagato_eur", "pagato_oltre_certificato", false, fits(func(c portionRow) bool { return c.form != lump && c.paid >= 0 }, func(_ *planter, r *record, c portionRow) string {
		r.money("importo_pagato_eur", c.cents+50_00)
		return "pagato più di quanto è certificato"
	})},
	{"data_rendicontazione", "date_non_in_ordine", false, fits(func(c portionRow) bool { return c.claimed.known() && c.done.plus(-5) >= c.decided }, func(_ *planter, r *record, c portionRow) string {
		r.day("data_rendicontazione", c.done.plus(-5))
		return "rendicontata prima che l’output sia completato"
	})},
	{"data_certificazione", "date_non_in_ordine", false, fits(func(c portionRow) bool { return c.certifiedOn.known() }, func(_ *planter, r *record, c portionRow) string {
		r.day("data_certificazione", c.claimed.plus(-7))
		return "certificata prima di essere rendicontata"
	})},
	{"data_pagamento", "date_non_in_ordine", false, fits(func(c portionRow) bool { return c.paidOn.known() }, func(_ *planter, r *record, c portionRow) string {
		r.day("data_pagamento", c.certifiedOn.plus(-7))
		return "pagata prima di essere certificata"
	})},
	{"data_pagamento", "stato_senza_dati", false, fits(paid, func(_ *planter, r *record, _ portionRow) string {
		return instead(r, "data_pagamento", "", "pagata senza il giorno del pagamento")
	})},
	{"data_certificazione", "stato_senza_dati", false, fits(func(c portionRow) bool { return c.state == "certificata" }, func(_ *planter, r *record, _ portionRow) string {
		return instead(r, "data_certificazione", "", "certificata senza il giorno della certificazione")
	})},
	{"data_rendicontazione", "stato_senza_dati", false, fits(func(c portionRow) bool { return c.claimed.known() }, func(_ *planter, r *record, _ portionRow) string {
		return instead(r, "data_rendicontazione", "", "manca il giorno della rendicontazione")
	})},
	{"fondo", "ls_01_fondo_del_poc", false, fits(func(c portionRow) bool { return !c.complementary }, func(_ *planter, r *record, _ portionRow) string {
		return instead(r, "fondo", "FDR", "fondo nazionale in una spesa del PON")
	})},
	{"documento_condizioni", "ls_02_prova_della_somma", false, fits(of(lump), func(_ *planter, r *record, _ portionRow) string {
		return instead(r, "documento_condizioni", "", "somma forfettaria senza il documento che ne dà le condizioni")
	})},
	{"importo_certificato_eur", "ls_03_somma_intera_o_niente", false, fits(func(c portionRow) bool { return c.form == lump && c.certified >= 0 && c.cents > 1 }, func(_ *planter, r *record, c portionRow) string {
		part := c.cents / 2
		r.money("importo_certificato_eur", part)
		if r.has("importo_pagato_eur") {
			r.money("importo_pagato_eur", part)
		}
		return "somma forfettaria riconosciuta a metà"
	})},
	{"importo_eur", "ls_04_tetto_fino_al_2018", false, fits(of(lump), func(_ *planter, r *record, _ portionRow) string {
		if !r.has("fase") {
			r.set("fase", "1").set("fasi_previste", "2")
		}
		r.day("data_decisione", beforeReform).money("importo_somma_eur", 150_000_00)
		return "somma di 150.000 euro decisa prima del 2 agosto 2018"
	})},
	{"metodo_calcolo", "ls_06_progetto_di_bilancio", false, fits(of(lump, "costi_unitari"), func(_ *planter, r *record, _ portionRow) string {
		r.set("metodo_calcolo", "aa").money("contributo_pubblico_eur", 180_000_00)
		return "progetto di bilancio (lettera aa) per un sostegno di 180.000 euro"
	})},
	{"data_completamento", "ls_08_periodo_del_programma", false, fits(func(c portionRow) bool { return c.complementary && c.done.known() }, func(_ *planter, r *record, _ portionRow) string {
		r.set("programma_operativo", "PON").set("fondo", "FSE")
		return "spesa del PON per un output completato dopo il 31 dicembre 2023"
	})},
	{"forma_sostegno", "ls_09_solo_appalti", false, fits(of(lump, "costi_unitari", "tasso_forfettario"), func(_ *planter, r *record, _ portionRow) string {
		return instead(r, "affidata_interamente", "sì", "operazione di soli appalti con costi semplificati")
	})},
	{"tasso_pct", "ls_11_tassi_massimi", false, fits(of("tasso_forfettario"), func(_ *planter, r *record, c portionRow) string {
		r.set("tipo_tasso", "indiretti-su-diretti").set("tasso_pct", "30").money("base_eur", baseFor(c.cents, 30))
		return "tasso del 30 per cento dove il massimo è 25"
	})},
	{"numero_fattura", "ls_13_niente_fatture", false, fits(of(lump), func(_ *planter, r *record, _ portionRow) string {
		return instead(r, "numero_fattura", "SIM-FT 12/2023", "fattura di una somma forfettaria")
	})},
	{"cup", "ls_14_cup", false, fits(func(c portionRow) bool { return c.plan == nil && c.claimed.known() }, func(_ *planter, r *record, _ portionRow) string { // Fast's operations have many other rows with their CUP
		return instead(r, "cup", "", "manca il CUP dell’operazione")
	})},
	{"id_intervento", "intervento_di_un_altro_piano", false, fits(func(c portionRow) bool { return c.plan != nil }, func(p *planter, r *record, c portionRow) string {
		if len(p.donors.actions) == 0 {
			return ""
		}
		other := pick(p.dice, p.donors.actions)
		if other.plan == c.plan {
			return ""
		}
		return instead(r, "id_intervento", other.key, "intervento di un altro Piano")
	})},
	{"importo_eur", "rendicontato_oltre_il_piano", false, fits(func(c portionRow) bool { return c.plan != nil && c.form == "costi_reali" }, func(_ *planter, r *record, c portionRow) string {
		r.money("importo_eur", max(c.cents*100, c.plan.approved+1_00))
		return "virgola dei decimali dimenticata: l’importo supera quello del Piano"
	})},
	{"id_piano", "rendicontazione_di_piano_non_approvato", false, fits(func(c portionRow) bool { return c.plan != nil && c.claimed.known() }, func(p *planter, r *record, _ portionRow) string {
		if len(p.donors.plans) == 0 {
			return ""
		}
		r.set("id_intervento", "")
		return instead(r, "id_piano", pick(p.dice, p.donors.plans).key, "Piano che non è approvato")
	})},
}

// twoOptions makes the one mistake that needs two rows: the same category of cost of a plan under two forms of support (LS-07). Both rows go.
var twoOptions = kind{column: "forma_sostegno", reason: "ls_07_una_opzione_per_categoria", make: func(_ *planter, r *record) string {
	r.set("categoria_costo", "Materiali del Piano").set("fase", "").set("fasi_previste", "")
	return "la stessa categoria di costo di un altro rimborso del Piano, che ha un’altra forma"
}}

// pairUp keeps, of some plan, two claims of different forms for that mistake: claims are those of the file, by place.
func (p *planter) pairUp(claims []*claim) {
	ok := func(i int) bool {
		c := claims[i]
		return p.reserved[i] == nil && c.plan != nil && c.form != lump && !c.plan.bad && !c.action.bad
	}
	start := p.IntN(max(len(claims), 1))
	for n := range claims {
		i := (start + n) % len(claims)
		for j := i + 1; j < len(claims) && ok(i) && claims[j].plan == claims[i].plan; j++ {
			if ok(j) && claims[j].form != claims[i].form {
				p.reserved[i], p.reserved[j] = &twoOptions, &twoOptions
				p.eligible = max(p.eligible-2, 0)
				p.wanted = max(p.wanted-2, 0)
				return
			}
		}
	}
}
