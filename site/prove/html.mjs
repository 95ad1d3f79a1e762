// Validates pages with html-validate, on all processors. Reads {folder, pages} on standard input, writes [{path, line, rule, message}].
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

if (isMainThread) {
  const { folder, pages } = JSON.parse(readFileSync(0, 'utf8'));
  const threads = availableParallelism();
  const found = await Promise.all(Array.from({ length: threads }, (_, n) => new Promise((done, fail) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { folder, pages: pages.filter((_, i) => i % threads === n) } });
    worker.once('message', done).once('error', fail);
  })));
  process.stdout.write(JSON.stringify(found.flat().sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))));
} else {
  const config = JSON.parse(readFileSync(new URL('htmlvalidate.json', import.meta.url), 'utf8'));
  const validator = new HtmlValidate(new StaticConfigLoader(config));
  const { folder, pages } = workerData;
  parentPort.postMessage(pages.flatMap((path) => validator.validateStringSync(readFileSync(join(folder, path), 'utf8'), path).results
    .flatMap((r) => r.messages.map((m) => ({ path, line: m.line, rule: m.ruleId, message: m.message })))));
}
