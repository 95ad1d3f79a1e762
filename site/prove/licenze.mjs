// Lists the components of CycloneDX files as CSV: node licenze.mjs FILE…
import { readFileSync } from 'node:fs';

const cell = (s) => (/[",]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s);
const rows = new Set();
for (const file of process.argv.slice(2)) {
  for (const c of JSON.parse(readFileSync(file, 'utf8')).components) {
    const kind = c.purl.startsWith('pkg:golang/') ? 'go' : 'npm';
    const licences = (c.evidence?.licenses ?? c.licenses ?? []).map((l) => l.license?.id ?? l.license?.name ?? l.expression);
    const name = kind === 'npm' && c.group ? `${c.group}/${c.name}` : c.name;
    if (c.type === 'library') rows.add([kind, name, c.version, licences.join(' e ') || 'non detta dal pacchetto'].map(cell).join(','));
  }
}
process.stdout.write(`tipo,nome,versione,licenza\n${[...rows].sort().join('\n')}\n`);
