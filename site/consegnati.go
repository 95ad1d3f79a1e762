package site

import (
	"context"
	"fmt"
	"strings"

	"piccoli/pipelines/catalog"
)

// conteggio is one figure counted in the rows delivered, never mixed with what sources publish.
type conteggio struct {
	Colonna string
	Nome    catalog.Text
	Valore  string
	Euro    bool
	Parte   int64 // thousandths of the first count of the same kind: the length of its bar; 0 for euro
	Prova   prova
	Rimando string // beyond the figure: where more is told, or empty
}

// imbutoColonne are the steps of a programme's path in marts.imbuto, whose rows of one programme and all areas add up: each application has
// one region.
var imbutoColonne = []struct {
	colonna, testo string
	euro           bool
}{
	{"domande", "consegnati.domande", false}, {"domande_ammesse", "consegnati.ammesse", false}, {"piani_presentati", "consegnati.presentati", false},
	{"piani_approvati", "consegnati.approvati", false}, {"interventi", "consegnati.interventi", false}, {"interventi_conclusi", "consegnati.conclusi", false},
	{"rendicontazioni", "consegnati.rendicontazioni", false}, {"pagate", "consegnati.pagate", false},
	{"importo_approvato_eur", "consegnati.euroapprovati", true}, {"importo_rendicontato_eur", "consegnati.eurorendicontati", true},
	{"importo_certificato_eur", "consegnati.eurocertificati", true}, {"importo_pagato_eur", "consegnati.europagati", true},
}

// imbutoDi gives the path of a programme in one area of work, or in all of them together ("tutti"), as its delivered rows count it; nothing where
// none was delivered.
func (b *builder) imbutoDi(ctx context.Context, programma, ambito string, here named) ([]conteggio, error) {
	filter := equals("programma", programma, "ambito", ambito)
	sums := make([]string, len(imbutoColonne))
	for i, c := range imbutoColonne {
		sums[i] = "cast(sum(" + c.colonna + ") as varchar)"
	}
	rows, err := queryText(ctx, b.in.DB, fmt.Sprintf("select %s from marts.imbuto where %s having count(*) > 0", strings.Join(sums, ", "), filter))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var out []conteggio
	for i, c := range imbutoColonne {
		n := conteggio{Colonna: c.colonna, Nome: b.text(c.testo), Valore: rows[0][i].String, Euro: c.euro}
		if wholePart(n.Valore) == 0 {
			continue
		}
		if ambito != "tutti" && c.colonna == "importo_approvato_eur" {
			continue // a plan's whole amount counts in each area that its application chose
		}
		n.Prova = b.proves("imbuto", c.colonna, filter, catalog.Text{It: n.Nome.It + ": " + here.Text.It, En: n.Nome.En + ": " + here.Text.En}, here)
		out = append(out, n)
		if c.colonna == "domande" && ambito == "tutti" {
			n, err := b.candidati(ctx, programma, here)
			if err != nil {
				return nil, err
			}
			out = append(out, n...)
		}
	}
	top := int64(0)
	for i := range out {
		top = max(top, out[i].ofScale())
	}
	for i := range out {
		out[i].Parte = out[i].ofScale() * 1000 / max(top, 1)
	}
	return out, nil
}

// ofScale is what the bar of a count shows: nothing of euro.
func (c conteggio) ofScale() int64 {
	if c.Euro {
		return 0
	}
	return wholePart(c.Valore)
}

// comuneDomanda is a comune in the rows of applications: by its code of 2020 or, born of a merger since, by the code that it applied with.
const comuneDomanda = "coalesce(codice_istat, codice_istat_domanda)"

// candidati counts the comuni that applied to a programme, each once: those of marts.imbuto are counted by region, and a union may cross its border.
func (b *builder) candidati(ctx context.Context, programma string, here named) ([]conteggio, error) {
	filter := equals("programma", programma)
	rows, err := queryText(ctx, b.in.DB, fmt.Sprintf("select cast(count(distinct %s) as varchar) from marts.domande_comuni where %s having count(*) > 0", comuneDomanda, filter))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	n := conteggio{Colonna: "comuni", Nome: b.text("consegnati.comuni"), Valore: rows[0][0].String}
	n.Prova = b.provesDifferent("domande_comuni", comuneDomanda, filter, catalog.Text{It: n.Nome.It + ": " + here.Text.It, En: n.Nome.En + ": " + here.Text.En}, here)
	return []conteggio{n}, nil
}

// capienzaRiga is one measure of a programme's money beside its budget.
type capienzaRiga struct {
	Programma   string `col:"programma"`
	Ordine      int64  `col:"ordine"`
	Misura      string `col:"misura"`
	MisuraIt    string `col:"misura_it"`
	MisuraEn    string `col:"misura_en"`
	Dotazione   string `col:"dotazione_eur"`
	Importo     string `col:"importo_eur"`
	Residuo     string `col:"residuo_eur"`
	Quota       string `col:"quota_pct"`
	AllaData    string `col:"periodo_al"`
	Esaurimento string `col:"data_esaurimento"`
	IpotesiIt   string `col:"ipotesi_it"`
	IpotesiEn   string `col:"ipotesi_en"`
}

// riconciliata is a published figure beside what the delivered rows count.
type riconciliata struct {
	Cifra    string `col:"id_cifra"`
	Contato  string `col:"contato"`
	Esito    string `col:"esito"`
	RegolaIt string `col:"regola_it"`
	RegolaEn string `col:"regola_en"`
}

// contenitoreRiga is one cell of a programme's areas of work by containers.
type contenitoreRiga struct {
	Programma   string `col:"programma"`
	Ambito      string `col:"ambito"`
	Contenitore string `col:"contenitore"`
	Interventi  int64  `col:"interventi"`
	Conclusi    int64  `col:"conclusi"`
	InCorso     int64  `col:"in_corso"`
	Giornate    string `col:"giornate"`
	Piani       int64  `col:"piani"`
}

// finestraRiga is one window of a call as delivered, with what came in it.
type finestraRiga struct {
	Finestra  string `col:"finestra"`
	Programma string `col:"programma"`
	Dal       string `col:"dal"`
	Al        string `col:"al"`
	Domande   int64  `col:"domande"`
	Ammesse   int64  `col:"ammesse"`
	Respinte  int64  `col:"respinte"`
	Esame     int64  `col:"esame"`
	Approvati int64  `col:"approvati"`
}

// laboratoriArea sums up the labs of one area.
type laboratoriArea struct {
	Programma  string `col:"programma"`
	Area       string `col:"area"`
	Quanti     int64  `col:"laboratori"`
	Comuni     int64  `col:"comuni"`
	Dal        string `col:"dal"`
	Al         string `col:"al"`
	Fabbisogni int64  `col:"fabbisogni"`
}

// attivitaRiga sums up one kind of activity of a programme in one unit.
type attivitaRiga struct {
	Programma string `col:"programma"`
	Ambito    string `col:"ambito"`
	Tipo      string `col:"tipo"`
	Unita     string `col:"unita"`
	Quantita  string `col:"quantita"`
	Dal       string `col:"dal"`
	Al        string `col:"al"`
}

// osservatorioRiga is the state of the software in one region on one day.
type osservatorioRiga struct {
	Regione     string `col:"codice_regione"`
	Nome        string `col:"regione"`
	AllaData    string `col:"alla_data"`
	Ultimo      bool   `col:"ultimo"`
	Piccoli     int64  `col:"piccoli_comuni"`
	Verificati  int64  `col:"comuni_verificati"`
	Spid        int64  `col:"comuni_spid"`
	QuotaSpid   string `col:"quota_spid_pct"`
	Cie         int64  `col:"comuni_cie"`
	QuotaCie    string `col:"quota_cie_pct"`
	Pagopa      int64  `col:"comuni_pagopa"`
	QuotaPagopa string `col:"quota_pagopa_pct"`
	Dichiarano  int64  `col:"comuni_con_dichiarazione"`
	Accessibili int64  `col:"comuni_accessibili"`
	QuotaAccess string `col:"quota_accessibili_pct"`
}

// consegnati are the delivered figures that national pages tell, read once.
type consegnati struct {
	capienza     []capienzaRiga
	riconciliate map[string]riconciliata
	contenitori  []contenitoreRiga
	finestre     []finestraRiga
	laboratori   []laboratoriArea
	attivita     []attivitaRiga
	osservatorio []osservatorioRiga
}

func (b *builder) loadConsegnati(ctx context.Context) (*consegnati, error) {
	c := &consegnati{riconciliate: map[string]riconciliata{}}
	var err error
	read := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	var pairs []riconciliata
	read(func() (e error) {
		c.capienza, e = load[capienzaRiga](ctx, b.in.DB, "marts.capienza", "programma, ordine")
		return
	})
	read(func() (e error) {
		pairs, e = load[riconciliata](ctx, b.in.DB, "marts.riconciliazione", "id_cifra")
		return
	})
	read(func() (e error) {
		c.contenitori, e = load[contenitoreRiga](ctx, b.in.DB, "marts.interventi_per_contenitore", "programma, ambito, contenitore")
		return
	})
	read(func() (e error) {
		c.finestre, e = load[finestraRiga](ctx, b.in.DB, `(select finestra, programma, min(data_presentazione) as dal, max(data_presentazione) as al, count(*) as domande,
			count(*) filter (where esito = 'ammessa') as ammesse, count(*) filter (where esito = 'respinta') as respinte, count(*) filter (where esito is null or esito = 'in_istruttoria') as esame,
			count(*) filter (where stato_piano = 'approvato') as approvati from marts.domande where finestra is not null group by finestra, programma)`, "programma, dal, finestra")
		return
	})
	read(func() (e error) {
		c.laboratori, e = load[laboratoriArea](ctx, b.in.DB, `(with nominati as (select l.programma, l.area, count(distinct c.codice_istat_consegnato) as comuni from marts.laboratori_comuni as c
			join marts.laboratori as l using (id_laboratorio) group by l.programma, l.area)
			select l.programma, l.area, count(*) as laboratori, min(l.data_laboratorio) as dal, max(l.data_laboratorio) as al, cast(sum(l.fabbisogni) as bigint) as fabbisogni, coalesce(any_value(n.comuni), 0) as comuni
			from marts.laboratori as l left join nominati as n on n.programma = l.programma and n.area = l.area group by l.programma, l.area)`, "programma, dal, area")
		return
	})
	read(func() (e error) {
		c.attivita, e = load[attivitaRiga](ctx, b.in.DB, `(select programma, ambito, tipo, unita, sum(quantita) as quantita, min(periodo_dal) as dal, max(periodo_al) as al
			from marts.attivita_per_regione group by programma, ambito, tipo, unita)`, "programma, tipo, unita, ambito")
		return
	})
	read(func() (e error) {
		c.osservatorio, e = load[osservatorioRiga](ctx, b.in.DB, "marts.osservatorio_software", "alla_data, codice_regione")
		return
	})
	for _, p := range pairs {
		c.riconciliate[p.Cifra] = p
	}
	return c, err
}
