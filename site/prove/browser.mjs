// Tries pages in Chromium: accessibility, weight, third parties, storage, reflow, the same content without JavaScript, the
// ways from the first page. node browser.mjs < {"base": …, "pages": [{kind, path}], "widths": […]}; one JSON report on stdout.
import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const input = JSON.parse(readFileSync(0, 'utf8'));
const problems = [];
const weights = {};
const say = (where, what) => problems.push(`${where}: ${what}`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** A page whose every request and message is watched. */
async function watched(context, where) {
  const page = await context.newPage();
  page.on('request', (r) => { if (!r.url().startsWith(input.base) && !r.url().startsWith('data:')) say(where(), `asks ${r.url()}`); });
  page.on('response', (r) => { if (r.status() >= 400) say(where(), `${r.status()} for ${r.url()}`); });
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) say(where(), `console: ${m.text()}`); });
  page.on('pageerror', (e) => say(where(), `script error: ${e.message}`));
  return page;
}

/** What the page says, without the search, which is of use with JavaScript alone. */
const words = (page) => page.evaluate(() => {
  const seen = (e) => (e?.innerText ?? '').replace(/\s+/g, ' ').trim();
  return { all: seen(document.querySelector('main')), search: seen(document.querySelector('.cerca')).length };
});

for (const width of input.widths) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
  let at = '';
  const page = await watched(context, () => at);
  for (const { kind, path, narrow } of input.pages) {
    if (narrow && width !== input.widths[0]) continue;
    at = `${path} at ${width}px`;
    await page.goto(input.base + path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) say(at, `scrolls sideways by ${wide} px`);
    await page.evaluate(axe);
    const result = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
    for (const v of result.violations) say(at, `axe ${v.id}: ${v.help}; ${v.nodes.length} nodes, first ${v.nodes[0].target}`);
    weights[kind] ??= {};
  }
  await context.close();
}

// The policy is in force here (axe needs it bypassed above): no error, no cookie, no storage; and what a first view weighs.
{
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  let at = '';
  const page = await watched(context, () => at);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const bare = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  const plain = await bare.newPage();
  let bytes = 0;
  session.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
  for (const { kind, path } of input.pages) {
    at = `${path} under its policy`;
    bytes = 0;
    await page.goto(input.base + path);
    await page.evaluate(() => document.fonts.ready);
    weights[kind] = { path, bytes };
    const left = await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length);
    if (left > 0) say(at, 'leaves something in storage or cookies');
    const withScript = await words(page);
    await plain.goto(input.base + path);
    const without = await plain.locator('main').innerText();
    const missing = withScript.all.length - withScript.search - without.replace(/\s+/g, ' ').trim().length;
    if (missing > 120) say(at, `${missing} signs of its text need JavaScript`);
  }
  await bare.close();
  if ((await context.cookies()).length) say('all pages', 'cookies');
  await context.close();
}

// Ways from the first page, by clicking: each step is the text of a link, in order; the last page must hold the words.
for (const javaScriptEnabled of [true, false]) {
  for (const way of input.ways) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled });
    const where = `way "${way.name}"${javaScriptEnabled ? '' : ' without JavaScript'}`;
    const page = await watched(context, () => where);
    await page.goto(input.base);
    for (const step of way.clicks) {
      const link = page.getByRole('link', { name: step, exact: true }).first();
      if (!(await link.count())) { say(where, `no link "${step}" on ${page.url()}`); break; }
      await link.click();
      await page.waitForLoadState();
    }
    const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
    for (const w of way.wants) if (!text.includes(w)) say(where, `${page.url()} lacks "${w}"`);
    await context.close();
  }
}

// The search, with the keyboard alone and without accents.
for (const { prefix, query, wants } of input.searches) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
  const where = `search "${query}"`;
  const page = await watched(context, () => where);
  await page.goto(input.base + prefix);
  await page.getByRole('combobox').focus();
  await page.keyboard.type(query);
  await page.getByRole('option').first().waitFor({ timeout: 5000 }).catch(() => say(where, 'no option appears'));
  await page.evaluate(axe);
  const result = await page.evaluate(() => axe.run(document.querySelector('.cerca')));
  for (const v of result.violations) say(where, `axe ${v.id}: ${v.help}`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForLoadState();
  await page.waitForURL((u) => u.pathname.endsWith(wants), { timeout: 5000 }).catch(() => say(where, `leads to ${page.url()}, not ${wants}`));
  await context.close();
}

await browser.close();
process.stdout.write(JSON.stringify({ problems, weights }, null, 1));
