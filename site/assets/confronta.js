// Compares two to four comuni by the files beside their pages; the address holds the choice: ?a=001003&b=001004.
const box = document.getElementById('confronta');
const words = {};
box.querySelectorAll('#c-testi dt').forEach((dt) => { words[dt.textContent] = dt.nextElementSibling.textContent; });
const lang = box.dataset.lingua;
const keys = ['a', 'b', 'c', 'd'];
const inputs = keys.map((k) => document.getElementById('c-' + k));
const status = document.getElementById('c-stato');
const place = document.getElementById('c-tabella');
const number = new Intl.NumberFormat(lang, { useGrouping: 'always' });
const euro = new Intl.NumberFormat(lang, { style: 'currency', currency: 'EUR', useGrouping: 'always' });
const day = new Intl.DateTimeFormat(lang, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const date = (iso) => day.format(new Date(iso + 'T00:00:00Z'));
const names = new Map(); // "Agliè (TO)" → 001001
const shown = new Map(); // the other way
let turn = 0;

// The lines of the table in one programme: a word, what to show of a row, and whether any row has it.
const lines = [
  ['domande', (r) => r.domande && number.format(r.domande) + (r.data_domanda ? ', ' + date(r.data_domanda) : '')],
  ['esito', (r) => r.esito && words[r.esito] + (r.data_ammissione ? ', ' + date(r.data_ammissione) : '')],
  ['piani', (r) => r.piani_approvati && number.format(r.piani_approvati) + (r.data_piano_approvato ? ', ' + date(r.data_piano_approvato) : '')],
  ['progetti', (r) => r.progetti_finanziati && number.format(r.progetti_finanziati)],
  ['assegnato', (r) => r.importo_assegnato_eur != null && euro.format(r.importo_assegnato_eur)],
  ['rendicontato', (r) => r.importo_rendicontato_eur != null && euro.format(r.importo_rendicontato_eur)],
  ['pagato', (r) => r.importo_pagato_eur != null && euro.format(r.importo_pagato_eur)],
  ['procapite', (r) => r.pagato_pro_capite_eur != null && euro.format(r.pagato_pro_capite_eur)],
  ['posto', (r) => r.posto_regione && number.format(r.posto_regione) + ' / ' + number.format(r.in_classifica)],
];

function cell(tag, text, scope) {
  const c = document.createElement(tag);
  if (scope) c.scope = scope;
  c.textContent = text;
  return c;
}

function row(body, head, values) {
  const tr = document.createElement('tr');
  tr.append(cell('th', head, 'row'), ...values.map((v) => {
    const td = cell('td', v || words.assente);
    td.className = v ? 'numero' : 'numero nota';
    return td;
  }));
  body.append(tr);
}

function table(comuni) {
  const t = document.createElement('table');
  t.className = 'table coppia';
  const caption = document.createElement('caption');
  caption.textContent = words.didascalia;
  const head = document.createElement('thead');
  const tr = document.createElement('tr');
  tr.append(cell('th', words.comune, 'col'), ...comuni.map((c) => {
    const th = cell('th', '', 'col');
    th.className = 'numero';
    const a = document.createElement('a');
    a.href = box.dataset.pagine + c.codice_istat + '/';
    a.textContent = c.denominazione;
    th.append(a);
    return th;
  }));
  head.append(tr);
  const body = document.createElement('tbody');
  const of = (c, name) => (c.dataset[name] || [])[0] || {};
  row(body, words.provincia, comuni.map((c) => of(c, 'comuni').provincia));
  row(body, words.regione, comuni.map((c) => of(c, 'comuni').regione));
  row(body, words.residenti, comuni.map((c) => number.format(of(c, 'comuni').popolazione_legale_2011)));
  if (comuni.some((c) => (c.dataset.evidenze || []).length)) {
    row(body, words.evidenze, comuni.map((c) => c.dataset.evidenze && number.format(c.dataset.evidenze.length)));
  }
  const programmes = [...new Set(comuni.flatMap((c) => (c.dataset.percorso_comuni || []).map((r) => r.programma)))].sort();
  for (const p of programmes) {
    const rows = comuni.map((c) => (c.dataset.percorso_comuni || []).find((r) => r.programma === p) || {});
    const used = lines.map(([word, show]) => [word, rows.map(show)]).filter(([, values]) => values.some(Boolean));
    const head = document.createElement('tr');
    const th = cell('th', words['programma.' + p] || p, 'rowgroup');
    th.colSpan = comuni.length + 1;
    th.className = 'gruppo';
    head.append(th);
    const group = document.createElement('tbody');
    group.append(head);
    used.forEach(([word, values]) => row(group, words[word], values));
    t.append(group);
  }
  t.prepend(caption, head, body);
  return t;
}

async function show() {
  const mine = ++turn;
  const codes = keys.map((k) => new URLSearchParams(location.search).get(k)).filter((c) => /^\d{6}$/.test(c || ''));
  place.replaceChildren();
  if (!codes.length) return;
  const found = await Promise.all(codes.map(async (code) => {
    try {
      const r = await fetch(box.dataset.comuni + code + '/dati.json');
      return r.ok ? r.json() : null;
    } catch {
      return null;
    }
  }));
  if (mine !== turn) return;
  const missing = codes.filter((_, i) => !found[i]);
  status.textContent = missing.length ? words.errore + ' ' + missing.join(', ') : '';
  const comuni = found.filter(Boolean);
  if (comuni.length) place.append(table(comuni));
}

function fill() {
  const query = new URLSearchParams(location.search);
  keys.forEach((k, i) => { inputs[i].value = shown.get(query.get(k)) || query.get(k) || ''; });
}

// The names are fetched when they are first of use: at a field, or for an address that holds codes.
let fetching;
const named = () => (fetching ??= fetch(box.dataset.indice).then((r) => r.json()).then((index) => {
  const options = [];
  for (const [name, path, kind] of index) {
    if (!/^\d{6}$/.test(path)) continue;
    const label = name + ' (' + kind + ')';
    names.set(label.toLowerCase(), path);
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), path);
    shown.set(path, label);
    const o = document.createElement('option');
    o.value = label;
    options.push(o);
  }
  document.getElementById('c-elenco').append(...options);
}));

async function chosen() {
  await named();
  const query = new URLSearchParams();
  let unknown = '';
  inputs.forEach((input, i) => {
    const typed = input.value.trim();
    const code = names.get(typed.toLowerCase()) || (/^\d{6}$/.test(typed) ? typed : '');
    if (code) query.set(keys[i], code);
    else if (typed) unknown = typed;
  });
  history.replaceState(null, '', query.size ? '?' + query : location.pathname);
  await show();
  if (unknown) status.textContent = words.sconosciuto + ' ' + unknown;
}

inputs.forEach((input) => {
  input.addEventListener('focus', named);
  input.addEventListener('change', chosen);
});
function shownAsAddressed() {
  fill();
  show();
  if (new URLSearchParams(location.search).size) named().then(fill);
}
addEventListener('popstate', shownAsAddressed);
shownAsAddressed();
