// Search of comuni, regions, programmes and datasets in a small index, following the combobox pattern of ARIA.
const most = 12;

/** Letters without accents, in lower case; apostrophes and hyphens count as spaces. */
export function fold(s) {
  return s.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim();
}

/** How well a folded name answers a folded query: 0 not at all, 4 exactly. */
export function score(name, query) {
  if (name === query) return 4;
  if (name.startsWith(query)) return 3;
  if (name.includes(' ' + query)) return 2;
  return query.length > 2 && name.includes(query) ? 1 : 0;
}

/** The best entries of the index [name, path, kind, folded], best first, then as the index has them. */
export function find(index, query) {
  const q = fold(query);
  if (!q) return [];
  const found = [];
  index.forEach((entry, at) => {
    const s = Math.max(...entry[3].map((n) => score(n, q)));
    if (s) found.push({ entry, s, at });
  });
  found.sort((a, b) => b.s - a.s || a.at - b.at);
  return found.slice(0, most).map((f) => f.entry);
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
      .then((r) => r.json())
      .then((rows) => rows.map((r) => [...r, [fold(r[0]), ...r[0].split(' / ').slice(1).map(fold)]]));
    return index;
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
      status.textContent = '';
      return;
    }
    const rows = find(await load(), query);
    if (query !== input.value) return;
    close();
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
    status.textContent = rows.length ? rows.length + ' ' + box.dataset.risultati : box.dataset.nessuno;
    box.classList.toggle('cerca-vuota', !rows.length);
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
      go(options[Math.max(chosen, 0)]);
    } else if (e.key === 'Escape') {
      if (list.hidden) input.value = '';
      close();
    }
  });
  list.addEventListener('mousedown', (e) => e.preventDefault());
  list.addEventListener('click', (e) => go(e.target.closest('[role=option]')));
  input.addEventListener('blur', close);
}
