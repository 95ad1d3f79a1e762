package release

import (
	"fmt"
	"math/big"
	"strconv"

	"piccoli/pipelines/catalog"
)

// metric is one measure of quality: a part of a whole, of a characteristic of ISO/IEC 25012.
type metric struct {
	name                   string
	dimension, title, what catalog.Text
	of                     func(Quality) (part, whole int64)
}

var metrics = []metric{
	{"completezza", catalog.Text{It: "Completezza", En: "Completeness"}, catalog.Text{It: "Celle piene", En: "Cells with a value"},
		catalog.Text{It: "Celle con un valore, su tutte le celle. Una cella può essere vuota perché la fonte non lo dice.", En: "Cells with a value, of all cells. A cell may be empty because the source does not say."},
		func(q Quality) (int64, int64) { return q.Filled, q.Cells }},
	{"accuratezza", catalog.Text{It: "Accuratezza", En: "Accuracy"}, catalog.Text{It: "Righe conformi", En: "Rows that obey their contract"},
		catalog.Text{It: "Righe che rispettano il loro contratto, su quelle lette nei file da cui il dataset viene.", En: "Rows that obey their contract, of those read in the files that the dataset comes from."},
		func(q Quality) (int64, int64) { return q.Loaded, q.Read }},
	{"coerenza", catalog.Text{It: "Coerenza", En: "Consistency"}, catalog.Text{It: "Regole rispettate", En: "Rules that hold"},
		catalog.Text{It: "Regole del dataset rispettate da tutte le righe, su tutte le sue regole.", En: "Rules of the dataset that hold in all rows, of all its rules."},
		func(q Quality) (int64, int64) { return q.Held, q.Rules }},
}

// quality is what is measured of each dataset, as W3C's Data Quality Vocabulary (https://www.w3.org/TR/vocab-dqv/). The page qualita/ defines each measure and shows the same
// numbers. A question that does not arise has no measurement: nothing of nothing is no number.
func (in Input) quality(index *Index) ([]byte, error) {
	g := &graph{}
	page := in.Site.BaseURL + "qualita/"
	for _, m := range metrics {
		d := g.node(page+"#dimensione-"+m.name, "dqv:Dimension")
		d.add("skos:prefLabel", both(m.dimension)...)
		n := g.node(page+"#metrica-"+m.name, "dqv:Metric")
		n.add("skos:prefLabel", both(m.title)...)
		n.add("skos:definition", both(m.what)...)
		n.add("dqv:expectedDataType", term("xsd:decimal"))
		n.add("dqv:inDimension", iri(d.iri))
		n.add("rdfs:isDefinedBy", iri(page))
	}
	age := g.node(page+"#dimensione-attualita", "dqv:Dimension")
	age.add("skos:prefLabel", worded("it", "Attualità"), worded("en", "Currentness"))
	newest := g.node(page+"#metrica-attualita", "dqv:Metric")
	newest.add("skos:prefLabel", worded("it", "Fatto più recente"), worded("en", "Newest fact"))
	newest.add("skos:definition", worded("it", "Data del fatto più recente che il dataset racconta, non dopo la data dei dati."), worded("en", "Date of the newest fact that the dataset tells, not after the date of the data."))
	newest.add("dqv:expectedDataType", term("xsd:date"))
	newest.add("dqv:inDimension", iri(age.iri))
	newest.add("rdfs:isDefinedBy", iri(page))
	for _, q := range index.Quality {
		at := in.page(q.Dataset)
		dataset := g.node(at + "#dataset")
		var measured []value
		measure := func(name string, v value, comment ...value) {
			n := g.node(at+"#misura-"+name, "dqv:QualityMeasurement")
			n.add("dqv:isMeasurementOf", iri(page+"#metrica-"+name))
			n.add("dqv:computedOn", iri(at+"#dataset"))
			n.add("dqv:value", v)
			n.add("rdfs:comment", comment...)
			n.add("prov:generatedAtTime", typed(in.AsOf+"T00:00:00Z", "xsd:dateTime"))
			measured = append(measured, iri(n.iri))
		}
		for _, m := range metrics {
			if part, whole := m.of(q); whole > 0 {
				measure(m.name, typed(share(part, whole), "xsd:decimal"), worded("it", fmt.Sprintf("%d su %d", part, whole)), worded("en", fmt.Sprintf("%d of %d", part, whole)))
			}
		}
		if q.Newest != "" {
			measure("attualita", isoDate(q.Newest))
		}
		dataset.add("dqv:hasQualityMeasurement", measured...)
		if q.Broken > 0 {
			n := g.node(at+"#nota-regole", "dqv:QualityAnnotation")
			n.add("oa:hasTarget", iri(at+"#dataset"))
			n.add("oa:hasBody", iri(at+"#controlli"))
			n.add("rdfs:comment", worded("it", strconv.FormatInt(q.Broken, 10)+" righe non rispettano una regola: la pagina dice quale"), worded("en", strconv.FormatInt(q.Broken, 10)+" rows break a rule: the page says which"))
			dataset.add("dqv:hasQualityAnnotation", iri(n.iri))
		}
	}
	return g.turtle(), nil
}

// share is a part of a whole with six decimals, rounded half away from zero: exact, without floats.
func share(part, whole int64) string { return big.NewRat(part, whole).FloatString(6) }
