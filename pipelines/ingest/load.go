package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"piccoli/pipelines/catalog"
)

// Books are the tables in which ingest keeps what it needs to account for every row of a delivery; the warehouse makes the published
// books from them.
//
//   - letti: one row a file: the rows of ingresso.<tabella> from primo to ultimo (exclusive) are its records, in order, of which vuote are blank.
//   - scarti: one row for each thing wrong: posto is the rowid in ingresso.<tabella>, or NULL for a record that is none (then riga is its
//     line and testo its bytes). Without motivo the row is good and replaced by a later partial delivery.
//   - salti: from posto on, line = riga + the distance: a record with line breaks inside, or one refused, starts another run.
//   - motivi: what a reason means for a column.
var Books = map[string][]catalog.Column{
	"letti": {column("tabella", "text"), column("n", "integer"), column("file", "text"), column("file_sha256", "text"), column("lotto", "text"), column("tipo", "text"), column("ricevuta_il", "date"),
		column("mittente", "text"), column("istantanea", "boolean"), column("foglio", "text"), column("primo", "bigint"), column("ultimo", "bigint"), column("illeggibili", "bigint"), column("vuote", "bigint"), column("simulato", "boolean"), column("superata", "boolean")},
	"scarti": {column("tabella", "text"), column("fase", "text"), column("n", "integer"), column("posto", "bigint"), column("riga", "bigint"), column("colonna", "text"), column("motivo", "text"), column("testo", "text")},
	"salti":  {column("tabella", "text"), column("posto", "bigint"), column("riga", "bigint")},
	"motivi": {column("tabella", "text"), column("fase", "text"), column("colonna", "text"), column("motivo", "text"), column("messaggio_it", "text"), column("messaggio_en", "text")},
}

func column(name, typ string) catalog.Column { return catalog.Column{Name: name, Type: typ} }

// Loaded is what became of a delivered source.
type Loaded struct {
	Simulated, Real int              // files
	LeftOut         catalog.Problems // snapshots that can't be trusted, while others can
}

// LoadDeliveries makes ingresso.<name>, every record of the files with its typed values and what is wrong with it, and the view
// raw.<name> of the good ones: _errori is NULL of a row without fault, empty of a blank one, else column:reason;column:reason, and _testo its cells as
// they stand in the file, in the contract's order, as a JSON array (texts, since writing lists that are mostly NULL takes as long as ten columns); inbox are the contracts of the inbox's tables, of one of which a file may have the columns. What is wrong with a file as a whole comes back as catalog.Problems and nothing of the table counts.
func LoadDeliveries(ctx context.Context, conn *sql.Conn, root string, q *catalog.Query, inbox []*catalog.Query, current, superseded []Delivery, spill string) (l Loaded, err error) {
	x := &loading{conn: conn, q: q, root: root, spill: spill, others: inbox, entry: catalog.Ref{Schema: "ingresso", Name: q.Name}}
	// DuckDB turns every list of words after IN into a hash join: with forty columns they take a gigabyte, and a small chunk leaves a join later
	// than the larger one after it, so that a rowid would be no place in the file.
	// Trying whether texts pack better as symbols (FSST) takes a fourth of the time of writing them, to keep a table some megabytes smaller that only
	// views read.
	if err := x.exec(ctx, "set disabled_optimizers = 'in_clause'", "set disabled_compression_methods = 'fsst,dict_fsst'"); err != nil {
		return l, err
	}
	defer func() {
		err = errors.Join(err, x.exec(ctx, "reset disabled_optimizers", "reset disabled_compression_methods"))
	}()
	if err := x.start(ctx); err != nil {
		return l, err
	}
	var problems catalog.Problems
	good := 0
	for _, d := range current {
		simulated, found, err := x.file(ctx, d)
		if changed := (&prepared{file: d.File, original: d.File.at(root)}).unchanged(); err != nil && len(changed) > 0 && !q.Source.Snapshots {
			found, err = changed, nil // whatever else went wrong comes of that
		}
		if err != nil {
			return l, fmt.Errorf("%s: %w", d.Path, err)
		}
		if len(found) > 0 {
			problems = append(problems, found...)
			if err := x.book(ctx, d, Refused, "", x.rows, 0, 0, false, false); err != nil {
				return l, err
			}
			continue
		}
		good++
		if simulated {
			l.Simulated++
		} else {
			l.Real++
		}
	}
	if len(problems) > 0 && (!q.Source.Snapshots || good == 0) {
		return l, problems
	}
	l.LeftOut = problems
	for _, d := range superseded {
		if err := x.book(ctx, d, d.Kind, "", x.rows, 0, 0, false, true); err != nil {
			return l, err
		}
	}
	if err := x.repeats(ctx); err != nil {
		return l, err
	}
	return l, x.reasons(ctx)
}

// loading is the making of one delivered table.
type loading struct {
	conn   *sql.Conn
	q      *catalog.Query
	root   string
	spill  string
	others []*catalog.Query // the inbox's tables
	entry  catalog.Ref
	rows   int64 // of ingresso.<name> so far
	files  int
	differ bool            // no key stands twice: there is one file, and it says so
	kept   map[string]bool // columns that a file so far has; the others are NULL wherever they are read, and nowhere written
}

func (x *loading) exec(ctx context.Context, statements ...string) error {
	for _, s := range statements {
		if _, err := x.conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%w\n%s", err, s)
		}
	}
	return nil
}

// start makes the empty table, its view, and forgets what the books say of the table. A column is kept from the first file on that has it: writing one
// that is all NULL, and reading it back, costs as much as a short word in every row, and a file of the ministry's claims need have 25 of the contract's 42 columns.
func (x *loading) start(ctx context.Context) error {
	x.kept = map[string]bool{}
	var defs, names []string
	for _, c := range x.q.Source.Loaded() {
		def := catalog.Quote(c.Name) + " " + c.DuckDB()
		if c.Given == "" {
			def += fmt.Sprintf(" generated always as (null::%s) virtual", c.DuckDB())
		}
		defs, names = append(defs, def), append(names, "r."+catalog.Quote(c.Name))
	}
	statements := []string{
		fmt.Sprintf("create or replace table %s (%s, _riparata boolean, _errori varchar, _testo varchar, _fuori utinyint)", x.entry.SQL(), strings.Join(defs, ", ")),
		fmt.Sprintf("create or replace view %s as select %s from %s as r where %s", catalog.Ref{Schema: "raw", Name: x.q.Name}.SQL(), strings.Join(names, ", "), x.entry.SQL(), Good("r")),
	}
	for _, b := range []string{"letti", "scarti", "salti", "motivi"} {
		statements = append(statements, fmt.Sprintf("delete from piccoli.%s where tabella = %s", b, catalog.Literal(x.q.Name)))
	}
	return x.exec(ctx, statements...)
}

// keep makes room for the columns that a file has, by their positions in it, and none before it had.
func (x *loading) keep(ctx context.Context, positions map[string]int) error {
	for _, name := range slices.Sorted(maps.Keys(positions)) {
		if x.kept[name] {
			continue
		}
		x.kept[name] = true
		column := catalog.Quote(name)
		if err := x.exec(ctx, fmt.Sprintf("alter table %s drop column %s", x.entry.SQL(), column), fmt.Sprintf("alter table %s add column %s %s", x.entry.SQL(), column, x.q.Source.Column(name).DuckDB())); err != nil {
			return err
		}
	}
	return nil
}

// Good is the condition of a row of ingresso.<tabella> that was read without a fault and that nothing has thrown out since.
func Good(alias string) string {
	return fmt.Sprintf("%[1]s._errori is null and %[1]s._fuori is null", alias)
}

// ThrowOut marks in ingresso.<tabella> the rows whose places, SQL that gives posto, have gone to piccoli.scarti in a phase: the mark costs a scan a
// tenth of what looking every row up in scarti does. An update of a column without index leaves every rowid as it is.
func ThrowOut(ctx context.Context, conn *sql.Conn, table string, by int, places string) error {
	_, err := conn.ExecContext(ctx, fmt.Sprintf("update %s set _fuori = %d where rowid in (select posto from (%s) where posto is not null)", catalog.Ref{Schema: "ingresso", Name: table}.SQL(), by, places))
	return err
}

// What _fuori says of a row that was thrown out though its cells are good: what the reader found (a repeated key, a later partial delivery, a file that is
// refused) or a rule of rows.
const (
	byReading = 1
	ByRules   = 2
)

// file loads one delivery in one pass of DuckDB's own reader over text, types and checks every cell in the same pass.
func (x *loading) file(ctx context.Context, d Delivery) (simulated bool, problems catalog.Problems, err error) {
	p, problems, err := prepare(ctx, x.root, d.File, x.q, x.others, x.spill)
	if err != nil || len(problems) > 0 {
		return false, problems, err
	}
	defer func() { err = errors.Join(err, p.discard()) }()
	positions := p.positions()
	if err := x.keep(ctx, positions); err != nil {
		return false, nil, err
	}
	if _, err := x.conn.ExecContext(ctx, x.statement(p, positions, d)); err != nil {
		return false, nil, err
	}
	before := x.rows
	if err := x.conn.QueryRowContext(ctx, "select count(*) from "+x.entry.SQL()).Scan(&x.rows); err != nil {
		return false, nil, err
	}
	unread, err := x.rejects(ctx, p.Delimiter)
	if err != nil {
		return false, nil, err
	}
	lines, found, err := p.lines(ctx, unread, x.rows-before)
	if err != nil {
		return false, nil, err
	}
	x.files++
	x.differ = x.files == 1 && before == 0 && p.keysDiffer(x.q)
	blank, problems, err := x.bounds(ctx, d, before, int64(len(found)))
	if problems = append(problems, p.unchanged()...); err != nil || len(problems) > 0 {
		// What was read of it does not count: its rows stay where they are, so that a rowid stays a place, and none is a good one.
		return false, problems, errors.Join(err, x.exec(ctx, fmt.Sprintf("insert into piccoli.scarti select %s, 'lettura', null, rowid, null, null, null, null from %s where rowid >= %d", catalog.Literal(x.q.Name), x.entry.SQL(), before),
			fmt.Sprintf("update %s set _fuori = %d where rowid >= %d", x.entry.SQL(), byReading, before)))
	}
	simulated = p.Simulated
	if !simulated {
		if simulated, err = x.keysSimulated(ctx, before); err != nil {
			return false, nil, err
		}
	}
	if err := x.book(ctx, d, d.Kind, p.Sheet, before, int64(len(found)), blank, simulated, false); err != nil {
		return false, nil, err
	}
	return simulated, nil, x.bookRows(ctx, before, lines, found)
}

// statement reads one file into the table, whose columns stand in it at these positions.
func (x *loading) statement(p *prepared, positions map[string]int, d Delivery) string {
	types := make([]string, len(p.Columns))
	for i := range types {
		types[i] = "VARCHAR"
	}
	var texts, values, mended, reasons, written, wrong, codes, blanks []string
	full := false // no row is blank
	for _, c := range cells(x.q, positions, p.rows != nil, p.have) {
		name := c.column.Name
		t, e := catalog.Quote("t_"+name), catalog.Quote("e_"+name)
		texts = append(texts, c.text+" as "+t)
		values = append(values, c.value+" as "+catalog.Quote("v_"+name))
		written = append(written, c.written)
		if at, ok := positions[name]; ok {
			blanks, full = append(blanks, t+" is null"), full || p.have.column(at).full
			if c.typed {
				types[at] = c.column.DuckDB()
			}
		}
		if c.mended != "" {
			mended = append(mended, c.mended)
		}
		if c.reason != "" {
			reasons, codes = append(reasons, c.reason+" as "+e), append(codes, e)
			wrong = append(wrong, fmt.Sprintf("%s || %s", catalog.Literal(name+":"), e))
		}
	}
	var read []string
	for i, typ := range types {
		read = append(read, fmt.Sprintf("r%d: '%s'", i, typ))
	}
	date, sign := p.have.typed()
	forms := ""
	if date == "italian" {
		forms = ", dateformat = '%d/%m/%Y'"
	}
	if sign != "" {
		forms += ", decimal_separator = " + catalog.Literal(sign)
	}
	var into, out []string
	for _, c := range x.q.Source.Loaded() {
		value := catalog.Quote("v_" + c.Name)
		switch c.Given {
		case "data_file":
			value = "date " + catalog.Literal(d.Received)
		case "file_origine":
			value = catalog.Literal(d.Lot)
		case "":
			if !x.kept[c.Name] {
				continue
			}
		}
		into, out = append(into, catalog.Quote(c.Name)), append(out, value)
	}
	bad, blank, repaired := "false", "false", "false"
	if !full {
		blank = strings.Join(append(blanks, "true"), " and ")
	}
	if len(codes) > 0 {
		bad = "coalesce(" + strings.Join(codes, ", ") + ", null) is not null"
	}
	if len(mended) > 0 {
		repaired = "coalesce(" + strings.Join(mended, " or ") + ", false)"
	}
	into = append(into, "_riparata", "_errori", "_testo")
	out = append(out, fmt.Sprintf("%s and not (%s)", repaired, bad), fmt.Sprintf("case when %s then '' when %s then concat_ws(';', %s) end", blank, bad, strings.Join(append(wrong, "null"), ", ")),
		fmt.Sprintf("case when %s then to_json([%s])::varchar end", bad, strings.Join(written, ", ")))
	return fmt.Sprintf(`insert into %s (%s) select %s
		from (select *, %s from (select *, %s from (select *, %s from
		read_csv(%s, columns = {%s}, auto_detect = false, header = false, skip = %d, delim = %s, quote = '"', escape = '"', strict_mode = true, null_padding = false, max_line_size = %d, buffer_size = %d%s,
		store_rejects = true, rejects_limit = 0, rejects_scan = 'scansione', rejects_table = 'scarti'))))`,
		x.entry.SQL(), strings.Join(into, ", "), strings.Join(out, ", "),
		strings.Join(append(reasons, "null as e_"), ", "), strings.Join(values, ", "), strings.Join(texts, ", "),
		catalog.Literal(p.Path), strings.Join(read, ", "), p.Skip, catalog.Literal(p.Delimiter), p.buffer()/2, p.buffer(), forms)
}

// maxRecord is the longest record that the reader takes, in bytes: many cells at their limit, and still far from the memory's.
const maxRecord = 16 << 20

// buffer is how many bytes DuckDB's reader takes at a time and gives to one thread. Left to itself it takes sixteen times the longest record that it
// may meet: a quarter of the memory, and one thread for a file of less than that. A piece holds fewer rows than one of the groups in which DuckDB
// keeps a table (122,880): after pieces of two or three groups a checkpoint writes the whole table a second time.
func (p *prepared) buffer() int64 {
	const rows, least, most = 65_536, 1 << 20, 2 * maxRecord
	if p.longest == 0 {
		return most
	}
	wanted := max(rows*p.shape.bytes/max(p.shape.newlines, 1), 2*p.longest)
	// Of a size that is no multiple of eight DuckDB's reader loses a row at the end of every piece, without a word (1.5.6).
	return min((wanted/least+1)*least, most)
}

// unread is a record that DuckDB's reader refused, at its place in the prepared file.
type unread struct {
	offset int64  // of the record's first byte, or of line ends before it
	reason string // campi_in_meno …; empty for a blank one
	text   string // as it stands
}

// rejects takes what DuckDB's reader refused, one a record: a bad record may give several rejects. Blank records are none.
func (x *loading) rejects(ctx context.Context, delimiter string) (out []unread, err error) {
	rows, err := x.conn.QueryContext(ctx, "select line_byte_position - 1, min(error_type::varchar), coalesce(min(csv_line), '') from scarti group by line_byte_position order by line_byte_position")
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var u unread
		var kind string
		if err := rows.Scan(&u.offset, &kind, &u.text); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		var ok bool
		if u.reason, ok = structural[kind]; !ok {
			return nil, errors.Join(fmt.Errorf("unknown kind of reject %q at byte %d", kind, u.offset), rows.Close())
		}
		cut := len(u.text) >= rejectText
		u.text = strings.Trim(strings.ToValidUTF8(u.text, "\ufffd"), "\r\n") // DuckDB counts the line feed of a CR LF before a record to it
		if !cut && strings.Trim(u.text, delimiter+"\""+blanks) == "" {       // a line of separators alone, as spreadsheets leave below the last row
			u.reason = ""
		}
		out = append(out, u)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	return out, x.exec(ctx, "drop table scarti", "drop table scansione")
}

// rejectText is how much of a refused record DuckDB keeps, in bytes.
const rejectText = 10_000

// structural are the reason codes of records that are none, by DuckDB's names.
var structural = map[string]string{
	"MISSING COLUMNS": "campi_in_meno", "TOO MANY COLUMNS": "campi_in_piu", "UNQUOTED VALUE": "virgolette_non_chiuse", "INVALID ENCODING": "carattere_non_valido",
	"INVALID STATE": "virgolette_non_chiuse", "LINE SIZE OVER MAXIMUM": "testo_troppo_lungo",
}

// bounds counts the blank rows and refuses a file whose number of records the contract does not admit. Blank rows are none.
func (x *loading) bounds(ctx context.Context, d Delivery, from, unread int64) (blank int64, _ catalog.Problems, _ error) {
	var n int64
	if err := x.conn.QueryRowContext(ctx, fmt.Sprintf("select count(*) from %s where rowid >= %d and (_errori is null or _errori <> '')", x.entry.SQL(), from)).Scan(&n); err != nil {
		return 0, nil, err
	}
	blank = x.rows - from - n
	n += unread
	b := x.q.Source.Rows
	if n == 0 && b.Min > 0 {
		return blank, onlyHeader(d.File), nil
	}
	if n >= b.Min && n <= b.Max || d.Kind == Partial && n <= b.Max {
		return blank, nil, nil
	}
	what := catalog.Textf(catalog.Text{It: "il file ha %d righe, il contratto ne ammette da %d a %d", En: "the file has %d rows, the contract admits %d to %d"}, n, b.Min, b.Max)
	if n == 1 {
		what = catalog.Textf(catalog.Text{It: "il file ha una riga sola, il contratto ne ammette da %d a %d", En: "the file has a single row, the contract admits %d to %d"}, b.Min, b.Max)
	}
	return blank, catalog.Problems{{File: d.Path, What: what,
		Hint: catalog.Textf(catalog.Text{It: "guardare se il file è troncato o è un altro; se il numero è giusto, correggere «rows:» in %s e dire perché", En: "see whether the file is truncated or another one; if the number is right, mend \"rows:\" in %s and say why"}, x.q.Path)}}, nil
}

// keysSimulated reports whether the rows from one on have identifiers that only simulated data have.
func (x *loading) keysSimulated(ctx context.Context, from int64) (bool, error) {
	var texts []string
	for _, c := range x.q.Source.Loaded() {
		if c.Type == "text" && c.Given == "" && strings.HasPrefix(c.Name, "id_") {
			texts = append(texts, fmt.Sprintf("starts_with(%s, %s)", catalog.Quote(c.Name), catalog.Literal(simulatedKey)))
		}
	}
	if len(texts) == 0 {
		return false, nil
	}
	var found bool
	err := x.conn.QueryRowContext(ctx, fmt.Sprintf("select count(*) > 0 from (select 1 from %s where rowid >= %d and (%s) limit 1)", x.entry.SQL(), from, strings.Join(texts, " or "))).Scan(&found)
	return found, err
}

// book writes what is known of one file.
func (x *loading) book(ctx context.Context, d Delivery, kind Kind, sheet string, from, unread, blank int64, simulated, superseded bool) error {
	to := x.rows
	if kind == Refused || superseded {
		to = from
	}
	return x.exec(ctx, fmt.Sprintf("insert into piccoli.letti values (%s, (select count(*) from piccoli.letti where tabella = %[1]s), %s, %s, %s, %s, %s, %s, %t, %s, %d, %d, %d, %d, %t, %t)",
		catalog.Literal(x.q.Name), catalog.Literal(d.Path), catalog.Literal(d.SHA256), catalog.Literal(d.Lot), catalog.Literal(string(kind)), catalog.Literal(d.Received),
		orNull(d.Sender), d.Snapshot, orNull(sheet), from, to, unread, blank, simulated, superseded))
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return catalog.Literal(s)
}

// bookRows writes what is wrong with single rows from one on, and the lines on which they stand.
func (x *loading) bookRows(ctx context.Context, from int64, lines []run, refused []refusedLine) error {
	table := catalog.Literal(x.q.Name)
	number := fmt.Sprintf("(select max(n) from piccoli.letti where tabella = %s)", table)
	statements := []string{fmt.Sprintf(`insert into piccoli.scarti select %s, 'lettura', %s, posto, null, split_part(errore, ':', 1), split_part(errore, ':', 2), null
		from (select rowid as posto, unnest(string_split(_errori, ';')) as errore from %s where rowid >= %d and _errori <> '') order by posto`, table, number, x.entry.SQL(), from)}
	for chunk := range chunks(len(lines)) {
		var values []string
		for _, l := range lines[chunk.from:chunk.to] {
			values = append(values, fmt.Sprintf("(%s, %d, %d)", table, from+l.record, l.line))
		}
		statements = append(statements, "insert into piccoli.salti values "+strings.Join(values, ", "))
	}
	for chunk := range chunks(len(refused)) {
		var values []string
		for _, r := range refused[chunk.from:chunk.to] {
			values = append(values, fmt.Sprintf("(%d, %s, %s)", r.line, catalog.Literal(r.reason), catalog.Literal(r.text)))
		}
		// The file's number once, not in every row: a thousand subqueries in one statement are deeper than DuckDB bears.
		statements = append(statements, fmt.Sprintf("insert into piccoli.scarti select %s, 'lettura', %s, null, riga, null, motivo, testo from (values %s) as r(riga, motivo, testo)", table, number, strings.Join(values, ", ")))
	}
	return x.exec(ctx, statements...)
}

type span struct{ from, to int }

// chunks parts n things into statements of bearable length.
func chunks(n int) func(func(span) bool) {
	return func(yield func(span) bool) {
		for from := 0; from < n; from += 1000 {
			if !yield(span{from, min(from+1000, n)}) {
				return
			}
		}
	}
}
