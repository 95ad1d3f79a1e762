package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"piccoli/pipelines/catalog"
)

// repeats sends to quarantine what has the key of another good row: the repeats of the same row, and all rows that contradict each
// other. A row of a partial delivery takes the place of those before it, which is no fault.
func (x *loading) repeats(ctx context.Context) error {
	if x.rows == 0 || x.differ {
		return nil
	}
	table := catalog.Literal(x.q.Name)
	keys := make([]string, len(x.q.Key))
	for i, k := range x.q.Key {
		keys[i] = catalog.Quote(k)
	}
	key := strings.Join(keys, ", ")
	var values []string
	for _, c := range x.q.Source.Loaded() {
		values = append(values, catalog.Quote(c.Name))
	}
	var partial bool
	if err := x.conn.QueryRowContext(ctx, fmt.Sprintf("select count(*) > 0 from piccoli.letti where tabella = %s and tipo = 'parziale' and not superata", table)).Scan(&partial); err != nil {
		return err
	}
	if partial {
		// A later row takes the place of an earlier one with its key, but for a bad row, which takes the place of bad ones alone.
		err := x.exec(ctx, fmt.Sprintf(`create or replace temp table sostituite as
			with righe as (select r.rowid as posto, %[1]s, f.n, f.tipo, r._errori is null as buona from %[2]s as r join piccoli.letti as f on f.tabella = %[3]s and r.rowid >= f.primo and r.rowid < f.ultimo where r._errori is null or r._errori <> ''),
			ultime as (select %[1]s, max(n) filter (where tipo = 'parziale') as ultima, max(n) filter (where tipo = 'parziale' and buona) as ultima_buona from righe group by %[1]s)
			select righe.n, righe.posto from righe join ultime using (%[1]s) where righe.n < ultima_buona or (not buona and righe.n < ultima) order by posto`, key, x.entry.SQL(), table),
			fmt.Sprintf("delete from piccoli.scarti where tabella = %s and posto in (select posto from sostituite)", table),
			fmt.Sprintf("insert into piccoli.scarti select %s, 'lettura', n, posto, null, null, null, null from sostituite", table))
		if err != nil {
			return err
		}
		if err := ThrowOut(ctx, x.conn, x.q.Name, byReading, "select posto from sostituite"); err != nil {
			return err
		}
	}
	// Mostly no key stands twice, and then one pass over the hashes of the keys is all there is to do.
	if err := x.exec(ctx, fmt.Sprintf("create or replace temp table ripetute as select hash(%s) as impronta from %s as r where %s group by all having count(*) > 1", key, x.entry.SQL(), Good("r"))); err != nil {
		return err
	}
	var some bool
	if err := x.conn.QueryRowContext(ctx, "select exists (from ripetute)").Scan(&some); err != nil || !some {
		return errors.Join(err, x.exec(ctx, "drop table ripetute"))
	}
	err := x.exec(ctx, fmt.Sprintf(`create or replace temp table doppie as
		with buone as (select r.rowid as posto, r.* from %[2]s as r where %[3]s and hash(%[1]s) in (select impronta from ripetute)),
		gruppi as (select %[1]s, min(posto) as primo, count(distinct hash(%[4]s)) as diverse from buone group by %[1]s having count(*) > 1)
		select b.posto, g.diverse from buone as b join gruppi as g using (%[1]s) where g.diverse > 1 or b.posto <> g.primo`, key, x.entry.SQL(), Good("r"), strings.Join(values, ", ")),
		fmt.Sprintf(`insert into piccoli.scarti select %[1]s, 'lettura', f.n, d.posto, null, %[2]s, case when d.diverse = 1 then 'riga_ripetuta' else 'chiave_in_conflitto' end, null
		from doppie as d join piccoli.letti as f on f.tabella = %[1]s and d.posto >= f.primo and d.posto < f.ultimo order by d.posto`, table, catalog.Literal(x.q.Key[0])))
	if err != nil {
		return err
	}
	if err := ThrowOut(ctx, x.conn, x.q.Name, byReading, "select posto from doppie"); err != nil {
		return err
	}
	return x.exec(ctx, "drop table ripetute", "drop table doppie")
}

// reasons writes what each reason met means for its column.
func (x *loading) reasons(ctx context.Context) error {
	rows, err := x.conn.QueryContext(ctx, fmt.Sprintf("select distinct coalesce(colonna, ''), motivo from piccoli.scarti where tabella = %s and fase = 'lettura' and motivo is not null order by all", catalog.Literal(x.q.Name)))
	if err != nil {
		return err
	}
	var values []string
	for rows.Next() {
		var name, reason string
		if err := rows.Scan(&name, &reason); err != nil {
			return errors.Join(err, rows.Close())
		}
		text, ok := Reason(x.q, name, reason)
		if !ok {
			return errors.Join(fmt.Errorf("no words for the reason %s", reason), rows.Close())
		}
		values = append(values, fmt.Sprintf("(%s, 'lettura', %s, %s, %s, %s)", catalog.Literal(x.q.Name), orNull(name), catalog.Literal(reason), catalog.Literal(text.It), catalog.Literal(text.En)))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(values) == 0 {
		return err
	}
	return x.exec(ctx, "insert into piccoli.motivi values "+strings.Join(values, ", "))
}
