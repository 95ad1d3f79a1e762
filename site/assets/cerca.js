// Search by name in a small index, fetched on first use, following the combobox pattern of ARIA
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Accents and apostrophes do not count, and a mistake in a word is forgiven.
const most = 12;

/** Letters without accents, in lower case; apostrophes and hyphens count as spaces. */
export function fold(s) {
  return s.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim();
}

/** The folded forms of a name: as a whole, in each of its languages, and with the letters on both sides of an apostrophe together. */
export function names(name) {
  const forms = [name, ...name.split(' / ')];
  return [...new Set([...forms, ...forms.map((n) => n.replace(/['’]/g, ''))].map(fold))];
}

/** How well a folded name answers a folded query, letter for letter: 0 not at all, 5 exactly. */
export function score(name, query) {
  if (name === query) return 5;
  if (name.startsWith(query)) return 4;
  if (name.includes(' ' + query)) return 3;
  const words = query.split(' ');
  if (words.length > 1 && words.every((w) => (' ' + name).includes(' ' + w))) return 2;
  return query.length > 2 && name.includes(query) ? 1 : 0;
}

/**
 * The fewest mistakes (a letter wrong, missing, too many, or two exchanged) that turn the query's word into the beginning of the other;
 * most + 1 where there are more.
 */
export function mistakes(word, other, most) {
  const width = Math.min(other.length, word.length + most);
  let before = [], last = Array.from({ length: width + 1 }, (_, j) => j);
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= width; j++) {
      const same = word[i - 1] === other[j - 1];
      row[j] = Math.min(last[j - 1] + (same ? 0 : 1), last[j] + 1, row[j - 1] + 1);
      if (!same && i > 1 && j > 1 && word[i - 1] === other[j - 2] && word[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      least = Math.min(least, row[j]);
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return Math.min(most + 1, ...last);
}

/** Mistakes allowed in a word of that many letters. */
const allowed = (length) => (length < 4 ? 0 : length < 8 ? 1 : 2);

/** Mistakes between query and name, each word of the query against the word of the name that is nearest; Infinity where one has none near. */
export function distance(name, query) {
  let sum = 0;
  const words = name.split(' ');
  for (const q of query.split(' ')) {
    const most = allowed(q.length);
    const least = Math.min(...words.map((w) => mistakes(q, w, most)));
    if (least > most) return Infinity;
    sum += least;
  }
  return sum;
}

/**
 * The best entries of the index [name, path, kind, folded names], best first, then as the index has them; near: how many of them, at the
 * end, only resemble the query.
 */
export function find(index, query) {
  const q = fold(query);
  if (!q) return { rows: [], near: 0 };
  const found = [], close = [];
  index.forEach((entry, at) => {
    const s = Math.max(...entry[3].map((n) => score(n, q)));
    if (s) found.push({ entry, s, at });
  });
  found.sort((a, b) => b.s - a.s || a.at - b.at);
  if (!(found[0]?.s > 2)) { // nothing begins like that: a mistake is likely
    const there = new Set(found.map((f) => f.at));
    index.forEach((entry, at) => {
      if (there.has(at)) return;
      const d = Math.min(...entry[3].map((n) => distance(n, q)));
      // of equally many mistakes the name whose length is nearest to the query's comes first
      if (d < Infinity) close.push({ entry, d, rest: Math.min(...entry[3].map((n) => Math.abs(n.length - q.length))), at });
    });
    close.sort((a, b) => a.d - b.d || a.rest - b.rest || a.at - b.at);
  }
  const rows = [...found, ...close].slice(0, most);
  return { rows: rows.map((f) => f.entry), near: Math.max(0, rows.length - found.length) };
}

export function startSearch(box) {
  const input = box.querySelector('input');
  const list = box.querySelector('[role=listbox]');
  const status = box.querySelector('[role=status]');
  const root = box.dataset.radice;
  let index = null;
  let chosen = -1;

  const load = () => {
    index ??= fetch(box.dataset.indice)
      .then((r) => {
        if (!r.ok) throw new Error(r.status);
        return r.json();
      })
      .then((rows) => rows.map((r) => [...r, names(r[0])]))
      .catch(() => {
        index = null; // the next letter tries again
        return null;
      });
    return index;
  };
  /** Tells those who hear the page; and, unless the list says it all, those who see it. */
  const tell = (text, quiet = false) => {
    status.textContent = text;
    box.classList.toggle('cerca-dice', text !== '' && !quiet);
  };
  const href = (path) => root + (/^\d{6}$/.test(path) ? 'comuni/' + path + '/' : path) ;
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const mark = (n) => {
    const options = list.querySelectorAll('[role=option]');
    chosen = options.length ? (n + options.length) % options.length : -1;
    options.forEach((o, i) => o.setAttribute('aria-selected', String(i === chosen)));
    if (chosen < 0) return;
    input.setAttribute('aria-activedescendant', options[chosen].id);
    options[chosen].scrollIntoView({ block: 'nearest' });
  };
  const show = async () => {
    const query = input.value;
    if (!fold(query)) {
      close();
      tell('');
      return;
    }
    const all = await load();
    if (query !== input.value) return;
    close();
    if (!all) {
      tell(box.dataset.errore);
      return;
    }
    const { rows, near } = find(all, query);
    rows.forEach(([name, path, kind], i) => {
      const li = document.createElement('li');
      li.id = 'cerca-' + i;
      li.setAttribute('role', 'option');
      li.setAttribute('aria-selected', 'false');
      li.dataset.href = href(path);
      const small = document.createElement('span');
      small.className = 'nota';
      small.textContent = kind;
      li.append(name + ' ', small);
      list.append(li);
    });
    if (!rows.length) tell(box.dataset.nessuno);
    else if (near === rows.length) tell(box.dataset.simili);
    else tell(rows.length + ' ' + box.dataset.risultati, true);
    if (rows.length) {
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
    }
  };
  const go = (option) => {
    if (option) location.href = option.dataset.href;
  };

  input.disabled = false;
  input.addEventListener('focus', load, { once: true });
  input.addEventListener('input', show);
  input.addEventListener('keydown', (e) => {
    const options = list.querySelectorAll('[role=option]');
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (list.hidden) show().then(() => mark(e.key === 'ArrowDown' ? 0 : -1));
      else mark(chosen + (e.key === 'ArrowDown' ? 1 : chosen < 0 ? 0 : -1));
    } else if (e.key === 'Enter') {
      e.preventDefault();
      if (options.length) go(options[Math.max(chosen, 0)]);
      else show().then(() => go(list.querySelector('[role=option]')));
    } else if (e.key === 'Escape') {
      if (list.hidden) input.value = '';
      close();
    }
  });
  list.addEventListener('mousedown', (e) => e.preventDefault());
  list.addEventListener('click', (e) => go(e.target.closest('[role=option]')));
  input.addEventListener('blur', close);
}
