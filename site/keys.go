package site

// codeTexts are the keys of site/testi.yaml that the code names; the templates' own are read from the templates.
var codeTexts = []string{
	"layout.dimostrativa", "layout.simulati.breve", "sito.motto", "sito.nome",
	"ambiti.descrizione", "ambiti.titolo", "ambito.descrizione", "briciole.home", "cerca.ambito", "cerca.dataset",
	"cerca.programma", "cerca.fonte", "cerca.pagina", "cerca.provincia", "cerca.regione", "comune.descrizione", "comuni.descrizione", "comuni.titolo", "confronti.descrizione",
	"confronti.titolo", "cronologia.descrizione", "cronologia.titolo", "dati.descrizione", "dati.titolo", "fonti.descrizione",
	"fonti.titolo", "grafico.desc", "home.descrizione", "home.titolo", "lettera.descrizione", "lettera.titolo", "mappa.desc",
	"mappa.descdati", "laboratorio.descrizione", "laboratorio.esempio.ambiti",
	"laboratorio.esempio.contese", "laboratorio.esempio.evidenze", "laboratorio.esempio.regioni", "laboratorio.titolo", "mappa.titolo", "programma.descrizione", "programmi.descrizione", "programmi.titolo", "prosa.descrizione",
	"regione.descrizione", "regioni.descrizione", "regioni.titolo",

	"qualita.descrizione", "qualita.titolo",
}

// codeFamilies are the beginnings of keys that the code completes with a value of the data.
var codeFamilies = []string{"immagine."}
