package catalog

// Bookkeeping are the tables that the engine keeps of itself in the schema piccoli, with their columns. They are complete before
// the first mart is made, but for controlli and violazioni, which are written last: a mart can't read those.
var Bookkeeping = map[string][]Column{
	"registro_righe": {text("file"), text("file_sha256"), text("tabella"),
		whole("righe_lette"), whole("righe_caricate"), whole("righe_quarantena"), whole("righe_padre_in_quarantena"), whole("righe_sostituite"), whole("righe_riparate"), whole("righe_senza_importo"),
		euro("euro_letti_eur"), euro("euro_caricati_eur"), euro("euro_quarantena_eur")},
	"quarantena": {text("id_quarantena"), text("tabella"), text("file"), text("file_sha256"), whole("riga"), text("foglio"), text("colonna"), text("motivo"),
		text("messaggio_it"), text("messaggio_en"), euro("importo_eur"), day("in_quarantena_dal"), whole("consegne")},
	"consegne": {text("tabella"), text("file"), text("file_sha256"), text("lotto"), text("tipo"), day("ricevuta_il"), text("mittente"), whole("righe"),
		{Name: "superata", Type: "boolean"}, whole("righe_nuove"), whole("righe_ritirate")},
	"freschezza": {text("tabella"), day("ultimo_fatto"), day("ultima_consegna"), {Name: "consegne_invariate", Type: "integer"}},
	"ritirate":   {text("tabella"), text("file"), text("file_sha256"), text("chiave"), day("ritirata_il")},
	"controlli": {text("dataset"), text("regola"), text("severita"), text("esito"), whole("righe_violate"), text("messaggio_it"), text("messaggio_en"),
		euro("importo_eur")},
	"violazioni": {text("regola"), text("severita"), {Name: "posto", Type: "integer"}, text("riga"), euro("importo_eur")},
}

// lateBooks are written after the marts.
var lateBooks = []string{"controlli", "violazioni"}

func text(name string) Column  { return Column{Name: name, Type: "text"} }
func whole(name string) Column { return Column{Name: name, Type: "bigint"} }
func day(name string) Column   { return Column{Name: name, Type: "date"} }
func euro(name string) Column  { return Column{Name: name, Type: "decimal(18,2)"} }
