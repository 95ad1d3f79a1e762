// Prints pages to PDF as a reader's browser would and counts the sheets. Reads {base, paths} on standard input, writes {path: sheets}.
import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';

const { base, paths } = JSON.parse(readFileSync(0, 'utf8'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage();
const sheets = {};
for (const path of paths) {
  await page.goto(base + path);
  await page.evaluate(() => document.fonts.ready);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  sheets[path] = pdf.match(/\/Type\s*\/Page\b(?!s)/g).length; // the writer of Chromium leaves its page objects uncompressed
}
await browser.close();
process.stdout.write(JSON.stringify(sheets));
