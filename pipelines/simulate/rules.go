package simulate

import (
	"fmt"
	"time"
)

// ruleKinds are the mistakes that break a rule of rows: those in the tables' own files and those of severity row in queries/checks, whose reason is
// the file's name. Each breaks one rule alone.
var ruleKinds = map[string][]kind{
	"finestre": {{"chiusura", "date_non_in_ordine", false, func(_ *planter, r *record) string {
		v := r.of.(*window)
		r.day("chiusura", v.open.plus(-10))
		return "la chiusura viene prima dell’apertura"
	}}},
	"domande": {
		{"popolazione", "popolazione_non_valida", false, noPeople},
		{"data_presentazione", "domanda_fuori_finestra", false, func(p *planter, r *record) string {
			a := r.of.(*application)
			wrong := p.world.known.windows[a.window].open.plus(-p.between(2, 25))
			r.day("data_presentazione", wrong)
			return fmt.Sprintf("presentata il %s, prima che la finestra si apra", wrong.italian())
		}},
	},
	"domande_comuni": {
		{"popolazione", "popolazione_non_valida", false, noPeople},
		{"codice_istat", "comune_valido_alla_domanda", false, func(p *planter, r *record) string {
			return instead(r, "codice_istat", pick(p.dice, p.world.registry.future), "codice che vale dal 1° gennaio 2026")
		}},
	},
	"istruttorie": {
		{"data_esito", "esito_prima_della_domanda", false, func(p *planter, r *record) string {
			r.day("data_esito", r.of.(*application).on.plus(-p.between(3, 40)))
			return "la decisione è anteriore alla domanda"
		}},
		{"esito", "capofila_non_ammissibile", false, func(_ *planter, r *record) string {
			if a := r.of.(*application); !a.tooBig || r.get("esito") != "respinta" {
				return ""
			}
			r.set("motivazione", "").set("esito", "ammessa")
			return "ammessa la domanda di un comune con più di 5.000 residenti"
		}},
	},
	"piani":        planRules,
	"piani_centri": {{"importo_eur", "importo_negativo", false, negative("importo_eur")}},
	"interventi":   actionRules,
	"attivita": {
		{"periodo_al", "date_non_in_ordine", false, func(p *planter, r *record) string {
			was, err := parseItalian(r.get("periodo_dal"))
			if err != nil {
				return ""
			}
			return instead(r, "periodo_al", was.AddDate(0, 0, -p.between(1, 30)).Format("02/01/2006"), "il periodo finisce prima di cominciare")
		}},
		{"quantita", "quantita_negativa", false, func(p *planter, r *record) string {
			return instead(r, "quantita", fmt.Sprintf("-%d", p.between(1, 9)), "segno meno")
		}},
	},
	"laboratori": {{"partecipanti", "quantita_negativa", false, func(p *planter, r *record) string {
		return instead(r, "partecipanti", fmt.Sprintf("-%d", p.between(1, 9)), "segno meno")
	}}},
	"fabbisogni": {{"id_domanda", "origine_non_unica", false, func(p *planter, r *record) string {
		if r.has("id_domanda") && len(p.donors.labs) > 0 && p.chance(0.5) {
			r.set("id_laboratorio", pick(p.dice, p.donors.labs).key)
			return "indica una domanda e anche un laboratorio"
		}
		r.set("id_domanda", "").set("id_laboratorio", "")
		return "non indica né la domanda né il laboratorio"
	}}},
	"rendicontazioni":  claimRules,
	"operazioni":       operationRules,
	"atti_concessione": grantRules,
}

func noPeople(p *planter, r *record) string {
	return instead(r, "popolazione", pick(p.dice, []string{"0", "-1"}), "popolazione che non può essere")
}

// negative puts a minus before an amount.
func negative(column string) func(*planter, *record) string {
	return func(_ *planter, r *record) string {
		if !r.has(column) {
			return ""
		}
		return instead(r, column, "-"+r.get(column), "segno meno")
	}
}

// outcome gives the plan of a row if it has that outcome.
func outcome(r *record, words ...string) *plan {
	p := r.of.(*plan)
	for _, w := range words {
		if p.outcome == w {
			return p
		}
	}
	return nil
}

var planRules = []kind{
	{"importo_richiesto_eur", "importo_negativo", false, func(p *planter, r *record) string {
		if outcome(r, "in_valutazione", "rinviato", "respinto") == nil { // without an approved amount, which would exceed it
			return ""
		}
		return negative("importo_richiesto_eur")(p, r)
	}},
	{"importo_approvato_eur", "importo_negativo", false, negative("importo_approvato_eur")},
	{"data_esito", "date_non_in_ordine", false, func(_ *planter, r *record) string {
		x := outcome(r, "approvato", "rinviato", "respinto")
		if x == nil {
			return ""
		}
		r.day("data_esito", x.presented.plus(-5))
		return "l’esito viene prima della presentazione del Piano"
	}},
	{"importo_approvato_eur", "approvato_oltre_richiesto", false, func(_ *planter, r *record) string {
		x := outcome(r, "approvato")
		if x == nil {
			return ""
		}
		r.set("importo_massimale_eur", "").money("importo_approvato_eur", x.asked+1_000_00)
		return "approvato più di quanto è chiesto"
	}},
	{"importo_approvato_eur", "approvato_senza_importo", false, func(_ *planter, r *record) string {
		if outcome(r, "approvato") == nil {
			return ""
		}
		return instead(r, "importo_approvato_eur", "", "Piano approvato senza l’importo")
	}},
	{"data_esito", "esito_senza_data", false, func(_ *planter, r *record) string {
		if outcome(r, "approvato", "rinviato", "respinto") == nil {
			return ""
		}
		return instead(r, "data_esito", "", "esito senza la data")
	}},
	{"data_presentazione", "esito_senza_presentazione", false, func(_ *planter, r *record) string {
		if outcome(r, "approvato", "rinviato", "respinto", "in_valutazione") == nil {
			return ""
		}
		return instead(r, "data_presentazione", "", "Piano valutato senza il giorno in cui è presentato")
	}},
	{"data_presentazione", "piano_prima_della_domanda", false, func(p *planter, r *record) string {
		if outcome(r, "approvato", "rinviato", "respinto") == nil {
			return ""
		}
		r.day("data_presentazione", r.of.(*plan).app.on.plus(-p.between(5, 60)))
		return "il Piano risulta presentato prima della domanda"
	}},
	{"importo_approvato_eur", "ls_10_massimale_del_piano", false, func(_ *planter, r *record) string {
		x := outcome(r, "approvato")
		if x == nil {
			return ""
		}
		r.money("importo_massimale_eur", x.approved-500_00)
		return "il massimale scritto nella riga è minore dell’importo approvato"
	}},
}

var actionRules = []kind{
	{"data_fine_prevista", "date_non_in_ordine", false, func(_ *planter, r *record) string {
		r.day("data_fine_prevista", r.of.(*action).from.plus(-7))
		return "la fine prevista viene prima dell’inizio"
	}},
	{"data_fine", "date_non_in_ordine", false, func(_ *planter, r *record) string {
		a := r.of.(*action)
		if !a.end.known() {
			return ""
		}
		r.day("data_fine", a.start.plus(-3))
		return "la fine viene prima dell’inizio"
	}},
	{"giornate", "quantita_negativa", false, negative("giornate")},
	{"data_fine", "concluso_senza_data", false, func(_ *planter, r *record) string {
		if r.of.(*action).state != "concluso" {
			return ""
		}
		return instead(r, "data_fine", "", "intervento concluso senza il giorno")
	}},
	{"data_inizio", "intervento_prima_del_piano", false, func(p *planter, r *record) string {
		a := r.of.(*action)
		if !a.start.known() {
			return ""
		}
		r.day("data_inizio", a.plan.decided.plus(-p.between(2, 40)))
		return "l’intervento comincia prima che il Piano sia approvato"
	}},
}

// beforeReform is a day before 2 August 2018, when the ceiling of 100,000 EUR on lump sums was removed.
var beforeReform = on(2018, time.March, 1)
