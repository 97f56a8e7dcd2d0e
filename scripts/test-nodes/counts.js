// A reporter for node:test: one line of JSON with the number of tests and the names of failed ones.
import { relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');

export default async function* counts(events) {
  const report = { tests: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, failed: [] };
  for await (const { type, data } of events) {
    // The summary at the end; the lines of single tests are nested or differ.
    const [, name, count] =
      (type === 'test:diagnostic' && /^(tests|pass|fail|cancelled|skipped) (\d+)$/.exec(data.message)) || [];
    if (name !== undefined) report[name] = Number(count);
    const isCause = type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed';
    if (isCause) report.failed.push(`${data.file ? `${relative(root, data.file)}: ` : ''}${data.name}`);
  }
  yield `${JSON.stringify(report)}\n`;
}
