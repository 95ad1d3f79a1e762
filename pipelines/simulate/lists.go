package simulate

import (
	"fmt"
	"strings"
)

// The lists that the law wants: operations and acts of grant. Beneficiaries are the competence centres; of their tax codes only ANCI's is public here, so that the
// operations of others lack theirs and stay out of the published list, as real ones would.
const anciTaxCode = "80118510587"

// Names of categories of intervention, shortened; the codes are those of Reg. (EU) 215/2014, annex I, table 1.
var categories = map[string]string{"119": "Capacità istituzionale ed efficienza delle amministrazioni pubbliche", "096": "Capacità istituzionale legata all’attuazione del FESR"}

func (w *world) operationRows(t *table) (out []*record) {
	for i, p := range w.plans {
		if p.outcome != "approvato" {
			continue
		}
		r := t.record().set("id_operazione", p.operation()).set("beneficiario_nome", p.centres[0].name).set("beneficiario_codice_fiscale", anciTaxCode).
			set("operazione_nome", "SIM-Piano di intervento "+p.key).set("operazione_sintesi", fmt.Sprintf("Operazione simulata: attuazione del Piano %s in %d ambiti, per %d comuni.", p.key, len(p.app.areas), len(p.app.comuni))).
			day("data_inizio", p.decided).day("data_fine", max(endOfPON, p.decided.plus(200))).money("spesa_ammissibile_eur", p.approved).
			set("codice_nuts", w.registry.nuts[p.app.comuni[0].region]).set("forma_sostegno", "costi_unitari|somma_forfettaria").set("cup", "")
		r.set("programma_operativo", "PON").set("fondo", "FSE").set("asse", "Asse 1").set("tasso_cofinanziamento_ue_pct", cofinancing[category(p.app.comuni[0].region)]).set("categoria_intervento_codice", "119")
		if i%9 == 0 {
			r.set("fondo", "FESR").set("asse", "Asse 3").set("categoria_intervento_codice", "096")
		}
		r.set("categoria_intervento_nome", categories[r.get("categoria_intervento_codice")])
		if i%40 == 7 { // what an office forgets
			r.set("operazione_sintesi", "")
		}
		if i%60 == 11 {
			r.set("codice_nuts", "").day("data_fine", 0)
		}
		r.of = p
		out = append(out, r)
	}
	for i := range fastAreas { // of Fast only what the claims name
		r := t.record().set("id_operazione", "SIM-OP-FAST-"+string(rune('A'+i))).set("programma_operativo", "POC").set("fondo", "FDR").set("beneficiario_nome", w.known.bodies[fastP]).
			set("operazione_nome", "SIM-Fast Piccoli Comuni, ambito "+string(rune('A'+i))).set("tasso_cofinanziamento_ue_pct", "0,00").set("categoria_intervento_codice", "119").set("categoria_intervento_nome", categories["119"])
		r.spared = true
		out = append(out, r)
	}
	return out
}

// grantRows make one act for each decree and competence centre.
func (w *world) grantRows(t *table) (out []*record) {
	type grant struct {
		decree, body string
	}
	sums, days := map[grant]int64{}, map[grant]day{}
	var order []grant
	for _, p := range w.plans {
		for _, c := range p.centres {
			g := grant{p.decree, c.name}
			if _, ok := sums[g]; !ok {
				order = append(order, g)
			}
			sums[g] += c.cents
			days[g] = p.decided
		}
	}
	for i, g := range order {
		r := t.record().set("id_concessione", fmt.Sprintf("SIM-CONC-%03d", i+1)).set("amministrazione_codice_ipa", "pcm").set("beneficiario_nome", g.body).money("importo_eur", sums[g]).
			set("norma_titolo", "SIM-Decreto "+g.decree).set("ufficio_responsabile", "SIM-Ufficio che concede").set("ruolo_responsabile", "Dirigente dell’ufficio che concede (simulato)").
			set("modalita_individuazione", "Convenzione con il centro di competenza").set("link_progetto", fmt.Sprintf("https://sim.example.org/progetti/%d", i+1)).
			set("link_atto", fmt.Sprintf("https://sim.example.org/atti/%d", i+1)).day("data_atto", days[g]).day("data_pubblicazione", days[g].plus(12))
		if g.body == w.known.bodies[anci] {
			r.set("beneficiario_codice_fiscale", anciTaxCode)
		}
		out = append(out, r)
	}
	return out
}

var operationRules = []kind{
	{"data_fine", "date_non_in_ordine", false, func(_ *planter, r *record) string {
		if !r.has("data_fine") {
			return ""
		}
		r.day("data_fine", r.of.(*plan).decided.plus(-30))
		return "la fine viene prima dell’inizio"
	}},
	{"spesa_ammissibile_eur", "importo_negativo", false, negative("spesa_ammissibile_eur")},
	{"tasso_cofinanziamento_ue_pct", "quota_non_valida", false, func(_ *planter, r *record) string {
		return instead(r, "tasso_cofinanziamento_ue_pct", "180,00", "quota oltre il 100 per cento")
	}},
	{"fondo", "fondo_di_altro_programma", false, func(_ *planter, r *record) string {
		return instead(r, "fondo", "FDR", "fondo nazionale in un’operazione del PON")
	}},
	{"categoria_intervento_codice", "categoria_di_altro_fondo", false, func(_ *planter, r *record) string {
		if r.get("fondo") != "FSE" {
			return ""
		}
		return instead(r, "categoria_intervento_codice", "078", "categoria del FESR in un’operazione del FSE")
	}},
	{"beneficiario_nome", "beneficiario_comune", false, func(_ *planter, r *record) string {
		return instead(r, "beneficiario_nome", "Comune di "+r.of.(*plan).app.comuni[0].name, "il comune al posto del centro di competenza")
	}},
}

var grantRules = []kind{
	{"importo_eur", "importo_negativo", false, negative("importo_eur")},
	{"data_pubblicazione", "date_non_in_ordine", false, func(_ *planter, r *record) string {
		was, err := parseItalian(r.get("data_atto"))
		if err != nil {
			return ""
		}
		return instead(r, "data_pubblicazione", was.AddDate(0, 0, -4).Format("02/01/2006"), "pubblicato prima di esistere")
	}},
	{"ruolo_responsabile", "ruolo_non_riconosciuto", false, func(_ *planter, r *record) string {
		return instead(r, "ruolo_responsabile", strings.Replace(r.get("ruolo_responsabile"), "Dirigente dell’ufficio", "SIM-Nome e Cognome, ufficio", 1), "un nome dove va il ruolo")
	}},
}
