package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/ingest"
)

// BooksStep is the name of the step that writes the published books of deliveries, after the last staging table and before the first
// mart.
const BooksStep = "piccoli.libri"

// values is the table with the values of quarantined rows, for the analyst alone: no query may read it.
const valuesTable = "create or replace table piccoli.quarantena_valori (id_quarantena varchar, tabella varchar, file varchar, riga bigint, foglio varchar, colonne varchar[], valori varchar[])"

// writeBooks makes quarantena, consegne, freschezza, ritirate and the ledger of delivered tables from what ingest and the rules wrote
// down. Age and withdrawals follow from the log: what each earlier delivery held, and what of it was in quarantine.
func (r *run) writeBooks(ctx context.Context, b *books) error {
	if err := r.exec(ctx, valuesTable,
		"delete from piccoli.quarantena", "delete from piccoli.consegne", "delete from piccoli.freschezza", "delete from piccoli.ritirate",
		"create or replace temp table memoria (tabella varchar, lotto varchar, file_sha256 varchar, ordine integer, ricevuta_il date, chiave varchar, in_quarantena boolean, adesso boolean)",
		"create or replace temp table righe_in_quarantena (tabella varchar, n integer, posto bigint, riga bigint, chiave varchar, importo_eur decimal(18,2))"); err != nil {
		return err
	}
	for _, q := range b.delivered {
		if err := r.tableBooks(ctx, b, q); err != nil {
			return fmt.Errorf("%s: %w", q.Path, err)
		}
	}
	return nil
}

// tableBooks writes the books of one delivered table.
func (r *run) tableBooks(ctx context.Context, b *books, q *catalog.Query) error {
	name, entry := catalog.Literal(q.Name), "ingresso."+catalog.Quote(q.Name)
	amount := "null::decimal(18,2)"
	if q.Source.Amount != "" {
		amount = "e." + catalog.Quote(q.Source.Amount) + "::decimal(18,2)"
	}
	var columns, dates []string
	for _, c := range q.Source.Loaded() {
		if c.Given == "" {
			columns = append(columns, catalog.Literal(c.Name))
		}
		if c.Type == "date" && c.Given == "" {
			dates = append(dates, fmt.Sprintf("max(%s) filter (where %[1]s <= date %s)", catalog.Quote(c.Name), catalog.Literal(b.clock)))
		}
	}
	if err := r.recall(ctx, b, q); err != nil {
		return err
	}
	var remembered bool
	if err := r.conn.QueryRowContext(ctx, "select exists (from memoria where tabella = "+name+" and not adesso)").Scan(&remembered); err != nil {
		return err
	}
	fresh := "null" // how many keys of a file the delivery before it did not have; nothing is compared where nothing is remembered
	if remembered {
		fresh = fmt.Sprintf(`case when not f.superata and not f.istantanea and f.tipo <> 'rifiutata' and f.tipo = 'intera' and exists (select 1 from memoria as m where m.tabella = %[1]s and m.lotto = f.lotto and not adesso) then
					(select count(*) from %[2]s as e where e.rowid >= f.primo and e.rowid < f.ultimo and not exists (select 1 from memoria as m where m.tabella = %[1]s and m.lotto = f.lotto and m.ordine = (select max(ordine) from memoria where tabella = %[1]s and lotto = f.lotto and not adesso) and m.chiave = %[3]s)) end`, name, entry, keyText(q, "e"))
		err := r.exec(ctx, fmt.Sprintf(`insert into piccoli.ritirate
			with ultime as (select lotto, max(ordine) as ordine from memoria where tabella = %[1]s and not adesso group by lotto),
			prima as (select m.lotto, m.file_sha256, m.chiave from memoria as m join ultime using (lotto, ordine) where m.tabella = %[1]s and m.chiave is not null),
			ora as (select f.lotto, %[2]s as chiave from %[3]s as e join piccoli.letti as f on f.tabella = %[1]s and e.rowid >= f.primo and e.rowid < f.ultimo)
			select %[1]s, max(f.file), max(f.file_sha256), p.chiave, max(f.ricevuta_il) from prima as p join piccoli.letti as f on f.tabella = %[1]s and f.lotto = p.lotto and not f.superata and f.tipo = 'intera'
			where not exists (select 1 from ora where ora.lotto = p.lotto and ora.chiave = p.chiave) group by p.chiave order by p.chiave`, name, keyText(q, "e"), entry))
		if err != nil {
			return err
		}
	}
	err := r.exec(ctx,
		// Every quarantined row once, with its line and its key as far as it can be read.
		fmt.Sprintf(`insert into righe_in_quarantena
			with posti as (select n, posto, any_value(riga) as riga from piccoli.scarti where tabella = %[1]s and motivo is not null group by n, posto, case when posto is null then riga end),
			con_riga as (
				select p.n, p.posto, j.riga + (p.posto - j.posto) as riga from posti as p asof join (select posto, riga from piccoli.salti where tabella = %[1]s) as j on p.posto >= j.posto where p.posto is not null
				union all select n, posto, riga from posti where posto is null)
			select %[1]s, c.n, c.posto, c.riga, %[2]s, %[3]s from con_riga as c left join %[4]s as e on e.rowid = c.posto order by c.n, c.riga`, name, keyText(q, "e"), amount, entry),
		fmt.Sprintf(`insert into piccoli.quarantena
			with eta as (select 'intera' as tipo, * from (%[2]s) union all select 'parziale', * from (%[3]s))
			select concat_ws(':', %[1]s, left(f.file_sha256, 12), coalesce(f.foglio, ''), r.riga, coalesce(s.colonna, ''), s.motivo), %[1]s, f.file, f.file_sha256, r.riga, f.foglio, s.colonna, s.motivo,
				m.messaggio_it, m.messaggio_en, r.importo_eur, coalesce(least(eta.dal, f.ricevuta_il), f.ricevuta_il), coalesce(eta.consegne, 0) + 1
			from (select distinct n, posto, riga, colonna, motivo from piccoli.scarti where tabella = %[1]s and motivo is not null) as s
			join piccoli.letti as f on f.tabella = %[1]s and f.n = s.n
			join righe_in_quarantena as r on r.tabella = %[1]s and r.n = s.n and r.posto is not distinct from s.posto and (case when r.posto is null then r.riga end) is not distinct from (case when s.posto is null then s.riga end)
			join piccoli.motivi as m on m.tabella = %[1]s and m.motivo = s.motivo and m.colonna is not distinct from s.colonna
			left join eta on eta.chiave = r.chiave and eta.lotto = f.lotto and eta.tipo = f.tipo
			order by all`, name, ageOf(name, "not adesso"), ageOf(name, "true")),
		// The cells of the few rows that are in quarantine: the two conditions are on one column each, so that the others of the good rows are not read.
		fmt.Sprintf(`insert into piccoli.quarantena_valori
			with celle as (select rowid as posto, from_json(_testo, '["VARCHAR"]') as valori from %[4]s where _testo is not null
				union all select e.rowid, [%[3]s] from %[4]s as e where e._fuori is not null and e._testo is null
				union all select null, null)
			select concat_ws(':', %[1]s, left(f.file_sha256, 12), coalesce(f.foglio, ''), r.riga), %[1]s, f.file, r.riga, f.foglio,
				case when r.posto is null then ['riga come scritta'] else [%[2]s] end,
				case when r.posto is null then [(select any_value(testo) from piccoli.scarti as s where s.tabella = %[1]s and s.n = r.n and s.posto is null and s.riga = r.riga)] else c.valori end
			from righe_in_quarantena as r join piccoli.letti as f on f.tabella = %[1]s and f.n = r.n join celle as c on c.posto is not distinct from r.posto where r.tabella = %[1]s order by f.n, r.riga`,
			name, strings.Join(columns, ", "), typedTexts(q), entry),
		"delete from piccoli.registro_righe where tabella = "+name,
		ledgerSQL(q, name, entry, amount),
		fmt.Sprintf(`insert into piccoli.consegne
			select %[1]s, f.file, f.file_sha256, f.lotto, f.tipo, f.ricevuta_il, f.mittente,
				case when f.superata or f.tipo = 'rifiutata' then null else f.ultimo - f.primo + f.illeggibili - f.vuote end,
				f.superata,
				%[2]s,
				(select count(*) from piccoli.ritirate as t where t.tabella = %[1]s and t.file = f.file)
			from piccoli.letti as f where f.tabella = %[1]s order by f.n`, name, fresh))
	if err != nil {
		return err
	}
	if err := r.loggedElsewhere(ctx, b, q); err != nil {
		return err
	}
	latest := "max(null::date)"
	if len(dates) > 0 {
		latest = "greatest(" + strings.Join(dates, ", ") + ", null)"
	}
	return r.exec(ctx, fmt.Sprintf(`insert into piccoli.freschezza select %[1]s, (select %[2]s from raw.%[3]s), (select max(ricevuta_il) from piccoli.consegne where tabella = %[1]s and tipo <> 'rifiutata'),
		(select max(n) - 1 from (select count(*) as n from piccoli.consegne where tabella = %[1]s and tipo <> 'rifiutata' group by lotto, file_sha256)) where exists (select 1 from piccoli.letti where tabella = %[1]s)`,
		name, latest, catalog.Quote(q.Name)))
}

// keyText writes the key of a row as one text, NULL where a part is missing: id_domanda=D-1, codice_istat=054028.
func keyText(q *catalog.Query, alias string) string {
	parts := make([]string, len(q.Key))
	for i, k := range q.Key {
		parts[i] = catalog.Literal(k+"=") + " || " + alias + "." + catalog.Quote(k) + "::varchar"
	}
	return strings.Join(parts, " || ', ' || ")
}

// typedTexts are the values of a row that was read without a fault and went to quarantine by a rule.
func typedTexts(q *catalog.Query) string {
	var out []string
	for _, c := range q.Source.Loaded() {
		if c.Given == "" {
			out = append(out, "e."+catalog.Quote(c.Name)+"::varchar")
		}
	}
	return strings.Join(out, ", ")
}

// ageOf gives, for every lot and key that was in quarantine in the last remembered delivery, since when without a break and in how many
// deliveries. For a partial delivery the full one that it mends, loaded now, is the last remembered.
func ageOf(name, which string) string {
	return fmt.Sprintf(`select lotto, chiave, min(ricevuta_il) as dal, count(*) as consegne
		from (select *, ordine - row_number() over (partition by lotto, chiave order by ordine) as serie from memoria where tabella = %[1]s and in_quarantena and %[2]s) as m
		join (select lotto, max(ordine) as ultima from memoria where tabella = %[1]s and %[2]s group by lotto) as u using (lotto)
		group by lotto, chiave, serie having max(ordine) = any_value(ultima)`, name, which)
}

// ledgerSQL counts rows and euro of every file: what was read is what was loaded and what is in quarantine. Only rows that are not good are looked up in
// what is written of them.
func ledgerSQL(q *catalog.Query, name, entry, amount string) string {
	euro := func(sum string) string { return "null::decimal(18,2)" }
	without := "0"
	if q.Source.Amount != "" {
		euro = func(sum string) string { return "coalesce(" + sum + ", 0)::decimal(18,2)" }
		without = "count(*) filter (where importo is null) + f.illeggibili"
	}
	return fmt.Sprintf(`insert into piccoli.registro_righe
		with scartate as (select posto, bool_and(motivo = 'padre_in_quarantena') as solo_padre from piccoli.scarti where tabella = %[1]s and motivo is not null and posto is not null group by posto),
		sostituite as (select posto from piccoli.scarti where tabella = %[1]s and motivo is null),
		righe as (select e.rowid as posto, %[3]s as importo, e._riparata, false as scartata, false as solo_padre, false as sostituita from %[2]s as e where %[8]s
			union all select e.rowid, %[3]s, e._riparata, s.posto is not null, coalesce(s.solo_padre, false), x.posto is not null
			from %[2]s as e left join scartate as s on s.posto = e.rowid left join sostituite as x on x.posto = e.rowid where not (%[8]s) and (e._errori is null or e._errori <> ''))
		select f.file, f.file_sha256, %[1]s, count(r.posto) + f.illeggibili, count(*) filter (where not scartata), count(*) filter (where scartata) + f.illeggibili, count(*) filter (where solo_padre),
			count(*) filter (where sostituita and not scartata), count(*) filter (where _riparata), %[4]s, %[5]s, %[6]s, %[7]s
		from piccoli.letti as f left join righe as r on r.posto >= f.primo and r.posto < f.ultimo
		where f.tabella = %[1]s and not f.superata and f.tipo <> 'rifiutata' group by f.n, f.file, f.file_sha256, f.illeggibili order by f.n`,
		name, entry, amount, strings.Replace(without, "where importo is null", "where r.posto is not null and importo is null", 1), euro("sum(importo)"), euro("sum(importo) filter (where not scartata)"), euro("sum(importo) filter (where scartata)"), ingest.Good("e"))
}

// KeysFile is where the keys of a delivery are remembered, so that a later one can tell what it withdrew and how long a row has been in
// quarantine, also where the file itself is gone.
func KeysFile(in ingest.Inputs, table, sha string) string {
	return filepath.Join(in.Registry(), "chiavi", table, sha+".parquet")
}

// recall reads the keys of the earlier deliveries of q that are logged and are not what is loaded now.
func (r *run) recall(ctx context.Context, b *books, q *catalog.Query) error {
	now := map[string]bool{}
	for _, d := range b.now[q.Name] {
		now[d.Path+d.SHA256] = true
	}
	order := map[string]int{}
	for _, d := range b.log {
		if d.Table != q.Name || d.Kind != ingest.Full || now[d.Path+d.SHA256] { // a key that a partial delivery does not name is not withdrawn
			continue
		}
		file := KeysFile(b.inputs, q.Name, d.SHA256)
		if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) { // logged by hand: nothing is known of its rows
			continue
		} else if err != nil {
			return err
		}
		if err := r.exec(ctx, fmt.Sprintf("insert into memoria select %s, %s, %s, %d, date %s, chiave, in_quarantena, false from read_parquet(%s)",
			catalog.Literal(q.Name), catalog.Literal(d.Lot), catalog.Literal(d.SHA256), order[d.Lot], catalog.Literal(d.Received), catalog.Literal(file))); err != nil {
			return err
		}
		order[d.Lot]++
	}
	if !slices.ContainsFunc(b.now[q.Name], func(d ingest.Delivery) bool { return d.Kind == ingest.Partial }) {
		return nil
	}
	for _, d := range b.now[q.Name] {
		if d.Kind != ingest.Full {
			continue
		}
		keys, err := r.keysSQL(ctx, q, d)
		if err != nil {
			return err
		}
		if err := r.exec(ctx, fmt.Sprintf("insert into memoria select %s, %s, %s, %d, date %s, chiave, in_quarantena, true from (%s)",
			catalog.Literal(q.Name), catalog.Literal(d.Lot), catalog.Literal(d.SHA256), order[d.Lot], catalog.Literal(d.Received), keys)); err != nil {
			return err
		}
	}
	return nil
}

// keysSQL gives the readable keys of a loaded delivery, and whether a row with that key is in quarantine, or was until a later partial
// delivery mended it.
func (r *run) keysSQL(ctx context.Context, q *catalog.Query, d ingest.Delivery) (string, error) {
	rows, err := r.conn.QueryContext(ctx, "select primo, ultimo from piccoli.letti where tabella = ? and file = ?", q.Name, d.Path)
	if err != nil {
		return "", err
	}
	places := []string{"false"} // as figures: a join with the books would keep millions of keys in memory
	for rows.Next() {
		var from, to int64
		if err := rows.Scan(&from, &to); err != nil {
			return "", errors.Join(err, rows.Close())
		}
		places = append(places, fmt.Sprintf("e.rowid >= %d and e.rowid < %d", from, to))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return "", err
	}
	// Good rows have different keys; those in quarantine may share one. Only rows that are not good are looked up: a row that a later delivery replaced
	// is not in quarantine either.
	return fmt.Sprintf(`with altre as (select %[1]s as chiave, s.posto is not null or e._errori is not null as in_quarantena from ingresso.%[2]s as e
			left join (select distinct posto from piccoli.scarti where tabella = %[3]s and motivo is not null and posto is not null) as s on s.posto = e.rowid where (%[4]s) and not (%[5]s))
		select %[1]s as chiave, false as in_quarantena from ingresso.%[2]s as e where (%[4]s) and %[5]s union all select chiave, false from altre where not in_quarantena
		union all select distinct chiave, true from altre where in_quarantena and chiave is not null`,
		keyText(q, "e"), catalog.Quote(q.Name), catalog.Literal(q.Name), strings.Join(places, " or "), ingest.Good("e")), nil
}

// loggedElsewhere adds to consegne what the log has and the folder no longer holds: a file that another of the same name replaced.
func (r *run) loggedElsewhere(ctx context.Context, b *books, q *catalog.Query) error {
	here := map[string]bool{}
	for _, d := range append(b.now[q.Name], b.past[q.Name]...) {
		here[d.Path+d.SHA256] = true
	}
	var lines []string
	for _, d := range b.log {
		if d.Table == q.Name && !here[d.Path+d.SHA256] {
			lines = append(lines, fmt.Sprintf("(%s, %s, %s, %s, %s, date %s, %s, null, true, null, 0)", catalog.Literal(d.Table), catalog.Literal(d.Path), catalog.Literal(d.SHA256), catalog.Literal(d.Lot),
				catalog.Literal(string(d.Kind)), catalog.Literal(d.Received), textOrNull(d.Sender)))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return r.exec(ctx, "insert into piccoli.consegne values "+strings.Join(lines, ", "))
}

// keepKeys writes the keys of the deliveries of this build that are not yet remembered, each aside and then in its place.
func (r *run) keepKeys(ctx context.Context, b *books) error {
	for _, q := range b.delivered {
		for _, d := range b.now[q.Name] {
			file := KeysFile(b.inputs, q.Name, d.SHA256)
			if _, err := os.Stat(file); d.Snapshot || d.Kind != ingest.Full || err == nil {
				continue
			} else if !errors.Is(err, os.ErrNotExist) {
				return err
			}
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return err
			}
			keys, err := r.keysSQL(ctx, q, d)
			if err != nil {
				return err
			}
			// No key stands twice, so a dictionary of them is not tried.
			if err := r.exec(ctx, fmt.Sprintf("copy (%s) to %s (format parquet, compression zstd, dictionary_size_limit 1)", keys, catalog.Literal(file+".nuovo"))); err != nil {
				return err
			}
			if err := os.Rename(file+".nuovo", file); err != nil {
				return err
			}
		}
	}
	return nil
}
