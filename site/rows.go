package site

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// The rows of the marts that pages are written from. Columns are named, so that a column more in a mart changes nothing
// here and a column less stops the build. Dates and decimals stay text as DuckDB writes them; "" is NULL.

type regione struct {
	Codice             string `col:"codice_regione"`
	Nome               string `col:"denominazione"`
	Slug               string `col:"slug"`
	Nuts2              string `col:"codice_nuts2"`
	Area               string `col:"area_mappa"`
	Comuni             int64  `col:"comuni"`
	Piccoli            int64  `col:"piccoli_comuni"`
	Popolazione        int64  `col:"popolazione_legale_2011"`
	PopolazionePiccoli int64  `col:"popolazione_piccoli_comuni_2011"`
}

type comune struct {
	Codice          string `col:"codice_istat"`
	Nome            string `col:"denominazione"`
	AltraLingua     string `col:"denominazione_altra_lingua"`
	Catastale       string `col:"codice_catastale"`
	Provincia       string `col:"provincia"`
	Sigla           string `col:"sigla_provincia"`
	Regione         string `col:"codice_regione"`
	NomeRegione     string `col:"regione"`
	Nuts3           string `col:"codice_nuts3"`
	Popolazione     int64  `col:"popolazione_legale_2011"`
	Piccolo         bool   `col:"piccolo_comune"`
	Latitudine      string `col:"latitudine"`
	Longitudine     string `col:"longitudine"`
	CodiceOggi      string `col:"codice_istat_attuale"`
	NomeOggi        string `col:"denominazione_attuale"`
	ProvinciaOggi   string `col:"provincia_attuale"`
	SiglaOggi       string `col:"sigla_provincia_attuale"`
	RegioneOggi     string `col:"regione_attuale"`
	Variazione      string `col:"tipo_variazione"`
	DataVariazione  string `col:"data_variazione"`
	NumeroEvidenze  int64  `col:"evidenze"`
	AmmessoNominato bool   `col:"ammesso_nominato"`
}

type programma struct {
	Chiave           string `col:"programma"`
	Ordine           int64  `col:"ordine"`
	Nome             string `col:"denominazione"`
	EstesoIt         string `col:"nome_esteso_it"`
	EstesoEn         string `col:"nome_esteso_en"`
	DescrizioneIt    string `col:"descrizione_it"`
	DescrizioneEn    string `col:"descrizione_en"`
	Titolare         string `col:"titolare"`
	Attuatore        string `col:"soggetto_attuatore"`
	AttuatoreEn      string `col:"soggetto_attuatore_en"`
	Dotazione        string `col:"dotazione_eur"`
	CUP              string `col:"cup"`
	Fondo            string `col:"fondo"`
	FondoEn          string `col:"fondo_en"`
	Inizio           string `col:"data_inizio"`
	PrecisioneInizio string `col:"precisione_data_inizio"`
	Fine             string `col:"data_fine"`
	PrecisioneFine   string `col:"precisione_data_fine"`
	Fonte            string `col:"id_fonte"`
}

type ambito struct {
	Chiave        string `col:"ambito"`
	Programma     string `col:"programma"`
	Ordine        int64  `col:"ordine"`
	Lettera       string `col:"lettera"`
	NomeIt        string `col:"nome_it"`
	NomeEn        string `col:"nome_en"`
	DescrizioneIt string `col:"descrizione_it"`
	DescrizioneEn string `col:"descrizione_en"`
	Quota         string `col:"quota_scelte_pct"`
	FonteQuota    string `col:"id_fonte_quota"`
	Fonte         string `col:"id_fonte"`
}

type fonte struct {
	ID         string `col:"id_fonte"`
	Editore    string `col:"editore"`
	Titolo     string `col:"titolo"`
	URL        string `col:"url"`
	Data       string `col:"data_pubblicazione"`
	Precisione string `col:"precisione_data_pubblicazione"`
	NotaIt     string `col:"nota_it"`
	NotaEn     string `col:"nota_en"`
	Evidenze   int64  `col:"evidenze"`
	Cifre      int64  `col:"cifre"`
	Fatti      int64  `col:"fatti_cronologia"`
	LabelIt    string `col:"etichetta_it"`
	LabelEn    string `col:"etichetta_en"`
}

type fatto struct {
	ID         string `col:"id_fatto"`
	Data       string `col:"data"`
	Precisione string `col:"precisione_data"`
	Programma  string `col:"programma"`
	It         string `col:"fatto_it"`
	En         string `col:"fatto_en"`
	DiNotizia  bool   `col:"data_della_notizia"`
	Fonte      string `col:"id_fonte"`
}

type cifra struct {
	ID            string `col:"id_cifra"`
	Programma     string `col:"programma"`
	Indicatore    string `col:"indicatore"`
	IndicatoreIt  string `col:"indicatore_it"`
	IndicatoreEn  string `col:"indicatore_en"`
	Valore        string `col:"valore"`
	Unita         string `col:"unita"`
	UnitaEn       string `col:"unita_en"`
	Qualificatore string `col:"qualificatore"`
	Data          string `col:"data_riferimento"`
	Precisione    string `col:"precisione_data_riferimento"`
	AmbitoTerr    string `col:"ambito_territoriale"`
	AmbitoTerrEn  string `col:"ambito_territoriale_en"`
	Regione       string `col:"codice_regione"`
	Confronto     string `col:"confronto"`
	Letture       int64  `col:"letture"`
	Fonte         string `col:"id_fonte"`
}

type confronto struct {
	Chiave   string `col:"confronto"`
	TitoloIt string `col:"titolo_it"`
	TitoloEn string `col:"titolo_en"`
	MotivoIt string `col:"motivo_it"`
	MotivoEn string `col:"motivo_en"`
	Cifre    int64  `col:"cifre"`
}

type evidenza struct {
	ID         string `col:"id_evidenza"`
	Programma  string `col:"programma"`
	Soggetto   string `col:"tipo_soggetto"`
	Scritto    string `col:"nome_come_scritto"`
	Territorio string `col:"territorio_come_scritto"`
	Comune     string `col:"codice_istat"`
	NomeComune string `col:"comune"`
	Regione    string `col:"codice_regione"`
	Piccolo    string `col:"piccolo_comune"`
	Evento     string `col:"evento"`
	EventoIt   string `col:"evento_it"`
	EventoEn   string `col:"evento_en"`
	Ammissione bool   `col:"ammissione"`
	Data       string `col:"data_evento"`
	Precisione string `col:"precisione_data_evento"`
	Forma      string `col:"forma"`
	Abbinato   string `col:"abbinamento"`
	MotivoIt   string `col:"motivo_abbinamento_it"`
	MotivoEn   string `col:"motivo_abbinamento_en"`
	Fonte      string `col:"id_fonte"`
}

type evidenzaAmbito struct {
	Evidenza string `col:"id_evidenza"`
	Ambito   string `col:"ambito"`
	Scritto  string `col:"nome_come_scritto"`
}

type tema struct {
	Comune string `col:"codice_istat"`
	Ordine int64  `col:"ordine"`
	It     string `col:"tema_it"`
	En     string `col:"tema_en"`
	Fonte  string `col:"id_fonte"`
}

type ammessi struct {
	Regione         string `col:"codice_regione"`
	Programma       string `col:"programma"`
	Piccoli         int64  `col:"piccoli_comuni"`
	ConEvidenza     int64  `col:"comuni_con_evidenza"`
	Ammessi         int64  `col:"comuni_ammessi_nominati"`
	Affiancati      int64  `col:"comuni_affiancati_nominati"`
	Altra           int64  `col:"comuni_altra_partecipazione"`
	Oltre5000       int64  `col:"comuni_oltre_5000_con_evidenza"`
	Totale          string `col:"totale_ufficiale"`
	UnitaTotale     string `col:"unita_totale"`
	QualTotale      string `col:"qualificatore_totale"`
	DataTotale      string `col:"data_totale"`
	FonteTotale     string `col:"id_fonte_totale"`
	Precedente      string `col:"totale_precedente"`
	DataPrecedente  string `col:"data_totale_precedente"`
	FontePrecedente string `col:"id_fonte_totale_precedente"`
}

type passo struct {
	Passo         int64  `col:"passo"`
	Fase          string `col:"fase"`
	FaseIt        string `col:"fase_it"`
	FaseEn        string `col:"fase_en"`
	Valore        string `col:"valore"`
	Unita         string `col:"unita"`
	UnitaEn       string `col:"unita_en"`
	Qualificatore string `col:"qualificatore"`
	Data          string `col:"data_riferimento"`
	Precisione    string `col:"precisione_data_riferimento"`
	NotaIt        string `col:"nota_it"`
	NotaEn        string `col:"nota_en"`
	Cifra         string `col:"id_cifra"`
	Fonte         string `col:"id_fonte"`
}

type dotazione struct {
	Cifra       string `col:"id_cifra"`
	Programma   string `col:"programma"`
	Importo     string `col:"importo_eur"`
	PerimetroIt string `col:"perimetro_it"`
	PerimetroEn string `col:"perimetro_en"`
	Concorde    bool   `col:"concorde"`
	Data        string `col:"data_riferimento"`
	Precisione  string `col:"precisione_data_riferimento"`
	Fonte       string `col:"id_fonte"`
}

type controllo struct {
	Dataset     string `col:"dataset"`
	Regola      string `col:"regola"`
	Severita    string `col:"severita"`
	Esito       string `col:"esito"`
	Righe       int64  `col:"righe_violate"`
	MessaggioIt string `col:"messaggio_it"`
	MessaggioEn string `col:"messaggio_en"`
	Importo     string `col:"importo_eur"`
}

// ruleKinds are the rules that the engine makes of a header by itself; their names are written `kind: columns`.
var ruleKinds = []string{"chiave", "obbligatoria", "righe", "rimando", "persone"}

// Kind is the kind of a rule that the engine made, or empty for an expression or a file.
func (c controllo) Kind() string {
	if kind, _, ok := strings.Cut(c.Regola, ": "); ok && slices.Contains(ruleKinds, kind) {
		return kind
	}
	return ""
}

// Subject is what the rule is about: its columns, its bounds, or the expression itself.
func (c controllo) Subject() string { return strings.TrimPrefix(c.Regola, c.Kind()+": ") }

type registro struct {
	File       string `col:"file"`
	SHA256     string `col:"file_sha256"`
	Tabella    string `col:"tabella"`
	Lette      int64  `col:"righe_lette"`
	Caricate   int64  `col:"righe_caricate"`
	Quarantena int64  `col:"righe_quarantena"`
	DiPadre    int64  `col:"righe_padre_in_quarantena"`
	EuroLetti  string `col:"euro_letti_eur"`
	EuroFuori  string `col:"euro_quarantena_eur"`
}

// motivo is one reason for which rows of a table are in quarantine.
type motivo struct {
	Tabella     string `col:"tabella"`
	Sigla       string `col:"motivo"`
	Righe       int64  `col:"righe"`
	Importo     string `col:"importo_eur"`
	Dal         string `col:"dal"`
	MessaggioIt string `col:"messaggio_it"`
	MessaggioEn string `col:"messaggio_en"`
}

// freschezza is how recent what was delivered is.
type freschezza struct {
	Tabella  string `col:"tabella"`
	Fatto    string `col:"ultimo_fatto"`
	Consegna string `col:"ultima_consegna"`
	Indietro int64  `col:"coalesce(consegne_invariate, 0)"`
}

// candidatura is a funded application of a comune to PA digitale 2026.
type candidatura struct {
	Comune    string `col:"codice_istat"`
	Misura    string `col:"codice_misura"`
	Avviso    string `col:"avviso"`
	CUP       string `col:"codice_cup"`
	Importo   string `col:"importo_eur"`
	Stato     string `col:"stato"`
	DataStato string `col:"data_stato"`
	Data      string `col:"data_finanziamento"`
	AllaData  string `col:"alla_data"`
}

// misuraRegione is one measure of PA digitale 2026 in one region.
type misuraRegione struct {
	Regione           string `col:"codice_regione"`
	Misura            string `col:"codice_misura"`
	Candidature       int64  `col:"candidature"`
	Importo           string `col:"importo_eur"`
	CandidatureComuni int64  `col:"candidature_comuni"`
	ImportoComuni     string `col:"importo_comuni_eur"`
	ErogatoComuni     string `col:"importo_comuni_erogato_eur"`
	AllaDataComuni    string `col:"alla_data_comuni"`
}

// load reads a whole table into rows of T, in the order given. Every value travels as text: these tables have thousands of
// rows, not millions, and text has no rounding.
func load[T any](ctx context.Context, db *sql.DB, table, order string) ([]T, error) {
	typ := reflect.TypeFor[T]()
	cols := make([]string, typ.NumField())
	for i := range cols {
		cols[i] = "cast(" + typ.Field(i).Tag.Get("col") + " as varchar)"
	}
	q := "select " + strings.Join(cols, ", ") + " from " + table + " order by " + order
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("site: %s: %w", table, err)
	}
	defer rows.Close()
	var out []T
	cells := make([]sql.NullString, len(cols))
	ptrs := make([]any, len(cols))
	for i := range cells {
		ptrs[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return nil, fmt.Errorf("site: %s: %w", table, err)
		}
		var row T
		v := reflect.ValueOf(&row).Elem()
		for i, c := range cells {
			switch f := v.Field(i); f.Kind() {
			case reflect.String:
				f.SetString(c.String)
			case reflect.Bool:
				f.SetBool(c.String == "true")
			case reflect.Int64:
				n, err := strconv.ParseInt(c.String, 10, 64)
				if err != nil {
					return nil, fmt.Errorf("site: %s.%s: not a whole number: %q", table, typ.Field(i).Tag.Get("col"), c.String)
				}
				f.SetInt(n)
			}
		}
		out = append(out, row)
	}
	return out, rows.Err()
}
