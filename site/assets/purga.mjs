// Cuts style sheets to the selectors whose words occur in the given files. node purga.mjs look.css own.css file…
import { readFileSync } from 'node:fs';
import { PurgeCSS } from 'purgecss';

const [look, own, ...files] = process.argv.slice(2);
const result = await new PurgeCSS().purge({
  css: [{ raw: readFileSync(look, 'utf8') }],
  content: files.map((f) => ({ raw: readFileSync(f, 'utf8'), extension: f.split('.').pop() })),
  // tags that only Markdown makes, and states that no file names
  safelist: { standard: ['html', 'body', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'ul', 'ol', 'li', 'p', 'h1', 'h2', 'h3', 'h4', 'a', 'code', 'pre', 'strong', 'em', 'blockquote', 'hr'] },
  fontFace: true, keyframes: true, variables: true,
});
process.stdout.write(result[0].css + '\n' + readFileSync(own, 'utf8'));
