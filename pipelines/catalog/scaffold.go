package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Scaffold writes a new file with a right header into the layer's folder and gives its slash path. It never overwrites.
func Scaffold(root string, layer Layer, name string) (string, error) {
	rel := fmt.Sprintf("queries/%s/%s.sql", layer, name)
	if !isName(name) {
		return "", Problems{{File: rel, What: Textf(Text{"«%s» non è un nome di tabella", "%q is not a table name"}, name),
			Hint: Text{"minuscole, cifre e trattini bassi, a cominciare da una lettera: spesa_per_regione", "lower case, digits and underscores, a letter first: spesa_per_regione"}}}
	}
	path := filepath.Join(root, filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return "", Problems{{File: rel, What: Text{"il file c'è già", "the file exists already"}, Hint: Text{"scegliere un altro nome", "choose another name"}}}
	}
	if err != nil {
		return "", err
	}
	_, err = fmt.Fprintf(f, scaffolds[layer], name)
	return rel, errors.Join(err, f.Close())
}

var scaffolds = map[Layer]string{
	Staging: `-- ---
-- title: {it: %[1]s, en: %[1]s}
-- description: {it: "Che cosa contiene e da dove viene.", en: "What it holds and where it comes from."}
-- source:
--   publisher: chi pubblica
--   url: https://www.example.org/
--   licence: CC-BY-4.0
--   cadence: irregular
--   received: 2026-01-31
--   files: [data/seeds/%[1]s.csv]
--   format: csv
--   columns:
--     codice_istat: {type: text, required: true, format: codice_istat, it: Codice ISTAT del comune, en: ISTAT code of the municipality}
--     importo_eur: {type: "decimal(18,2)", unit: EUR, additive: true, it: Importo, en: Amount}
--   rows: {min: 1, max: 1000}
-- key: [codice_istat]
-- ---
with
%[1]s as (select * from raw.%[1]s),

final as (
    select codice_istat, importo_eur
    from %[1]s
)

select * from final
`,
	Marts: `-- ---
-- title: {it: %[1]s, en: %[1]s}
-- description: {it: "Che cosa contiene, con quali limiti.", en: "What it holds, with which limits."}
-- grain: {it: una riga per regione, en: one row per region}
-- key: [codice_regione]
-- columns:
--   codice_regione: {type: text, ref: regioni.codice_regione, it: Codice ISTAT della regione, en: ISTAT code of the region}
--   comuni: {type: bigint, unit: comuni, additive: true, it: Numero di comuni, en: Number of municipalities}
-- rows: {min: 20, max: 20}
-- checks:
--   - comuni > 0
-- charts:
--   - {kind: map, area: codice_regione, value: comuni}
-- ---
with
comuni as (select * from marts.comuni),

final as (
    select codice_regione, count(*) as comuni
    from comuni
    group by codice_regione
)

select * from final
`,
	Reports: `-- ---
-- title: {it: %[1]s, en: %[1]s}
-- description: {it: "A quale domanda risponde.", en: "Which question it answers."}
-- params:
--   regione:
--     type: text
--     optional: true
--     it: Una regione; senza, tutte
--     en: A region; without it, all
--     values: select codice_regione, denominazione from marts.regioni
-- key: [codice_regione]
-- columns:
--   codice_regione: {type: text, it: Codice della regione, en: Code of the region}
--   regione: {type: text, it: Regione, en: Region}
--   comuni: {type: bigint, unit: comuni, additive: true, it: Comuni, en: Municipalities}
-- ---
with
comuni as (select * from marts.comuni),

final as (
    select codice_regione, any_value(regione) as regione, count(*) as comuni
    from comuni
    where $regione is null or codice_regione = $regione
    group by codice_regione
)

select * from final
order by codice_regione
`,
}
