package site

// percorso is how far one comune has come in one programme; empty text is NULL.
type percorso struct {
	Comune       string `col:"codice_istat"`
	Programma    string `col:"programma"`
	Domande      string `col:"domande"`
	DataDomanda  string `col:"data_domanda"`
	Esito        string `col:"esito"`
	Ammissione   string `col:"data_ammissione"`
	Piani        string `col:"piani"`
	Approvati    string `col:"piani_approvati"`
	DataPiano    string `col:"data_piano_approvato"`
	Progetti     string `col:"progetti_finanziati"`
	Assegnato    string `col:"importo_assegnato_eur"`
	Rendicontato string `col:"importo_rendicontato_eur"`
	Pagato       string `col:"importo_pagato_eur"`
	ProCapite    string `col:"pagato_pro_capite_eur"`
	Posto        string `col:"posto_regione"`
	InClassifica string `col:"in_classifica"`
}

// territorio is one region or province in one programme.
type territorio struct {
	Livello            string `col:"livello"`
	Codice             string `col:"codice_territorio"`
	Programma          string `col:"programma"`
	Nome               string `col:"territorio"`
	Regione            string `col:"codice_regione"`
	Piccoli            int64  `col:"piccoli_comuni"`
	Residenti          int64  `col:"residenti_piccoli_comuni"`
	Domanda            string `col:"comuni_domanda"`
	Ammessi            string `col:"comuni_ammessi"`
	Piano              string `col:"comuni_piano"`
	Pagati             string `col:"comuni_pagati"`
	QuotaDomanda       string `col:"quota_domanda_pct"`
	QuotaAmmessi       string `col:"quota_ammessi_pct"`
	QuotaPagati        string `col:"quota_pagati_pct"`
	Assegnato          string `col:"importo_assegnato_eur"`
	Pagato             string `col:"importo_pagato_eur"`
	AssegnatoProCapite string `col:"assegnato_pro_capite_eur"`
	PagatoProCapite    string `col:"pagato_pro_capite_eur"`
}

// Noto reports whether anything was delivered that lets the programme be counted.
func (t territorio) Noto() bool { return t.Domanda != "" || t.Ammessi != "" || t.Pagati != "" }

// domandaComune is one application that a comune is in.
type domandaComune struct {
	Comune         string `col:"codice_istat"`
	ID             string `col:"id_domanda"`
	CodiceAllora   string `col:"codice_istat_domanda"`
	Programma      string `col:"programma"`
	Capofila       bool   `col:"capofila"`
	Forma          string `col:"forma"`
	Data           string `col:"data_presentazione"`
	Finestra       string `col:"finestra"`
	Ambiti         string `col:"ambiti"`
	Comuni         int64  `col:"comuni"`
	CodiceCapofila string `col:"codice_istat_capofila"`
	NomeCapofila   string `col:"comune_capofila"`
	Esito          string `col:"esito"`
	DataEsito      string `col:"data_esito"`
	Giorni         string `col:"giorni_istruttoria"`
}

// pianoDomanda is one plan that came of an application.
type pianoDomanda struct {
	ID         string `col:"id_piano"`
	Domanda    string `col:"id_domanda"`
	Scadenza   string `col:"data_scadenza"`
	Data       string `col:"data_presentazione"`
	InRitardo  string `col:"in_ritardo"`
	Esito      string `col:"esito"`
	DataEsito  string `col:"data_esito"`
	Approvato  string `col:"importo_approvato_eur"`
	Giorni     string `col:"giorni_presentazione"`
	Comuni     int64  `col:"comuni"`
	Interventi int64  `col:"interventi"`
	Conclusi   int64  `col:"conclusi"`
	InCorso    int64  `col:"in_corso"`
	Annullati  int64  `col:"annullati"`
}

// simile is one of the most similar comuni.
type simile struct {
	Comune      string `col:"codice_istat"`
	Codice      string `col:"codice_istat_simile"`
	Nome        string `col:"comune_simile"`
	Popolazione int64  `col:"popolazione_simile"`
	Ambiti      int64  `col:"ambiti_in_comune"`
}

// mediana is how long one phase takes in a region: half of the cases are concluded within that many days, or it is not known yet.
type mediana struct {
	Regione   string `col:"codice_regione"`
	Programma string `col:"programma"`
	Fase      string `col:"fase"`
	Giorni    string `col:"giorni_mediana"`
	Casi      int64  `col:"casi_conclusi"`
	Aperti    int64  `col:"casi_aperti"`
}
