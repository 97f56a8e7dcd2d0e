// A reporter for node:test: one line of JSON with how many tests there were and which of them failed.
import { relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');

export default async function* counts(events) {
  const report = { tests: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, failed: [] };
  for await (const { type, data } of events) {
    // The closing lines; those of single tests are deeper or have other words.
    const [, name, count] =
      (type === 'test:diagnostic' && /^(tests|pass|fail|cancelled|skipped) (\d+)$/.exec(data.message)) || [];
    if (name !== undefined) report[name] = Number(count);
    const isCause = type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed';
    if (isCause) report.failed.push(`${data.file ? `${relative(root, data.file)}: ` : ''}${data.name}`);
  }
  yield `${JSON.stringify(report)}\n`;
}
