// Tries pages in Chromium, one browser with several tabs: accessibility (axe at every width, reflow, text spacing, keyboard, forced colours,
// reduced motion), policy and privacy, weight, the same content without JavaScript, the ways of a reader, the search, comuni side by side.
// node browser.mjs < input; one JSON report on stdout. browser_test.go says what the input holds.
import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const input = JSON.parse(readFileSync(0, 'utf8'));
const report = { problems: [], weights: {}, checks: {}, tools: {}, seconds: {} };
const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations'], iframes: false };

/** Counts a page that a check looked at. */
const looked = (check) => { (report.checks[check] ??= { pages: 0, problems: 0 }).pages++; };
const say = (check, where, what) => {
  (report.checks[check] ??= { pages: 0, problems: 0 }).problems++;
  report.problems.push(`${where}: ${what}`);
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
report.tools.chromium = browser.version();
const wide = { width: 1280, height: 900 };

/** A tab whose every request and message is watched; its policy is in force. */
async function openTab(options = {}) {
  const context = await browser.newContext({ viewport: wide, ...options });
  const page = await context.newPage();
  const tab = { context, page, at: '', bytes: 0, own: false };
  const tell = (what) => say('regole', tab.at, what);
  page.on('request', (r) => { if (!r.url().startsWith(input.base) && !/^(data|blob):/.test(r.url())) tell(`asks ${r.url()}`); });
  page.on('response', (r) => { if (r.status() >= 400) tell(`${r.status()} for ${r.url()}`); });
  // axe's own probes run against the page's policy: what it says while axe runs is about axe
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !tab.own) tell(`console: ${m.text()}`); });
  page.on('pageerror', (e) => tell(`script error: ${e.message}`));
  return tab;
}

/** Opens a page of the site; one that leads on by itself is awaited where it leads. */
async function open(page, path) {
  const leads = /http-equiv="?refresh/i.test(await (await fetch(input.base + path)).text());
  await page.goto(input.base + path);
  if (leads) await page.waitForURL((url) => url.href !== input.base + path);
}

/** Works through the list with so many tabs at once; every tab has a second page without JavaScript. */
async function each(list, work, plain = false) {
  const queue = [...list];
  await Promise.all(Array.from({ length: input.tabs }, async () => {
    const tab = await openTab();
    const bare = plain ? await browser.newContext({ viewport: wide, javaScriptEnabled: false }) : null;
    tab.plain = await bare?.newPage();
    tab.session = await tab.context.newCDPSession(tab.page);
    await tab.session.send('Network.enable');
    tab.session.on('Network.loadingFinished', (e) => { tab.bytes += e.encodedDataLength; });
    while (queue.length) {
      const next = queue.shift();
      await work(tab, next).catch((e) => { throw new Error(`${next.path ?? next}: ${e.message}`, { cause: e }); });
    }
    if ((await tab.context.cookies()).length) say('regole', tab.at, 'cookies');
    await tab.context.close();
    await bare?.close();
  }));
}

async function timed(name, work) {
  const start = performance.now();
  await work();
  report.seconds[name] = Math.round((performance.now() - start) / 1000);
}

/** What the page says, without the parts that are of use with JavaScript alone. */
const words = (page) => page.evaluate(() => {
  const seen = (e) => (e?.innerText ?? '').replace(/\s+/g, ' ').trim();
  let own = 0;
  for (const e of document.querySelectorAll('.cerca, [data-con-script]')) if (e.checkVisibility()) own += seen(e).length;
  return seen(document.querySelector('main')).length - own;
});

async function runAxe(tab, where) {
  tab.own = true;
  if (!(await tab.page.evaluate(() => 'axe' in window))) await tab.page.evaluate(axe);
  report.tools.axe ??= await tab.page.evaluate(() => window.axe.version);
  const violations = await tab.page.evaluate((r) => window.axe.run(document, r).then((x) =>
    x.violations.map((v) => `axe ${v.id}: ${v.help}; ${v.nodes.length} nodes, first ${v.nodes[0].target}`)), rules);
  tab.own = false;
  looked('axe');
  for (const v of violations) say('axe', where, v);
}

/** No scrolling sideways: at 320 px that is 1280 px at 400 % (WCAG 1.4.10). */
async function reflow(tab, where, check = 'riflusso') {
  const wider = await tab.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  looked(check);
  if (wider > 0) say(check, where, `scrolls sideways by ${wider} px`);
}

/** The reader's own spacing of text (WCAG 1.4.12): nothing is cut, nothing scrolls sideways. */
async function spacing(tab, where) {
  const cut = await tab.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
    document.adoptedStyleSheets = [sheet];
    return [...document.querySelectorAll('body *')].filter((e) => {
      const s = getComputedStyle(e);
      return ['hidden', 'clip'].includes(s.overflowY) && e.clientHeight > 2 && e.scrollHeight > e.clientHeight + 2 && e.innerText?.trim();
    }).map((e) => e.tagName + '.' + e.className).slice(0, 3);
  });
  if (cut.length) say('spaziatura', where, `with the reader's text spacing something is cut: ${cut}`);
  await reflow(tab, where + " with the reader's text spacing", 'spaziatura');
  await tab.page.evaluate(() => { document.adoptedStyleSheets = []; });
}

/** Under its policy: no message, nobody else asked, nothing kept; what it weighs; what it says without JavaScript. Then for all eyes. */
async function tryPage(tab, { kind, path, narrow }) {
  const { page, plain } = tab;
  tab.at = path || '/';
  await page.setViewportSize(wide);
  await tab.session.send('Network.clearBrowserCache'); // a first visit: a page that leads on shares with the next what both need
  tab.bytes = 0;
  await open(page, path);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState('networkidle'); // what a script asks for by itself belongs to the first view too
  const charts = await page.evaluate(() => document.querySelector('main :is(figure svg, svg.mappa, svg.punti)') !== null);
  report.weights[kind] = { path, bytes: tab.bytes, charts };
  looked('regole');
  const left = await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length);
  if (left > 0) say('regole', tab.at, 'leaves something in storage or cookies');
  await open(plain, path);
  const missing = (await words(page)) - (await words(plain));
  looked('senza_script');
  if (missing > 40) say('senza_script', tab.at, `${missing} signs of its text need JavaScript`);
  for (const width of narrow ? input.widths.slice(0, 1) : input.widths) {
    await page.setViewportSize({ width, height: 900 });
    await reflow(tab, `${tab.at} at ${width}px`);
    if (width === input.widths[0]) await spacing(tab, `${tab.at} at ${width}px`);
    await runAxe(tab, `${tab.at} at ${width}px`);
  }
}

/** One width for each page of the sample, in turn. */
async function trySample(tab, { path, width }) {
  tab.at = `${path} at ${width}px`;
  await tab.page.setViewportSize({ width, height: 900 });
  await open(tab.page, path);
  looked('regole');
  await reflow(tab, tab.at);
  await runAxe(tab, tab.at);
}

/** Every stop of the Tab key: the first one leads to the content, each is seen and marked, none holds the reader back. */
async function walk(tab, path) {
  const { page } = tab;
  tab.at = `${path || '/'} by keyboard`;
  await page.setViewportSize(wide);
  await page.emulateMedia({ reducedMotion: 'reduce' }); // no smooth scrolling: a stop is in view at once
  await open(page, path);
  looked('tastiera');
  let last = '', stops = 0, told = 0;
  for (; stops < 500; stops++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      window.stops ??= new Map();
      if (!window.stops.has(e)) window.stops.set(e, window.stops.size);
      const r = e.getBoundingClientRect(), s = getComputedStyle(e), shape = e.querySelector('path, circle, use');
      const marked = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || (e.closest('svg') && shape && parseFloat(getComputedStyle(shape).strokeWidth) >= 3);
      return { id: String(window.stops.get(e)), name: `${e.tagName.toLowerCase()} "${(e.textContent || e.getAttribute('aria-label') || e.id).trim().slice(0, 30)}"`, skip: e.matches('.salta'),
        seen: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth, marked };
    });
    if (!stop || (stops > 0 && stop.id === '0')) break;
    if (stop.id === last) { say('tastiera', tab.at, `${stop.name} holds the Tab key`); break; }
    if (stops === 0 && !stop.skip) say('tastiera', tab.at, `the first stop is ${stop.name}, not the way to the content`);
    if (!stop.seen && told++ < 5) say('tastiera', tab.at, `${stop.name} gets the focus and is not seen`);
    if (!stop.marked && told++ < 5) say('tastiera', tab.at, `${stop.name} gets the focus and shows no mark`);
    last = stop.id;
  }
  await page.emulateMedia({ reducedMotion: null });
  if (stops < 5) say('tastiera', tab.at, `only ${stops} stops`);
}

/** With colours chosen by the reader shapes keep their outline; for readers who asked for less motion nothing moves. */
async function media(tab, path) {
  const { page } = tab;
  tab.at = `${path || '/'} with forced colours`;
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, path);
  looked('colori_forzati');
  for (const what of await page.evaluate(() => {
    const bad = [], style = (e) => getComputedStyle(e);
    for (const e of document.querySelectorAll('.mappa path, .mappa use')) if (style(e).stroke === 'none' || parseFloat(style(e).strokeWidth) < 0.5) { bad.push('a shape of the map has no outline'); break; }
    const shades = new Set([...document.querySelectorAll('.legenda rect')].map((e) => style(e).fill));
    if (document.querySelectorAll('.legenda rect').length > 1 && shades.size < 2) bad.push('the classes of the map look the same');
    for (const e of document.querySelectorAll('.barra-parte')) if (style(e).fill === style(e.parentNode.querySelector('rect')).fill) { bad.push('a bar can not be told from its ground'); break; }
    return bad;
  })) say('colori_forzati', tab.at, what);
  await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce' });
  tab.at = `${path || '/'} with less motion`;
  await open(page, path);
  looked('movimento');
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => {
    const s = getComputedStyle(e);
    return s.transitionDuration.split(',').some((d) => parseFloat(d) > 0.01) || (s.animationName !== 'none' && parseFloat(s.animationDuration) > 0.01) || s.scrollBehavior === 'smooth';
  }).map((e) => e.tagName.toLowerCase() + '.' + e.getAttribute('class')));
  if (moving.length) say('movimento', tab.at, `${moving.length} elements move, first ${moving[0]}`);
  await page.emulateMedia({ reducedMotion: null });
}

/** A way from the first page: each click is the text of a link, "↓…" of one that downloads; the last page must hold the words. */
async function way(tab, { name, start, clicks, wants, most }) {
  const { page } = tab;
  tab.at = `way "${name}"${tab.without ? ' without JavaScript' : ''}`;
  looked('percorsi');
  await page.goto(input.base + (start ?? ''));
  if (most && clicks.length > most) say('percorsi', tab.at, `${clicks.length} clicks, more than ${most}`);
  for (const step of clicks) {
    const down = step.startsWith('↓');
    const label = down ? step.slice(1) : step;
    let link = page.getByRole('link', { name: label, exact: true }).first();
    if (!(await link.count())) link = page.getByRole('link', { name: label }).first();
    if (!(await link.count())) { say('percorsi', tab.at, `no link "${label}" on ${page.url()}`); return; }
    if (down) {
      const [file] = await Promise.all([page.waitForEvent('download', { timeout: 10000 }).catch(() => null), link.click()]);
      const text = file ? readFileSync(await file.path(), 'utf8') : '';
      for (const w of wants) if (!text.includes(w)) say('percorsi', tab.at, `${file?.suggestedFilename()} lacks "${w}"`);
      return;
    }
    await link.click();
    await page.waitForLoadState();
  }
  const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  for (const w of wants) if (!text.includes(w)) say('percorsi', tab.at, `${page.url()} lacks "${w}"`);
}

/** The search, with the keyboard alone. */
async function search(tab, { prefix, query, wants }) {
  const { page } = tab;
  tab.at = `search "${query}"`;
  looked('ricerca');
  await page.goto(input.base + prefix);
  await page.getByRole('combobox').focus();
  await page.keyboard.type(query);
  await page.getByRole('option').first().waitFor({ timeout: 5000 }).catch(() => say('ricerca', tab.at, 'no option appears'));
  await runAxe(tab, tab.at);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL((u) => (u.pathname + u.hash).endsWith(wants), { timeout: 5000 }).catch(() => say('ricerca', tab.at, `leads to ${page.url()}, not ${wants}`));
}

/** Comuni side by side: chosen in the fields, then by the address alone; a code that is none is told. */
async function compare(tab, { prefix, typed, codes, wants }) {
  const { page } = tab;
  tab.at = `comparison of ${codes}`;
  looked('confronti');
  await page.goto(`${input.base}${prefix}confronta/`);
  await page.locator('#c-a').focus();
  await page.waitForFunction(() => document.querySelectorAll('#c-elenco option').length > 1000);
  const address = '?' + codes.map((c, i) => `${'abcd'[i]}=${c}`).join('&');
  for (const [i, name] of typed.entries()) {
    await page.locator(`#c-${'abcd'[i]}`).fill(name);
    await page.keyboard.press('Tab');
  }
  for (const how of ['typed', 'by its address']) {
    if (how !== 'typed') await page.goto(`${input.base}${prefix}confronta/${address}`);
    await page.waitForFunction((n) => document.querySelectorAll('#c-tabella thead th').length === n + 1, codes.length, { timeout: 5000 }).catch(() => say('confronti', tab.at, `${how}: no table of ${codes.length}`));
    if (new URL(page.url()).search !== address) say('confronti', tab.at, `${how}: the address is ${page.url()}, not ${address}`);
    const text = await page.locator('#c-tabella').innerText();
    for (const w of wants) if (!text.includes(w)) say('confronti', tab.at, `${how}: the table lacks "${w}"`);
    await runAxe(tab, `${tab.at} ${how}`);
  }
  await page.setViewportSize({ width: 320, height: 900 });
  await reflow(tab, `${tab.at} at 320px`);
  await page.setViewportSize(wide);
  await page.locator('#c-a').fill('Vattelapesca');
  await page.keyboard.press('Tab');
  await page.waitForFunction(() => document.getElementById('c-stato').textContent.includes('Vattelapesca'), undefined, { timeout: 5000 }).catch(() => say('confronti', tab.at, 'says nothing of a name that is no comune'));
}

await timed('tipi', () => each(input.pages, tryPage, true));
await timed('campione', () => each(input.sample ?? [], trySample));
await timed('tastiera e mezzi', () => each(input.walks ?? [], async (tab, path) => { await walk(tab, path); await media(tab, path); }));
await timed('percorsi e ricerca', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const tab = await openTab({ javaScriptEnabled, acceptDownloads: true });
    tab.without = !javaScriptEnabled;
    for (const w of input.ways ?? []) await way(tab, w);
    await tab.context.close();
  }
  const tab = await openTab();
  for (const s of input.searches ?? []) await search(tab, s);
  for (const c of input.compares ?? []) await compare(tab, c);
  await tab.context.close();
});
await browser.close();
process.stdout.write(JSON.stringify(report, null, 1));
