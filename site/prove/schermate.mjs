// Takes pictures of pages, to be looked at. node schermate.mjs http://127.0.0.1:8000/ folder path…
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';

const [base, folder, ...paths] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const [width, js] of [[360, true], [1280, true], [360, false], [1280, false]]) {
  if (!js && process.env.SENZA_JS !== '1') continue;
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: js });
  const page = await context.newPage();
  for (const path of paths) {
    await page.goto(base + path);
    const name = (path.replace(/[/#?]+/g, '_') || 'home') + '-' + width + (js ? '' : '-nojs') + '.png';
    await page.screenshot({ path: `${folder}/${name}`, fullPage: process.env.INTERA !== '0' });
  }
  await context.close();
}
await browser.close();
