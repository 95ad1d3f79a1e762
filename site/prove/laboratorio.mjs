// Works the SQL page in Chromium under the server's own headers: nothing before it is asked for, the numbers of the published CSV, no way to
// an extension, stopping, the limit, the address. node laboratorio.mjs < {"base": …, "queries": […]}; one JSON report on stdout.
import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';

const input = JSON.parse(readFileSync(0, 'utf8'));
const problems = [], answers = {};
const say = (what) => problems.push(what);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
const page = await context.newPage();
const asked = [];
context.on('request', (r) => {
  asked.push(r.url());
  if (!/^(data|blob):/.test(r.url()) && !r.url().startsWith(input.base)) say(`asks ${r.url()}`);
});
page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) say(`console: ${m.text()}`); });
page.on('pageerror', (e) => say(`script error: ${e.message}`));

await page.goto(input.base + 'laboratorio/');
if (asked.some((u) => u.includes('assets/laboratorio/') || u.endsWith('.arrows'))) say('the engine or data come before they are asked for');

const settled = () => page.waitForFunction(() => document.querySelector('.laboratorio').getAttribute('aria-busy') === 'false', null, { timeout: 120000 });
async function ask(sql, wait = true) {
  await page.locator('#sql').fill(sql);
  await page.locator('[data-parte=esegui]').click();
  if (wait) await settled();
  return { error: (await page.locator('[data-parte=errore]').textContent()).trim(), status: (await page.locator('[data-parte=stato]').textContent()).trim() };
}

for (const { name, sql } of input.queries) {
  const { error } = await ask(sql);
  if (error) { say(`${name}: ${error}`); continue; }
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-parte=csv]').click()]);
  answers[name] = readFileSync(await download.path(), 'utf8');
}
const examples = await page.locator('[data-esempio]').count();
for (let i = 0; i < examples; i++) {
  await page.locator('[data-esempio]').nth(i).click();
  await page.locator('[data-parte=esegui]').click();
  await settled();
  const error = (await page.locator('[data-parte=errore]').textContent()).trim();
  if (error) say(`example ${i}: ${error}`);
  else if (!(await page.locator('[data-parte=corpo] tr').count())) say(`example ${i}: no rows`);
}
if (process.env.SCHERMATA) await page.screenshot({ path: process.env.SCHERMATA, fullPage: true });

for (const sql of ['select json_extract(\'{"a": 1}\', \'$.a\')', "from read_parquet('x.parquet')", "from 'https://example.org/x.csv'", "from read_json('x.json')",
  "select strftime(timestamptz '2026-01-01', '%Y')", 'install icu', "select 1; select 2", 'set memory_limit = \'4GB\'', "select nonesiste from comuni", 'selec 1']) {
  if (!(await ask(sql)).error && !sql.includes('timestamptz')) say(`no error: ${sql}`);
  const after = await ask('select count(*) as n from comuni');
  if (after.error) say(`after "${sql}" the database no longer answers: ${after.error}`);
}
const { error } = await ask('select denominazione,\n  nonesiste\nfrom regioni');
if (!error.includes('LINE 2')) say(`the place of a mistake is not told: ${error}`);

await ask('select count(*) from range(1000000000000) as a', false);
await page.waitForTimeout(300);
await page.locator('[data-parte=interrompi]').click();
if ((await ask('select 41 + 1 as n')).error || (await page.locator('[data-parte=corpo]').innerText()).trim() !== '42') say('does not answer after it was stopped');

await page.evaluate(() => { document.querySelector('#limite option').value = '1'; });
await page.locator('#limite').selectOption('1');
const late = await ask('select count(*) from range(1000000000000) as a', false);
await page.waitForFunction(() => /1 second/.test(document.querySelector('[data-parte=stato]').textContent), null, { timeout: 20000 }).catch(() => say(`no limit: ${late.status}`));
await page.locator('#limite').selectOption('30');
if ((await ask('select 41 + 1 as n')).error) say('does not answer after its time was over');

const address = page.url();
const other = await context.newPage();
await other.goto(address);
if ((await other.locator('#sql').inputValue()) !== 'select 41 + 1 as n') say(`the address ${address} does not bring the query back`);

await browser.close();
process.stdout.write(JSON.stringify({ problems, answers }));
