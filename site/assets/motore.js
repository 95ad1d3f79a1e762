// DuckDB compiled to WebAssembly, as the SQL page wants it: its own file, fetched only when a reader asks for it.
// What it must never do is reach for an extension: there is none on this site, and a try leaves its database unusable. So nothing is loaded by
// itself, files and network are closed, and the settings are locked before the first query.
import * as duckdb from '@duckdb/duckdb-wasm';

const settings = (memory) => [
  'set autoinstall_known_extensions = false',
  'set autoload_known_extensions = false',
  "set memory_limit = '" + memory + "'",
  'create schema marts',
  "set search_path = 'main,marts'",

  'set enable_external_access = false',
  'set lock_configuration = true',
];

const quote = (name) => '"' + name.replaceAll('"', '""') + '"';

/** What of a query would be seen by somebody: without comments and what stands in quotes. */
const bare = (sql) => sql.replace(/--.*$/gm, ' ').replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/'(?:[^']|'')*'/g, "''");

/** Whether the text is one query that reads. */
export const reads = (sql) => {
  const text = bare(sql).trim().replace(/;\s*$/, '');
  return /^(\(|with|select|from|values|table|describe|show|summarize|pivot|unpivot)\b|^\(/i.test(text) && !text.includes(';');
};

/**
 * Opens a database in a worker. worker and module are addresses, memory a size as DuckDB writes it, progress gets the bytes loaded so far.
 * end() stops everything at once, whatever is under way.
 */
async function open({ worker: script, module, memory, progress }) {
  const worker = new Worker(script);
  let fail;
  const broken = new Promise((_, reject) => { fail = reject; });
  broken.catch(() => {});
  worker.addEventListener('error', (e) => fail(new Error(e.message || 'worker')));
  const alive = (promise) => Promise.race([promise, broken]);
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await alive(db.instantiate(module, null, (p) => progress(p.bytesLoaded)));
  await alive(db.open({ maximumThreads: 1, allowUnsignedExtensions: false }));
  const conn = await alive(db.connect());
  for (const s of settings(memory)) await alive(conn.query(s));
  const here = new Set();

  return {
    end() {
      fail(new Error('interrotto'));
      worker.terminate();
    },
    has: (name) => here.has(name),
    /** Makes a table of an Arrow IPC stream. */
    async table(name, bytes) {
      await alive(conn.insertArrowFromIPCStream(bytes, { name, schema: 'marts', create: true }));
      here.add(name);
    },
    /**
     * The rows of a query as text, as DuckDB writes them in a CSV: money keeps its cents, a date is no number of days. At most most rows.
     */
    async rows(sql, most) {
      const query = sql.trim().replace(/;\s*$/, '');
      const prepared = await alive(conn.prepare(query)); // a mistake is told by its place in the reader's own text
      await alive(prepared.close());
      const described = await alive(conn.query('describe (' + query + '\n)'));
      const columns = described.toArray().map((r) => ({ name: r.column_name, type: r.column_type }));
      const cast = columns.map((c) => 'cast(' + quote(c.name) + ' as varchar)').join(', ');
      const reader = await alive(conn.send('select ' + cast + ' from (' + query + '\n) limit ' + (most + 1)));
      const rows = [];
      for (;;) {
        const { value, done } = await alive(reader.next());
        if (done) break;
        for (let i = 0; i < value.numRows; i++) rows.push(columns.map((_, j) => value.getChildAt(j).get(i)));
      }
      return { columns, rows: rows.slice(0, most), cut: rows.length > most };
    },
  };
}

globalThis.piccoliMotore = { open, reads };
