// The SQL page: loads the engine when asked to, fetches the datasets that a query names, shows what comes back, and keeps the query in the
// address. Nothing leaves the reader's browser.
const page = document.querySelector('.laboratorio');
const at = (part) => page.querySelector('[data-parte=' + part + ']');
const say = page.dataset;
const datasets = new Map([...page.querySelectorAll('[data-dataset]')].map((e) => [e.dataset.dataset, e.dataset.arrow]));
const field = at('sql'), status = at('stato'), error = at('errore'), out = at('risultato');
const shown = 500, kept = 200000, memory = '1GB';
let engine = null, result = null, ticking = null;

const number = (n) => n.toLocaleString(document.documentElement.lang === 'it' ? 'it-IT' : 'en-GB', { useGrouping: 'always' });
const fill = (text, ...values) => values.reduce((s, v) => s.replace('%s', v), text);
const tell = (text) => { status.textContent = text; };
const fault = (text) => { error.textContent = text; error.hidden = !text; };
const address = (sql) => location.pathname + location.search + '#q=' + encodeURIComponent(sql);

function busy(on) {
  at('esegui').disabled = on;
  at('interrompi').hidden = !on;
  page.setAttribute('aria-busy', String(on));
}

function script(src) {
  return new Promise((done, failed) => {
    const s = document.createElement('script');
    s.src = src;
    s.onload = done;
    s.onerror = () => failed(new Error(say.nonsicarica));
    document.head.append(s);
  });
}

async function start() {
  if (!globalThis.piccoliMotore) await script(say.motore);
  const megabytes = (bytes) => tell(fill(say.carica, number(Math.round(bytes / 1e6))));
  megabytes(0);
  const absolute = (path) => new URL(path, location.href).href;
  engine = await globalThis.piccoliMotore.open({ worker: absolute(say.lavoratore), module: absolute(say.modulo), memory, progress: megabytes });
}

/** Datasets that the query names, in the order of the list. */
const named = (sql) => [...datasets.keys()].filter((name) => new RegExp('(^|[^a-z0-9_])' + name + '($|[^a-z0-9_])', 'i').test(sql));

async function fetchNamed(sql) {
  for (const name of named(sql)) {
    if (engine.has(name)) continue;
    tell(fill(say.prende, name));
    const answer = await fetch(datasets.get(name));
    if (!answer.ok) throw new Error(fill(say.nondataset, name));
    await engine.table(name, new Uint8Array(await answer.arrayBuffer()));
  }
}

/** Stops the engine at once: its worker ends, and with it all that it held. */
function stop(why) {
  engine?.end();
  engine = null;
  clearTimeout(ticking);
  busy(false);
  tell(why);
}

async function run() {
  const sql = field.value;
  fault('');
  if (!sql.trim()) return field.focus();
  busy(true);
  try {
    if (!engine) await start();
    if (!globalThis.piccoliMotore.reads(sql)) throw new Error(say.sololettura);
    await fetchNamed(sql);
    const mine = engine;
    ticking = setTimeout(() => { if (engine === mine) stop(fill(say.scaduto, at('limite').value)); }, 1000 * Number(at('limite').value));
    tell(say.calcola);
    const began = performance.now();
    result = await mine.rows(sql, kept);
    show(result, performance.now() - began);
    history.replaceState(null, '', address(sql));
  } catch (e) {
    if (e.message === 'interrotto') return; // by the reader or the limit, who have said so
    fault(e.message);
    tell('');
    if (!engine || /memory|Out of Memory|unreachable|RuntimeError/i.test(e.message)) stop('');
  } finally {
    clearTimeout(ticking);
    busy(false);
  }
}

function show({ columns, rows, cut }, time) {
  const head = document.createElement('tr');
  const numeric = columns.map((c) => /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|DOUBLE|FLOAT)/.test(c.type));
  columns.forEach((c, i) => {
    const th = document.createElement('th');
    th.scope = 'col';
    th.textContent = c.name;
    th.title = c.type;
    if (numeric[i]) th.className = 'numero';
    head.append(th);
  });
  const body = rows.slice(0, shown).map((r) => {
    const tr = document.createElement('tr');
    r.forEach((v, i) => {
      const td = document.createElement('td');
      if (v !== null) td.textContent = v;
      if (numeric[i]) td.className = 'numero';
      tr.append(td);
    });
    return tr;
  });
  at('testa').replaceChildren(head);
  at('corpo').replaceChildren(...body);
  out.hidden = false;
  const seconds = number(Math.round(time) / 1000);
  tell([fill(rows.length === 1 ? say.riga : say.righe, number(rows.length), seconds),
    cut ? fill(say.tagliato, number(kept)) : '', rows.length > shown ? fill(say.mostrate, number(shown)) : ''].filter(Boolean).join(' '));
}

const cell = (v) => (v === null ? '' : /[",\r\n]/.test(v) || v === '' ? '"' + v.replaceAll('"', '""') + '"' : v);

function save() {
  const lines = [result.columns.map((c) => cell(c.name)), ...result.rows.map((r) => r.map(cell))].map((r) => r.join(',') + '\r\n');
  const a = document.createElement('a');
  a.href = URL.createObjectURL(new Blob(lines, { type: 'text/csv;charset=utf-8' }));
  a.download = say.nomefile;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10000);
}

function fromAddress() {
  if (!location.hash.startsWith('#q=')) return;
  try {
    field.value = decodeURIComponent(location.hash.slice(3));
  } catch {
    fault(say.indirizzo); // half an escape: the address was cut
  }
}

page.querySelectorAll('[data-con-script]').forEach((e) => { e.hidden = false; });
fromAddress();
addEventListener('hashchange', fromAddress);
at('esegui').addEventListener('click', run);
at('interrompi').addEventListener('click', () => stop(say.interrotto));
at('csv').addEventListener('click', save);
at('copia').addEventListener('click', async () => {
  const link = location.origin + address(field.value);
  try {
    await navigator.clipboard.writeText(link);
    tell(say.copiato);
  } catch {
    history.replaceState(null, '', address(field.value)); // no clipboard here: the address bar has it
    tell(say.nellabarra);
  }
});
field.addEventListener('keydown', (e) => {
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) run();
});
page.querySelectorAll('[data-esempio]').forEach((e) => e.addEventListener('click', () => {
  field.value = page.querySelector('#' + e.dataset.esempio).textContent;
  field.focus();
  field.scrollIntoView({ block: 'nearest' });
}));
