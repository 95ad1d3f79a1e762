// Opens pages in Chromium, their policy set aside, presses their buttons and looks whether any text of the data runs, or asks anybody for anything.
// Reads {base, paths} on standard input; writes {pages, control, problems}. The control is a page that does run such a text.
import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';

const { base, paths } = JSON.parse(readFileSync(0, 'utf8'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const report = { pages: 0, control: false, problems: [] };

/** A tab without the policy that would stop what runs; what it notices is told. */
async function tab(tell) {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  page.on('dialog', (d) => { tell(`${page.url()}: a dialog: ${d.message()}`); d.dismiss(); });
  await page.route((url) => !url.href.startsWith(base) && !/^(data|blob|about):/.test(url.protocol), (route) => { tell(`${page.url()}: asks ${route.request().url()}`); route.abort(); });
  return page;
}

const ran = (page) => page.evaluate(() => ({
  ran: 'piccoliEseguito' in window,
  handlers: [...document.querySelectorAll('*')].filter((e) => e.getAttributeNames().some((n) => n.startsWith('on'))).length,
  texts: document.documentElement.textContent.includes('piccoliEseguito'),
}));

const noticed = [];
const control = await tab((what) => noticed.push(what));
await control.setContent('<p title=x><img src=https://ostile.invalid/i.png onerror=piccoliEseguito=1></p>');
await control.waitForFunction(() => 'piccoliEseguito' in window, null, { timeout: 5000 }).catch(() => {});
const seen = await ran(control);
report.control = seen.ran && seen.handlers === 1 && noticed.length === 1;

const queue = [...paths];
await Promise.all([0, 1].map(async () => {
  const page = await tab((what) => report.problems.push(what));
  while (queue.length) {
    const path = queue.shift();
    await page.goto(base + path, { waitUntil: 'load' });
    await page.evaluate(() => {
      for (const d of document.querySelectorAll('details')) d.open = true;
      for (const b of [...document.querySelectorAll('main button')].slice(0, 20)) { b.focus(); b.click(); }
      for (const e of [...document.querySelectorAll('main td, main a')].slice(0, 200)) e.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
    });
    await page.waitForTimeout(30);
    const found = await ran(page);
    report.pages++;
    if (found.ran) report.problems.push(`${path}: a text ran`);
    if (found.handlers) report.problems.push(`${path}: ${found.handlers} elements have handlers`);
    if (!found.texts && !/ostile/.test(await page.content())) report.problems.push(`${path}: shows none of the texts`);
  }
}));
await browser.close();
process.stdout.write(JSON.stringify(report));
